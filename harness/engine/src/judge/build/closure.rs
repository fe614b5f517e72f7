//! All that an output needs to run: its size, and what is in it.

use std::cmp::Reverse;
use std::collections::VecDeque;

use nix_parity_core::case::{ClosureCheck, NamePattern};
use nix_parity_core::id::TestId;
use nix_parity_core::location::Located;
use nix_parity_core::outcome::{Finding, Problem};
use nix_parity_core::percent::Percent;
use nix_parity_core::size;

use crate::judge::{Judge, finding, mismatch};
use crate::nix::ClosurePath;
use crate::snapshot::{Folder, Header, Name, Taken};

/// The kind of snapshot that a recorded size is.
pub const SIZE: &str = "size";

/// What findings about a closure are about.
const CLOSURE: &str = "closure";

/// So many of the largest paths are named where all are too large.
const LARGEST: usize = 3;

/// So many paths of one forbidden pattern are named.
const MOST: usize = 3;

/// What was found.
pub(super) struct Weighed {
    pub(super) findings: Vec<Finding>,
    pub(super) note: Option<String>,
    pub(super) snapshots: Vec<Taken>,
}

impl Judge<'_> {
    /// Holds a closure, itself first, against what is expected of it.
    pub(super) fn closure(
        &mut self,
        id: &TestId,
        attribute: &str,
        check: &ClosureCheck,
        paths: &[ClosurePath],
    ) -> Weighed {
        let bytes = paths.iter().map(|path| path.size).sum();
        let mut findings: Vec<_> = check
            .max_size
            .iter()
            .filter_map(|most| too_large(most, bytes, paths))
            .collect();
        findings.extend(
            check
                .forbid
                .iter()
                .flat_map(|pattern| forbidden(pattern, paths)),
        );
        findings.extend(
            check
                .require
                .iter()
                .filter_map(|pattern| lacking(pattern, paths)),
        );
        let is_weighed = check.max_size.is_some() || check.max_growth.is_some();
        let mut snapshots = Vec::new();
        if let Some(most) = &check.max_growth {
            match self.growth(id, attribute, most, bytes, paths.len()) {
                Ok((taken, found)) => {
                    snapshots.push(taken);
                    findings.extend(found);
                }
                Err(unreadable) => findings.push(*unreadable),
            }
        }
        Weighed {
            findings,
            note: is_weighed.then(|| {
                format!(
                    "the closure holds {} in {}",
                    size::show(bytes),
                    counted(paths.len())
                )
            }),
            snapshots,
        }
    }

    fn growth(
        &mut self,
        id: &TestId,
        attribute: &str,
        most: &Located<Percent>,
        bytes: u64,
        paths: usize,
    ) -> Result<(Taken, Option<Finding>), Box<Finding>> {
        let name = Name::new(id, SIZE, self.oracle.terms().profile.as_deref());
        let base = self.figures(&name, (SIZE, &most.location), recorded)?;
        let header = Header {
            source: most.location.file.to_string(),
            test: id.to_string(),
            kind: SIZE.to_owned(),
            attribute: attribute.to_owned(),
        };
        let body = format!("bytes {bytes}\npaths {paths}");
        let mut taken = Taken::new(name, header, &body, None);
        // Less than what was accepted, or little more, is as accepted.
        taken.is_accepted = base.is_some_and(|base| bytes <= most.value.added_to(base));
        if taken.is_accepted {
            return Ok((taken, None));
        }
        let change = |base: u64| {
            let more = Percent::of(bytes.saturating_sub(base), base);
            let (old, new) = (size::show(base), size::show(bytes));
            format!(
                "{old} → {new}, {more} more; {} more is let through",
                most.value
            )
        };
        let problem = Problem::Snapshot {
            file: Folder::file(&taken.name),
            accepted: base.is_some(),
            changes: base.map(change).into_iter().collect(),
        };
        let mut found = finding(SIZE, &most.location, problem);
        let advice = "`nix-parity review` accepts it as the new base";
        found.notes.push(advice.to_owned());
        Ok((taken, Some(found)))
    }
}

fn counted(paths: usize) -> String {
    match paths {
        1 => "1 path".to_owned(),
        n => format!("{n} paths"),
    }
}

/// The bytes of a recorded size; `None` where somebody changed it to what is none.
fn recorded(body: &str) -> Option<u64> {
    let line = body.lines().next()?;
    line.strip_prefix("bytes ")?.parse().ok()
}

