//! What is said of a request while it is asked.

use crate::nix::{Request, Subject};

/// What is done for a request, for a reader who waits.
pub(super) fn describe(request: &Request) -> String {
    match &request.subject {
        Subject::Option { path, .. } | Subject::SettingAt { path } => {
            format!("evaluating {path}")
        }
        Subject::Eval { .. } => "evaluating an expression".to_owned(),
        Subject::Driver { .. } => "evaluating its machines".to_owned(),
        Subject::Toplevel => "evaluating the toplevel".to_owned(),
        Subject::Graph { of: None, .. } => "evaluating the derivations of the toplevel".to_owned(),
        Subject::Graph { of: Some(path), .. } => format!("evaluating the derivations of {path}"),
        Subject::File { path } => format!("evaluating the file {path}"),
        Subject::FailedAssertions => "evaluating assertions".to_owned(),
        Subject::Warnings => "evaluating warnings".to_owned(),
        Subject::Origins { path } => format!("asking who set {path}"),
        Subject::Settings { from, .. } => format!("evaluating all settings, from number {from}"),
        Subject::Homes => "evaluating the settings of homes".to_owned(),
        Subject::OptionName { .. } => "asking for an option's name".to_owned(),
        Subject::About { path } => format!("asking about {path}"),
        Subject::Contributions => "asking which files set options".to_owned(),
        Subject::Programs => "evaluating what is installed".to_owned(),
        Subject::Counters => "counting what the toplevel costs".to_owned(),
        Subject::Build { of: None, .. } => "evaluating what the toplevel is built from".to_owned(),
        Subject::Build { of: Some(path), .. } => format!("evaluating what {path} is built from"),
        Subject::System => "evaluating the system".to_owned(),
    }
}
