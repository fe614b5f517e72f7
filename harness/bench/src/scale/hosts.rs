//! Many small hosts, with a suite for all of them: evaluating them, and what is done with
//! them when nothing is to be evaluated.

use camino::Utf8Path;
use nix_parity_testkit::{Host, Platform, Project, offline_inputs};
use std::fmt::Write as _;
use tempfile::TempDir;

use super::growth::{Row, Sizes, print};
use crate::contender::outcomes;
use crate::process::{Tools, cores};
use crate::weigh::Cost;

/// The numbers of hosts.
const HOSTS: Sizes = [10, 30, 100];
/// The cases that are for each of them, a snapshot among them.
const CASES: usize = 20;
/// Those that are for several hosts together: one for all NixOS hosts and Macs.
const TOGETHER: usize = 1;

const SNAPSHOT: &str = r#"
  - name: snapshot
    hosts: ["nixos:*", "darwin:*"]
    snapshot: { options: environment.variables }
"#;

const PARITY: &str = r"
  - name: together
    parity: { paths: [environment.variables.A1, environment.variables.A2] }
";

/// What is done again and again with nothing to evaluate, and what it exits with.
const REPEATED: [(&str, i32, &[&str]); 12] = [
    ("run, nothing changed", 0, &["run"]),
    ("run --explain-cache", 0, &["run", "--explain-cache"]),
    ("list", 0, &["list"]),
    (
        "list --affected, one host edited",
        0,
        &["list", "--affected"],
    ),
    ("matrix", 0, &["matrix", "--shards=4"]),
    ("review, nothing pending", 0, &["review"]),
    ("report, for a terminal", 0, &["report", "--from", RECORD]),
    (
        "report --junit",
        0,
        &["report", "--from", RECORD, "--junit=x.xml"],
    ),
    (
        "report --html",
        0,
        &["report", "--from", RECORD, "--html=x.html"],
    ),
    (
        "report --markdown",
        0,
        &["report", "--from", RECORD, "--markdown=x.md"],
    ),
    (
        "report --github",
        0,
        &["report", "--from", RECORD, "--github"],
    ),
    ("cache stats", 0, &["cache", "stats"]),
];
const RECORD: &str = ".git/run.jsonl";

/// Runs the suite on each number of hosts, and prints what that took.
pub(crate) fn table(tools: &Tools, rounds: usize) -> Result<(), String> {
    let mut loads = Vec::new();
    let mut cold = [Cost::default(); 3];
    for (hosts, cold) in HOSTS.into_iter().zip(&mut cold) {
        let load = Load::new(hosts)?;
        *cold = load.first_run(tools)?;
        loads.push(load);
    }
    let mut rows = vec![
        Row::of("run, nothing known, with Nix", &cold, |cost| cost.all),
        Row::of("the harness itself in that", &cold, |cost| {
            cost.own.unwrap_or(0.0)
        }),
    ];
    for (what, exit, arguments) in REPEATED {
        rows.push(Row::measure(what, rounds, |size| {
            loads[size].run(tools, exit, arguments)
        })?);
    }
    rows.push(Row::measure(
        "report of a record for each host",
        rounds,
        |size| {
            let load = &loads[size];
            let records: Vec<_> = (0..load.hosts).map(shard).collect();
            let records = records.iter().flat_map(|file| ["--from", file]);
            let arguments: Vec<_> = ["report"].into_iter().chain(records).collect();
            load.run(tools, 0, &arguments)
        },
    )?);
    rows.push(Row::measure(
        "run at a terminal, nothing changed",
        rounds,
        |size| {
            let load = &loads[size];
            let (code, cost) = tools.weigh_at_terminal(load.root(), load.cache.path(), &["run"])?;
            match code {
                Some(0) => Ok(cost),
                code => Err(format!("run at a terminal exited with {code:?}")),
            }
        },
    )?);
    print("hosts", HOSTS, &rows);
    Ok(())
}

/// A flake with hosts and a suite, and what was observed of them.
struct Load {
    project: Project,
    cache: TempDir,
    hosts: usize,
}

impl Load {
    fn new(number: usize) -> Result<Self, String> {
        let hosts: Vec<Host> = (0..number).map(host).collect();
        let project = Project::with_inputs(&hosts);
        project.write("parity.yaml", &settings(number));
        project.write("cases/fleet.yaml", &suite());
        project.commit("the hosts");
        let cache = tempfile::tempdir().map_err(|e| e.to_string())?;
        Ok(Self {
            project,
            cache,
            hosts: number,
        })
    }

