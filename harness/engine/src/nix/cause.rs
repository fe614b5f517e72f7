//! Whose an evaluation error is: the configuration's, or one that says nothing of it.

use nix_parity_core::observation::NixError;

use super::paths::PRELUDE_FILE;
use super::request::{EVAL_FILE, VARIANT_FILE};

/// Whose an error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The configuration's: a throw, a failed assertion, a type error, a missing attribute…
    Configuration,
    /// That of Nix, its settings, the network or the machine.
    Machine,
    /// That of what the harness itself evaluates.
    Harness,
    /// That of an expression of the case, which Nix cannot read.
    Case,
    /// A text that is not known. It proves nothing.
    Unknown,
}

/// What the prelude itself throws, by how the message begins.
const OF_PRELUDE: [&str; 2] = ["this host offers no `pkgs`", "a value nests deeper than "];

/// How Nix begins messages about fetchers, stores, builds, settings and the machine.
const OF_MACHINE: [&str; 24] = [
    "unable to download",
    "unable to fetch",
    "cannot build '",
    "Cannot build '",
    "cannot connect to ",
    "cannot open connection ",
    "database is ",
    "executing SQLite ",
    "opening lock file ",
    "opening SQLite ",
    "build of ",
    "builder for ",
    "a '",
    "writing to file",
    "creating directory ",
    "creating temporary ",
    "failed to fetch",
    "failed to insert",
    "Failed to fetch",
    "program '",
    "some substitutes ",
    "unable to start ",
    "interrupted by the user",
    "unexpected end-of-file",
];

/// What such messages say somewhere.
const ANYWHERE_OF_MACHINE: [&str; 12] = [
    "No space left on device",
    "Permission denied",
    "Cannot allocate memory",
    "out of memory",
    "Too many open files",
    "Read-only file system",
    "Input/output error",
    "Disk quota exceeded",
    "database is locked",
    "forbidden in restricted mode",
    "allow-import-from-derivation",
    "dependencies of derivation",
];

/// How messages of the evaluator begin that Nix may print without a place of their own.
const OF_EVALUATION: [&str; 19] = [
    "Failed assertions:",
    "assertion ",
    "attribute ",
    "cannot coerce ",
    "cannot compare ",
    "cannot convert ",
    "cannot decode ",
    "cannot index ",
    "division by zero",
    "evaluation aborted with the following error message",
    "expected a ",
    "function ",
    "infinite recursion encountered",
    "invalid regular expression",
    "list index ",
    "stack overflow",
    "syntax error",
    "undefined variable ",
    "value is ",
];

/// Whose an error is. A refusal has free text, so that Nix's trace decides first.
pub fn cause(error: &NixError) -> Cause {
    let message = error.message.trim_start();
    let begins = |signs: &[&str]| signs.iter().any(|sign| message.starts_with(sign));
    // The steps of the prelude are taken out of traces: what it throws has no such step.
    if is_refusal(error) {
        return Cause::Configuration;
    }
    if begins(&OF_PRELUDE) {
        return Cause::Harness;
    }
    let place = error.location.as_ref();
    if place.is_some_and(|l| l.file.ends_with(PRELUDE_FILE) || &*l.file == "«string»") {
        return Cause::Harness;
    }
    let of_case = |name: &str| place.is_some_and(|l| l.file.ends_with(&format!("-{name}")));
    if begins(&["syntax error", "undefined variable "])
        && (of_case(EVAL_FILE) || of_case(VARIANT_FILE))
    {
        return Cause::Case;
    }
    if begins(&OF_MACHINE)
        || ANYWHERE_OF_MACHINE
            .iter()
            .any(|sign| message.contains(sign))
    {
        return Cause::Machine;
    }
    if place.is_some() || begins(&OF_EVALUATION) {
        return Cause::Configuration;
    }
    Cause::Unknown
}

/// Whether the step nearest to the message is a `throw` or an `abort`.
fn is_refusal(error: &NixError) -> bool {
    error.trace.last().is_some_and(|frame| {
        [
            "'throw' builtin",
            "'abort' builtin",
            "caused by explicit throw",
        ]
        .iter()
        .any(|step| frame.text.contains(step))
    })
}

#[cfg(test)]
mod tests {
    use super::super::error::parse_error;
    use super::{Cause, cause};

    /// Said by Nix 2.26.3 and 2.34.8 on 2026-12-01, but for their excerpts; the last but
    /// one is worded by hand.
    const SAID: [(&str, Cause); 9] = [
        (
            "error:\n       … while calling the 'throw' builtin\n         at /s/a.nix:1:1:\n\n       error: unable to download x",
            Cause::Configuration,
        ),
        (
            "error: attribute 'x' missing\n       at /s/a.nix:1:1:",
            Cause::Configuration,
        ),
        (
            "error: attribute 'extendModules' missing\n       at /nix/store/x-nix-parity.nix:1:1:",
            Cause::Harness,
        ),
        ("error: this host offers no `pkgs`", Cause::Harness),
        (
            "error:\n       … while calling the 'import' builtin\n         at /s/a.nix:1:1:\n\n       … while realising the context of path '/nix/store/f-a'\n\n       error: cannot build '/nix/store/7-a.drv^out' during evaluation because the option 'allow-import-from-derivation' is disabled",
            Cause::Machine,
        ),
        (
            "error:\n       … while calling the 'fetchurl' builtin\n         at /s/a.nix:1:1:\n\n       error: unable to download 'http://127.0.0.1:1/x': Could not connect to server (7)",
            Cause::Machine,
        ),
        (
            "error: syntax error, unexpected end of file\n       at /nix/store/x-nix-parity-eval.nix:1:1:",
            Cause::Case,
        ),
        ("error: the moon is in the way", Cause::Unknown),
        (
            "error:\n       … while calling the 'foldl'' builtin\n         at /s/a.nix:1:1:\n\n       … while evaluating the first argument passed to builtins.foldlStrict\n\n       error: expected a function but found an integer: 1",
            Cause::Configuration,
        ),
    ];

    #[test]
    fn structure_decides_whose_an_error_is() {
        for (text, whose) in SAID {
            assert_eq!(cause(&parse_error(text)), whose, "{text}");
        }
    }
}
