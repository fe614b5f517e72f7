//! The scripts of the actions, as a runner runs them, on hosts and cases that are hostile: in
//! the log of a job, its outputs, its summary and its files nothing acts.

use serde_json::{Value, json};

use super::configuration::yaml;
use super::looks::{assert_inert, assert_plain};
use super::options::Marked;
use crate::actions::{Runner, output};
use crate::support::{Fixture, arguments};

const FLAKE: &str = r#"{
  outputs = _: {
    nixosConfigurations = builtins.listToAttrs (map (name: {
      inherit name;
      value = {
        options = { };
        pkgs.stdenv.hostPlatform.system = "x86_64-linux";
        config.value = name;
      };
    }) (builtins.fromJSON (builtins.readFile ./names.json)));
  };
}
"#;

/// Two hosts whose names have all payloads that a name may have, and a case for each.
fn runner(all: &[Marked]) -> Runner {
    let names = all
        .iter()
        .filter(|marked| marked.is_name() && !marked.is_long());
    let names: Vec<_> = names.map(|marked| marked.text.replace("::", ":")).collect();
    let (first, second) = names.split_at(names.len() / 2);
    let hosts = [first.join(" "), second.join(" ")];
    let cases = names.iter().map(|name| {
        json!({ "name": name, "tags": [name], "eval": "{ config, ... }: config.value", "is": name })
    });
    let cases: Vec<_> = cases.collect();
    let fixture = Fixture::without_nix(&[
        ("names.json", &json!(hosts).to_string()),
        (
            "parity.yaml",
            &yaml(&json!({ "hosts": { "nixos": hosts } })),
        ),
        ("cases/a.yaml", &yaml(&json!({ "cases": cases }))),
    ]);
    fixture.project.write("flake.nix", FLAKE);
    Runner::new(fixture)
}

/// The log of a step: no line of it is a command, but what the script says itself.
fn log(step: &str, ran: &nix_parity_testkit::Ran, own: &[&str]) {
    let text = format!("{}{}", ran.stdout, ran.stderr);
    let lines = text.lines().filter(|line| !own.contains(line));
    assert_inert(step, &lines.collect::<Vec<_>>().join("\n"));
}

#[test]
fn no_payload_acts_in_a_job() {
    let all = Marked::all();
    let runner = runner(&all);
    let ran = runner.step("divide/divide", &[("SELECTION", "--shards=2")]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    log("divide", &ran, &[]);
    let outputs = runner.read("output");
    assert_plain("outputs", &outputs);
    let keys: Vec<_> = outputs
        .lines()
        .map(|line| line.split_once('=').unwrap().0)
        .collect();
    assert!(
        keys.iter()
            .all(|key| key.chars().all(|c| c.is_ascii_lowercase())),
        "{keys:?}"
    );
    let tests = output(&outputs, "tests");
    let matrix: Value = serde_json::from_str(output(&outputs, "matrix")).unwrap();
    let jobs = matrix["include"].as_array().unwrap();
    assert_eq!(jobs.len(), 2);
    for (n, job) in jobs.iter().enumerate() {
        let record = runner.path(&format!("records/{n}.jsonl"));
        let variables = [
            ("ARGS", &*arguments(job).join("\n")),
            ("RECORD", record.to_str().unwrap()),
        ];
        let ran = runner.step("shard/run", &variables);
        assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
        log("shard", &ran, &[]);
        assert_inert("record", &std::fs::read_to_string(record).unwrap());
    }
    let (records, reports) = (runner.path("records"), runner.path("reports"));
    let variables = [
        ("RECORDS", records.to_str().unwrap()),
        ("REPORTS", reports.to_str().unwrap()),
        ("TESTS", tests),
    ];
    let ran = runner.step("merge/report", &variables);
    assert_eq!(ran.code(), Some(1), "{}{}", ran.stdout, ran.stderr);
    log("merge", &ran, &[]);
    assert_inert("summary", &runner.read("summary"));
    for file in ["junit.xml", "report.md"] {
        assert_inert(file, &std::fs::read_to_string(reports.join(file)).unwrap());
    }
    let page = std::fs::read_to_string(reports.join("report.html")).unwrap();
    assert_plain("page", &page);
    for marked in all.iter().filter(|m| m.is_name() && !m.is_long()) {
        assert!(page.contains(&marked.mark), "{}", marked.payload);
    }
}
