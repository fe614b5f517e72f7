//! What Nix says of inputs that are not as `flake.lock` has them.

/// An input that is not as `flake.lock` has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unlocked {
    /// Its name, such as `nixpkgs` or `home-manager/nixpkgs`.
    pub input: String,
    /// The reference that Nix found for it.
    pub reference: String,
}

/// Reads the warning about a lock file that is not written: for each input a line
/// with its name, and below the reference, for a changed one the new after the old.
pub(super) fn unlocked(warning: &str) -> Vec<Unlocked> {
    if !warning.contains("not writing modified lock file") {
        return Vec::new();
    }
    let mut found: Vec<Unlocked> = Vec::new();
    for line in warning.lines().map(str::trim) {
        if let Some(change) = line.strip_prefix("• ") {
            let mut quoted = change.split('\'');
            let (Some(verb), Some(input)) = (quoted.next(), quoted.next()) else {
                continue;
            };
            if !verb.starts_with("Removed") {
                found.push(Unlocked {
                    input: input.to_owned(),
                    reference: String::new(),
                });
            }
        } else if let Some(last) = found.last_mut()
            && let Some((_, rest)) = line.split_once('\'')
            && let Some((reference, _)) = rest.split_once('\'')
        {
            // `follows 'nixpkgs'` repeats what is said of another input.
            last.reference = if line.starts_with("follows") || line.starts_with("→ follows") {
                String::new()
            } else {
                reference.to_owned()
            };
        }
    }
    found.retain(|u| !u.reference.is_empty());
    found
}

/// The input of an override that replaces none, where a warning is about one: Nix goes on
/// without it, and all answers would be about other inputs than was asked for.
pub(super) fn unmatched_override(warning: &str) -> Option<&str> {
    let (_, flag) = warning.split_once("the flag '--override-input ")?;
    let (flag, _) = flag.split_once("' does not match any input")?;
    Some(flag.split_once(' ').map_or(flag, |(input, _)| input))
}

#[cfg(test)]
mod tests {
    use super::{unlocked, unmatched_override};

    /// As Nix 2.26.3 and 2.34.8 wrote it on 1 December 2026.
    #[test]
    fn an_override_of_no_input_is_found() {
        let warning =
            "warning: the flag '--override-input dep/sbu path:/x' does not match any input";
        assert_eq!(unmatched_override(warning), Some("dep/sbu"));
        for other in [
            "warning: Git tree '/x' is dirty",
            "",
            "does not match any input",
        ] {
            assert_eq!(unmatched_override(other), None);
        }
    }

    #[test]
    fn the_new_reference_of_each_input_is_found() {
        let warning = "warning: not writing modified lock file of flake 'git+file:///x':
• Updated input 'a':
    'github:o/r/abc?narHash=x' (2025-01-01)
  → 'path:/f?lastModified=1&narHash=y' (2026-01-01)
• Added input 'b':
    'path:/g?narHash=z' (1970-01-01)
• Added input 'b/c':
    follows 'a'
• Removed input 'd'";
        let found: Vec<_> = unlocked(warning)
            .into_iter()
            .map(|u| (u.input, u.reference))
            .collect();
        let expected = [
            ("a", "path:/f?lastModified=1&narHash=y"),
            ("b", "path:/g?narHash=z"),
        ];
        assert_eq!(found, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
        assert_eq!(unlocked("warning: Git tree '/x' is dirty"), []);
    }
}
