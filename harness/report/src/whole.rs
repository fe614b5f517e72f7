//! All of a run, for reports that are one document and are written when it has ended.

use std::collections::HashMap;
use std::sync::Arc;

use nix_parity_core::event::Event;
use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Summary, TestResult};

use crate::run::Run;

/// A run with each of its results. Of one that did not come to its end, what is known.
#[derive(Debug, Default)]
pub struct WholeRun {
    pub(crate) run: Run,
    /// Results, in the order in which they came.
    pub(crate) results: Vec<TestResult>,
    /// What the user should know besides.
    pub(crate) warnings: Vec<String>,
    /// The lines at places that results point at.
    sources: HashMap<(Arc<str>, u32), Excerpt>,
    /// How the run ended; absent when its events end before it did.
    pub(crate) finished: Option<Summary>,
}

impl WholeRun {
    /// Takes the next event into account.
    pub fn take(&mut self, event: &Event) {
        self.run.take(event);
        match event {
            Event::TestFinished(result) => self.results.push(result.clone()),
            Event::Warning { message } => self.warnings.push(message.clone()),
            Event::RunFinished { summary } => self.finished = Some(summary.clone()),
            Event::Source(excerpt) => {
                let place = (Arc::clone(&excerpt.location.file), excerpt.location.line);
                self.sources.insert(place, excerpt.clone());
            }
            Event::RunStarted { .. }
            | Event::HostStarted { .. }
            | Event::HostActivity { .. }
            | Event::HostSystem { .. }
            | Event::HostFinished { .. } => {}
        }
    }

    /// Whether nothing was heard of a run: it never began, and there is nothing to report.
    pub fn is_empty(&self) -> bool {
        self.run.hosts.is_empty() && self.results.is_empty() && self.finished.is_none()
    }

    /// Results, in the order in which they came.
    pub fn results(&self) -> &[TestResult] {
        &self.results
    }

    /// The lines around a place, where they were told.
    pub(crate) fn source(&self, location: &Location) -> Option<&Excerpt> {
        let place = (Arc::clone(&location.file), location.line);
        self.sources.get(&place)
    }

    /// The counts: those of the end, or of the results where there is none.
    pub(crate) fn summary(&self) -> Summary {
        self.finished.clone().unwrap_or_else(|| Summary {
            hosts: self.run.hosts.len(),
            ..self.run.counted.clone()
        })
    }

    /// Tests that were planned and of which nothing is known.
    pub(crate) fn undecided(&self) -> usize {
        self.run.planned().saturating_sub(self.summary().total())
    }

    /// The results of each host, by case.
    pub(crate) fn by_host(&self) -> HashMap<&str, Vec<&TestResult>> {
        let mut hosts: HashMap<&str, Vec<&TestResult>> = HashMap::new();
        for result in &self.results {
            hosts.entry(&result.id.host).or_default().push(result);
        }
        for results in hosts.values_mut() {
            results.sort_by_key(|r| (&r.location, &r.id));
        }
        hosts
    }
}

/// Where the files of a report lie for whoever shows it.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// The project's folder from the top of its repository, without a slash at its end;
    /// empty where it is the top.
    pub project: String,
    /// The same for the flake's folder, which files of its configuration are named from.
    pub flake: String,
}

impl Places {
    /// A file of the project from the top of the repository; nothing for one that lies
    /// elsewhere.
    pub fn of_project(&self, file: &str) -> Option<String> {
        inside(&self.project, file)
    }

    /// The same for a file of the flake.
    pub fn of_flake(&self, file: &str) -> Option<String> {
        inside(&self.flake, file)
    }
}

fn inside(folder: &str, file: &str) -> Option<String> {
    let is_outside = file.is_empty()
        || file.starts_with(['/', '<', '«'])
        || file.split('/').any(|part| part == "..");
    let file = file.trim_start_matches("./");
    (!is_outside).then(|| match folder {
        "" => file.to_owned(),
        folder => format!("{folder}/{file}"),
    })
}

#[cfg(test)]
mod tests {
    use super::inside;

    #[test]
    fn files_are_named_from_the_top() {
        assert_eq!(inside("", "cases/a.yaml").as_deref(), Some("cases/a.yaml"));
        assert_eq!(inside("a/b", "./c.nix").as_deref(), Some("a/b/c.nix"));
        for outside in [
            "",
            "/etc/passwd",
            "<input>/a.nix",
            "«x»",
            "../a",
            "a/../../b",
        ] {
            assert_eq!(inside("a", outside), None, "{outside}");
        }
    }
}