    fn root(&self) -> &Utf8Path {
        self.project.root()
    }

    /// Evaluates the hosts, and brings all into the state that is looked at again and
    /// again: snapshots accepted, everything committed, records kept.
    fn first_run(&self, tools: &Tools) -> Result<Cost, String> {
        let jobs = format!("--jobs={}", cores());
        let tests = self.hosts * CASES + TOGETHER;
        let (done, cost) = self.weigh(tools, &["run", "--format=jsonl", &jobs])?;
        outcomes(&done, tests - self.hosts, self.hosts)?;
        self.run(tools, 0, &["review", "--accept"])?;
        self.project.commit("what they have");
        let (done, _) = self.weigh(tools, &["run", "--format=jsonl"])?;
        outcomes(&done, tests, 0)?;
        self.project.write(RECORD, &done.stdout);
        for (number, record) in of_hosts(&done.stdout, self.hosts).iter().enumerate() {
            self.project.write(&shard(number), record);
        }
        // A comment, which changes nothing of the host, but who knows that beforehand?
        let edited = host(0);
        let module = format!("{}# edited\n", edited.module());
        self.project.write(&edited.file(), &module);
        self.run(tools, 0, &["run"])?;
        Ok(cost)
    }

    fn weigh(
        &self,
        tools: &Tools,
        arguments: &[&str],
    ) -> Result<(crate::process::Done, Cost), String> {
        tools.weigh(self.root(), self.cache.path(), arguments)
    }

    fn run(&self, tools: &Tools, exit: i32, arguments: &[&str]) -> Result<Cost, String> {
        let (done, cost) = self.weigh(tools, arguments)?;
        done.exited(exit, arguments)?;
        Ok(cost)
    }
}

fn shard(number: usize) -> String {
    format!(".git/host-{number}.jsonl")
}

/// Mostly NixOS, and every third a Mac.
fn host(number: usize) -> Host {
    let (platform, name) = of(number);
    let mut module = "{ environment.variables = {\n".to_owned();
    for n in 0..CASES {
        // Writing to a String cannot fail.
        let _ = writeln!(module, "  A{n} = \"{n}\";");
    }
    module.push_str("}; }\n");
    Host::new(platform, &name).with_module(&module)
}

fn of(number: usize) -> (Platform, String) {
    if number % 3 == 2 {
        (Platform::Darwin, format!("mac-{number}"))
    } else {
        (Platform::NixOs, format!("pc-{number}"))
    }
}

fn settings(number: usize) -> String {
    let mut hosts = [String::new(), String::new()];
    for number in 0..number {
        let (side, system) = match of(number) {
            (Platform::Darwin, name) => (1, format!("{name}: aarch64-darwin, ")),
            (_, name) => (0, format!("{name}: x86_64-linux, ")),
        };
        hosts[side].push_str(&system);
    }
    let [nixos, darwin] = hosts;
    format!(
        "profile: offline
profiles: {{ offline: {{ override_inputs: {} }} }}
hosts:
  nixos: {{ {nixos} }}
  darwin: {{ {darwin} }}
",
        offline_inputs()
    )
}

fn suite() -> String {
    let mut text = "suite: fleet\ncases:\n".to_owned();
    for n in 1..CASES {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "  - name: case {n:02}\n    hosts: [\"nixos:*\", \"darwin:*\"]\n    expect: {{ common: {{ environment.variables.A{n}: \"{n}\" }} }}"
        );
    }
    [&*text, SNAPSHOT, PARITY].concat()
}

/// The record of a run cut into one for each host, as of so many shards.
fn of_hosts(record: &str, hosts: usize) -> Vec<String> {
    let events: Vec<(serde_json::Value, &str)> = record
        .lines()
        .filter_map(|line| Some((serde_json::from_str(line).ok()?, line)))
        .collect();
    let of_host = |number: usize| {
        let name = of(number).1;
        let mut text = String::new();
        for (event, line) in &events {
            let mut event = event.clone();
            let belongs = match event["event"].as_str() {
                Some("run_started") => {
                    if let Some(hosts) = event["hosts"].as_array_mut() {
                        hosts.retain(|host| host["label"] == *name);
                    }
                    event["groups"] = serde_json::json!([]);
                    text.push_str(&event.to_string());
                    text.push('\n');
                    false
                }
                Some("run_finished") => true,
                Some("test_finished") => event["id"]["host"] == *name,
                _ => event["host"] == *name,
            };
            if belongs {
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    };
    (0..hosts).map(of_host).collect()
}
