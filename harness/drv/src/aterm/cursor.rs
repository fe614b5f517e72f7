//! A place in a file and what can be read there: strings, paths, lists.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter};

use super::error::{Expected, ParseError};
use crate::derivation::Text;
use crate::store_path::{BadStorePath, StorePath};

/// A place in a file, up to which it has been read.
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn list<T>(
        &mut self,
        item: impl Fn(&mut Self) -> Result<T, ParseError>,
    ) -> Result<Vec<T>, ParseError> {
        let mut items = Vec::new();
        self.each(|cursor| {
            items.push(item(cursor)?);
            Ok(())
        })?;
        Ok(items)
    }

    /// Reads a list of which nothing is kept.
    pub(super) fn each(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Result<(), ParseError>,
    ) -> Result<(), ParseError> {
        self.expect("[")?;
        if self.eat("]") {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.eat("]") {
                return Ok(());
            }
            if !self.eat(",") {
                return Err(self.error(Expected::Literal("]")));
            }
        }
    }

    /// A store path has no characters that need escapes, so it is never copied.
    pub(super) fn path(&mut self) -> Result<StorePath<'a>, ParseError> {
        self.expect("\"")?;
        let offset = self.at;
        let length = memchr(b'"', self.rest()).ok_or_else(|| self.unclosed())?;
        let (text, _) = self.rest().split_at(length);
        self.at += length + 1;
        let path = match std::str::from_utf8(text) {
            Ok(text) => StorePath::parse(text),
            Err(_) => Err(BadStorePath::Name),
        };
        path.map_err(|reason| ParseError {
            offset,
            expected: Expected::StorePath(reason),
        })
    }

    /// A path in a file that was read before.
    pub(super) fn known_path(&mut self) -> Result<StorePath<'a>, ParseError> {
        let text = std::str::from_utf8(self.raw()?).unwrap_or_default();
        Ok(StorePath::known(text))
    }

    pub(super) fn string(&mut self) -> Result<Text<'a>, ParseError> {
        let raw = self.raw()?;
        Ok(match memchr(b'\\', raw) {
            None => Cow::Borrowed(raw),
            Some(_) => Cow::Owned(unescaped(raw)),
        })
    }

    /// A string as it is spelt: up to the first quote with an even number of backslashes
    /// in front.
    pub(super) fn raw(&mut self) -> Result<&'a [u8], ParseError> {
        self.expect("\"")?;
        let rest = self.rest();
        for quote in memchr_iter(b'"', rest) {
            let (text, _) = rest.split_at(quote);
            let backslashes = text.iter().rev().take_while(|b| **b == b'\\');
            if backslashes.count() % 2 == 0 {
                self.at += quote + 1;
                return Ok(text);
            }
        }
        Err(self.unclosed())
    }

    /// A variable as it is spelt.
    pub(super) fn raw_variable(&mut self) -> Result<(&'a [u8], &'a [u8]), ParseError> {
        self.expect("(")?;
        let key = self.raw()?;
        self.expect(",")?;
        let value = self.raw()?;
        self.expect(")")?;
        Ok((key, value))
    }

    /// How something is spelt.
    pub(super) fn spelt<T>(
        &mut self,
        item: impl FnOnce(&mut Self) -> Result<T, ParseError>,
    ) -> Result<&'a [u8], ParseError> {
        let start = self.at;
        item(self)?;
        Ok(self.bytes.get(start..self.at).unwrap_or_default())
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// How far it has been read.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    pub(super) fn eat(&mut self, literal: &'static str) -> bool {
        let found = self.rest().starts_with(literal.as_bytes());
        if found {
            self.at += literal.len();
        }
        found
    }

    pub(super) fn expect(&mut self, literal: &'static str) -> Result<(), ParseError> {
        if self.eat(literal) {
            Ok(())
        } else {
            Err(self.error(Expected::Literal(literal)))
        }
    }

    /// Nothing may follow.
    pub(super) fn end(&self) -> Result<(), ParseError> {
        if self.rest().is_empty() {
            Ok(())
        } else {
            Err(self.error(Expected::End))
        }
    }

    pub(super) const fn error(&self, expected: Expected) -> ParseError {
        ParseError {
            offset: self.at,
            expected,
        }
    }

    const fn unclosed(&self) -> ParseError {
        ParseError {
            offset: self.bytes.len(),
            expected: Expected::Quote,
        }
    }
}

/// What a string that has escapes stands for.
fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(raw.len());
    let mut left = raw;
    while let Some(backslash) = memchr(b'\\', left) {
        let (plain, escape) = left.split_at(backslash);
        text.extend_from_slice(plain);
        let Some((&[_, escaped], rest)) = escape.split_first_chunk() else {
            break;
        };
        // As Nix reads it: any other character stands for itself.
        text.push(match escaped {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            other => other,
        });
        left = rest;
    }
    text.extend_from_slice(left);
    text
}
