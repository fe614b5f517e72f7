//! Whose an evaluation error is: the configuration's, or one that says nothing of it.
//!
//! `throw` takes any text, so Nix's trace decides before the message does. Texts of Nix are
//! recognised by how they begin; one that is not is nobody's.

use nix_parity_core::observation::{Cause, NixError};

use super::paths::PRELUDE_FILE;
use super::request::{EVAL_FILE, VARIANT_FILE};

/// How Nix begins messages about fetchers, stores, builds, settings and the machine.
const OF_MACHINE: [&str; 23] = [
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
const OF_EVALUATION: [&str; 30] = [
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
    // Of files of the flake; those of the machine are told apart before.
    "path '",
    "Path '",
    "file '",
    "opening file '",
    "opening directory '",
    "getting status of ",
    "reading file ",
    "reading directory ",
    "access to absolute path ",
    "access to path ",
    "string '",
];

/// Whose an error is that Nix has said, as it said it: with the steps of the prelude.
/// `marker` stands before what the prelude itself throws.
pub(super) fn cause(error: &NixError, marker: &str) -> Cause {
    let message = error.message.trim_start();
    let begins = |signs: &[&str]| signs.iter().any(|sign| message.starts_with(sign));
    if message.starts_with(marker) {
        return Cause::Harness;
    }
    if is_refusal(error) {
        return Cause::Configuration;
    }
    let place = error.location.as_ref().map(|location| &*location.file);
    if place.is_some_and(|file| file.ends_with(PRELUDE_FILE) || file == "«string»") {
        return Cause::Harness;
    }
    let is_of_case = place.is_some_and(|file| {
        let ends = |name: &str| {
            file.strip_suffix(name)
                .is_some_and(|rest| rest.ends_with('-'))
        };
        ends(EVAL_FILE) || ends(VARIANT_FILE)
    });
    if is_of_case && begins(&["syntax error", "undefined variable "]) {
        return Cause::Case;
    }
    let says = |sign: &str| message.contains(sign);
    // An input that cannot be had, whatever the words.
    let is_fetching = |text: &str| text.starts_with("while fetching the input");
    if error.trace.iter().any(|frame| is_fetching(&frame.text)) {
        return Cause::Machine;
    }
    if begins(&OF_MACHINE) || ANYWHERE_OF_MACHINE.iter().any(|sign| says(sign)) {
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
    use super::cause;
    use nix_parity_core::observation::Cause;

    const MARKER: &str = "np-0123456789abcdef01234567";

    /// Texts of Nix 2.26.3, 1 December 2026, with other paths and without their excerpts.
    const SAID: [(&str, Cause); 8] = [
        (
            "error:\n       … while updating the lock file of flake 'git+file:///x'\n\n       … while updating the flake input 'absent'\n\n       … while fetching the input 'path:/var/empty/nothing'\n\n       error: path '//var/empty/nothing' does not exist",
            Cause::Machine,
        ),
        (
            "error:\n       … while calling the 'throw' builtin\n         at /s/a.nix:1:1:\n\n       error: unable to download x",
            Cause::Configuration,
        ),
        (
            "error: attribute 'x' missing\n       at /s/a.nix:1:1:",
            Cause::Configuration,
        ),
        (
            "error:\n       … while calling the 'import' builtin\n         at /s/a.nix:1:1:\n\n       … while realising the context of path '/nix/store/f-a'\n\n       error: cannot build '/nix/store/7-a.drv^out' during evaluation because the option 'allow-import-from-derivation' is disabled",
            Cause::Machine,
        ),
        (
            "error:\n       … while calling the 'fetchurl' builtin\n         at /s/a.nix:1:1:\n\n       error: unable to download 'http://127.0.0.1:1/x': Could not connect to server (7)",
            Cause::Machine,
        ),
        (
            "error:\n       … while calling the 'foldl'' builtin\n         at /s/a.nix:1:1:\n\n       … while evaluating the first argument passed to builtins.foldlStrict\n\n       error: expected a function but found an integer: 1",
            Cause::Configuration,
        ),
        (
            "error: syntax error, unexpected end of file\n       at /nix/store/x-nix-parity-eval.nix:1:1:",
            Cause::Case,
        ),
        (
            "error: undefined variable 'nixosConfigurations'\n       at «string»:1:1:",
            Cause::Harness,
        ),
    ];

    /// Made up: by the rules, and not heard of Nix.
    const MADE_UP: [(&str, Cause); 6] = [
        (
            "error:\n       … while calling anonymous lambda\n\n       … caused by explicit throw\n         at /s/a.nix:1:1:\n\n       error: no such luck",
            Cause::Configuration,
        ),
        (
            "error: attribute 'options' missing\n       at /nix/store/x-nix-parity.nix:1:1:",
            Cause::Harness,
        ),
        (
            "error:\n       … while calling the 'throw' builtin\n         at /nix/store/x-nix-parity.nix:1:1:\n\n       error: np-0123456789abcdef01234567 this host offers no `pkgs`",
            Cause::Harness,
        ),
        ("error: the moon is in the way", Cause::Unknown),
        (
            "error: opening file '/s/x.nix': Permission denied",
            Cause::Machine,
        ),
        (
            "error: opening file '/s/x.nix': No such file or directory",
            Cause::Configuration,
        ),
    ];

    #[test]
    fn structure_decides_whose_an_error_is() {
        for (text, whose) in SAID.into_iter().chain(MADE_UP) {
            assert_eq!(cause(&parse_error(text), MARKER), whose, "{text}");
        }
    }

    #[test]
    fn a_throw_of_any_text_is_the_configurations() {
        for text in [
            "unable to download 'x'",
            "database is locked",
            "",
            "error: x",
            "builder for 'y' failed",
        ] {
            let said = format!(
                "error:\n       … while calling the 'throw' builtin\n         at /s/a.nix:1:1:\n\n       error: {text}"
            );
            assert_eq!(
                cause(&parse_error(&said), MARKER),
                Cause::Configuration,
                "{text}"
            );
        }
    }
}
