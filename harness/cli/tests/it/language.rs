//! The case language against real Nix: everything that a case can say, once where
//! it holds and once where it does not. Both files have the same cases by name.

use std::collections::BTreeSet;

use insta::assert_snapshot;
use nix_parity_testkit::{Host, Platform};

use crate::support::{Fixture, Record, golden};

/// Options of every kind of value, the same on each host.
const SAMPLE: &str = r#"{ config, lib, pkgs, ... }:
let
  names = [ "number" "float" "text" "list" "set" "nothing" "packages" "function" "path" "people" ];
in
{
  options.sample = lib.genAttrs names (_: lib.mkOption { type = lib.types.anything; }) // {
    unset = lib.mkOption { type = lib.types.int; };
    merged = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; };
  };
  config.sample = {
    number = 42;
    float = 2.5;
    text = "vim and emacs";
    list = [ 3 1 2 ];
    set = {
      one = 1;
      "two.parts" = { "with space" = true; };
    };
    nothing = null;
    packages = [ pkgs.git pkgs.ripgrep ];
    function = x: x;
    path = /etc/hosts;
    people = [ { name = "lars"; shells = [ "fish" "bash" ]; } ];
    merged = lib.mkMerge [ [ "a" ] (lib.mkAfter [ "b" ]) ];
  };
  config.assertions = [
    { assertion = config.sample.number < 100; message = "the number must stay small"; }
  ];
  config.warnings = lib.optional (config.sample.number == 99) "ninety-nine is nearly too large";
}
"#;

const HOLDS: &str = r#"
suite: holds
cases:
  - name: equality
    expect:
      common:
        sample.number: 42
        sample.float: 2.5
        sample.text: vim and emacs
        sample.list: [3, 1, 2]
        sample.nothing: null
        sample.set: { one: 1.0, two.parts: { with space: true } }
  - name: equals
    expect: { common: { sample.set: { equals: { one: 1, two.parts: { with space: true } } } } }
  - name: not
    expect: { common: { sample.number: { not: 41 } } }
  - name: any_of
    expect: { common: { sample.number: { any_of: [41, { gt: 41 }] } } }
  - name: all_of
    expect: { common: { sample.number: { all_of: [{ gt: 41 }, { not: 43 }] } } }
  - name: several matchers
    expect: { common: { sample.number: { ge: 42, lt: 43 } } }
  - name: matches
    expect: { common: { sample.text: { matches: "^vim .* emacs$" } } }
  - name: contains
    expect: { common: { sample.text: { contains: "and" }, sample.list: { contains: 1 } } }
  - name: includes elements
    expect: { common: { sample.list: { includes: [2, { ge: 3 }] } } }
  - name: includes members
    expect: { common: { sample.set: { includes: { two.parts: { includes: { with space: true } } } } } }
  - name: includes_packages
    expect:
      common:
        sample.packages: { includes_packages: [git, { pname: ripgrep, version: ">=1" }] }
  - name: set_equals
    expect: { common: { sample.list: { set_equals: [1, 2, 3] } } }
  - name: length
    expect: { common: { sample.list: { length: 3 }, sample.text: { length: { gt: 5 } } } }
  - name: type
    expect:
      common:
        sample.number: { type: int }
        sample.float: { type: number }
        sample.nothing: { type: null }
        sample.function: { type: function }
        sample.path: { type: path }
        sample.set: { type: attrs }
        sample.packages: { each: { type: package } }
  - name: one_of
    expect: { common: { sample.number: { one_of: [7, 42] } } }
  - name: orders
    expect: { common: { sample.float: { gt: 2, ge: 2.5, lt: 2.6, le: 2.5 } } }
  - name: each
    expect: { common: { sample.list: { each: { le: 3 } } } }
  - name: keys
    expect: { common: { sample.set: { keys: [two.parts, one] } } }
  - name: present
    expect: { common: { sample.number: { present: true }, sample.absent: { present: false } } }
  - name: absent_or
    expect: { common: { sample.number: { absent_or: 42 }, sample.absent: { absent_or: 42 } } }
  - name: declared without value
    expect: { common: { sample.unset: { present: false } } }
  - name: quoted names and list indices
    expect:
      common:
        sample.set."two.parts"."with space": true
        sample.list.0: 3
        sample.people.0.shells.1: bash
  - name: precedence
    expect:
      common: { networking.hostName: nobody, sample.number: 42 }
      darwin: { networking.hostName: air }
      nixos: { networking.hostName: somebody }
      home: { networking.hostName: { present: false } }
      hosts: { pc: { networking.hostName: pc } }
  - name: eval is
    eval: "{ config, lib, ... }: lib.length config.sample.list"
    is: { ge: 3 }
  - name: eval is_on
    eval: "{ host, ... }: host.platform"
    is_on: { common: nixos, darwin: darwin, hosts: { lars: home } }
  - name: arguments
    hosts: pc
    eval: |
      { config, options, pkgs, lib, host, ... }:
      {
        inherit (host) name system;
        declared = options.sample.number.isDefined;
        library = lib.concatStrings [ "a" "b" ];
        package = pkgs.git.pname;
      }
    is: { name: pc, system: x86_64-linux, declared: true, library: ab, package: git }
  - name: with
    with: "{ lib, ... }: { sample.number = lib.mkForce 43; }"
    expect: { common: { sample.number: 43 } }
  - name: throws message
    eval: "{ ... }: throw ''no such luck''"
    throws: { message: such }
  - name: throws matches
    with: "{ lib, ... }: { sample.number = lib.mkForce 200; }"
    hosts: pc
    throws: { matches: "number must .* small" }
  - name: throws assertion
    with: "{ lib, ... }: { sample.number = lib.mkForce 200; }"
    throws: { assertion: must stay small }
  - name: warns
    with: "{ lib, ... }: { sample.number = lib.mkForce 99; }"
    warns: { matches: "^ninety-nine" }
  - name: expected_failure
    expected_failure: { until: the number grows }
    expect: { common: { sample.number: 43 } }
  - name: who set it
    expect: { common: { sample.merged: [a, b] } }
  - name: timeout
    hosts: pc
    timeout: 60s
    eval: "{ ... }: 1"
    is: 1
