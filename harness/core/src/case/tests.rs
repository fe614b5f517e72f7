//! Case files as people write them, right and wrong.

use super::{Check, Suite, ThrowsPattern, parse_suite, suite_schema};
use crate::diagnostic::Diagnostic;
use crate::host::{Host, Platform};

fn suite(yaml: &str) -> Suite {
    parse_suite("cases/shell.yaml", yaml).unwrap_or_else(|d| panic!("{d:#?}"))
}

fn wrong(yaml: &str) -> Vec<Diagnostic> {
    parse_suite("cases/shell.yaml", yaml).unwrap_err()
}

/// `line:column message (label)` of the first mistake.
fn first(yaml: &str) -> String {
    let d = wrong(yaml).remove(0);
    let l = d.location.unwrap();
    let label = d.label.map(|l| format!(" ({l})")).unwrap_or_default();
    format!("{}:{} {}{label}", l.line, l.column, d.message)
}

const FULL: &str = r#"
suite: shell
proves: [platform-abstraction]
defaults: { hosts: all, timeout: 60s, tags: [fast] }
cases:
  - name: login shell
    tags: slow
    expect:
      common: { programs.fish.enable: true, environment.variables: { includes: { EDITOR: vim } } }
      nixos: { programs.fish.enable: { absent_or: false }, services.openssh.enable: true }
      hosts: { pc: { services.openssh.enable: false } }
  - name: firewall
    hosts: ["nixos:*", not: server]
    with: "{ networking.firewall.enable = false; }"
    throws: { assertion: "firewall must stay on" }
  - name: free
    eval: "{ config, lib, ... }: lib.length config.x"
    is_on: { common: { ge: 1 }, darwin: 2 }
  - name: refused
    eval: "{ ... }: throw \"no\""
    throws: { matches: "^no$" }
    expected_failure: { until: "later", ledger: row }
  - name: warned
    warns: deprecated
"#;

#[test]
fn a_file_is_read_whole() {
    let suite = suite(FULL);
    assert_eq!(suite.name.value, "shell");
    assert_eq!(suite.cases.len(), 5);
    let login = &suite.cases[0];
    assert_eq!(login.tags, ["fast", "slow"]);
    assert_eq!(login.timeout.unwrap().as_secs(), 60);
    let throws = match &suite.cases[1].check {
        Check::Throws(t) => t,
        other => panic!("{other:?}"),
    };
    assert!(matches!(throws.pattern, ThrowsPattern::Assertion(_)));
    assert!(suite.cases[1].variant.is_some());
    assert!(
        !suite.cases[1]
            .hosts
            .selects(&Host::new(Platform::Nixos, "server"))
    );
    assert!(
        suite.cases[1]
            .hosts
            .selects(&Host::new(Platform::Nixos, "pc"))
    );
    assert_eq!(
        suite.cases[3].expected_failure.as_ref().unwrap().until,
        "later"
    );
    assert!(matches!(suite.cases[4].check, Check::Warns(_)));
}

#[test]
fn the_more_specific_scope_wins() {
    let suite = suite(FULL);
    let Check::Expect(expectations) = &suite.cases[0].check else {
        panic!("expect")
    };
    let on = |host: &Host| -> Vec<String> {
        expectations
            .for_host(host)
            .iter()
            .map(|e| format!("{} {}", e.path, e.matcher.describe()))
            .collect()
    };
    let common = "environment.variables a set including { EDITOR = \"vim\" }";
    assert_eq!(
        on(&Host::new(Platform::Darwin, "mac")),
        ["programs.fish.enable true", common]
    );
    assert_eq!(
        on(&Host::new(Platform::Nixos, "other")),
        [
            "programs.fish.enable nothing, or false",
            common,
            "services.openssh.enable true"
        ]
    );
    assert_eq!(
        on(&Host::new(Platform::Nixos, "pc")),
        [
            "programs.fish.enable nothing, or false",
            common,
            "services.openssh.enable false"
        ]
    );
}

#[test]
fn a_case_is_only_for_hosts_it_says_something_about() {
    let suite = suite("cases: [{name: a, expect: {darwin: {a: 1}}}]");
    assert_eq!(suite.name.value, "shell");
    assert!(
        suite.cases[0]
            .check
            .applies_to(&Host::new(Platform::Darwin, "m"))
    );
    assert!(
        !suite.cases[0]
            .check
            .applies_to(&Host::new(Platform::Nixos, "m"))
    );
}

