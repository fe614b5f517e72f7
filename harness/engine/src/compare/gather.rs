//! What is needed of the two sides, from two workers side by side. Each lives until
//! nothing more is asked, since who set a value is cheap to ask of a host that is
//! evaluated and dear of one that is not.

use std::sync::mpsc::{Receiver, Sender, channel};

use nix_parity_core::observation::Observation;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::Origin;
use nix_parity_core::value::Value;

use super::Also;
use crate::inspect::{Settings, Side};
use crate::judge::{Oracle, origins};
use crate::nix::Subject;
use crate::run::{Engine, EngineError};

/// What is needed of a side.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    /// Absent where it is no host.
    pub(super) settings: Option<Settings>,
    /// The path of the toplevel's derivation.
    pub(super) toplevel: String,
}

/// What is asked once the facts of both sides are known.
pub(super) enum Question {
    /// The values of options that nothing sets on this side.
    Values(Vec<OptionPath>),
    /// Who set these.
    Origins(Vec<OptionPath>),
}

/// A value, absent where it throws or is not there; or why it could not be found out.
pub(super) type Found = Result<Option<Value>, String>;

/// What is answered, one entry per path in their order.
enum Answer {
    Values(Vec<Found>),
    Origins(Vec<Vec<Origin>>),
}

/// A side whose worker waits for questions.
pub(super) struct Gathered {
    facts: Receiver<Result<Facts, EngineError>>,
    questions: Sender<Question>,
    answers: Receiver<Answer>,
}

impl Gathered {
    /// Begins to evaluate a side in a thread of the scope.
    pub(super) fn begin<'s>(
        scope: &'s std::thread::Scope<'s, '_>,
        engine: &'s Engine<'_>,
        side: &'s Side,
        also: Also<'s>,
    ) -> Self {
        let (facts_to, facts) = channel();
        let (questions, questions_from) = channel();
        let (answers_to, answers) = channel();
        scope.spawn(move || {
            gather(
                engine,
                (side, also),
                &facts_to,
                &questions_from,
                &answers_to,
            );
        });
        Self {
            facts,
            questions,
            answers,
        }
    }

    /// Waits for the facts.
    pub(super) fn facts(&self) -> Result<Facts, EngineError> {
        let ended = |_| {
            Err(EngineError::Machine(
                "a thread of the harness ended".to_owned(),
            ))
        };
        self.facts.recv().unwrap_or_else(ended)
    }

    /// The values of options.
    pub(super) fn values(&self, paths: Vec<OptionPath>) -> Vec<Found> {
        match self.ask(paths, Question::Values) {
            Some(Answer::Values(values)) => values,
            _ => Vec::new(),
        }
    }

    /// Who set options.
    pub(super) fn origins(&self, paths: Vec<OptionPath>) -> Vec<Vec<Origin>> {
        match self.ask(paths, Question::Origins) {
            Some(Answer::Origins(origins)) => origins,
            _ => Vec::new(),
        }
    }

    fn ask(
        &self,
        paths: Vec<OptionPath>,
        question: impl FnOnce(Vec<OptionPath>) -> Question,
    ) -> Option<Answer> {
        if paths.is_empty() {
            return None;
        }
        self.questions.send(question(paths)).ok()?;
        self.answers.recv().ok()
    }
}

fn gather(
    engine: &Engine<'_>,
    (any_side, also): (&Side, Also<'_>),
    facts: &Sender<Result<Facts, EngineError>>,
    questions: &Receiver<Question>,
    answers: &Sender<Answer>,
) {
    let tell = |found| {
        // Who does not listen has ended for a reason of their own.
        let _ = facts.send(found);
    };
    let side = match any_side {
        Side::Host(side) => side,
        Side::Derivation { path, settings, .. } => {
            tell(Ok(Facts {
                settings: settings.as_deref().cloned(),
                toplevel: path.clone(),
            }));
            // Of what was recorded no more is known.
            for question in questions {
                let _ = answers.send(match question {
                    Question::Values(paths) => {
                        Answer::Values(paths.iter().map(|_| Ok(None)).collect())
                    }
                    Question::Origins(paths) => {
                        Answer::Origins(paths.iter().map(|_| Vec::new()).collect())
                    }
                });
            }
            return;
        }
        Side::Accepted(_) => return tell(Err(super::no_derivations(any_side.label()))),
    };
    let asked = side.consult(engine, |oracle| {
        let found = Settings::of(oracle).map_err(EngineError::from);
        tell(found.and_then(|settings| {
            Ok(Facts {
                settings: Some(settings),
                toplevel: side.toplevel(engine, oracle)?,
            })
        }));
        also(any_side, oracle);
        for question in questions {
            let answer = match question {
                Question::Values(paths) => {
                    Answer::Values(paths.into_iter().map(|path| value(oracle, path)).collect())
                }
                Question::Origins(paths) => Answer::Origins(
                    paths
                        .iter()
                        .map(|path| origins(oracle, &side.host, path))
                        .collect(),
                ),
            };
            let _ = answers.send(answer);
        }
    });
    if let Err(error) = asked {
        tell(Err(error));
    }
}

fn value(oracle: &mut dyn Oracle, path: OptionPath) -> Found {
    match oracle.ask_host(Subject::SettingAt { path }) {
        Ok(Observation::Value(Value::Attrs(mut answer))) => Ok(answer.remove("value")),
        Ok(_) => Ok(None),
        Err(failure) => Err(failure.to_string()),
    }
}
