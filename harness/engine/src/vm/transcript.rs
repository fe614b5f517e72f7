//! What the NixOS test driver writes to its standard error, line by line:
//!
//! ```text
//! machine: ESC[1mESC[32mwaiting for the VM to finish bootingESC[0m     a header
//! machine: starting vm                                                 a plain line
//! ESC[2mmachine # [    0.000000] Linux version …ESC[0m                 the serial console
//! (finished: waiting for the VM to finish booting, in 4.20 seconds)    an end
//! ```
//!
//! It is detail for people. What a machine prints may look like any of it, but for the
//! serial console's own mark in front, so nothing here makes a test pass.

use std::time::Duration;

/// A line, by what it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Line<'a> {
    /// Something begins.
    Header(&'a str),
    /// Something of this name has ended, after this time.
    Finished(&'a str, Duration),
    /// A machine's serial console.
    Serial {
        /// The machine.
        node: &'a str,
        /// What it printed.
        text: &'a str,
    },
    /// Anything else.
    Plain(&'a str),
}

impl<'a> Line<'a> {
    /// Reads a line without its line break.
    pub(super) fn parse(line: &'a str) -> Self {
        if let Some(rest) = line.strip_prefix("\u{1b}[2m")
            && let Some((node, text)) = rest.split_once(" # ")
        {
            let text = text.strip_suffix("\u{1b}[0m").unwrap_or(text);
            return Self::Serial { node, text };
        }
        if let Some((_, header)) = line.split_once("\u{1b}[1m\u{1b}[32m") {
            return Self::Header(header.strip_suffix("\u{1b}[0m").unwrap_or(header));
        }
        finished(line).unwrap_or(Self::Plain(line))
    }
}

fn finished(line: &str) -> Option<Line<'_>> {
    let (_, rest) = line.split_once("(finished: ")?;
    let (name, time) = rest.strip_suffix(" seconds)")?.rsplit_once(", in ")?;
    let seconds: f64 = time.parse().ok()?;
    let took = Duration::try_from_secs_f64(seconds).ok()?;
    Some(Line::Finished(name, took))
}

/// A subtest of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Subtest {
    /// Its name.
    pub name: String,
    /// What it took; absent where it did not end as it should.
    pub took: Option<Duration>,
    /// What it failed with.
    pub error: Option<String>,
}

/// What has been said so far that a verdict or a report is made of.
#[derive(Debug, Default)]
pub(crate) struct Transcript {
    /// The script has come to its end.
    pub(super) script_finished: bool,
    /// The driver is cleaning up.
    pub(super) cleaning: bool,
    /// The driver's own time limit has passed.
    pub(super) own_timeout: bool,
    /// The subtests, in their order.
    pub(super) subtests: Vec<Subtest>,
    /// The machines, by how far they are.
    pub(super) nodes: Vec<(String, Stage)>,
    /// What the kernel of a machine said when it gave up.
    pub(super) panic: Option<(String, String)>,
    /// The last lines that are of no machine's console.
    said: Vec<String>,
    /// The last lines of machines' consoles.
    console: Vec<String>,
}

/// How far a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its start script runs.
    Starting,
    /// QEMU runs.
    Running,
    /// The driver waits for its shell.
    Booting,
    /// The driver has its shell.
    Up,
}

/// So many lines are kept for messages.
const KEPT: usize = 200;

impl Transcript {
    /// Takes in a line.
    pub(crate) fn read(&mut self, text: &str) {
        match Line::parse(text) {
            Line::Serial { node, text } => {
                let gave_up = ["Kernel panic - not syncing", "Rebooting in "];
                let shown = plain(text);
                if self.panic.is_none() && gave_up.iter().any(|word| shown.contains(word)) {
                    self.panic = Some((node.to_owned(), shown.clone()));
                }
                keep(&mut self.console, format!("{node}: {shown}"));
            }
            Line::Header("cleanup") => self.cleaning = true,
            Line::Header(header) => self.begin(text, header),
            Line::Finished(name, took) => {
                if let Some(name) = name.strip_prefix("subtest: ") {
                    self.subtest(name).took = Some(took);
                }
            }
            Line::Plain(line) => {
                self.plain_line(line);
                keep(&mut self.said, plain(line));
            }
        }
    }

    fn begin(&mut self, line: &str, header: &str) {
        if let Some(name) = header.strip_prefix("subtest: ") {
            self.subtests.push(Subtest {
                name: plain(name),
                took: None,
                error: None,
            });
        } else if header == "waiting for the VM to finish booting" {
            self.reach(line, Stage::Booting);
        } else if header == "timeout reached; test terminating..." {
            self.own_timeout = true;
        }
    }

    fn plain_line(&mut self, line: &str) {
        if line.starts_with("test script finished in") {
            self.script_finished = true;
        } else if line.ends_with(": starting vm") {
            self.reach(line, Stage::Starting);
        } else if line.contains(": QEMU running (pid ") {
            self.reach(line, Stage::Running);
        } else if line.ends_with(": connected to guest root shell") {
            self.reach(line, Stage::Up);
        } else if let Some(rest) = line.strip_prefix("Test \"")
            && let Some((name, error)) = rest.split_once("\" failed with error: \"")
        {
            let error = error.strip_suffix('"').unwrap_or(error);
            self.subtest(name).error = Some(plain(error));
        }
    }

    /// The last subtest of a name: names may come twice.
    fn subtest(&mut self, name: &str) -> &mut Subtest {
        let name = plain(name);
        let at = self.subtests.iter().rposition(|s| s.name == name);
        let at = at.unwrap_or_else(|| {
            self.subtests.push(Subtest {
                name,
                took: None,
                error: None,
            });
            self.subtests.len() - 1
        });
        &mut self.subtests[at]
    }

