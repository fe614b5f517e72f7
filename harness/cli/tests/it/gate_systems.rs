//! `gate` beside systems that run: real ones of the offline base, built by Nix, and what
//! a switch between two of them does.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::os::unix::fs::symlink;

use nix_parity_testkit::{Host, Platform, Program};
use serde_json::Value;

use crate::gate::{GREEN, Gate, fixture};
use crate::support::Fixture;

/// Builds an attribute of the project as it is now.
#[track_caller]
pub(crate) fn built(fixture: &Fixture, attribute: &str) -> String {
    let installable = format!("git+file://{}#{attribute}", fixture.project.root());
    let ran = Program::new("nix")
        .args(["--extra-experimental-features", "nix-command flakes"])
        .args(["build", "--offline", "--no-link", "--print-out-paths"])
        .args(["--option", "sandbox", "false", &installable])
        .run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    ran.stdout.trim().to_owned()
}

pub(crate) const TOPLEVEL: &str = "nixosConfigurations.pc.config.system.build.toplevel";

/// What a gate found.
#[track_caller]
pub(crate) fn found(fixture: &Fixture, arguments: &[&str]) -> Value {
    let ran = fixture.run(&[&["gate", "--format", "jsonl"], arguments].concat());
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    serde_json::from_str(&ran.stdout).unwrap()
}

/// What it says that a switch does, as `action thing name risk`.
pub(crate) fn effects(gate: &Value) -> Vec<String> {
    let effects = gate["effects"].as_array().cloned().unwrap_or_default();
    let word = |effect: &Value, key: &str| effect[key].as_str().unwrap().to_owned();
    let line = |effect: &Value| {
        ["action", "thing", "name", "risk"]
            .map(|key| word(effect, key))
            .join(" ")
    };
    effects.iter().map(line).collect()
}

/// Services that come, go and change from one word to another.
fn services(word: &str, more: &str) -> String {
    let service = |name: &str, flags: &str| {
        format!(
            "systemd.services.{name} = {{ wantedBy = [ \"multi-user.target\" ]; script = \"echo {word}\"; {flags} }};\n"
        )
    };
    let all = [
        service("sshd", ""),
        service("web", ""),
        service("login", "restartIfChanged = false;"),
        service("once", "serviceConfig.Type = \"oneshot\";"),
    ];
    format!(
        "{{\nsystemd.services.still.wantedBy = [ \"multi-user.target\" ];\n{}{more}}}\n",
        all.concat()
    )
}

#[test]
fn a_switch_between_two_systems_is_foretold() {
    let fixture = fixture(GREEN);
    let project = &fixture.project;
    // What is turned off is masked, not gone.
    let gone = "systemd.services = { gone.wantedBy = [ \"multi-user.target\" ]; off.wantedBy = [ \"multi-user.target\" ]; };\n";
    let new = "systemd.services = { new.wantedBy = [ \"multi-user.target\" ]; off = { enable = false; wantedBy = [ \"multi-user.target\" ]; }; };\n";
    project.write("hosts/pc.nix", &services("one", gone));
    let old = built(&fixture, TOPLEVEL);
    // One that no other run of these tests has built.
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos();
    project.write("hosts/pc.nix", &services(&format!("two {now}"), new));
    let expected = [
        "restart unit sshd.service high",
        "stop unit gone.service medium",
        "stop unit off.service medium",
        "restart unit web.service medium",
        "start unit new.service low",
        "start unit once.service low",
        "change unit login.service low",
    ];
    let arguments = ["--host", "pc", "--running-system", old.as_str()];
    let gate = found(&fixture, &arguments);
    // Not built: from what it evaluates to, beside the units that are the configuration's.
    assert_eq!(gate["tested"]["built"], false);
    assert_eq!(effects(&gate), expected, "{gate:#}");
    assert!(gate["unknown"].is_null(), "{gate:#}");
    assert!(gate["comparison"]["derivations"]["causes"].is_array());
    assert!(gate["comparison"]["options"].is_null());
    let running = &gate["against"]["running"];
    assert_eq!(
        (&running["path"], &running["same"]),
        (&old.as_str().into(), &false.into())
    );

    // Built: all units, and sizes.
    let new = built(&fixture, TOPLEVEL);
    let gate = found(&fixture, &arguments);
    assert_eq!(gate["tested"]["output"], new);
    assert_eq!(gate["tested"]["built"], true);
    assert_eq!(effects(&gate), expected, "{gate:#}");
    assert_eq!(gate["comparison"]["closure"]["built"], true);

    let told = fixture.run(&[&["gate"], &arguments[..]].concat()).stdout;
    assert!(
        told.contains("the switch will   restart sshd.service   high\n"),
        "{told}"
    );
    assert!(told.contains("start new.service, once.service\n"), "{told}");

    let gate = Gate::of(&fixture);
    let with_risk = |risk| [&arguments[..], &["--yes", "--max-risk", risk]].concat();
    gate.refuses(
        &with_risk("medium"),
        1,
        "the risk is high, and --max-risk is medium",
    );
    gate.refuses(
        &with_risk("low"),
        1,
        "the risk is high, and --max-risk is low",
    );
    gate.passes(&with_risk("high"));
    // What runs already is no question.
    gate.passes(&[
        "--host",
        "pc",
        "--running-system",
        &new,
        "--max-risk",
        "low",
    ]);
}

