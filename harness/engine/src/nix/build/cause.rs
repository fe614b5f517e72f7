//! Why a build failed: which derivation's own builder, in what words, and what it said
//! last. Those that merely need it are no cause.

use std::collections::{HashMap, VecDeque};

use super::answer::{Built, is_derivation};
use super::log::BuildLine;
use crate::nix::Failure;

/// So many lines of each builder are kept. The cause is near the end of a log.
const LINES: usize = 2_000;

/// The longest line that is kept whole, in characters.
const LONGEST: usize = 2_000;

/// What the log of a build has said so far.
#[derive(Default)]
pub(super) struct Story {
    derivations: HashMap<u64, String>,
    logs: HashMap<String, VecDeque<String>>,
    errors: Vec<String>,
    last: Option<String>,
}

impl Story {
    /// Takes notice of a line.
    pub(super) fn hear(&mut self, line: BuildLine) {
        match line {
            BuildLine::Started { id, derivation, .. } => {
                self.logs.entry(derivation.clone()).or_default();
                self.derivations.insert(id, derivation);
            }
            BuildLine::Said { id, line } => {
                let derivation = self.derivations.get(&id);
                if let Some(log) = derivation.and_then(|d| self.logs.get_mut(d)) {
                    if log.len() == LINES {
                        log.pop_front();
                    }
                    log.push_back(line.chars().take(LONGEST).collect());
                }
            }
            BuildLine::Error(text) => self.errors.push(text),
            BuildLine::Message(text) => self.last = Some(text),
            BuildLine::Other => {}
        }
    }

    /// How many builds have begun.
    pub(super) fn begun(&self) -> usize {
        self.derivations.len()
    }

    /// The derivation that no machine was found for, if that is what went wrong.
    pub(super) fn homeless(&self) -> Option<&str> {
        let error = self.errors.iter().find(|error| is_of_no_machine(error))?;
        derivation_of(error)
    }

    /// What became of a build that did not succeed: a builder failed, or it could not be
    /// found out.
    pub(super) fn conclude(mut self, ended: &str) -> Result<Built, Failure> {
        let own = self.errors.iter().find_map(|error| {
            let derivation = derivation_of(error)?;
            // One that nothing was started for was not tried.
            self.logs
                .contains_key(derivation)
                .then_some((derivation, error))
        });
        if let Some((derivation, error)) = own
            && !is_of_the_machine(error)
        {
            let log = self.logs.remove(derivation).unwrap_or_default();
            return Ok(Built::Failed {
                derivation: derivation.to_owned(),
                reason: reason(derivation, error),
                log: log.into(),
            });
        }
        let said = own.map(|(_, error)| error).or(self.errors.first());
        let said = said.or(self.last.as_ref());
        let said = said.map(|text| format!(": {text}")).unwrap_or_default();
        Err(Failure::Build(format!(
            "the build could not be tried, {ended}{said}"
        )))
    }
}

/// The derivation that an error is about; `None` where it only says that another one
/// failed.
fn derivation_of(error: &str) -> Option<&str> {
    let words = [
        "dependencies of derivation",
        "dependency failed",
        "dependencies failed",
    ];
    if words.iter().any(|w| error.contains(w)) {
        return None;
    }
    let quoted = error.split('\'').skip(1).step_by(2);
    quoted.into_iter().find(|text| is_derivation(text))
}

/// Whether an error says nothing of the derivation: a full disk, a killed builder.
fn is_of_the_machine(error: &str) -> bool {
    let words = [
        "No space left",
        "signal 9",
        "out of memory",
        "timed out",
        "unable to download",
    ];
    is_of_no_machine(error) || words.iter().any(|w| error.contains(w))
}

/// Whether an error says that no machine has the system or the features.
fn is_of_no_machine(error: &str) -> bool {
    let words = [
        "platform mismatch",
        "missing system features",
        "is required to build",
    ];
    words.iter().any(|w| error.contains(w))
}