#[test]
fn mistakes_are_placed_and_explained() {
    let case = |body: &str| format!("cases:\n  - name: a\n    {body}\n");
    for (yaml, message) in [
        (String::new(), "1:1 an empty case file"),
        ("# only a comment\n".into(), "1:1 an empty case file"),
        (
            "[]".into(),
            "1:1 a case file must be a mapping (this is a list)",
        ),
        ("suite: x".into(), "1:1 a case file without `cases`"),
        ("cases: []".into(), "1:8 `cases` is empty"),
        (
            "suit: x\ncases: [{name: a, warns: b}]".into(),
            "1:1 unknown key `suit` in a case file (did you mean `suite`?)",
        ),
        (case("expct: {}"), "2:5 a case that looks at nothing"),
        (
            case("warns: x\n    hots: all"),
            "4:5 unknown key `hots` in a case (did you mean `hosts`?)",
        ),
        (
            case("expect: { nixso: { a: 1 } }"),
            "3:15 unknown key `nixso` in `expect` (did you mean `nixos`?)",
        ),
        (
            case("expect: { common: { a..b: 1 } }"),
            "3:25 an empty name in an option path; quote it if it is meant: a.\"\"",
        ),
        (
            case("expect: { common: { a: { matches: '(' } } }"),
            "3:39 not a regular expression: unclosed group",
        ),
        (
            case("eval: '{ a = '\n    is: 1"),
            "3:11 `eval` is not a Nix expression: unexpected end of file",
        ),
        (case("eval: '1'"), "2:5 `eval` without `is`"),
        (case("is: 1"), "3:5 `is` without `eval`"),
        (
            case("warns: x\n    throws: { matches: y }"),
            "2:5 a case with more than one kind of check",
        ),
        (
            case("warns: x\n    timeout: 60"),
            "4:14 a length of time without a unit (for example `60s`)",
        ),
        (case("warns: x\n    hosts: []"), "4:12 `hosts` selects none"),
        (
            case("warns: x\n    hosts: 'nixos:['"),
            "4:12 `[` is not a glob: unclosed character class; missing ']'",
        ),
        (
            case("warns: x\n  - name: a\n    warns: y"),
            "4:11 a second case named `a`",
        ),
        (
            "cases: [{name: 'a::b', warns: x}]".into(),
            "1:16 `name` holds `::`",
        ),
        (
            "cases: [{name: \"a\\nb\", warns: x}]".into(),
            "1:16 `name` holds a line break or another control character",
        ),
        (
            case("throws: {}"),
            "3:13 `throws` takes one of `matches`, `message` or `assertion`",
        ),
        (
            "cases:\n\t- name: x".into(),
            "2:1 a tab in the indentation: YAML takes spaces only",
        ),
    ] {
        let got = first(&yaml);
        assert!(
            got.starts_with(message),
            "for {yaml:?}\n  got    {got}\n  wanted {message}"
        );
    }
}

#[test]
fn mistakes_of_snapshots_are_placed_and_explained() {
    let case = |body: &str| format!("cases:\n  - name: a\n    {body}\n");
    for (yaml, message) in [
        (
            case("snapshot: { derivatoin: system }"),
            "3:17 unknown key `derivatoin` in `snapshot` (did you mean `derivation`?)",
        ),
        (case("snapshot: {}"), "3:15 `snapshot` of nothing"),
        (case("snapshot: { options: [] }"), "3:26 `options` is empty"),
        (
            case("snapshot: { options: [a.b, a.\"b\"] }"),
            "3:32 `a.\"b\"` is given twice",
        ),
        (
            case("snapshot: { files: etc/../x }"),
            "3:24 `etc/../x` is no path of a file",
        ),
        (
            case("snapshot: { closure: 'a..b' }"),
            "3:26 an empty name in an option path; quote it if it is meant: a.\"\"",
        ),
        (
            case("snapshot: { closure: system }\n    warns: x"),
            "2:5 a case with more than one kind of check",
        ),
        (
            case("snapshot: { closure: system }\n    expected_failure: { until: x }"),
            "4:5 a snapshot that is expected to fail",
        ),
    ] {
        let got = first(&yaml);
        assert!(got.starts_with(message), "{yaml:?}: {got}");
    }
}

