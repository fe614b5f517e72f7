//! `budget`: what evaluating a host costs, in what Nix counts.

use std::collections::BTreeMap;

use nix_parity_core::case::{BudgetCheck, Counter};
use nix_parity_core::id::TestId;
use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Finding, Outcome, Problem};
use nix_parity_core::percent::Percent;
use nix_parity_core::value::Value;

use super::{Judge, Verdict, finding, mismatch, outcome};
use crate::nix::Subject;
use crate::snapshot::{Folder, Header, Name, Taken};

/// The kind of snapshot that a recorded base is.
pub const BUDGET: &str = "budget";

impl Judge<'_> {
    pub(super) fn budget(&mut self, id: &TestId, check: &BudgetCheck) -> Verdict {
        let counted = match self.counted(&check.location) {
            Ok(counted) => counted,
            Err(finding) => return Verdict::of(outcome(vec![*finding])),
        };
        let limited = check.limits.iter();
        let limited = limited.map(|(counter, limit)| (*counter, &limit.location));
        let uncounted = counted.without(limited);
        if !uncounted.is_empty() {
            return Verdict::of(outcome(uncounted));
        }
        let mut findings: Vec<_> = check
            .limits
            .iter()
            .filter_map(|(counter, limit)| {
                let most = check.tolerance.added_to(limit.value);
                let number = counted.of(*counter);
                let expected = if most == limit.value {
                    format!("at most {}", grouped(most))
                } else {
                    let limit = grouped(limit.value);
                    format!("at most {}: {limit} and {}", grouped(most), check.tolerance)
                };
                let problem = mismatch(expected, grouped(number));
                (number > most).then(|| finding(counter.name(), &limit.location, problem))
            })
            .collect();
        let Some(recorded) = &check.recorded else {
            return Verdict::of(outcome(findings));
        };
        let name = Name::new(id, BUDGET, self.oracle.terms().profile.as_deref());
        let base = match self.figures(&name, (BUDGET, &recorded.location), Counted::parse) {
            Ok(base) => base,
            Err(unreadable) => {
                findings.push(*unreadable);
                return Verdict::of(outcome(findings));
            }
        };
        if let Some(base) = base.as_ref().filter(|base| base.nix != counted.nix) {
            let reason = format!(
                "recorded with {}, and this is {}: counters of two versions are not comparable",
                base.nix, counted.nix
            );
            return Verdict::of(match outcome(findings) {
                Outcome::Pass => Outcome::Skip { reason },
                wrong => wrong,
            });
        }
        let wanted = recorded.value.iter();
        let uncounted = counted.without(wanted.map(|counter| (*counter, &recorded.location)));
        if !uncounted.is_empty() {
            findings.extend(uncounted);
            return Verdict::of(outcome(findings));
        }
        let changes = base.as_ref().map(|base| {
            let exceeded = |counter: &&Counter| {
                counted.of(**counter) > check.tolerance.added_to(base.of(**counter))
            };
            let exceeded = recorded.value.iter().filter(exceeded);
            let change = |counter: &Counter| change(*counter, base, &counted, check.tolerance);
            exceeded.map(change).collect::<Vec<_>>()
        });
        let header = Header {
            source: recorded.location.file.to_string(),
            test: id.to_string(),
            kind: BUDGET.to_owned(),
            attribute: "system".to_owned(),
        };
        let body = counted.text(&recorded.value);
        let mut taken = Taken::new(name, header, &body, None);
        // Less than what was accepted, or little more, is as accepted.
        taken.is_accepted = changes.as_ref().is_some_and(Vec::is_empty);
        if !taken.is_accepted {
            let problem = Problem::Snapshot {
                file: Folder::file(&taken.name),
                accepted: base.is_some(),
                changes: changes.unwrap_or_default(),
            };
            let mut found = finding(BUDGET, &recorded.location, problem);
            found
                .notes
                .push("`nix-parity review` accepts it as the new base".to_owned());
            findings.push(found);
        }
        Verdict {
            snapshots: vec![taken],
            ..Verdict::of(outcome(findings))
        }
    }

    fn counted(&mut self, at: &Location) -> Result<Counted, Box<Finding>> {
        let value = self.value_of(Subject::Counters, BUDGET, at)?;
        let other = || Box::new(finding(BUDGET, at, mismatch("numbers", value.pretty())));
        Counted::read(&value).ok_or_else(other)
    }
}

