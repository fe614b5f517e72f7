//! The cases of the generated suites, as text.

use std::fmt::Write as _;

use super::generated::SERVICES;

/// The check of a case: what it looks at and what it expects.
type Check = String;

fn option(path: &str, value: &str) -> Check {
    format!("expect: {{ common: {{ {path}: {value} }} }}")
}

fn eval(expression: &str, is: &str) -> Check {
    format!("eval: '{expression}'\n    is: {is}")
}

fn throws(service: &str, by: usize) -> Check {
    let message = format!("{service} is taken by {by}");
    format!(
        r#"eval: '{{ config, ... }}: if config.fleet.services.{service}.port == 9443 then throw "{message}" else null'
    throws: {{ message: {message} }}"#
    )
}

/// A check of an option of which one cannot say anything but how it fails.
pub(super) fn broken(kind: &str) -> Check {
    option(&format!("fleet.broken.{kind}"), "1")
}

/// What a suite of passing cases looks at: mostly single options, as suites do, and
/// now and then all of a host.
pub(super) fn passing(cases: usize) -> Vec<Check> {
    (0..cases)
        .map(|n| {
            // Spread over the services; when all have been looked at, on to what the
            // next concern says of them.
            let service = format!("service-{}", n * 367 % SERVICES);
            let concern = n / SERVICES;
            let of = |name: &str| format!("fleet.services.{service}.{name}");
            match n % 10 {
                0 => option(&of("port"), "9443"),
                1 => option(&of("limits"), "{ memory: 512, tasks: 400, nice: 0 }"),
                2 => option(&of("groups"), "{ set_equals: [monitoring, services] }"),
                3 => option(&of("environment"), "{ keys: { length: 12 } }"),
                4 => option(
                    &of("after"),
                    &format!("{{ contains: concern-{concern}.target }}"),
                ),
                5 => option(
                    &of(&format!("environment.CONCERN_{concern}")),
                    &concern.to_string(),
                ),
                6 => {
                    let (section, key) = (concern % 4, concern);
                    option(
                        &of(&format!("settings.section-{section}.key-{key}")),
                        &service,
                    )
                }
                7 => option(
                    &of("preStart"),
                    &format!("{{ matches: \"(?m)^prepare .* {concern}$\" }}"),
                ),
                8 => throws(&service, concern),
                _ if n == 9 => eval(
                    "{ config, ... }: (config.system.build.toplevel or config.home.activationPackage).drvPath",
                    "{ matches: \"[.]drv$\" }",
                ),
                _ if n < SERVICES => eval(
                    "{ config, ... }: builtins.length (builtins.filter (s: s != \"\") (builtins.attrValues config.fleet.text))",
                    &SERVICES.to_string(),
                ),
                _ => eval(
                    &format!("{{ config, ... }}: builtins.length config.{}", of("after")),
                    "12",
                ),
            }
        })
        .collect()
}

/// A case file. With a `selection` each case says for itself which hosts it is for.
pub(super) fn suite(name: &str, checks: &[Check], selection: Option<&str>) -> String {
    let mut text = format!("suite: {name}\ncases:\n");
    for (n, check) in checks.iter().enumerate() {
        // Writing to a String cannot fail.
        let _ = write!(text, "  - name: case {n:02}\n    {check}\n");
        if let Some(hosts) = selection {
            let _ = writeln!(text, "    hosts: {hosts}");
        }
    }
    text
}