#[test]
fn mistakes_of_the_measured_kinds_are_placed_and_explained() {
    let case = |body: &str| format!("cases:\n  - name: a\n    {body}\n");
    for (yaml, message) in [
        (case("parity: {}"), "3:13 `parity` without `paths`"),
        (case("parity: { paths: [] }"), "3:22 `paths` is empty"),
        (case("parity: { paths: [a, a] }"), "3:26 `a` is given twice"),
        (
            case("parity: { paths: a, across: [darwin, nixso] }"),
            "3:42 unknown platform `nixso`, expected darwin, nixos or home (did you mean `nixos`?)",
        ),
        (
            case("package_parity: { mapping: ../map.yaml }"),
            "3:32 `mapping` leads out of the flake",
        ),
        (
            case("package_parity: { mapping: m, across: [darwin] }"),
            "3:43 `across` names fewer than two platforms",
        ),
        (
            case("reuse: { roots: config }"),
            "3:12 `reuse` without `roots` or `at_least`",
        ),
        (
            case("reuse: { roots: ../x, at_least: 80% }"),
            "3:21 not a folder of the flake",
        ),
        (
            case("reuse: { roots: x, at_least: 180% }"),
            "3:34 `at_least` is more than all of it",
        ),
        (
            case("reuse: { roots: x, at_least: 0.8 }"),
            "3:34 `at_least` must be a string",
        ),
        (
            case("reuse: { roots: x, at_least: 80% }\n    with: '{ }'"),
            "4:5 `reuse` of a variant",
        ),
        (case("budget: {}"), "3:13 `budget` of nothing"),
        (
            case("budget: { thunk: 1M }"),
            "3:15 unknown key `thunk` in `budget` (did you mean `thunks`?)",
        ),
        (
            case("budget: { thunks: 12m }"),
            "3:23 `thunks` must be a number such as 900k, 1.5M or 12000000",
        ),
        (
            case("budget: { recorded: [thunsk] }"),
            "3:26 unknown counter `thunsk` (did you mean `thunks`?)",
        ),
        (case("tree: {}"), "3:11 `tree` of nothing"),
        (case("tree: { present: [] }"), "3:22 `present` is empty"),
        (
            case("reuse: { roots: [], at_least: 1% }"),
            "3:21 `roots` is empty",
        ),
        (
            case("tree: { presnt: a }"),
            "3:13 unknown key `presnt` in `tree` (did you mean `present`?)",
        ),
        (
            case("budget: { tolerance: 5% }"),
            "3:13 `budget` of nothing",
        ),
        (
            case("tree: { present: /etc/passwd }"),
            "3:22 `/etc/passwd` leads out of the flake's folder",
        ),
        (
            case("tree: { absent: '[' }"),
            "3:21 `[` is no glob: unclosed character class",
        ),
        (
            case("tree: { absent: a }\n    hosts: all"),
            "4:5 `tree` of hosts",
        ),
    ] {
        let got = first(&yaml);
        assert!(got.starts_with(message), "{yaml:?}: {got}");
    }
}

#[test]
fn builds_are_read_whole() {
    let suite = suite(
        r#"cases:
  - name: a
    build:
      attr: system.build.etc
      files:
        .: { exists: true }
        etc/text: PermitRootLogin
        etc/matched: { matches: "^x", not: { contains: y } }
        bin/run: { mode: "0555", contents: { equals: z }, target: sbin }
        etc/gone: { exists: false }
      closure: { max_size: 4GiB, max_growth: 5%, forbid: [openssl-1.1*, "*-dev"], require: linux-* }
  - name: b
    build: { attr: system, fails: { matches: "^no$" } }
"#,
    );
    let Check::Build(build) = &suite.cases[0].check else {
        panic!("{:?}", suite.cases[0].check);
    };
    assert_eq!(build.attribute.to_string(), "system.build.etc");
    let paths: Vec<_> = build.files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(
        paths,
        [".", "etc/text", "etc/matched", "bin/run", "etc/gone"]
    );
    let run = &build.files[3];
    assert_eq!(run.mode.as_ref().map(|m| m.value), Some(0o555));
    assert!(run.contents.is_some() && run.target.is_some() && run.exists);
    assert!(build.files[2].contents.is_some() && !build.files[4].exists);
    let closure = build.closure.as_ref().unwrap();
    assert_eq!(closure.max_size.as_ref().map(|m| m.value), Some(4 << 30));
    assert!(build.weighs_growth());
    assert!(closure.forbid[0].matches("openssl-1.1.1w"));
    assert!(!closure.forbid[0].matches("openssl-3.0") && closure.forbid[1].matches("zlib-dev"));
    let Check::Build(build) = &suite.cases[1].check else {
        panic!("{:?}", suite.cases[1].check);
    };
    assert!(build.fails.is_some() && !build.weighs_growth());
}

