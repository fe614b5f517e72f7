//! The files of a stub.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use nix_parity_core::option_path::{OptionPath, is_identifier, nix_string};

use super::uses::{Role, Uses};
use crate::project::Stubs;

const SYSTEMS: &str = "[ \"aarch64-darwin\" \"aarch64-linux\" \"x86_64-darwin\" \"x86_64-linux\" ]";

/// The files, by path.
pub(super) fn files(
    input: &str,
    uses: &Uses,
    options: &BTreeSet<OptionPath>,
    is_flake: bool,
) -> Vec<(String, String)> {
    let mut files = Vec::new();
    if is_flake {
        files.push(("flake.nix".to_owned(), flake(input, uses, options)));
    } else {
        let about = format!(
            "{}. Nothing here is real: the files have the names of those that the configuration takes.\n",
            Stubs::message(input)
        );
        files.push(("README".to_owned(), about));
    }
    for (path, is_module) in &uses.files {
        files.push((path.clone(), file(input, path, *is_module)));
    }
    files
}

fn file(input: &str, path: &str, is_module: bool) -> String {
    if Path::new(path).extension().is_none_or(|e| e != "nix") {
        return format!("{}, so this file says nothing\n", Stubs::message(input));
    }
    if is_module {
        return "{ }\n".to_owned();
    }
    format!("{}\n", throw(input, path))
}

/// An expression that refuses with the message of a stub.
fn throw(input: &str, what: &str) -> String {
    let message = format!("{}, so there is no {what}", Stubs::message(input));
    format!("throw {}", nix_string(&message))
}

/// A set, or what stands at the end of a path.
#[derive(Default)]
struct Tree {
    leaf: Option<String>,
    inner: BTreeMap<Option<String>, Tree>,
}

/// Outputs with modules of homes.
const OF_HOMES: [&str; 3] = ["homeManagerModules", "homeModules", "homeManagerModule"];

/// An option as a module of a home has it, if it is one within a system.
fn in_home(option: &OptionPath) -> Option<&[String]> {
    match option.segments() {
        [homes, users, _, rest @ ..] if homes == "home-manager" && users == "users" => Some(rest),
        _ => None,
    }
}

/// Whether there is a module that could have an option.
pub(super) fn has_modules(uses: &Uses, option: &OptionPath) -> bool {
    let of_home = in_home(option).is_some();
    let mut modules = uses.leaves().filter(|(_, role)| *role == Role::Module);
    modules.any(|(path, _)| !of_home || is_of_home(path))
}

fn is_of_home(path: &[Option<String>]) -> bool {
    let first = path.first().and_then(Option::as_deref);
    first.is_some_and(|first| OF_HOMES.contains(&first))
}

/// A module with these options, which take anything.
fn module<'o>(options: impl Iterator<Item = &'o [String]>) -> String {
    let declare = |path: &[String]| {
        let path = OptionPath::from_segments(path.to_vec());
        let path = path.map_or_else(String::new, |path| path.to_string());
        format!(" options.{path} = lib.mkOption {{ type = lib.types.anything; default = {{ }}; }};")
    };
    let declared: String = options
        .filter(|path| !path.is_empty())
        .map(declare)
        .collect();
    if declared.is_empty() {
        "{ }".to_owned()
    } else {
        format!("{{ lib, ... }}: {{{declared} }}")
    }
}

