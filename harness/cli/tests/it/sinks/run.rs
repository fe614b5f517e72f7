//! One run that feeds all sinks of the program, and what is planned.

use std::path::Path;

use nix_parity_testkit::SECRET;
use serde_json::Value;

use super::configuration::{fixture, is_name, names};
use super::looks::{assert_inert, assert_plain, files_below, said};
use crate::support::Fixture;

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
    // What is hidden is kept nowhere: the cases about that are on one host alone.
    assert_eq!(results.len(), 6 * hosts + 2 + 4 * cases);
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

    // The same for people, from the record: what `run` itself tells is in the table of commands.
    let shown = |arguments: &[&str]| said(&arguments.join(" "), &fixture.run(arguments));
    let human = shown(&["report", "--from", "run.jsonl", "--junit", "out/again.xml"]);
    assert!(
        human.contains("<redacted>"),
        "the secret is said to be hidden"
    );
    let longest = human.lines().map(str::len).max();
    assert!(longest < Some(20_000), "{longest:?}");
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
