//! Which option is probably behind which root cause. Nix does not say; but a value
//! that somebody sets mostly stands in the text that is made of it.

use nix_parity_core::comparison::{Change, Comparison, Derivations, OptionChange, Setting};
use nix_parity_core::option_path::OptionPath;

/// A shorter value is in many texts by chance: it has to stand in a line with the
/// option's name.
const TELLING: usize = 5;

/// Points from each option to the root causes whose changed lines hold its new value
/// and not its old one.
pub(super) fn tie(comparison: &mut Comparison) {
    let Some(Derivations { causes, .. }) = &comparison.derivations else {
        return;
    };
    for option in comparison.options.iter_mut().flatten() {
        let Some(tie) = Tie::new(option) else {
            continue;
        };
        option.causes = causes
            .iter()
            .enumerate()
            .filter(|(_, cause)| cause.changes.iter().any(|change| tie.holds(change)))
            .map(|(number, _)| number)
            .collect();
    }
}

/// What must have come and what must have gone.
struct Tie {
    name: String,
    came: Vec<String>,
    gone: Vec<String>,
}

impl Tie {
    fn new(option: &OptionChange) -> Option<Self> {
        let [old, new] = [&option.old, &option.new].map(words);
        let only = |of: &[String], not_of: &[String]| -> Vec<String> {
            let only = of.iter().filter(|word| !not_of.contains(word));
            only.cloned().collect()
        };
        let path = OptionPath::parse(&option.path).ok()?;
        let mut names = path.segments().iter().rev();
        let name = names.find(|name| *name != "enable")?.to_lowercase();
        let (came, gone) = (only(&new, &old), only(&old, &new));
        (!came.is_empty() || !gone.is_empty()).then_some(Self { name, came, gone })
    }

    fn holds(&self, change: &Change) -> bool {
        let [old, new] = [&change.old, &change.new].map(|text| text.as_deref().unwrap_or(""));
        // Only lines that are not on the other side count; the name of what is needed
        // newly, or no more, is a line too.
        let only = |of: &str, not_of: &str| -> Vec<String> {
            let others: Vec<_> = not_of.lines().collect();
            let lines = of.lines().filter(|line| !others.contains(line));
            lines.map(str::to_owned).collect()
        };
        let (mut came, mut gone) = (only(new, old), only(old, new));
        if let Some(input) = change.what.strip_prefix("input ") {
            let (new, old) = (change.new.is_some(), change.old.is_some());
            came.extend((new && !old).then(|| input.to_owned()));
            gone.extend((old && !new).then(|| input.to_owned()));
        }
        let in_lines = |words: &[String], lines: &[String]| {
            words
                .iter()
                .any(|word| lines.iter().any(|line| self.stands_in(word, line)))
        };
        if self.came.is_empty() {
            in_lines(&self.gone, &gone) && !in_lines(&self.gone, &came)
        } else {
            in_lines(&self.came, &came) && !in_lines(&self.came, &gone)
        }
    }

    fn stands_in(&self, word: &str, line: &str) -> bool {
        let telling = word.chars().count() >= TELLING && !matches!(word, "false");
        has_word(line, word) && (telling || line.to_lowercase().contains(&self.name))
    }
}

/// Whether a text stands in a line as a word of its own.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|t| t.chars().next_back());
        let after = line.get(at + word.len()..).and_then(|t| t.chars().next());
        let ends = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric());
        ends(before) && ends(after)
    })
}

/// The scalars of a value as configuration files would have them.
fn words(side: &Setting) -> Vec<String> {
    let Setting::Value(text) = side else {
        return Vec::new();
    };
    let mut words = Vec::new();
    for line in text.lines() {
        // Strings hold anything; what is between them is Nix's own.
        for (n, part) in line.split('"').enumerate() {
            if n % 2 == 1 {
                let text = part.replace("\\n", "\n");
                words.extend(text.lines().map(|line| line.trim().to_owned()));
            } else {
                let scalars = part.split(|c: char| c.is_whitespace() || "[]{};=<>'".contains(c));
                words.extend(scalars.map(str::to_owned));
            }
        }
    }
    words.retain(|word| !word.trim().is_empty() && word != "package");
    words
}

#[cfg(test)]
mod tests {
    use super::Tie;
    use nix_parity_core::comparison::{Change, OptionChange, Setting};

    fn ties(path: &str, values: [&str; 2], texts: [&str; 2]) -> bool {
        let [old, new] = values.map(|v| Setting::Value(v.to_owned()));
        let option = OptionChange {
            path: path.to_owned(),
            old,
            new,
            origins: Vec::new(),
            derived: false,
            causes: Vec::new(),
        };
        let [old, new] = texts.map(|t| Some(t.to_owned()));
        let what = "env.text".to_owned();
        Tie::new(&option).is_some_and(|tie| tie.holds(&Change { what, old, new }))
    }

    #[test]
    fn an_option_is_tied_to_the_text_that_has_its_value() {
        let path = "services.openssh.settings.PermitRootLogin";
        let values = ["\"prohibit-password\"", "\"no\""];
        let texts = [
            "A no\nPermitRootLogin prohibit-password\n",
            "A no\nPermitRootLogin no\n",
        ];
        assert!(ties(path, values, texts));
        assert!(!ties(path, values, ["X yes\n", "X no\n"]), "another name");
        assert!(!ties("a.b", ["\"one\"", "\"lantern\""], ["x", "lanterns"]));
        assert!(ties("a.b", ["\"one\"", "\"lantern\""], ["x", "y=lantern;"]));
        // Too short to tell, in a line without the name.
        assert!(!ties("a.b", ["[ \"git\" ]", "[ ]"], ["git", ""]));
        assert!(ties(
            "a.b",
            ["[ <package gitui-1> ]", "[ ]"],
            ["p/gitui-1", ""]
        ));
    }
}
