//! Shares of a whole as written in YAML: `80%`, `82.5%`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A share, in tenths of a percent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Percent {
    tenths: u32,
}

impl Percent {
    /// Reads a share. The text says what is wrong when it is not one.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a share such as 80% or 82.5%");
        let number = text.strip_suffix('%').ok_or_else(wrong)?.trim_end();
        let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
        let digits = |part: &str, most: usize| {
            let plain = part.bytes().all(|b| b.is_ascii_digit());
            (plain && (1..=most).contains(&part.len())).then(|| part.parse::<u32>().ok())?
        };
        let whole = digits(whole, 4).ok_or_else(wrong)?;
        let tenth = digits(tenth, 1).ok_or_else(wrong)?;
        Ok(Self {
            tenths: whole * 10 + tenth,
        })
    }

    /// The share that a part is of a whole, rounded down: 79.99% is not 80%. Nothing of
    /// nothing is all of it.
    pub fn of(part: u64, whole: u64) -> Self {
        let tenths = match whole {
            0 => 1000,
            _ => u128::from(part) * 1000 / u128::from(whole),
        };
        Self {
            tenths: u32::try_from(tenths).unwrap_or(u32::MAX),
        }
    }

    /// A number and this share of it, rounded down.
    pub fn added_to(self, number: u64) -> u64 {
        let more = u128::from(number) * u128::from(self.tenths) / 1000;
        u64::try_from(u128::from(number) + more).unwrap_or(u64::MAX)
    }

    /// Whether this is no more than the whole.
    pub const fn is_part(self) -> bool {
        self.tenths <= 1000
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tenths % 10 {
            0 => write!(f, "{}%", self.tenths / 10),
            tenth => write!(f, "{}.{tenth}%", self.tenths / 10),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Percent;

    #[test]
    fn shares_are_read_and_shown() {
        for text in ["0%", "80%", "82.5%", "100%", "250%"] {
            assert_eq!(Percent::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Percent::parse("5.0 %").unwrap().to_string(), "5%");
        for wrong in [
            "", "%", "80", "80.55%", ".5%", "5.%", "-1%", "a%", "99999%", "8 0%",
        ] {
            assert!(Percent::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(Percent::of(7_999, 10_000).to_string(), "79.9%");
        assert_eq!(Percent::of(u64::MAX, u64::MAX).to_string(), "100%");
        assert_eq!(Percent::of(0, 0).to_string(), "100%");
        assert_eq!(Percent::parse("5%").unwrap().added_to(1_010), 1_060);
        assert_eq!(Percent::parse("0%").unwrap().added_to(7), 7);
        assert_eq!(Percent::parse("100%").unwrap().added_to(u64::MAX), u64::MAX);
    }
}
