//! One step of a test on a running machine.

use std::time::Duration;

use super::keys::{EXPECT, STEP};
use crate::duration;
use crate::location::{Located, Location};
use crate::matcher::{Matcher, parse_expected};
use crate::yaml::{Entry, Kind, Node, Reader};

/// A step.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// The node that it is for; the only one where absent.
    pub node: Option<Located<String>>,
    /// How long it may take; what is left of the case's time where absent.
    pub timeout: Option<Duration>,
    /// Where it is written.
    pub location: Location,
}

/// What a step does. Texts hold no NUL: no shell could take them.
#[derive(Clone, Debug)]
pub enum Action {
    /// Waits for a systemd unit to be active.
    WaitForUnit(String),
    /// Waits for something to listen on a TCP port.
    WaitForOpenPort(u16),
    /// Waits for a file.
    WaitForFile(String),
    /// Repeats a command until it succeeds.
    WaitUntilSucceeds(String),
    /// Runs a command that must succeed.
    Succeed(String),
    /// Runs a command that must fail.
    Fail(String),
    /// Runs a command that must succeed, and looks at what it prints.
    Expect {
        /// The command.
        command: String,
        /// What it must print.
        is: Located<Matcher>,
    },
    /// Restarts the machine.
    Reboot,
    /// Takes a picture of the screen.
    Screenshot(String),
    /// Copies a file or folder out of the machine.
    CopyFrom(String),
    /// Waits for a text on the screen, as a regular expression.
    Ocr(String),
}

/// So much of a command stands in the name of a step.
const SHOWN: usize = 72;

impl Step {
    /// What it is called in reports: one line.
    pub fn name(&self) -> String {
        let (word, text) = match &self.action {
            Action::WaitForUnit(unit) => ("wait_for_unit", unit.clone()),
            Action::WaitForOpenPort(port) => ("wait_for_open_port", port.to_string()),
            Action::WaitForFile(path) => ("wait_for_file", path.clone()),
            Action::WaitUntilSucceeds(command) => ("wait_until_succeeds", command.clone()),
            Action::Succeed(command) => ("succeed", command.clone()),
            Action::Fail(command) => ("fail", command.clone()),
            Action::Expect { command, .. } => ("expect", command.clone()),
            Action::Reboot => ("reboot", String::new()),
            Action::Screenshot(name) => ("screenshot", name.clone()),
            Action::CopyFrom(path) => ("copy_from", path.clone()),
            Action::Ocr(text) => ("ocr", text.clone()),
        };
        let words: Vec<_> = text
            .split(|c: char| c.is_whitespace() || c.is_control())
            .filter(|word| !word.is_empty())
            .collect();
        let mut line = words.join(" ");
        if let Some((end, _)) = line.char_indices().nth(SHOWN) {
            line.truncate(end);
            line.push('…');
        }
        let on = self.node.as_ref().map(|node| format!("{}: ", node.value));
        let name = format!("{}{word} {line}", on.unwrap_or_default());
        name.trim_end().to_owned()
    }

    /// Whether nothing after it can be looked at where it fails.
    pub const fn is_essential(&self) -> bool {
        match self.action {
            Action::WaitForUnit(_)
            | Action::WaitForOpenPort(_)
            | Action::WaitForFile(_)
            | Action::WaitUntilSucceeds(_)
            | Action::Ocr(_)
            | Action::Reboot => true,
            Action::Succeed(_)
            | Action::Fail(_)
            | Action::Expect { .. }
            | Action::Screenshot(_)
            | Action::CopyFrom(_) => false,
        }
    }

    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "a step", STEP)?;
        let is_setting = |entry: &Entry<'_>| matches!(entry.name, "on" | "timeout");
        let is_key = |entry: &Entry<'_>| STEP.iter().any(|key| key.name == entry.name);
        let entries = mapping.entries();
        let actions: Vec<_> = entries.filter(|e| is_key(e) && !is_setting(e)).collect();
        let [entry] = actions.as_slice() else {
            if actions.is_empty() && mapping.entries().any(|e| !is_key(&e)) {
                // A key that there is not; that has been reported.
                return None;
            }
            let message = if actions.is_empty() {
                "a step that does nothing"
            } else {
                "a step that does more than one thing"
            };
            let example =
                "for example `{ wait_for_unit: sshd.service }`, then `{ succeed: \"sshd -T\" }`";
            reader.report(reader.error(node, message).note(example));
            return None;
        };
        let action = parse_action(reader, *entry)?;
        let on = match mapping.get("on") {
            Some(node) => Some(reader.string(node, "`on`")?),
            None => None,
        };
        let timeout = match mapping.get("timeout") {
            Some(node) => Some(parse_timeout(reader, node)?),
            None => None,
        };
        Some(Self {
            action,
            node: on,
            timeout,
            location: reader.location(entry.key),
        })
    }
}

