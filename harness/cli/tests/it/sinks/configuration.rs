//! A configuration that is hostile wherever it can be.

use std::fmt::Write as _;

use nix_parity_testkit::{SECRET, payloads};
use serde_json::{Value, json};

use crate::support::Fixture;

/// A file of the tree. Nix takes names of any bytes there.
pub(super) const FILE: &str = "a\u{1b}[31m\u{202e}<b>]]>\n::error::x ##[group].nix";

/// Hosts need no module system: any attribute set with a `config` will do.
const FLAKE: &str = r#"{
  outputs = _:
    let
      payloads = builtins.fromJSON (builtins.readFile ./payloads.json);
      host = text: rec {
        options = { };
        pkgs.stdenv.hostPlatform.system = "x86_64-linux";
        config = {
          value = text;
          names.${text} = 1;
          context = "${config.system.build.toplevel}${text}";
          thrown = throw text;
          filed = import (./files + "/${payloads.file}");
          vault.token = "@SECRET@";
          leaked = throw "vault.token is @SECRET@";
          system.build.toplevel = derivation {
            name = "toplevel";
            system = "x86_64-linux";
            builder = "/bin/sh";
            args = [ "-c" "exit 1" ];
            inherit text;
          };
        };
      };
    in
    {
      nixosConfigurations = builtins.listToAttrs (
        map (name: { inherit name; value = host name; }) payloads.names
      ) // { plain = host "plain"; };
    };
}
"#;

/// What Nix can hold: no NUL.
pub(super) fn names() -> Vec<String> {
    let all = payloads().into_iter().map(|(_, text)| text);
    all.filter(|text| !text.contains('\0')).collect()
}

/// What a suite or a case can be called: these stand in command lines, one a line.
pub(super) fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::is_control)
}

/// JSON that is YAML: that takes no control characters and no C1.
pub(super) fn yaml(value: &Value) -> String {
    let mut text = String::new();
    for c in value.to_string().chars() {
        if c.is_ascii() && c != '\u{7f}' || u32::from(c) > 0xffff {
            text.push(c);
        } else {
            write!(text, "\\u{:04x}", u32::from(c)).unwrap();
        }
    }
    text
}

/// Hosts of these names, each with its name as values, and cases called so.
pub(super) fn fixture(names: &[String]) -> Fixture {
    let mut files = vec![
        ("flake.nix".to_owned(), FLAKE.replace("@SECRET@", SECRET)),
        (
            "payloads.json".to_owned(),
            json!({ "names": names, "file": FILE }).to_string(),
        ),
        (
            format!("files/{FILE}"),
            "throw \"from a file\"\n".to_owned(),
        ),
        (
            "parity.yaml".to_owned(),
            "redact: [vault.token]\n".to_owned(),
        ),
    ];
    let on = |hosts: &str, name: &str, check: Value| {
        let mut case = json!({ "name": name, "hosts": hosts });
        case.as_object_mut()
            .unwrap()
            .extend(check.as_object().unwrap().clone());
        case
    };
    let common = |path: &str| json!({ "expect": { "common": { path: { "equals": "other" } } } });
    files.push((
        "cases/all.yaml".to_owned(),
        yaml(&json!({ "suite": "all", "cases": [
            on("all", "value", common("value")),
            on("all", "names", common("names")),
            on("all", "context", common("context")),
            on("all", "thrown", common("thrown")),
            on("all", "filed", common("filed")),
            on("plain", "secret", common("vault.token")),
            on("plain", "leaked", common("leaked")),
            on("all", "snapshot", json!({ "snapshot": { "derivation": "system" } })),
        ] })),
    ));
    for (n, text) in names.iter().enumerate().filter(|(_, text)| is_name(text)) {
        // No name has what separates suite, case and host.
        let called = text.replace("::", ":");
        let wrong = json!({ "hosts": { "plain": { "value": { "equals": text } } } });
        files.push((
            format!("cases/{n}.yaml"),
            yaml(&json!({ "suite": called, "cases": [
                { "name": called, "tags": [text], "hosts": ["plain"], "expect": wrong },
                { "name": format!("is {called}"), "hosts": ["plain"], "eval": "{ config, ... }: config.value", "is": text },
                { "name": "waits", "hosts": ["plain"], "eval": "{ ... }: 1", "is": 2,
                  "expected_failure": { "until": text } },
                { "name": format!("taken {called}"), "hosts": ["plain"], "snapshot": { "derivation": "system" } },
                { "name": format!("boots {called}"), "hosts": ["plain"], "vm": { "steps": [{ "succeed": text }] } },
            ] })),
        ));
    }
    let files: Vec<_> = files
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect();
    Fixture::without_nix(&files)
}