/// What Nix says of a derivation, without its path and without what is shown anyway.
fn reason(derivation: &str, error: &str) -> String {
    // Since 2.31: `Cannot build 'PATH'.\nReason: TEXT.\nOutput paths: …`.
    let text = match error.split_once("Reason: ") {
        Some((_, text)) => text.split("\nOutput paths:").next().unwrap_or(text),
        None => error,
    };
    let shown = text.lines().take_while(|line| {
        let line = line.trim_start();
        !line.starts_with("last ")
            && !line.starts_with("Last ")
            && !line.starts_with("For full logs")
    });
    let text = shown.collect::<Vec<_>>().join("\n");
    let text = text.trim().trim_end_matches(['.', ';', ':']);
    let builder = format!("builder for '{derivation}' ");
    match text.strip_prefix(&builder) {
        Some(rest) => format!("builder {rest}"),
        None => text.replace(&format!(" '{derivation}'"), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::{BuildLine, Built, Story};

    const LEAF: &str = "/nix/store/1z1wbamfy2irfhsfazhqbk3c6gky7vci-leaf.drv";
    const TOP: &str = "/nix/store/vbq3a2bl5zws84gpbbfnrf0rkcvi35hi-top.drv";

    fn story(errors: &[String]) -> Story {
        let mut story = Story::default();
        for (id, derivation) in [(1, LEAF), (2, TOP)] {
            story.hear(BuildLine::Started {
                id,
                derivation: derivation.to_owned(),
                machine: String::new(),
            });
        }
        for n in 0..5_000 {
            let line = format!("line {n}");
            story.hear(BuildLine::Said { id: 1, line });
        }
        for error in errors {
            story.hear(BuildLine::Error(error.clone()));
        }
        story
    }

    #[test]
    fn the_root_is_named_in_the_words_of_any_version() {
        let old = [
            format!("builder for '{LEAF}' failed with exit code 3;\nlast 25 log lines:\n> x"),
            format!("1 dependencies of derivation '{TOP}' failed to build"),
        ];
        let new = [
            format!(
                "Cannot build '{LEAF}'.\nReason: builder failed with exit code 3.\nOutput paths:\n  /nix/store/x"
            ),
            format!(
                "Cannot build '{TOP}'.\nReason: 1 dependency failed.\nOutput paths:\n  /nix/store/y"
            ),
        ];
        for errors in [old, new] {
            let Ok(Built::Failed {
                derivation,
                reason,
                log,
            }) = story(&errors).conclude("exit code 1")
            else {
                panic!("{errors:?}");
            };
            assert_eq!(derivation, LEAF);
            assert_eq!(reason, "builder failed with exit code 3");
            assert_eq!(log.len(), 2_000);
            assert_eq!(log.last().map(String::as_str), Some("line 4999"));
        }
    }

    #[test]
    fn what_no_machine_builds_is_told_in_the_words_of_any_version() {
        let old = format!(
            "a 'aarch64-darwin' with features {{}} is required to build '{LEAF}', but I am a 'x86_64-linux'"
        );
        let new = format!(
            "Cannot build '{LEAF}'.\nReason: platform mismatch\nRequired system: 'aarch64-darwin'"
        );
        for error in [old, new] {
            assert_eq!(story(&[error]).homeless(), Some(LEAF));
        }
        let other = format!("builder for '{LEAF}' failed with exit code 1");
        assert_eq!(story(&[other]).homeless(), None);
    }

    #[test]
    fn what_was_not_tried_has_not_failed() {
        for error in [
            "unable to start any build".to_owned(),
            "cannot connect to socket".to_owned(),
            format!("builder for '{LEAF}' failed due to signal 9 (Killed)"),
            format!("writing '{LEAF}': No space left on device"),
            "builder for '/nix/store/0z1wbamfy2irfhsfazhqbk3c6gky7vci-x.drv' failed with exit code 1".to_owned(),
        ] {
            let concluded = story(std::slice::from_ref(&error)).conclude("exit code 1");
            let failure = concluded.unwrap_err().to_string();
            assert!(failure.contains(&error), "{failure}");
        }
    }
}
