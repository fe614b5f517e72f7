//! The files that say what programs are called, as far as cases name them.

use std::collections::BTreeMap;
use std::path::Path;

use nix_parity_core::case::Check;
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::location::{Located, Location};
use nix_parity_core::package_map::{self, PackageMap};

use super::{BrokenFile, Project, cases};

impl Project {
    /// Reads them; what comes back are those that are wrong.
    pub(super) fn load_package_maps(&mut self) -> Vec<BrokenFile> {
        let root = self.tree();
        let cases = self.suites.iter().flat_map(|suite| &suite.cases);
        let named: BTreeMap<&str, &Located<String>> = cases
            .filter_map(|case| match &case.check {
                Check::PackageParity(check) => Some((check.mapping.value.as_str(), &check.mapping)),
                _ => None,
            })
            .collect();
        let mut broken = Vec::new();
        for (file, mapping) in named {
            match load(&root, file, &mapping.location) {
                Ok(map) => {
                    self.package_maps.insert(file.to_owned(), map);
                }
                Err(diagnostics) => broken.push(BrokenFile {
                    path: file.to_owned(),
                    diagnostics,
                }),
            }
        }
        broken
    }
}

fn load(root: &Path, file: &str, named_at: &Location) -> Result<PackageMap, Vec<Diagnostic>> {
    let path = root.join(file);
    if !path.is_file() {
        let missing = Diagnostic::new(format!("there is no file `{file}`"));
        let note = format!("looked for in {}", root.display());
        return Err(vec![missing.at(named_at.clone(), None).note(note)]);
    }
    let text = cases::read_text(file, &path, "a package map")?;
    package_map::parse(file, &text)
}
