//! What a derivation needs of the machine that builds it.

use std::fmt;

use nix_parity_drv::{Source as _, StorePath, parse};
use serde_json::Value as Json;

use crate::environment;
use crate::nix::Failure;

/// The double and the features that a machine must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Need {
    /// Such as `x86_64-linux`.
    pub(super) system: String,
    /// Such as `kvm`.
    pub(super) features: Vec<String>,
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.system)?;
        match self.features.as_slice() {
            [] => Ok(()),
            features => write!(f, " with {}", features.join(", ")),
        }
    }
}

impl Need {
    /// Of the derivation at this path of the store.
    pub(super) fn of(path: &str) -> Result<Self, Failure> {
        let unreadable = |e: &dyn fmt::Display| Failure::Store(format!("{path}: {e}"));
        let store_path = StorePath::parse(path).map_err(|e| unreadable(&e))?;
        let mut file = Vec::new();
        environment::store()
            .read(store_path, &mut file)
            .map_err(|e| unreadable(&e))?;
        let derivation = parse(&file).map_err(|e| unreadable(&e))?;
        let variable = |name: &str| {
            let mut env = derivation.env.iter();
            let (_, value) = env.find(|(key, _)| &**key == name.as_bytes())?;
            Some(String::from_utf8_lossy(value))
        };
        let words = variable("requiredSystemFeatures").unwrap_or_default();
        let mut features: Vec<_> = words.split_whitespace().map(str::to_owned).collect();
        // With structured attributes all variables are JSON in one.
        let attributes = variable("__json").map(|json| serde_json::from_str::<Json>(&json));
        if let Some(Ok(attributes)) = attributes {
            let listed = attributes["requiredSystemFeatures"].as_array();
            let listed = listed.into_iter().flatten().filter_map(Json::as_str);
            features.extend(listed.map(str::to_owned));
        }
        Ok(Self {
            system: String::from_utf8_lossy(&derivation.system).into_owned(),
            features,
        })
    }
}
