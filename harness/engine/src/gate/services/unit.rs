//! A unit, as far as a switch looks at it, and what a difference between two asks for:
//! the rules of `switch-to-configuration`, as NixOS's manual has them under "Unit
//! handling".

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::digest;
use super::ini::Sections;

/// A unit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::gate) struct Unit {
    /// Digests of values by section and key.
    keys: BTreeMap<String, BTreeMap<String, String>>,
    /// The values of keys that say what a switch does.
    words: BTreeMap<String, String>,
    /// Whether another unit pulls it in.
    pub(in crate::gate) wanted: bool,
}

/// What it takes for a difference to have effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::gate) enum Difference {
    /// Nothing.
    None,
    /// The unit reads its settings again.
    Reload,
    /// The unit is another one.
    Restart,
}

/// The keys that say what a switch does, and are in no way secret.
const WORDS: [&str; 13] = [
    "X-StopOnRemoval",
    "X-ReloadIfChanged",
    "X-RestartIfChanged",
    "X-StopIfChanged",
    "X-OnlyManualStart",
    "X-SwitchMethod",
    "RefuseManualStart",
    "RefuseManualStop",
    "Type",
    "RemainAfterExit",
    "Sockets",
    "X-NotSocketActivated",
    "What",
];

/// Keys of `[Unit]` that change nothing of what runs.
const IGNORED: [&str; 13] = [
    "X-Reload-Triggers",
    "Description",
    "Documentation",
    "OnFailure",
    "OnSuccess",
    "OnFailureJobMode",
    "IgnoreOnIsolate",
    "StopWhenUnneeded",
    "RefuseManualStart",
    "RefuseManualStop",
    "AllowIsolate",
    "CollectMode",
    "SourcePath",
];

impl Unit {
    /// From what its files say.
    pub(in crate::gate) fn new(sections: &Sections, wanted: bool) -> Self {
        let mut unit = Self {
            wanted,
            ..Self::default()
        };
        // What it is pulled in by has no effect on it.
        for (section, keys) in sections.iter().filter(|(name, _)| *name != "Install") {
            let digests = keys.iter().map(|(key, values)| {
                let text: Vec<_> = values.iter().map(|v| format!("{}:{v}", v.len())).collect();
                (key.clone(), digest(&text.join("\n")))
            });
            unit.keys.insert(section.clone(), digests.collect());
            for word in WORDS {
                if let Some(value) = keys.get(word).and_then(|values| values.last()) {
                    unit.words.insert(word.to_owned(), value.clone());
                }
            }
        }
        unit
    }

    /// Whether a key is on, or as given where it is not there.
    pub(in crate::gate) fn is_on(&self, key: &str, default: bool) -> bool {
        self.word(key).map_or(default, |value| {
            matches!(value, "1" | "yes" | "true" | "on")
        })
    }

    /// The value of a key that says what a switch does.
    pub(in crate::gate) fn word(&self, key: &str) -> Option<&str> {
        self.words.get(key).map(String::as_str)
    }

    /// Whether it ends by itself and is then to be started again.
    pub(in crate::gate) fn runs_once(&self) -> bool {
        self.word("Type") == Some("oneshot") && !self.is_on("RemainAfterExit", false)
    }

    /// What it takes to make this one of that one.
    pub(in crate::gate) fn difference(&self, new: &Self) -> Difference {
        let sections: BTreeSet<_> = self.keys.keys().chain(new.keys.keys()).collect();
        let mut found = Difference::None;
        let nothing = BTreeMap::new();
        for section in sections {
            let [old, new] = [self, new].map(|unit| unit.keys.get(section).unwrap_or(&nothing));
            let keys: BTreeSet<_> = old.keys().chain(new.keys()).collect();
            let differs = |key: &&&String| old.get(**key) != new.get(**key);
            for key in keys.iter().filter(differs) {
                found = found.max(of_key(section, key, new.contains_key(*key)));
            }
        }
        found
    }
}

fn of_key(section: &str, key: &str, is_there: bool) -> Difference {
    match (section, key) {
        ("Unit", "X-Reload-Triggers") | ("Service", "ExecReload") if is_there => Difference::Reload,
        // Who cannot be reloaded any more need not be.
        ("Service", "ExecReload") => Difference::None,
        ("Unit", key) if IGNORED.contains(&key) => Difference::None,
        ("Mount", "Options") => Difference::Reload,
        _ => Difference::Restart,
    }
}

#[cfg(test)]
mod tests {
    use super::super::ini::{Sections, read};
    use super::{Difference, Unit};

    fn unit(text: &str) -> Unit {
        let mut sections = Sections::new();
        read(text, &mut sections);
        Unit::new(&sections, true)
    }

    #[test]
    fn differences_are_as_switch_to_configuration_has_them() {
        use Difference::{None, Reload, Restart};
        let base = "[Unit]\nDescription=a\n[Service]\nExecStart=/a\nExecReload=/r\n";
        for (new, expected) in [
            (base.to_owned(), None),
            (base.replace("Description=a", "Description=b"), None),
            (base.replace("Description=a\n", ""), None),
            (format!("{base}[Install]\nWantedBy=x.target\n"), None),
            (
                base.replace("[Service]", "X-Reload-Triggers=/x\n[Service]"),
                Reload,
            ),
            (
                base.replace("[Service]", "X-Restart-Triggers=/x\n[Service]"),
                Restart,
            ),
            (base.replace("/r", "/s"), Reload),
            (base.replace("ExecReload=/r\n", ""), None),
            (base.replace("ExecStart=/a", "ExecStart=/b"), Restart),
            (
                base.replace("ExecStart=/a", "ExecStart=/a\nExecStart=/a"),
                Restart,
            ),
            (format!("{base}[Timer]\nOnCalendar=daily\n"), Restart),
            (format!("{base}[Mount]\nOptions=ro\n"), Reload),
            (format!("{base}no key\n"), Restart),
        ] {
            assert_eq!(unit(base).difference(&unit(&new)), expected, "{new}");
        }
    }

    #[test]
    fn only_words_that_are_asked_for_are_kept_as_they_are() {
        let unit = unit(
            "[Service]\nEnvironment=PASSWORD=hunter2\nX-RestartIfChanged=false\nType=oneshot\n",
        );
        let kept = serde_json::to_string(&unit).unwrap();
        assert!(!kept.contains("hunter2"), "{kept}");
        assert!(!unit.is_on("X-RestartIfChanged", true));
        assert!(unit.is_on("X-StopIfChanged", true));
        assert!(unit.runs_once());
    }
}
