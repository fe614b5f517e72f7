//! What could not be found out of a switch.

use serde::{Deserialize, Serialize};

use super::Risk;

/// So many lines of a foreign text are shown.
const LINES: usize = 6;

/// So much of each of them, in characters.
const LENGTH: usize = 160;

/// Something that a switch may do and that is not known. Every `--max-risk` refuses it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unknown {
    /// What is not known, and why.
    pub what: String,
    /// The beginning of the text that was not understood. Foreign text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// Whether only an answer at a terminal lets it pass: `--yes` agrees to what a gate
    /// can name, and not to a text that it cannot read or to removals that it cannot list.
    pub needs_answer: bool,
    /// [`Risk::Unknown`].
    pub risk: Risk,
}

impl Unknown {
    /// Something that there is no way to know, such as what runs on another computer.
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            text: Vec::new(),
            needs_answer: false,
            risk: Risk::Unknown,
        }
    }

    /// Removals that cannot be listed.
    pub fn removals(what: impl Into<String>) -> Self {
        Self {
            needs_answer: true,
            ..Self::new(what)
        }
    }

    /// A text of another program or of a file that was not understood.
    pub fn foreign<L: AsRef<str>>(
        what: impl Into<String>,
        text: impl IntoIterator<Item = L>,
    ) -> Self {
        let mut lines = text
            .into_iter()
            .filter(|line| !line.as_ref().trim().is_empty());
        let mut shown: Vec<String> = lines
            .by_ref()
            .take(LINES)
            .map(|l| cut(l.as_ref()))
            .collect();
        match lines.count() {
            0 => {}
            1 => shown.push("… and 1 more line".to_owned()),
            n => shown.push(format!("… and {n} more lines")),
        }
        Self {
            text: shown,
            ..Self::removals(what)
        }
    }
}

fn cut(line: &str) -> String {
    let line = line.trim_end();
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{LENGTH, LINES, Unknown};

    #[test]
    fn a_foreign_text_is_bounded() {
        let long = "ä".repeat(LENGTH + 1);
        let unknown = Unknown::foreign("x", [" ", "a ", &long]);
        assert_eq!(unknown.text[0], "a");
        assert_eq!(unknown.text[1].chars().count(), LENGTH + 1);
        assert!(unknown.text[1].ends_with('…'), "{:?}", unknown.text);
        let many = vec!["a"; LINES + 2];
        let unknown = Unknown::foreign("x", &many);
        assert_eq!(unknown.text.len(), LINES + 1);
        assert_eq!(unknown.text[LINES], "… and 2 more lines");
        let unknown = Unknown::foreign("x", &many[..=LINES]);
        assert_eq!(unknown.text[LINES], "… and 1 more line");
    }
}
