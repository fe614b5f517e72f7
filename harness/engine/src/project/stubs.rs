//! Inputs that a profile replaces by stubs, so that the rest can be evaluated where the
//! real ones cannot be fetched.

use nix_parity_core::observation::NixError;

use super::{Overrides, Project};

/// How the message begins that a stub throws, before the input's name.
const START: &str = "nix-parity stub: input ";

/// How it goes on behind the name.
const REPLACED: &str = " is replaced by a stub";

/// The stubs of the profile in use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stubs {
    /// The profile's name.
    pub profile: String,
    /// The inputs.
    pub inputs: Vec<String>,
}

impl Stubs {
    /// What a stub says when its value is needed.
    pub fn message(input: &str) -> String {
        format!("{START}{input}{REPLACED}")
    }

    /// Why a test cannot be decided, where it needs what a stub does not have. Only what
    /// an input throws counts that the profile calls a stub: anything may say so else.
    pub fn reason(&self, error: &NixError) -> Option<String> {
        let says = |input: &&String| {
            let message = Self::message(input);
            let rest = |line: &str| line.strip_prefix(&message).map(str::to_owned);
            let mut rests = error.message.lines().filter_map(rest);
            rests.any(|rest| rest.is_empty() || rest.starts_with([',', ':', ';', ' ']))
        };
        let input = self.inputs.iter().find(says)?;
        Some(format!(
            "needs input {input}, which profile {} replaces by a stub",
            self.profile
        ))
    }

    /// A word for whoever looks at a run; none where there are no stubs.
    pub fn warning(&self) -> Option<String> {
        let inputs = self.inputs.join(", ");
        let profile = &self.profile;
        match self.inputs.len() {
            0 => None,
            1 => Some(format!(
                "profile {profile} replaces input {inputs} by a stub: a case that needs it is skipped"
            )),
            _ => Some(format!(
                "profile {profile} replaces inputs {inputs} by stubs: a case that needs one is skipped"
            )),
        }
    }
}

impl Project {
    /// The stubs that are in use. An input that the command line replaces is none.
    pub fn stubs(&self, overrides: &Overrides) -> Stubs {
        let name = self.profile_name(overrides).unwrap_or_default();
        let inputs = self.file.profiles.get(name).map(|p| p.stubs.clone());
        let is_replaced = |input: &String| overrides.inputs.iter().any(|o| o.input == *input);
        let mut inputs = inputs.unwrap_or_default();
        inputs.retain(|input| !is_replaced(input));
        Stubs {
            profile: name.to_owned(),
            inputs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Stubs;
    use nix_parity_core::observation::NixError;

    #[test]
    fn only_what_the_profile_calls_a_stub_counts() {
        let stubs = Stubs {
            profile: "ci".to_owned(),
            inputs: vec!["secrets".to_owned()],
        };
        let reason = |message: &str| {
            let message = message.to_owned();
            stubs.reason(&NixError {
                message,
                ..NixError::default()
            })
        };
        let said = Stubs::message("secrets");
        for message in [said.clone(), format!("{said}, so x"), format!("a\n{said}")] {
            let reason = reason(&message).unwrap();
            assert_eq!(
                reason,
                "needs input secrets, which profile ci replaces by a stub"
            );
        }
        for message in [
            "secrets".to_owned(),
            format!("he said: {said}"),
            format!("{said}born"),
            Stubs::message("other"),
        ] {
            assert_eq!(reason(&message), None, "{message}");
        }
        assert_eq!(Stubs::default().warning(), None);
    }
}
