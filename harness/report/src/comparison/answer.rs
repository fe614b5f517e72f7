//! The first line: how much differs.

use nix_parity_core::comparison::{Closure, Comparison, Derivations};

use crate::layout::Line;
use crate::style::Role;
use crate::words::count;

/// Behind what stands in the line already.
pub(super) fn after(line: Line, comparison: &Comparison) -> Line {
    if comparison.is_same() {
        let line = if comparison.unknown.is_empty() {
            line.add(Role::Strong, "no difference")
        } else {
            line.add(
                Role::Strong,
                "no difference found in what could be compared",
            )
        };
        return match comparison.derivations.as_ref().map_or(0, |d| d.ignored) {
            0 => line,
            n => line.plain(&format!(
                " but for labels and what `noise` leaves out ({})",
                count(n, "derivation")
            )),
        };
    }
    let mut parts = Vec::new();
    if let Some(options) = &comparison.options {
        let derived = options.iter().filter(|option| option.derived).count();
        let own = count(options.len() - derived, "option");
        parts.push(match derived {
            0 => own,
            n => format!("{own} ({n} more made of others)"),
        });
    }
    if let Some(derivations) = &comparison.derivations {
        parts.push(count(derivations.causes.len(), "root cause"));
        parts.push(match derivations.followers {
            1 => "1 derivation follows".to_owned(),
            n => format!("{n} derivations follow"),
        });
        parts.extend(added_and_removed(derivations));
    }
    parts.extend(comparison.closure.as_ref().map(closure));
    line.add(Role::Strong, &parts.join(", "))
}

fn closure(closure: &Closure) -> String {
    match closure.growth {
        Some(bytes) => format!("closure {}", growth(bytes)),
        None if closure.is_same() => "the same packages (not built: sizes unknown)".to_owned(),
        None => {
            let changed = closure.versions.len() + closure.added.len() + closure.removed.len();
            let changed = count(changed, "package");
            format!("{changed} changed (not built: sizes unknown)")
        }
    }
}

/// `+0.3 MiB`, `−12 KiB`, `±0`.
pub(crate) fn growth(bytes: i64) -> String {
    let sign = match bytes {
        0 => return "±0".to_owned(),
        1.. => '+',
        _ => '−',
    };
    let amount = bytes.unsigned_abs();
    let in_tenths = |unit: u64| {
        let tenths = u128::from(amount) * 10 / u128::from(unit);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    let text = match amount {
        0..1_024 => format!("{amount} B"),
        1_024..104_858 => format!("{} KiB", amount / 1_024),
        104_858..1_073_741_824 => format!("{} MiB", in_tenths(1 << 20)),
        _ => format!("{} GiB", in_tenths(1 << 30)),
    };
    format!("{sign}{text}")
}

/// How many derivations only one side has, where there are any.
pub(crate) fn added_and_removed(derivations: &Derivations) -> impl Iterator<Item = String> {
    let sides = [
        (derivations.added.len(), "added"),
        (derivations.removed.len(), "removed"),
    ];
    let sides = sides.into_iter().filter(|(number, _)| *number > 0);
    sides.map(|(number, word)| format!("{number} {word}"))
}

#[cfg(test)]
mod tests {
    use super::growth;

    #[test]
    fn growth_is_short() {
        for (bytes, text) in [
            (0, "±0"),
            (12, "+12 B"),
            (-2_048, "−2 KiB"),
            (314_573, "+0.3 MiB"),
            (-(3 << 30), "−3.0 GiB"),
            (i64::MIN, "−8589934592.0 GiB"),
        ] {
            assert_eq!(growth(bytes), text);
        }
    }
}
