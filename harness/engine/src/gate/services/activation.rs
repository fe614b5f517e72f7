//! How an activation script runs `brew bundle`. nix-darwin has written that command in
//! several ways, and says "Homebrew bundle..." before it.

use super::shell::{self, Line, Word};

/// A `brew bundle` of an activation script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bundle {
    /// The Brewfile.
    pub(super) file: String,
    /// As whom it runs, where the script says so.
    pub(super) user: Option<String>,
    /// `PATH`, where the script sets it; `$PATH` in it is that of the script.
    pub(super) path: Option<String>,
    /// The other variables that are set for it.
    pub(super) env: Vec<(String, String)>,
    /// Whether packages that are not listed are removed.
    pub(super) cleans: bool,
    /// Whether they are removed with all their data.
    pub(super) zaps: bool,
}

/// What an activation script does with `brew bundle`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// What installs, in its order.
    pub(super) bundles: Vec<Bundle>,
    /// Lines that may run it and are not understood.
    pub(super) unreadable: Vec<String>,
}

impl Found {
    /// Reads a script.
    pub(super) fn of(script: &str) -> Self {
        let mut found = Self::default();
        for line in shell::lines(script, may_mean_bundle) {
            found.add(&line);
        }
        found
    }

    fn add(&mut self, line: &Line) {
        let read: Result<Vec<_>, String> = if line.is_open {
            Err("a quote that goes on in the next line".to_owned())
        } else {
            line.commands.iter().map(|words| command(words)).collect()
        };
        match read {
            Ok(commands) => self.bundles.extend(commands.into_iter().flatten()),
            Err(why) => self
                .unreadable
                .push(format!("{why} in: {}", line.text.trim())),
        }
    }
}

/// Whether a line says `brew` and after it `bundle`, as Homebrew spells them.
fn may_mean_bundle(line: &str) -> bool {
    let is_comment = line.trim_start().starts_with('#');
    let brew = line.find("brew").map(|at| &line[at..]);
    !is_comment && brew.is_some_and(|rest| rest.contains("bundle"))
}

/// `PATH` as it was.
pub(super) const OWN_PATH: [&str; 2] = ["$PATH", "${PATH}"];

/// Programs that only show their arguments, or look at a file.
const HARMLESS: [&str; 10] = [
    "echo", "printf", "cat", "test", "[", "[[", "logger", ":", "true", "false",
];

/// The `brew bundle` that a command is, if it is one that changes something. Where it is
/// not understood: which word is not.
fn command(words: &[Word]) -> Result<Option<Bundle>, String> {
    let mut bundle = Bundle::default();
    let mut words = words.iter().peekable();
    loop {
        let Some(word) = words.next() else {
            return Ok(None);
        };
        let text = word.text.as_str();
        if let Some((name, value)) = assignment(text) {
            if name == "PATH" {
                let is_known = |part: &str| !part.contains('$') || OWN_PATH.contains(&part);
                if !value.split(':').all(is_known) {
                    return Err(unknown(word));
                }
                bundle.path = Some(value.to_owned());
            } else {
                // A value that is not known is one that brew is not asked with.
                bundle.env.push((
                    name.to_owned(),
                    if word.is_expanded {
                        "$".to_owned()
                    } else {
                        value.to_owned()
                    },
                ));
            }
            continue;
        }
        match text {
            "if" | "then" | "else" | "elif" | "do" | "while" | "until" | "!" | "{" | "time"
            | "exec" | "command" | "nohup" | "builtin" => {}
            "launchctl" => {
                // `launchctl asuser UID COMMAND`
                if words.next().is_none_or(|word| word.text != "asuser") {
                    return Ok(None);
                }
                words.next();
            }
            "sudo" | "/usr/bin/sudo" => sudo(&mut words, &mut bundle)?,
            "env" | "/usr/bin/env" => {
                while let Some(option) = words.next_if(|word| word.text.starts_with('-')) {
                    if !matches!(option.text.as_str(), "-i" | "-" | "--") {
                        return Err(unknown(option));
                    }
                }
            }
            _ if text == "brew" || text.ends_with("/brew") => break,
            _ if HARMLESS.contains(&text) => return Ok(None),
            _ => {
                let all: Vec<&str> = std::iter::once(word)
                    .chain(words)
                    .map(|word| word.text.as_str())
                    .collect();
                return if may_run_bundle(&all) {
                    Err(unknown(word))
                } else {
                    Ok(None)
                };
            }
        }
    }
    let rest: Vec<_> = words.collect();
    arguments(&rest, bundle)
}

