//! Faults of a configuration: each makes just the tests fail that it affects, and
//! the report names the file and line of the cause.

use insta::assert_snapshot;
use nix_parity_testkit::{Host, Platform, redact};

use crate::support::{Fixture, Record, golden};

const SHELL: &str = r#"{
  programs.fish.enable = true;
  environment.variables.EDITOR = "vim";
}
"#;

const SSH: &str = r#"{
  services.openssh = {
    enable = true;
    settings.PermitRootLogin = "no";
  };
}
"#;

const GIT: &str = r#"{
  programs.git.enable = true;
  programs.git.settings.user.name = "lars";
}
"#;

const CASES: &str = r#"
suite: all
cases:
  - name: shell
    expect:
      darwin: { programs.fish.enable: true }
      nixos: { programs.fish.enable: true }
  - name: editor
    expect:
      darwin: { environment.variables.EDITOR: vim }
      nixos: { environment.variables.EDITOR: vim }
  - name: root
    expect: { nixos: { services.openssh.settings.PermitRootLogin: "no" } }
  - name: user
    expect: { home: { programs.git.settings.user.name: lars } }
  - name: place
    expect:
      darwin: { networking.hostName: air }
      nixos: { networking.hostName: pc }
      home: { home.homeDirectory: /home/lars }
"#;

const TESTS: [&str; 9] = [
    "all::editor::air",
    "all::editor::pc",
    "all::place::air",
    "all::place::lars",
    "all::place::pc",
    "all::root::pc",
    "all::shell::air",
    "all::shell::pc",
    "all::user::lars",
];

/// Every test of the host `pc`.
const PC: [&str; 4] = [
    "all::editor::pc",
    "all::place::pc",
    "all::root::pc",
    "all::shell::pc",
];

fn fixture() -> Fixture {
    let imports = |files: &str| format!("{{\n  imports = [ {files} ];\n}}\n");
    Fixture::with_hosts(
        &[
            Host::new(Platform::Darwin, "air").with_module(&imports("../modules/shell.nix")),
            Host::new(Platform::NixOs, "pc")
                .with_module(&imports("../modules/shell.nix ../modules/ssh.nix")),
            Host::new(Platform::Home, "lars").with_module(&imports("../modules/git.nix")),
        ],
        &[
            ("modules/shell.nix", SHELL),
            ("modules/ssh.nix", SSH),
            ("modules/git.nix", GIT),
            ("cases/all.yaml", CASES),
            (
                "parity.yaml",
                "hosts: { darwin: [air], nixos: [pc], home: [lars] }\n",
            ),
        ],
    )
}

/// What came of a run with one file changed.
struct Fault {
    record: Record,
    report: String,
}

impl Fault {
    /// Replaces `from` in a file by `to` and runs.
    #[track_caller]
    fn of(file: &str, from: &str, to: &str) -> Self {
        let fixture = fixture();
        let text = fixture.project.read(file);
        assert!(text.contains(from), "{file} has no {from:?}");
        fixture.project.write(file, &text.replacen(from, to, 1));
        Self::run(&fixture)
    }

    #[track_caller]
    fn run(fixture: &Fixture) -> Self {
        // One host after the other, so that the report has one order.
        let ran = fixture.run(&["run", "--jobs", "1", "--format", "jsonl"]);
        let record = Record::read(&ran);
        // The same run, told to a person.
        let told = fixture
            .program(&["report", "--from", "-"])
            .input(ran.stdout)
            .run();
        assert_eq!(told.code(), record.code);
        Self {
            record,
            report: redact(&told.stdout),
        }
    }

    /// These fail, these are errors, and all others pass.
    #[track_caller]
    fn affects(&self, failures: &[&str], errors: &[&str]) {
        assert_eq!(self.record.with("fail"), failures, "{}", self.report);
        assert_eq!(self.record.with("error"), errors, "{}", self.report);
        let rest: Vec<_> = TESTS
            .into_iter()
            .filter(|test| !failures.contains(test) && !errors.contains(test))
            .collect();
        assert_eq!(self.record.with("pass"), rest, "{}", self.report);
        // A configuration that does not evaluate is as certain as one that is wrong.
        assert_eq!(self.record.code, Some(1));
    }

    #[track_caller]
    fn names(&self, place: &str) {
        assert!(
            self.report.contains(place),
            "no {place} in:\n{}",
            self.report
        );
    }
}

#[test]
fn without_a_fault_everything_passes() {
    let record = fixture().record(&[]);
    assert_eq!(record.with("pass"), TESTS);
    assert_eq!(record.code, Some(0));
}

#[test]
fn a_definition_is_removed() {
    let fault = Fault::of(
        "modules/ssh.nix",
        "    settings.PermitRootLogin = \"no\";\n",
        "",
    );
    fault.affects(&["all::root::pc"], &[]);
    assert_snapshot!(golden(&fault.report));
}

