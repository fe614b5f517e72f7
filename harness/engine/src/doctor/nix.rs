//! Nix: version, features, store, builders.

mod log;

use std::fs;

use super::{Finding, State};
use crate::nix::{Flavour, MINIMUM_VERSION, Nix, Program};
use crate::run::Options;

pub(super) fn examine(options: &Options) -> Vec<Finding> {
    let nix = match Nix::find(options.nix.as_deref()) {
        Ok(nix) => nix,
        Err(error) => {
            let advice =
                format!("install Nix {MINIMUM_VERSION} or newer: https://nixos.org/download");
            return vec![Finding::not(State::Bad, "nix", error.to_string(), &advice)];
        }
    };
    vec![
        version(&nix),
        flakes(&nix),
        store(&nix),
        log::examine(&nix),
        builders(&nix),
    ]
}

fn version(nix: &Nix) -> Finding {
    let flavour = match nix.flavour {
        Flavour::Nix => "Nix",
        Flavour::Lix => "Lix",
        Flavour::Determinate => "Determinate Nix",
    };
    Finding::good(
        "nix",
        format!(
            "{flavour} {}: {}, {}",
            nix.version,
            nix.banner,
            nix.program.display()
        ),
    )
}

/// Runs a command of Nix, with the features that it needs.
fn ask(nix: &Nix, arguments: &[&str]) -> Result<String, String> {
    ask_with(nix, "nix-command flakes", arguments)
}

/// The same with these features besides those that are enabled.
fn ask_with(nix: &Nix, features: &str, arguments: &[&str]) -> Result<String, String> {
    let answer = Program::new(&nix.program)
        .args(["--extra-experimental-features", features])
        .args(arguments)
        .output()
        .map_err(|e| e.to_string())?;
    if answer.status.success() {
        return Ok(String::from_utf8_lossy(&answer.stdout).trim().to_owned());
    }
    let text = String::from_utf8_lossy(&answer.stderr);
    let last = text
        .lines()
        .rfind(|l| l.contains("error"))
        .unwrap_or("it failed without a message");
    Err(last.trim().to_owned())
}

/// A setting, which older versions show by another command.
fn setting(nix: &Nix, name: &str) -> Option<String> {
    ask(nix, &["config", "show", name])
        .or_else(|_| ask(nix, &["show-config", name]))
        .ok()
}

fn flakes(nix: &Nix) -> Finding {
    const HAS_FLAKES: [&str; 3] = ["eval", "--expr", "builtins ? getFlake"];
    match ask(nix, &HAS_FLAKES) {
        Ok(answer) if answer == "true" => {
            // Determinate Nix has them without any setting that says so.
            let own = if ask_with(nix, "nix-command", &HAS_FLAKES).is_ok_and(|a| a == "true") {
                "enabled"
            } else {
                "not enabled in nix.conf; nix-parity enables them for itself"
            };
            Finding::good("flakes", own)
        }
        Ok(answer) => Finding::not(
            State::Bad,
            "flakes",
            format!("nix says {answer}"),
            "cases are about flakes",
        ),
        Err(error) => Finding::not(
            State::Bad,
            "flakes",
            error,
            "a trivial evaluation with flakes must work",
        ),
    }
}

fn store(nix: &Nix) -> Finding {
    match ask(nix, &["store", "ping", "--json"]) {
        Ok(answer) => {
            let answer: serde_json::Value = serde_json::from_str(&answer).unwrap_or_default();
            let how = match answer["url"].as_str() {
                Some("daemon") => "through the daemon",
                Some("local") => "directly",
                Some(other) => other,
                None => "reached",
            };
            Finding::good("store access", how)
        }
        Err(error) => Finding::not(
            State::Bad,
            "store access",
            error,
            "evaluation writes derivations to the store: start the daemon, or see who may write to /nix",
        ),
    }
}

/// Remote builders, by the `builders` setting or the file that it names.
fn builders(nix: &Nix) -> Finding {
    let none = || {
        Finding::not(
            State::Lacking,
            "builders",
            "no remote builders",
            "evaluation needs none; systems of another platform cannot be built from here",
        )
    };
    let Some(set) = setting(nix, "builders") else {
        return none();
    };
    let text = match set.strip_prefix('@') {
        Some(file) => fs::read_to_string(file).unwrap_or_default(),
        None => set.replace(';', "\n"),
    };
    let machines: Vec<_> = text
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty() && !l.starts_with('#'))
        .filter_map(|l| l.split_whitespace().next())
        .collect();
    if machines.is_empty() {
        none()
    } else {
        Finding::good("builders", machines.join(", "))
    }
}
