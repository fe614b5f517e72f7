//! A configuration that is hostile wherever it can be, evaluated by real Nix: one run that
//! feeds all sinks of the program. What each renderer makes of each payload is told by the
//! table of the same name in `harness/report/tests/it/sinks`.

use std::fmt::Write as _;
use std::path::Path;

use nix_parity_testkit::{Ran, SECRET, payloads};
use serde_json::{Value, json};

use crate::support::Fixture;

/// A file of the tree. Nix takes names of any bytes there.
const FILE: &str = "a\u{1b}[31m\u{202e}<b>]]>\n::error::x ##[group].nix";

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
fn names() -> Vec<String> {
    let all = payloads().into_iter().map(|(_, text)| text);
    all.filter(|text| !text.contains('\0')).collect()
}

/// What a suite or a case can be called: these stand in command lines, one a line.
fn is_name(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(char::is_control)
}

/// JSON that is YAML: that takes no control characters and no C1.
fn yaml(value: &Value) -> String {
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
fn fixture(names: &[String]) -> Fixture {
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
    let on_all = |name: &str, check: Value| {
        let mut case = json!({ "name": name });
        case.as_object_mut()
            .unwrap()
            .extend(check.as_object().unwrap().clone());
        case
    };
    let common = |path: &str| json!({ "expect": { "common": { path: { "equals": "other" } } } });
    files.push((
        "cases/all.yaml".to_owned(),
        yaml(&json!({ "suite": "all", "cases": [
            on_all("value", common("value")),
            on_all("names", common("names")),
            on_all("context", common("context")),
            on_all("thrown", common("thrown")),
            on_all("filed", common("filed")),
            on_all("secret", common("vault.token")),
            on_all("leaked", common("leaked")),
            on_all("snapshot", json!({ "snapshot": { "derivation": "system" } })),
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

/// Nothing acts on a terminal, hides text or turns it around, and no secret is told.
#[track_caller]
fn assert_plain(what: &str, text: &str) {
    assert!(!text.contains(SECRET), "{what} has the secret");
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let line = text.lines().find(|line| line.contains(acts));
    assert_eq!(line, None, "{what}");
}

/// The same, and nothing that the runner obeys whose log it comes to stand in.
#[track_caller]
fn assert_inert(what: &str, text: &str) {
    assert_plain(what, text);
    let obeyed = |line: &&str| line.contains("##[") || line.trim_start().starts_with("::");
    assert_eq!(text.lines().find(obeyed), None, "{what}");
}

#[track_caller]
fn said(what: &str, ran: &Ran) -> String {
    assert_inert(&format!("{what}: stdout"), &ran.stdout);
    assert_inert(&format!("{what}: stderr"), &ran.stderr);
    ran.stdout.clone()
}

/// All files below a folder, by their paths; each path is checked to be a plain one.
fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let name = path.to_str().expect("a plain name").to_owned();
            found.push((name, std::fs::read(&path).unwrap()));
        }
    }
    found
}

#[test]
fn a_hostile_configuration_is_text_in_every_sink() {
    let fixture = fixture(&names());
    fixture.project.write("out/.keep", "here");
    let ran = fixture
        .program(&[
            "run",
            "--kind",
            "not:vm",
            "--format",
            "jsonl",
            "--junit",
            "out/junit.xml",
            "--html",
            "out/page.html",
            "--markdown",
            "out/comment.md",
        ])
        .run();
    assert_eq!(ran.code(), Some(1), "{}", ran.stderr);
    let record = said("record", &ran);
    let results: Vec<Value> = record
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("one event on each line"))
        .filter(|event| event["event"] == "test_finished")
        .collect();
    let hosts = names().len() + 1;
    let cases = names().iter().filter(|text| is_name(text)).count();
    assert_eq!(results.len(), 8 * hosts + 4 * cases);
    // Values arrive as they are.
    for result in &results {
        let outcome = &result["result"]["outcome"];
        let case = result["id"]["case"].as_str().unwrap();
        let wanted = match case {
            "thrown" | "filed" | "leaked" => "error",
            "waits" => "pass",
            _ => "fail",
        };
        let short: String = result.to_string().chars().take(1_500).collect();
        assert_eq!(outcome, wanted, "{short}");
    }
    fixture.project.write("run.jsonl", &record);

    for (file, bytes) in files_below(fixture.project.path("out").as_ref()) {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.is_empty(), "{file}");
        if Path::new(&file).extension().is_some_and(|e| e == "html") {
            assert_plain(&file, &text);
        } else {
            assert_inert(&file, &text);
        }
    }
    let page = fixture.project.read("out/page.html");
    for own in ["<script", "<style", "<img", "onerror=\""] {
        let ours = usize::from(own.starts_with("<s"));
        assert_eq!(page.matches(own).count(), ours, "{own}");
    }

    // The same from the record, and of the cache.
    let shown = |arguments: &[&str]| said(&arguments.join(" "), &fixture.run(arguments));
    let human = shown(&["run", "--kind", "not:vm"]);
    assert!(
        human.contains("<redacted>"),
        "the secret is said to be hidden"
    );
    let longest = human.lines().map(str::len).max();
    assert!(longest < Some(20_000), "{longest:?}");
    shown(&["report", "--from", "run.jsonl"]);
    shown(&["report", "--from", "run.jsonl", "--junit", "out/again.xml"]);
    assert_eq!(
        fixture.project.read("out/again.xml"),
        fixture.project.read("out/junit.xml")
    );
    let summary = fixture.project.path("summary.md");
    let report = fixture.program(&["report", "--from", "run.jsonl", "--github"]);
    let log = report.env("GITHUB_STEP_SUMMARY", &summary).run().stdout;
    assert_inert("summary", &fixture.project.read("summary.md"));
    let commands: Vec<_> = log
        .lines()
        .filter(|l| l.trim_start().starts_with("::"))
        .collect();
    assert!(
        commands.len() <= 30
            && commands
                .iter()
                .all(|l| l.contains(" title=") || l.contains(",title="))
    );
    assert!(!log.contains("##[") && !log.contains(SECRET));

    assert_lists(&fixture, results.len() + cases);
    assert_snapshots(&fixture, hosts + cases);
    // Names in the cache are digests, and no secret is kept.
    for (file, bytes) in files_below(fixture.cache()) {
        let name = file
            .strip_prefix(fixture.cache().to_str().unwrap())
            .unwrap();
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
        assert!(name.chars().all(plain) && !name.contains(".."), "{name}");
        let secret = SECRET.as_bytes();
        assert!(
            !bytes.windows(secret.len()).any(|w| w == secret),
            "{name} has the secret"
        );
    }
}

/// What is planned, for people and programs, and for machines that run a part of it.
fn assert_lists(fixture: &Fixture, tests: usize) {
    let shown = |arguments: &[&str]| said(&arguments.join(" "), &fixture.run(arguments));
    assert_eq!(shown(&["list"]).lines().count(), tests);
    let listed = shown(&["list", "--format", "jsonl"]);
    let listed: Vec<Value> = listed
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    assert_eq!(listed.len(), tests);
    for text in names().iter().filter(|text| is_name(text)) {
        let is_there =
            |test: &Value| test["case"] == text.replace("::", ":") && test["tags"][0] == **text;
        assert!(listed.iter().any(is_there), "{text:?}");
    }
    let exported = shown(&["vm", "--export", "vm-tests.nix"]);
    assert_inert("export", &exported);
    let nix = fixture.project.read("vm-tests.nix");
    assert!(nix.matches("cases = [").count() >= 1, "{nix}");
    let parsed = rnix::Root::parse(&nix);
    assert!(parsed.errors().is_empty(), "{:?}", parsed.errors());
}

/// Files of what was taken stay in their folder, each with a name of its own that every
/// file system takes.
fn assert_snapshots(fixture: &Fixture, wanted: usize) {
    let folder = fixture.project.path("snapshots");
    let found = files_below(folder.as_ref());
    let paths: Vec<_> = found.iter().map(|(path, _)| path).collect();
    assert_eq!(found.len(), wanted, "{paths:#?}");
    for (file, bytes) in found {
        let name = file.strip_prefix(folder.as_str()).unwrap();
        let parts: Vec<_> = name.split('/').collect();
        assert!(
            parts.len() == 3 && parts.iter().all(|p| p.len() <= 255 && *p != ".."),
            "{name}"
        );
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-%@".contains(c);
        assert!(name.chars().all(plain), "{name}");
        assert!(
            !String::from_utf8(bytes).unwrap().contains(SECRET),
            "{name}"
        );
    }
    said("review", &fixture.run(&["review", "--accept"]));
}

#[test]
fn jobs_select_hosts_of_any_name_or_say_that_they_cannot() {
    let refused = fixture(&names()).run(&["matrix"]);
    said("refused", &refused);
    assert_eq!(refused.code(), Some(2), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("cannot be handed to a job"),
        "{}",
        refused.stderr
    );

    let names: Vec<_> = names().into_iter().filter(|text| is_name(text)).collect();
    let fixture = fixture(&names);
    let ran = fixture.run(&["matrix", "--kind", "not:vm", "--shards", "3"]);
    let line = said("matrix", &ran);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let matrix: Value = serde_json::from_str(&line).unwrap();
    said("pretty", &fixture.run(&["matrix", "--pretty"]));
    for job in matrix["include"].as_array().unwrap() {
        // As `join(matrix.args, …)` of the workflow makes them, and the script reads them.
        let arguments: Vec<&str> = job["args"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a.as_str().unwrap())
            .collect();
        let joined = arguments.join("\n");
        let read: Vec<_> = ["list"].into_iter().chain(joined.split('\n')).collect();
        let listed = fixture.run(&[&read[..], &["--format", "jsonl"]].concat());
        assert_eq!(listed.code(), Some(0), "{job}: {}", listed.stderr);
        assert_eq!(job["tests"], listed.stdout.lines().count(), "{arguments:?}");
    }
}
