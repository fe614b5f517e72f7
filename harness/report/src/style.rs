//! How output looks: its width, and what is coloured how. Colour only repeats what
//! the words say.

use anstyle::AnsiColor;

/// How to write, decided once by whoever knows the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Whether to use ANSI colours.
    pub colour: bool,
    /// How many columns there are. Only alignment and live lines follow it: text
    /// is neither wrapped nor cut, so that it can be searched for and copied.
    pub width: usize,
}

impl Style {
    /// Without colour.
    pub const fn plain(width: usize) -> Self {
        Self {
            colour: false,
            width,
        }
    }
}

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// Nothing in particular.
    Plain,
    /// What the eye should find first.
    Strong,
    /// A pass, an added line.
    Good,
    /// A failure, a removed line.
    Bad,
    /// What could not be found out.
    Doubt,
    /// What is only there for orientation.
    Faint,
    /// A file and line.
    Place,
}

impl Role {
    pub(crate) const fn ansi(self) -> anstyle::Style {
        let style = anstyle::Style::new();
        match self {
            Self::Plain => style,
            Self::Strong => style.bold(),
            Self::Good => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Green))),
            Self::Bad => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))),
            Self::Doubt => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))),
            Self::Faint => style.dimmed(),
            Self::Place => style.fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan))),
        }
    }
}
