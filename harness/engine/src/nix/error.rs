//! Taking Nix's error messages apart.

use nix_parity_core::location::Location;
use nix_parity_core::observation::{Frame, NixError};

/// Reads an error message without colours:
///
/// ```text
/// error:
///        … while evaluating the attribute 'x'
///          at /nix/store/…/flake.nix:1:62:
///             1| source
///
///        error: cannot add a string to an integer
///        at /nix/store/…/flake.nix:1:70:
///             1| source
/// ```
///
/// A message without a trace stands behind the first `error:`.
pub fn parse_error(text: &str) -> NixError {
    let mut error = NixError::default();
    let mut message: Vec<&str> = Vec::new();
    let mut in_message = false;
    for (i, line) in text.lines().enumerate() {
        if i == 0 {
            let first = line.strip_prefix("error:").unwrap_or(line).trim();
            if !first.is_empty() {
                in_message = true;
                message.push(first);
            }
        } else if let Some(location) = position(line) {
            if in_message {
                error.location = Some(location);
            } else if let Some(frame) = error.trace.last_mut() {
                frame.location.get_or_insert(location);
            }
        } else if is_excerpt(line) {
        } else if in_message {
            message.push(line.strip_prefix("       ").unwrap_or(line));
        } else if let Some(step) = line.trim_start().strip_prefix("… ") {
            error.trace.push(Frame {
                text: step.trim_end().to_owned(),
                location: None,
            });
        } else if let Some(rest) = line.strip_prefix("       error:") {
            in_message = true;
            message.push(rest.strip_prefix(' ').unwrap_or(rest));
        } else if error.trace.is_empty() && !line.trim().is_empty() {
            // No trace: the message begins below its `error:`.
            in_message = true;
            message.push(line.strip_prefix("       ").unwrap_or(line));
        } else if let (Some(frame), text) = (error.trace.last_mut(), line.trim())
            && !text.is_empty()
        {
            frame.text = format!("{} {text}", frame.text);
        }
    }
    // A message may begin with a line break.
    while message.first().is_some_and(|l| l.trim().is_empty()) {
        message.remove(0);
    }
    while message.last().is_some_and(|l| l.trim().is_empty()) {
        message.pop();
    }
    error.message = message.join("\n");
    error
}

/// `at FILE:LINE:COLUMN:`
fn position(line: &str) -> Option<Location> {
    let rest = line.trim().strip_prefix("at ")?.strip_suffix(':')?;
    let (rest, column) = rest.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some(Location::point(
        file,
        line.parse().ok()?,
        column.parse().ok()?,
    ))
}

/// `   12| source` or `     | ^`, the lines that show the source.
fn is_excerpt(line: &str) -> bool {
    let number = line.trim_start();
    let indented = line.len() - number.len() >= 8;
    let after = number.trim_start_matches(|c: char| c.is_ascii_digit());
    indented && after.starts_with('|')
}

#[cfg(test)]
mod tests {
    use super::parse_error;

    #[test]
    fn a_message_with_a_trace() {
        let e = parse_error(
            "error:\n       … while evaluating the attribute 'z'\n         at /s/flake.nix:1:62:\n            1| { }\n             |  ^\n            2|\n\n       error: cannot add a string to an integer\n       at /s/flake.nix:1:70:\n            1| { }\n             |  ^",
        );
        assert_eq!(e.message, "cannot add a string to an integer");
        assert_eq!(e.location.unwrap().to_string(), "/s/flake.nix:1:70");
        assert_eq!(e.trace.len(), 1);
        assert_eq!(e.trace[0].text, "while evaluating the attribute 'z'");
        assert_eq!(e.trace[0].location.as_ref().unwrap().line, 1);
    }

    #[test]
    fn a_message_alone_and_of_several_lines() {
        let e = parse_error(
            "error: undefined variable 'x'\n       at «string»:1:1:\n            1| x\n             | ^",
        );
        assert_eq!(e.message, "undefined variable 'x'");
        assert_eq!(e.location.unwrap().to_string(), "«string»:1:1");
        let e = parse_error(
            "error:\n       … while x\n\n       error: Failed assertions:\n       - one\n       - two: |3",
        );
        assert_eq!(e.message, "Failed assertions:\n- one\n- two: |3");
        let e = parse_error(
            "error:\n       … while x\n\n       error:\n       Failed assertions:\n       - one",
        );
        assert_eq!(e.message, "Failed assertions:\n- one");
        let e = parse_error("error:\n       Failed assertions:\n       - one");
        assert_eq!(e.message, "Failed assertions:\n- one");
    }

    #[test]
    fn odd_texts_do_no_harm() {
        for text in [
            "",
            "error:",
            "error:\n",
            "\n\n",
            "error: error: x",
            "       error: ",
            "… ",
        ] {
            let _ = parse_error(text);
        }
        assert_eq!(parse_error("error: error: x").message, "error: x");
    }
}
