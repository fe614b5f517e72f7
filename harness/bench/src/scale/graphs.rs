//! Graphs of many derivations: reading and comparing them, telling causes and chains, and
//! comparing with what was accepted.

use camino::{Utf8Path, Utf8PathBuf};
use nix_parity_drv::{Graph, Noise, StoreFolder, StorePath};
use nix_parity_engine::snapshot::Reduced;
use nix_parity_testkit::Project;
use tempfile::TempDir;

use super::growth::{Row, Sizes, print};
use super::store::Store;
use crate::process::Tools;
use crate::weigh::Cost;

/// The numbers of derivations.
const DERIVATIONS: Sizes = [5_000, 15_000, 50_000];

/// The header of a snapshot, of which a comparison reads what it is of.
const HEADER: &str = "---\nsource: cases/x.yaml\nexpression: derivation of system\n---\n";
const ACCEPTED: &str = "accepted.snap";

/// Compares toplevels of each number of derivations, and prints what that took.
pub(crate) fn table(tools: &Tools, rounds: usize) -> Result<(), String> {
    let mut loads = Vec::new();
    for count in DERIVATIONS {
        loads.push(Load::new(count)?);
    }
    let mut rows = Vec::new();
    let mut row = |what: &str, arguments: &dyn Fn(&Load) -> Vec<String>| {
        let row = Row::measure(what, rounds, |size| {
            let load = &loads[size];
            load.run(tools, &arguments(load))
        });
        row.map(|row| rows.push(row))
    };
    for new in Toplevel::NEW {
        row(&format!("diff, {}", new.what()), &|load| {
            vec![
                "diff".to_owned(),
                load.path(Toplevel::Plain),
                load.path(new),
            ]
        })?;
    }
    for new in [Toplevel::Few, Toplevel::Some] {
        row(&format!("explain --between, {}", new.what()), &|load| {
            let [old, new] = [Toplevel::Plain, new].map(|side| load.path(side));
            ["explain", "toplevel", "--between", &old, &new]
                .map(str::to_owned)
                .to_vec()
        })?;
    }
    for new in Toplevel::NEW {
        row(&format!("diff with a snapshot, {}", new.what()), &|load| {
            vec!["diff".to_owned(), ACCEPTED.to_owned(), load.path(new)]
        })?;
    }
    print("derivations", DERIVATIONS, &rows);
    Ok(())
}

/// What a toplevel has that is not as in the plain one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Toplevel {
    /// Nothing.
    Plain,
    /// Four derivations that little needs.
    Few,
    /// Four derivations, one of which all need.
    Under,
    /// One derivation of fifty, and all that needs them.
    Some,
    /// Each derivation but the sources.
    Each,
}

impl Toplevel {
    const ALL: [Self; 5] = [Self::Plain, Self::Few, Self::Under, Self::Some, Self::Each];
    const NEW: [Self; 4] = [Self::Few, Self::Under, Self::Some, Self::Each];

    const fn what(self) -> &'static str {
        match self {
            Self::Plain => "none is a cause",
            Self::Few => "4 causes, few follow",
            Self::Under => "4 causes, all follow",
            Self::Some => "each 50th is a cause",
            Self::Each => "each is a cause",
        }
    }

    fn edits(self, n: usize, count: usize) -> bool {
        match self {
            Self::Plain => false,
            Self::Few => n >= count - 4,
            Self::Under => n.is_multiple_of(count / 4),
            Self::Some => n % 50 == 7,
            Self::Each => true,
        }
    }
}

/// A store with toplevels, and a project that has accepted one of them.
struct Load {
    project: Project,
    cache: TempDir,
    toplevels: Vec<(Toplevel, Utf8PathBuf)>,
}

impl Load {
    fn new(count: usize) -> Result<Self, String> {
        let project = Project::new(&[("parity.yaml", "flake: .\n"), ("flake.nix", "{ }\n")]);
        let store = Store::below(project.root())?;
        let mut toplevels = Vec::new();
        for toplevel in Toplevel::ALL {
            let path = store.toplevel(count, |n| toplevel.edits(n, count))?;
            toplevels.push((toplevel, path));
        }
        let load = Self {
            project,
            cache: tempfile::tempdir().map_err(|e| e.to_string())?,
            toplevels,
        };
        let reduced = load.reduced(&load.path(Toplevel::Plain))?;
        load.project
            .write(ACCEPTED, &format!("{HEADER}{reduced}\n"));
        Ok(load)
    }

    fn root(&self) -> &Utf8Path {
        self.project.root()
    }

    fn path(&self, wanted: Toplevel) -> String {
        let mut known = self.toplevels.iter();
        let path = known.find(|(toplevel, _)| *toplevel == wanted);
        path.map(|(_, path)| path.to_string()).unwrap_or_default()
    }

    /// A toplevel as its snapshot has it.
    fn reduced(&self, path: &str) -> Result<Reduced, String> {
        let root = StorePath::parse(path).map_err(|e| e.to_string())?;
        let store = StoreFolder::below(self.root());
        let graph = Graph::read(&store, &[root]).map_err(|e| e.to_string())?;
        Ok(Reduced::of(&graph, &Noise::default()))
    }

    fn run(&self, tools: &Tools, arguments: &[String]) -> Result<Cost, String> {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let store = ("NIX_REMOTE", self.root().as_str());
        let (done, cost) =
            tools.weigh_with(self.root(), self.cache.path(), &arguments, Some(store))?;
        let differs = i32::from(arguments[0] == "diff");
        done.exited(differs, &arguments)?;
        Ok(cost)
    }
}
