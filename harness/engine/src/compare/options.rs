//! The options whose values differ, down to the member that does.

use std::collections::BTreeSet;

use nix_parity_core::comparison::{CAP, OptionChange, Setting};
use nix_parity_core::observation::NixError;
use nix_parity_core::option_path::OptionPath;
use nix_parity_core::redact::Redaction;
use nix_parity_core::value::Value;

use super::gather::{self, Gathered};
use crate::inspect::{Setting as Found, Settings};
use crate::plain::plain;

/// Of how many options it is asked who set them. Who changes more than that has other
/// questions.
pub(super) const MOST_ORIGINS: usize = 300;

/// How much of what two long texts have in common stands before where they part.
const BEFORE: usize = 40;

/// The options that something sets on one side only: those whose values are wanted of
/// the old side, and of the new one.
pub(super) fn set_on_the_other_side(old: &Settings, new: &Settings) -> [Vec<OptionPath>; 2] {
    let only = |of: &Settings, not_of: &Settings| {
        of.of
            .keys()
            .filter(|path| !not_of.of.contains_key(*path))
            .filter_map(|path| OptionPath::from_segments(path.clone()))
            .collect()
    };
    [only(new, old), only(old, new)]
}

/// Adds values of options that nothing sets to one side. What could not be found out of
/// it is taken from the other side, where it would look like a difference.
pub(super) fn add_values(
    [side, other]: [&mut Settings; 2],
    paths: &[OptionPath],
    values: Vec<gather::Found>,
) {
    for (path, value) in paths.iter().zip(values) {
        match value {
            Ok(None) => {}
            Ok(Some(value)) => {
                let found = Found {
                    value: Ok(value),
                    files: Vec::new(),
                };
                side.of.insert(path.segments().to_vec(), found);
            }
            Err(why) => {
                other.of.remove(path.segments());
                side.missing.push(format!("{path}: {why}"));
            }
        }
    }
}

/// All that differs, by path. Of what is hidden it is said that it differs, not how.
pub(super) fn changes(old: &Settings, new: &Settings, redaction: &Redaction) -> Vec<OptionChange> {
    let paths: BTreeSet<_> = old.of.keys().chain(new.of.keys()).collect();
    let mut changes = Vec::new();
    for path in paths {
        let (old, new) = (old.of.get(path), new.of.get(path));
        let derived = !new.or(old).is_some_and(|found| {
            let files = old.map(|o| &o.files).filter(|_| found.files.is_empty());
            files
                .unwrap_or(&found.files)
                .iter()
                .any(|file| is_own(file))
        });
        let first = changes.len();
        match (old.map(|f| &f.value), new.map(|f| &f.value)) {
            (Some(Err(_)), Some(Err(_))) => {}
            (Some(Ok(old)), Some(Ok(new))) => {
                let sides = [old, new].map(plain);
                let sides = [Some(&sides[0]), Some(&sides[1])];
                parts(path, sides, redaction, &mut changes);
            }
            (old, new) => {
                let [old, new] = [old, new].map(|value| side(path, value, redaction));
                changes.extend(change(path, old, new));
            }
        }
        for change in changes.iter_mut().skip(first) {
            change.derived = derived;
        }
    }
    changes
}

/// Whether a definition's file is one of the flake itself. A module without a file is
/// one that somebody wrote into a `flake.nix`.
fn is_own(file: &str) -> bool {
    !file.starts_with(['/', '<', '«']) || file == "<unknown-file>"
}

fn side(path: &[String], found: Option<&Result<Value, String>>, redaction: &Redaction) -> Setting {
    match found {
        None => Setting::Unset,
        Some(Ok(value)) => shown(path, &plain(value), redaction),
        Some(Err(message)) => {
            let path = OptionPath::from_segments(path.to_vec());
            let error = NixError {
                message: message.clone(),
                ..NixError::default()
            };
            Setting::Failed(redaction.shown_error(path.as_ref(), error).message)
        }
    }
}

fn shown(path: &[String], value: &Value, redaction: &Redaction) -> Setting {
    let path = OptionPath::from_segments(path.to_vec());
    let hidden = path.and_then(|path| redaction.shown(&path, value));
    Setting::Value(hidden.as_ref().unwrap_or(value).pretty())
}

/// The members of a value that differ.
fn parts(
    path: &[String],
    sides: [Option<&Value>; 2],
    redaction: &Redaction,
    changes: &mut Vec<OptionChange>,
) {
    match sides {
        [Some(Value::Attrs(old)), Some(Value::Attrs(new))] => {
            let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
            for name in names {
                let mut path = path.to_vec();
                path.push(name.clone());
                parts(&path, [old.get(name), new.get(name)], redaction, changes);
            }
        }
        // Numbers that are none differ from themselves; their text does not.
        [Some(old), Some(new)] if old == new || old.to_string() == new.to_string() => {}
        [old, new] => {
            let side = |value: Option<&Value>| {
                value.map_or(Setting::Unset, |value| shown(path, value, redaction))
            };
            changes.extend(change(path, side(old), side(new)));
        }
    }
}

