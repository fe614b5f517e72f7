//! Values as the text of a snapshot: one entry per option or file, in the syntax of Nix,
//! so that each line of a difference says where it is.

use nix_parity_core::host::Platform;
use nix_parity_core::option_path::{OptionPath, nix_string};
use nix_parity_core::value::Value;

use super::normal::without_hashes;
use crate::plain::renamed;

/// How the entry of an option without a value ends.
const NO_VALUE: &str = " has no value;";

/// The entries of an option: one for each value below it that is no set.
pub(crate) fn option(path: &OptionPath, value: &Value) -> Vec<String> {
    let mut entries = Vec::new();
    let value = with_plain_names(value);
    leaves(&mut path.segments().to_vec(), &value, &mut entries);
    entries
}

/// A value without the hashes of store paths in the names of attributes, which would put
/// them in another order besides.
fn with_plain_names(value: &Value) -> Value {
    match value {
        Value::Attrs(members) => {
            let members = members
                .iter()
                .map(|(name, member)| (name, with_plain_names(member)));
            let text = |member: &Value| without_hashes(&member.pretty());
            Value::Attrs(renamed(members.collect(), without_hashes, text))
        }
        Value::List(items) => Value::List(items.iter().map(with_plain_names).collect()),
        other => other.clone(),
    }
}

fn leaves(at: &mut Vec<String>, value: &Value, entries: &mut Vec<String>) {
    match value {
        Value::Attrs(members) if !members.is_empty() => {
            for (name, member) in members {
                at.push(name.clone());
                leaves(at, member, entries);
                at.pop();
            }
        }
        _ => {
            let path = OptionPath::from_segments(at.clone());
            let path = path.map(|path| path.to_string()).unwrap_or_default();
            entries.push(entry(&path, value));
        }
    }
}

/// The entry of an option that is declared and has no value.
pub(crate) fn no_value(path: &OptionPath) -> String {
    format!("{path}{NO_VALUE}")
}

/// The entries of files with their texts.
pub(crate) fn files(files: &[(&str, Value)]) -> Vec<String> {
    files
        .iter()
        .map(|(path, text)| entry(&nix_string(path), text))
        .collect()
}

/// The option that a file's text is the value of.
pub(crate) fn option_of_file(platform: Platform, path: &str) -> Option<OptionPath> {
    let (set, name) = match platform {
        Platform::Home => (["home", "file"], path),
        Platform::Darwin | Platform::Nixos => (
            ["environment", "etc"],
            path.strip_prefix("etc/").unwrap_or(path),
        ),
    };
    let names = set.into_iter().chain([name, "text"]);
    OptionPath::from_segments(names.map(str::to_owned).collect())
}

fn entry(name: &str, value: &Value) -> String {
    format!("{name} = {};", without_hashes(&value.pretty()))
}

/// The entries of a text, by their names; without lines where there is no value.
pub(crate) fn entries(body: &str) -> Vec<(&str, Vec<&str>)> {
    let mut entries: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in body.lines() {
        // What begins an entry is neither indented nor the end of a value.
        let begins = !line.starts_with([' ', '}', ']', '\'']);
        match (
            line.split_once(" = ").filter(|_| begins),
            entries.last_mut(),
        ) {
            (Some((name, rest)), _) => entries.push((name, vec![rest])),
            (None, _) if begins && line.ends_with(NO_VALUE) => {
                entries.push((line.trim_end_matches(NO_VALUE), Vec::new()));
            }
            (None, Some((_, lines))) => lines.push(line),
            (None, None) => {}
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::{entries, files, no_value, option};
    use nix_parity_core::option_path::OptionPath;
    use nix_parity_core::value::Value;

    #[test]
    fn each_value_has_its_path() {
        let value = Value::Attrs(
            [
                (
                    "b.c".to_owned(),
                    Value::from("/nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-x/y"),
                ),
                (
                    "d".to_owned(),
                    Value::Attrs([("e".to_owned(), Value::Int(1))].into()),
                ),
                ("f".to_owned(), Value::Attrs([].into())),
            ]
            .into(),
        );
        let path = OptionPath::parse("a").unwrap();
        assert_eq!(
            option(&path, &value),
            [
                "a.\"b.c\" = \"/nix/store/…-x/y\";",
                "a.d.e = 1;",
                "a.f = { };"
            ]
        );
    }

    #[test]
    fn names_have_no_hashes_either() {
        let with = |hashes: [&str; 2]| {
            let member = |n: usize, name: &str| {
                let path = format!("/nix/store/{}-{name}", hashes[n]);
                (path, Value::Int(i64::try_from(n).unwrap()))
            };
            let set = Value::Attrs([member(0, "x"), member(1, "y")].into());
            let path = OptionPath::parse("a").unwrap();
            let listed = Value::List(vec![set.clone()]);
            [option(&path, &set), option(&path, &listed)].concat()
        };
        let [low, high] = [
            "0ccnxa25whszw7mgbgyzdm4nqc0zwnm8",
            "9ccnxa25whszw7mgbgyzdm4nqc0zwnm8",
        ];
        let told = with([low, high]);
        assert_eq!(told, with([high, low]));
        assert_eq!(told[0], "a.\"/nix/store/…-x\" = 0;");
    }

    #[test]
    fn entries_are_found_again() {
        let text = "x = 1;\n}\n\n''\n";
        let texts = [("etc/a", text), ("etc/b", ""), ("etc/c", "no end")];
        let body = files(&texts.map(|(path, text)| (path, Value::from(text)))).join("\n");
        let found = entries(&body);
        let names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
        let path = OptionPath::parse("a.b").unwrap();
        assert_eq!(entries(&no_value(&path)), [("a.b", vec![])]);
        assert_eq!(names, ["\"etc/a\"", "\"etc/b\"", "\"etc/c\""], "{body}");
    }
}
