//! The system that runs: where it lies in the store, and which generation it is.

use std::fs;
use std::path::{Path, PathBuf};

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::Platform;

use crate::environment;

/// A system that runs, or that is to be taken for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// How it was named, such as `/run/current-system`.
    pub name: String,
    /// Its store path.
    pub path: PathBuf,
    /// Its generation, where a profile has it.
    pub generation: Option<u64>,
}

/// Where a platform's generations are.
struct Profile {
    /// The folder.
    folder: PathBuf,
    /// What stands before the number in a link's name.
    name: &'static str,
}

impl Running {
    /// That of this machine; nothing where there is none.
    ///
    /// # Errors
    /// There is a link to one, and what it leads to is not in a store.
    pub fn of_machine(platform: Platform) -> Result<Option<Self>, Vec<Diagnostic>> {
        let candidates = match platform {
            Platform::Darwin | Platform::Nixos => vec![PathBuf::from("/run/current-system")],
            Platform::Home => profiles(platform)
                .iter()
                .map(|profile| profile.folder.join(profile.name))
                .collect(),
        };
        Self::first(platform, &candidates)
    }

    fn first(platform: Platform, links: &[PathBuf]) -> Result<Option<Self>, Vec<Diagnostic>> {
        let is_there = |link: &&PathBuf| match link.symlink_metadata() {
            Ok(_) => true,
            Err(error) => error.kind() != std::io::ErrorKind::NotFound,
        };
        let link = links.iter().find(is_there);
        link.map(|link| Self::at(platform, link.display().to_string(), link))
            .transpose()
    }

    /// One that was named: a path, or a generation of this machine.
    ///
    /// # Errors
    /// It is not there, or not in a store.
    pub fn named(platform: Platform, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let link = match text.strip_prefix("generation:") {
            Some(number) => generation(platform, number)?,
            None => PathBuf::from(text),
        };
        Self::at(platform, text.to_owned(), &link)
    }

    fn at(platform: Platform, name: String, link: &Path) -> Result<Self, Vec<Diagnostic>> {
        let path = link.canonicalize().map_err(|error| {
            vec![Diagnostic::new(format!("no system at `{name}`")).note(error.to_string())]
        })?;
        let in_store = path.to_str().and_then(|text| {
            let parsed = nix_parity_drv::StorePath::parse(text).ok()?;
            (!parsed.is_derivation() && path.is_dir()).then_some(())
        });
        if in_store.is_none() {
            let diagnostic = Diagnostic::new(format!("`{name}` is no system in a Nix store"));
            let note = format!("it is {}", path.display());
            return Err(vec![diagnostic.note(note)]);
        }
        Ok(Self {
            generation: number_of(platform, &path),
            name,
            path,
        })
    }

    /// The store path as text.
    pub fn text(&self) -> String {
        self.path.display().to_string()
    }
}

fn profiles(platform: Platform) -> Vec<Profile> {
    let of_nix = environment::nix_state_dir().join("profiles");
    if platform != Platform::Home {
        return vec![Profile {
            folder: of_nix,
            name: "system",
        }];
    }
    let own = environment::state_dir().map(|dir| dir.join("nix/profiles"));
    let of_user = environment::user().map(|user| of_nix.join("per-user").join(user));
    let folders = own.into_iter().chain(of_user);
    folders
        .map(|folder| Profile {
            folder,
            name: "home-manager",
        })
        .collect()
}

impl Profile {
    /// The generations with their links, by number.
    fn generations(&self) -> Vec<(u64, PathBuf)> {
        let entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let mut found: Vec<_> = entries
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let number = name.strip_prefix(self.name)?.strip_prefix('-')?;
                let number = number.strip_suffix("-link")?.parse().ok()?;
                Some((number, entry.path()))
            })
            .collect();
        found.sort_unstable();
        found
    }
}

/// The last generation that a path is.
fn number_of(platform: Platform, path: &Path) -> Option<u64> {
    let profiles = profiles(platform);
    let generations = profiles.iter().flat_map(Profile::generations);
    generations
        .filter(|(_, link)| link.canonicalize().is_ok_and(|target| target == path))
        .map(|(number, _)| number)
        .max()
}

fn generation(platform: Platform, number: &str) -> Result<PathBuf, Vec<Diagnostic>> {
    let profiles = profiles(platform);
    let known: Vec<_> = profiles.iter().flat_map(Profile::generations).collect();
    let wanted = number.parse().ok();
    let found = known.iter().find(|(number, _)| Some(*number) == wanted);
    if let Some((_, link)) = found {
        return Ok(link.clone());
    }
    let note = match (known.first(), known.last()) {
        (Some((first, _)), Some((last, _))) => format!("there are {first} to {last}"),
        _ => "there is none".to_owned(),
    };
    let message = format!("no generation `{number}` of the system");
    Err(vec![Diagnostic::new(message).note(note)])
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use nix_parity_core::host::Platform;

    use super::Running;

    #[test]
    fn a_link_that_leads_nowhere_is_not_taken_for_none() {
        let root = tempfile::tempdir().unwrap();
        let [none, gone, outside] = ["none", "gone", "outside"].map(|name| root.path().join(name));
        symlink("/nowhere/at/all", &gone).unwrap();
        symlink(root.path(), &outside).unwrap();
        let first = |links: &[&std::path::PathBuf]| {
            let links: Vec<_> = links.iter().map(|link| (*link).clone()).collect();
            Running::first(Platform::Nixos, &links)
        };
        assert_eq!(first(&[&none]), Ok(None));
        for links in [&[&none, &gone][..], &[&outside], &[&gone, &none]] {
            assert!(first(links).is_err(), "{links:?}");
        }
    }
}
