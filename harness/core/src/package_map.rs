//! The file that says how a program is called where: in Homebrew, and in nixpkgs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::case::object_schema;
use crate::diagnostic::Diagnostic;
use crate::host::Platform;
use crate::location::{Located, Location};
use crate::yaml::{self, Key, Mapping, Node, Reader};

/// Programs, each under the names by which it is installed.
#[derive(Clone, Debug, Default)]
pub struct PackageMap {
    /// In the order of the file.
    pub programs: Vec<Program>,
}

/// One program.
#[derive(Clone, Debug)]
pub struct Program {
    /// What people call it.
    pub name: Located<String>,
    /// Its formula.
    pub brew: Option<String>,
    /// Its cask.
    pub cask: Option<String>,
    /// The `pname` of its package.
    pub nixpkgs: Option<String>,
    /// The one platform that it is for, with the reason.
    pub only: Option<(Platform, String)>,
}

const KEYS: &[Key] = &[
    Key {
        name: "name",
        doc: "What people call the program.",
        schema: text_schema,
    },
    Key {
        name: "brew",
        doc: "Its formula in Homebrew.",
        schema: text_schema,
    },
    Key {
        name: "cask",
        doc: "Its cask in Homebrew.",
        schema: text_schema,
    },
    Key {
        name: "nixpkgs",
        doc: "The `pname` of its package in nixpkgs.",
        schema: text_schema,
    },
    Key {
        name: "only",
        doc: "The one platform that it is for.",
        schema: || json!({"enum": Platform::ALL.map(Platform::name)}),
    },
    Key {
        name: "reason",
        doc: "Why it is for that platform only.",
        schema: text_schema,
    },
];

fn text_schema() -> Value {
    json!({"type": "string", "minLength": 1})
}

/// The JSON Schema of such a file (draft 7).
pub fn schema() -> Value {
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "nix-parity package map",
        "type": "array",
        "minItems": 1,
        "items": object_schema(KEYS, &["name"]),
    })
}

/// Reads such a file. `file` is its path as the user should see it.
///
/// # Errors
/// Everything that is wrong with it, in its order.
pub fn parse(file: &str, text: &str) -> Result<PackageMap, Vec<Diagnostic>> {
    yaml::document(file, text, read)
}

fn read(reader: &Reader<'_>, node: &Node) -> Option<PackageMap> {
    let items = reader.sequence(node, "a package map")?;
    if items.is_empty() {
        let error = reader.error(node, "a package map without a program");
        reader.report(
            error.note("for example `- { name: ripgrep, brew: ripgrep, nixpkgs: ripgrep }`"),
        );
    }
    let programs: Vec<_> = items
        .iter()
        .filter_map(|item| program(reader, item))
        .collect();
    report_twice(reader, &programs);
    Some(PackageMap { programs })
}

fn program(reader: &Reader<'_>, node: &Node) -> Option<Program> {
    let mapping = reader.mapping(node, "a program", KEYS)?;
    let Some(name) = mapping.get("name") else {
        reader.report(reader.error(node, "a program without a `name`"));
        return None;
    };
    let name = reader.name(name, "`name`")?;
    let text = |key: &str| {
        let node = mapping.get(key)?;
        reader.string(node, &format!("`{key}`")).map(|t| t.value)
    };
    let found = Program {
        brew: text("brew"),
        cask: text("cask"),
        nixpkgs: text("nixpkgs"),
        only: only(reader, mapping).ok()?,
        name,
    };
    if found.brew.is_none() && found.cask.is_none() && found.nixpkgs.is_none() {
        reader.report(
            reader
                .error(node, format!("`{}` is called nothing", found.name.value))
                .note("say `brew`, `cask` or `nixpkgs`"),
        );
        return None;
    }
    if found.only.is_none() && found.nixpkgs.is_none() {
        reader.report(
            reader
                .error(
                    node,
                    format!("`{}` has no package for NixOS", found.name.value),
                )
                .note("say `nixpkgs`, or `only: darwin` with a `reason`"),
        );
        return None;
    }
    Some(found)
}

