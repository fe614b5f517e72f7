//! What is said on the command line.

use std::path::PathBuf;

/// What `--help` prints.
pub(crate) const HELP: &str = "\
The speed goals of nix-parity as ratios of two things measured in one run.

usage: nix-parity-bench [--rounds N] [--on WHAT] [--program FILE]

  --rounds N       how often each side of a ratio is measured [default: 5]
  --on reference   only the hosts and cases of this repository, as last committed
  --on generated   only five generated hosts that take some seconds each
  --on derivations
                   only reading and comparing derivations
  --on cases       only whether time and memory grow with the cases alone, up to 10,000
  --on hosts       only the same of hosts, up to 100
  --on graphs      only the same of derivations, up to 50,000
  --program FILE   a nix-parity to measure, such as an earlier one, instead of this one
  --help           this text

Without --on all of it is measured. Programs are built first, and everything is
measured in temporary folders: the work tree is not touched. The `nix` on PATH is
the one that is used.
";

/// What to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// Ratios on the hosts of this repository.
    Reference,
    /// Ratios on generated hosts.
    Generated,
    /// Reading and comparing derivations.
    Derivations,
    /// Time and memory of many cases.
    Cases,
    /// The same of many hosts.
    Hosts,
    /// The same of many derivations.
    Graphs,
}

/// What the command line says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// How often each contender is run, besides once to warm up.
    pub(crate) rounds: usize,
    /// What is measured; everything where absent.
    pub(crate) on: Option<Subject>,
    /// The program to measure; this repository's where absent.
    pub(crate) program: Option<PathBuf>,
}

impl Arguments {
    /// Reads the words after the program's name; none where help is asked for.
    ///
    /// # Errors
    /// What is wrong with them.
    pub(crate) fn parse(words: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut arguments = Self {
            rounds: 5,
            on: None,
            program: None,
        };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--help" | "-h" => return Ok(None),
                "--rounds" => {
                    arguments.rounds = match value()?.parse() {
                        Ok(rounds) if rounds > 0 => rounds,
                        _ => return Err("--rounds takes a number from 1".to_owned()),
                    }
                }
                "--on" => {
                    arguments.on = Some(match value()?.as_str() {
                        "reference" => Subject::Reference,
                        "generated" => Subject::Generated,
                        "derivations" => Subject::Derivations,
                        "cases" => Subject::Cases,
                        "hosts" => Subject::Hosts,
                        "graphs" => Subject::Graphs,
                        other => return Err(format!("nothing to measure is called `{other}`")),
                    });
                }
                "--program" => arguments.program = Some(value()?.into()),
                other => return Err(format!("unknown argument `{other}`; see --help")),
            }
        }
        Ok(Some(arguments))
    }

    /// Whether this is to be measured.
    pub(crate) fn includes(&self, subject: Subject) -> bool {
        self.on.is_none_or(|on| on == subject)
    }
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Subject};

    fn parse(line: &str) -> Result<Option<Arguments>, String> {
        Arguments::parse(line.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn everything_is_measured_where_nothing_else_is_said() {
        let arguments = parse("").unwrap().unwrap();
        assert_eq!(arguments.rounds, 5);
        assert!(arguments.includes(Subject::Reference) && arguments.includes(Subject::Cases));
        let arguments = parse("--on generated --rounds 3").unwrap().unwrap();
        assert_eq!(arguments.rounds, 3);
        assert!(arguments.includes(Subject::Generated) && !arguments.includes(Subject::Cases));
        assert_eq!(parse("--rounds 3 --help"), Ok(None));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for wrong in [
            "--rounds",
            "--rounds 0",
            "--rounds x",
            "--on",
            "--on mars",
            "--program",
            "5",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