fn flake(input: &str, uses: &Uses, options: &BTreeSet<OptionPath>) -> String {
    let mut tree = Tree::default();
    // Only the first module for a platform declares options: others may be beside it.
    let mut declaring = BTreeSet::new();
    for (path, role) in uses.leaves() {
        let of_home = is_of_home(path);
        let first = path.first().and_then(Option::as_deref).unwrap_or_default();
        let of_darwin = first.starts_with("darwin");
        let is_first = role == Role::Module && declaring.insert((of_home, of_darwin));
        let own = options.iter().filter(|_| is_first).filter_map(|option| {
            match (of_home, in_home(option)) {
                (true, inner) => Some(inner.unwrap_or_else(|| option.segments())),
                (false, None) => Some(option.segments()),
                (false, Some(_)) => None,
            }
        });
        let module = module(own);
        let names = path.iter().map(|name| name.as_deref().unwrap_or("SYSTEM"));
        let called = names.collect::<Vec<_>>().join(".");
        let mut at = &mut tree;
        for name in path {
            at = at.inner.entry(name.clone()).or_default();
        }
        at.leaf = Some(match role {
            Role::Module => module,
            Role::Overlay => "_final: _prev: { }".to_owned(),
            Role::Value => throw(input, &called),
        });
    }
    let mut outputs = String::new();
    tree.write(4, &mut outputs);
    let description = nix_string(&Stubs::message(input));
    format!(
        "\
# Stands in for input {name}, where that cannot be fetched. `nix-parity init` made it from
# what the configuration takes from there: modules do nothing, overlays change nothing, and
# whatever else is needed refuses with a message that makes a case a skip.
{{
  description = {description};
  outputs = _: {outputs};
}}
",
        name = nix_parity_core::text::one_line(input),
    )
}

impl Tree {
    fn write(&self, column: usize, out: &mut String) {
        if let (Some(leaf), true) = (&self.leaf, self.inner.is_empty()) {
            out.push_str(leaf);
            return;
        }
        let start = " ".repeat(column);
        out.push_str("{\n");
        for (name, inner) in &self.inner {
            let Some(name) = name else { continue };
            let name = if is_identifier(name) {
                name.clone()
            } else {
                nix_string(name)
            };
            // Writing to a String cannot fail.
            let _ = write!(out, "{start}{name} = ");
            inner.write(column + 2, out);
            out.push_str(";\n");
        }
        let end = " ".repeat(column - 2);
        let _ = write!(out, "{end}}}");
        if let Some(any) = self.inner.get(&None) {
            // Whatever the system is called.
            out.push_str(" // builtins.listToAttrs (map (name: { inherit name; value = ");
            any.write(column + 2, out);
            let _ = write!(out, "; }}) {SYSTEMS})");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use nix_parity_core::option_path::OptionPath;

    use super::super::uses::Uses;
    use super::files;

    #[test]
    fn a_stub_is_nix_and_has_what_is_taken() {
        let mut uses = Uses::default();
        uses.add(
            r#"{ inputs, pkgs, ... }: {
              imports = [ inputs.secrets.nixosModules.default inputs.secrets.other "${inputs.secrets}/m.nix" ];
              a = inputs.secrets.lib."a b".c;
              b = inputs.secrets.packages.${pkgs.system}.tool;
              c = inputs.secrets.overlays.default;
              d = "${inputs.secrets}/keys/d.age";
              e = import "${inputs.secrets}/e.nix";
            }"#,
            "secrets",
        );
        let options = ["services.secret", "home-manager.users.lars.programs.x"];
        let options = options.map(|path| OptionPath::parse(path).unwrap());
        let files = files("secrets", &uses, &BTreeSet::from(options), true);
        for (path, text) in files.iter().filter(|(path, _)| !path.contains(".age")) {
            let parsed = rnix::Root::parse(text);
            assert_eq!(parsed.errors(), [], "{path}: {text}");
        }
        let named: Vec<_> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(named, ["flake.nix", "e.nix", "keys/d.age", "m.nix"]);
        let flake = &files[0].1;
        for part in [
            "default = { lib, ... }: { options.services.secret = lib.mkOption {",
            "other = { }",
            "\"a b\" = {",
            "so there is no lib.a b.c\"",
            "default = _final: _prev: { };",
            "so there is no packages.SYSTEM.tool\"",
            "x86_64-linux",
        ] {
            assert!(flake.contains(part), "{part}: {flake}");
        }
        // There is no module of a home that could have it.
        assert!(!flake.contains("programs.x"), "{flake}");
        assert_eq!(files[3].1, "{ }\n");
        assert!(files[1].1.starts_with("throw "));
    }
}
