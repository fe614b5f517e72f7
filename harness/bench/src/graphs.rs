//! Reading and comparing the derivations of two toplevels, against one
//! `nix derivation show -r`.

use std::time::Instant;

use nix_parity_drv::{Graph, Noise, StoreFolder, StorePath, diff};
use nix_parity_testkit::{Program, Project};

use crate::memory;
use crate::process::measure;
use crate::statistics::{Sample, compare};

/// How many derivations a toplevel has below it.
const COUNT: usize = 5_000;
/// How many of them are edited, the one that all others need among them: so every path
/// differs, and nothing that was read for one toplevel serves the other.
const EDITED: usize = 4;
/// What reading and comparing may take.
const LIMIT: f64 = 0.10;

/// Of the size of real ones: ten inputs and three kilobytes each.
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
        flags = if edited && mod n 1250 == 0 then "--edited" else "";
        compiler = if n == 0 then "" else at 0;
        buildInputs = if n == 0 then [ ] else builtins.genList (k: at (mod (k * 104729 + 7919) n)) 8;
        before = if mod n 50 == 0 then "" else at (n - 1);
        script = text n "install this and that to";
      };
    in
    derivation { name = "toplevel"; system = "x86_64-linux"; builder = "/bin/sh"; all = packages; };
in
{ plain = toplevel false; edited = toplevel true; }
"#;

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
    let paths = [toplevel("plain")?, toplevel("edited")?];
    // Fills the page cache, and tells what it takes in memory beside what was there.
    let before = memory::peak(std::process::id());
    read_and_compare(&paths)?;
    let after = memory::peak(std::process::id());
    nix(&["derivation", "show", "-r", &paths[0]])?;

    let (mut ours, mut nixes) = (Vec::new(), Vec::new());
    for round in 0..rounds {
        for turn in 0..2 {
            if (round + turn) % 2 == 0 {
                // Of processes that it starts there are none to add up.
                let began = Instant::now();
                read_and_compare(&paths)?;
                ours.push(Sample {
                    wall: began.elapsed(),
                    processor: None,
                });
            } else {
                nixes.push(measure(|| {
                    nix(&["derivation", "show", "-r", &paths[0]]).map(drop)
                })?);
            }
        }
    }
    let ratio = compare(&ours, &nixes);
    println!(
        "\nread and compare 2 × {COUNT} derivations / nix derivation show -r of one:\n\
         {:.3} ({:.3} – {:.3}), at most {LIMIT:.2}: {}",
        ratio.median,
        ratio.least,
        ratio.greatest,
        if ratio.median <= LIMIT { "yes" } else { "no" },
    );
    if let Some((before, after)) = before.zip(after) {
        println!("memory: {} MB", (after - before) / 1_000_000);
    }
    Ok(())
}

fn read_and_compare(paths: &[String; 2]) -> Result<(), String> {
    let mut roots = Vec::new();
    for path in paths {
        roots.push(StorePath::parse(path).map_err(|e| e.to_string())?);
    }
    let graph = Graph::read(&StoreFolder::new(), &roots).map_err(|e| e.to_string())?;
    let [old, new] = graph.roots() else {
        return Err("two toplevels were read".to_owned());
    };
    let found = diff(&graph, *old, *new, &Noise::default());
    let counts = (found.causes.len(), found.followers_total);
    if counts == (EDITED, COUNT + 1 - EDITED) && graph.len() == 2 * (COUNT + 1) {
        return Ok(());
    }
    Err(format!("{counts:?} are not the causes and followers"))
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
