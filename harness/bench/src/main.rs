//! `just bench`: the speed goals of nix-parity as ratios.
//!
//! Each round runs every contender once, in an order that turns from round to
//! round, so that what else the machine does meets both sides of a ratio. A ratio
//! is taken within a round; the table shows the median over the rounds and its
//! spread. Seconds are never compared across runs, and none are printed. Memory is
//! what it is on any machine, so there it is megabytes.
#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod contender;
mod graphs;
mod memory;
mod process;
mod statistics;
mod workload;

use std::process::ExitCode;

use contender::Contender;
use statistics::Sample;
use workload::Workload;

/// A goal: `this` may cost at most `limit` times as much as `against`.
struct Goal {
    what: &'static str,
    this: Contender,
    against: Contender,
    limit: f64,
}

const GOALS: [Goal; 4] = [
    Goal {
        what: "cold suite / one nix eval per host",
        this: Contender::Run,
        against: Contender::NixEval,
        limit: 1.05,
    },
    Goal {
        what: "cargo nextest run / nix-parity run",
        this: Contender::Nextest,
        against: Contender::CachedRun,
        limit: 1.25,
    },
    Goal {
        what: "20 of 200 fail hard / none fail",
        this: Contender::FailingRun,
        against: Contender::Run,
        limit: 1.10,
    },
    // And no Nix process: the contender fails where there is one.
    Goal {
        what: "nothing changed / cold, 1,000 tests",
        this: Contender::Unchanged,
        against: Contender::Many,
        limit: 0.02,
    },
];

const USAGE: &str = "usage: nix-parity-bench [--rounds N | graphs]";

fn main() -> ExitCode {
    // Alone it takes seconds, and needs no test runner.
    let only_graphs = std::env::args().skip(1).eq(["graphs"]);
    let result = if only_graphs {
        graphs::table(9)
    } else {
        rounds().and_then(bench)
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            println!("error: {message}");
            ExitCode::from(2)
        }
    }
}

fn rounds() -> Result<usize, String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => Ok(5),
        [flag, count] if flag == "--rounds" => match count.parse() {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(USAGE.to_owned()),
        },
        _ => Err(USAGE.to_owned()),
    }
}

fn bench(rounds: usize) -> Result<(), String> {
    let tools = process::Tools::build()?;
    let workload = Workload::generate()?;
    println!(
        "{} cores, {}, {} tests on {} hosts, {rounds} rounds\n",
        workload.jobs,
        process::nix_version()?,
        workload::TESTS,
        workload::HOSTS,
    );
    // Fills what stays: the store with the tree and the derivations, the page cache.
    for contender in Contender::ALL {
        contender.run(&tools, &workload)?;
    }
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); Contender::ALL.len()];
    for round in 0..rounds {
        for turn in 0..Contender::ALL.len() {
            let index = (round + turn) % Contender::ALL.len();
            samples[index].push(Contender::ALL[index].run(&tools, &workload)?);
        }
    }
    println!(
        "{:36} {:>6}  {:>13}  {:>9}  {:>6}  met",
        "what / against", "ratio", "spread", "processor", "goal"
    );
    for goal in &GOALS {
        let of = |contender| &samples[contender as usize];
        let ratio = statistics::compare(of(goal.this), of(goal.against));
        println!(
            "{:36} {:>6.3}  {:>5.3} – {:.3}  {:>9}  ≤ {:.2}  {}",
            goal.what,
            ratio.median,
            ratio.least,
            ratio.greatest,
            ratio
                .processor
                .map_or("–".to_owned(), |p| format!("{p:.3}")),
            goal.limit,
            if ratio.median <= goal.limit {
                "yes"
            } else {
                "no"
            },
        );
    }
    graphs::table(rounds)?;
    memory::table(&tools, &workload)
}
