//! Steps as a program for the NixOS test driver, which is Python.

use std::fmt::Write as _;
use std::time::Duration;

use super::step::{Action, Step};

/// The functions that programs are made of.
const PRELUDE: &str = include_str!("prelude.py");

/// The test script of a driver that runs whatever program `NIX_PARITY_PROGRAM` names
/// when it is started, so that one driver serves all programs for the same machines.
pub const LOADER: &str = "import os\n\
    with open(os.environ[\"NIX_PARITY_PROGRAM\"], encoding=\"utf-8\") as _program:\n    \
    _text = _program.read()\n\
    exec(compile(_text, \"script\", \"exec\"), globals())\n";

/// The steps of one case of a boot.
#[derive(Clone, Copy, Debug)]
pub struct CaseSteps<'a> {
    /// What its steps are called after; on one line.
    pub name: &'a str,
    /// What the names of its files begin with.
    pub prefix: &'a str,
    /// How long they may take together.
    pub limit: Duration,
    /// The steps.
    pub steps: &'a [Step],
}

/// The program that boots the machines and runs the steps of cases, one case after the
/// other. A failed step fails its case only; a wait that fails ends its case.
pub fn program(cases: &[CaseSteps<'_>]) -> String {
    let mut text = PRELUDE.to_owned();
    let mut steps = cases.iter().flat_map(|case| case.steps);
    let reboots = steps.any(|step| matches!(step.action, Action::Reboot));
    let _ = writeln!(text, "_boot({})", if reboots { "True" } else { "False" });
    for (number, case) in cases.iter().enumerate() {
        let _ = writeln!(text, "\n\ndef _case_{number}():");
        let _ = writeln!(text, "    _case({})", seconds(case.limit));
        for (index, step) in case.steps.iter().enumerate() {
            let name = literal(&format!("{}: {}", case.name, step.name()));
            let call = call(step, case.prefix);
            let reads = match step.action {
                Action::Expect { .. } => ", reads=True",
                _ => "",
            };
            let step_call = format!("_step({number}, {index}, {name}, lambda: {call}{reads})");
            let _ = if step.is_essential() {
                writeln!(text, "    if not {step_call}:\n        return")
            } else {
                writeln!(text, "    {step_call}")
            };
        }
        let _ = writeln!(text, "\n\n_case_{number}()");
    }
    text.push_str("_end()\n");
    text
}

/// The call that does what a step says. Of `expect` its value is what the command prints.
fn call(step: &Step, prefix: &str) -> String {
    let node = step
        .node
        .as_ref()
        .map_or_else(|| "None".to_owned(), |node| literal(&node.value));
    let own = step.timeout.map_or_else(|| "None".to_owned(), seconds);
    let limit = format!("timeout=_left({own})");
    let method = |name: &str, argument: &str| format!("_node({node}).{name}({argument}, {limit})");
    match &step.action {
        Action::WaitForUnit(unit) => method("wait_for_unit", &literal(unit)),
        Action::WaitForOpenPort(port) => method("wait_for_open_port", &port.to_string()),
        Action::WaitForFile(path) => method("wait_for_file", &literal(path)),
        Action::WaitUntilSucceeds(command) => method("wait_until_succeeds", &literal(command)),
        Action::Succeed(command) => method("succeed", &literal(command)),
        Action::Fail(command) => method("fail", &literal(command)),
        Action::Ocr(text) => method("wait_for_text", &literal(text)),
        Action::Expect { command, .. } => {
            format!("_output({node}, {}, {own})", literal(command))
        }
        Action::Reboot => format!("_reboot({node})"),
        Action::Screenshot(name) => {
            let name = literal(&format!("{prefix}-{name}"));
            format!("_node({node}).screenshot({name})")
        }
        Action::CopyFrom(path) => {
            let (path, folder) = (literal(path), literal(prefix));
            format!("_node({node}).copy_from_vm({path}, {folder})")
        }
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3}", duration.as_secs_f64())
}

/// A string literal that Python reads back as this text: plain ASCII on one line,
/// whatever the text holds.
pub(super) fn literal(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            ' '..='~' => out.push(c),
            _ => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
    out
}
