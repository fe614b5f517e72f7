//! The lines that `nix --log-format internal-json` writes to stderr.

use serde::Deserialize;

/// One line of Nix's log, as far as we look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogLine {
    /// The text of a `builtins.trace`.
    Trace(String),
    /// An error message, with its colours removed.
    Error(String),
    /// A warning, with its colours removed.
    Warning(String),
    /// A file is being evaluated.
    Evaluating(String),
    /// A file or folder is copied to the store.
    Copying(String),
    /// A derivation was made.
    Instantiated(String),
    /// A line that is not of the format: a crash message of Nix or of its libraries.
    Foreign(String),
    /// Anything else.
    Other,
}

#[derive(Deserialize)]
struct Wire {
    action: String,
    #[serde(default)]
    level: u8,
    #[serde(default)]
    msg: String,
    #[serde(default)]
    text: String,
}

impl LogLine {
    pub(crate) fn parse(line: &[u8]) -> Self {
        let Some(json) = line.strip_prefix(b"@nix ") else {
            let text = String::from_utf8_lossy(line).trim_end().to_owned();
            return if text.is_empty() {
                Self::Other
            } else {
                Self::Foreign(text)
            };
        };
        let Ok(wire) = serde_json::from_slice::<Wire>(json) else {
            return Self::Other;
        };
        if wire.action == "start" {
            let text = without_ansi(&wire.text);
            return match between(&text, "copying '", "' to the store") {
                Some(path) => Self::Copying(path.to_owned()),
                None => Self::Other,
            };
        }
        if wire.action != "msg" {
            return Self::Other;
        }
        // A trace's text is the configuration's and is taken as it is.
        if let Some(text) = wire.msg.strip_prefix("trace: ") {
            return Self::Trace(text.to_owned());
        }
        match wire.level {
            0 => {
                let text = without_ansi(&wire.msg);
                match text.strip_prefix("trace: ") {
                    Some(trace) => Self::Trace(trace.to_owned()),
                    None => Self::Error(text),
                }
            }
            1 => Self::Warning(without_ansi(&wire.msg)),
            _ => Self::of_progress(&without_ansi(&wire.msg)),
        }
    }

    fn of_progress(message: &str) -> Self {
        if let Some(path) = between(message, "evaluating file '", "'") {
            return Self::Evaluating(path.to_owned());
        }
        if let Some((path, _)) =
            between(message, "copied source '", "'").and_then(|m| m.split_once("' -> '"))
        {
            return Self::Copying(path.to_owned());
        }
        match between(message, "instantiated '", "'").and_then(|m| m.rsplit_once("' -> '")) {
            Some((_, path)) => Self::Instantiated(path.to_owned()),
            None => Self::Other,
        }
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    text.strip_prefix(before)?.strip_suffix(after)
}

/// Removes the escape sequences that Nix colours its messages with (ECMA-48 CSI).
pub(super) fn without_ansi(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("\u{1b}[") {
        out.push_str(&rest[..start]);
        let sequence = &rest[start + 2..];
        let end = sequence
            .find(|c: char| ('\u{40}'..='\u{7e}').contains(&c))
            .map_or(sequence.len(), |i| i + 1);
        rest = &sequence[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{LogLine, without_ansi};

    #[test]
    fn lines_are_told_apart() {
        let parse = |s: &str| LogLine::parse(s.as_bytes());
        assert_eq!(
            parse(r#"@nix {"action":"msg","level":0,"msg":"trace: a\nb"}"#),
            LogLine::Trace("a\nb".into())
        );
        assert_eq!(
            parse(r#"@nix {"action":"msg","level":0,"msg":"\u001b[31;1merror:\u001b[0m x"}"#),
            LogLine::Error("error: x".into())
        );
        assert_eq!(
            parse(r#"@nix {"action":"msg","level":4,"msg":"evaluating file '/a/b.nix'"}"#),
            LogLine::Evaluating("/a/b.nix".into())
        );
        assert_eq!(
            parse(r#"@nix {"action":"start","id":1,"level":5}"#),
            LogLine::Other
        );
        assert_eq!(
            parse(
                r#"@nix {"action":"start","id":1,"level":5,"text":"copying '/a b' to the store"}"#
            ),
            LogLine::Copying("/a b".into())
        );
        assert_eq!(
            parse(
                r#"@nix {"action":"msg","level":5,"msg":"copied source '/a' -> '/nix/store/x-a'"}"#
            ),
            LogLine::Copying("/a".into())
        );
        assert_eq!(
            parse(
                r#"@nix {"action":"msg","level":5,"msg":"instantiated 'a' -> '/nix/store/x-a.drv'"}"#
            ),
            LogLine::Instantiated("/nix/store/x-a.drv".into())
        );
        assert_eq!(parse("@nix {broken"), LogLine::Other);
        assert_eq!(
            parse("Segmentation fault"),
            LogLine::Foreign("Segmentation fault".into())
        );
    }

    #[test]
    fn colours_are_removed_and_nothing_else() {
        assert_eq!(without_ansi("a\u{1b}[35;1mb\u{1b}[0mc\u{1b}[mü"), "abcü");
        assert_eq!(without_ansi("open \u{1b}[31"), "open ");
    }
}
