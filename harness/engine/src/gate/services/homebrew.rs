//! What a system asks of Homebrew.

use serde::{Deserialize, Serialize};

use super::activation::{Bundle, Found};
use super::brew::Asking;
use super::brewfile::Brewfile;

/// What is asked of Homebrew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::gate) struct Homebrew {
    /// Whether a switch has anything to do with it.
    pub(in crate::gate) enable: bool,
    /// What is listed.
    pub(in crate::gate) listed: Brewfile,
    /// What becomes of that which is not listed.
    pub(in crate::gate) cleanup: Cleanup,
    /// Why, in the words of the configuration.
    pub(in crate::gate) because: String,
    /// How it can be asked; nothing where that is not known.
    #[serde(skip)]
    pub(in crate::gate) asking: Option<Asking>,
}

/// What becomes of that which is not listed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::gate) enum Cleanup {
    /// It stays.
    #[default]
    Keep,
    /// The switch ends before it changes anything, if there is any.
    Check,
    /// It is removed.
    Uninstall,
    /// It is removed with its data.
    Zap,
    /// Something else, as the configuration calls it.
    Unknown(String),
}

impl Cleanup {
    /// What the option says; `onActivation.cleanup` of nix-darwin has these values, of
    /// which releases before 2026-02 lack `check`.
    pub(super) fn of_option(value: Option<&str>) -> Self {
        match value {
            Some("none") => Self::Keep,
            Some("check") => Self::Check,
            Some("uninstall") => Self::Uninstall,
            Some("zap") => Self::Zap,
            Some(other) => Self::Unknown(format!("\"{other}\"")),
            None => Self::Unknown("not a text".to_owned()),
        }
    }

    /// What the command does, where its flags say more than the option.
    pub(super) fn and_flags(self, bundle: &Bundle) -> Self {
        match self {
            Self::Unknown(_) => self,
            Self::Zap => Self::Zap,
            _ if bundle.cleans && bundle.zaps => Self::Zap,
            _ if bundle.cleans => Self::Uninstall,
            _ => self,
        }
    }
}

/// The one command of an activation that applies a Brewfile.
///
/// # Errors
/// There are several, or lines that are not understood: these lines.
pub(super) fn only_bundle(script: &str) -> Result<Option<Bundle>, Vec<String>> {
    let found = Found::of(script);
    if !found.unreadable.is_empty() {
        return Err(found.unreadable);
    }
    let mut bundles = found.bundles.into_iter();
    match (bundles.next(), bundles.next()) {
        (Some(bundle), None) => Ok(Some(bundle)),
        (None, _) => Ok(None),
        (Some(one), Some(other)) => {
            let files = [one, other].into_iter().chain(bundles).map(|b| b.file);
            Err(files
                .map(|file| format!("brew bundle --file={file}"))
                .collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cleanup, only_bundle};
    use crate::gate::services::activation::Bundle;

    #[test]
    fn each_value_is_what_it_says_and_flags_say_more() {
        let flags = |cleans, zaps| Bundle {
            cleans,
            zaps,
            ..Bundle::default()
        };
        for (option, [plain, cleans, zaps]) in [
            ("none", [Cleanup::Keep, Cleanup::Uninstall, Cleanup::Zap]),
            ("check", [Cleanup::Check, Cleanup::Uninstall, Cleanup::Zap]),
            (
                "uninstall",
                [Cleanup::Uninstall, Cleanup::Uninstall, Cleanup::Zap],
            ),
            ("zap", [Cleanup::Zap, Cleanup::Zap, Cleanup::Zap]),
        ] {
            let of = |bundle: Bundle| Cleanup::of_option(Some(option)).and_flags(&bundle);
            assert_eq!(of(flags(false, false)), plain, "{option}");
            assert_eq!(of(flags(true, false)), cleans, "{option}");
            assert_eq!(of(flags(true, true)), zaps, "{option}");
        }
        for value in [Some("purge"), Some(""), None] {
            assert!(
                matches!(Cleanup::of_option(value), Cleanup::Unknown(_)),
                "{value:?}"
            );
        }
    }

    #[test]
    fn several_commands_are_not_understood() {
        assert_eq!(only_bundle("true"), Ok(None));
        assert!(only_bundle("brew bundle --file=/a").unwrap().is_some());
        let both = only_bundle("brew bundle --file=/a\nbrew bundle --file=/b --cleanup");
        assert_eq!(both.unwrap_err().len(), 2);
        let unknown = only_bundle("brew bundle --what").unwrap_err();
        assert_eq!(unknown, ["`--what` in: brew bundle --what"]);
    }
}
