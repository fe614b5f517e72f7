//! What README.md and docs/ say, done: every YAML block is read by the program,
//! and every command is run and its output compared.
//!
//! The word after a fence's language says what a block is:
//!
//! | fence | meaning |
//! |---|---|
//! | `yaml cases` | a case file; its cases must pass on this repository's hosts |
//! | `yaml project` | a project file |
//! | `yaml workflow` | a workflow of GitHub: with actions that there are, and inputs that they take |
//! | `yaml gitlab` | a pipeline of GitLab |
//! | `yaml file=PATH`, `nix file=PATH` | a file of the page's own project |
//! | `nix flake` | a flake that uses this one; `it/flake.rs` checks it |
//! | `console` | commands after `$ `, and what they print; `…` stands for lines left out |
//! | `console repository` | the same, in this repository |
//! | `console not-run: REASON` | commands that cannot be run here, and why |
//! | `text` | a picture |
//! | `mermaid` | a drawing; `docs/book.rs` checks that of the crates |
//!
//! Commands run in this repository up to the first file of a page, and from there in
//! a project made of its files: over a copy of the offline base where one of them is
//! a flake, else against the flake of this repository.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "what goes wrong here is a failed test"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the program is started as a reader of the page would start it"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix_parity_testkit::{Project, redact};

#[path = "docs/book.rs"]
mod book;
#[path = "docs/dependencies.rs"]
mod dependencies;

/// Commands that the pages show and this test does not run.
const NOT_RUN: usize = 17;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}

