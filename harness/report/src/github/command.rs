//! One workflow command: a line that the runner obeys. Whatever is put into it is escaped
//! here, by the runner's own rules.

use nix_parity_core::text::{one_line, shorten};

use crate::layout::harmless;

/// The longest message, in characters.
const MESSAGE: usize = 4_000;
/// The longest title, which is shown in one line.
const TITLE: usize = 200;

/// How much an annotation matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Level {
    Error,
    Warning,
    Notice,
}

/// An annotation, on a line of a file of the repository or on none.
#[derive(Clone, Debug)]
pub(super) struct Annotation {
    pub(super) level: Level,
    /// File, line and column; the last two are 0 where they are not known.
    pub(super) place: Option<(String, u32, u32)>,
    pub(super) title: String,
    pub(super) message: String,
}

impl Annotation {
    /// One that is about no file.
    pub(super) fn new(level: Level, message: impl Into<String>) -> Self {
        Self {
            level,
            place: None,
            title: "nix-parity".to_owned(),
            message: message.into(),
        }
    }

    /// The line of the log, without its end.
    pub(super) fn command(&self) -> String {
        let name = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Notice => "notice",
        };
        let mut properties = Vec::new();
        if let Some((file, line, column)) = &self.place {
            properties.push(format!("file={}", property(file)));
            for (key, number) in [("line", *line), ("col", *column)] {
                // A column without its line would be of the first one.
                if number == 0 {
                    break;
                }
                properties.push(format!("{key}={number}"));
            }
        }
        let title = shorten(&self.title, TITLE);
        properties.push(format!("title={}", property(&title)));
        format!("::{name} {}::{}", properties.join(","), data(&self.message))
    }
}

/// Text after the second `::`.
fn data(text: &str) -> String {
    // The runner writes it to the log again, where some words are obeyed anywhere.
    harmless(&shorten(text, MESSAGE))
        .replace('%', "%25")
        .replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    let text = one_line(text).replace("##[", "#\\u{23}[");
    [("%", "%25"), (":", "%3A"), (",", "%2C")]
        .into_iter()
        .fold(text, |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::{Annotation, Level};

    #[test]
    fn nothing_ends_a_command_or_begins_another() {
        let evil = "a,b:c%0A::error::x\r\n::stop-commands::t\u{1b}[2J##[group]y\u{202e}";
        let annotation = Annotation {
            level: Level::Error,
            place: Some((evil.to_owned(), 3, 0)),
            title: evil.to_owned(),
            message: evil.to_owned(),
        };
        let word = "a%2Cb%3Ac%250A%3A%3Aerror%3A%3Ax\\u{d}\\n%3A%3Astop-commands%3A%3At\\u{1b}[2J#\\u{23}[group]y\\u{202e}";
        assert_eq!(
            annotation.command(),
            format!(
                "::error file={word},line=3,title={word}::a,b:c%250A::error::x\\u{{d}}%0A\\u{{3a}}:stop-commands::t\\u{{1b}}[2J#\\u{{23}}[group]y\\u{{202e}}"
            )
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let annotation = Annotation::new(Level::Notice, "x");
        assert_eq!(annotation.command(), "::notice title=nix-parity::x");
        let place = Some(("a.nix".to_owned(), 0, 7));
        let annotation = Annotation {
            place,
            ..annotation
        };
        let command = annotation.command();
        assert_eq!(command, "::notice file=a.nix,title=nix-parity::x");
        let long = Annotation::new(Level::Warning, "ä".repeat(10_000));
        assert!(long.command().chars().count() < 4_100);
    }
}
