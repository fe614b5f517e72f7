//! `snapshot`: what there is, beside what was accepted.

use nix_parity_core::case::{Attribute, SnapshotCheck, SnapshotPart};
use nix_parity_core::demand::Demand;
use nix_parity_core::id::TestId;
use nix_parity_core::location::{Located, Location};
use nix_parity_core::observation::Observation;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::outcome::{Finding, Outcome, Problem};
use nix_parity_core::value::Value;

use super::expect::{describe, suggestion};
use super::{Judge, Verdict, finding, mismatch, outcome, unanswered};
use crate::nix::Subject;
use crate::snapshot::{self, Folder, Header, Name, Reduced, Taken, changes};

/// Why there is no text of a part.
enum NoText {
    /// Something is wrong.
    Wrong(Vec<Finding>),
    /// Only a build could tell.
    Unknown(String),
}

impl From<Finding> for NoText {
    fn from(finding: Finding) -> Self {
        Self::Wrong(vec![finding])
    }
}

impl Judge<'_> {
    pub(super) fn snapshot(&mut self, id: &TestId, check: &SnapshotCheck) -> Verdict {
        let (mut findings, mut unknown, mut snapshots) = (Vec::new(), Vec::new(), Vec::new());
        for part in &check.parts {
            let text = match &part.value {
                SnapshotPart::Derivation(of) => self.graph(of, &part.location),
                SnapshotPart::Closure(of) => {
                    self.graph(of, &part.location).map(|text| closure(&text))
                }
                SnapshotPart::Options(paths) => self.options(paths, &part.location),
                SnapshotPart::Files(paths) => self.files(paths, &part.location),
            };
            match text {
                Ok(body) => {
                    let name = Name::new(
                        id,
                        part.value.kind(),
                        self.oracle.terms().profile.as_deref(),
                    );
                    let kind = part.value.kind();
                    let accepted = match self.accepted(&name, kind, &part.location) {
                        Ok(accepted) => accepted,
                        Err(unreadable) => {
                            findings.push(*unreadable);
                            continue;
                        }
                    };
                    let taken = Taken::new(name, header(id, part), &body, accepted.as_deref());
                    findings.extend(compare(&taken, accepted.as_deref(), &part.location));
                    snapshots.push(taken);
                }
                Err(NoText::Wrong(more)) => findings.extend(more),
                Err(NoText::Unknown(reason)) => unknown.push(reason),
            }
        }
        let unknown = unknown.join("; ");
        let (outcome, note) = match outcome(findings) {
            Outcome::Pass if !unknown.is_empty() => (Outcome::Skip { reason: unknown }, None),
            outcome => (outcome, Some(unknown).filter(|reason| !reason.is_empty())),
        };
        Verdict {
            note,
            snapshots,
            ..Verdict::of(outcome)
        }
    }

    fn graph(&mut self, of: &Attribute, at: &Location) -> Result<String, NoText> {
        let subject = Subject::Graph {
            of: of.path().cloned(),
            noise: self.oracle.terms().noise.clone(),
        };
        let wrong = |got| NoText::from(finding(&of.to_string(), at, mismatch("a derivation", got)));
        match (self.value(subject, &of.to_string(), of.path(), at)?, of) {
            (Some(Value::String(text)), _) => Ok(text),
            _ => Err(wrong("something else")),
        }
    }

    fn options(&mut self, paths: &[OptionPath], at: &Location) -> Result<String, NoText> {
        let (mut entries, mut wrong) = (Vec::new(), Vec::new());
        for path in paths {
            let subject = Subject::Option {
                path: path.clone(),
                demand: Demand::Full { paths: false },
            };
            match self.value(subject, &path.to_string(), Some(path), at) {
                Ok(Some(value)) => {
                    let shown = self.oracle.redaction().shown(path, &value);
                    entries.extend(snapshot::option(path, shown.as_ref().unwrap_or(&value)));
                }
                Ok(None) => entries.push(snapshot::no_value(path)),
                Err(NoText::Wrong(more)) => wrong.extend(more),
                Err(unknown) => return Err(unknown),
            }
        }
        if wrong.is_empty() {
            Ok(entries.join("\n"))
        } else {
            Err(NoText::Wrong(wrong))
        }
    }

    fn files(&mut self, paths: &[String], at: &Location) -> Result<String, NoText> {
        let mut texts = Vec::new();
        for path in paths {
            let subject = Subject::File {
                path: path.as_str().into(),
            };
            let as_path = OptionPath::from_segments(vec![path.clone()]);
            match self.value(subject, path, as_path.as_ref(), at)? {
                Some(Value::Attrs(file)) => match (file.get("text"), file.get("unknown")) {
                    (Some(text), _) => {
                        let option = snapshot::option_of_file(self.host.platform, path);
                        let shown =
                            option.and_then(|path| self.oracle.redaction().shown(&path, text));
                        texts.push((path.as_str(), shown.unwrap_or_else(|| text.clone())));
                    }
                    (_, Some(Value::String(why))) => {
                        return Err(NoText::Unknown(format!("{path} is not known: {why}")));
                    }
                    _ => return Err(finding(path, at, mismatch("a text", "something else")).into()),
                },
                _ => return Err(finding(path, at, mismatch("a text", "something else")).into()),
            }
        }
        Ok(snapshot::files(&texts).join("\n"))
    }

    /// The value that is asked for; `None` where an option is declared and has none.
    /// `path` is what is looked for, to tell what there is instead.
    fn value(
        &mut self,
        subject: Subject,
        called: &str,
        path: Option<&OptionPath>,
        at: &Location,
    ) -> Result<Option<Value>, NoText> {
        match self.ask(subject) {
            Err(failure) => Err(unanswered(called, at, failure).into()),
            Ok(Observation::Value(value)) => Ok(Some(value)),
            Ok(Observation::Missing(missing)) if missing.undefined => Ok(None),
            Ok(Observation::Missing(missing)) => {
                let got = path.map_or_else(String::new, |path| describe(path, &missing));
                let mut found =
                    finding(called, at, mismatch("something to take a snapshot of", got));
                found
                    .notes
                    .extend(path.and_then(|path| suggestion(path, &missing)));
                Err(found.into())
            }
            Ok(Observation::Threw(error) | Observation::Failed(error)) => {
                Err(self.broken(called, at, path, error).into())
            }
        }
    }
}

fn header(id: &TestId, part: &Located<SnapshotPart>) -> Header {
    Header {
        source: part.location.file.to_string(),
        test: id.to_string(),
        kind: part.value.kind().to_owned(),
        attribute: part.value.to_string(),
    }
}

/// The names and versions in the text of a snapshot of derivations.
fn closure(text: &str) -> String {
    Reduced::parse(text).map_or_else(|_| String::new(), |reduced| reduced.closure())
}

/// What is wrong with a snapshot, if anything is.
fn compare(taken: &Taken, accepted: Option<&str>, at: &Location) -> Option<Finding> {
    if taken.is_accepted {
        return None;
    }
    let changes = accepted.map(|old| changes(&taken.header.kind, old, &taken.body));
    let problem = Problem::Snapshot {
        file: Folder::file(&taken.name),
        accepted: accepted.is_some(),
        changes: changes.unwrap_or_default(),
    };
    let mut found = finding(&taken.header.kind, at, problem);
    found
        .notes
        .push("`nix-parity review` shows all of it, and accepts it".to_owned());
    Some(found)
}
