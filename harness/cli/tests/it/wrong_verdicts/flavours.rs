//! Other versions and flavours of Nix than the one that is installed: what their logs do
//! not show, and what they say besides.

use nix_parity_testkit::{FlavouredNix, Host, NixFlavour, Platform};

use super::{Row, ensure};
use crate::support::Fixture;

pub(super) const ROWS: [Row; 6] = [
    Row {
        subject: "Lix",
        verdict: "a cached verdict outlived every edit, since debug messages were not asked for",
        check: || follows_edits(NixFlavour::Lix, Caches::Yes),
    },
    Row {
        subject: "a log without files",
        verdict: "a cached verdict outlived every edit",
        check: || follows_edits(NixFlavour::SilentOnFiles, Caches::No("which files")),
    },
    Row {
        subject: "a log without derivations",
        verdict: "a cached verdict did not know the derivations that it depends on",
        check: || {
            follows_edits(
                NixFlavour::SilentOnDerivations,
                Caches::No("which derivations"),
            )
        },
    },
    Row {
        subject: "Nix 2.35",
        verdict: "notices at the level of errors were taken for errors",
        check: || follows_edits(NixFlavour::Notices, Caches::Yes),
    },
    Row {
        subject: "Nix 2.35",
        verdict: "a host that copies a file which another host imports missed edits of it",
        check: || sees_copied_files(NixFlavour::Notices),
    },
    Row {
        subject: "a log without known copies",
        verdict: "a host that copies a file which another host imports missed edits of it",
        check: || sees_copied_files(NixFlavour::SilentOnCopies),
    },
];

/// Whether answers are cached, and if not, which words say so.
#[derive(Clone, Copy)]
enum Caches {
    Yes,
    No(&'static str),
}

fn hosts(module: &str) -> Fixture {
    let host = |name| Host::new(Platform::NixOs, name).with_module(module);
    Fixture::with_inputs(
        &[host("one"), host("two"), host("three")],
        &[(
            "cases/a.yaml",
            "cases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n",
        )],
    )
}

/// Three hosts side by side, then once more without a change, then after an edit of one.
fn follows_edits(flavour: NixFlavour, caches: Caches) -> Result<(), String> {
    let fixture = hosts("{ networking.domain = \"lan\"; }\n");
    let nix = FlavouredNix::new(flavour);
    let run = |arguments: &[&str]| {
        let ran = fixture.program(&["run", "--nix", nix.path().as_str()]);
        let ran = ran.args(arguments).run();
        (ran.code(), format!("{}{}", ran.stdout, ran.stderr))
    };
    let (code, first) = run(&[]);
    ensure(code == Some(0), || format!("all hold at first: {first}"))?;
    if let Caches::No(words) = caches {
        ensure(first.contains(words), || {
            format!("it is said that nothing is cached: {first}")
        })?;
    }
    let doctor = fixture.program(&["doctor", "--nix", nix.path().as_str()]);
    let doctor = doctor.run().stdout;
    let of_cache = doctor.lines().find(|line| line.contains("cached results"));
    let of_cache = of_cache.unwrap_or_default();
    ensure(
        match caches {
            Caches::Yes => of_cache.contains("shows what they depend on"),
            Caches::No(words) => of_cache.contains("none") && of_cache.contains(words),
        },
        || format!("doctor says whether anything is cached: {doctor}"),
    )?;
    let (code, again) = run(&["--explain-cache"]);
    ensure(code == Some(0), || format!("all hold again: {again}"))?;
    let known = again.matches("not evaluated:").count();
    let wanted = match caches {
        Caches::Yes => 3,
        Caches::No(_) => 0,
    };
    ensure(known == wanted, || {
        format!("{known} hosts came from the cache: {again}")
    })?;
    let edited = "{ networking.domain = \"home\"; }\n";
    fixture.project.write("hosts/two.nix", edited);
    let (code, edited) = run(&[]);
    ensure(code == Some(1) && edited.contains("1 failed"), || {
        format!("an edit of one host is seen: {edited}")
    })
}

/// Host `copies` has a file as the source of a derivation, host `imports` imports it.
fn sees_copied_files(flavour: NixFlavour) -> Result<(), String> {
    let copies = "{ environment.variables.SOURCE = (derivation { name = \"s\"; system = \"s\"; \
                  builder = \"/b\"; src = ../shared.nix; }).drvPath; }\n";
    let imports = "{ imports = [ ../shared.nix ]; }\n";
    let host = |name, module| Host::new(Platform::NixOs, name).with_module(module);
    let fixture = Fixture::with_inputs(
        &[host("copies", copies), host("imports", imports)],
        &[
            ("shared.nix", "{ networking.domain = \"lan\"; }\n"),
            (
                "cases/a.yaml",
                "cases: [{ name: source, expect: { nixos: { environment.variables.SOURCE: { absent_or: none } } } }]\n",
            ),
        ],
    );
    fixture.project.commit("first");
    let nix = FlavouredNix::new(flavour);
    let found = || {
        let record = fixture.record(&["--nix", nix.path().as_str()]);
        let of = |host| record.findings(&format!("a::source::{host}"));
        [of("copies"), of("imports")]
    };
    // Twice without the cache, so that Nix knows all copies.
    let first = fixture.record(&["--no-cache", "--nix", nix.path().as_str()]);
    ensure(first.results.len() == 2, || "two tests".to_owned())?;
    let before = found();
    let shared = "{ networking.domain = \"home\"; }\n";
    fixture.project.write("shared.nix", shared);
    let after = found();
    ensure(before[0] != after[0], || {
        format!("the copy is another one, and still: {}", after[0])
    })?;
    ensure(before[1] == after[1], || {
        format!("nothing of this host is looked at: {}", after[1])
    })
}
