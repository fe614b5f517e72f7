//! What Homebrew would remove, in its own words: `brew bundle cleanup` without `--force`
//! says it and does nothing. It knows what is installed besides what is listed, and what
//! that needs.

use std::io::Write as _;
use std::path::Path;

use nix_parity_core::gate::Thing;

use super::Homebrew;
use crate::nix::Program;

/// What would be removed; nothing where there is no Homebrew to ask.
///
/// # Errors
/// Why it cannot say.
pub(in crate::gate) fn would_remove(
    homebrew: &Homebrew,
) -> Option<Result<Vec<(Thing, String)>, String>> {
    let program = homebrew.program.as_deref().map(Path::new)?;
    let brewfile = homebrew.brewfile.as_deref()?;
    program.is_file().then(|| ask(program, brewfile))
}

fn ask(program: &Path, brewfile: &str) -> Result<Vec<(Thing, String)>, String> {
    let mut file = tempfile::NamedTempFile::new().map_err(|e| e.to_string())?;
    file.write_all(brewfile.as_bytes())
        .map_err(|e| e.to_string())?;
    let output = Program::new(program)
        .args(["bundle", "cleanup"])
        .arg(format!("--file={}", file.path().display()))
        .env("HOMEBREW_NO_AUTO_UPDATE", "1")
        .env("HOMEBREW_NO_COLOR", "1")
        .output()
        .map_err(|e| e.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout);
    let found = read(&text);
    // Something to do is told by 1 too.
    if output.status.success() || !found.is_empty() {
        return Ok(found);
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    let first = stderr.lines().find(|line| !line.trim().is_empty());
    Err(first.unwrap_or("it ended without a word").trim().to_owned())
}

/// One name per line below a line that says what they are.
fn read(text: &str) -> Vec<(Thing, String)> {
    let mut thing = None;
    let mut found = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if let Some(head) = line.strip_prefix("Would ") {
            thing = match head.trim_end_matches(':') {
                "uninstall casks" => Some(Thing::Cask),
                "uninstall formulae" => Some(Thing::Formula),
                "untap" => Some(Thing::Tap),
                head if head.starts_with("uninstall ") && head.contains("App") => Some(Thing::App),
                _ => None,
            };
        } else if line.starts_with("Run `brew") || line.is_empty() {
            thing = None;
        } else if let Some(thing) = thing {
            found.push((thing, line.to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use nix_parity_core::gate::Thing::{Cask, Formula, Tap};

    use super::read;

    #[test]
    fn the_words_of_homebrew_are_read() {
        let text = "Would uninstall casks:\nalfred\nWould uninstall formulae:\nhtop\njq\nWould untap:\nhomebrew/x\nWould `brew cleanup`:\nWould remove: /x (1KB)\nRun `brew bundle cleanup --force` to make these changes.\n";
        let found = read(text);
        let found: Vec<_> = found.iter().map(|(t, n)| (*t, n.as_str())).collect();
        assert_eq!(
            found,
            [
                (Cask, "alfred"),
                (Formula, "htop"),
                (Formula, "jq"),
                (Tap, "homebrew/x")
            ]
        );
        assert!(read("").is_empty());
    }
}