fn unknown(word: &Word) -> String {
    format!("`{}`", word.text)
}

/// Whether another program is told to run it, in words of their own or in one of code.
fn may_run_bundle(words: &[&str]) -> bool {
    let is_brew = |word: &&str| *word == "brew" || word.ends_with("/brew");
    let brew = words.iter().position(is_brew);
    brew.is_some_and(|at| words[at..].contains(&"bundle"))
        || words.iter().any(|word| may_mean_bundle(word))
}

fn assignment(text: &str) -> Option<(&str, &str)> {
    let (name, value) = text.split_once('=')?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    (is_first && name.chars().all(is_name)).then_some((name, value))
}

type Words<'w> = std::iter::Peekable<std::slice::Iter<'w, Word>>;

/// The options of sudo.
fn sudo(words: &mut Words<'_>, bundle: &mut Bundle) -> Result<(), String> {
    while let Some(option) = words.next_if(|word| word.text.starts_with('-')) {
        let user = match option.text.as_str() {
            "--" => break,
            "--set-home" | "-H" | "-E" | "-n" | "--preserve-env" | "--non-interactive" => continue,
            text if text.starts_with("--preserve-env=") => continue,
            "-u" | "--user" => words.next().ok_or_else(|| unknown(option))?.clone(),
            text => {
                let user = text
                    .strip_prefix("--user=")
                    .or_else(|| text.strip_prefix("-u"));
                Word {
                    text: user.ok_or_else(|| unknown(option))?.to_owned(),
                    is_expanded: option.is_expanded,
                }
            }
        };
        if user.is_expanded || user.text.is_empty() {
            return Err(unknown(option));
        }
        bundle.user = Some(user.text);
    }
    Ok(())
}

/// What `brew` is given. Nothing where that changes nothing.
fn arguments(words: &[&Word], mut bundle: Bundle) -> Result<Option<Bundle>, String> {
    let mut words = words.iter();
    match words.find(|word| !word.text.starts_with('-')) {
        Some(word) if word.text == "bundle" => {}
        _ => return Ok(None),
    }
    let mut is_forced = false;
    let mut is_cleanup = false;
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if let Some(file) = text.strip_prefix("--file=") {
            if word.is_expanded {
                return Err(unknown(word));
            }
            file.clone_into(&mut bundle.file);
            continue;
        }
        match text {
            "--file" => {
                let file = words.next().filter(|word| !word.is_expanded);
                let file = file.ok_or_else(|| unknown(word))?;
                file.text.clone_into(&mut bundle.file);
            }
            "cleanup" => is_cleanup = true,
            "check" | "list" | "dump" | "env" => return Ok(None),
            "--cleanup" | "--force-cleanup" => bundle.cleans = true,
            "--zap" => bundle.zaps = true,
            "--force" | "-f" => is_forced = true,
            // What these change is no removal.
            "install" | "upgrade" | "--no-upgrade" | "--upgrade" | "--no-lock" | "--verbose"
            | "-v" | "--debug" | "-d" | "--quiet" | "-q" | "--all" => {}
            _ if text.starts_with("--jobs=") || text.starts_with("--upgrade-formula") => {}
            _ => return Err(unknown(word)),
        }
    }
    if is_cleanup && !is_forced {
        // It only says what it would remove.
        return Ok(None);
    }
    bundle.cleans |= is_cleanup || has_cleanup(&bundle.env);
    if bundle.file.is_empty() {
        return Err("no --file".to_owned());
    }
    match bundle.env.iter().find(|(_, value)| value == "$") {
        Some((name, _)) => Err(format!("`{name}`")),
        None => Ok(Some(bundle)),
    }
}

