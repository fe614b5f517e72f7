//! A derivation as its file spells it: nothing is copied and no escape undone, which
//! suffices to read a graph and to tell that two derivations are the same.

use super::error::ParseError;
use super::parse::Cursor;
use crate::store_path::StorePath;

/// The parts of a derivation. Strings are what is between their quotes.
pub(crate) struct Raw<'a> {
    /// The list of outputs, with its brackets.
    pub(crate) outputs: &'a [u8],
    /// The derivations that it needs, each with the list of what of it.
    pub(crate) inputs: Vec<(StorePath<'a>, &'a [u8])>,
    pub(crate) sources: Vec<StorePath<'a>>,
    pub(crate) system: &'a [u8],
    pub(crate) builder: &'a [u8],
    pub(crate) args: Vec<&'a [u8]>,
    pub(crate) env: Vec<(&'a [u8], &'a [u8])>,
}

/// Reads the files that [`parse`](super::parse()) reads, and fails as it does.
pub(crate) fn parse_raw(bytes: &[u8]) -> Result<Raw<'_>, ParseError> {
    let mut cursor = Cursor::new(bytes);
    let format = cursor.format()?;
    // A list of nothings allocates nothing.
    let outputs = cursor.spelt(|cursor| cursor.list(|cursor| cursor.output().map(drop)))?;
    cursor.expect(",")?;
    let inputs = cursor.list(|cursor| {
        cursor.expect("(")?;
        let path = cursor.path()?;
        cursor.expect(",")?;
        let wanted = cursor.spelt(|cursor| cursor.skip_wanted(format, path))?;
        cursor.expect(")")?;
        Ok((path, wanted))
    })?;
    cursor.expect(",")?;
    let sources = cursor.list(Cursor::path)?;
    cursor.expect(",")?;
    let system = cursor.raw()?;
    cursor.expect(",")?;
    let builder = cursor.raw()?;
    cursor.expect(",")?;
    let args = cursor.list(Cursor::raw)?;
    cursor.expect(",")?;
    let env = cursor.list(|cursor| {
        cursor.expect("(")?;
        let key = cursor.raw()?;
        cursor.expect(",")?;
        let value = cursor.raw()?;
        cursor.expect(")")?;
        Ok((key, value))
    })?;
    cursor.expect(")")?;
    cursor.end()?;
    Ok(Raw {
        outputs,
        inputs,
        sources,
        system,
        builder,
        args,
        env,
    })
}
