//! The lines of a Brewfile. It is a Ruby program; those that nix-darwin writes are lists of
//! a word and a name.

use nix_parity_core::gate::Thing;
use serde::{Deserialize, Serialize};

/// What a Brewfile lists.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::gate) struct Brewfile {
    /// What it asks for.
    pub(in crate::gate) entries: Vec<(Thing, String)>,
    /// Lines that mean something else.
    pub(in crate::gate) others: Vec<String>,
}

impl Brewfile {
    /// Reads its text.
    pub(in crate::gate) fn read(text: &str) -> Self {
        let mut found = Self::default();
        for line in text.lines() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match entry(line) {
                Some(entry) if found.entries.contains(&entry) => {}
                Some(entry) => found.entries.push(entry),
                None => found.others.push(line.to_owned()),
            }
        }
        found
    }

    /// Whether it lists anything of a kind.
    pub(in crate::gate) fn has(&self, thing: Thing) -> bool {
        self.entries.iter().any(|(other, _)| *other == thing)
    }
}

fn entry(line: &str) -> Option<(Thing, String)> {
    let (word, rest) = line.split_once([' ', '\t'])?;
    let thing = match word {
        "brew" => Thing::Formula,
        "cask" => Thing::Cask,
        "tap" => Thing::Tap,
        "mas" => Thing::App,
        "vscode" => Thing::EditorExtension,
        "go" => Thing::GoPackage,
        "cargo" => Thing::CargoPackage,
        "npm" => Thing::NpmPackage,
        "uv" => Thing::UvTool,
        "krew" => Thing::KrewPlugin,
        "flatpak" => Thing::Flatpak,
        "winget" => Thing::WingetPackage,
        _ => return None,
    };
    let (name, rest) = string(rest.trim_start())?;
    let rest = rest.trim_start();
    // Options; a condition after it, or another statement, would be something else.
    if !(rest.is_empty() || rest.starts_with(',') && !says_more(rest)) {
        return None;
    }
    let name = match thing {
        // As Homebrew names them when it removes them.
        Thing::App => format!("{name} ({})", id(rest)?),
        Thing::Formula => without(&name, "homebrew/core/"),
        Thing::Cask => without(&name, "homebrew/cask/"),
        Thing::Tap | Thing::EditorExtension => name.to_lowercase(),
        _ => name,
    };
    Some((thing, name))
}

fn without(name: &str, tap: &str) -> String {
    name.strip_prefix(tap).unwrap_or(name).to_owned()
}

/// Whether options are followed by a condition or by another statement.
fn says_more(options: &str) -> bool {
    let mut is_quoted = false;
    let mut bare = String::new();
    for c in options.chars() {
        is_quoted ^= c == '"';
        bare.push(if is_quoted { '_' } else { c });
    }
    bare.contains(';')
        || bare
            .split_whitespace()
            .any(|word| word == "if" || word == "unless")
}

/// `, id: 497799835`
fn id(options: &str) -> Option<u64> {
    let (_, id) = options.split_once("id:")?;
    let id = id.trim_start();
    let end = id.find(|c: char| !c.is_ascii_digit()).unwrap_or(id.len());
    id[..end].parse().ok()
}

/// The number of an app, which its name ends with.
pub(in crate::gate) fn app_id(name: &str) -> Option<u64> {
    let (_, id) = name.strip_suffix(')')?.rsplit_once('(')?;
    id.parse().ok()
}

/// A quoted string of Ruby and what follows it; nothing where it is computed.
fn string(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let mut found = String::new();
    let mut rest = text[1..].char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        match c {
            _ if c == quote => return Some((found, &text[1 + at + 1..])),
            '\\' if quote == '"' => found.push(escape(&mut rest)?),
            '#' if quote == '"' && rest.peek().is_some_and(|(_, c)| "{$@".contains(*c)) => {
                return None;
            }
            _ => found.push(c),
        }
    }
    None
}

/// What stands after a backslash, of what both JSON and Ruby know.
fn escape(rest: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    let (_, c) = rest.next()?;
    Some(match c {
        '"' | '\\' | '/' | '#' => c,
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'e' => '\u{1b}',
        'u' => {
            let digits: String = rest.take(4).map(|(_, c)| c).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use nix_parity_core::gate::Thing;

    use super::{Brewfile, app_id};

    #[test]
    fn what_nix_darwin_writes_is_read() {
        let text = "# Created by `nix-darwin`'s `homebrew` module\n\n# Taps\ntap \"Apple/apple\", \"https://x/y.git\"\n\nbrew \"jq\", args: [\"HEAD\"]\nbrew \"homebrew/core/htop\"\nbrew \"user/tap/tool\", link: :overwrite\ncask \"alfred\", greedy: true\ncask \"alfred\"\nmas \"Xcode\", id: 497799835\nvscode \"Vendor.Ext\"\ngo \"golang.org/x/tools/gopls\"\ncargo \"ripgrep\"\n";
        let found = Brewfile::read(text);
        assert!(found.others.is_empty(), "{found:?}");
        let found: Vec<_> = found
            .entries
            .iter()
            .map(|(t, n)| (*t, n.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                (Thing::Tap, "apple/apple"),
                (Thing::Formula, "jq"),
                (Thing::Formula, "htop"),
                (Thing::Formula, "user/tap/tool"),
                (Thing::Cask, "alfred"),
                (Thing::App, "Xcode (497799835)"),
                (Thing::EditorExtension, "vendor.ext"),
                (Thing::GoPackage, "golang.org/x/tools/gopls"),
                (Thing::CargoPackage, "ripgrep"),
            ]
        );
        assert_eq!(app_id("Xcode (497799835)"), Some(497_799_835));
        assert_eq!(app_id("Xcode"), None);
    }

    #[test]
    fn every_other_line_is_kept_as_it_is() {
        for line in [
            "cask_args appdir: \"~/Applications\"",
            "whalebrew \"x/y\"",
            "brew \"jq\" if OS.mac?",
            "brew \"jq\", link: true if OS.mac?",
            "brew \"jq\", link: true; system \"x\"",
            "brew \"#{name}\"",
            "brew name",
            "brew \"jq",
            "mas \"Xcode\"",
            "if true",
            "future \"x\"",
        ] {
            let found = Brewfile::read(line);
            assert_eq!(found.others, [line], "{found:?}");
            assert!(found.entries.is_empty(), "{line}");
        }
        let escaped = Brewfile::read("cask \"a\\u001b[31m\\n\"\ncask 'b\\n'\ncask \"##[x]\"");
        let names: Vec<_> = escaped.entries.iter().map(|(_, n)| n.as_str()).collect();
        assert_eq!(names, ["a\u{1b}[31m\n", "b\\n", "##[x]"]);
    }
}
