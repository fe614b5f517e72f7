//! A derivation as its file spells it: nothing is copied and no escape undone, which
//! suffices to read a graph and to tell that two derivations are the same.

use super::cursor::Cursor;
use super::error::ParseError;
use crate::derivation::Format;
use crate::store_path::StorePath;

/// Where in its file the parts of a derivation begin, in their order, and where the last
/// ends: each but for the character that separates it from the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Layout([usize; 5]);

/// The parts of a derivation, lists with their brackets and strings with their quotes.
#[derive(Clone, Copy)]
pub(crate) struct Raw<'a> {
    pub(crate) outputs: &'a [u8],
    pub(crate) inputs: &'a [u8],
    pub(crate) sources: &'a [u8],
    /// The system, the builder, its arguments and its environment.
    pub(crate) build: &'a [u8],
}

/// Reads the files that [`parse`](super::parse()) reads, and fails as it does. Hands out
/// the derivations that are inputs or sources, in the order of the file.
pub(crate) fn parse_raw<'a>(
    bytes: &'a [u8],
    mut reference: impl FnMut(StorePath<'a>),
) -> Result<Layout, ParseError> {
    let mut cursor = Cursor::new(bytes);
    let format = cursor.format()?;
    let outputs = cursor.at();
    cursor.each(|cursor| cursor.output().map(drop))?;
    cursor.expect(",")?;
    let inputs = cursor.at();
    cursor.each(|cursor| {
        cursor.expect("(")?;
        reference(cursor.path()?);
        cursor.expect(",")?;
        cursor.skip_wanted(format)?;
        cursor.expect(")")
    })?;
    cursor.expect(",")?;
    let sources = cursor.at();
    cursor.each(|cursor| {
        let path = cursor.path()?;
        if path.is_derivation() {
            reference(path);
        }
        Ok(())
    })?;
    cursor.expect(",")?;
    let build = cursor.at();
    for _ in ["system", "builder"] {
        cursor.raw()?;
        cursor.expect(",")?;
    }
    cursor.each(|cursor| cursor.raw().map(drop))?;
    cursor.expect(",")?;
    cursor.each(|cursor| cursor.raw_variable().map(drop))?;
    cursor.expect(")")?;
    cursor.end()?;
    Ok(Layout([outputs, inputs, sources, build, cursor.at()]))
}

impl Layout {
    /// The parts of the file that was read.
    pub(crate) fn of(self, bytes: &[u8]) -> Raw<'_> {
        let [outputs, inputs, sources, build, end] = self.0;
        let part = |from: usize, next: usize| bytes.get(from..next - 1).unwrap_or_default();
        Raw {
            outputs: part(outputs, inputs),
            inputs: part(inputs, sources),
            sources: part(sources, build),
            build: part(build, end),
        }
    }
}

impl<'a> Raw<'a> {
    /// The list of what it needs of each input.
    pub(crate) fn wanted(self) -> impl Iterator<Item = &'a [u8]> {
        items(self.inputs, |cursor| {
            cursor.expect("(")?;
            cursor.raw()?;
            cursor.expect(",")?;
            let wanted = cursor.spelt(|cursor| cursor.skip_wanted(Format::Dynamic))?;
            cursor.expect(")")?;
            Ok(wanted)
        })
    }

    /// The paths that it needs and that no derivation makes.
    pub(crate) fn sources(self) -> impl Iterator<Item = StorePath<'a>> {
        items(self.sources, Cursor::known_path)
    }
}

/// The items of a list that was read before.
fn items<'a, T>(
    list: &'a [u8],
    item: impl Fn(&mut Cursor<'a>) -> Result<T, ParseError>,
) -> impl Iterator<Item = T> {
    let mut cursor = Cursor::new(list);
    std::iter::from_fn(move || {
        let more = cursor.eat("[") || cursor.eat(",");
        // An empty list has a bracket and no item.
        more.then(|| item(&mut cursor).ok()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::super::{parse, write};
    use super::parse_raw;

    const P: &str = "/nix/store/8f35d0z7gbvqiv05iqr2s0bqv63mx23n-x";

    #[test]
    fn parts_are_what_the_file_spells() {
        let plain = format!(
            r#"Derive([("out","{P}","","")],[("{P}.drv",["a","b"]),("{P}-2.drv",[])],["{P}.drv","{P}"],"s","b",["\"\\","]"],[("k","v\"),("),("","")])"#
        );
        let dynamic = format!(
            r#"DrvWithVersion("xp-dyn-drv",[],[("{P}.drv",(["a"],[("b",["c"])])),("{P}-2.drv",["d"])],[],"","",[],[])"#
        );
        for (text, wanted, references) in [
            (&plain, vec![r#"["a","b"]"#, "[]"], 3),
            (&dynamic, vec![r#"(["a"],[("b",["c"])])"#, r#"["d"]"#], 2),
        ] {
            let mut found = 0;
            let layout = parse_raw(text.as_bytes(), |_| found += 1).unwrap();
            assert_eq!(found, references);
            let raw = layout.of(text.as_bytes());
            let spelt: Vec<_> = raw.wanted().map(|w| str::from_utf8(w).unwrap()).collect();
            assert_eq!(spelt, wanted);
            let derivation = parse(text.as_bytes()).unwrap();
            assert_eq!(raw.sources().collect::<Vec<_>>(), derivation.sources);
            // All of it, in its order.
            let prefix = &text[..text.len() - 1 - raw.parts().concat().len() - 3];
            let whole = [prefix.as_bytes(), &raw.parts().join(&b','), b")"].concat();
            assert_eq!(whole, text.as_bytes());
            assert_eq!(whole, write(&derivation));
        }
    }

    impl<'a> super::Raw<'a> {
        fn parts(self) -> [&'a [u8]; 4] {
            [self.outputs, self.inputs, self.sources, self.build]
        }
    }
}
