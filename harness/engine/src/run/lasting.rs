//! Which answers hold for longer than this run, and which errors the next question
//! would have as well.

use nix_parity_core::observation::{NixError, Observation};

use crate::nix::{Built, Request, Subject};

/// The error of an input of the flake that could not be fetched.
pub(super) fn missing_input(observation: &Observation) -> Option<&NixError> {
    let (Observation::Failed(error) | Observation::Threw(error)) = observation else {
        return None;
    };
    let of_input = error.trace.iter().any(|frame| {
        frame.text.contains("while fetching the input")
            || frame
                .location
                .as_ref()
                .is_some_and(|l| l.file.contains("call-flake.nix"))
    });
    (of_input && !is_lasting_error(error)).then_some(error)
}

/// Whether the same question would have the same answer tomorrow.
pub(super) fn is_lasting(request: &Request, observation: &Observation) -> bool {
    match (&request.subject, observation) {
        (_, Observation::Threw(error) | Observation::Failed(error)) => is_lasting_error(error),
        (Subject::Build { .. }, Observation::Value(value)) => match Built::read(value) {
            Some(Built::Failed { .. }) => false,
            Some(Built::Unavailable { is_lasting, .. }) => is_lasting,
            Some(Built::Made { .. }) | None => true,
        },
        (_, Observation::Value(_) | Observation::Missing(_)) => true,
    }
}

/// Whether the same evaluation would die of the same tomorrow: a download or a build
/// may work the next time.
fn is_lasting_error(error: &NixError) -> bool {
    let transient = [
        "unable to download",
        "while fetching",
        "build of ",
        "builder for ",
        "No space left",
    ];
    let says = |text: &str| transient.iter().any(|t| text.contains(t));
    !says(&error.message) && !error.trace.iter().any(|f| says(&f.text))
}
