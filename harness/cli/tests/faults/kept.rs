//! Every file that the program writes and reads again, in whichever command, with the rows
//! in which its writer is killed, its disk is full, and it is damaged.

use crate::table::Row;

/// A file, and what happens to it: killed at every write, full disk, damage at every byte.
struct Kept {
    file: &'static str,
    killed: &'static str,
    full: &'static str,
    damaged: &'static str,
}

const fn kept(
    file: &'static str,
    killed: &'static str,
    full: &'static str,
    damaged: &'static str,
) -> Kept {
    Kept {
        file,
        killed,
        full,
        damaged,
    }
}

const RUN: &str = "run, of a host that is new";
const GATE: &str = "gate, which records what it lets pass";
const DIFF: &str = "diff, which lays out a commit";
const PENDING: &str = "run, with snapshots to put down";
/// What the shell writes into a file is cut off there.
const OUTPUT: &str = "standard output";

const KEPT: [Kept; 15] = [
    kept("observations", RUN, RUN, "the observations of a host"),
    kept("notes of the cache", RUN, RUN, "notes of the cache"),
    kept("records of gates", GATE, GATE, "the record of a gate"),
    kept("commits laid out", DIFF, DIFF, "a commit that is laid out"),
    kept(
        "pending snapshots",
        PENDING,
        PENDING,
        "a snapshot that waits",
    ),
    kept(
        "accepted snapshots",
        "review --accept",
        "review --accept",
        "an accepted snapshot",
    ),
    kept("accepted figures", PENDING, PENDING, "accepted figures"),
    kept("ledger.lock", "gap --accept", "gap --accept", "ledger.lock"),
    kept(
        "history of the ledger",
        "gap --history",
        "gap --history",
        "a history of the ledger",
    ),
    kept(
        "parity.yaml, cases, ledger",
        "init --yes",
        "init --yes",
        "parity.yaml and a case file",
    ),
    kept(
        "schemas",
        "schema --write",
        "schema --write",
        "vm-tests.nix and schemas",
    ),
    kept(
        "vm-tests.nix",
        "vm --export",
        "vm --export",
        "vm-tests.nix and schemas",
    ),
    kept(
        "records of runs",
        "the record of a run",
        OUTPUT,
        "the record of a run",
    ),
    kept(
        "comparisons and ledgers as JSON",
        "a comparison and a ledger",
        OUTPUT,
        "a comparison and a ledger",
    ),
    // QEMU and the driver write them, and a run of the same case begins with none.
    kept(
        "what is left of a machine",
        "a picture of a machine",
        "a file system of 64 KiB",
        "a picture of a machine",
    ),
];

/// Prints the table, and fails where a file has no row.
#[expect(clippy::print_stdout, reason = "it is to be seen where all is well")]
pub(crate) fn tell(rows: &[Row]) {
    let has = |fault: &str, to: &str| {
        let there = |row: &Row| (row.fault, row.to) == (fault, to);
        assert!(rows.iter().any(there), "no row: {fault}: {to}");
    };
    println!(
        "\n{:32}  {:38}  {:38}  damaged",
        "kept file", "killed", "full disk"
    );
    for Kept {
        file,
        killed,
        full,
        damaged,
    } in &KEPT
    {
        // What is written by a shell is as if killed where it is cut off.
        let is_cut = killed == damaged;
        has(
            if is_cut {
                "damage at every byte"
            } else {
                "killed at every write"
            },
            killed,
        );
        has("full disk", full);
        has("damage at every byte", damaged);
        println!("{file:32}  {killed:38}  {full:38}  {damaged}");
    }
}
