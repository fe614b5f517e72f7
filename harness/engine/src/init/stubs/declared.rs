//! The inputs of a flake as its files declare and lock them, and which of them Nix could
//! not fetch.

use std::collections::BTreeSet;
use std::path::Path;

use nix_parity_core::observation::NixError;
use rnix::ast::{self, HasEntry as _};
use rowan::ast::AstNode as _;
use serde_json::{Value, json};

/// An input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// As `--override-input` names it: `secrets`, or `tools/secrets` of an input's input.
    pub name: String,
    /// Parts of its URL by which Nix's messages name it.
    urls: Vec<String>,
    /// Whether it is a flake, and not a folder of files only.
    pub is_flake: bool,
}

impl Declared {
    /// Whether whoever fetches it needs a key.
    pub fn needs_key(&self) -> bool {
        self.urls
            .iter()
            .any(|url| url.contains("ssh://") || url.starts_with("git@"))
    }

    fn is_in(&self, text: &str) -> bool {
        self.urls.iter().any(|url| text.contains(url.as_str()))
    }
}

/// The inputs of the flake in a folder: those that are locked, and those that flake.nix
/// declares.
pub fn declared(dir: &Path) -> Vec<Declared> {
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap_or_default();
    let lock: Value = serde_json::from_str(&read("flake.lock")).unwrap_or_default();
    let mut inputs = Vec::new();
    let root = lock["root"].as_str().unwrap_or_default();
    locked(&lock["nodes"], root, "", &mut BTreeSet::new(), &mut inputs);
    for (name, url, is_flake) in written(&read("flake.nix")) {
        match inputs.iter_mut().find(|input| input.name == name) {
            Some(input) => input.urls.extend(spellings(&url)),
            None => inputs.push(Declared {
                name,
                urls: spellings(&url),
                is_flake,
            }),
        }
    }
    inputs
}

/// The input that Nix says it could not fetch.
pub fn to_blame<'d>(error: &NixError, inputs: &'d [Declared]) -> Option<&'d Declared> {
    let steps = error.trace.iter().map(|frame| frame.text.as_str());
    let texts: Vec<_> = steps.chain([error.message.as_str()]).collect();
    let is_about_fetching = texts.iter().any(|text| {
        [
            "fetch",
            "download",
            "resolve",
            "Git repository",
            "git repository",
            "does not exist",
            "not allowed",
            "denied",
            "No such file",
        ]
        .iter()
        .any(|word| text.contains(word))
    });
    let named = inputs
        .iter()
        .filter(|i| texts.iter().any(|text| i.is_in(text)));
    // Of several the one with the longest URL is meant, which others may be part of, and
    // of those the one that is nearest.
    let length = |input: &&Declared| {
        let urls = input.urls.iter().map(String::len);
        (urls.max(), std::cmp::Reverse(input.name.len()))
    };
    is_about_fetching
        .then(|| named.max_by_key(length))
        .flatten()
}

/// Goes through the inputs that a lock file has, by what names them.
fn locked(
    nodes: &Value,
    node: &str,
    prefix: &str,
    seen: &mut BTreeSet<String>,
    found: &mut Vec<Declared>,
) {
    if !seen.insert(node.to_owned()) {
        return;
    }
    let inputs = nodes[node]["inputs"].as_object().into_iter().flatten();
    for (name, target) in inputs {
        // A list says which other input it follows.
        let Some(target) = target.as_str() else {
            continue;
        };
        let name = format!("{prefix}{name}");
        let urls = ["locked", "original"].map(|key| urls(&nodes[target][key]));
        found.push(Declared {
            urls: urls.into_iter().flatten().collect(),
            is_flake: nodes[target]["flake"] != Value::Bool(false),
            name: name.clone(),
        });
        locked(nodes, target, &format!("{name}/"), seen, found);
    }
}

/// How messages of Nix name what a lock file points at.
fn urls(node: &Value) -> Vec<String> {
    let text = |key: &str| node[key].as_str().unwrap_or_default();
    let urls = match text("type") {
        forge @ ("github" | "gitlab" | "sourcehut") => {
            let name = format!("{}/{}", text("owner"), text("repo"));
            vec![
                format!("{forge}:{name}"),
                format!("{forge}.com/{name}/"),
                format!("/repos/{name}/"),
            ]
        }
        "path" => vec![text("path").to_owned()],
        "indirect" => Vec::new(),
        _ => vec![needle(text("url"))],
    };
    // An empty one would be in every message.
    urls.into_iter().filter(|url| url.len() > 3).collect()
}

/// The same for a URL as it is written in a flake.
fn spellings(url: &str) -> Vec<String> {
    let of_forge = url.split_once(':').and_then(|(forge, rest)| {
        let mut parts = rest.split(['/', '?']);
        let (owner, repo) = (parts.next()?, parts.next()?);
        let is_forge = matches!(forge, "github" | "gitlab" | "sourcehut");
        is_forge.then(|| urls(&json!({"type": forge, "owner": owner, "repo": repo})))
    });
    of_forge.unwrap_or_else(|| vec![needle(url)])
}