#[test]
fn mistakes_of_builds_are_placed_and_explained() {
    let case = |body: &str| format!("cases:\n  - name: a\n    build: {body}\n");
    let file = |body: &str| case(&format!("{{ attr: system, files: {{ {body} }} }}"));
    let closure = |body: &str| case(&format!("{{ attr: system, closure: {{ {body} }} }}"));
    for (yaml, message) in [
        (case("system"), "3:12 `build` must be a mapping"),
        (case("{ files: { a: b } }"), "3:12 `build` without `attr`"),
        (
            case("{ atr: system }"),
            "3:14 unknown key `atr` in `build` (did you mean `attr`?)",
        ),
        (case("{ attr: '' }"), "3:20 `attr` is empty"),
        (case("{ attr: system, files: {} }"), "3:35 `files` is empty"),
        (file("/etc/x: a"), "3:37 `/etc/x` is no path of a file"),
        (
            file("a/../../x: a"),
            "3:37 `a/../../x` is no path of a file",
        ),
        (
            file("a: { mode: 0444 }"),
            "3:48 `mode` must be permissions in octal",
        ),
        (
            file("a: { mode: \"0999\" }"),
            "3:48 `mode` must be permissions in octal",
        ),
        (
            file("a: { exists: false, mode: \"0444\" }"),
            "3:40 a file that is not to be there, and what it is like",
        ),
        (
            file("a: { exist: true, mode: \"0444\" }"),
            "3:42 unknown key `exist` in a file (did you mean `exists`?)",
        ),
        (file("a: 5"), "3:40 a file must be a string"),
        (closure(""), "3:37 `closure` of nothing"),
        (
            closure("max_siz: 4GiB"),
            "3:39 unknown key `max_siz` in `closure` (did you mean `max_size`?)",
        ),
        (
            closure("max_size: 4G"),
            "3:49 `4G` is not an amount such as 512MiB, 6GiB or 4GB",
        ),
        (
            closure("max_growth: some"),
            "3:51 `some` is not a share such as 80% or 82.5%",
        ),
        (closure("forbid: []"), "3:47 `forbid` is empty"),
        (
            closure("forbid: ['[']"),
            "3:48 `[` is no glob: unclosed character class",
        ),
        (
            closure("require: /nix/store/x"),
            "3:48 `/nix/store/x` is no name of a store path",
        ),
        (
            case("{ attr: system, fails: x, files: { a: b } }"),
            "3:28 `fails` of a build whose output is looked at",
        ),
        (case("{ attr: system, fails: { matches: '[' } }"), "3:46 "),
    ] {
        let got = first(&yaml);
        assert!(got.starts_with(message), "{yaml:?}: {got}");
    }
}

#[test]
fn all_mistakes_of_a_file_are_found_at_once() {
    let yaml = "cases:\n  - name: a\n    expct: 1\n  - nam: b\n    warns: x\n";
    let places: Vec<_> = wrong(yaml)
        .iter()
        .map(|d| d.location.as_ref().unwrap().line)
        .collect();
    assert_eq!(places, [2, 3, 4, 4]);
}

#[test]
fn the_schema_lists_what_the_parser_takes() {
    let schema = suite_schema();
    let keys: Vec<_> = schema["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(keys, ["cases", "defaults", "proves", "suite"]);
    assert!(schema["$defs"]["case"]["properties"]["expected_failure"].is_object());
}