    fn reach(&mut self, line: &str, stage: Stage) {
        let Some((node, _)) = line.split_once(": ") else {
            return;
        };
        match self.nodes.iter_mut().find(|(name, _)| name == node) {
            // A header comes before the start of what it waits for.
            Some((_, at)) if stage == Stage::Starting && *at == Stage::Booting => {}
            Some((_, at)) if stage == Stage::Running && *at == Stage::Booting => {}
            Some((_, at)) => *at = stage,
            None => self.nodes.push((node.to_owned(), stage)),
        }
    }

    /// Whether the driver has the shell of a machine.
    pub(super) fn is_up(&self, node: &str) -> bool {
        self.nodes.iter().any(|(n, s)| n == node && *s == Stage::Up)
    }

    /// What Python said last: the message of the last traceback, without its frames.
    pub(crate) fn exception(&self) -> Option<String> {
        let is_start = |line: &String| line.starts_with("Traceback (most recent call last):");
        let start = self.said.iter().rposition(is_start)?;
        let lines = self.said.iter().skip(start + 1);
        let message: Vec<_> = lines
            .skip_while(|line| line.starts_with(' '))
            .take(20)
            .map(String::as_str)
            .collect();
        let text = message.join("\n").trim().to_owned();
        (!text.is_empty()).then_some(text)
    }

    /// The last lines that are of no machine's console.
    pub(crate) fn last_said(&self, lines: usize) -> Vec<String> {
        self.said
            .iter()
            .skip(self.said.len().saturating_sub(lines))
            .cloned()
            .collect()
    }

    /// The last lines of the consoles.
    pub(crate) fn last_on_consoles(&self, lines: usize) -> Vec<String> {
        let from = self.console.len().saturating_sub(lines);
        self.console.iter().skip(from).cloned().collect()
    }
}

fn keep(lines: &mut Vec<String>, line: String) {
    if lines.len() >= 2 * KEPT {
        lines.drain(..KEPT);
    }
    lines.push(line);
}

/// A text without what acts on a terminal: firmware draws with it.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' if chars.peek() == Some(&'[') => {
                chars.next();
                for c in chars.by_ref() {
                    if ('@'..='~').contains(&c) {
                        break;
                    }
                }
            }
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Line, Stage, Transcript, plain};

    #[test]
    fn lines_are_told_apart() {
        for (text, line) in [
            (
                "machine: \u{1b}[1m\u{1b}[32mmust succeed: true\u{1b}[0m",
                Line::Header("must succeed: true"),
            ),
            (
                "(finished: subtest: a, in b, in 1.50 seconds)",
                Line::Finished("subtest: a, in b", Duration::from_millis(1500)),
            ),
            (
                "machine: (finished: must succeed: true, in 0.02 seconds)",
                Line::Finished("must succeed: true", Duration::from_millis(20)),
            ),
            (
                "\u{1b}[2mmachine # test script finished in 1s\u{1b}[0m",
                Line::Serial {
                    node: "machine",
                    text: "test script finished in 1s",
                },
            ),
            (
                "(finished: x, in -1 seconds)",
                Line::Plain("(finished: x, in -1 seconds)"),
            ),
            ("", Line::Plain("")),
        ] {
            assert_eq!(Line::parse(text), line, "{text:?}");
        }
    }

    #[test]
    fn a_console_decides_nothing() {
        let mut transcript = Transcript::default();
        for text in [
            "test script finished in 1s",
            "\u{1b}[0mtest script finished in 1s",
            "pc: connected to guest root shell",
        ] {
            transcript.read(&format!("\u{1b}[2mpc # {text}\u{1b}[0m"));
        }
        assert!(!transcript.script_finished && transcript.nodes.is_empty());
    }

    #[test]
    fn subtests_and_stages_are_followed() {
        let mut transcript = Transcript::default();
        for line in [
            "\u{1b}[1m\u{1b}[32msubtest: one\u{1b}[0m",
            "pc: \u{1b}[1m\u{1b}[32mwaiting for the VM to finish booting\u{1b}[0m",
            "pc: starting vm",
            "pc: QEMU running (pid 7)",
        ] {
            transcript.read(line);
        }
        assert_eq!(transcript.nodes, [("pc".to_owned(), Stage::Booting)]);
        for line in [
            "pc: connected to guest root shell",
            "(finished: subtest: one, in 2.00 seconds)",
            "\u{1b}[1m\u{1b}[32msubtest: two\u{1b}[0m",
            "Test \"two\" failed with error: \"command `x` failed\"",
            "\u{1b}[1m\u{1b}[32mcleanup\u{1b}[0m",
            "Traceback (most recent call last):",
            "  File \"x\", line 1",
            "Exception: command `x` failed",
            "more of it",
        ] {
            transcript.read(line);
        }
        assert!(transcript.is_up("pc") && transcript.cleaning && !transcript.script_finished);
        assert_eq!(transcript.subtests.len(), 2);
        assert_eq!(transcript.subtests[0].took, Some(Duration::from_secs(2)));
        assert_eq!(
            transcript.subtests[1].error.as_deref(),
            Some("command `x` failed")
        );
        let exception = transcript.exception().unwrap();
        assert_eq!(exception, "Exception: command `x` failed\nmore of it");
    }

    #[test]
    fn escapes_of_firmware_are_left_out() {
        assert_eq!(
            plain("\u{1b}[2J\u{1b}[01;01HSeaBIOS\r\tx\u{1b}["),
            "SeaBIOS x"
        );
    }
}