fn parse_action(reader: &Reader<'_>, entry: Entry<'_>) -> Option<Action> {
    let node = entry.value;
    let text = || text(reader, node, &format!("`{}`", entry.name));
    Some(match entry.name {
        "wait_for_unit" => Action::WaitForUnit(text()?),
        "wait_for_open_port" => Action::WaitForOpenPort(port(reader, node)?),
        "wait_for_file" => Action::WaitForFile(text()?),
        "wait_until_succeeds" => Action::WaitUntilSucceeds(text()?),
        "succeed" => Action::Succeed(text()?),
        "fail" => Action::Fail(text()?),
        "expect" => expect(reader, node)?,
        "reboot" => {
            if !reader.boolean(node, "`reboot`")? {
                reader.report(reader.error(node, "`reboot: false` does nothing"));
                return None;
            }
            Action::Reboot
        }
        "screenshot" => Action::Screenshot(screenshot(reader, node)?),
        "copy_from" => Action::CopyFrom(text()?),
        "ocr" => Action::Ocr(text()?),
        _ => return None,
    })
}

fn expect(reader: &Reader<'_>, node: &Node) -> Option<Action> {
    let mapping = reader.mapping(node, "`expect` of a step", EXPECT)?;
    let (Some(command), Some(is)) = (mapping.get("command"), mapping.get("is")) else {
        reader.report(
            reader
                .error(node, "`expect` of a step takes `command` and `is`")
                .note("for example `{ command: hostname, is: pc }`"),
        );
        return None;
    };
    Some(Action::Expect {
        command: text(reader, command, "`command`")?,
        is: Located {
            value: parse_expected(reader, is)?,
            location: reader.location(is),
        },
    })
}

/// A text that a shell can take.
pub(super) fn text(reader: &Reader<'_>, node: &Node, what: &str) -> Option<String> {
    let text = reader.string(node, what)?.value;
    if text.contains('\0') {
        reader.report(
            reader
                .error(node, format!("{what} holds a NUL character"))
                .note("no shell and no name of a file can hold one"),
        );
        return None;
    }
    Some(text)
}

fn port(reader: &Reader<'_>, node: &Node) -> Option<u16> {
    let number = match node.kind {
        Kind::Int(number) => u16::try_from(number).ok().filter(|port| *port > 0),
        _ => None,
    };
    if number.is_none() {
        reader.report(reader.error(
            node,
            "`wait_for_open_port` must be a number from 1 to 65535",
        ));
    }
    number
}

fn screenshot(reader: &Reader<'_>, node: &Node) -> Option<String> {
    let name = reader.string(node, "`screenshot`")?.value;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.len() > 64 || !name.chars().all(is_plain) || name.starts_with(['-', '_']) {
        reader.report(
            reader
                .error(
                    node,
                    "`screenshot` must be a name of letters, digits, `-` and `_`",
                )
                .note("it becomes the name of a file"),
        );
        return None;
    }
    Some(name)
}

fn parse_timeout(reader: &Reader<'_>, node: &Node) -> Option<Duration> {
    let text = reader.string(node, "`timeout`")?;
    duration::parse(&text.value)
        .map_err(|message| reader.report(reader.error(node, message)))
        .ok()
}
