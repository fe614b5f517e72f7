//! Edits of generated packages, and that a comparison finds exactly these.

use std::collections::{BTreeMap, BTreeSet};

use nix_parity_drv::{Change, Diff, Graph, Memory, Noise, StorePath, diff};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::world::{Address, Made, Package, World};

/// One edit of one package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    Flag,
    Reorder,
    Source,
    Builder,
    Args,
    System,
    Version,
    Rename,
    NewOutput,
    NewInput,
    LostInput,
    SwapInputs,
}

const EDITS: [Edit; 12] = [
    Edit::Flag,
    Edit::Reorder,
    Edit::Source,
    Edit::Builder,
    Edit::Args,
    Edit::System,
    Edit::Version,
    Edit::Rename,
    Edit::NewOutput,
    Edit::NewInput,
    Edit::LostInput,
    Edit::SwapInputs,
];

fn package(number: usize, dice: &[Index]) -> Package {
    let roll = |n: usize, sides: usize| dice[n].index(sides);
    let address = match roll(0, 10) {
        0 | 1 if number > 0 => Address::Fixed,
        2 if number > 0 => Address::Floating,
        _ => Address::Input,
    };
    // Some have the name of others, as all hooks and sources do.
    let name = match roll(1, 8) {
        0 => "hook".to_owned(),
        _ => format!("package-x{number}"),
    };
    let version = match roll(2, 4) {
        0 => String::new(),
        n => format!("{n}.0"),
    };
    let mut inputs: Vec<(usize, &'static str)> = Vec::new();
    if number > 0 {
        // All are made with the first, the compiler.
        inputs.push((0, "out"));
        for n in 3..6 {
            let input = (roll(n, number), "out");
            if !inputs.contains(&input) {
                inputs.push(input);
            }
        }
    }
    Package {
        name,
        version,
        address,
        structured: roll(6, 6) == 0,
        system: "x86_64-linux".into(),
        builder: "/bin/sh".into(),
        args: vec!["-e".into(), format!("build {number}")],
        outputs: match address {
            Address::Input if roll(7, 3) == 0 => vec!["dev", "out"],
            _ => vec!["out"],
        },
        flags: vec![format!("--of={number}"), "--a".into(), "--b-c/d".into()],
        source: number as u64,
        inputs,
    }
}

pub(crate) fn worlds() -> impl Strategy<Value = World> {
    (3_usize..24)
        .prop_flat_map(|count| {
            let dice = proptest::collection::vec(any::<Index>(), 8);
            proptest::collection::vec(dice, count)
        })
        .prop_map(|dice| {
            let packages = dice.iter().enumerate();
            let mut packages: Vec<Package> = packages.map(|(n, dice)| package(n, dice)).collect();
            let last = packages.len() - 1;
            // Few are needed by nothing.
            for number in 0..last {
                let used = packages
                    .iter()
                    .any(|p| p.inputs.iter().any(|(i, _)| *i == number));
                if !used {
                    packages[last].inputs.push((number, "out"));
                }
            }
            packages[last].address = Address::Input;
            packages[last].name = "toplevel".into();
            World {
                toplevel: last,
                packages: packages.into_iter().map(Some).collect(),
            }
        })
}

/// Applies an edit where it makes sense, and tells what should be reported of it.
fn apply(world: &mut World, number: usize, edit: Edit) -> Option<Vec<&'static str>> {
    let new = world.packages.len();
    let toplevel = world.toplevel;
    let package = world.packages[number].as_mut()?;
    // Two of one name may be taken for each other once both change.
    let unique = package.name != "hook";
    let structured = package.structured;
    let env = move |key: &'static str| if structured { "env __json" } else { key };
    let mut what = match edit {
        Edit::Flag => {
            package.flags.push("--more".into());
            vec![env("env flags")]
        }
        Edit::Reorder => {
            package.flags.reverse();
            vec![env("env flags")]
        }
        Edit::Source => {
            package.source += 1_000;
            let mut what = vec![env("env src"), "sources"];
            if package.address == Address::Fixed {
                what.push("output");
            }
            what
        }
        Edit::Builder => {
            package.builder = "/bin/bash".into();
            vec!["builder", env("env builder")]
        }
        Edit::Args => {
            package.args.push("-x".into());
            vec!["args"]
        }
        Edit::System => {
            package.system = "aarch64-linux".into();
            vec!["system", env("env system")]
        }
        Edit::Version if unique => {
            package.version = "7.1".into();
            vec!["name", env("env name"), env("env version")]
        }
        // What is all in one variable has its name there too.
        Edit::Rename if unique && !structured => {
            package.name = format!("renamed-x{number}");
            vec!["name", "env name", "env pname"]
        }
        Edit::NewOutput
            if package.address == Address::Input && !package.outputs.contains(&"man") =>
        {
            package.outputs.insert(0, "man");
            vec!["output"]
        }
        Edit::NewInput => {
            package.inputs.insert(0, (new, "out"));
            let mut added = package.clone();
            added.name = format!("new-x{new}");
            added.address = Address::Input;
            added.outputs = vec!["out"];
            added.inputs.clear();
            added.flags = vec![format!("--of={new}")];
            world.packages.push(Some(added));
            vec!["input"]
        }
        Edit::LostInput if number != toplevel && package.inputs.len() > 1 => {
            package.inputs.pop();
            vec!["input"]
        }
        Edit::SwapInputs if package.inputs.len() > 3 => {
            package.inputs.swap(0, 1);
            vec![env("env buildInputs")]
        }
        _ => return None,
    };
    what.sort_unstable();
    what.dedup();
    Some(what)
}