/// A URL without what differs between its spellings.
fn needle(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or(url);
    let url = url.strip_prefix("git+").unwrap_or(url);
    url.strip_prefix("path:").unwrap_or(url).to_owned()
}

/// The inputs with a URL in the text of a flake, and whether they are flakes.
fn written(text: &str) -> Vec<(String, String, bool)> {
    let mut values = Vec::new();
    if let Some(ast::Expr::AttrSet(set)) = rnix::Root::parse(text).tree().expr() {
        literals(&set, &[], &mut values);
    }
    let of = |path: &[&str]| {
        let mut values = values.iter();
        values
            .find(|(known, _)| known == path)
            .map(|(_, v)| v.clone())
    };
    let names: BTreeSet<_> = values
        .iter()
        .filter_map(|(path, _)| match path.as_slice() {
            [inputs, name, url] if inputs == "inputs" && url == "url" => Some(name.clone()),
            _ => None,
        })
        .collect();
    names
        .into_iter()
        .filter_map(|name| {
            let url = of(&["inputs", &name, "url"])?;
            let is_flake = of(&["inputs", &name, "flake"]).as_deref() != Some("false");
            Some((name, url, is_flake))
        })
        .collect()
}

/// Strings and words of a set, by their paths.
fn literals(set: &ast::AttrSet, above: &[String], found: &mut Vec<(Vec<String>, String)>) {
    for entry in set.attrpath_values() {
        let names = entry.attrpath().into_iter().flat_map(|path| {
            let names: Vec<_> = path
                .attrs()
                .map(|attr| super::syntax::name_of(&attr))
                .collect();
            names
        });
        let Some(names) = names.collect::<Option<Vec<_>>>() else {
            continue;
        };
        let path = [above, &names].concat();
        match entry.value() {
            Some(ast::Expr::AttrSet(inner)) => literals(&inner, &path, found),
            Some(ast::Expr::Str(text)) => {
                let text = text.syntax().text().to_string();
                found.push((path, text.trim_matches('"').to_owned()));
            }
            Some(other) => found.push((path, other.syntax().text().to_string())),
            None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{declared, to_blame};
    use nix_parity_core::observation::NixError;

    const FLAKE: &str = r#"{
      inputs.nixpkgs.url = "github:NixOS/nixpkgs";
      inputs = {
        secrets = { url = "git+ssh://git@host/me/secrets.git?ref=main"; flake = false; };
        tools.url = "github:me/tools";
      };
      outputs = _: { };
    }"#;

    const LOCK: &str = r#"{"root": "r", "nodes": {
      "r": {"inputs": {"nixpkgs": "n", "tools": "t"}},
      "n": {"locked": {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": "1"}},
      "t": {"inputs": {"nixpkgs": ["nixpkgs"], "keys": "k", "self": "t"}, "locked": {"type": "github", "owner": "me", "repo": "tools"}},
      "k": {"flake": false, "locked": {"type": "git", "url": "ssh://git@host/me/keys"}}}}"#;

    #[test]
    fn the_input_that_cannot_be_fetched_is_named() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("flake.nix"), FLAKE).unwrap();
        fs::write(dir.path().join("flake.lock"), LOCK).unwrap();
        let inputs = declared(dir.path());
        let blamed = |message: &str| {
            let message = message.to_owned();
            let error = NixError {
                message,
                ..NixError::default()
            };
            to_blame(&error, &inputs).map(|i| (i.name.clone(), i.is_flake, i.needs_key()))
        };
        let is = |name: &str, flake, key| Some((name.to_owned(), flake, key));
        for (message, expected) in [
            (
                "Failed to fetch git repository 'ssh://git@host/me/secrets.git'",
                is("secrets", false, true),
            ),
            (
                "Failed to fetch git repository ssh://git@host/me/keys : x",
                is("tools/keys", false, true),
            ),
            (
                "unable to download 'https://api.github.com': while fetching the input 'github:me/tools/0'",
                is("tools", true, false),
            ),
            (
                "unable to download 'https://github.com/me/tools/archive/1.tar.gz'",
                is("tools", true, false),
            ),
            ("unable to download 'https://example.org'", None),
            ("the option `x' of github:me/tools is wrong", None),
        ] {
            assert_eq!(blamed(message), expected, "{message}");
        }
    }

    #[test]
    fn what_cannot_be_read_declares_nothing() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(declared(dir.path()), []);
        fs::write(dir.path().join("flake.nix"), "{ inputs = ").unwrap();
        fs::write(dir.path().join("flake.lock"), "[1").unwrap();
        assert_eq!(declared(dir.path()), []);
    }
}