"#;

const FAILS: &str = r#"
suite: fails
defaults: { hosts: pc }
cases:
  - name: equality
    expect:
      common:
        sample.number: 41
        sample.text: vim
        sample.list: [1, 2, 3]
        sample.nothing: false
        sample.set: { one: 1 }
  - name: equals
    expect: { common: { sample.set: { equals: { one: 1, two.parts: { with space: false } } } } }
  - name: not
    expect: { common: { sample.number: { not: 42 } } }
  - name: any_of
    expect: { common: { sample.number: { any_of: [41, { gt: 43 }] } } }
  - name: all_of
    expect: { common: { sample.number: { all_of: [{ gt: 41 }, { not: 42 }] } } }
  - name: several matchers
    expect: { common: { sample.number: { ge: 42, lt: 42 } } }
  - name: matches
    expect: { common: { sample.text: { matches: "^emacs" }, sample.number: { matches: "42" } } }
  - name: contains
    expect: { common: { sample.text: { contains: "nano" }, sample.list: { contains: "1" } } }
  - name: includes elements
    expect: { common: { sample.list: { includes: [2, 5, { ge: 4 }] } } }
  - name: includes members
    expect: { common: { sample.set: { includes: { two.parts: { includes: { with space: false } }, three: 3 } } } }
  - name: includes_packages
    expect:
      common:
        sample.packages: { includes_packages: [gitt, { pname: ripgrep, version: ">=999" }] }
  - name: set_equals
    expect: { common: { sample.list: { set_equals: [1, 2] } } }
  - name: length
    expect: { common: { sample.list: { length: 4 }, sample.number: { length: 2 } } }
  - name: type
    expect: { common: { sample.number: { type: float }, sample.packages: { type: attrs } } }
  - name: one_of
    expect: { common: { sample.number: { one_of: [7, 41] } } }
  - name: orders
    expect: { common: { sample.float: { gt: 2.5 }, sample.text: { lt: 3 } } }
  - name: each
    expect: { common: { sample.list: { each: { le: 2 } } } }
  - name: keys
    expect: { common: { sample.set: { keys: [one] } } }
  - name: present
    expect: { common: { sample.number: { present: false }, sample.absent: { present: true } } }
  - name: absent_or
    expect: { common: { sample.number: { absent_or: 41 } } }
  - name: declared without value
    expect: { common: { sample.unset: 1 } }
  - name: quoted names and list indices
    expect:
      common:
        sample.set."two.parts"."with spaces": true
        sample.list.3: 3
        sample.people.0.shell: bash
  - name: precedence
    expect:
      common: { networking.hostName: pc }
      nixos: { networking.hostName: pc }
      hosts: { pc: { networking.hostName: somebody } }
  - name: eval is
    eval: "{ config, lib, ... }: lib.length config.sample.list"
    is: { lt: 3 }
  - name: eval is_on
    eval: "{ host, ... }: host.platform"
    is_on: { common: nixos, nixos: darwin }
  - name: arguments
    eval: |
      { lib, nothing, ... }:
      nothing
    is: 1
  - name: with
    with: "{ lib, ... }: { sample.number = lib.mkForce 43; }"
    expect: { common: { sample.number: 42 } }
  - name: throws message
    eval: "{ ... }: throw ''no such luck''"
    throws: { message: other }
  - name: throws matches
    throws: { matches: "number must .* small" }
  - name: throws assertion
    throws: { assertion: must stay small }
  - name: warns
    warns: ninety-nine
  - name: expected_failure
    expected_failure: { until: the number grows }
    expect: { common: { sample.number: 42 } }
  - name: who set it
    expect: { common: { sample.merged: [b, a], networking.hostName: mac } }
  - name: timeout
    timeout: 1s
    eval: |
      { ... }:
      let
        count = f: builtins.foldl' (n: _: f n) 0 (builtins.genList (n: n) 2000);
      in
      count (_: count (_: count (_: 1)))
    is: 1
