//! `reuse`: the share of a configuration that hosts of several platforms use. A file
//! counts for a platform when a definition of it survives on a host of that platform:
//! to be read there is not enough.

use std::collections::{BTreeMap, BTreeSet};

use nix_parity_core::case::ReuseCheck;
use nix_parity_core::host::Platform;
use nix_parity_core::location::Located;
use nix_parity_core::outcome::Finding;
use nix_parity_core::percent::Percent;
use nix_parity_core::value::Value;

use super::super::{Judge, finding, mismatch};
use super::code::lines_of_code;
use super::{Judged, Library, Survey, Surveyed, on_host};
use crate::nix::Subject;

const CALLED: &str = "the files that set options";

/// How many files that are not shared a failure names.
const MOST: usize = 20;

impl Judge<'_> {
    pub(super) fn contributing_files(
        &mut self,
        check: &ReuseCheck,
    ) -> Result<BTreeSet<String>, Box<Finding>> {
        let at = &check.lines.location;
        match self.value_of(Subject::Contributions, CALLED, at)? {
            Value::List(files) => Ok(files
                .into_iter()
                .filter_map(|file| match file {
                    Value::String(file) => Some(without_option(file)),
                    _ => None,
                })
                .filter(|file| check.counts(file))
                .collect()),
            other => {
                let problem = mismatch("files", other.pretty());
                Err(Box::new(finding(CALLED, at, problem)))
            }
        }
    }
}

/// The module system calls a module that an option holds `FILE, via option NAME`.
fn without_option(file: String) -> String {
    match file.split_once(", via option ") {
        Some((file, _)) => file.to_owned(),
        None => file,
    }
}

/// A file of the configuration.
struct File {
    name: String,
    lines: u64,
    platforms: BTreeSet<Platform>,
}

pub(super) fn judge(
    check: &ReuseCheck,
    hosts: &[Surveyed<'_>],
    library: &mut dyn Library,
) -> Judged {
    let mut judged = Judged::default();
    let mut users: BTreeMap<&str, BTreeSet<Platform>> = BTreeMap::new();
    for (host, survey) in hosts {
        match survey {
            Survey::Files(Ok(files)) => {
                for file in files {
                    let platforms = users.entry(file).or_default();
                    platforms.insert(host.host.platform);
                }
            }
            Survey::Files(Err(finding)) => judged.findings.push(on_host(host, finding)),
            _ => {}
        }
    }
    if !judged.findings.is_empty() {
        return judged;
    }
    let mut files: Vec<File> = users
        .into_iter()
        // What cannot be read is no file of the flake, such as a module in a string.
        .filter_map(|(name, platforms)| {
            let text = library.source(name)?;
            Some(File {
                lines: lines_of_code(&text),
                name: name.to_owned(),
                platforms,
            })
        })
        .collect();
    if files.is_empty() {
        let problem = mismatch(
            format!("files of {}", check.roots.join(", ")),
            "no host has an option that one of them sets",
        );
        judged
            .findings
            .push(finding("reuse", &check.lines.location, problem));
        return judged;
    }
    // The longest first: those are worth sharing.
    files.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.name.cmp(&b.name)));
    let (shared, others): (Vec<_>, Vec<_>) = files
        .iter()
        .partition(|file| check.between.iter().all(|p| file.platforms.contains(p)));
    let sum = |files: &[&File]| files.iter().map(|file| file.lines).sum::<u64>();
    let count = |files: &[&File]| files.len() as u64;
    let lines = Share::new("lines", sum(&shared), sum(&shared) + sum(&others));
    let number = Share::new("files", count(&shared), count(&shared) + count(&others));
    let listing: Vec<_> = others.iter().map(|file| only(file)).collect();
    for (share, wanted) in [
        (&lines, Some(&check.lines)),
        (&number, check.files.as_ref()),
    ] {
        if let Some(wanted) = wanted.filter(|wanted| share.percent() < wanted.value) {
            judged.findings.push(too_little(share, wanted));
        }
    }
    if let Some(last) = judged.findings.last_mut() {
        last.notes.extend(listing.iter().take(MOST).cloned());
        let more = listing.len().saturating_sub(MOST);
        if more > 0 {
            last.notes.push(format!("and {more} more"));
        }
    }
    if judged.findings.is_empty() {
        judged.note = Some(format!("{lines} and {number} are shared"));
        judged.details = listing;
    }
    judged
}

/// A part of a whole.
struct Share {
    of: &'static str,
    part: u64,
    whole: u64,
}

impl Share {
    const fn new(of: &'static str, part: u64, whole: u64) -> Self {
        Self { of, part, whole }
    }

    fn percent(&self) -> Percent {
        Percent::of(self.part, self.whole)
    }
}

impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { of, part, whole } = self;
        write!(f, "{} of {of} ({part} of {whole})", self.percent())
    }
}

fn only(file: &File) -> String {
    let platforms: Vec<_> = file.platforms.iter().map(|p| p.name()).collect();
    let lines = match file.lines {
        1 => "1 line".to_owned(),
        n => format!("{n} lines"),
    };
    format!("only {}: {}, {lines}", platforms.join(", "), file.name)
}

fn too_little(share: &Share, wanted: &Located<Percent>) -> Finding {
    let problem = mismatch(
        format!("at least {} of {} shared", wanted.value, share.of),
        share.to_string(),
    );
    finding("reuse", &wanted.location, problem)
}
