//! A few lines of a file that a person wrote, around a place that a report points at.
//! They travel with a run, so that its report can be written where the files are not.

use serde::{Deserialize, Serialize};

use crate::location::Location;
use crate::text::shorten;

/// Lines before and after the one that is meant.
const AROUND: u32 = 2;
/// The longest line, in characters.
const LONGEST: usize = 200;

/// Lines around a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The place: file and line.
    pub location: Location,
    /// The number of the first of these lines, from 1.
    pub first: u32,
    /// The lines, without their ends.
    pub lines: Vec<String>,
}

impl Excerpt {
    /// The lines around a line of a text; nothing where the text has no such line.
    pub fn of(text: &str, file: &str, line: u32) -> Option<Self> {
        Self::around(text, file, line, AROUND)
    }

    /// The line alone.
    pub fn line(text: &str, file: &str, line: u32) -> Option<Self> {
        Self::around(text, file, line, 0)
    }

    fn around(text: &str, file: &str, line: u32, around: u32) -> Option<Self> {
        let first = line.checked_sub(1)?.saturating_sub(around) + 1;
        let before = usize::try_from(first - 1).ok()?;
        let most = usize::try_from(line.checked_add(around)? - first + 1).ok()?;
        let lines: Vec<_> = text.lines().skip(before).take(most).collect();
        let is_there = usize::try_from(line - first).is_ok_and(|at| at < lines.len());
        is_there.then(|| Self {
            location: Location::point(file, line, 0),
            first,
            lines: lines.into_iter().map(|l| shorten(l, LONGEST)).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Excerpt;

    #[test]
    fn lines_around_a_line() {
        let text = "a\nb\nc\nd\ne\nf\n";
        let of = |line| Excerpt::of(text, "f", line).map(|e| (e.first, e.lines.concat()));
        assert_eq!(of(1), Some((1, "abc".to_owned())));
        assert_eq!(of(3), Some((1, "abcde".to_owned())));
        assert_eq!(of(6), Some((4, "def".to_owned())));
        for none in [0, 7, u32::MAX] {
            assert_eq!(of(none), None);
        }
        let alone = Excerpt::line(text, "f", 2).unwrap();
        assert_eq!((alone.first, alone.lines.concat()), (2, "b".to_owned()));
        assert_eq!(Excerpt::of("", "f", 1), None);
    }
}