#[test]
fn a_definition_of_two_hosts_is_overridden() {
    let fault = Fault::of("modules/shell.nix", "\"vim\"", "\"vi\"");
    fault.affects(&["all::editor::air", "all::editor::pc"], &[]);
    fault.names("modules/shell.nix:3");
}

#[test]
fn an_option_is_misspelled() {
    let fault = Fault::of("modules/ssh.nix", "services.openssh", "services.opensh");
    fault.affects(&[], &PC);
    fault.names("modules/ssh.nix:2");
    assert_snapshot!(golden(&fault.report));
}

#[test]
fn a_definition_has_the_wrong_type() {
    let fault = Fault::of("modules/shell.nix", "= true", "= \"yes\"");
    fault.affects(&[], &["all::shell::air", "all::shell::pc"]);
    fault.names("modules/shell.nix:2");
    assert_snapshot!(golden(&fault.report));
}

#[test]
fn a_module_adds_a_number_to_a_string() {
    let fault = Fault::of("modules/shell.nix", "\"vim\"", "(\"v\" + 1)");
    fault.affects(&[], &["all::editor::air", "all::editor::pc"]);
    fault.names("modules/shell.nix:3");
    assert_snapshot!(golden(&fault.report));
}

#[test]
fn an_option_depends_on_itself() {
    let fixture = fixture();
    fixture.project.write(
        "hosts/air.nix",
        "{ config, lib, ... }:\n{\n  imports = [ ../modules/shell.nix ];\n  \
         programs.fish.enable = lib.mkForce config.programs.fish.enable;\n}\n",
    );
    let fault = Fault::run(&fixture);
    fault.affects(&[], &["all::shell::air"]);
    fault.names("infinite recursion encountered");
    fault.names("hosts/air.nix:4");
    assert_snapshot!(golden(&fault.report));
}

#[test]
fn a_module_has_a_syntax_error() {
    let fault = Fault::of("modules/ssh.nix", "enable = true;", "enable = true");
    fault.affects(&[], &PC);
    fault.names("modules/ssh.nix:4:");
    assert_snapshot!(golden(&fault.report));
}

#[test]
fn a_module_ends_too_early() {
    let fault = Fault::of("modules/ssh.nix", "  };\n}\n", "");
    fault.affects(&[], &PC);
    // Versions of Nix say the rest in their own words.
    fault.names("unexpected end of file");
    fault.names("modules/ssh.nix:");
}

#[test]
fn a_file_is_not_there() {
    let fault = Fault::of("hosts/lars.nix", "git.nix", "got.nix");
    fault.affects(&[], &["all::place::lars", "all::user::lars"]);
    fault.names("modules/got.nix");
}

#[test]
fn a_host_throws_at_once() {
    let fault = Fault::of(
        "flake.nix",
        "nixosConfigurations.\"pc\" = nixos",
        "nixosConfigurations.\"pc\" = throw \"no such machine\" nixos",
    );
    fault.affects(&[], &PC);
    fault.names("no such machine");
    fault.names("flake.nix:");
}

#[test]
fn a_host_is_not_in_the_flake() {
    let fault = Fault::of(
        "flake.nix",
        "nixosConfigurations.\"pc\"",
        "nixosConfigurations.\"pv\"",
    );
    fault.affects(&[], &PC);
    fault.names("the flake has no `nixosConfigurations.pc`; it has pv");
    assert_snapshot!(golden(&fault.report));
}

#[test]
fn the_outputs_of_the_flake_throw() {
    let fault = Fault::of(
        "flake.nix",
        "    let\n",
        "    throw \"no outputs\" (\n    let\n",
    );
    let text = fault.report;
    assert!(text.contains("flake.nix"), "{text}");
    assert_eq!(fault.record.with("error"), TESTS, "{text}");
    assert_eq!(fault.record.code, Some(1));
}

/// Several modules set members of one set; who set another one is not to blame.
#[test]
fn a_wrong_member_is_traced_to_who_set_it() {
    let host = Host::new(Platform::NixOs, "pc").with_module(
        "{ imports = [ ../modules/editor.nix ];\n  environment.variables = { PAGER = \"less\"; };\n}\n",
    );
    let cases = r"
cases:
  - name: member
    expect: { common: { environment.variables: { includes: { EDITOR: nano } } } }
  - name: nobody
    expect: { common: { environment.variables: { includes: { VISUAL: nano } } } }
";
    let editor = "{\n  environment.variables.EDITOR = \"vim\";\n}\n";
    let fixture = Fixture::with_hosts(
        &[host],
        &[("modules/editor.nix", editor), ("cases/a.yaml", cases)],
    );
    let record = fixture.record(&[]);
    let member = record.findings("a::member::pc");
    assert!(member.contains("modules/editor.nix"), "{member}");
    assert!(!member.contains("hosts/pc.nix"), "{member}");
    let nobody = record.findings("a::nobody::pc");
    assert!(nobody.contains("modules/editor.nix"), "{nobody}");
    assert!(nobody.contains("hosts/pc.nix"), "{nobody}");
}
