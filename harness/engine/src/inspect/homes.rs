//! The settings of the homes that are part of a system. To the system each is one value;
//! a home has options of its own.

use std::collections::BTreeMap;

use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;

use super::settings::strings;
use crate::judge::Oracle;
use crate::nix::{Failure, Subject};

/// The option that holds the homes of a system.
pub const HOMES: [&str; 2] = ["home-manager", "users"];

/// The files that set the options of a home, by path.
pub type HomeSettings = BTreeMap<Vec<String>, Vec<String>>;

/// Asks for the settings of all homes of a system, by user; Nix's message where they
/// cannot be told apart.
///
/// # Errors
/// The host cannot be asked at all.
pub fn homes(
    oracle: &mut dyn Oracle,
) -> Result<Result<BTreeMap<String, HomeSettings>, String>, Failure> {
    match oracle.ask_host(Subject::Homes)? {
        Observation::Value(Value::Attrs(users)) => {
            let read = |(user, settings)| Some((user, read_home(settings)?));
            let homes: Option<_> = users.into_iter().map(read).collect();
            let homes = homes.ok_or_else(|| Failure::Unreadable("homes".to_owned()))?;
            Ok(Ok(homes))
        }
        Observation::Threw(error) | Observation::Failed(error) => Ok(Err(error.message)),
        Observation::Value(_) | Observation::Missing(_) => {
            Err(Failure::Unreadable("homes".to_owned()))
        }
    }
}

fn read_home(settings: Value) -> Option<HomeSettings> {
    let Value::List(settings) = settings else {
        return None;
    };
    let read = |setting| {
        let Value::List(parts) = setting else {
            return None;
        };
        let [Value::List(path), Value::List(files)] = <[Value; 2]>::try_from(parts).ok()? else {
            return None;
        };
        Some((strings(path)?, strings(files)?))
    };
    settings.into_iter().map(read).collect()
}
