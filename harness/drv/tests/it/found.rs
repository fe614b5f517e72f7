//! What comparisons say of single changes, in full.

use nix_parity_drv::{Bytes, Change, Diff, Graph, Memory, Noise, StorePath, diff};
use serde_json::json;

fn path(hash: &str, name: &str) -> String {
    format!("/nix/store/{hash:0>32}-{name}")
}

/// A derivation with one output, and these inputs and variables.
struct File {
    hash: &'static str,
    name: &'static str,
    inputs: Vec<String>,
    env: Vec<(&'static str, String)>,
}

impl File {
    fn new(hash: &'static str, name: &'static str) -> Self {
        Self {
            hash,
            name,
            inputs: Vec::new(),
            env: Vec::new(),
        }
    }

    fn input(mut self, other: &Self) -> Self {
        self.inputs.push(other.path());
        self
    }

    fn env(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.env.push((key, value.into()));
        self
    }

    fn path(&self) -> String {
        path(self.hash, &format!("{}.drv", self.name))
    }

    fn out(&self) -> String {
        path(&format!("1{}", self.hash), self.name)
    }

    fn text(&self) -> String {
        let out = self.out();
        let inputs = self.inputs.iter().map(|i| format!("({i:?},[\"out\"])"));
        let inputs: Vec<String> = inputs.collect();
        let env = self.env.iter().map(|(k, v)| format!("({k:?},{v:?})"));
        let env: Vec<String> = env.collect();
        format!(
            "Derive([(\"out\",{out:?},\"\",\"\")],[{}],[],\"s\",\"b\",[],[{}])",
            inputs.join(","),
            env.join(",")
        )
    }
}

/// Compares the first of the old files with the first of the new ones.
fn compare(old: &[&File], new: &[&File], noise: &Noise) -> Diff {
    let mut store = Memory::default();
    for file in old.iter().chain(new) {
        store.insert(file.path(), file.text());
    }
    let roots = [old[0].path(), new[0].path()];
    let roots = roots.each_ref().map(|root| StorePath::parse(root).unwrap());
    let graph = Graph::read(&store, &roots).unwrap();
    diff(&graph, graph.roots()[0], graph.roots()[1], noise)
}

#[test]
fn the_same_toplevel_has_no_differences() {
    let one = File::new("a", "system");
    let found = compare(&[&one], &[&one], &Noise::default());
    assert!(found.is_empty());
    assert_eq!((found.unchanged, found.followers_total), (1, 0));
}

#[test]
fn a_new_version_is_one_cause_and_its_mentions_follow() {
    let bash = [File::new("b", "bash-5.2"), File::new("c", "bash-5.3")];
    let shell = |bash: &File| format!("#!{}/bin/bash {}", bash.out(), &bash.out()[11..44]);
    let top = [
        File::new("d", "system")
            .input(&bash[0])
            .env("init", shell(&bash[0])),
        File::new("f", "system")
            .input(&bash[1])
            .env("init", shell(&bash[1])),
    ];
    let found = compare(
        &[&top[0], &bash[0]],
        &[&top[1], &bash[1]],
        &Noise::default(),
    );
    let of = |file: &File| json!({"name": file.name, "path": file.path()});
    assert_eq!(
        serde_json::to_value(&found).unwrap(),
        json!({
            "causes": [{
                "old": of(&bash[0]),
                "new": of(&bash[1]),
                "what": [{"what": "name", "old": "bash-5.2", "new": "bash-5.3"}],
                "followers": 1,
            }],
            "added": [],
            "removed": [],
            "renamed": [],
            "version_changes": [{"name": "bash", "old": "5.2", "new": "5.3"}],
            "followers_total": 1,
            "ignored": 0,
            "unchanged": 0,
        })
    );
}

#[test]
fn only_a_part_of_a_path_is_an_own_change() {
    // The version without the hash is text; in another folder it is the same path.
    let bash = [File::new("b", "bash-5.2"), File::new("c", "bash-5.3")];
    let top = |hash, bash: &File| {
        File::new(hash, "system")
            .input(bash)
            .env("folder", bash.out().replace("/nix", "/xin"))
            .env("label", bash.name)
    };
    let top = [top("d", &bash[0]), top("f", &bash[1])];
    let found = compare(
        &[&top[0], &bash[0]],
        &[&top[1], &bash[1]],
        &Noise::default(),
    );
    let keys = found.causes[1].what.iter().map(|change| match change {
        Change::Env { key, .. } => key.to_string(),
        other => panic!("{other:?}"),
    });
    assert_eq!(keys.collect::<Vec<_>>(), ["label"]);
}

#[test]
fn what_is_mentioned_without_being_an_input_is_followed_too() {
    let tool = [
        File::new("b", "tool").env("a", "1"),
        File::new("c", "tool").env("a", "2"),
    ];
    let note = |hash, tool: &File| File::new(hash, "note").env("of", tool.out());
    let notes = [note("d", &tool[0]), note("f", &tool[1])];
    let top = |hash, tool, note| File::new(hash, "system").input(tool).input(note);
    let top = [top("g", &tool[0], &notes[0]), top("h", &tool[1], &notes[1])];
    let found = compare(
        &[&top[0], &tool[0], &notes[0]],
        &[&top[1], &tool[1], &notes[1]],
        &Noise::default(),
    );
    assert_eq!(found.causes.len(), 1);
    assert_eq!(found.causes[0].followers, 2);
    assert_eq!((found.followers_total, found.ignored), (2, 0));
}

#[test]
fn what_rules_leave_out_is_no_cause() {
    let top = |hash, label: &str, motd: &str, base: &File| {
        File::new(hash, "system-25.05")
            .input(base)
            .env("label", label)
            .env("motd", motd)
    };
    let base = [
        File::new("b", "base").env("label", "1"),
        File::new("c", "base").env("label", "2"),
    ];
    let mut noise = Noise::default();
    noise.ignore("system-*", "lab?l").unwrap();
    let compare = |motd: &str, noise: &Noise| {
        let old = top("d", "1", "hi", &base[0]);
        let new = top("f", "2", motd, &base[1]);
        compare(&[&old, &base[0]], &[&new, &base[1]], noise)
    };
    let found = compare("hi", &noise);
    let names =
        |found: &Diff| -> Vec<String> { found.causes.iter().map(|c| c.new.name.clone()).collect() };
    assert_eq!(names(&found), ["base"]);
    assert_eq!((found.followers_total, found.ignored), (1, 0));
    // What is left of a change is still one.
    assert_eq!(names(&compare("ho", &noise)), ["base", "system-25.05"]);
    assert_eq!(
        names(&compare("hi", &Noise::default())),
        ["base", "system-25.05"]
    );
    // Nothing but noise, and what follows it.
    noise.ignore("*", "label").unwrap();
    let found = compare("hi", &noise);
    assert!(found.is_empty());
    assert_eq!((found.followers_total, found.ignored), (0, 2));

    let error = noise.ignore("[", "label").unwrap_err().to_string();
    assert!(error.starts_with("`[` is not a glob: "), "{error}");
}

#[test]
fn a_renamed_derivation_is_one_that_is_equal_but_for_its_name() {
    let tool = [
        File::new("b", "vim").env("pname", "vim").env("src", "1"),
        File::new("c", "neo").env("pname", "neo").env("src", "1"),
        File::new("d", "ed").env("pname", "ed").env("src", "2"),
    ];
    let top = ["f", "g", "h"].map(|hash| (hash, "system"));
    let top: Vec<File> = top
        .iter()
        .zip(&tool)
        .map(|((hash, name), tool)| File::new(hash, name).input(tool))
        .collect();
    let renamed = compare(
        &[&top[0], &tool[0]],
        &[&top[1], &tool[1]],
        &Noise::default(),
    );
    assert_eq!(renamed.renamed[0].new.name, "neo");
    assert_eq!(renamed.causes.len(), 1);
    assert_eq!(renamed.causes[0].new.name, "neo");

    let replaced = compare(
        &[&top[0], &tool[0]],
        &[&top[2], &tool[2]],
        &Noise::default(),
    );
    assert_eq!(replaced.added[0].name, "ed");
    assert_eq!(replaced.removed[0].name, "vim");
    assert_eq!(replaced.causes.len(), 1);
    assert_eq!(replaced.causes[0].new.name, "system");
}

#[test]
fn values_that_are_no_text_are_replaced_in_json_only() {
    let bytes = Bytes(b"a\xffb".to_vec());
    assert_eq!(serde_json::to_value(&bytes).unwrap(), json!("a\u{fffd}b"));
    assert_eq!(bytes.to_string(), "a\u{fffd}b");
    assert_ne!(bytes, Bytes(b"a\xfeb".to_vec()));
}

#[test]
fn a_chain_of_30_000_is_compared() {
    let depth = 30_000;
    let mut store = Memory::default();
    for side in ["0", "1"] {
        for n in 0..depth {
            let path = |n: usize| format!("/nix/store/{side}{n:031}-link-{n}x.drv");
            let (inputs, env) = if n + 1 == depth {
                (String::new(), side)
            } else {
                (format!("({:?},[\"out\"])", path(n + 1)), "same")
            };
            let text = format!(
                "Derive([(\"out\",\"\",\"\",\"\")],[{inputs}],[],\"s\",\"b\",[],[(\"e\",\"{env}\")])"
            );
            store.insert(path(n), text);
        }
    }
    let roots = ["0", "1"].map(|side| format!("/nix/store/{side}{:031}-link-0x.drv", 0));
    let roots = roots.each_ref().map(|root| StorePath::parse(root).unwrap());
    let graph = Graph::read(&store, &roots).unwrap();
    let found = diff(
        &graph,
        graph.roots()[0],
        graph.roots()[1],
        &Noise::default(),
    );
    assert_eq!(found.causes.len(), 1);
    assert_eq!(found.causes[0].followers, depth - 1);
}