#[test]
fn what_runs_is_held_against_what_was_tested() {
    let fixture = fixture(GREEN);
    let project = &fixture.project;
    let link = project.path("running");
    let old = built(&fixture, TOPLEVEL);
    symlink(&old, &link).unwrap();
    project.write("hosts/pc.nix", "{ networking.domain = \"example.org\"; }\n");
    let new = built(&fixture, TOPLEVEL);
    let pc = ["--host", "pc", "--running-system", link.as_str()];
    let gate = |arguments: &[&str]| {
        let ran = fixture.run(&[&["gate"], &pc[..], arguments].concat());
        (ran.code(), format!("{}{}", ran.stdout, ran.stderr))
    };
    let (code, told) = gate(&["--verify"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("no gate has let nixos:pc pass"), "{told}");

    // A command that does nothing is no switch.
    let (code, told) = gate(&["--yes", "--verify", "--", "true"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("what runs is not what was tested"), "{told}");
    assert!(told.contains(&format!("tested   {new}")), "{told}");
    let switch = ["--yes", "--verify", "--", "ln", "-sfn", &new, link.as_str()];
    let (code, told) = gate(&switch);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("pc: what runs is what was tested (just now)"),
        "{told}"
    );
    assert_eq!(gate(&["--verify"]).0, Some(0));

    // What came through the gate is known in full: its options too.
    project.write("hosts/pc.nix", "{ networking.domain = \"example.com\"; }\n");
    let (code, told) = gate(&[]);
    assert_eq!(code, Some(0), "{told}");
    let change = "networking.domain \"example.org\" → \"example.com\"";
    assert!(told.contains(change), "{told}");
    // The last gate that let something pass is still that one.
    assert_eq!(gate(&["--verify"]).0, Some(0));
    std::fs::remove_file(&link).unwrap();
    symlink(&old, &link).unwrap();
    let (code, told) = gate(&["--verify", "--format", "jsonl"]);
    assert_eq!(code, Some(1), "{told}");
    let found: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(found["same"], false);
    assert!(
        found["comparison"]["derivations"]["causes"].is_array(),
        "{found:#}"
    );
}

#[test]
fn what_runs_may_not_change_meanwhile() {
    let fixture = fixture(GREEN);
    let project = &fixture.project;
    let link = project.path("running");
    symlink(built(&fixture, TOPLEVEL), &link).unwrap();
    project.write("hosts/pc.nix", "{ networking.domain = \"example.net\"; }\n");
    let other = built(&fixture, TOPLEVEL);
    project.write(
        "hosts/pc.nix",
        "{ networking.domain = \"example.info\"; }\n",
    );
    let gate = Gate::of(&fixture);
    let arguments = ["--host", "pc", "--running-system", link.as_str()];
    let running = gate.program(&arguments).at_terminal().start();
    crate::support::wait_until("the question", || running.stderr().contains("Switch?"));
    std::fs::remove_file(&link).unwrap();
    symlink(other, &link).unwrap();
    running.type_in("y\n");
    gate.assert_refused(
        &running.finish(),
        1,
        "what runs is not what it was compared with",
    );
}

#[test]
fn a_home_says_what_its_units_will_do() {
    let fixture = Fixture::with_hosts(
        &[Host::new(Platform::Home, "lars")],
        &[
            ("parity.yaml", "hosts: { home: [lars] }\n"),
            (
                "cases/s.yaml",
                "cases: [{ name: name, expect: { home: { home.username: lars } } }]\n",
            ),
        ],
    );
    let unit = |name: &str, start: &str| {
        format!(
            "systemd.user.services.{name} = {{ Unit.Description = \"x\"; Service.ExecStart = [ \"/bin/{start}\" ]; Service.Restart = true; Install.WantedBy = [ \"default.target\" ]; }};\n"
        )
    };
    let write = |units: &[String]| {
        let module = format!("{{ {} }}\n", units.concat());
        fixture.project.write("hosts/lars.nix", &module);
    };
    write(&[unit("same", "a"), unit("changed", "a"), unit("gone", "a")]);
    let old = built(&fixture, "homeConfigurations.lars.activationPackage");
    write(&[unit("same", "a"), unit("changed", "b"), unit("new", "a")]);
    // A profile, as home-manager has it.
    let home = fixture.cache().join("home");
    let profiles = home.join(".local/state/nix/profiles");
    std::fs::create_dir_all(&profiles).unwrap();
    symlink(&old, profiles.join("home-manager-42-link")).unwrap();
    symlink("home-manager-42-link", profiles.join("home-manager")).unwrap();
    let ran = fixture
        .program(&["gate", "--format", "jsonl"])
        .env("HOME", &home)
        .env("USER", "lars")
        .run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    let gate: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(gate["against"]["running"]["generation"], 42, "{gate:#}");
    assert_eq!(
        effects(&gate),
        [
            "stop user_unit gone.service medium",
            "restart user_unit changed.service low",
            "start user_unit new.service low",
        ],
        "{gate:#}"
    );
}
