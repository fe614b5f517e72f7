//! The record of a run: one event per line, as JSON. `record` reads it.

use std::fmt::Write as _;
use std::io::{self, Write};

use nix_parity_core::event::Event;
use nix_parity_core::text;
use serde::Serialize;

use crate::Reporter;

/// Writes each event as a line of JSON as soon as it comes, so that a run that is
/// killed leaves a record of what was known.
pub fn jsonl(out: impl Write + Send + 'static) -> impl Reporter {
    Jsonl { out }
}

struct Jsonl<W> {
    out: W,
}

impl<W: Write> Reporter for Jsonl<W> {
    fn event(&mut self, event: &Event) -> io::Result<()> {
        writeln!(self.out, "{}", json_line(event)?)?;
        self.out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A value as one line of JSON that is safe to print anywhere.
///
/// # Errors
/// The value has no JSON.
pub fn json_line(value: &impl Serialize) -> io::Result<String> {
    Ok(harmless(&serde_json::to_string(value)?))
}

/// The same for people: on several lines, and no less safe.
///
/// # Errors
/// The value has no JSON.
pub fn json_lines(value: &impl Serialize) -> io::Result<String> {
    Ok(harmless(&serde_json::to_string_pretty(value)?))
}

/// The same JSON with everything escaped that acts on a terminal or on a CI runner
/// that copies it. Such characters occur inside strings only.
fn harmless(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut buffer = [0; 4];
    for c in json.chars() {
        let as_text: &str = c.encode_utf8(&mut buffer);
        if c != '\u{7f}' && (c.is_ascii() || text::printable(as_text) == as_text) {
            out.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    out.replace("##[", "#\\u0023[")
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn escapes_are_those_of_json() {
        let text = "a\u{7f}\u{9b}\u{202e}\u{e0041}é日\u{1b}\n##[error]";
        let json = harmless(&serde_json::to_string(text).unwrap());
        assert_eq!(
            json,
            "\"a\\u007f\\u009b\\u202e\\udb40\\udc41é日\\u001b\\n#\\u0023[error]\""
        );
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
