//! The case language: suites of cases, as people write them in YAML.

mod across;
mod budget;
mod build;
mod built_file;
mod check;
mod closure;
mod expect;
mod file;
mod keys;
mod kind;
mod nix_text;
mod parity;
mod reuse;
mod scope;
mod snapshot;
mod tree;
mod vm;

#[cfg(test)]
mod tests;

pub use budget::{BudgetCheck, Counter};
pub use build::BuildCheck;
pub use built_file::FileCheck;
pub use check::{Check, EvalCheck, Reach, ThrowsCheck, ThrowsPattern};
pub use closure::{ClosureCheck, NamePattern};
pub use expect::{Expectation, Expectations};
pub use file::parse_suite;
pub(crate) use keys::object as object_schema;
pub use keys::suite_schema;
pub use kind::{CheckKind, KindPattern, takes_kind};
pub use nix_text::NixText;
pub use parity::{PackageParityCheck, ParityCheck};
pub use reuse::ReuseCheck;
pub use scope::{HostNames, Scoped};
pub use snapshot::{Attribute, SnapshotCheck, SnapshotPart};
pub use tree::{FilePattern, TreeCheck};
pub use vm::{
    Action, CaseSteps, LOADER, Machine, Step, VmCheck, VmNode, VmProgram, program as vm_program,
};

use std::time::Duration;

use crate::location::{Located, Location};
use crate::select::HostSelection;

/// A case file.
#[derive(Clone, Debug)]
pub struct Suite {
    /// Its name; the file's stem where the file gives none.
    pub name: Located<String>,
    /// Ledger rows that its cases prove.
    pub proves: Vec<Located<String>>,
    /// Its cases, in the order written.
    pub cases: Vec<Case>,
}

/// One named test, to be expanded over the hosts it selects.
#[derive(Clone, Debug)]
pub struct Case {
    /// Unique in its suite.
    pub name: Located<String>,
    /// The hosts it is for.
    pub hosts: HostSelection,
    /// Words to select it by.
    pub tags: Vec<String>,
    /// How long its queries may take together; the project's limit where absent.
    pub timeout: Option<Duration>,
    /// Ledger rows that it proves besides those of its suite.
    pub proves: Vec<Located<String>>,
    /// A module that is added to the host before looking: a variant of it.
    pub variant: Option<NixText>,
    /// What is looked at.
    pub check: Check,
    /// The case is known not to hold yet.
    pub expected_failure: Option<ExpectedFailure>,
}

impl Case {
    /// Where the case stands.
    pub const fn location(&self) -> &Location {
        &self.name.location
    }
}

/// A case that passes while it fails, and fails when it starts to pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedFailure {
    /// What it waits for.
    pub until: String,
    /// The ledger row that is open until then.
    pub ledger: Option<Located<String>>,
}
