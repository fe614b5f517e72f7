//! Cases, expectations, values, matchers, outcomes and events of nix-parity.
//!
//! Everything here is pure: no process is started, no file is read, no clock is
//! asked and nothing is printed. What touches Nix, disk or time lives in the
//! engine; what draws lives in the report crate. Both speak in these types.

pub mod case;
pub mod comparison;
pub mod coverage;
pub mod demand;
pub mod diagnostic;
pub mod duration;
pub mod event;
pub mod excerpt;
pub mod exit;
pub mod explanation;
pub mod gate;
pub mod host;
pub mod id;
pub mod ledger;
pub mod location;
pub mod matcher;
pub mod nearest;
pub mod observation;
pub mod option_path;
pub mod outcome;
pub mod package_map;
pub mod percent;
pub mod redact;
pub mod schema;
pub mod select;
pub mod size;
pub mod text;
pub mod value;
pub mod version;
pub mod yaml;
