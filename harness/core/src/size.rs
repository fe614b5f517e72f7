//! Amounts of memory and disk as written in YAML: `512MiB`, `6GiB`, `4GB`.

/// Reads an amount in bytes. The text says what is wrong when it is not one.
pub fn parse(text: &str) -> Result<u64, String> {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let wrong = || format!("`{text}` is not an amount such as 512MiB, 6GiB or 4GB");
    let number: u64 = number.parse().map_err(|_| wrong())?;
    let unit: u64 = match unit.trim() {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        "kB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        _ => return Err(wrong()),
    };
    number
        .checked_mul(unit)
        .filter(|n| *n > 0)
        .ok_or_else(wrong)
}

/// An amount for people, in the largest binary unit that it fills.
pub fn show(bytes: u64) -> String {
    let units = [
        (1 << 40, "TiB"),
        (1 << 30, "GiB"),
        (1 << 20, "MiB"),
        (1 << 10, "KiB"),
    ];
    match units.into_iter().find(|(size, _)| bytes >= *size) {
        // Tenths are enough to tell one amount from another.
        Some((size, unit)) => {
            let tenths = bytes / (size / 10).max(1);
            match tenths % 10 {
                0 => format!("{} {unit}", tenths / 10),
                rest => format!("{}.{rest} {unit}", tenths / 10),
            }
        }
        None => format!("{bytes} B"),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse, show};

    #[test]
    fn amounts_are_read_and_shown() {
        assert_eq!(parse("6GiB"), Ok(6 << 30));
        assert_eq!(parse("4 GB"), Ok(4_000_000_000));
        for wrong in [
            "",
            "6",
            "GiB",
            "6G",
            "0MiB",
            "-1MiB",
            "1.5GiB",
            "99999999999TiB",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(show(6 << 30), "6 GiB");
        assert_eq!(show((3 << 30) / 2), "1.5 GiB");
        assert_eq!(show(10), "10 B");
    }
}