fn too_large(most: &Located<u64>, bytes: u64, paths: &[ClosurePath]) -> Option<Finding> {
    if bytes <= most.value {
        return None;
    }
    let expected = format!("at most {}", size::show(most.value));
    let got = format!("{} in {}", size::show(bytes), counted(paths.len()));
    let mut found = finding(CLOSURE, &most.location, mismatch(expected, got));
    let mut largest: Vec<_> = paths.iter().collect();
    largest.sort_by_key(|path| Reverse(path.size));
    let largest: Vec<_> = largest
        .into_iter()
        .take(LARGEST)
        .map(|path| format!("{} {}", path.name(), size::show(path.size)))
        .collect();
    found
        .notes
        .push(format!("the largest: {}", largest.join(", ")));
    Some(found)
}

fn lacking(pattern: &NamePattern, paths: &[ClosurePath]) -> Option<Finding> {
    if paths.iter().any(|path| pattern.matches(path.name())) {
        return None;
    }
    let expected = format!("something called {}", pattern.text);
    let got = format!("nothing of that name in {}", counted(paths.len()));
    Some(finding(CLOSURE, &pattern.location, mismatch(expected, got)))
}

/// What is in a closure and should not be, each with why it is there.
fn forbidden(pattern: &NamePattern, paths: &[ClosurePath]) -> Vec<Finding> {
    let before = referrers(paths);
    let hits = paths.iter().enumerate();
    let hits: Vec<_> = hits
        .filter(|(_, path)| pattern.matches(path.name()))
        .collect();
    let shown = hits.iter().take(MOST).map(|(at, path)| {
        let got = format!(
            "{}: {}",
            path.name(),
            chain(*at, &before, paths).join(" → ")
        );
        let expected = format!("nothing called {}", pattern.text);
        finding(CLOSURE, &pattern.location, mismatch(expected, got))
    });
    let mut found: Vec<_> = shown.collect();
    let more = hits.len().saturating_sub(MOST);
    if let Some(last) = found.last_mut().filter(|_| more > 0) {
        last.notes
            .push(format!("and {more} more that {} matches", pattern.text));
    }
    found
}

/// For each path the one that refers to it on a shortest way from the output.
fn referrers(paths: &[ClosurePath]) -> Vec<Option<usize>> {
    let mut before = vec![None; paths.len()];
    let mut queue = VecDeque::from([0]);
    while let Some(at) = queue.pop_front() {
        for next in paths
            .get(at)
            .map(|p| p.references.as_slice())
            .unwrap_or_default()
        {
            // The output itself is where every way begins.
            if let Some(slot @ None) = before.get_mut(*next).filter(|_| *next != 0) {
                *slot = Some(at);
                queue.push_back(*next);
            }
        }
    }
    before
}

/// The names from the output to a path.
fn chain<'p>(to: usize, before: &[Option<usize>], paths: &'p [ClosurePath]) -> Vec<&'p str> {
    let steps = std::iter::successors(Some(to), |at| before.get(*at).copied().flatten());
    let mut names: Vec<_> = steps
        .filter_map(|at| paths.get(at))
        .map(ClosurePath::name)
        .collect();
    names.reverse();
    names
}

#[cfg(test)]
mod tests {
    use super::{chain, recorded, referrers};
    use crate::nix::ClosurePath;

    #[test]
    fn the_shortest_way_is_shown() {
        let path = |name: &str, references: &[usize]| ClosurePath {
            path: format!("/nix/store/hash-{name}"),
            size: 1,
            references: references.to_vec(),
        };
        // A circle, a long way and a short one.
        let paths = [
            path("system", &[1, 3]),
            path("a", &[2]),
            path("b", &[4, 0]),
            path("c", &[4]),
            path("openssl", &[1]),
        ];
        let before = referrers(&paths);
        assert_eq!(chain(4, &before, &paths), ["system", "c", "openssl"]);
        assert_eq!(chain(0, &before, &paths), ["system"]);
    }

    #[test]
    fn a_size_that_is_none_is_no_base() {
        assert_eq!(recorded("bytes 12\npaths 3"), Some(12));
        for body in ["", "bytes", "bytes many", "paths 3"] {
            assert_eq!(recorded(body), None, "{body}");
        }
    }
}
