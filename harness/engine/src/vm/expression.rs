//! The Nix expressions of a test: which machines it has, and what it runs.

use std::fmt::Write as _;

use nix_parity_core::case::{Case, VmCheck};
use nix_parity_core::host::Host;
use nix_parity_core::option_path::nix_string;

/// The part that is Nix; the rest of the expression is its argument.
const DRIVER: &str = include_str!("driver.nix");

/// A function of the path of a derivation that waits until that is in the store:
/// Determinate Nix writes derivations in the background.
const WRITTEN: &str = "(path: builtins.seq (!(builtins.hasContext path) || builtins.pathExists path) \
     (builtins.unsafeDiscardStringContext path))";

/// What a test runs on: the same for cases that can share a boot. A function of
/// `nixosConfigurations` and of what expressions in case files are given, to the path of
/// the derivation of the driver, or of the whole test where that is `strict`.
pub fn driver_expression(
    case: &Case,
    check: &VmCheck,
    host: &Host,
    script: &str,
    strict: bool,
) -> String {
    let built = if strict { "test" } else { "test.driver" };
    format!(
        "hosts: arguments:\nlet\n  test = ({DRIVER}) hosts {} arguments;\nin\n\
         if test == null then null else {WRITTEN} {built}.drvPath",
        test_specification(case, check, host, &nix_string(script)),
    )
}

/// What `driver.nix` is told of a test, as a set of Nix; the script is an expression.
pub fn test_specification(case: &Case, check: &VmCheck, host: &Host, script: &str) -> String {
    let mut nodes = String::new();
    let with = case.variant.as_ref().map(|nix| &*nix.text);
    if check.nodes.is_empty() {
        node(&mut nodes, "machine", &host.name, false, [with]);
    }
    for one in &check.nodes {
        let own = one.with.as_ref().map(|nix| &*nix.text);
        node(&mut nodes, &one.name, &one.host.value, true, [with, own]);
    }
    let mut virtualisation = String::new();
    let mut set = |name: &str, value: Option<u64>| {
        if let Some(value) = value {
            let _ = write!(virtualisation, "{name} = {value}; ");
        }
    };
    set("memorySize", check.machine.memory);
    set("diskSize", check.machine.disk);
    set("cores", check.machine.cores);
    if let Some(network) = check.machine.network {
        let _ = write!(virtualisation, "restrictNetwork = {}; ", !network);
    }
    let special = check.special_args.as_ref().map_or("{ }", |nix| &*nix.text);
    format!(
        "{{\n  name = {};\n  host = {};\n  nodes = {{\n{nodes}  }};\n  \
         virtualisation = {{ {virtualisation}}};\n  specialArgs = (\n{special}\n);\n  \
         enableOCR = {};\n  testScript = {};\n}}",
        nix_string(&format!("nix-parity-{}", store_name(&host.name))),
        nix_string(&host.name),
        check.reads_screen(),
        script,
    )
}

fn node<const N: usize>(
    out: &mut String,
    name: &str,
    host: &str,
    renamed: bool,
    with: [Option<&str>; N],
) {
    let mut modules = String::new();
    for module in with.into_iter().flatten() {
        // A comment may end the text.
        let _ = write!(modules, "(\n{module}\n) ");
    }
    let (name, host) = (nix_string(name), nix_string(host));
    let _ = writeln!(
        out,
        "    {name} = {{ host = {host}; renamed = {renamed}; modules = [ {modules}]; }};"
    );
}

/// A name as the store takes it.
fn store_name(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    name.chars()
        .map(|c| if is_plain(c) { c } else { '-' })
        .take(64)
        .collect()
}

#[cfg(test)]
mod tests {
    use nix_parity_core::case::{Check, parse_suite};
    use nix_parity_core::host::{Host, Platform};

    use super::driver_expression;

    fn expression(yaml: &str) -> String {
        let text = format!("suite: s\ncases:\n  - name: a\n{yaml}");
        let suite = parse_suite("cases/s.yaml", &text).unwrap_or_else(|d| panic!("{d:#?}"));
        let case = &suite.cases[0];
        let Check::Vm(check) = &case.check else {
            panic!("{case:?}");
        };
        let host = Host::new(Platform::Nixos, "p${c}\"".to_owned());
        driver_expression(case, check, &host, "print(\"${x}\")\n''", false)
    }

    /// Whatever is asked for, it is one expression of Nix.
    #[test]
    fn it_is_nix_whatever_is_asked_for() {
        for yaml in [
            "    vm: { script: x }\n",
            "    with: \"{ a = 1; } # the end\"\n    vm: { memory: 1GiB, cores: 2, disk: 2GiB, network: false, script: x }\n",
            "    vm: { special_args: \"{ x = 1; } #\", steps: [ { ocr: x } ] }\n",
            "    vm: { nodes: { a: { host: pc }, b: { host: \"x\\\"${y}\", with: \"{ } #\" } }, script: x }\n",
        ] {
            let text = expression(yaml);
            let parsed = rnix::Root::parse(&text);
            assert!(parsed.errors().is_empty(), "{:?}\n{text}", parsed.errors());
        }
    }

    #[test]
    fn it_says_what_the_case_asks_for() {
        let text = expression("    vm: { memory: 1GiB, network: false, steps: [ { ocr: x } ] }\n");
        for part in [
            "virtualisation = { memorySize = 1024; restrictNetwork = true; };",
            "enableOCR = true;",
            "test.driver.drvPath",
            "\"machine\" = { host = \"p\\${c}\\\"\"; renamed = false; modules = [ ]; };",
            "testScript = \"print(\\\"\\${x}\\\")\\n''\";",
        ] {
            assert!(text.contains(part), "{part}\n{text}");
        }
    }
}
