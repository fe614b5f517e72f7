//! The flake under test: its reference, and the inputs that are replaced.

use std::collections::BTreeMap;
use std::path::PathBuf;

use nix_parity_core::diagnostic::Diagnostic;

use super::inputs::{Inputs, Unmatched};
use super::{Project, SETTINGS_FILE};
use crate::depend::git_toplevel;
use crate::nix::{Flake, InputOverride, Place};

/// What the command line says over the project file.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    /// The profile to use.
    pub profile: Option<String>,
    /// Inputs to replace, besides those of the profile.
    pub inputs: Vec<InputOverride>,
    /// Where builds are made.
    pub place: Place,
}

impl Project {
    /// The name of the profile in use, if the project has any.
    pub fn profile_name<'a>(&'a self, overrides: &'a Overrides) -> Option<&'a str> {
        overrides
            .profile
            .as_deref()
            .or(self.file.profile.as_deref())
    }

    /// The flake under test with the inputs that are replaced.
    ///
    /// # Errors
    /// An unknown profile, or a folder without a flake.
    pub fn flake(&self, overrides: &Overrides) -> Result<Flake, Vec<Diagnostic>> {
        // By name: Nix does not look at the order, and what is kept of the flake must not
        // either. On one input the command line has the last word, and its last one.
        let mut inputs = BTreeMap::new();
        let replaced = |by: &InputOverride| (by.input.clone(), self.absolute(&by.reference));
        if let Some(name) = self.profile_name(overrides) {
            let profile = self
                .file
                .profiles
                .get(name)
                .ok_or_else(|| vec![self.unknown_profile(name)])?;
            inputs.extend(profile.override_inputs.iter().map(replaced));
        }
        inputs.extend(overrides.inputs.iter().map(replaced));
        self.check_replaced(inputs.keys().map(String::as_str), overrides)?;
        let inputs = inputs.into_iter();
        Ok(Flake {
            reference: self.flake_reference()?,
            overrides: inputs
                .map(|(input, reference)| InputOverride { input, reference })
                .collect(),
        })
    }

    /// Each override replaces an input that the flake has. Nix only warns, and a run would
    /// claim a profile of which a part was never in force.
    fn check_replaced<'i>(
        &self,
        replaced: impl Iterator<Item = &'i str>,
        overrides: &Overrides,
    ) -> Result<(), Vec<Diagnostic>> {
        let Some(dir) = self.flake_dir() else {
            return Ok(());
        };
        let replaced: Vec<_> = replaced.collect();
        if replaced.is_empty() {
            return Ok(());
        }
        let inputs = Inputs::of(&dir);
        let wrong = replaced.iter().filter_map(|input| {
            let why = inputs.unmatched(input, &replaced)?;
            Some(self.unmatched(input, why, overrides))
        });
        let wrong: Vec<_> = wrong.collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(self.with_sources(wrong))
        }
    }

    fn unmatched(&self, input: &str, why: Unmatched, overrides: &Overrides) -> Diagnostic {
        let asked = overrides.inputs.iter().any(|one| one.input == input);
        let written = self.profile_name(overrides).filter(|_| !asked);
        let written = written.and_then(|name| self.file.profiles.get(name));
        let location = written.and_then(|profile| profile.override_locations.get(input));
        let message = match why {
            Unmatched::Empty => format!("`{input}` is no name of an input: a part of it is empty"),
            Unmatched::Unknown(_) => format!("the flake has no input `{input}` to override"),
        };
        let mut diagnostic = match location {
            Some(location) => Diagnostic::new(message).at(location.clone(), None),
            None => Diagnostic::new(format!("--override-input: {message}")),
        };
        if let Unmatched::Unknown(known) = why {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            if let Some(near) = nix_parity_core::nearest::nearest(input, known.iter().copied()) {
                diagnostic = diagnostic.note(format!("did you mean `{near}`?"));
            }
            diagnostic = diagnostic.note(if known.is_empty() {
                "there are no inputs at that place".to_owned()
            } else {
                format!("there are {}", known.join(", "))
            });
        }
        diagnostic
    }

    fn unknown_profile(&self, name: &str) -> Diagnostic {
        let known: Vec<_> = self.file.profiles.keys().map(String::as_str).collect();
        let mut diagnostic = Diagnostic::new(format!("unknown profile `{name}`"));
        if let Some(near) = nix_parity_core::nearest::nearest(name, known.iter().copied()) {
            diagnostic = diagnostic.note(format!("did you mean `{near}`?"));
        }
        if known.is_empty() {
            diagnostic.note(format!("{SETTINGS_FILE} has no `profiles`"))
        } else {
            diagnostic.note(format!("{SETTINGS_FILE} has {}", known.join(", ")))
        }
    }

    /// The local folder of the flake, if it is in one.
    pub fn flake_dir(&self) -> Option<PathBuf> {
        let reference = &self.file.flake;
        let path = reference.strip_prefix("path:").unwrap_or(reference);
        let local = reference.starts_with("path:") || reference.starts_with(['.', '/']);
        local.then(|| {
            let joined = self.root.join(path);
            joined.canonicalize().unwrap_or(joined)
        })
    }

    fn flake_reference(&self) -> Result<String, Vec<Diagnostic>> {
        let Some(dir) = self.flake_dir() else {
            return Ok(self.file.flake.clone());
        };
        if !dir.join("flake.nix").is_file() {
            return Err(vec![
                Diagnostic::new(format!("no flake in {}", dir.display()))
                    .note("there is no flake.nix")
                    .note(format!(
                        "start in a folder with a flake, name one with -C, or set `flake:` in {SETTINGS_FILE}"
                    )),
            ]);
        }
        let path = dir.display().to_string();
        if self.file.flake.starts_with("path:") {
            return Ok(format!("path:{}", escape(&path)));
        }
        match git_toplevel(&dir) {
            Some(top) if top == dir => Ok(format!("git+file://{}", escape(&path))),
            Some(top) => {
                let inside = dir.strip_prefix(&top).unwrap_or(&dir).display().to_string();
                Ok(format!(
                    "git+file://{}?dir={}",
                    escape(&top.display().to_string()),
                    escape(&inside)
                ))
            }
            None => Ok(format!("path:{}", escape(&path))),
        }
    }

    /// Makes the local path of a flake reference absolute, from the project's folder.
    fn absolute(&self, reference: &str) -> String {
        let (scheme, path) = match reference.strip_prefix("path:") {
            Some(path) => ("path:", path),
            None if reference.starts_with('.') || reference.starts_with('/') => {
                ("path:", reference)
            }
            None => return reference.to_owned(),
        };
        let (path, query) = path
            .split_once('?')
            .map_or((path, None), |(p, q)| (p, Some(q)));
        let joined = self.root.join(path);
        let path = joined.canonicalize().unwrap_or(joined);
        let query = query.map(|q| format!("?{q}")).unwrap_or_default();
        format!("{scheme}{}{query}", escape(&path.display().to_string()))
    }
}

