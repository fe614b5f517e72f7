//! The speed goals: who may cost how much more than whom.

use crate::contender::Contender;
use crate::load::Load;
use crate::process::Tools;
use crate::statistics::{self, Sample};

/// A goal: `this` may cost at most `limit` times as much as `against`.
struct Goal {
    what: String,
    this: Contender,
    against: Contender,
    limit: f64,
}

fn goals(load: &Load) -> [Goal; 5] {
    [
        Goal {
            what: "cold suite / one nix eval per host".to_owned(),
            this: Contender::Run,
            against: Contender::NixEval,
            limit: 1.05,
        },
        Goal {
            what: "cargo nextest run / nix-parity run".to_owned(),
            this: Contender::Nextest,
            against: Contender::CachedRun,
            limit: 1.25,
        },
        Goal {
            what: format!(
                "{} of {} fail hard / none fail",
                load.failing.failing, load.failing.tests
            ),
            this: Contender::FailingRun,
            against: Contender::Run,
            limit: 1.10,
        },
        // And no Nix process: the contender fails where there is one.
        Goal {
            what: format!("nothing changed / cold, {} tests", load.again.tests),
            this: Contender::Unchanged,
            against: Contender::Cold,
            limit: 0.02,
        },
        // And of no other host: the contender fails where there is one.
        Goal {
            what: "one host's file edited / it alone".to_owned(),
            this: Contender::Edited,
            against: Contender::Alone,
            limit: 1.15,
        },
    ]
}

/// Measures a load and prints a row for each goal.
///
/// Each round runs every contender once, in an order that turns from round to
/// round, so that what else the machine does meets both sides of a ratio.
pub(crate) fn table(tools: &Tools, load: &Load, rounds: usize) -> Result<(), String> {
    println!(
        "\n{}: {} tests on {} hosts",
        load.name,
        load.passing.tests,
        load.questions.len()
    );
    // Fills what stays: the store with the tree and the derivations, the page cache.
    for contender in Contender::ALL {
        contender.run(tools, load)?;
    }
    let mut samples: Vec<Vec<Sample>> = vec![Vec::new(); Contender::ALL.len()];
    for round in 0..rounds {
        for turn in 0..Contender::ALL.len() {
            let index = (round + turn) % Contender::ALL.len();
            samples[index].push(Contender::ALL[index].run(tools, load)?);
        }
    }
    println!(
        "{:36} {:>6}  {:>13}  {:>9}  {:>6}  met",
        "what / against", "ratio", "spread", "processor", "goal"
    );
    for goal in goals(load) {
        let of = |contender| &samples[contender as usize];
        let ratio = statistics::compare(of(goal.this), of(goal.against));
        let processor = ratio
            .processor
            .map_or("–".to_owned(), |p| format!("{p:.3}"));
        let met = if ratio.median <= goal.limit {
            "yes"
        } else {
            "no"
        };
        println!(
            "{:36} {:>6.3}  {:>5.3} – {:.3}  {processor:>9}  ≤ {:.2}  {met}",
            goal.what, ratio.median, ratio.least, ratio.greatest, goal.limit,
        );
    }
    Ok(())
}
