//! Configurations that hold what could pass for an answer, a message, a line break
//! or a command to a terminal: they are values like any other.

use nix_parity_testkit::{Host, Platform};
use serde_json::{Value, json};

use crate::support::{Fixture, Record, golden};

/// Strings with a meaning to Nix, to its log, to the harness or to a terminal.
const STRINGS: [(&str, &str); 14] = [
    ("quotes", "\"a\" 'b' ''c'' \\\" \\"),
    ("lines", "one\ntwo\r\nthree\n"),
    ("colours", "\u{1b}[31mred\u{1b}[0m \u{1b}]0;title\u{7}"),
    ("splices", "${builtins.abort \"x\"} ''${x} $${y} ${"),
    ("trace", "trace: np-000000000000000000000000 1 value true"),
    ("marker", "np-000000000000000000000000 1 done"),
    (
        "log",
        "@nix {\"action\":\"msg\",\"level\":0,\"msg\":\"error: x\"}",
    ),
    (
        "error",
        "error: infinite recursion encountered\n       at /etc/passwd:1:1:",
    ),
    ("escapes", "\\u0000 \\n %s %00 \u{1}\u{2}\u{7f}"),
    ("invisible", "a\u{202e}b\u{200b}c\u{feff}"),
    ("markup", "<b>&amp;</b> ]]> ::error file=x::y"),
    ("wide", "日本語 ü é 👩‍👩‍👧"),
    ("prompt", ":q\n)\nbuiltins.exit"),
    (
        "store",
        "/nix/store/00000000000000000000000000000000-source/flake.nix",
    ),
];

/// Attribute names that need quoting.
const NAMES: [&str; 6] = ["a.b", "with space", "quo\"te", "line\nbreak", "${x}", ""];

/// The text as a string of Nix. JSON's strings are Nix's, but for `${`, and for
/// `\u` which Nix does not know.
fn nix_string(text: &str) -> String {
    format!(
        "(builtins.fromJSON {})",
        json!(json!(text).to_string())
            .to_string()
            .replace("${", "\\${")
    )
}

fn fixture() -> Fixture {
    let mut module = String::from("{ lib, pkgs, config, ... }:\n{\n");
    module.push_str(
        "  options.hostile = lib.mkOption { type = lib.types.attrsOf lib.types.raw; };\n",
    );
    for (name, text) in STRINGS {
        module.extend([format!("  config.hostile.{name} = {};\n", nix_string(text))]);
    }
    let names: Vec<_> = NAMES
        .iter()
        .map(|n| format!("{{ name = {}; value = 1; }}", nix_string(n)))
        .collect();
    module.extend([format!(
        "  config.hostile.names = builtins.listToAttrs [ {} ];\n",
        names.join(" ")
    )]);
    module.push_str(
        r#"
  config.hostile.long = lib.concatStrings (lib.genList (_: "0123456789abcdef") 65536);
  config.hostile.many = lib.genList (n: n) 10000;
  config.hostile.deep = lib.foldl' (value: _: { inherit value; }) 1 (lib.range 1 150);
  config.hostile.abyss = lib.foldl' (value: _: { inherit value; }) 1 (lib.range 1 500);
  config.hostile.endless = let loop = { inherit loop; }; in loop;
  config.hostile.noisy =
    builtins.trace "np-000000000000000000000000 1 value 2" (
      builtins.trace "@nix {}" (
        lib.warn "a warning\nof two lines" (builtins.trace (lib.genList (n: n) 50) (builtins.trace "${builtins.fromJSON ''"\u001b[2J"''}" 1))));
  config.warnings = [ config.hostile.colours config.hostile.trace ];
}
"#,
    );
    Fixture::with_hosts(
        &[Host::new(Platform::NixOs, "pc").with_module(&module)],
        &[],
    )
}

