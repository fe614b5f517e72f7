//! What a switch does to what runs and to what is installed.

use serde::{Deserialize, Serialize};

use super::Risk;

/// One thing that a switch will do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Effect {
    /// What is done.
    pub action: Action,
    /// To what.
    pub thing: Thing,
    /// Which one. Foreign text.
    pub name: String,
    /// The user whose it is, where it belongs to a home inside of a system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Why, where that is not that the configuration says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// How much that can break.
    pub risk: Risk,
}

/// What is done to something, in the order in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// It is removed with all data that it is known to have.
    Zap,
    /// It is removed.
    Uninstall,
    /// It ends, and does not start again.
    Stop,
    /// It ends and starts anew.
    Restart,
    /// It is told to read its settings again.
    Reload,
    /// It starts, and did not run before.
    Start,
    /// It is another one from its next start on, which the switch does not bring about.
    Change,
    /// It is installed.
    Install,
    /// It is no source of packages any more.
    Untap,
    /// It is asked for no more, and stays installed.
    Leave,
}

impl Action {
    /// The word after "the switch will".
    pub const fn word(self) -> &'static str {
        match self {
            Self::Zap => "zap",
            Self::Uninstall => "uninstall",
            Self::Stop => "stop",
            Self::Restart => "restart",
            Self::Reload => "reload",
            Self::Start => "start",
            Self::Change => "not restart",
            Self::Install => "install",
            Self::Untap => "untap",
            Self::Leave => "leave installed",
        }
    }
}

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A unit of systemd.
    Unit,
    /// A unit of a user's systemd.
    UserUnit,
    /// A job of launchd that belongs to the system.
    Daemon,
    /// A job of launchd that belongs to a session.
    Agent,
    /// A formula of Homebrew.
    Formula,
    /// A cask of Homebrew.
    Cask,
    /// A tap of Homebrew.
    Tap,
    /// An app of the App Store.
    App,
    /// An extension of an editor.
    EditorExtension,
    /// A package that `go install` made.
    GoPackage,
    /// A package of Cargo.
    CargoPackage,
    /// A package of npm.
    NpmPackage,
    /// A tool of uv.
    UvTool,
    /// A plugin of kubectl.
    KrewPlugin,
    /// A flatpak.
    Flatpak,
    /// A package of `WinGet`.
    WingetPackage,
}

impl Thing {
    /// What stands before the names of several; nothing where their names say it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unit => "",
            Self::UserUnit => "user unit",
            Self::Daemon => "daemon",
            Self::Agent => "agent",
            Self::Formula => "formula",
            Self::Cask => "cask",
            Self::Tap => "tap",
            Self::App => "app",
            Self::EditorExtension => "editor extension",
            Self::GoPackage => "Go package",
            Self::CargoPackage => "Cargo package",
            Self::NpmPackage => "npm package",
            Self::UvTool => "uv tool",
            Self::KrewPlugin => "Krew plugin",
            Self::Flatpak => "flatpak",
            Self::WingetPackage => "WinGet package",
        }
    }
}

impl Effect {
    /// Something that is done, with its risk.
    pub fn new(action: Action, thing: Thing, name: impl Into<String>) -> Self {
        let name = name.into();
        Self {
            risk: Risk::of(action, thing, &name),
            action,
            thing,
            name,
            user: None,
            because: None,
        }
    }

    /// The same to what belongs to a user's home.
    #[must_use]
    pub fn of_user(mut self, user: &str) -> Self {
        self.user = Some(user.to_owned());
        self
    }

    /// The same for this reason.
    #[must_use]
    pub fn because(mut self, why: impl Into<String>) -> Self {
        self.because = Some(why.into());
        self
    }
}
