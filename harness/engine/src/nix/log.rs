//! The lines that `nix --log-format internal-json` writes to stderr.

use serde::Deserialize;

/// One line of Nix's log, as far as we look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogLine {
    /// The text of a `builtins.trace`.
    Trace(String),
    /// An error message, with its colours removed: it begins with `error:`. Other
    /// messages of the same level are notices and no errors.
    Error(String),
    /// A warning, with its colours removed.
    Warning(String),
    /// A file is being evaluated.
    Evaluating(String),
    /// A file or folder is copied to the store, now: nothing is said of one that is
    /// known to be there.
    Copying(String),
    /// A file or folder is used as one of the store, whether it is copied now or was there
    /// already.
    Copied(String),
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
            let copied = between(&text, "copying '", "' to the store");
            // A store that is only read is told no file, but its path.
            return match copied.or_else(|| between(&text, "hashing '", "'")) {
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
        let text = without_ansi(&wire.msg);
        match wire.level {
            0 => match text.strip_prefix("trace: ") {
                Some(trace) => Self::Trace(trace.to_owned()),
                // Nix 2.35 and Determinate Nix tell at this level also that they wait
                // for another process, or that their cache is busy.
                None if text.starts_with("error:") => Self::Error(text),
                None => Self::Other,
            },
            1 => Self::Warning(text),
            _ => Self::of_progress(&text),
        }
    }

    fn of_progress(message: &str) -> Self {
        if let Some(path) = between(message, "evaluating file '", "'") {
            return Self::Evaluating(path.to_owned());
        }
        if let Some((path, target)) = message
            .strip_prefix("copied source '")
            .and_then(|rest| rest.rsplit_once("' -> '"))
        {
            // Since 2.35 a hash in parentheses follows, and it is said of what is copied
            // now (fetch-to-store.cc), not of each use any more (eval.cc).
            let of_each_use = target.ends_with('\'') && !target.contains("' (");
            let path = path.to_owned();
            return if of_each_use {
                Self::Copied(path)
            } else {
                Self::Copying(path)
            };
        }
        // Since 2.35, as a debug message, of each file that a process uses for the first time.
        if let Some(rest) = message.strip_prefix("source path '")
            && let Some(end) = ["' cache hit in '", "' is uncacheable", "' not in store"]
                .iter()
                .find_map(|words| rest.rfind(words))
        {
            return Self::Copied(rest[..end].to_owned());
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
            LogLine::Copied("/a".into())
        );
        assert_eq!(
            parse(
                r#"@nix {"action":"msg","level":5,"msg":"copied source '/a' -> '/nix/store/x-a' (hash 'sha256-x')"}"#
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

    /// Lines as they were written, shortened in the hashes only.
    #[test]
    fn recorded_lines_of_several_versions() {
        let file = || "/nix/store/iig0-source/README.md".to_owned();
        for (line, expected) in [
            // Nix 2.26.3, 1 December 2026.
            (
                r#"@nix {"action":"msg","level":4,"msg":"evaluating file '/nix/store/iig0-source/flake.nix'"}"#,
                LogLine::Evaluating("/nix/store/iig0-source/flake.nix".to_owned()),
            ),
            (
                r#"@nix {"action":"start","id":9998683865090,"level":5,"parent":0,"text":"copying '/nix/store/iig0-source/README.md' to the store","type":0}"#,
                LogLine::Copying(file()),
            ),
            (
                r#"@nix {"action":"msg","level":5,"msg":"copied source '/nix/store/iig0-source/README.md' -> '/nix/store/rycx-README.md'"}"#,
                LogLine::Copied(file()),
            ),
            (
                r#"@nix {"action":"msg","column":null,"file":null,"level":0,"line":null,"msg":"\u001b[31;1merror:\u001b[0m undefined variable '\u001b[35;1mx\u001b[0m'"}"#,
                LogLine::Error("error: undefined variable 'x'".to_owned()),
            ),
            (
                r#"@nix {"action":"msg","level":1,"msg":"\u001b[35;1mwarning:\u001b[0m \u001b[31;1merror:\u001b[0m unable to \u001b[35;1mdownload\u001b[0m 'x'"}"#,
                LogLine::Warning("warning: error: unable to download 'x'".to_owned()),
            ),
            // Nix 2.34.8, the same day: it calls the files of a work tree by their own path.
            (
                r#"@nix {"action":"msg","level":5,"msg":"copied source '/tmp/fl/README.md' -> '/nix/store/rycx-README.md'"}"#,
                LogLine::Copied("/tmp/fl/README.md".to_owned()),
            ),
            // The wording of Nix 2.35.2 and Determinate Nix 3.22.2, as reported.
            (
                r#"@nix {"action":"msg","level":0,"msg":"waiting for another Nix process to finish fetching input 'path:/x'..."}"#,
                LogLine::Other,
            ),
            (
                r#"@nix {"action":"msg","level":0,"msg":"\u001b[31;1merror (ignored):\u001b[0m SQLite database '/x' is busy"}"#,
                LogLine::Other,
            ),
            (
                r#"@nix {"action":"msg","level":5,"msg":"copied source '/nix/store/iig0-source/README.md' -> '/nix/store/rycx-README.md' (hash 'sha256-x=')"}"#,
                LogLine::Copying(file()),
            ),
            // As the sources of Nix 2.35.2 have it (fetch-to-store.cc).
            (
                r#"@nix {"action":"msg","level":6,"msg":"source path '/nix/store/iig0-source/README.md' cache hit in '/nix/store/rycx-README.md' (hash 'sha256-x=')"}"#,
                LogLine::Copied(file()),
            ),
            (
                r#"@nix {"action":"msg","level":6,"msg":"source path '/nix/store/iig0-source/README.md' is uncacheable"}"#,
                LogLine::Copied(file()),
            ),
        ] {
            assert_eq!(LogLine::parse(line.as_bytes()), expected, "{line}");
        }
    }

    #[test]
    fn colours_are_removed_and_nothing_else() {
        assert_eq!(without_ansi("a\u{1b}[35;1mb\u{1b}[0mc\u{1b}[mü"), "abcü");
        assert_eq!(without_ansi("open \u{1b}[31"), "open ");
    }
}
