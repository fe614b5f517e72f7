//! `parity` and `package_parity`: what must be the same on hosts of several platforms.

use serde_json::json;

use super::across;
use super::expect::PATH_NOTE;
use super::keys::some_strings;
use crate::host::Platform;
use crate::location::Located;
use crate::option_path::OptionPath;
use crate::yaml::{Key, Node, Reader};

/// `parity`: options that have one value everywhere.
#[derive(Clone, Debug)]
pub struct ParityCheck {
    /// The paths below each host's `config`, in the order written; at least one.
    pub paths: Vec<Located<OptionPath>>,
    /// The platforms whose hosts are compared.
    pub across: Vec<Platform>,
}

/// `package_parity`: the same programs, whatever installs them.
#[derive(Clone, Debug)]
pub struct PackageParityCheck {
    /// The file that says what is called how, relative to the configuration's folder.
    pub mapping: Located<String>,
    /// The platforms whose hosts are compared.
    pub across: Vec<Platform>,
}

/// The keys of `parity`.
pub(super) const PARITY: &[Key] = &[
    Key {
        name: "paths",
        doc: "Option paths whose values, and all that is below them, are the same on all hosts.",
        schema: some_strings,
    },
    Key {
        name: "across",
        doc: "The platforms whose hosts are compared, among the hosts of the case; darwin and nixos where absent.",
        schema: || across::schema(1),
    },
];

/// The keys of `package_parity`.
pub(super) const PACKAGE_PARITY: &[Key] = &[
    Key {
        name: "mapping",
        doc: "The file, relative to the flake's folder, that says how programs are called in Homebrew and in nixpkgs.",
        schema: || json!({"type": "string", "minLength": 1}),
    },
    Key {
        name: "across",
        doc: "The platforms whose hosts are compared, among the hosts of the case; darwin and nixos where absent.",
        schema: || across::schema(2),
    },
];

impl ParityCheck {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`parity`", PARITY)?;
        let Some(paths) = mapping.get("paths") else {
            reader.report(
                reader
                    .error(node, "`parity` without `paths`")
                    .note("for example `paths: [environment.shellAliases]`"),
            );
            return None;
        };
        let mut found: Vec<Located<OptionPath>> = Vec::new();
        for text in reader.some_strings(paths, "`paths`")? {
            let path = match OptionPath::parse(&text.value) {
                Ok(path) => path,
                Err(error) => {
                    let error = reader.error_at(text.location, error.to_string());
                    reader.report(error.note(PATH_NOTE));
                    return None;
                }
            };
            if found.iter().any(|other| other.value == path) {
                let message = format!("`{path}` is given twice");
                reader.report(reader.error_at(text.location, message));
                return None;
            }
            found.push(Located {
                value: path,
                location: text.location,
            });
        }
        Some(Self {
            paths: found,
            across: across::optional(reader, mapping, 1)?,
        })
    }
}

impl PackageParityCheck {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`package_parity`", PACKAGE_PARITY)?;
        let Some(file) = mapping.get("mapping") else {
            reader.report(
                reader
                    .error(node, "`package_parity` without `mapping`")
                    .note("name the file that says what is called how, such as `config/package-map.yaml`"),
            );
            return None;
        };
        let file = reader.string(file, "`mapping`")?;
        let is_inside = !file.value.starts_with('/') && file.value.split('/').all(|p| p != "..");
        if !is_inside {
            let error = reader.error_at(file.location, "`mapping` leads out of the flake");
            reader.report(error.note("it is relative to the flake's folder"));
            return None;
        }
        Some(Self {
            mapping: file,
            across: across::optional(reader, mapping, 2)?,
        })
    }
}
