//! `vm` cases, right and wrong, and the Python that they become.

use std::time::Duration;

use super::python::literal;
use super::{Action, CaseSteps, VmCheck, VmProgram, program};
use crate::case::{Check, parse_suite};

fn vm(yaml: &str) -> VmCheck {
    let text = format!("suite: s\ncases:\n  - name: it boots\n    vm: {yaml}\n");
    let suite = parse_suite("cases/s.yaml", &text).unwrap_or_else(|d| panic!("{d:#?}"));
    match &suite.cases[0].check {
        Check::Vm(check) => (**check).clone(),
        other => panic!("{other:?}"),
    }
}

fn mistake(yaml: &str) -> String {
    let text = format!("suite: s\ncases:\n  - name: it boots\n    vm: {yaml}\n");
    let diagnostic = parse_suite("cases/s.yaml", &text).unwrap_err().remove(0);
    let label = diagnostic.label.map(|label| format!(" ({label})"));
    format!("{}{}", diagnostic.message, label.unwrap_or_default())
}

fn python(check: &VmCheck) -> String {
    program(&[CaseSteps {
        name: "it boots",
        prefix: "it-boots",
        limit: Duration::from_secs(90),
        steps: check.steps(),
    }])
}

#[test]
fn every_step_is_read_and_becomes_a_call() {
    let check = vm(
        r#"{ memory: 1GiB, cores: 2, disk: 4GiB, network: false, steps: [
          { wait_for_unit: sshd.service, timeout: 30s }, { wait_for_open_port: 22 },
          { wait_until_succeeds: "curl -f localhost" }, { succeed: "true" }, { fail: "false" },
          { expect: { command: "hostname", is: { matches: "^pc$" } } }, { wait_for_file: /run/x },
          { reboot: true }, { screenshot: login }, { copy_from: /var/log/x }, { ocr: "login:" } ] }"#,
    );
    assert_eq!(check.machine.memory, Some(1024));
    assert_eq!(check.machine.disk, Some(4096));
    assert_eq!(check.machine.cores, Some(2));
    assert_eq!(check.machine.network, Some(false));
    assert!(!check.isolated && check.reads_screen());
    let text = python(&check);
    for call in [
        "_boot(True)",
        "_case(90.000)",
        r#"if not _step(0, 0, "it boots: wait_for_unit sshd.service", lambda: _node(None).wait_for_unit("sshd.service", timeout=_left(30.000))):"#,
        "_node(None).wait_for_open_port(22, timeout=_left(None))",
        r#"_node(None).wait_until_succeeds("curl -f localhost", "#,
        r#"    _step(0, 3, "it boots: succeed true", lambda: _node(None).succeed("true", "#,
        r#"_node(None).fail("false", "#,
        r#"_output(None, "hostname", None), reads=True)"#,
        r#"_node(None).wait_for_file("/run/x", "#,
        "_reboot(None)",
        r#"_node(None).screenshot("it-boots-login")"#,
        r#"_node(None).copy_from_vm("/var/log/x", "it-boots")"#,
        r#"_node(None).wait_for_text("login:", "#,
    ] {
        assert!(text.contains(call), "{call}\nis not in\n{text}");
    }
}

#[test]
fn a_script_is_taken_as_it_is_and_boots_alone() {
    let check = vm("{ script: \"machine.succeed('x')\\n\" }");
    assert!(check.isolated);
    match &check.program {
        VmProgram::Script(script) => assert_eq!(script.value, "machine.succeed('x')\n"),
        VmProgram::Steps(_) => panic!("{check:?}"),
    }
}

#[test]
fn steps_of_several_nodes_say_which() {
    let nodes = "nodes: { web: { host: server }, client: { host: pc, with: \"{ }\" } }";
    let check = vm(&format!(
        "{{ {nodes}, steps: [ {{ succeed: ping web, on: client }} ] }}"
    ));
    assert_eq!(check.nodes.len(), 2);
    assert!(check.nodes[1].with.is_some());
    assert!(python(&check).contains("_node(\"client\").succeed(\"ping web\""));
    assert_eq!(check.steps()[0].name(), "client: succeed ping web");
    assert_eq!(
        mistake(&format!("{{ {nodes}, steps: [ {{ succeed: x }} ] }}")),
        "a step of several nodes without `on`"
    );
    assert_eq!(
        mistake(&format!(
            "{{ {nodes}, steps: [ {{ succeed: x, on: clent }} ] }}"
        )),
        "there is no node `clent` (did you mean `client`?)"
    );
}

