use super::{PathUse, Role, scan};

fn paths(text: &str) -> Vec<(String, bool, Role)> {
    let uses = scan(text, "config/hosts");
    assert_eq!(uses.tree, None, "{text}");
    uses.paths
        .into_iter()
        .map(
            |PathUse {
                 path,
                 computed,
                 role,
             }| (path, computed, role),
        )
        .collect()
}

fn one(text: &str) -> (String, bool, Role) {
    let mut paths = paths(text);
    assert_eq!(paths.len(), 1, "{text}");
    paths.remove(0)
}

fn why(text: &str) -> Option<String> {
    scan(text, "config/hosts").tree
}

#[test]
fn a_path_is_taken_from_the_folder_of_its_file() {
    let plain = |path: &str| (path.to_owned(), false, Role::Any);
    assert_eq!(one("./a.nix"), plain("config/hosts/a.nix"));
    assert_eq!(one("../b/./c"), plain("config/b/c"));
    assert_eq!(one("./a + \"/b\" + \"/c\""), plain("config/hosts/a/b/c"));
    assert_eq!(one("./a + \"/../x\""), plain("config/hosts/x"));
    assert!(why("../../../x").is_some());
}

#[test]
fn of_a_computed_path_the_folder_is_known() {
    let computed = |path: &str| (path.to_owned(), true, Role::Any);
    assert_eq!(one("n: ./a/${n}.nix"), computed("config/hosts/a"));
    assert_eq!(one("n: ./a-${n}"), computed("config/hosts"));
    assert_eq!(one("n: ./a + \"/${n}\""), computed("config/hosts/a"));
    assert_eq!(one("n: ./a + \"/b\" + n"), computed("config/hosts/a"));
    // What is added may go on in the same name.
    assert_eq!(one("n: ./a + n"), computed("config/hosts"));
    assert_eq!(one("n: ./. + \"/${n}\""), computed("config/hosts"));
}

#[test]
fn what_is_done_with_a_path_is_seen() {
    for (text, role) in [
        ("import ./a.nix { }", Role::Import),
        ("n: import (./. + \"/${n}.nix\")", Role::Import),
        ("pkgs.callPackage ./a { }", Role::Import),
        ("builtins.scopedImport { } ./a.nix", Role::Import),
        ("{ imports = [ (./a.nix) ] ++ [ ]; }", Role::Import),
        ("{ a.modules = lib.optional true ./a.nix; }", Role::Import),
        (
            "{ imports = if x then [ ./a.nix ] else [ ]; }",
            Role::Import,
        ),
        ("{ modules = name: [ ./${name}.nix ]; }", Role::Import),
        ("builtins.readDir ./a", Role::List),
        ("builtins.pathExists ./a", Role::Test),
        ("builtins.readFileType (./a + \"/b\")", Role::Test),
        ("builtins.readFile ./a", Role::Read),
        ("lib.importJSON ./a.json", Role::Read),
        ("builtins.hashFile \"sha256\" ./a", Role::Read),
        ("\"${./a}\"", Role::Read),
        ("f ./a", Role::Any),
        ("{ a = ./a; }", Role::Any),
        ("{ imports = ./a; }", Role::Any),
        ("{ imports = f [ ./a ]; }", Role::Any),
        ("[ ./a ]", Role::Any),
        // Names of its own may mean anything.
        ("readDir ./a", Role::Any),
        ("{ import }: import ./a", Role::Any),
        (
            "let builtins.readDir = f; in builtins.readDir ./a",
            Role::Any,
        ),
    ] {
        assert_eq!(one(text).2, role, "{text}");
    }
}

#[test]
fn reading_by_a_computed_path_is_seen() {
    let reads = |text: &str| scan(text, "").reads_computed;
    for text in [
        "p: builtins.readFile p",
        "map builtins.readFile [ ./a ]",
        "inherit (builtins) readFile; ",
        "p: lib.importJSON (p + \"/x\")",
        "p: builtins.path { path = p; }",
        "p: builtins.path { inherit path; }",
        "p: builtins.hashFile \"sha256\" p",
        "{ f = builtins.readFile; }",
    ] {
        let text = text.replace(
            "inherit (builtins) readFile; ",
            "with builtins; p: readFile p",
        );
        assert!(reads(&text), "{text}");
    }
    for text in [
        "builtins.readFile ./a",
        "n: builtins.readFile (./a + \"/${n}\")",
        "builtins.hashFile \"sha256\" ./a",
        "builtins.path { path = ./a; name = \"x\"; }",
        "{ path, ... }: options.path",
    ] {
        assert!(!reads(text), "{text}");
    }
}

#[test]
fn what_tells_of_the_whole_tree_is_seen() {
    for text in [
        "{ self, ... }: self.rev or null",
        "{ self, ... }: self ? rev",
        "{ self, ... }: \"${self}/x\"",
        "{ self, ... }: self + \"/x\"",
        "{ self, ... }: f self",
        "{ self, ... }: self.${x}",
        "{ inputs, ... }: inputs.self",
        "{ inputs, ... }: inputs.self.outPath",
        "toString ./.",
        "builtins.toString (./a + \"/b\")",
        "__curPos.file",
        "builtins.unsafeGetAttrPos \"a\" x",
        "dirOf ./a",
        "let inherit (builtins) dirOf; in dirOf ./a",
        "builtins.hashString \"sha256\" x",
        "f builtins",
        "builtins.${x}",
        "p: p + \"/../x\"",
        "{ x = \"..\"; }",
        "{ a = ; }",
    ] {
        assert!(why(text).is_some(), "{text}");
    }
    for text in [
        "{ self, ... }: self.nixosModules.a",
        "{ self, ... }: { specialArgs = { inherit self; }; }",
        "{ inputs, ... }: inputs.self.overlays.default",
        "self: super: { a = f self super; }",
        "with builtins; map f [ ]",
        "inputs@{ nixpkgs, ... }: { inherit inputs; }",
        "''cd ../x && make''",
        "\"a...b\"",
        "{ \"..\" = \"cd ..\"; }",
        "x: toString x.port",
    ] {
        assert_eq!(why(text), None, "{text}");
    }
}