/// What one version of Nix has counted.
struct Counted {
    /// Its flavour and version.
    nix: String,
    numbers: BTreeMap<Counter, u64>,
}

impl Counted {
    fn read(answer: &Value) -> Option<Self> {
        let Value::Attrs(answer) = answer else {
            return None;
        };
        let Some(Value::String(nix)) = answer.get("nix") else {
            return None;
        };
        let numbers = Counter::ALL.into_iter().map(|counter| {
            let Some(Value::Int(number)) = answer.get(counter.name()) else {
                return None;
            };
            Some((counter, u64::try_from(*number).ok()?))
        });
        Some(Self {
            nix: named(nix),
            numbers: numbers.collect::<Option<_>>()?,
        })
    }

    /// Reads what [`Self::text`] wrote; `None` where somebody changed it.
    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let nix = named(lines.next()?.strip_prefix("nix ")?);
        let numbers = lines.map(|line| {
            let (name, number) = line.split_once(' ')?;
            Some((Counter::named(name)?, number.parse().ok()?))
        });
        let numbers: BTreeMap<_, _> = numbers.collect::<Option<_>>()?;
        (!numbers.is_empty()).then_some(Self { nix, numbers })
    }

    fn text(&self, counters: &[Counter]) -> String {
        let numbers = counters
            .iter()
            .map(|counter| format!("{} {}", counter.name(), self.of(*counter)));
        // Without the word `Nix` that the line begins with.
        let nix = self.nix.strip_prefix("Nix ").unwrap_or(&self.nix);
        let lines: Vec<_> = std::iter::once(format!("nix {nix}"))
            .chain(numbers)
            .collect();
        lines.join("\n")
    }

    /// Those of the counters that stayed at 0, which says nothing: no system is evaluated
    /// without any.
    fn without<'l>(&self, counters: impl Iterator<Item = (Counter, &'l Location)>) -> Vec<Finding> {
        counters
            .filter(|(counter, _)| self.of(*counter) == 0)
            .map(|(counter, at)| {
                let name = counter.name();
                let message = format!(
                    "{} does not count {name}: leave it out of the budget",
                    self.nix
                );
                finding(name, at, Problem::Machine { message })
            })
            .collect()
    }

    /// What was not recorded is exceeded by anything.
    fn of(&self, counter: Counter) -> u64 {
        self.numbers.get(&counter).copied().unwrap_or(0)
    }
}

/// A version alone is one of Nix itself.
fn named(nix: &str) -> String {
    if nix.starts_with(|c: char| c.is_ascii_digit()) {
        format!("Nix {nix}")
    } else {
        nix.to_owned()
    }
}

fn change(counter: Counter, base: &Counted, now: &Counted, tolerance: Percent) -> String {
    let (old, new) = (base.of(counter), now.of(counter));
    let more = Percent::of(new.saturating_sub(old), old);
    format!(
        "{}: {} → {}, {more} more; {tolerance} more is let through",
        counter.name(),
        grouped(old),
        grouped(new)
    )
}

/// A number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Counted, grouped};
    use nix_parity_core::case::Counter;

    #[test]
    fn a_base_is_of_one_flavour_and_version() {
        for nix in ["2.26.3", "Lix 2.95.3", "Determinate Nix 3.22.2"] {
            let text = format!("nix {nix}\nthunks 12");
            let counted = Counted::parse(&text).unwrap();
            assert_eq!(counted.text(&[Counter::Thunks]), text);
        }
        let of = |nix: &str| Counted::parse(&format!("nix {nix}\nthunks 1")).unwrap().nix;
        assert_eq!(of("2.26.3"), "Nix 2.26.3");
        assert_ne!(of("2.35.2"), of("Determinate Nix 3.22.2"));
    }

    #[test]
    fn digits_are_in_groups_of_three() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1_000, "1,000"),
            (12_345_678, "12,345,678"),
        ] {
            assert_eq!(grouped(number), text);
        }
    }
}
