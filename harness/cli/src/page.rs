//! The HTML report: what is known besides events is gathered here, and the page written.

use std::collections::BTreeMap;
use std::io;
use std::path::{Component, Path, PathBuf};

use nix_parity_core::comparison::HostComparison;
use nix_parity_core::ledger::{Gap, State};
use nix_parity_core::outcome::TestResult;
use nix_parity_report::{Artefact, Page, WholeRun, html};

use crate::pictures;

/// What the page is about besides a run.
#[derive(Debug, Default)]
pub(crate) struct Extras {
    pub(crate) gap: Option<Gap>,
    pub(crate) history: Vec<State>,
    pub(crate) comparisons: Vec<HostComparison>,
}

impl Extras {
    /// Whether there is anything.
    pub(crate) fn is_any(&self) -> bool {
        self.gap.is_some() || !self.history.is_empty() || !self.comparisons.is_empty()
    }
}

/// Makes the page of a run of the project in a folder. `path` is where it is going to lie.
///
/// # Errors
/// There is no page.
pub(crate) fn text(
    run: Option<&WholeRun>,
    extras: &Extras,
    directory: &Path,
    path: &Path,
) -> io::Result<Vec<u8>> {
    let root = directory.canonicalize().ok();
    let results = run.map_or(&[][..], WholeRun::results);
    let page = Page {
        run,
        gap: extras.gap.as_ref(),
        history: &extras.history,
        comparisons: &extras.comparisons,
        artefacts: root
            .as_deref()
            .map_or_else(BTreeMap::new, |root| artefacts(root, results)),
        base: root.and_then(|root| way(path, &root)).unwrap_or_default(),
    };
    let mut text = Vec::new();
    html(&page, &mut text)?;
    Ok(text)
}

fn artefacts(root: &Path, results: &[TestResult]) -> BTreeMap<String, Artefact> {
    let mut budget = pictures::BUDGET;
    let mut known = BTreeMap::new();
    for path in results.iter().flat_map(|result| &result.artefacts) {
        if known.contains_key(path) {
            continue;
        }
        if let Some(file) = pictures::file(root, path)
            && let Some(artefact) = pictures::read(&file, &mut budget)
        {
            known.insert(path.clone(), artefact);
        }
    }
    known
}

/// The way from the folder of a page to a folder, as a link has it.
fn way(page: &Path, to: &Path) -> Option<String> {
    let folder = match page.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
        _ => PathBuf::from("."),
    };
    // The folder may be made only when the page is.
    let from = folder
        .canonicalize()
        .or_else(|_| std::path::absolute(&folder))
        .ok()?;
    let same = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let up = from.components().skip(same).map(|_| "..".to_owned());
    let down = to.components().skip(same).filter_map(|part| match part {
        Component::Normal(name) => name.to_str().map(str::to_owned),
        _ => None,
    });
    let parts: Vec<_> = up.chain(down).map(|part| part + "/").collect();
    Some(parts.concat())
}

#[cfg(test)]
mod tests {
    use super::way;

    #[test]
    fn links_lead_from_the_page_to_the_project() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let project = root.join("project");
        std::fs::create_dir_all(project.join("out")).unwrap();
        let to = |page: &str| way(&root.join(page), &project).unwrap();
        assert_eq!(to("project/page.html"), "");
        assert_eq!(to("project/out/page.html"), "../");
        assert_eq!(to("page.html"), "project/");
        assert_eq!(to("not/there/page.html"), "../../project/");
    }
}
