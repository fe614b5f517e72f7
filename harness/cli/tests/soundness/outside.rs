//! What changes without any file of the tree: the revision that the tree is of, and
//! an input that no lock file pins. The random edits replace inputs, and a flake
//! with a replaced input has no revision.

use nix_parity_testkit::{Host, Platform, Project};

use crate::check::Checker;

const CASES: &str = "cases: [{ name: seen, expect: { common: { networking.domain: never } } }]\n";

/// A committed project with one host, whose domain is this expression.
fn project(domain: &str, input: &str) -> Project {
    let project = Project::with_hosts(&[Host::new(Platform::NixOs, "pc")]);
    let flake = project.read("flake.nix");
    let module = format!("{{ networking.domain = {domain}; }}");
    let changed = flake.replace("./hosts/pc.nix", &module);
    assert_ne!(flake, changed);
    let changed = changed.replacen('{', &format!("{{\n{input}"), 1);
    let changed = changed.replacen("{ self, ... }:", "{ self, ... }@inputs:", 1);
    project.write("flake.nix", &changed);
    project.write("parity.yaml", "hosts: { nixos: [pc] }\n");
    project.write("cases/a.yaml", CASES);
    project.commit("the first state");
    project
}

/// Runs with the cache and without, and returns what both see.
#[track_caller]
fn seen(checker: &Checker, project: &Project) -> String {
    let (cached, reference) = checker.both(project);
    assert_eq!(cached.differences(&reference), Vec::<String>::new());
    let tests = &reference.hosts["pc"];
    assert_eq!(tests.len(), 1);
    let result = &tests["a::seen"]["result"];
    result["findings"][0]["problem"]["got"].to_string()
}

#[test]
fn a_commit_is_seen_where_the_revision_is() {
    let checker = Checker::new();
    let project = project("self.rev or \"dirty\"", "");
    let first = seen(&checker, &project);
    project.commit("the same files");
    let second = seen(&checker, &project);
    assert_ne!(first, second);
    project.write("README.md", "# A project\n");
    project.git_add_all();
    let dirty = seen(&checker, &project);
    assert!(dirty.contains("dirty"), "{dirty}");
    // The same files once more, no longer dirty.
    project.commit("a new file");
    let third = seen(&checker, &project);
    assert!(![&first, &second, &dirty].contains(&&third), "{third}");
}

#[test]
fn a_commit_to_an_input_without_a_lock_is_seen() {
    let checker = Checker::new();
    let input = Project::new(&[("text", "one")]);
    input.commit("one");
    let declared = format!(
        "  inputs.unlocked = {{ url = \"git+file://{}\"; flake = false; }};\n",
        input.root()
    );
    let project = project("builtins.readFile \"${inputs.unlocked}/text\"", &declared);
    let first = seen(&checker, &project);
    assert!(first.contains("one"), "{first}");
    input.write("text", "two");
    input.commit("two");
    let second = seen(&checker, &project);
    assert!(second.contains("two"), "{second}");
}
