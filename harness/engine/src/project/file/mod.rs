//! `parity.yaml`: the settings of a project.

mod keys;
mod read;
mod settings;

#[cfg(test)]
mod tests;

pub use keys::project_schema;
pub use settings::{Profile, ProjectFile, SETTINGS_FILE};
