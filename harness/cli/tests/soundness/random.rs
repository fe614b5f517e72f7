//! The property test, and the count of what was evaluated for nothing.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};

use serde_json::Value;

use crate::check::{Checker, Found};
use crate::disk::Disk;
use crate::edits::Editor;
use crate::generator::{Reach, Sample};
use nix_parity_testkit::{NixFlavour, Project, Rng};

/// How many edits a project sees before the next one is made.
const ROUND: usize = 50;

/// How many reasons for what was evaluated for nothing are shown.
const REASONS: usize = 12;

/// What a longer run sets otherwise, and what repeats a failure.
struct Settings {
    seed: u64,
    edits: usize,
    keep: bool,
    /// The flavours of Nix of which stand-ins are asked, besides or instead of the installed
    /// one.
    flavours: Vec<Option<NixFlavour>>,
    disk: Disk,
}

impl Settings {
    #[expect(clippy::disallowed_methods, reason = "these are of this test alone")]
    fn read() -> Self {
        let number = |name: &str, default| match std::env::var(name) {
            Ok(text) => text.parse().expect("it must be a number"),
            Err(_) => default,
        };
        Self {
            seed: number("NIX_PARITY_SOUNDNESS_SEED", 1),
            edits: usize::try_from(number("NIX_PARITY_SOUNDNESS_EDITS", 50)).expect("a size fits"),
            keep: std::env::var_os("NIX_PARITY_SOUNDNESS_KEEP").is_some(),
            flavours: match std::env::var("NIX_PARITY_SOUNDNESS_NIX") {
                Ok(names) => names.split(',').map(flavour).collect(),
                Err(_) => vec![None],
            },
            disk: Disk::read(),
        }
    }
}

/// A flavour by its name; `nix` is the installed one.
fn flavour(name: &str) -> Option<NixFlavour> {
    let named = NixFlavour::named(name);
    assert!(
        named.is_some() || name == "nix",
        "no flavour is called {name}"
    );
    named
}

/// What the edits came to.
#[derive(Default)]
struct Tally {
    edits: usize,
    broken: usize,
    stale: usize,
    /// Hosts times edits.
    hosts: usize,
    evaluated: usize,
    /// Of those, how many found for each test what was found before the edit.
    unneeded: usize,
    /// What these were evaluated for.
    reasons: BTreeMap<String, usize>,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            edits,
            broken,
            stale,
            hosts,
            evaluated,
            unneeded,
            reasons,
        } = self;
        writeln!(
            f,
            "{edits} edits ({broken} of which left little to evaluate): {stale} stale verdicts; \
             {evaluated} of {hosts} hosts evaluated again, {unneeded} of them for nothing"
        )?;
        let mut reasons: Vec<_> = reasons.iter().collect();
        reasons.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
        for (reason, times) in reasons.into_iter().take(REASONS) {
            writeln!(f, "{times:6} × {reason}")?;
        }
        Ok(())
    }
}

impl Tally {
    fn add(&mut self, before: &Found, cached: &Found, reference: &Found) {
        self.edits += 1;
        self.broken += usize::from(reference.is_broken());
        for (host, was_cached) in &cached.cached {
            self.hosts += 1;
            if !was_cached {
                self.evaluated += 1;
                let known = before.verdicts(host) == reference.verdicts(host);
                if known {
                    self.unneeded += 1;
                    let reason = cached.why.get(host).cloned().unwrap_or_default();
                    *self.reasons.entry(reason).or_default() += 1;
                }
            }
        }
    }
}

