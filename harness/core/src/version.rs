//! Versions as Nix compares them.

use std::cmp::Ordering;

/// Compares two versions as `builtins.compareVersions` does (Nix manual): both
/// are split into runs of digits and runs of other characters, `.` and `-`
/// separate; numbers compare as numbers, `pre` comes before anything, and a
/// number comes after a word.
pub fn compare(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    while !a.is_empty() || !b.is_empty() {
        let order = component_order(next_component(&mut a), next_component(&mut b));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn next_component<'a>(rest: &mut &'a str) -> &'a str {
    let text = rest.trim_start_matches(['.', '-']);
    let digits = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text
        .find(|c: char| c == '.' || c == '-' || c.is_ascii_digit() != digits)
        .unwrap_or(text.len());
    let (component, after) = text.split_at(end);
    *rest = after;
    component
}

fn component_order(a: &str, b: &str) -> Ordering {
    let number = |s: &str| s.starts_with(|c: char| c.is_ascii_digit());
    match (number(a), number(b)) {
        (true, true) => {
            let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
            a.len().cmp(&b.len()).then_with(|| a.cmp(b))
        }
        _ if a == b => Ordering::Equal,
        (_, true) if a.is_empty() => Ordering::Less,
        (true, _) if b.is_empty() => Ordering::Greater,
        _ if a == "pre" => Ordering::Less,
        _ if b == "pre" => Ordering::Greater,
        (false, true) => Ordering::Less,
        (true, false) => Ordering::Greater,
        (false, false) => a.cmp(b),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering::{Equal, Greater, Less};

    /// The examples of the Nix manual's section on `nix-env --upgrade`, and edges.
    #[test]
    fn orders_as_the_manual_says() {
        for (a, b, order) in [
            ("1.0", "2.3", Less),
            ("2.1", "2.3", Less),
            ("2.3", "2.3", Equal),
            ("2.5", "2.3", Greater),
            ("3.1", "2.3", Greater),
            ("2.3.1", "2.3", Greater),
            ("2.3.1", "2.3a", Greater),
            ("2.3pre1", "2.3", Less),
            ("2.3pre3", "2.3pre12", Less),
            ("2.3a", "2.3c", Less),
            ("2.3pre1", "2.3c", Less),
            ("2.3pre1", "2.3q", Less),
            ("14.1.1", "14", Greater),
            ("", "", Equal),
        ] {
            assert_eq!(compare(a, b), order, "{a} {b}");
            assert_eq!(compare(b, a), order.reverse(), "{b} {a}");
        }
    }
}
