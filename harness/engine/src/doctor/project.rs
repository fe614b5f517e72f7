//! The project in a folder.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::{Finding, State};
use crate::project::Project;
use crate::run::{Engine, EngineError, Options};

pub(super) fn examine(dir: &Path, options: &Options) -> Vec<Finding> {
    let project = match Project::load(dir) {
        Ok(project) => project,
        Err(diagnostics) => {
            let detail = diagnostics
                .first()
                .map(|d| d.message.clone())
                .unwrap_or_default();
            return vec![Finding::not(
                State::Lacking,
                "project",
                detail,
                "start in the folder of a project, or name it with -C",
            )];
        }
    };
    let cases: usize = project.suites.iter().map(|s| s.cases.len()).sum();
    let detail = format!(
        "{}: {} suites, {cases} cases",
        project.root.display(),
        project.suites.len()
    );
    let mut findings = vec![match project.broken.first() {
        None => Finding::good("project", detail),
        Some(file) => Finding::not(
            State::Bad,
            "project",
            format!("{detail}; {} is wrong", file.path),
            "`nix-parity list` says what is wrong",
        ),
    }];
    let never = Arc::new(AtomicBool::new(false));
    let hosts = Engine::new(&project, options.clone(), &never).and_then(|engine| engine.hosts());
    findings.push(match hosts {
        Ok(hosts) => {
            let names: Vec<_> = hosts.iter().map(nix_parity_core::host::Host::key).collect();
            Finding::good("hosts", names.join(", "))
        }
        Err(error) => Finding::not(
            State::Bad,
            "hosts",
            describe(&error),
            "`nix-parity run` says more",
        ),
    });
    findings
}

fn describe(error: &EngineError) -> String {
    match error {
        EngineError::Input(diagnostics) => diagnostics
            .first()
            .map(|d| d.message.clone())
            .unwrap_or_default(),
        EngineError::Flake(error) => format!("the flake could not be loaded: {}", error.message),
        other => other.to_string(),
    }
}