/// Edits a project of this seed so many times, and says how it failed if it did. What a
/// run without a cache finds is found once for all flavours.
fn round(
    seed: u64,
    edits: usize,
    reach: Reach,
    settings: &Settings,
    tallies: &mut [Tally],
) -> Result<(), String> {
    let mut rng = Rng::new(seed);
    let sample = Sample::generate(&mut rng, reach, &settings.disk);
    let plain = Checker::new();
    let checkers: Vec<_> = settings
        .flavours
        .iter()
        .copied()
        .map(Checker::with)
        .collect();
    let mut history = String::new();
    let mut editor = Editor::new(sample, rng);
    let mut before = plain.reference(&editor.sample.project);
    for checker in &checkers {
        let _ = checker.cached(&editor.sample.project, &[]);
    }
    assert_eq!(
        before.errors(),
        Vec::<&Value>::new(),
        "at first all evaluates"
    );
    for step in 1..=edits {
        let edit = editor.edit(before.is_broken());
        writeln!(history, "{step:4}. {edit}").expect("a text takes any text");
        let project = &editor.sample.project;
        let (reference, found) = ask(project, &plain, &checkers);
        for ((checker, cached), tally) in checkers.iter().zip(found).zip(&mut *tallies) {
            tally.add(&before, &cached, &reference);
            let differences = if checker.speaks_as_installed() {
                cached.differences(&reference)
            } else {
                cached.differences(&checker.reference(project))
            };
            if !differences.is_empty() {
                tally.stale += differences.len();
                let mut place = "removed; with NIX_PARITY_SOUNDNESS_KEEP=1 it stays".to_owned();
                if settings.keep {
                    editor.sample.project.keep();
                    editor.sample.pinned.keep();
                    editor.sample.base.keep();
                    place = editor.sample.project.root().to_string();
                }
                let name = checker.name();
                return Err(format!(
                    "stale with {name} after edit {step} of seed {seed}: {edit}\n\n\
                     the edits:\n{history}\n\
                     with the cache, and without:\n{}\n\nthe project: {place}\n\
                     to repeat: NIX_PARITY_SOUNDNESS_NIX={name} NIX_PARITY_SOUNDNESS_SEED={seed} \
                     NIX_PARITY_SOUNDNESS_EDITS={step} and this test",
                    differences.join("\n")
                ));
            }
        }
        before = reference;
    }
    Ok(())
}

/// A run without a cache, and one with the cache of each, two at a time.
fn ask(project: &Project, plain: &Checker, checkers: &[Checker]) -> (Found, Vec<Found>) {
    std::thread::scope(|scope| {
        let reference = scope.spawn(|| plain.reference(project));
        let found = checkers.iter().map(|c| c.cached(project, &[])).collect();
        (reference.join().expect("a run is read"), found)
    })
}

/// Edits one project after the other, and prints what it came to.
#[expect(clippy::print_stdout, reason = "the figures are to be seen")]
fn edit_projects(reach: Reach, settings: &Settings) {
    let &Settings {
        seed: first, edits, ..
    } = settings;
    let mut tallies: Vec<_> = settings.flavours.iter().map(|_| Tally::default()).collect();
    let mut failure = None;
    for (seed, begun) in (first..).zip((0..edits).step_by(ROUND)) {
        let edits = ROUND.min(edits - begun);
        failure = round(seed, edits, reach, settings, &mut tallies).err();
        if failure.is_some() {
            break;
        }
    }
    for (flavour, tally) in settings.flavours.iter().zip(&tallies) {
        let name = flavour.map_or("nix", NixFlavour::name);
        println!(
            "{name}, seed {first}, {disk}: {tally}",
            disk = settings.disk
        );
    }
    if let Some(failure) = failure {
        panic!("{failure}");
    }
}

#[test]
fn no_edit_is_answered_with_what_was_so_before_it() {
    edit_projects(Reach::Files, &Settings::read());
}

#[test]
fn nor_where_a_host_depends_on_the_whole_tree() {
    edit_projects(Reach::Tree, &Settings::read());
}

/// How many edits each flavour sees in every run of the tests.
const EDITS_OF_FLAVOURS: usize = 8;

#[test]
fn nor_with_any_flavour_of_nix() {
    let settings = Settings {
        seed: 1,
        edits: EDITS_OF_FLAVOURS,
        keep: false,
        disk: Disk::read(),
        flavours: NixFlavour::ALL.into_iter().map(Some).collect(),
    };
    edit_projects(Reach::Files, &settings);
}
