//! Files of an output.

use nix_parity_core::case::{Attribute, BuildCheck, FileCheck};
use nix_parity_core::host::Platform;
use nix_parity_core::location::Located;
use nix_parity_core::matcher::Matcher;
use nix_parity_core::outcome::{Finding, Problem};
use nix_parity_core::value::Value;

use crate::artefact::{Entry, File, Found, look};
use crate::judge::{Judge, finding, mismatch};
use crate::snapshot::option_of_file;

/// What stands for a text that is hidden.
const HIDDEN: &str = "<redacted>";

impl Judge<'_> {
    /// What is wrong with the files of an output.
    pub(super) fn built_files(&mut self, check: &BuildCheck, output: &str) -> Vec<Finding> {
        let files = check.files.iter();
        files
            .flat_map(|file| self.built_file(check, file, output))
            .collect()
    }

    fn built_file(&mut self, check: &BuildCheck, file: &FileCheck, output: &str) -> Vec<Finding> {
        let Some(root) = self.oracle.terms().place.root() else {
            let store = self.oracle.terms().place.store.clone().unwrap_or_default();
            let message = format!("its files are in the store {store}, not on this machine");
            return vec![self.unknown(&file.path, &file.location, message)];
        };
        let entry = match look(&root, output, &file.path) {
            Ok(entry) => entry,
            Err(error) => {
                let message = format!("it cannot be looked at: {error}");
                return vec![self.unknown(&file.path, &file.location, message)];
            }
        };
        let wrong = |problem| vec![finding(&file.path, &file.location, problem)];
        match entry {
            None if file.exists => wrong(mismatch("a file", "nothing is there")),
            None => Vec::new(),
            Some(entry) if !file.exists => wrong(mismatch("nothing", kind(&entry))),
            Some(entry) => self.compared(check, file, &entry),
        }
    }

    /// What is wrong with what is there.
    fn compared(&mut self, check: &BuildCheck, file: &FileCheck, entry: &Entry) -> Vec<Finding> {
        let mut findings = Vec::new();
        let is_hidden = self.hides(check, &file.path);
        if let Some(pattern) = &file.target {
            let target = entry.target.clone().map(Value::String);
            let problem = match &target {
                Some(target) => unlike(pattern, target, false),
                None => Some(mismatch("a link", kind(entry))),
            };
            let subject = format!("the target of {}", file.path);
            findings.extend(problem.map(|p| finding(&subject, &pattern.location, p)));
            // The link was meant, not what it leads to.
            if file.mode.is_none() && file.contents.is_none() {
                return findings;
            }
        }
        let (mode, contents) = match &entry.found {
            Found::Astray(why) => {
                let message = format!("it {why}");
                findings.push(self.unknown(&file.path, &file.location, message));
                return findings;
            }
            Found::Dangling { .. } => {
                let problem = mismatch("a file", kind(entry));
                findings.push(finding(&file.path, &file.location, problem));
                return findings;
            }
            Found::Folder { mode } => (*mode, None),
            Found::File(found) => (found.mode, Some(found)),
        };
        if let Some(wanted) = file.mode.as_ref().filter(|wanted| wanted.value != mode) {
            let problem = mismatch(format!("{:04o}", wanted.value), format!("{mode:04o}"));
            let subject = format!("the mode of {}", file.path);
            findings.push(finding(&subject, &wanted.location, problem));
        }
        if let Some(pattern) = &file.contents {
            findings.extend(self.unlike_text(file, contents, pattern, is_hidden));
        }
        findings
    }

    fn unlike_text(
        &mut self,
        file: &FileCheck,
        found: Option<&File>,
        pattern: &Located<Matcher>,
        is_hidden: bool,
    ) -> Option<Finding> {
        let Some(found) = found else {
            let problem = mismatch("a file with a text", "a folder");
            return Some(finding(&file.path, &pattern.location, problem));
        };
        match found.text() {
            Ok(text) => {
                let problem = unlike(pattern, &Value::String(text), is_hidden)?;
                Some(finding(&file.path, &pattern.location, problem))
            }
            Err(why) => Some(self.unknown(&file.path, &pattern.location, format!("it {why}"))),
        }
    }

    /// Whether a file's text is the value of an option that is hidden.
    fn hides(&self, check: &BuildCheck, path: &str) -> bool {
        let redaction = self.oracle.redaction();
        match &check.attribute {
            Attribute::Path(attribute) => redaction.hides(attribute),
            Attribute::System => {
                let path = match self.host.platform {
                    Platform::Home => path.strip_prefix("home-files/").unwrap_or(path),
                    Platform::Darwin | Platform::Nixos => path,
                };
                let option = option_of_file(self.host.platform, path);
                option.is_some_and(|option| redaction.hides(&option))
            }
        }
    }
}

/// What is wrong with a text.
fn unlike(pattern: &Located<Matcher>, text: &Value, is_hidden: bool) -> Option<Problem> {
    let wrong = pattern.value.check(Some(text)).err()?;
    Some(Problem::Mismatch {
        at: wrong.at,
        expected: wrong.expected,
        got: if is_hidden {
            HIDDEN.to_owned()
        } else {
            wrong.got
        },
    })
}

/// What is there, in words.
fn kind(entry: &Entry) -> String {
    let word = match &entry.found {
        Found::File(_) => "a file",
        Found::Folder { .. } => "a folder",
        Found::Dangling { to } => return format!("a link to {to}, where nothing is"),
        Found::Astray(why) => return format!("a link that {why}"),
    };
    word.to_owned()
}
