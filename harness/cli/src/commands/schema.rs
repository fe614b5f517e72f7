//! `nix-parity schema`.

use std::fs;

use clap::ValueEnum as _;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::exit::Exit;
use nix_parity_core::schema::{ledger_schema, package_map_schema, render, suite_schema};
use nix_parity_engine::project::project_schema;
use nix_parity_engine::whole_file;
use nix_parity_report::{Schemas, reference};

use super::Problem;
use crate::args::{Global, Schema, SchemaKind};
use crate::output::lines;

pub(super) fn run(global: &Global, args: &Schema) -> Result<Exit, Problem> {
    let kinds = match args.kind {
        Some(kind) => vec![kind],
        None => SchemaKind::value_variants().to_vec(),
    };
    let mut stale = Vec::new();
    for kind in kinds {
        let (name, text) = match kind {
            SchemaKind::Case => ("schemas/case.schema.json", render(&suite_schema())),
            SchemaKind::PackageMap => (
                "schemas/package-map.schema.json",
                render(&package_map_schema()),
            ),
            SchemaKind::Project => ("schemas/project.schema.json", render(&project_schema())),
            SchemaKind::Ledger => ("schemas/ledger.schema.json", render(&ledger_schema())),
            SchemaKind::Reference => ("docs/reference.md", all_keys()),
        };
        let path = global.directory.join(name);
        if args.write {
            path.parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| whole_file::replace(&path, text.as_bytes()))
                .map_err(|e| Problem::machine(format!("cannot write {}: {e}", path.display())))?;
        } else if args.check {
            if fs::read_to_string(&path).ok().as_deref() != Some(text.as_str()) {
                stale.push(
                    Diagnostic::new(format!(
                        "{} is not what the program generates",
                        path.display()
                    ))
                    .note("run `nix-parity schema --write`"),
                );
            }
        } else {
            lines(text.lines()).map_err(Problem::machine)?;
        }
    }
    if stale.is_empty() {
        Ok(Exit::Success)
    } else {
        Err(Problem {
            exit: Exit::Failed,
            diagnostics: stale,
        })
    }
}

/// The page of all keys.
fn all_keys() -> String {
    reference(Schemas {
        case: &suite_schema(),
        project: &project_schema(),
        package_map: &package_map_schema(),
        ledger: &ledger_schema(),
    })
}
