//! A host whose options have payloads as names and values, in a file that is called so; a
//! ledger, cases, and builds that fail with a hostile log.

use nix_parity_testkit::{SECRET, payloads};
use serde_json::json;

use super::configuration::{FILE, is_name, yaml};
use crate::support::Fixture;

/// What the host is called.
pub(super) const HOST: &str = "pc\u{1b}[2J\u{202e}::error::x ##[group]]]><script>";

/// Options by hand: none needs a module system. One is a secret, one has the context of a
/// derivation.
const FLAKE: &str = r#"{
  outputs = _:
    let
      texts = builtins.fromJSON (builtins.readFile ./texts.json);
      word = builtins.readFile ./word;
      module = ./files + "/${texts.file}";
      file = builtins.seq (import module) (toString module);
      option = value: {
        _type = "option";
        isDefined = true;
        highestPrio = 100;
        inherit value;
        definitionsWithLocations = [ { inherit file value; } ];
        declarationPositions = [ ];
        files = [ file ];
      };
      built = name: more: derivation ({
        inherit name;
        system = "x86_64-linux";
        builder = "/bin/sh";
      } // more);
      values = builtins.listToAttrs (map (name: { inherit name; value = name + word; }) texts.all);
      all = builtins.concatStringsSep " " texts.all;
    in
    {
      nixosConfigurations.${texts.host} = rec {
        options.hostile = builtins.mapAttrs (_: option) values;
        options.context = option "${built "context" { inherit word; }}${all}";
        options.vault.token = option "@SECRET@${word}";
        pkgs.stdenv.hostPlatform.system = "x86_64-linux";
        config = {
          hostile = values;
          # What no option is: nothing looks at those.
          again = map (text: text + word) texts.all;
          context = options.context.value;
          vault.token = options.vault.token.value;
          system.build = builtins.mapAttrs (name: text: built name {
            inherit text;
            args = [ "-c" "printf '%s\\n' \"$text\"; exit 1" ];
          }) texts.logs // {
            toplevel = built "toplevel" { inherit (config) context; inherit word; };
          };
        };
      };
    };
}
"#;

/// A payload with a word that says which it is.
pub(super) struct Marked {
    pub(super) payload: &'static str,
    pub(super) mark: String,
    pub(super) text: String,
}

impl Marked {
    /// All that Nix can hold.
    pub(super) fn all() -> Vec<Self> {
        let all = payloads().into_iter().enumerate();
        let all = all.filter(|(_, (_, text))| !text.contains('\0'));
        all.map(|(n, (payload, text))| {
            let mark = format!("k{n:02}k");
            // Behind it, so that it still begins a line; what is long is cut off there.
            let text = if text.len() > LONG {
                format!("{mark}{text}")
            } else {
                format!("{text}{mark}")
            };
            Self {
                payload,
                mark,
                text,
            }
        })
        .collect()
    }

    /// Whether it is one of those that are cut off.
    pub(super) fn is_long(&self) -> bool {
        self.text.len() > LONG
    }

    /// Whether a case or a host can be called so: others are refused, which is tested where
    /// cases and jobs are.
    pub(super) fn is_name(&self) -> bool {
        is_name(&self.text)
    }
}

/// What is longer is cut off where it is told.
const LONG: usize = 1_000;

/// So many payloads are in one log.
const LOG: usize = 4;

/// Several payloads as one text: the argument of a program is no longer than 128 KiB.
fn joined(some: &[Marked], between: &str) -> String {
    let texts = some.iter().map(|marked| marked.text.chars().take(LONG));
    let texts: Vec<String> = texts.map(Iterator::collect).collect();
    texts.join(between)
}

/// A suite of builds that fail, whose logs have all payloads.
pub(super) fn builds(all: &[Marked]) -> String {
    let builds = (0..all.len().div_ceil(LOG)).map(
        |n| json!({ "name": format!("log {n}"), "build": { "attr": format!("system.build.log{n}") } }),
    );
    yaml(&json!({ "suite": "b", "cases": builds.collect::<Vec<_>>() }))
}

/// The project: a commit with one word, the work tree with another.
pub(super) fn fixture(all: &[Marked]) -> Fixture {
    let logs = all.chunks(LOG).enumerate();
    let logs = logs.map(|(n, some)| (format!("log{n}"), joined(some, "\n").into()));
    let logs: serde_json::Map<_, _> = logs.collect();
    // Those that cannot be called so say it as their value.
    let values = all.iter().enumerate().map(|(n, marked)| {
        let called = if marked.is_name() {
            marked.text.replace("::", ":")
        } else {
            format!("case {n}")
        };
        json!({
            "name": called,
            "proves": [format!("row-{n}")],
            "eval": format!("{{ config, ... }}: builtins.elemAt config.again {n}"),
            "is": "other",
        })
    });
    let besides = [
        json!({ "name": "context", "eval": "{ config, ... }: config.context", "is": "x" }),
        json!({ "name": "secret", "expect": { "nixos": { "vault.token": "x" } } }),
    ];
    let rows = all.iter().enumerate().map(|(n, marked)| {
        json!({ "id": format!("row-{n}"), "proposed": marked.text, "gap": marked.text,
            "weight": 1, "wanted": "required" })
    });
    let rows: Vec<_> = rows.collect();
    let cases: Vec<_> = values.chain(besides).collect();
    let mut texts: Vec<_> = all.iter().map(|marked| marked.text.clone()).collect();
    texts.push(joined(all, " "));
    let texts = json!({ "all": texts, "host": HOST, "file": FILE, "logs": logs });
    let files = [
        ("flake.nix".to_owned(), FLAKE.replace("@SECRET@", SECRET)),
        ("texts.json".to_owned(), texts.to_string()),
        ("word".to_owned(), "old".to_owned()),
        (format!("files/{FILE}"), "{ }\n".to_owned()),
        // Who names hosts there is refused such a name; a flake is not asked.
        (
            "parity.yaml".to_owned(),
            "redact: [vault.token]\n".to_owned(),
        ),
        ("ledger.yaml".to_owned(), yaml(&json!({ "rows": rows }))),
        (
            "cases/s.yaml".to_owned(),
            yaml(&json!({ "suite": "s", "cases": cases })),
        ),
    ];
    let files: Vec<_> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let fixture = Fixture::without_nix(&files);
    fixture.project.commit("first");
    fixture.project.write("word", "new");
    fixture
}
