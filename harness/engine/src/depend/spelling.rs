//! Names that a disk may take for one another. APFS, the disk of a Mac, ignores case and
//! Unicode normalisation by default; git and most disks of Linux do not.

use std::collections::{BTreeSet, HashMap};

use unicase::UniCase;
use unicode_normalization::UnicodeNormalization as _;

/// The key by which APFS finds a name: two names with one key are one file there.
pub(crate) fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    let decomposed: String = name.nfd().collect();
    // Folding can put characters together that are written apart.
    UniCase::unicode(decomposed)
        .to_folded_case()
        .nfd()
        .collect()
}

/// The paths of a tree, of files and of folders, by their keys.
#[derive(Debug, Default)]
pub(super) struct Spellings(HashMap<String, BTreeSet<String>>);

impl Spellings {
    /// Of the files with these paths, and of the folders that they lie in.
    pub(super) fn of<'a>(files: impl Iterator<Item = &'a str>) -> Self {
        let mut spellings = Self::default();
        for file in files {
            spellings.add(file);
            let mut path = file;
            while let Some((folder, _)) = path.rsplit_once('/') {
                if !spellings.add(folder) {
                    break;
                }
                path = folder;
            }
        }
        spellings
    }

    /// Adds a path; whether it is new.
    fn add(&mut self, path: &str) -> bool {
        let paths = self.0.entry(fold(path)).or_default();
        paths.insert(path.to_owned())
    }

    /// The paths that some disk takes for this one, in order, without itself.
    pub(super) fn others<'a>(&'a self, path: &'a str) -> impl Iterator<Item = &'a str> + use<'a> {
        let paths = self.0.get(&fold(path)).into_iter().flatten();
        paths
            .map(String::as_str)
            .filter(move |other| *other != path)
    }

    /// The paths that some disk takes for one another, in order.
    pub(super) fn meeting(&self) -> BTreeSet<Vec<&str>> {
        let several = self.0.values().filter(|paths| paths.len() > 1);
        several
            .map(|paths| paths.iter().map(String::as_str).collect())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Spellings, fold};

    #[test]
    fn names_with_one_key_are_those_that_apfs_takes_for_one() {
        for (one, other) in [
            ("name.txt", "Name.TXT"),
            ("caf\u{e9}.nix", "cafe\u{301}.nix"),
            ("CAF\u{c9}.nix", "cafe\u{301}.nix"),
            ("stra\u{df}e", "STRASSE"),
            ("\u{3a3}\u{3c2}", "\u{3c3}\u{3c3}"),
            ("\u{212b}ngstr\u{f6}m", "\u{e5}ngstro\u{308}m"),
            // The order of marks that follow one letter does not count.
            ("a\u{301}\u{323}", "A\u{323}\u{301}"),
            ("\u{fb01}le", "FILE"),
            ("\u{1e9e}", "ss"),
        ] {
            assert_eq!(fold(one), fold(other), "{one} and {other}");
        }
        for (one, other) in [
            ("name.txt", "name.tx"),
            ("caf\u{e9}", "cafe"),
            ("\u{131}", "i"),
            ("a/b", "a-b"),
        ] {
            assert_ne!(fold(one), fold(other), "{one} and {other}");
        }
    }

    #[test]
    fn folders_are_found_as_files_are() {
        let files = ["Modules/foo.nix", "modules/bar.nix", "modules/sub/a"];
        let spellings = Spellings::of(files.into_iter());
        let others = |path| spellings.others(path).collect::<Vec<_>>();
        assert_eq!(others("modules"), ["Modules"]);
        assert_eq!(others("MODULES"), ["Modules", "modules"]);
        assert_eq!(others("Modules/Foo.nix"), ["Modules/foo.nix"]);
        assert_eq!(others("modules/SUB"), ["modules/sub"]);
        assert_eq!(others("modules/sub"), Vec::<&str>::new());
        assert_eq!(others("nothing"), Vec::<&str>::new());
        let meeting: Vec<_> = spellings.meeting().into_iter().collect();
        assert_eq!(meeting, [["Modules", "modules"]]);
    }

    proptest! {
        #[test]
        fn a_key_is_the_key_of_itself(name in "\\PC{0,12}") {
            prop_assert_eq!(fold(&fold(&name)), fold(&name));
        }

        #[test]
        fn neither_case_nor_normalisation_tells_names_apart(name in "\\PC{0,12}") {
            use unicode_normalization::UnicodeNormalization as _;
            prop_assert_eq!(fold(&name.nfc().collect::<String>()), fold(&name));
            prop_assert_eq!(fold(&name.nfd().collect::<String>()), fold(&name));
        }
    }
}