/// Applies edits to packages that have none yet, and notes what should be reported.
pub(crate) fn apply_all(
    world: &mut World,
    edits: &[(Index, Index)],
    edited: &mut BTreeMap<usize, Vec<&'static str>>,
) {
    let packages = world.packages.len();
    for (place, edit) in edits {
        let number = place.index(packages);
        if !edited.contains_key(&number)
            && let Some(what) = apply(world, number, *edit.get(&EDITS))
        {
            edited.insert(number, what);
        }
    }
}

/// What kind of change it is, with the variable.
fn kind(change: &Change) -> String {
    match change {
        Change::Env { key, .. } => format!("env {key}"),
        other => serde_json::to_value(other).unwrap()["what"]
            .as_str()
            .unwrap()
            .to_owned(),
    }
}

/// How many follow each changed number, from the packages alone: those that reach it
/// through packages that have not changed themselves.
fn followers(
    world: &World,
    changed: &BTreeSet<usize>,
    both: &BTreeSet<usize>,
) -> BTreeMap<usize, usize> {
    let mut counts: BTreeMap<usize, usize> = changed.iter().map(|&n| (n, 0)).collect();
    for &number in both.difference(changed) {
        let mut causes = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut left = vec![number];
        while let Some(at) = left.pop() {
            for &(input, _) in &world.package(at).inputs {
                if changed.contains(&input) {
                    causes.insert(input);
                } else if seen.insert(input) {
                    left.push(input);
                }
            }
        }
        for cause in causes {
            *counts.get_mut(&cause).unwrap() += 1;
        }
    }
    counts
}

pub(crate) fn compare(old: &World, new: &World) -> ([Vec<Option<Made>>; 2], Diff) {
    let mut store = Memory::default();
    let made = [old, new].map(|world| world.instantiate(&mut store));
    let root = |n: usize, world: &World| made[n][world.toplevel].as_ref().unwrap().path.clone();
    let roots = [root(0, old), root(1, new)];
    let paths = roots.each_ref().map(|root| StorePath::parse(root).unwrap());
    let graph = Graph::read(&store, &paths).unwrap();
    let [old, new] = [0, 1].map(|n| graph.roots()[n]);
    let found = diff(&graph, old, new, &Noise::default());
    assert_eq!(
        found,
        diff(&graph, old, new, &Noise::default()),
        "the same each time"
    );
    (made, found)
}

