//! `nix-parity review`.

use std::collections::BTreeSet;
use std::io::{self, BufRead, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_engine::plan::Plan;
use nix_parity_engine::run::Engine;
use nix_parity_engine::snapshot::{Folder, Name, Pending, Unreadable, changes, unreferenced};
use serde_json::json;

use super::{Problem, load, options};
use crate::args::{Format, Global, Review, Unreferenced};
use crate::output::{Output, lines};

pub(super) fn run(global: &Global, args: &Review, output: &Output) -> Result<Exit, Problem> {
    let project = load(global)?;
    let never = Arc::new(AtomicBool::new(false));
    let engine = Engine::new(&project, options(global), &never)?;
    let folder = engine.snapshots();
    let orphans = if args.names.is_empty() {
        let (plan, problems) = Plan::new(&project.suites, &engine.hosts()?);
        if !problems.is_empty() {
            return Err(Problem::input(project.with_sources(problems)));
        }
        engine.orphans(&plan).map_err(|e| unusable(&e))?
    } else {
        BTreeSet::new()
    };
    let Found {
        pending,
        unreadable,
    } = find(&folder, |name| {
        !orphans.contains(name) && is_named(&args.names, name)
    })?;
    if pending.is_empty() && unreadable.is_empty() && !args.names.is_empty() {
        let none = Diagnostic::new("no pending snapshot is called so")
            .note("`nix-parity review` shows all that are pending");
        return Err(Problem {
            exit: Exit::Nothing,
            diagnostics: vec![none],
        });
    }
    let mut review = Reviewing {
        folder: &folder,
        format: global.format,
        output,
        left: 0,
    };
    let answer = match (args.accept, args.reject) {
        (true, _) => Some(Answer::Accept),
        (_, true) => Some(Answer::Reject),
        _ => None,
    };
    match answer {
        Some(answer) => pending.iter().try_for_each(|p| review.settle(p, answer))?,
        None if pending.is_empty() => {}
        None if global.format == Format::Human && io::stdin().is_terminal() => {
            review.ask(&pending, &mut io::stdin().lock())?;
        }
        None => return Err(with(review.nobody(&pending), &unreadable)),
    }
    let exit = if review.left > 0 {
        Exit::Failed
    } else {
        Exit::Success
    };
    if pending.is_empty()
        && unreadable.is_empty()
        && orphans.is_empty()
        && global.format == Format::Human
    {
        lines(["no snapshot is pending"]).map_err(Problem::machine)?;
    }
    if args.unreferenced == Some(Unreferenced::Delete) {
        for name in &orphans {
            folder.remove(name).map_err(|e| unusable(&e))?;
            review.say("removed", name)?;
        }
    } else if !orphans.is_empty() {
        return Err(with(Problem::input(unreferenced(&orphans)), &unreadable));
    }
    if unreadable.is_empty() {
        return Ok(exit);
    }
    let none = Problem {
        exit: Exit::Machine,
        diagnostics: Vec::new(),
    };
    Err(with(none, &unreadable))
}

/// What waits.
struct Found {
    pending: Vec<Pending>,
    /// What cannot be held against what was accepted: nobody may accept it unseen.
    unreadable: Vec<Unreadable>,
}

fn find(folder: &Folder, is_wanted: impl Fn(&Name) -> bool) -> Result<Found, Problem> {
    let mut found = Found {
        pending: Vec::new(),
        unreadable: Vec::new(),
    };
    for (name, waits) in folder.pending().map_err(|e| unusable(&e))? {
        match waits {
            _ if !is_wanted(&name) => {}
            Ok(pending) => found.pending.push(pending),
            Err(unreadable) => found.unreadable.push(unreadable),
        }
    }
    Ok(found)
}

/// A problem with what else is to be said.
fn with(mut problem: Problem, unreadable: &[Unreadable]) -> Problem {
    let diagnostic = |file: &Unreadable| Diagnostic::new(file.to_string()).note(file.advice());
    problem
        .diagnostics
        .extend(unreadable.iter().map(diagnostic));
    problem
}

/// The folder of snapshots cannot be read or written.
pub(super) fn unusable(error: &io::Error) -> Problem {
    Problem::machine(format!("the snapshots cannot be used: {error}"))
}

fn is_named(names: &[String], name: &Name) -> bool {
    let file = Folder::file(name);
    names.is_empty() || names.iter().any(|part| file.contains(part.as_str()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Accept,
    Reject,
    Skip,
    Quit,
}

impl Answer {
    fn parse(line: &str) -> Option<Self> {
        match line.trim() {
            "a" | "accept" => Some(Self::Accept),
            "r" | "reject" => Some(Self::Reject),
            "s" | "skip" => Some(Self::Skip),
            "q" | "quit" => Some(Self::Quit),
            _ => None,
        }
    }
}

struct Reviewing<'a> {
    folder: &'a Folder,
    format: Format,
    output: &'a Output,
    /// How many are still pending.
    left: usize,
}

impl Reviewing<'_> {
    /// Shows one after the other, and does with each what the input says.
    fn ask(&mut self, pending: &[Pending], input: &mut impl BufRead) -> Result<(), Problem> {
        for (number, snapshot) in pending.iter().enumerate() {
            self.output.review(snapshot);
            let answer = Self::answer(input, pending.len() - number)?;
            if answer == Answer::Quit {
                self.left += pending.len() - number;
                break;
            }
            self.settle(snapshot, answer)?;
        }
        Ok(())
    }

    /// What the input says; the end of it is to quit.
    fn answer(input: &mut impl BufRead, left: usize) -> Result<Answer, Problem> {
        loop {
            lines([format!(
                "{left} pending: (a)ccept, (r)eject, (s)kip or (q)uit?"
            )])
            .map_err(Problem::machine)?;
            let mut line = String::new();
            let read = input.read_line(&mut line);
            if read.map_err(|e| Problem::machine(format!("no answer can be read: {e}")))? == 0 {
                return Ok(Answer::Quit);
            }
            if let Some(answer) = Answer::parse(&line) {
                return Ok(answer);
            }
        }
    }

    fn settle(&mut self, snapshot: &Pending, answer: Answer) -> Result<(), Problem> {
        let name = &snapshot.name;
        match answer {
            Answer::Accept => {
                self.folder.accept(name).map_err(|e| unusable(&e))?;
                self.say("accepted", name)?;
            }
            Answer::Reject => {
                self.folder.reject(name).map_err(|e| unusable(&e))?;
                self.say("rejected", name)?;
            }
            Answer::Skip | Answer::Quit => self.left += 1,
        }
        Ok(())
    }

    /// Shows all of them to somebody who cannot answer.
    fn nobody(&self, pending: &[Pending]) -> Problem {
        for snapshot in pending {
            match self.format {
                Format::Human => self.output.review(snapshot),
                Format::Jsonl => {
                    if let Err(lost) = Self::say_pending(snapshot) {
                        return Problem::machine(lost);
                    }
                }
            }
        }
        let message = "nobody can be asked: standard input is not a terminal";
        Problem::input(vec![Diagnostic::new(message).note(
            "`nix-parity review --accept` accepts what is shown, `--reject` removes it",
        )])
    }

    fn say(&self, what: &str, name: &Name) -> Result<(), Problem> {
        let file = Folder::file(name);
        lines([match self.format {
            Format::Human => format!("{what} {file}"),
            Format::Jsonl => json!({"snapshot": file, "is": what}).to_string(),
        }])
        .map_err(Problem::machine)
    }

    fn say_pending(snapshot: &Pending) -> Result<(), String> {
        let kind = snapshot.name.kind();
        let old = snapshot.old.as_deref();
        lines([json!({
            "snapshot": Folder::file(&snapshot.name),
            "is": "pending",
            "changes": old.map(|old| changes(kind, old, &snapshot.new)),
        })
        .to_string()])
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use nix_parity_engine::snapshot::Folder;

    use super::Reviewing;
    use crate::args::{Color, Format};
    use crate::output::Output;

    /// What is left of three pending snapshots after these answers.
    fn after(answers: &str) -> (Vec<String>, usize) {
        let dir = tempfile::tempdir().unwrap();
        let host = dir.path().join("snapshots/h");
        fs::create_dir_all(&host).unwrap();
        for name in ["a", "b", "c"] {
            let file = host.join(format!("s__{name}@files.snap.new"));
            fs::write(file, "---\nsource: x\n---\ntext\n").unwrap();
        }
        let folder = Folder::of_project(dir.path());
        let output = Output::new(Color::Never);
        let mut review = Reviewing {
            folder: &folder,
            format: Format::Human,
            output: &output,
            left: 0,
        };
        let pending = folder.pending().unwrap().into_iter();
        let pending: Vec<_> = pending.map(|(_, waits)| waits.unwrap()).collect();
        let asked = review.ask(&pending, &mut answers.as_bytes());
        assert!(asked.is_ok());
        let left = review.left;
        let files = fs::read_dir(host).unwrap();
        let mut files: Vec<_> = files
            .map(|f| f.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        (files, left)
    }

    #[test]
    fn each_answer_is_followed() {
        let (files, left) = after("a\nwhat\nr\ns\n");
        assert_eq!(files, ["s__a@files.snap", "s__c@files.snap.new"]);
        assert_eq!(left, 1);
    }

    #[test]
    fn quitting_and_the_end_of_the_input_leave_the_rest() {
        for answers in ["a\nq\n", "a\n"] {
            let (files, left) = after(answers);
            assert_eq!(
                files,
                [
                    "s__a@files.snap",
                    "s__b@files.snap.new",
                    "s__c@files.snap.new"
                ]
            );
            assert_eq!(left, 2);
        }
    }
}
