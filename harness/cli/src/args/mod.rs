//! The command line.

mod files;
mod look;
mod program;
mod reports;
mod run;
mod select;

pub(crate) use files::{
    Cache, Completions, Init, ManPages, Review, Schema, SchemaKind, Unreferenced, Vm,
};
pub(crate) use look::{Coverage, Diff, Explain};
pub(crate) use program::{Args, Color, Command, Format, Global};
pub(crate) use reports::{ReportArgs, When};
pub(crate) use run::{Gap, Gate, List, Matrix, Report, Run};
pub(crate) use select::{Selection, Share};