"#;

fn fixture() -> Fixture {
    let module = "{\n  imports = [ ../sample.nix ];\n}\n";
    Fixture::with_hosts(
        &[
            Host::new(Platform::Darwin, "air").with_module(module),
            Host::new(Platform::NixOs, "pc").with_module(module),
            Host::new(Platform::Home, "lars").with_module(module),
        ],
        &[
            ("sample.nix", SAMPLE),
            ("cases/holds.yaml", HOLDS),
            ("cases/fails.yaml", FAILS),
        ],
    )
}

/// The middle parts of the names of these tests.
fn cases(tests: &[&str]) -> BTreeSet<String> {
    let middle = |test: &&str| test.split("::").nth(1).map(str::to_owned);
    tests.iter().filter_map(middle).collect()
}

#[test]
fn all_that_a_case_can_say_holds_and_fails() {
    let fixture = fixture();
    let holds = fixture.record(&["holds::"]);
    let failed = holds.with("fail");
    let findings: Vec<_> = failed.iter().map(|test| holds.findings(test)).collect();
    assert_eq!(findings, Vec::<String>::new(), "{failed:?}");
    assert_eq!(holds.with("error"), Vec::<&str>::new());
    assert_eq!(holds.code, Some(0));
    let names = cases(&holds.with("pass"));
    assert_eq!(names.len(), 34);
    // 31 cases on three hosts, three on one.
    assert_eq!(holds.results.len(), 96);

    let ran = fixture.run(&["run", "--format", "jsonl", "fails::"]);
    let fails = Record::read(&ran);
    assert_eq!(fails.with("pass"), Vec::<&str>::new());
    assert_eq!(
        cases(&fails.with("error")),
        BTreeSet::from(["arguments", "timeout"].map(str::to_owned))
    );
    assert_eq!(fails.code, Some(1));
    let all = fails.results.keys().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(cases(&all), names, "the same cases hold and fail");

    let told = fixture
        .program(&["report", "--from", "-"])
        .input(ran.stdout)
        .run();
    assert_snapshot!("what fails", golden(&told.stdout));
}

#[test]
fn a_test_that_runs_out_of_time_costs_no_other() {
    // `timeout` is the last case; here more follow it on the same host.
    let fixture = fixture();
    let last = "  - name: afterwards\n    expect: { common: { sample.number: 42 } }\n";
    fixture
        .project
        .write("cases/fails.yaml", &format!("{FAILS}{last}"));
    let record = fixture.record(&["fails::timeout", "fails::afterwards"]);
    assert_eq!(record.with("error"), ["fails::timeout::pc"]);
    assert_eq!(record.with("pass"), ["fails::afterwards::pc"]);
    assert!(
        record
            .findings("fails::timeout::pc")
            .contains("no answer within 1 s")
    );
    assert_eq!(record.code, Some(3));
}

#[test]
fn tests_are_chosen_by_name_host_platform_and_tag() {
    let cases = "defaults: { tags: [fast] }\ncases:\n  \
        - name: one\n    tags: [net]\n    expect: { common: { a: 1 } }\n  \
        - name: two\n    hosts: [\"*\", not: air]\n    expect: { common: { a: 1 } }\n  \
        - name: three\n    hosts: [\"system:*-darwin\"]\n    expect: { common: { a: 1 } }\n";
    let fixture = Fixture::without_nix(&[
        ("cases/chosen.yaml", cases),
        (
            "parity.yaml",
            "hosts: { darwin: { air: aarch64-darwin }, nixos: { pc: x86_64-linux }, home: { lars: x86_64-linux } }\n",
        ),
    ]);
    let objects = fixture.run(&["list", "--format", "jsonl", "three"]).stdout;
    let test: serde_json::Value = serde_json::from_str(&objects).unwrap();
    assert_eq!(test["test"], "chosen::three::air");
    assert_eq!(test["tags"], serde_json::json!(["fast"]));
    assert_eq!(test["location"]["line"], 9);
    let list = |arguments: &[&str]| {
        let ran = fixture.run(&[&["list"], arguments].concat());
        assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
        ran.stdout
            .replace("chosen::", "")
            .replace('\n', " ")
            .trim_end()
            .to_owned()
    };
    assert_eq!(
        list(&[]),
        "one::air one::pc one::lars two::pc two::lars three::air"
    );
    assert_eq!(list(&["--tag", "net"]), "one::air one::pc one::lars");
    assert_eq!(list(&["--tag", "fast", "--host", "pc"]), "one::pc two::pc");
    assert_eq!(list(&["--platform", "darwin"]), "one::air three::air");
    assert_eq!(
        list(&["--host", "not:pc"]),
        "one::air one::lars two::lars three::air"
    );
    assert_eq!(
        list(&["--host", "system:*-linux", "two"]),
        "two::pc two::lars"
    );
    assert_eq!(list(&["t", "--exact", "chosen::one::pc"]), "one::pc");
    assert_eq!(list(&["::lars", "three"]), "one::lars two::lars three::air");
}
