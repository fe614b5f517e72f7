//! The tests of machines as a file of Nix, for flakes whose checks build them.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use nix_parity_core::host::Platform;
use nix_parity_core::option_path::nix_string;

use super::engine::Engine;
use super::machines::{Machines, VmTest, program_of, slug};
use crate::plan::{HostPlan, Plan, PlannedTest};
use crate::vm::test_specification;

const HEAD: &str = "\
# Written by `nix-parity vm --export`, from the `vm` cases: not to be edited. One test for each
# boot: the host whose test it is, the cases that share it, and what `mkChecks` makes of it.
{
";

impl Engine<'_> {
    /// All tests of machines that a plan has, one for each boot, as an expression of Nix.
    /// No Nix is asked.
    pub fn machine_tests(&self, plan: &Plan<'_>) -> String {
        let mut text = HEAD.to_owned();
        let mut names = BTreeSet::new();
        let hosts = plan.hosts.iter();
        for host in hosts.filter(|host| host.host.platform == Platform::Nixos) {
            let tests: Vec<&PlannedTest<'_>> = host.tests.iter().collect();
            let boots = Machines::new(self, &host.host, &tests).into_boots();
            let is_alone = boots.len() == 1;
            for boot in &boots {
                let name = name(host, boot, is_alone, &mut names);
                test(&mut text, &name, host, boot);
            }
        }
        text.push_str("}\n");
        text
    }
}

/// `vm-pc`, with the first case where the host has several boots, and a number where that
/// is another's name too.
fn name(
    host: &HostPlan<'_>,
    boot: &[VmTest],
    is_alone: bool,
    taken: &mut BTreeSet<String>,
) -> String {
    let mut name = format!("vm-{}", slug(&host.host.name));
    if !is_alone && let Some(first) = boot.first() {
        name = format!("{name}-{}", slug(&first.case.name.value));
    }
    let mut unique = name.clone();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    unique
}

fn test(text: &mut String, name: &str, host: &HostPlan<'_>, boot: &[VmTest]) {
    let Some(first) = boot.first() else {
        return;
    };
    let mut cases = String::new();
    for test in boot {
        let _ = write!(cases, "\n    {}", nix_string(&test.id.to_string()));
    }
    let system = host.host.system.as_deref().map(nix_string);
    let script = lines(&program_of(boot));
    let _ = writeln!(
        text,
        "{} = {{\n  host = {};\n  system = {};\n  cases = [{cases}\n  ];\n  specification = {};\n}};",
        nix_string(name),
        nix_string(&host.host.name),
        system.as_deref().unwrap_or("null"),
        test_specification(&first.case, &first.check, &host.host, &script),
    );
}

/// A text as an expression of a line for each of its lines, so that changes can be read.
fn lines(text: &str) -> String {
    let mut expression = "builtins.concatStringsSep \"\\n\" [\n".to_owned();
    for line in text.split('\n') {
        let _ = writeln!(expression, "    {}", nix_string(line));
    }
    expression.push_str("  ]");
    expression
}
