//! Running a plan: hosts side by side, the tests of a host as queries to its one
//! worker. The only place that puts the parts of the engine together.

mod affected;
mod all;
mod artefacts;
mod complete;
mod consult;
mod cost;
mod describe;
mod elsewhere;
mod engine;
mod evidence;
mod excerpts;
mod export;
mod facts;
mod files;
mod hidden;
mod host;
mod joint;
mod known;
mod lasting;
mod machines;
mod recall;
mod recorder;
mod refusal;
mod result;
mod session;
mod single;
mod snapshots;
mod sources;
mod store;
mod vouched;
mod warm;
mod world_now;

pub use affected::Affected;
pub use cost::{Costs, Work};
pub use engine::{Engine, EngineError, MachineOptions, Options};
pub use evidence::Evidence;
pub use joint::Gathered;
pub(crate) use store::local_folder;
pub use warm::Warm;
