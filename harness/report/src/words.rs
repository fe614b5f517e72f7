//! Counts, times and sides of options in words.

use nix_parity_core::comparison::Setting;

/// `1 test`, `2 tests`.
pub(crate) fn count(n: usize, thing: &str) -> String {
    match n {
        1 => format!("1 {thing}"),
        _ => format!("{n} {thing}s"),
    }
}

/// `4.9 s`, `3 min 05 s`, `2 h 07 min`: as exact as anyone wants to know.
pub(crate) fn time(millis: u64) -> String {
    let tenths = millis / 100 + u64::from(millis % 100 >= 50);
    let seconds = millis / 1_000;
    match seconds {
        0..60 if tenths < 600 => format!("{}.{} s", tenths / 10, tenths % 10),
        0..3_600 => format!("{} min {:02} s", tenths / 600, tenths / 10 % 60),
        _ => format!("{} h {:02} min", seconds / 3_600, seconds / 60 % 60),
    }
}

/// The first few of a list of names, and how many more there are.
pub(crate) fn some_of<'a>(
    names: impl ExactSizeIterator<Item = String> + 'a,
    most: usize,
) -> String {
    let more = names.len().saturating_sub(most);
    let first = names.take(most).collect::<Vec<_>>().join(", ");
    match more {
        0 => first,
        _ => format!("{first} and {more} more"),
    }
}

/// One side of an option, or why there is no value.
pub(crate) fn setting(side: &Setting) -> String {
    match side {
        Setting::Value(text) => text.clone(),
        Setting::Unset => "(not there)".to_owned(),
        Setting::Failed(message) if message.is_empty() => "(cannot be evaluated)".to_owned(),
        Setting::Failed(message) => {
            let first = message.lines().next().unwrap_or_default();
            format!("(cannot be evaluated: {first})")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{some_of, time};

    #[test]
    fn times() {
        let shown: Vec<_> = [
            0, 49, 50, 4_949, 59_949, 59_950, 185_000, 3_599_999, 7_620_000,
        ]
        .map(time)
        .into();
        assert_eq!(
            shown,
            [
                "0.0 s",
                "0.0 s",
                "0.1 s",
                "4.9 s",
                "59.9 s",
                "1 min 00 s",
                "3 min 05 s",
                "60 min 00 s",
                "2 h 07 min"
            ]
        );
        assert!(time(u64::MAX).ends_with("min"));
    }

    #[test]
    fn long_lists_end_in_a_number() {
        let names = || ["a", "b", "c"].into_iter().map(str::to_owned);
        assert_eq!(some_of(names(), 3), "a, b, c");
        assert_eq!(some_of(names(), 2), "a, b and 1 more");
    }
}
