//! Which answers may be kept on disk: those that hold nothing hidden.

use nix_parity_core::host::Host;
use nix_parity_core::observation::Observation;
use nix_parity_core::redact::Redaction;
use nix_parity_core::value::Value;

use crate::nix::{Request, Subject};
use crate::snapshot::option_of_file;

/// Whether an answer about a host may be kept.
pub(super) fn may_keep(
    redaction: &Redaction,
    host: &Host,
    request: &Request,
    answer: &Observation,
) -> bool {
    if matches!(request.subject, Subject::Driver { .. }) {
        // Building it needs what its evaluation puts into the store.
        return false;
    }
    if !redaction.is_any() {
        return true;
    }
    let path = match &request.subject {
        Subject::Option { path, .. } | Subject::SettingAt { path } => Some(path.clone()),
        Subject::File { path } => option_of_file(host.platform, path),
        _ => None,
    };
    match answer {
        Observation::Threw(error) | Observation::Failed(error) => {
            redaction.shown_error(path.as_ref(), error.clone()) == *error
        }
        Observation::Missing(_) => path.is_none_or(|path| !redaction.hides(&path)),
        Observation::Value(value) => match (&request.subject, value, path) {
            // Among all settings there is one that is hidden, or there is no such rule.
            (Subject::Settings { .. }, ..) => false,
            (Subject::FailedAssertions | Subject::Warnings, Value::List(messages), _) => {
                !messages.iter().any(|message| match message {
                    Value::String(text) => redaction.may_quote(None, text),
                    _ => false,
                })
            }
            (Subject::SettingAt { .. }, Value::Attrs(answer), Some(path)) => answer
                .get("value")
                .is_none_or(|value| redaction.shown(&path, value).is_none()),
            (_, value, Some(path)) => redaction.shown(&path, value).is_none(),
            (_, _, None) => true,
        },
    }
}