/// README.md and all pages below docs/.
fn pages() -> Vec<PathBuf> {
    let root = repository();
    let mut pages = vec![root.join("README.md")];
    let mut folders = vec![root.join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// A fenced block.
struct Block {
    /// Page and line, for messages.
    place: String,
    /// What stands after the fence.
    info: String,
    text: String,
}

fn blocks(page: &Path) -> Vec<Block> {
    let text = std::fs::read_to_string(page).unwrap();
    let mut blocks: Vec<Block> = Vec::new();
    let mut open = false;
    for (number, line) in text.lines().enumerate() {
        match line.trim_start().strip_prefix("```") {
            Some(_) if open => open = false,
            Some(info) => {
                open = true;
                blocks.push(Block {
                    place: format!("{}:{}", page.display(), number + 1),
                    info: info.trim().to_owned(),
                    text: String::new(),
                });
            }
            None if open => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    assert!(!open, "{}: a fence is left open", page.display());
    blocks
}

impl Block {
    /// The path in the page's project that the block is the text of.
    fn file(&self) -> Option<&str> {
        self.info
            .split_whitespace()
            .find_map(|w| w.strip_prefix("file="))
    }
}

/// Where the commands of a page run.
struct Place {
    folder: PathBuf,
    project: Option<Project>,
    cache: tempfile::TempDir,
    last_exit: i32,
}

impl Place {
    /// This repository.
    fn repository() -> Self {
        Self {
            folder: repository(),
            project: None,
            cache: tempfile::tempdir().unwrap(),
            last_exit: 0,
        }
    }

    /// A project of files that are still to be written.
    fn project(with_flake: bool) -> Self {
        let project = Project::new(&[]);
        if with_flake {
            project.copy_offline_base();
        } else {
            project.write("parity.yaml", &reference_settings());
        }
        Self {
            folder: project.root().as_std_path().to_owned(),
            project: Some(project),
            ..Self::repository()
        }
    }

    fn write(&self, file: &str, text: &str) {
        let project = self.project.as_ref().unwrap();
        project.write(file, text);
        project.git_add_all();
    }

    /// Runs one command line and returns what it prints.
    fn run(&mut self, line: &str) -> String {
        if line == "echo $?" {
            return format!("{}\n", self.last_exit);
        }
        let words = words(line);
        if let (["git", arguments @ ..], Some(project)) = (words.as_slice(), &self.project) {
            return project.git(arguments);
        }
        assert_eq!(words[0], "nix-parity", "mark `{line}` as not-run");
        let output = Command::new(env!("CARGO_BIN_EXE_nix-parity"))
            .args(&words[1..])
            .current_dir(&self.folder)
            .env("NIX_PARITY_CACHE_DIR", self.cache.path())
            .env_remove("NIX_PARITY_NIX")
            .env_remove("CI")
            .env_remove("GITHUB_ACTIONS")
            .output()
            .unwrap();
        self.last_exit = output.status.code().unwrap_or(-1);
        String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
    }
}

/// The words of a command line, quoted or not.
fn words(line: &str) -> Vec<&str> {
    line.split('"')
        .enumerate()
        .flat_map(|(n, part)| match n % 2 {
            0 => part.split_whitespace().collect(),
            _ => vec![part],
        })
        .collect()
}

/// Times, column widths and the order in which hosts finish differ from run to run.
fn comparable(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = redact(text)
        .lines()
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    let is_host = |line: &String| {
        let platform = line.split(' ').nth(1);
        platform.is_some_and(|p| ["darwin", "nixos", "home"].contains(&p))
    };
    for group in lines.chunk_by_mut(|a, b| is_host(a) && is_host(b)) {
        group.sort();
    }
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Whether the lines are those shown, with anything in place of a `…`.
fn agrees(shown: &[String], printed: &[String]) -> bool {
    match (shown, printed) {
        ([], rest) => rest.is_empty(),
        ([dots, more @ ..], rest) if dots == "…" => {
            (0..=rest.len()).any(|skip| agrees(more, &rest[skip..]))
        }
        ([a, shown @ ..], [b, printed @ ..]) => a == b && agrees(shown, printed),
        (_, []) => false,
    }
}

fn check_console(place: &mut Place, block: &Block) {
    let mut command: Option<(&str, String)> = None;
    let mut commands = Vec::new();
    for line in block.text.lines() {
        match (line.strip_prefix("$ "), &mut command) {
            (Some(line), command) => commands.extend(command.replace((line, String::new()))),
            (None, Some((_, shown))) => shown.extend([line, "\n"]),
            (None, None) => panic!("{}: what is not after a `$ `", block.place),
        }
    }
    commands.extend(command);
    for (line, shown) in commands {
        let printed = place.run(line);
        assert!(
            shown.is_empty() || agrees(&comparable(&shown), &comparable(&printed)),
            "{}: `{line}` now prints\n{printed}",
            block.place
        );
    }
}

/// This repository's project file, for a project elsewhere.
fn reference_settings() -> String {
    let root = repository();
    let settings = std::fs::read_to_string(root.join("parity.yaml")).unwrap();
    settings
        .replace("flake: .", &format!("flake: {}", root.display()))
        .replace("path:./", &format!("path:{}/", root.display()))
}

/// Runs case files on the reference hosts.
fn check_cases(blocks: &[&Block]) {
    let mut place = Place::project(false);
    for (number, block) in blocks.iter().enumerate() {
        place.write(&format!("cases/block-{number}.yaml"), &block.text);
    }
    if blocks.iter().any(|block| block.text.contains("snapshot:")) {
        place.run("nix-parity run");
        place.run("nix-parity review --accept");
        assert_eq!(place.last_exit, 0, "a snapshot of the page is not accepted");
    }
    let printed = place.run("nix-parity run");
    let places: Vec<&str> = blocks.iter().map(|b| b.place.as_str()).collect();
    assert_eq!(place.last_exit, 0, "{places:#?}\n{printed}");
}

/// Reads a project file, as the program does before it lists tests.
fn check_project_file(block: &Block) {
    let mut place = Place::project(false);
    // The inputs that pages replace.
    let flake = "{ outputs = { self, nixpkgs, nix-darwin, home-manager, secrets }: { }; }\n";
    place.write("flake.nix", flake);
    place.write("parity.yaml", &block.text);
    let case = "cases: [{ name: all, eval: '{ host, ... }: host.name', is: { type: string } }]\n";
    place.write("cases/any.yaml", case);
    let printed = place.run("nix-parity list");
    assert_eq!(place.last_exit, 0, "{}: {printed}", block.place);
}

/// Reads a package map.
fn check_package_map(block: &Block) {
    let read = nix_parity_core::package_map::parse("map.yaml", &block.text);
    assert!(read.is_ok(), "{}: {read:?}", block.place);
}

/// Reads YAML that is for others.
fn check_yaml(block: &Block) {
    let read = nix_parity_core::yaml::parse(&block.text);
    assert!(read.is_ok(), "{}: {read:?}", block.place);
}

/// Whether what a workflow uses of this repository is there and takes what it is given,
/// and what it uses of others is what this repository does.
fn check_workflow(block: &Block) {
    check_yaml(block);
    let own = std::fs::read_to_string(repository().join(".github/workflows/ci.yml")).unwrap();
    let mut lines = block.text.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((indent, used)) = line.split_once("uses: ") else {
            continue;
        };
        let Some(path) = used.strip_prefix("OWNER/nix-parity/") else {
            assert!(own.contains(used), "{}: {used}", block.place);
            continue;
        };
        let path = repository().join(path.strip_suffix("@COMMIT").unwrap());
        let (file, inputs) = match path.extension() {
            Some(_) => (path, "      "),
            None => (path.join("action.yml"), "  "),
        };
        let target = std::fs::read_to_string(&file).unwrap();
        if lines.next_if(|line| line.trim() == "with:").is_some() {
            let deeper = " ".repeat(indent.len() + 2);
            while let Some(line) = lines.next_if(|line| line.starts_with(&deeper)) {
                let (input, _) = line.trim().split_once(": ").unwrap();
                let declared = format!("\n{inputs}{input}:\n");
                assert!(target.contains(&declared), "{}: {input}", block.place);
            }
        }
    }
}

/// Does what a page shows; returns how many commands were left out.
fn check_page(page: &Path) -> usize {
    let blocks = blocks(page);
    let cases: Vec<&Block> = blocks.iter().filter(|b| b.info == "yaml cases").collect();
    if !cases.is_empty() {
        check_cases(&cases);
    }
    let mut place = Place::repository();
    let with_flake = blocks.iter().any(|b| b.file() == Some("flake.nix"));
    let mut not_run = 0;
    for block in &blocks {
        match (block.info.as_str(), block.file()) {
            ("yaml cases" | "nix flake" | "text" | "mermaid", _) => {}
            ("yaml project", _) => check_project_file(block),
            ("yaml package-map", _) => check_package_map(block),
            ("yaml workflow", _) => check_workflow(block),
            ("yaml gitlab", _) => check_yaml(block),
            ("console", _) => check_console(&mut place, block),
            ("console repository", _) => check_console(&mut Place::repository(), block),
            (_, Some(file)) => {
                if place.project.is_none() {
                    place = Place::project(with_flake);
                }
                place.write(file, &block.text);
            }
            (info, None) => {
                let reason = info.strip_prefix("console not-run: ").unwrap_or_default();
                assert!(
                    reason.len() > 10,
                    "{}: neither known nor left out for a reason",
                    block.place
                );
                not_run += block.text.lines().filter(|l| l.starts_with("$ ")).count();
            }
        }
    }
    not_run
}

#[test]
fn every_command_and_every_case_of_the_pages_works() {
    let not_run: usize = pages().iter().map(|page| check_page(page)).sum();
    assert_eq!(not_run, NOT_RUN, "commands that are shown and not run");
}

/// All keys of the schema's mappings, wherever they are.
fn keys(schema: &serde_json::Value, found: &mut BTreeSet<String>) {
    match schema {
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                if name == "properties" {
                    found.extend(member.as_object().unwrap().keys().cloned());
                }
                keys(member, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn the_reference_shows_every_key_and_matcher_at_work() {
    let mut wanted = BTreeSet::new();
    keys(&nix_parity_core::case::suite_schema(), &mut wanted);
    let shown: String = blocks(&repository().join("docs/cases.md"))
        .iter()
        .filter(|b| b.info == "yaml cases")
        .map(|b| b.text.as_str())
        .collect();
    let words: BTreeSet<&str> = shown
        .split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':')
        .filter_map(|w| w.strip_suffix(':'))
        .collect();
    let missing: Vec<_> = wanted
        .iter()
        .filter(|k| !words.contains(k.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in docs/cases.md: {missing:?}");
}

/// The words of a text that start like this.
fn words_like<'a>(text: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|w| w.starts_with(prefix))
        .collect()
}

#[test]
fn every_variable_is_explained() {
    let read = |path: &str| std::fs::read_to_string(repository().join(path)).unwrap();
    let environment = read("harness/engine/src/environment.rs");
    assert_eq!(
        words_like(&read("docs/settings.md"), "NIX_PARITY_"),
        words_like(&environment, "NIX_PARITY_")
    );
}

#[test]
fn shown_output_is_compared_line_by_line() {
    let printed = comparable(" b  nixos  x  1/1  3.0 s\n a  darwin  y  2/2  0.1 s\n\nlast\n");
    let all = comparable(" a darwin y 2/2  9.9 s\n b nixos x 1/1  9.9 s\n\nlast");
    assert!(agrees(&all, &printed));
    assert!(agrees(&comparable("…\nlast"), &printed));
    assert!(!agrees(&comparable("…\nlast line"), &printed));
    assert!(!agrees(&comparable(" a darwin y 2/3 9.9 s\n…"), &printed));
    assert!(!agrees(&all[..3], &printed));
    assert_eq!(words("a  \"b c\" d"), ["a", "b c", "d"]);
}
