//! Inputs that cannot be fetched, and the stubs that stand in for them.

use nix_parity_testkit::{Host, Platform, Project, Ran};
use serde_json::Value;

use crate::support::{Fixture, assert_sound, wait_until};

/// A flake whose hosts take from an input that nobody here can fetch.
const PC: &str = "\
{ inputs, lib, ... }:
{
  imports = [ inputs.secrets.nixosModules.default ];
  networking.domain = inputs.secrets.lib.domain;
  services.secrets.enable = true;
  environment.etc.token.source = \"${inputs.secrets}/token.age\";
  environment.variables.EDITOR = \"vim\";
  users.users.lars.isNormalUser = true;
}
";

const AIR: &str = "{ environment.variables.EDITOR = \"vim\"; }\n";

fn fixture() -> Fixture {
    let hosts = [
        Host::new(Platform::Darwin, "air").with_module(AIR),
        Host::new(Platform::NixOs, "pc").with_module(PC),
    ];
    let project = Project::with_hosts(&hosts);
    let missing = "inputs.secrets.url = \"git+file:///nix-parity/no/such/secrets\";\n  outputs =\n    { self, ... }@inputs:\n";
    let flake = project
        .read("flake.nix")
        .replace("outputs =\n    { self, ... }:\n", missing)
        .replace(
            "nixosSystem {",
            "nixosSystem {\n          specialArgs = { inherit inputs; };",
        );
    assert!(flake.contains(missing), "{flake}");
    project.write("flake.nix", &flake);
    project.git_add_all();
    Fixture::new(project)
}

const CASES: &str = "\
cases:
  - name: a value of the stub
    hosts: pc
    expect: { common: { networking.domain: lan.example } }
  - name: another value
    hosts: pc
    expect: { common: { environment.variables.EDITOR: vim } }
  - name: both, and one is wrong
    hosts: pc
    expect: { common: { networking.domain: lan.example, environment.variables.EDITOR: nano } }
  - name: it throws
    hosts: pc
    eval: \"{ config, ... }: config.networking.domain\"
    throws: { matches: stub }
  - name: an expression
    hosts: pc
    eval: \"{ config, ... }: config.networking.domain\"
    is: x
  - name: not yet
    hosts: pc
    expected_failure: { until: later }
    expect: { common: { networking.domain: lan.example } }
  - name: the same
    parity: { paths: [networking.domain] }
  - name: a record
    hosts: pc
    snapshot: { options: networking.domain }
  - name: forged
    hosts: air
    eval: \"throw \\\"nix-parity stub: input other is replaced by a stub\\\"\"
    is: x
";

fn outcome<'v>(results: &'v std::collections::BTreeMap<String, Value>, case: &str) -> &'v Value {
    let mut found = results
        .iter()
        .filter(|(name, _)| name.contains(&format!("::{case}::")));
    &found.next().unwrap().1["outcome"]
}

/// What `init` asks, as its questions end.
const STUB: &str = "evaluate the rest? [y/N] ";
const WRITE: &str = "files? [y/N] ";

/// `init` at a terminal, where each question is answered as it comes.
fn answered(fixture: &Fixture, answers: &[(&str, &str)]) -> Ran {
    let running = fixture.program(&["init"]).at_terminal().start();
    for (question, answer) in answers {
        wait_until(question, || running.stdout().contains(question));
        match *answer {
            "^C" => running.signal("INT"),
            typed => running.type_in(typed),
        }
    }
    let ran = running.finish();
    assert_sound(&ran);
    ran
}

