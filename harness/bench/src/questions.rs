//! What the cases of a project ask about a host, as a question to plain `nix eval`.

use std::collections::BTreeMap;
use std::sync::Arc;

use nix_parity_core::case::{Check, ThrowsCheck, ThrowsPattern};
use nix_parity_core::observation::Observation;
use nix_parity_core::option_path::nix_string;
use nix_parity_engine::judge::{Oracle, Terms, judge};
use nix_parity_engine::nix::{Failure, Flake, Request};
use nix_parity_engine::plan::HostPlan;
use nix_parity_engine::snapshot::{Name, Unreadable};
use serde_json::json;

/// One host to evaluate with `nix eval --apply`.
pub(crate) struct Question {
    /// The flake, with the inputs that are replaced.
    pub(crate) flake: Flake,
    /// The host's attribute.
    pub(crate) attribute: String,
    /// The function of the host that evaluates all that its tests look at.
    pub(crate) function: String,
}

impl Question {
    /// Asks what all tests of a plan ask, each thing once.
    pub(crate) fn new(flake: &Flake, plan: &HostPlan<'_>) -> Self {
        let mut requests = BTreeMap::new();
        for test in &plan.tests {
            let mut recorder = Recorder::default();
            judge(test, &plan.host, &mut recorder);
            let refused = is_refused(&test.case.check);
            requests.extend(recorder.asked.into_iter().map(|request| (request, refused)));
        }
        let asked: Vec<_> = requests
            .iter()
            .map(|(request, refused)| json!({ "request": request, "refused": refused }))
            .collect();
        let (name, platform) = (&plan.host.name, plan.host.platform);
        Self {
            flake: flake.clone(),
            attribute: format!("{}.{}", platform.flake_output(), nix_string(name)),
            function: format!(
                "({}) {} {} {}",
                include_str!("look.nix"),
                nix_string(name),
                nix_string(platform.name()),
                nix_string(&json!(asked).to_string()),
            ),
        }
    }
}

/// Whether what a check looks at must not evaluate.
const fn is_refused(check: &Check) -> bool {
    matches!(
        check,
        Check::Throws(ThrowsCheck {
            pattern: ThrowsPattern::Message(_),
            ..
        })
    )
}

/// Notes what it is asked, and answers nothing.
#[derive(Default)]
struct Recorder {
    asked: Vec<Request>,
    terms: Terms,
}

impl Oracle for Recorder {
    fn ask(&mut self, request: &Request) -> Result<Observation, Failure> {
        self.asked.push(request.clone());
        Err(Failure::Interrupted)
    }

    fn source(&mut self, _: &str) -> Option<Arc<str>> {
        None
    }

    fn accepted(&mut self, _: &Name) -> Result<Option<String>, Unreadable> {
        Ok(None)
    }

    fn terms(&self) -> &Terms {
        &self.terms
    }
}
