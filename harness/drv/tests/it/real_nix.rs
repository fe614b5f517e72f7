//! The derivations of real hosts, as read here and as the `nix` of PATH shows them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nix_parity_drv::{Derivation, Graph, OutputKind, StoreFolder, StorePath, split_name, write};
use nix_parity_testkit::{Program, Project};
use serde_json::{Map, Value, json};

/// Every kind of derivation there is.
const KINDS: &str = r#"
let
  base = { system = "x86_64-linux"; builder = "/bin/sh"; };
  zero = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  make = more: derivation (base // more);
  fixed = mode: make { name = "fixed-${mode}-1.0"; outputHashMode = mode; outputHashAlgo = "sha256"; outputHash = zero; };
  floating = make { name = "floating-1.0"; __contentAddressed = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; };
  impure = make { name = "impure"; __impure = true; outputHashMode = "recursive"; outputHashAlgo = "sha256"; };
  made = make { name = "made.drv"; __contentAddressed = true; outputHashMode = "text"; outputHashAlgo = "sha256"; };
  several = make {
    name = "several-2.3";
    outputs = [ "out" "dev" "man" ];
    args = [ "-c" "echo \"a\tb\r\n\\\" é" ];
    src = builtins.toFile "source.txt" "hello";
    inputs = [ (fixed "recursive") (fixed "flat") ];
  };
in
make {
  name = "all";
  file = builtins.unsafeDiscardOutputDependency several.drvPath;
  structured = make { name = "structured"; __structuredAttrs = true; list = [ 1 "a" { b = several.dev; } ]; };
  deferred = make { name = "deferred"; needs = floating; };
  dynamic = builtins.outputOf (builtins.outputOf made.outPath "out") "dev";
  inherit impure;
}
"#;

fn nix() -> Program {
    let features = "nix-command flakes ca-derivations dynamic-derivations impure-derivations";
    Program::new("nix").args(["--offline", "--option", "experimental-features", features])
}

fn answer(program: Program) -> String {
    let ran = program.run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    ran.stdout.trim().to_owned()
}

fn repository() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

/// A toplevel of this repository's flake, over the offline base.
fn toplevel(attribute: &str) -> String {
    let root = repository();
    let mut program = nix()
        .args(["eval", "--raw", "--no-write-lock-file"])
        .arg(format!(".#{attribute}.drvPath"))
        .current_dir(&root);
    // In a flake reference a blank is escaped.
    let escaped = root.display().to_string().replace(' ', "%20");
    for input in ["nixpkgs", "flake-parts", "nix-darwin", "home-manager"] {
        let base = format!("path:{escaped}/offline/{input}");
        program = program.args(["--override-input", input, &base]);
    }
    answer(program)
}

/// What `nix derivation show -r` says, by the path of each derivation.
fn shown(root: &str) -> BTreeMap<String, Value> {
    let text = answer(nix().args(["derivation", "show", "-r", root]));
    let document: Map<String, Value> = serde_json::from_str(&text).unwrap();
    // Nix 2.34 has base names of paths below a key, Nix 2.26 paths and nothing else.
    let (folder, derivations) = match document.get("derivations") {
        Some(Value::Object(derivations)) => ("/nix/store/", derivations),
        _ => ("", &document),
    };
    let derivations = derivations.iter();
    derivations
        .map(|(path, shown)| (format!("{folder}{path}"), shown.clone()))
        .collect()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// A path as the version of Nix that made `shown` writes it.
fn shown_path(path: StorePath<'_>, shown: &Value) -> String {
    let whole = shown.get("inputs").is_none();
    let path = if whole {
        path.as_str()
    } else {
        path.base_name()
    };
    path.to_owned()
}

fn assert_same(path: StorePath<'_>, derivation: &Derivation<'_>, shown: &Value) {
    assert_eq!(shown["name"], path.derivation_name());
    assert_eq!(shown["system"], text(&derivation.system));
    assert_eq!(shown["builder"], text(&derivation.builder));
    let args: Vec<String> = derivation.args.iter().map(|a| text(a)).collect();
    assert_eq!(shown["args"], json!(args));

    let mut env: BTreeMap<String, String> = derivation
        .env
        .iter()
        .map(|(key, value)| (text(key), text(value)))
        .collect();
    // Nix 2.34 takes structured attributes apart.
    if let Some(attributes) = shown.get("structuredAttrs") {
        let json: Value = serde_json::from_str(&env.remove("__json").unwrap()).unwrap();
        assert_eq!(&json, attributes);
    }
    assert_eq!(shown["env"], json!(env));

    let (inputs, sources) = match shown.get("inputs") {
        Some(inputs) => (&inputs["drvs"], &inputs["srcs"]),
        None => (&shown["inputDrvs"], &shown["inputSrcs"]),
    };
    let own = |path: &StorePath<'_>| shown_path(*path, shown);
    let own_sources: Vec<String> = derivation.sources.iter().map(own).collect();
    assert_eq!(*sources, json!(own_sources));
    let mut own_inputs = json!({});
    for input in &derivation.inputs {
        let outputs: Vec<String> = input.outputs.iter().map(|o| text(o)).collect();
        let mut tree = json!({"outputs": outputs, "dynamicOutputs": {}});
        let mut above: Vec<String> = Vec::new();
        for dynamic in &input.dynamic {
            above.truncate(dynamic.depth as usize - 1);
            let pointer = above.iter().fold(String::new(), |pointer, name| {
                pointer + "/dynamicOutputs/" + name
            });
            let outputs: Vec<String> = dynamic.outputs.iter().map(|o| text(o)).collect();
            let name = text(&dynamic.name);
            tree.pointer_mut(&pointer).unwrap()["dynamicOutputs"][&name] =
                json!({"outputs": outputs, "dynamicOutputs": {}});
            above.push(name);
        }
        own_inputs[own(&input.path)] = tree;
    }
    assert_eq!(*inputs, own_inputs);

    let outputs = shown["outputs"].as_object().unwrap();
    assert_eq!(outputs.len(), derivation.outputs.len());
    for output in &derivation.outputs {
        let shown = &outputs[&text(&output.name)];
        let path = output
            .path
            .map(|path| shown_path(path, &json!({"inputs": {}})));
        let shown_path = shown["path"]
            .as_str()
            .map(|p| p.trim_start_matches("/nix/store/"));
        // Nix 2.34 leaves out the path of a fixed output, which its hash gives.
        if output.kind() != OutputKind::Fixed || shown_path.is_some() {
            assert_eq!(shown_path, path.as_deref());
        }
        let fixed = shown.get("hash").is_some();
        assert_eq!(fixed, output.kind() == OutputKind::Fixed, "{shown}");
        let has_method = shown.get("hashAlgo").is_some() || shown.get("method").is_some();
        assert_eq!(has_method, !output.hash_algo.is_empty(), "{shown}");
        assert_eq!(
            shown.get("impure").is_some(),
            output.kind() == OutputKind::Impure
        );
    }
}

/// Reads all below a toplevel, compares it with what Nix shows of it, and returns how
/// many derivations there are.
fn check(toplevel: &str) -> usize {
    let root = StorePath::parse(toplevel).unwrap();
    let graph = Graph::read(&StoreFolder::new(), &[root]).unwrap();
    let mut shown = shown(toplevel);
    for node in graph.nodes() {
        let path = graph.path(node);
        let derivation = graph.derivation(node);
        let shown = shown.remove(path.as_str()).unwrap();
        assert_same(path, &derivation, &shown);
        assert!(write(&derivation) == graph.bytes(node), "{path}");
    }
    assert_eq!(shown.into_keys().collect::<Vec<_>>(), Vec::<String>::new());
    graph.len()
}

#[test]
fn hosts_are_read_as_nix_shows_them() {
    for attribute in [
        "nixosConfigurations.future-nixos-pc.config.system.build.toplevel",
        "darwinConfigurations.macbook-air.config.system.build.toplevel",
        "homeConfigurations.lars.activationPackage",
    ] {
        let count = check(&toplevel(attribute));
        assert!(count > 20, "{attribute} has {count} derivations");
    }
}

#[test]
fn each_kind_of_derivation_is_read_as_nix_shows_it() {
    let project = Project::new(&[("kinds.nix", KINDS)]);
    let file = project.path("kinds.nix");
    let path = answer(nix().args(["eval", "--raw", "--file", file.as_str(), "drvPath"]));
    assert_eq!(check(&path), 9);
}

#[test]
fn names_split_as_nix_splits_them() {
    let names = [
        "nix-0.12pre12876",
        "bash",
        "python3.11-requests-2.0",
        "a-b-1-c-2",
        "a-",
        "a--b",
        "-1",
        "a-_b",
        "",
        "linux-headers-6.1",
        "x-1-2",
        "unit-a.service",
    ];
    let expression = format!(
        "map builtins.parseDrvName {}",
        json!(names).to_string().replace(',', " ")
    );
    let said: Value = serde_json::from_str(&answer(nix().args([
        "eval",
        "--json",
        "--expr",
        &expression,
    ])))
    .unwrap();
    for (name, said) in names.iter().zip(said.as_array().unwrap()) {
        let (package, version) = split_name(name);
        assert_eq!(
            *said,
            json!({"name": package, "version": version}),
            "{name}"
        );
    }
}