#[test]
fn the_rest_is_evaluated_with_a_stub() {
    let fixture = fixture();
    // Nobody can be asked: what to do is said.
    let ran = fixture.run(&["init"]);
    assert_eq!(ran.code(), Some(3), "{}", ran.stdout);
    assert!(
        ran.stderr.contains("nix-parity init --stub secrets"),
        "{}",
        ran.stderr
    );

    let ran = answered(&fixture, &[(STUB, "yes\n"), (WRITE, "y\n")]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    let said =
        "input secrets is replaced by a stub of: lib.domain, nixosModules.default, token.age";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    let settings = fixture.project.read("parity.yaml");
    assert!(settings.contains("profile: ci"), "{settings}");
    insta::assert_snapshot!("stub", fixture.project.read("stubs/secrets/flake.nix"));
    let token = fixture.project.read("stubs/secrets/token.age");
    assert!(token.contains("nix-parity stub: input secrets"), "{token}");

    // All that was written passes, and the run says what it is without.
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(0), "{}", ran.stdout);
    let said = "profile ci replaces input secrets by a stub";
    assert!((ran.stdout + &ran.stderr).contains(said));
    let record = fixture.record(&[]);
    assert_eq!(record.with("pass").len(), record.results.len());
    let ran = fixture.run(&["init", "--yes"]);
    assert!(ran.stdout.contains("nothing new"), "{}", ran.stdout);

    // With the real input nothing can be evaluated here.
    let ran = fixture.program(&["run", "--profile", "full"]).run();
    assert_sound(&ran);
    assert_ne!(ran.code(), Some(0));
}

#[test]
fn what_needs_a_stub_is_skipped_and_proves_nothing() {
    let fixture = fixture();
    assert_eq!(fixture.run(&["init", "--yes"]).code(), Some(0));
    fixture.project.write("cases/own.yaml", CASES);
    let record = fixture.record(&["own::"]);
    for case in [
        "a value of the stub",
        "it throws",
        "an expression",
        "not yet",
        "the same",
        "a record",
    ] {
        let outcome = outcome(&record.results, case);
        assert_eq!(outcome, "skip", "{case}: {:#?}", record.results);
    }
    let text = format!("{:?}", record.results);
    assert!(
        text.contains("needs input secrets, which profile ci replaces by a stub"),
        "{text}"
    );
    assert_eq!(outcome(&record.results, "another value"), "pass");
    // What is wrong beside it is wrong.
    assert_eq!(outcome(&record.results, "both, and one is wrong"), "fail");
    // Only what the profile calls a stub is one.
    assert_eq!(outcome(&record.results, "forged"), "error");

    // The same words without a profile that says so are an error, and do satisfy a case
    // that asks for them.
    let settings = fixture.project.read("parity.yaml");
    assert!(settings.contains("stubs: [secrets]"), "{settings}");
    let settings = settings
        .replace(", stubs: [secrets]", "")
        .replace("    stubs: [secrets]\n", "");
    fixture.project.write("parity.yaml", &settings);
    let record = fixture.record(&["own::"]);
    assert_eq!(outcome(&record.results, "a value of the stub"), "error");
    assert_eq!(outcome(&record.results, "it throws"), "pass");
    assert!(record.with("skip").is_empty());

    // A stub of nothing that is replaced is a mistake.
    let wrong = "profiles: { ci: { override_inputs: { secrets: path:./x }, stubs: [other] } }\n";
    fixture.project.write("parity.yaml", wrong);
    let ran = fixture.run(&["run"]);
    assert_eq!(ran.code(), Some(2), "{wrong}");
    assert!(
        ran.stderr
            .contains("`override_inputs` does not replace `other`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn nothing_is_written_that_was_not_agreed_to() {
    let fixture = fixture();
    let ends = |answers: &[(&str, &str)], code: i32| {
        let ran = answered(&fixture, answers);
        assert_eq!(ran.code(), Some(code), "{}{}", ran.stdout, ran.stderr);
        let others = ["ls-files", "--others", "--exclude-standard"];
        assert_eq!(fixture.project.git(&others), "", "{answers:?}");
        ran
    };
    let ran = ends(&[(STUB, "n\n")], 3);
    let said = "the flake needs input secrets, which cannot be fetched here";
    assert!(ran.stdout.contains(said), "{}", ran.stdout);
    let said = "nix-parity init --stub secrets";
    assert!(ran.stderr.contains(said), "{}", ran.stderr);
    ends(&[(STUB, "^C")], 130);
    // The end of the input is a no.
    let ran = ends(&[(STUB, "y\n"), (WRITE, "\u{4}")], 0);
    let said = "nothing was written\n";
    assert!(ran.stdout.ends_with(said), "{}", ran.stdout);
}