/// A change of what is at a path.
pub(super) fn change(path: &[String], old: Setting, new: Setting) -> Option<OptionChange> {
    let path = OptionPath::from_segments(path.to_vec())?;
    let (old, new) = match (old, new) {
        (Setting::Value(old), Setting::Value(new)) => {
            let [old, new] = capped([&old, &new]);
            (Setting::Value(old), Setting::Value(new))
        }
        (old, new) => (cap_side(old), cap_side(new)),
    };
    Some(OptionChange {
        path: path.to_string(),
        old,
        new,
        origins: Vec::new(),
        derived: false,
        causes: Vec::new(),
    })
}

fn cap_side(side: Setting) -> Setting {
    let cap = |text: String| {
        let [text, _] = capped([&text, ""]);
        text
    };
    match side {
        Setting::Value(text) => Setting::Value(cap(text)),
        Setting::Failed(text) => Setting::Failed(cap(text)),
        Setting::Unset => Setting::Unset,
    }
}

/// Two texts that differ, each at most [`CAP`] characters of where they do.
pub(super) fn capped(texts: [&str; 2]) -> [String; 2] {
    let [a, b] = texts;
    if texts.iter().all(|text| text.chars().nth(CAP).is_none()) {
        return texts.map(str::to_owned);
    }
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b);
    let skip = common.count().saturating_sub(BEFORE);
    texts.map(|text| {
        let mut rest = text.chars().skip(skip);
        let mut cut: String = rest.by_ref().take(CAP).collect();
        let left = rest.count();
        if skip > 0 {
            cut.insert(0, '…');
        }
        if left > 0 {
            cut = format!("{cut}… ({left} more characters)");
        }
        cut
    })
}

/// Asks who set what: the new side, or the old one where it is set no more.
pub(super) fn add_origins(changes: &mut [OptionChange], sides: [&Gathered; 2]) {
    for (side, of_new) in sides.into_iter().zip([false, true]) {
        let mut wanted: Vec<_> = changes
            .iter_mut()
            .filter(|change| (change.new != Setting::Unset) == of_new)
            .filter_map(|change| Some((OptionPath::parse(&change.path).ok()?, change)))
            .collect();
        // What the flake itself sets comes first where there is too much.
        wanted.sort_by_key(|(_, change)| change.derived);
        wanted.truncate(MOST_ORIGINS);
        let paths = wanted.iter().map(|(path, _)| path.clone()).collect();
        for ((_, change), origins) in wanted.into_iter().zip(side.origins(paths)) {
            // A file may set another member of the option than the one that differs.
            if !origins.is_empty() {
                change.derived = !origins.iter().any(|o| is_own(&o.location.file));
            }
            change.origins = origins;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::capped;
    use crate::inspect::{Setting as Found, Settings};
    use nix_parity_core::comparison::{CAP, OptionChange, Setting};
    use nix_parity_core::redact::Redaction;
    use nix_parity_core::value::{Package, Value};
    use std::collections::BTreeMap;

    fn changes(old: &Settings, new: &Settings) -> Vec<OptionChange> {
        super::changes(old, new, &Redaction::default())
    }

    fn settings(value: Value) -> Settings {
        let found = Found {
            value: Ok(value),
            files: vec!["hosts/pc.nix".to_owned()],
        };
        Settings {
            of: [(vec!["a".to_owned()], found)].into(),
            missing: Vec::new(),
        }
    }

    fn set(members: &[(&str, Value)]) -> Value {
        let members = members.iter().map(|(n, v)| ((*n).to_owned(), v.clone()));
        Value::Attrs(members.collect::<BTreeMap<_, _>>())
    }

    #[test]
    fn the_member_that_differs_is_named() {
        let value = |x| set(&[("b.c", set(&[("x", Value::Int(x)), ("y", Value::Null)]))]);
        let found = changes(&settings(value(1)), &settings(value(2)));
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].path, "a.\"b.c\".x");
        assert_eq!(found[0].old, Setting::Value("1".to_owned()));
        assert!(!found[0].derived);
        assert_eq!(changes(&settings(value(1)), &settings(value(1))), []);
        let found = changes(&settings(set(&[])), &settings(set(&[("x", Value::Null)])));
        assert_eq!(found[0].old, Setting::Unset);
    }

    #[test]
    fn what_only_follows_is_no_change_of_an_option() {
        let package = |path: &str| {
            Value::Package(Package {
                pname: "git".to_owned(),
                version: "2".to_owned(),
                path: Some(path.to_owned()),
            })
        };
        assert_eq!(
            changes(&settings(package("/a")), &settings(package("/b"))),
            []
        );
        let nan = || Value::Float(f64::NAN);
        assert_eq!(changes(&settings(nan()), &settings(nan())), []);
    }

    #[test]
    fn long_texts_are_cut_to_where_they_part() {
        let long = "x".repeat(100_000);
        let [old, new] = capped([&format!("{long}old{long}"), &format!("{long}new{long}")]);
        for (text, word) in [(&old, "old"), (&new, "new")] {
            assert!(text.starts_with('…') && text.contains(word), "{word}");
            assert!(text.chars().count() < CAP + 100);
        }
        assert_eq!(capped(["a", "b"]), ["a", "b"]);
    }
}