/// Something is wrong, and was reported.
struct Reported;

/// `only` with its `reason`.
fn only(reader: &Reader<'_>, mapping: Mapping<'_>) -> Result<Option<(Platform, String)>, Reported> {
    match (mapping.entry("only"), mapping.entry("reason")) {
        (None, None) => Ok(None),
        (Some(only), Some(reason)) => {
            let word = reader.string(only.value, "`only`").ok_or(Reported)?;
            let platform = word.value.parse::<Platform>().map_err(|error| {
                reader.report(reader.error(only.value, error.to_string()));
                Reported
            })?;
            let reason = reader.string(reason.value, "`reason`").ok_or(Reported)?;
            Ok(Some((platform, reason.value)))
        }
        (Some(entry), None) => {
            let error = reader.error(entry.key, "`only` without a `reason`");
            reader.report(error.note("say why the other platforms do not have it"));
            Err(Reported)
        }
        (None, Some(entry)) => {
            reader.report(reader.error(entry.key, "`reason` without `only`"));
            Err(Reported)
        }
    }
}

/// One name for two programs would make either stand for the other.
fn report_twice(reader: &Reader<'_>, programs: &[Program]) {
    let mut seen: BTreeMap<(&str, &str), &Location> = BTreeMap::new();
    for program in programs {
        let names = [
            ("name", Some(&program.name.value)),
            ("brew", program.brew.as_ref()),
            ("cask", program.cask.as_ref()),
            ("nixpkgs", program.nixpkgs.as_ref()),
        ];
        for (key, name) in names {
            let Some(name) = name else { continue };
            let location = &program.name.location;
            if let Some(first) = seen.insert((key, name), location) {
                let error = reader.error_at(
                    location.clone(),
                    format!("a second program with `{key}: {name}`"),
                );
                reader.report(error.note(format!("the first is in line {}", first.line)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn wrong(text: &str) -> Vec<String> {
        let problems = parse("map.yaml", text).unwrap_err();
        problems.into_iter().map(|p| p.message).collect()
    }

    #[test]
    fn programs_are_read() {
        let map = parse(
            "map.yaml",
            "- { name: ripgrep, brew: ripgrep, nixpkgs: ripgrep }\n\
             - { name: Raycast, cask: raycast, only: darwin, reason: a launcher of macOS }\n",
        )
        .unwrap();
        assert_eq!(map.programs.len(), 2);
        assert_eq!(map.programs[0].nixpkgs.as_deref(), Some("ripgrep"));
        assert_eq!(
            map.programs[1].only.as_ref().unwrap().1,
            "a launcher of macOS"
        );
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(wrong("[]"), ["a package map without a program"]);
        assert_eq!(wrong("a: 1"), ["a package map must be a list"]);
        assert_eq!(wrong("- { nixpkgs: a }"), ["a program without a `name`"]);
        assert_eq!(wrong("- { name: a }"), ["`a` is called nothing"]);
        assert_eq!(
            wrong("- { name: a, cask: a }"),
            ["`a` has no package for NixOS"]
        );
        assert_eq!(
            wrong("- { name: a, cask: a, only: darwin }"),
            ["`only` without a `reason`"]
        );
        assert_eq!(
            wrong("- { name: a, cask: a, only: macos, reason: x }"),
            ["unknown platform `macos`, expected darwin, nixos or home"]
        );
        assert_eq!(
            wrong("- { name: a, nixpkgs: x }\n- { name: b, nixpkgs: x }"),
            ["a second program with `nixpkgs: x`"]
        );
        assert_eq!(
            wrong("- { name: a, nixpkg: x }"),
            ["unknown key `nixpkg` in a program", "`a` is called nothing"]
        );
    }
}