/// Escapes a path for a URL: everything but RFC 3986's unreserved characters and `/`.
pub(crate) fn escape(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'_' | b'.' | b'~' | b'+') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::{InputOverride, Overrides, Project};
    use crate::project::ProjectFile;

    const INPUTS: [&str; 4] = ["nixpkgs", "home-manager", "home-manager/nixpkgs", "darwin"];

    /// A project whose profile replaces these inputs, in this order.
    fn project(inputs: &[&str]) -> Project {
        let replaced: Vec<_> = inputs
            .iter()
            .map(|input| format!("{input}: 'github:profile/{input}'"))
            .collect();
        let replaced = replaced.join(", ");
        let settings = format!(
            "flake: github:lars/flake\nprofile: p\nprofiles: {{ p: {{ override_inputs: {{ {replaced} }} }} }}\n"
        );
        Project {
            root: "/".into(),
            file: ProjectFile::parse(&settings).unwrap(),
            suites: Vec::new(),
            broken: Vec::new(),
            package_maps: BTreeMap::new(),
            ledger: None,
        }
    }

    fn by(input: &str, who: &str) -> InputOverride {
        InputOverride {
            input: input.to_owned(),
            reference: format!("github:{who}/{input}"),
        }
    }

    fn on_command_line(inputs: Vec<InputOverride>) -> Overrides {
        Overrides {
            inputs,
            ..Overrides::default()
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn in_which_order_inputs_are_replaced_makes_no_difference(
            mut inputs in Just(INPUTS.to_vec()).prop_shuffle(),
            asked in subsequence(&INPUTS[..], 0..=4).prop_shuffle(),
        ) {
            let inputs_asked = asked.iter().map(|input| by(input, "asked"));
            let overrides = on_command_line(inputs_asked.clone().collect());
            let flake = project(&inputs).flake(&overrides).unwrap();
            inputs.sort_unstable();
            let backwards = on_command_line(inputs_asked.rev().collect());
            prop_assert_eq!(&project(&inputs).flake(&backwards).unwrap(), &flake);
            let wanted = inputs.iter().map(|input| {
                by(input, if asked.contains(input) { "asked" } else { "profile" })
            });
            prop_assert_eq!(flake.overrides, wanted.collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_last_word_on_an_input_counts() {
        let twice = vec![by("nixpkgs", "first"), by("nixpkgs", "last")];
        let flake = project(&[]).flake(&on_command_line(twice)).unwrap();
        assert_eq!(flake.overrides, [by("nixpkgs", "last")]);
    }
}
