//! Many cases, each for five hosts: reading, listing, judging and reporting them.

use camino::Utf8Path;
use nix_parity_testkit::Project;
use tempfile::TempDir;

use super::growth::{Row, Sizes, print};
use crate::contender::outcomes;
use crate::load::generated::{FAILING, HOSTS, fail_some, fleet, with_cases};
use crate::process::{Tools, cores};
use crate::weigh::Cost;

/// The numbers of cases, each of them for all hosts.
const CASES: Sizes = [1_000, 3_000, 10_000];
/// How many megabytes a run of the last may take, when all hosts are evaluated.
const LIMIT: f64 = 150.0;

/// What is done again and again, and what it exits with: nothing of it starts Nix.
const REPEATED: [(&str, i32, &[&str]); 11] = [
    ("list", 0, &["list"]),
    ("list --format jsonl", 0, &["list", "--format=jsonl"]),
    ("matrix", 0, &["matrix", "--shards=4"]),
    ("run, nothing changed, a tenth fails", 1, &["run"]),
    ("report, for a terminal", 1, &["report", "--from", RECORD]),
    (
        "report --junit",
        1,
        &["report", "--from", RECORD, "--junit=x.xml"],
    ),
    (
        "report --html",
        1,
        &["report", "--from", RECORD, "--html=x.html"],
    ),
    (
        "report --markdown",
        1,
        &["report", "--from", RECORD, "--markdown=x.md"],
    ),
    (
        "report --github",
        1,
        &["report", "--from", RECORD, "--github"],
    ),
    (
        "report of two shards",
        1,
        &["report", "--from", SHARDS[0], "--from", SHARDS[1]],
    ),
    (
        "report --format jsonl",
        1,
        &["report", "--from", RECORD, "--format=jsonl"],
    ),
];
const RECORD: &str = "run.jsonl";
const SHARDS: [&str; 2] = ["one.jsonl", "two.jsonl"];

/// Runs each number of cases, and prints what it took.
pub(crate) fn table(tools: &Tools, rounds: usize) -> Result<(), String> {
    let fleet = fleet();
    let mut loads = Vec::new();
    let mut cold = [Cost::default(); 3];
    for (cases, cold) in CASES.into_iter().zip(&mut cold) {
        let load = Load::new(&fleet, cases)?;
        *cold = load.first_run(tools)?;
        loads.push(load);
    }
    let mut rows = vec![Row::of(
        "run, nothing known: the harness itself",
        &cold,
        |cost| cost.own.unwrap_or(0.0),
    )];
    rows.push(Row::measure("run, nothing changed", rounds, |size| {
        loads[size].run(tools, 0, &["run"])
    })?);
    for load in &loads {
        load.fail_some(tools)?;
    }
    for (what, exit, arguments) in REPEATED {
        rows.push(Row::measure(what, rounds, |size| {
            loads[size].run(tools, exit, arguments)
        })?);
    }
    print("cases", CASES, &rows);
    if let Some(megabytes) = rows[0].megabytes() {
        println!(
            "{} cases with nothing known: {megabytes:.1} MB, at most {LIMIT} MB: {}",
            CASES[2],
            if megabytes <= LIMIT { "yes" } else { "no" }
        );
    }
    Ok(())
}

/// A project with so many cases, and what was observed for them.
struct Load {
    project: Project,
    cache: TempDir,
    cases: usize,
}

impl Load {
    fn new(fleet: &Project, cases: usize) -> Result<Self, String> {
        Ok(Self {
            project: with_cases(fleet, cases),
            cache: tempfile::tempdir().map_err(|e| e.to_string())?,
            cases,
        })
    }

    fn root(&self) -> &Utf8Path {
        self.project.root()
    }

    /// Evaluates the hosts.
    fn first_run(&self, tools: &Tools) -> Result<Cost, String> {
        let jobs = format!("--jobs={}", cores());
        let arguments = ["run", "--format=jsonl", &jobs];
        let (done, cost) = tools.weigh(self.root(), self.cache.path(), &arguments)?;
        outcomes(&done, self.cases * HOSTS, 0)?;
        Ok(cost)
    }

    /// Lets some cases expect something else, and keeps the records of a run and of its
    /// shards. What they ask stays what it was.
    fn fail_some(&self, tools: &Tools) -> Result<(), String> {
        fail_some(&self.project);
        let failing = self.cases / FAILING * HOSTS;
        for (file, shard) in [
            (RECORD, None),
            (SHARDS[0], Some("--shard=1/2")),
            (SHARDS[1], Some("--shard=2/2")),
        ] {
            let arguments = ["run", "--format=jsonl"].into_iter().chain(shard);
            let arguments: Vec<_> = arguments.collect();
            let (done, _) = tools.weigh(self.root(), self.cache.path(), &arguments)?;
            if shard.is_none() {
                outcomes(&done, self.cases * HOSTS - failing, failing)?;
            }
            self.project.write(file, &done.stdout);
        }
        Ok(())
    }

    fn run(&self, tools: &Tools, exit: i32, arguments: &[&str]) -> Result<Cost, String> {
        let (done, cost) = tools.weigh(self.root(), self.cache.path(), arguments)?;
        done.exited(exit, arguments)?;
        Ok(cost)
    }
}