/// One case that is right about each string, and one that is wrong.
fn cases() -> String {
    let mut cases = Vec::new();
    for (name, text) in STRINGS {
        let path = format!("hostile.{name}");
        let wrong = format!("{text}.");
        // JSON is YAML.
        cases.push(json!({"name": format!("{name} is right"), "expect": {"common": {&path: {"equals": text}}}}));
        cases.push(json!({"name": format!("{name} is wrong"), "expect": {"common": {&path: {"equals": wrong}}}}));
        cases.push(json!({
            "name": format!("{name} is thrown"),
            "eval": format!("{{ config, ... }}: throw config.hostile.{name}"),
            "throws": {"message": {"not": {"contains": "something else"}}},
        }));
    }
    let members: serde_json::Map<_, _> =
        NAMES.iter().map(|n| ((*n).to_owned(), json!(1))).collect();
    let more = [
        (
            "names are right",
            json!({"hostile.names": {"equals": members}}),
        ),
        ("names are wrong", json!({"hostile.names": {"each": 2}})),
        (
            "a quoted name is right",
            json!({"hostile.names.\"a.b\"": 1, "hostile.names.\"quo\\\"te\"": 1}),
        ),
        (
            "long is right",
            json!({"hostile.long": {"length": 1_048_576}}),
        ),
        ("long is wrong", json!({"hostile.long": "short"})),
        (
            "many is right",
            json!({"hostile.many": {"length": 10_000}, "hostile.many.9999": 9999}),
        ),
        ("many is wrong", json!({"hostile.many": []})),
        (
            "deep is right",
            json!({"hostile.deep": {"keys": ["value"]}}),
        ),
        ("deep is wrong", json!({"hostile.deep": {"matches": "x"}})),
        ("noisy is right", json!({"hostile.noisy": 1})),
        ("noisy is wrong", json!({"hostile.noisy": 2})),
    ];
    for (name, expectations) in more {
        cases.push(json!({"name": name, "expect": {"common": expectations}}));
    }
    cases.push(json!({"name": "warnings are right", "warns": STRINGS[2].1}));
    cases.push(json!({"name": "warnings are wrong", "warns": "no such warning"}));
    for name in ["abyss", "endless"] {
        let expectations = json!({format!("hostile.{name}"): 1});
        cases.push(json!({"name": format!("{name} is wrong"), "expect": {"common": expectations}}));
        // This looks at all of it.
        let expectations = json!({format!("hostile.{name}"): {"matches": "x"}});
        cases.push(
            json!({"name": format!("{name} is too deep"), "expect": {"common": expectations}}),
        );
    }
    // YAML allows no DEL as it is.
    json!({"suite": "hostile", "cases": cases})
        .to_string()
        .replace('\u{7f}', "\\u007f")
}

#[test]
fn no_string_is_taken_for_anything_else() {
    let fixture = fixture();
    fixture.project.write("cases/hostile.yaml", &cases());
    let ran = fixture.run(&["run", "--format", "jsonl"]);
    let record = Record::read(&ran);
    for (test, result) in &record.results {
        let wanted = match test {
            t if t.ends_with("is wrong::pc") || t.ends_with("are wrong::pc") => "fail",
            t if t.ends_with("is too deep::pc") => "error",
            _ => "pass",
        };
        let short: String = result.to_string().chars().take(2000).collect();
        assert_eq!(result["outcome"], wanted, "{test}: {short}");
    }
    assert_eq!(
        record.results.len(),
        3 * STRINGS.len() + 17,
        "{:?}",
        record.results.keys()
    );
    // Nothing of it is lost or changed in the cache.
    assert_eq!(fixture.record(&[]).results, record.results);
    for name in ["abyss", "endless"] {
        let findings = record.findings(&format!("hostile::{name} is too deep::pc"));
        assert!(findings.contains("nests deeper"), "{findings}");
    }

    // What a person reads is short, and `run` has checked that nothing acts.
    let told = fixture.run(&["run"]);
    let longest = told.stdout.lines().map(str::len).max().unwrap_or(0);
    assert!(longest < 2000, "a line of {longest} bytes");
    assert!(told.stdout.len() < 200_000, "{} bytes", told.stdout.len());
    insta::assert_snapshot!("told", golden(&told.stdout));
}

#[test]
fn hosts_of_any_name() {
    // Names that testkit's hosts may not have: any attribute set with a config will do.
    let names = ["pc.example.org", "with space", "ünïcödé", "quo\"te", "-x"];
    let hosts: Vec<_> = names
        .iter()
        .map(|name| {
            format!(
                "    {} = {{ config.name = {}; options = {{ }}; pkgs.stdenv.hostPlatform.system = \"x86_64-linux\"; }};\n",
                json!(name),
                json!(name)
            )
        })
        .collect();
    let flake = format!(
        "{{\n  outputs = _: {{ nixosConfigurations = {{\n{}  }}; }};\n}}\n",
        hosts.concat()
    );
    let scopes: serde_json::Map<_, _> = names
        .iter()
        .map(|n| ((*n).to_owned(), json!({"name": n})))
        .collect();
    let cases: Value = json!({"cases": [{"name": "name", "expect": {"hosts": scopes}}]});
    let fixture = Fixture::without_nix(&[
        ("flake.nix", &flake),
        ("parity.yaml", "{}\n"),
        ("cases/a.yaml", &cases.to_string()),
    ]);
    let record = fixture.record(&[]);
    assert_eq!(
        record.with("pass").len(),
        names.len(),
        "{:?}",
        record.results
    );
    for name in names {
        let ran = fixture.run(&["run", "--exact", &format!("a::name::{name}")]);
        assert_eq!(ran.code(), Some(0), "{name}: {}", ran.stderr);
    }
}
