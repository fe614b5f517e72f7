//! Reading and comparing the derivations of two toplevels, against one
//! `nix derivation show -r`.

use std::time::Instant;

use nix_parity_drv::{Graph, Noise, StoreFolder, StorePath, diff};
use nix_parity_testkit::{Program, Project};

use crate::process::measure;
use crate::statistics::{Sample, compare};
use crate::weigh;

/// How many derivations a toplevel has below it.
const COUNT: usize = 5_000;
/// How many of them are edited.
const EDITED: usize = 4;
/// What reading and comparing may take.
const LIMIT: f64 = 0.10;

/// Somewhat larger than real ones: ten inputs and nearly five kilobytes each.
const EXPRESSION: &str = r#"
let
  mod = a: b: a - b * (a / b);
  count = @COUNT@;
  toplevel = edited:
    let
      packages = builtins.genList package count;
      at = builtins.elemAt packages;
      text = n: word: builtins.concatStringsSep "\n" (builtins.genList (k: "${word} ${toString (n * k)}") 90);
      package = n: derivation {
        name = "package-${toString n}-1.0";
        system = "x86_64-linux";
        builder = "/bin/sh";
        args = [ "-e" (builtins.toFile "builder.sh" "mkdir $out") ];
        flags = if edited n then "--edited" else "";
        compiler = if n == 0 then "" else at 0;
        buildInputs = if n == 0 then [ ] else builtins.genList (k: at (mod (k * 104729 + 7919) n)) 8;
        before = if mod n 50 == 0 then "" else at (n - 1);
        script = text n "install this and that to";
      };
    in
    derivation { name = "toplevel"; system = "x86_64-linux"; builder = "/bin/sh"; all = packages; };
in
{
  plain = toplevel (n: false);
  everything = toplevel (n: mod n 1250 == 0);
  little = toplevel (n: n >= count - 4);
}
"#;

/// Two toplevels, and how many derivations of each the other has not.
struct Pair {
    what: &'static str,
    paths: [String; 2],
    differing: usize,
}

/// Runs both sides as often as there are rounds, and prints what they took.
pub(crate) fn table(rounds: usize) -> Result<(), String> {
    let project = Project::new(&[(
        "graphs.nix",
        &EXPRESSION.replace("@COUNT@", &COUNT.to_string()),
    )]);
    let file = project.path("graphs.nix");
    let toplevel = |name: &str| {
        let attribute = format!("{name}.drvPath");
        nix(&["eval", "--raw", "--file", file.as_str(), &attribute])
    };
    let plain = toplevel("plain")?;
    let pairs = [
        // Nothing needs what is edited but the toplevel itself.
        Pair {
            what: "that differ in few",
            paths: [plain.clone(), toplevel("little")?],
            differing: EDITED + 1,
        },
        // All others need one of what is edited: nothing that was read for one toplevel
        // serves the other.
        Pair {
            what: "that differ in all",
            paths: [plain.clone(), toplevel("everything")?],
            differing: COUNT + 1,
        },
    ];
    let show = || nix(&["derivation", "show", "-r", &plain]).map(drop);
    // Fills the page cache, and tells what it takes in memory beside what was there. The
    // one that takes less comes first: what a process held at most does not fall.
    let before = weigh::peak(std::process::id());
    let mut peaks = Vec::new();
    for pair in &pairs {
        read_and_compare(pair)?;
        peaks.push(weigh::peak(std::process::id()));
    }
    show()?;

    let mut ours = [const { Vec::new() }; 2];
    let mut nixes = Vec::new();
    for round in 0..rounds {
        for turn in 0..=pairs.len() {
            let turn = (round + turn) % (pairs.len() + 1);
            if let Some((pair, samples)) = pairs.get(turn).zip(ours.get_mut(turn)) {
                // Of processes that it starts there are none to add up.
                let began = Instant::now();
                read_and_compare(pair)?;
                samples.push(Sample {
                    wall: began.elapsed(),
                    processor: None,
                });
            } else {
                nixes.push(measure(show)?);
            }
        }
    }
    println!("\nread and compare 2 × {COUNT} derivations / nix derivation show -r of one:");
    for ((pair, samples), peak) in pairs.iter().zip(&ours).zip(peaks) {
        let ratio = compare(samples, &nixes);
        println!(
            "{}: {:.3} ({:.3} – {:.3}), at most {LIMIT:.2}: {}",
            pair.what,
            ratio.median,
            ratio.least,
            ratio.greatest,
            if ratio.median <= LIMIT { "yes" } else { "no" },
        );
        if let Some((before, after)) = before.zip(peak) {
            println!("  memory: {} MB", (after - before) / 1_000_000);
        }
    }
    Ok(())
}

fn read_and_compare(pair: &Pair) -> Result<(), String> {
    let mut roots = Vec::new();
    for path in &pair.paths {
        roots.push(StorePath::parse(path).map_err(|e| e.to_string())?);
    }
    let graph = Graph::read(&StoreFolder::new(), &roots).map_err(|e| e.to_string())?;
    let [old, new] = graph.roots() else {
        return Err("two toplevels were read".to_owned());
    };
    let found = diff(&graph, *old, *new, &Noise::default());
    let counts = [
        found.causes.len(),
        found.followers_total,
        found.unchanged,
        graph.len(),
    ];
    let wanted = [
        EDITED,
        pair.differing - EDITED,
        COUNT + 1 - pair.differing,
        COUNT + 1 + pair.differing,
    ];
    if counts == wanted {
        return Ok(());
    }
    Err(format!(
        "{counts:?} are not the causes, followers, unchanged and all derivations, {wanted:?}"
    ))
}

/// What a command of Nix prints.
fn nix(arguments: &[&str]) -> Result<String, String> {
    let ran = Program::new("nix").arg("--offline").args(arguments).run();
    if ran.code() == Some(0) {
        return Ok(ran.stdout);
    }
    Err(format!(
        "nix {} failed:\n{}",
        arguments.join(" "),
        ran.stderr
    ))
}