/// Compares what was found with what was done.
fn check(old: &World, new: &World, edited: &BTreeMap<usize, Vec<&'static str>>) {
    let ([made_old, made_new], found) = compare(old, new);
    let (below_old, below_new) = (old.reachable(), new.reachable());
    let path = |made: &[Option<Made>], n: usize| made[n].as_ref().unwrap().path.clone();
    let both: BTreeSet<usize> = below_old.intersection(&below_new).copied().collect();

    let only = |a: &BTreeSet<usize>, b: &BTreeSet<usize>, made: &[Option<Made>]| {
        a.difference(b)
            .map(|&n| path(made, n))
            .collect::<BTreeSet<_>>()
    };
    let paths = |refs: &[nix_parity_drv::DrvRef]| {
        refs.iter().map(|r| r.path.clone()).collect::<BTreeSet<_>>()
    };
    assert_eq!(
        paths(&found.added),
        only(&below_new, &below_old, &made_new),
        "added"
    );
    assert_eq!(
        paths(&found.removed),
        only(&below_old, &below_new, &made_old),
        "removed"
    );

    let changed: BTreeSet<usize> = edited
        .keys()
        .copied()
        .filter(|n| both.contains(n))
        .collect();
    let counts = followers(new, &changed, &both);
    let expected: BTreeMap<_, _> = changed
        .iter()
        .map(|&n| {
            let pair = (path(&made_old, n), path(&made_new, n));
            (pair, (counts[&n], n))
        })
        .collect();
    let causes: BTreeMap<_, _> = found
        .causes
        .iter()
        .map(|cause| {
            let pair = (cause.old.path.clone(), cause.new.path.clone());
            (pair, (cause.followers, &cause.what))
        })
        .collect();
    assert_eq!(
        causes.keys().collect::<Vec<_>>(),
        expected.keys().collect::<Vec<_>>(),
        "causes: {:#?}",
        found.causes
    );
    for (pair, (followers, n)) in expected {
        let (found_followers, what) = causes[&pair];
        assert_eq!(found_followers, followers, "followers of {pair:?}");
        let kinds: BTreeSet<String> = what.iter().map(kind).collect();
        for wanted in &edited[&n] {
            assert!(kinds.contains(*wanted), "{wanted} in {kinds:?} of {pair:?}");
        }
        // An input that comes or goes shows where it was mentioned too.
        let allowed = |kind: &str| {
            edited[&n].contains(&kind)
                || edited[&n].contains(&"input")
                    && ["env buildInputs", "env script", "env __json"].contains(&kind)
        };
        assert!(
            kinds.iter().all(|kind| allowed(kind)),
            "{kinds:?} of {pair:?}"
        );
    }

    let differing = both
        .iter()
        .filter(|&&n| path(&made_old, n) != path(&made_new, n))
        .count();
    assert_eq!(found.followers_total, differing - changed.len());
    assert_eq!(found.unchanged, both.len() - differing);
    assert_eq!(found.ignored, 0);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn causes_are_exactly_the_edits(
        old in worlds(),
        edits in proptest::collection::vec((any::<Index>(), any::<Index>()), 0..5),
    ) {
        let mut new = old.clone();
        let mut edited = BTreeMap::new();
        apply_all(&mut new, &edits, &mut edited);
        check(&old, &new, &edited);
    }

    /// The compiler changes, and with it the path of everything.
    #[test]
    fn a_new_compiler_is_one_cause_beside_the_others(
        old in worlds(),
        edits in proptest::collection::vec((any::<Index>(), any::<Index>()), 0..3),
        compiler in any::<Index>(),
    ) {
        let mut new = old.clone();
        let mut edited = BTreeMap::new();
        let compiler = *compiler.get(&[Edit::Flag, Edit::Builder, Edit::Source, Edit::Args]);
        edited.insert(0, apply(&mut new, 0, compiler).unwrap());
        apply_all(&mut new, &edits, &mut edited);
        check(&old, &new, &edited);
    }
}
