//! `package_parity`: the same programs on all hosts, whatever installs them.

use std::collections::BTreeSet;

use nix_parity_core::case::PackageParityCheck;
use nix_parity_core::outcome::{Finding, Problem, Shared};
use nix_parity_core::package_map::{PackageMap, Program};
use nix_parity_core::value::Value;

use super::super::{Judge, finding, mismatch};
use super::{Judged, Library, Survey, Surveyed, on_host, sides};
use crate::nix::Subject;

/// The names of what is installed on a host.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Programs {
    nixpkgs: BTreeSet<String>,
    brews: BTreeSet<String>,
    casks: BTreeSet<String>,
}

impl Programs {
    fn read(answer: &Value) -> Option<Self> {
        let Value::Attrs(answer) = answer else {
            return None;
        };
        let names = |kind: &str| {
            let Some(Value::List(names)) = answer.get(kind) else {
                return None;
            };
            let names = names.iter().map(|name| match name {
                Value::String(name) => Some(name.clone()),
                _ => None,
            });
            names.collect::<Option<BTreeSet<_>>>()
        };
        Some(Self {
            nixpkgs: names("nixpkgs")?,
            brews: names("brews")?.into_iter().map(without_tap).collect(),
            casks: names("casks")?.into_iter().map(without_tap).collect(),
        })
    }

    /// What installs a program here.
    fn source(&self, program: &Program) -> Option<String> {
        let found = |names: &BTreeSet<String>, name: &Option<String>| {
            let name = name.as_ref()?;
            names.contains(name).then(|| name.clone())
        };
        let nixpkgs = found(&self.nixpkgs, &program.nixpkgs).map(|n| format!("package {n}"));
        nixpkgs
            .or_else(|| found(&self.casks, &program.cask).map(|n| format!("cask {n}")))
            .or_else(|| found(&self.brews, &program.brew).map(|n| format!("formula {n}")))
    }
}

/// `user/tap/name` is called `name` by people and by the map.
fn without_tap(name: String) -> String {
    match name.rsplit_once('/') {
        Some((_, last)) => last.to_owned(),
        None => name,
    }
}

impl Judge<'_> {
    pub(super) fn programs(
        &mut self,
        check: &PackageParityCheck,
    ) -> Result<Programs, Box<Finding>> {
        const CALLED: &str = "what is installed";
        let at = &check.mapping.location;
        let value = self.value_of(Subject::Programs, CALLED, at)?;
        let other = || Box::new(finding(CALLED, at, mismatch("names", value.pretty())));
        Programs::read(&value).ok_or_else(other)
    }
}

pub(super) fn judge(
    check: &PackageParityCheck,
    hosts: &[Surveyed<'_>],
    library: &dyn Library,
) -> Judged {
    let mut judged = Judged::default();
    let mut installed = Vec::new();
    for (host, survey) in hosts {
        match survey {
            Survey::Programs(Ok(programs)) => installed.push((*host, programs)),
            Survey::Programs(Err(finding)) => judged.findings.push(on_host(host, finding)),
            _ => {}
        }
    }
    // Whoever reads the cases has read the map.
    let Some(map) = library.package_map(&check.mapping.value) else {
        return judged;
    };
    if installed.len() == hosts.len() {
        for program in &map.programs {
            let found = compare(program, &installed);
            if found.is_none() {
                judged.shared.extend(shared(program, &installed));
            }
            judged.findings.extend(found);
        }
    }
    judged
        .findings
        .extend(installed.iter().flat_map(|(host, programs)| {
            unmapped(map, programs)
                .into_iter()
                .map(|(kind, name)| {
                    let got = format!("{host}'s Homebrew installs it", host = host.label);
                    let problem = mismatch(format!("a program of {}", check.mapping.value), got);
                    let mut found =
                        finding(&format!("{kind} {name}"), &check.mapping.location, problem);
                    let note = "map it to its package, or say `only: darwin` and why";
                    found.notes.push(note.to_owned());
                    found
                })
                .collect::<Vec<_>>()
        }));
    judged
}

/// What is wrong with a program, if anything is.
fn compare(
    program: &Program,
    installed: &[(&crate::plan::Participant, &Programs)],
) -> Option<Finding> {
    let on = |host: &crate::plan::Participant| match &program.only {
        Some((platform, _)) => host.host.platform == *platform,
        None => true,
    };
    let sources: Vec<_> = installed
        .iter()
        .map(|(host, programs)| (*host, programs.source(program)))
        .collect();
    let has = |wanted: bool| {
        let mut hosts = sources.iter().filter(|(host, _)| on(host));
        hosts.any(|(_, source)| source.is_some() == wanted)
    };
    let elsewhere = sources
        .iter()
        .any(|(host, source)| !on(host) && source.is_some());
    let is_same = !(has(true) && has(false));
    if is_same && !elsewhere {
        return None;
    }
    let shown = sources
        .into_iter()
        .map(|(host, source)| (host, source.unwrap_or_else(|| "not installed".to_owned())));
    let problem = Problem::Disparity {
        at: String::new(),
        sides: sides(shown),
    };
    let mut found = finding(&program.name.value, &program.name.location, problem);
    if let Some((platform, reason)) = &program.only {
        found
            .notes
            .push(format!("mapped as only for {platform}: {reason}"));
    }
    Some(found)
}

/// A program that all hosts have, and what installs it.
fn shared(
    program: &Program,
    installed: &[(&crate::plan::Participant, &Programs)],
) -> Option<Shared> {
    let sources: Option<Vec<_>> = installed
        .iter()
        .map(|(host, programs)| Some((*host, programs.source(program)?)))
        .collect();
    Some(Shared {
        subject: program.name.value.clone(),
        sides: sides(sources?.into_iter()),
    })
}

/// What Homebrew installs and the map does not know.
fn unmapped(map: &PackageMap, programs: &Programs) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    for brew in &programs.brews {
        if !map.programs.iter().any(|p| p.brew.as_ref() == Some(brew)) {
            found.push(("formula", brew.clone()));
        }
    }
    for cask in &programs.casks {
        if !map.programs.iter().any(|p| p.cask.as_ref() == Some(cask)) {
            found.push(("cask", cask.clone()));
        }
    }
    found
}
