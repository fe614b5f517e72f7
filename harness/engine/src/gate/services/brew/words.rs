//! The words of `brew bundle cleanup`. Every version of Homebrew has more headings than
//! the one before it: a line that is not known here is kept as unknown, never left out.

use nix_parity_core::gate::Thing;

use super::Answer;
use crate::gate::services::brewfile::app_id;

/// What names below a line are, up to the next line of this kind.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    /// Nothing was said yet.
    Start,
    /// What would be removed.
    Removed(Thing),
    /// Old downloads and versions, which go in any case.
    Leftovers,
    /// Something that is not known.
    Unknown,
    /// All was said.
    End,
}

/// What stands after `Would `.
const HEADINGS: [(&str, Thing); 12] = [
    ("uninstall casks:", Thing::Cask),
    ("uninstall formulae:", Thing::Formula),
    ("untap:", Thing::Tap),
    // Since 4.6.
    ("uninstall VSCode extensions:", Thing::EditorExtension),
    // Since 5.1.
    ("uninstall flatpaks:", Thing::Flatpak),
    ("uninstall Go packages:", Thing::GoPackage),
    ("uninstall Cargo packages:", Thing::CargoPackage),
    ("uninstall npm packages:", Thing::NpmPackage),
    ("uninstall uv tools:", Thing::UvTool),
    // Since 5.1.14.
    ("uninstall Mac App Store apps:", Thing::App),
    ("uninstall Krew plugins:", Thing::KrewPlugin),
    ("uninstall WinGet packages:", Thing::WingetPackage),
];

const LAST: &str = "Run `brew bundle cleanup --force` to make these changes.";

/// What `brew cleanup --dry-run` says, which is part of it.
const LEFTOVERS: [&str; 4] = [
    "Would remove: ",
    "Would remove (broken link): ",
    "Would remove (empty directory): ",
    "==> This operation would free approximately ",
];

/// Reads what it prints to standard output.
pub(super) fn read(text: &str) -> Answer {
    let mut answer = Answer::default();
    let mut section = Section::Start;
    for line in lines(text) {
        if section == Section::End {
            answer.unknown.push(line);
        } else if line == LAST {
            section = Section::End;
        } else if line == "Would `brew cleanup`:" {
            section = Section::Leftovers;
        } else if let Some(thing) = heading(&line) {
            section = Section::Removed(thing);
        } else if LEFTOVERS.iter().any(|start| line.starts_with(start)) {
            if section != Section::Leftovers {
                answer.unknown.push(line);
            }
        } else if let Section::Removed(thing) = section
            && let Some(names) = names(thing, &line)
        {
            answer
                .removed
                .extend(names.into_iter().map(|name| (thing, name)));
        } else if !is_notice(&line) {
            // A heading that is not known says nothing of the lines below it.
            if line.ends_with(':') || line.starts_with("Would ") {
                section = Section::Unknown;
            }
            answer.unknown.push(line);
        }
    }
    answer
}

/// The lines of its standard error that are not known to be harmless.
pub(super) fn unexpected(text: &str) -> Vec<String> {
    lines(text).filter(|line| !is_notice(line)).collect()
}

/// Lines that say something, without colours.
fn lines(text: &str) -> impl Iterator<Item = String> + '_ {
    let lines = text.split(['\n', '\r']).map(without_colours);
    lines.filter(|line| !line.trim().is_empty())
}

/// Takes out what sets a colour or a weight: `ESC [ 1;31 m`.
fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end.filter(|end| part[*end..].starts_with('m')) {
            Some(end) => plain.push_str(&part[end + 1..]),
            None => {
                plain.push_str("\u{1b}[");
                plain.push_str(part);
            }
        }
    }
    plain.trim_end().to_owned()
}

fn heading(line: &str) -> Option<Thing> {
    let head = line.strip_prefix("Would ")?;
    HEADINGS
        .iter()
        .find(|(name, _)| *name == head)
        .map(|(_, thing)| *thing)
}

/// The names of a line: one, or several in columns.
fn names(thing: Thing, line: &str) -> Option<Vec<String>> {
    if line.starts_with("Would ") {
        return None;
    }
    let columns = line
        .split("  ")
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let is_name = |name: &str| match thing {
        Thing::App => app_id(name).is_some() && !name.contains(char::is_control),
        _ => is_plain(name),
    };
    columns
        .map(|name| is_name(name).then(|| name.to_owned()))
        .collect()
}

/// Names of packages have no spaces and no signs that a sentence has.
fn is_plain(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "@._+/-~".contains(c);
    name.chars().all(is_part)
        && name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '@')
        && !name.ends_with('.')
}

/// What Homebrew says besides, which changes nothing of what it removes.
fn is_notice(line: &str) -> bool {
    let Some(warning) = line.strip_prefix("Warning: ") else {
        return false;
    };
    [" was renamed to ", " is deprecated"]
        .iter()
        .any(|part| warning.contains(part))
}

#[cfg(test)]
#[path = "words_tests.rs"]
mod tests;
