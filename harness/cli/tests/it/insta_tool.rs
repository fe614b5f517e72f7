//! insta's own tool, on this repository.

use nix_parity_testkit::{Need, Program, Project, Ran};

use crate::support::Fixture;

/// A copy of what is committed here.
fn repository() -> Fixture {
    let repository = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let repository = camino::Utf8Path::new(repository).canonicalize_utf8();
    Fixture::new(Project::clone_of(&repository.unwrap()))
}

/// The tool in the root of the repository.
fn insta(fixture: &Fixture, command: &str) -> Ran {
    let ran = Program::new("cargo")
        .args(["insta", command])
        .current_dir(fixture.project.root())
        .env("CARGO_NET_OFFLINE", "true")
        .run();
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    ran
}

#[test]
fn the_tool_of_insta_finds_accepts_and_rejects_what_is_pending_needs_cargo_insta() {
    Need::CargoInsta.require();
    let fixture = repository();
    let module = "config/platforms/common/programs/fish.nix";
    let text = fixture.project.read(module);
    let edited = text.replace("\"git status\"", "\"git status -sb\"");
    assert_ne!(edited, text);
    fixture.project.write(module, &edited);
    let run = || fixture.run(&["run", "snapshots::"]).code();

    assert_eq!(run(), Some(1));
    let listed = insta(&fixture, "pending-snapshots").stdout;
    for host in ["future-nixos-pc", "macbook-air"] {
        let name = format!("snapshots/{host}/snapshots__the_system@derivation.snap");
        assert!(listed.contains(&name), "{listed}");
    }
    insta(&fixture, "reject");
    assert!(
        fixture
            .project
            .git(&["status", "--short"])
            .ends_with("fish.nix\n")
    );
    assert_eq!(run(), Some(1));
    insta(&fixture, "accept");
    assert_eq!(run(), Some(0));
    // What insta has written is a side as well.
    let ran = fixture.run(&["diff", "snapshot:macbook-air", "macbook-air"]);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
}