#[test]
fn what_cannot_be_right_is_refused() {
    for (yaml, message) in [
        ("{ memory: 1GiB }", "`vm` without `steps`"),
        ("{ steps: [] }", "`steps` is empty"),
        ("{ steps: [ { } ] }", "a step that does nothing"),
        ("{ steps: [ { timeout: 3s } ] }", "a step that does nothing"),
        (
            "{ steps: [ { succeed: x, fail: y } ] }",
            "a step that does more than one thing",
        ),
        (
            "{ steps: [ { suceed: x } ] }",
            "unknown key `suceed` in a step (did you mean `succeed`?)",
        ),
        (
            "{ steps: [ { succeed: \"a\\0b\" } ] }",
            "`succeed` holds a NUL character",
        ),
        ("{ script: \"a\\0b\" }", "`script` holds a NUL character"),
        (
            "{ steps: [ { wait_for_open_port: 65536 } ] }",
            "`wait_for_open_port` must be a number from 1 to 65535",
        ),
        (
            "{ steps: [ { screenshot: \"../x\" } ] }",
            "`screenshot` must be a name of letters, digits, `-` and `_`",
        ),
        (
            "{ steps: [ { reboot: false } ] }",
            "`reboot: false` does nothing",
        ),
        (
            "{ steps: [ { expect: { command: x } } ] }",
            "`expect` of a step takes `command` and `is`",
        ),
        (
            "{ script: x, steps: [ { fail: y } ] }",
            "`vm` takes `steps` or `script`, not both",
        ),
        (
            "{ script: x, isolated: false }",
            "a `script` has a boot of its own always",
        ),
        ("{ memory: 10kB, script: x }", "`memory` is less than 1MiB"),
        (
            "{ cores: 0, script: x }",
            "`cores` must be a number from 1 to 256",
        ),
        (
            "{ script: x, nodes: { \"a b\": { host: pc } } }",
            "a node's name must be letters, digits and `-`",
        ),
        (
            "{ script: x, nodes: { a: { } } }",
            "a node without a `host`",
        ),
    ] {
        assert_eq!(mistake(yaml), message, "{yaml}");
    }
}

#[test]
fn names_of_steps_are_short_and_on_one_line() {
    let long = "x".repeat(500);
    let check = vm(&format!(
        "{{ steps: [ {{ succeed: \"a\\n\\tb \\e[31m{long}\" }} ] }}"
    ));
    let name = check.steps()[0].name();
    assert!(name.starts_with("succeed a b [31mxxx"), "{name}");
    assert!(name.chars().count() < 90 && !name.contains(char::is_control));
}

/// What Python would read: the inverse of `literal`, by Python's rules for the escapes
/// that it uses.
fn read_back(literal: &str) -> String {
    let inner = literal
        .strip_prefix('"')
        .unwrap()
        .strip_suffix('"')
        .unwrap();
    let mut chars = inner.chars();
    let mut out = String::new();
    while let Some(c) = chars.next() {
        assert!(c.is_ascii() && !c.is_control() && c != '"', "{literal}");
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next().unwrap() {
            'U' => {
                let digits: String = chars.by_ref().take(8).collect();
                let number = u32::from_str_radix(&digits, 16).unwrap();
                out.push(char::from_u32(number).unwrap());
            }
            escaped @ ('"' | '\\') => out.push(escaped),
            other => panic!("\\{other} in {literal}"),
        }
    }
    out
}

#[test]
fn literals_survive_any_text() {
    for text in [
        "",
        "plain",
        "it's \"quoted\" '''and''' \"\"\"thrice\"\"\"",
        "\"\"\"",
        "\\",
        "\\\"",
        "\\n is not a line break, and this is:\n\r\n\t",
        "{braces} %s ${nix} `sh` $(sh) #{x}",
        "\u{1b}[31m\u{7f}\u{85}\u{2028}",
        "größe 🐍 \u{202e}",
        "U0000000a \\U0000000a",
    ] {
        assert_eq!(read_back(&literal(text)), text);
    }
}

#[test]
fn a_hostile_command_stays_an_argument() {
    let hostile = "x\\\"\\\"\\\")\\nimport os; os.abort()\\n#";
    let check = vm(&format!("{{ steps: [ {{ succeed: \"{hostile}\" }} ] }}"));
    let Action::Succeed(command) = &check.steps()[0].action else {
        panic!("{check:?}");
    };
    assert!(command.contains('\n') && command.contains("\"\"\""));
    let text = python(&check);
    assert!(
        text.lines().all(|line| !line.starts_with("import os;")),
        "{text}"
    );
}
