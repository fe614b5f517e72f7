//! Where builds are made: what Nix's options of the same names say.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Where builds are made. By default where Nix's own settings have it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Place {
    /// The machines that build, as in `builders` of nix.conf.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub builders: Option<String>,
    /// The store to build in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// The store that the derivations are copied from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub eval_store: Option<String>,
    /// How many builds run at once on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<u32>,
}

impl Place {
    /// This place, with what it leaves open as the other one has it.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let either = |a: &Option<String>, b: &Option<String>| a.as_ref().or(b.as_ref()).cloned();
        Self {
            builders: either(&self.builders, &other.builders),
            store: either(&self.store, &other.store),
            eval_store: either(&self.eval_store, &other.eval_store),
            jobs: self.jobs.or(other.jobs),
        }
    }

    /// The options for a command that builds or looks at what was built.
    pub(super) fn options(&self) -> Vec<String> {
        let mut options = self.machines();
        let stores = [("--store", &self.store), ("--eval-store", &self.eval_store)];
        for (name, store) in stores {
            options.extend(store.iter().flat_map(|s| [name.to_owned(), s.clone()]));
        }
        // Evaluation has put the derivations into this machine's own store.
        if self.store.is_some() && self.eval_store.is_none() {
            options.extend(["--eval-store", "auto"].map(str::to_owned));
        }
        options
    }

    /// The options about who builds.
    pub(super) fn machines(&self) -> Vec<String> {
        let builders = self.builders.iter();
        let mut options: Vec<_> = builders
            .flat_map(|b| ["--builders".to_owned(), b.clone()])
            .collect();
        let jobs = self.jobs.iter();
        options.extend(jobs.flat_map(|n| ["--max-jobs".to_owned(), n.to_string()]));
        options
    }

    /// A text that is the same for the same place, and empty for the default.
    pub fn key(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        // Four plain fields cannot fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The folder of this machine below which the store's paths are; `None` where the
    /// store is elsewhere.
    pub fn root(&self) -> Option<PathBuf> {
        let Some(store) = self.store.as_deref() else {
            return Some(PathBuf::from("/"));
        };
        let (name, parameters) = store.split_once('?').unwrap_or((store, ""));
        if name.starts_with('/') || name.starts_with("./") {
            return Some(PathBuf::from(name));
        }
        let scheme = name.split("://").next().unwrap_or(name);
        if !matches!(scheme, "auto" | "daemon" | "local" | "unix") {
            return None;
        }
        let root = parameters.split('&').find_map(|p| p.strip_prefix("root="));
        Some(PathBuf::from(root.unwrap_or("/")))
    }
}

#[cfg(test)]
mod tests {
    use super::Place;
    use std::path::Path;

    #[test]
    fn stores_of_this_machine_are_told_from_others() {
        let root = |store: &str| {
            let store = Some(store.to_owned());
            let place = Place {
                store,
                ..Place::default()
            };
            place.root()
        };
        for (store, folder) in [
            ("auto", "/"),
            ("daemon", "/"),
            ("unix:///x/socket", "/"),
            ("/mnt", "/mnt"),
            ("/mnt?require-sigs=false", "/mnt"),
            ("local?read-only=true&root=/mnt", "/mnt"),
        ] {
            assert_eq!(root(store).as_deref(), Some(Path::new(folder)), "{store}");
        }
        for store in ["ssh-ng://big", "s3://bucket", "https://cache.example.org"] {
            assert_eq!(root(store), None, "{store}");
        }
        assert_eq!(Place::default().root().as_deref(), Some(Path::new("/")));
    }

    #[test]
    fn derivations_come_from_where_evaluation_put_them() {
        let place = Place {
            store: Some("ssh-ng://big".to_owned()),
            jobs: Some(0),
            ..Place::default()
        };
        assert_eq!(
            place.options(),
            [
                "--max-jobs",
                "0",
                "--store",
                "ssh-ng://big",
                "--eval-store",
                "auto"
            ]
        );
        assert!(Place::default().options().is_empty());
        assert!(Place::default().key().is_empty() && !place.key().is_empty());
    }
}