/// Homebrew takes these variables for the option.
fn has_cleanup(env: &[(String, String)]) -> bool {
    const CLEANS: [&str; 2] = [
        "HOMEBREW_BUNDLE_INSTALL_CLEANUP",
        "HOMEBREW_BUNDLE_FORCE_INSTALL_CLEANUP",
    ];
    env.iter()
        .any(|(name, value)| CLEANS.contains(&name.as_str()) && !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::{Bundle, Found};

    /// The lines around the command, by release of nix-darwin: `modules/homebrew.nix` at
    /// these commits, looked at on 2026-12-01. `@` stands for what differs.
    const RELEASES: [(&str, &str); 4] = [
        ("2ddebb31 (2022-08)", "PATH=\"/opt/homebrew/bin\":$PATH @"),
        (
            "c31b6e8a (2025-01)",
            "PATH=\"/opt/homebrew/bin:/nix/store/m-mas/bin:$PATH\" \\\n    @",
        ),
        (
            "0721726e (2025-05)",
            "PATH=\"/opt/homebrew/bin:/nix/store/m-mas/bin:$PATH\" \\\n  sudo \\\n    --preserve-env=PATH \\\n    --user=lars \\\n    --set-home \\\n    env \\\n    @",
        ),
        (
            "a1fa429e (2026-06)",
            "PATH=\"/opt/homebrew/bin:/nix/store/m-mas/bin:$PATH\" sudo --preserve-env=PATH --user=lars --set-home env @",
        ),
    ];

    #[test]
    fn the_command_of_each_release_is_found() {
        for (release, form) in RELEASES {
            let command = "HOMEBREW_NO_AUTO_UPDATE=1 A='b c' brew bundle --file='/nix/store/x-Brewfile' --no-upgrade --cleanup --zap";
            let script = format!(
                "set -e\n# Homebrew Bundle\necho >&2 \"Homebrew bundle...\"\nif [ -f \"/opt/homebrew/bin/brew\" ]; then\n  {}\nelse\n  echo -e \"error: Homebrew is not installed, skipping...\" >&2\nfi\n",
                form.replace('@', command)
            );
            let found = Found::of(&script);
            assert!(found.unreadable.is_empty(), "{release}: {found:?}");
            let [bundle] = found.bundles.as_slice() else {
                panic!("{release}: {found:?}");
            };
            assert_eq!(bundle.file, "/nix/store/x-Brewfile", "{release}");
            assert!(bundle.cleans && bundle.zaps, "{release}");
            assert!(bundle.env.contains(&("A".to_owned(), "b c".to_owned())));
            let user = form.contains("lars").then_some("lars");
            assert_eq!(bundle.user.as_deref(), user, "{release}");
            let path = bundle.path.as_deref().unwrap();
            assert!(path.starts_with("/opt/homebrew/bin:") && path.ends_with(":$PATH"));
        }
    }

    #[test]
    fn flags_say_what_becomes_of_the_rest() {
        for (arguments, expected) in [
            ("--file=/x", Some((false, false))),
            ("install --file /x --no-upgrade", Some((false, false))),
            ("--file=/x --cleanup", Some((true, false))),
            ("--file=/x --zap --force-cleanup", Some((true, true))),
            ("cleanup --file=/x --force", Some((true, false))),
            ("--file=/x cleanup", None),
            ("check --file=/x", None),
        ] {
            let found = Found::of(&format!("brew bundle {arguments}"));
            assert!(found.unreadable.is_empty(), "{arguments}: {found:?}");
            let flags = found.bundles.first().map(|b| (b.cleans, b.zaps));
            assert_eq!(flags, expected, "{arguments}");
        }
        let found = Found::of("HOMEBREW_BUNDLE_FORCE_INSTALL_CLEANUP=1 brew bundle --file=/x");
        assert!(found.bundles[0].cleans);
    }

    #[test]
    fn other_words_of_it_are_no_command() {
        for line in [
            "echo >&2 \"Homebrew bundle...\"",
            "echo brew bundle --file=/x",
            "# brew bundle --file=/x",
            "printf >&2 '  - Remove them by running: brew bundle cleanup --force\\n'",
            "if [ -f /opt/brew-bundle ]; then",
            "x=$(sudo --user=lars brew bundle --file='/x' cleanup 2>&1) || y=$?",
            "brew list bundle",
        ] {
            assert_eq!(Found::of(line), Found::default(), "{line}");
        }
    }

    #[test]
    fn a_command_that_is_not_understood_is_said() {
        for line in [
            "brew bundle --file=\"$BREWFILE\"",
            "brew bundle",
            "brew bundle --file=/x --prune",
            "su - lars -c 'brew bundle --file=/x --cleanup'",
            "eval \"brew bundle --file=/x\"",
            "xargs /opt/homebrew/bin/brew bundle --file=/x",
            "sudo --user=\"$USER\" brew bundle --file=/x",
            "sudo --chroot=/y brew bundle --file=/x",
            "A=$B brew bundle --file=/x",
            "PATH=$HOME/bin:$PATH brew bundle --file=/x",
            "brew bundle --file='/x",
        ] {
            let found = Found::of(line);
            assert_eq!(found.unreadable.len(), 1, "{found:?}");
            assert!(found.unreadable[0].ends_with(line), "{found:?}");
            assert_eq!(found.bundles, Vec::<Bundle>::new());
        }
    }
}
