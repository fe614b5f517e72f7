//! `eval`: the value of an expression.

use std::sync::Arc;

use nix_parity_core::case::EvalCheck;
use nix_parity_core::observation::Observation;
use nix_parity_core::outcome::{Finding, Problem};

use super::{Judge, finding, relocate, unanswered};
use crate::nix::{EVAL_FILE, Subject};

impl Judge<'_> {
    pub(super) fn eval(&mut self, eval: &EvalCheck) -> Vec<Finding> {
        // A case is only planned for hosts that its scopes speak of.
        let Some(is) = eval.is.for_host(self.host) else {
            return Vec::new();
        };
        let answer = self.ask(Subject::Eval {
            expression: Arc::clone(&eval.expression.text),
            demand: is.value.demand(),
        });
        let problem = match answer {
            Err(failure) => return vec![unanswered("eval", &is.location, failure)],
            Ok(Observation::Value(value)) => match is.value.check(Some(&value)) {
                Ok(()) => return Vec::new(),
                Err(m) => Problem::Mismatch {
                    at: m.at,
                    expected: m.expected,
                    got: m.got,
                },
            },
            Ok(Observation::Missing(_)) => match is.value.check(None) {
                Ok(()) => return Vec::new(),
                Err(m) => Problem::Mismatch {
                    at: m.at,
                    expected: m.expected,
                    got: m.got,
                },
            },
            Ok(Observation::Threw(mut error) | Observation::Failed(mut error)) => {
                relocate(&mut error, EVAL_FILE, &eval.expression.location);
                return vec![self.broken("eval", &is.location, None, error)];
            }
        };
        vec![finding("eval", &is.location, problem)]
    }
}
