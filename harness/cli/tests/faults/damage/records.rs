//! What one command writes for another to read: records of runs, and values.

use super::DAMAGE;
use super::ways::{assert_ends, damaged};
use crate::every::prepared;
use crate::projects::tree;
use crate::table::{Row, Seen, row};

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(DAMAGE, "the record of a run", record),
        row(DAMAGE, "a comparison and a ledger", values),
        row(DAMAGE, "a picture of a machine", picture),
    ]
}

fn record() -> Seen {
    let fixture = tree();
    let ran = fixture.run(&["run", "--format", "jsonl"]);
    fixture.project.write("run.jsonl", &ran.stdout);
    let looked = damaged(
        fixture.project.path("run.jsonl").as_std_path(),
        48,
        |_, what| {
            let ran = fixture.program(&["report", "--from", "run.jsonl"]).run();
            // Damage within a text is a text. But no record of a failure is one of success.
            assert_ends(&ran, &[1, 2, 3, 4], what);
        },
    );
    Seen::Held(format!("{looked} damages: told as it reads, or refused"))
}

fn values() -> Seen {
    let fixture = tree();
    let run = fixture.run(&["run", "--format", "jsonl"]).stdout;
    fixture.project.write("run.jsonl", &run);
    let gap = fixture.run(&["gap", "--format", "jsonl"]).stdout;
    let shared = prepared();
    let diff = shared
        .run(&["diff", "pc", "pc", "--format", "jsonl"])
        .stdout;
    let mut looked = 0;
    for (file, text) in [("gap.jsonl", gap), ("diff.jsonl", diff)] {
        fixture.project.write(file, &text);
        looked += damaged(fixture.project.path(file).as_std_path(), 10, |_, what| {
            let arguments = ["report", "--from", "run.jsonl", file, "--html", "page.html"];
            let ran = fixture.run(&arguments);
            // The run failed, whatever else is told.
            assert_ends(&ran, &[1, 2], what);
        });
    }
    Seen::Held(format!("{looked} damages: told as they read, or refused"))
}

/// A page shows a picture as it is, or does without.
fn picture() -> Seen {
    let fixture = tree();
    let run = fixture.run(&["run", "--format", "jsonl"]).stdout;
    let named = run.replace(
        "\"event\":\"test_finished\",",
        "\"event\":\"test_finished\",\"artefacts\":[\".nix-parity/runs/pc/a.png\"],",
    );
    assert_ne!(run, named);
    fixture.project.write("run.jsonl", &named);
    // A picture of one dot.
    let dot = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q\0\0\0\0IEND\xaeB`\x82";
    let file = fixture.project.path(".nix-parity/runs/pc/a.png");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, dot).unwrap();
    let looked = damaged(file.as_std_path(), 12, |_, what| {
        let ran = fixture.run(&["report", "--from", "run.jsonl", "--html", "page.html"]);
        assert_ends(&ran, &[1], what);
        let page = fixture.project.read("page.html");
        assert!(page.trim_end().ends_with("</html>"), "{what}");
    });
    Seen::Held(format!("{looked} damages: a page all the same"))
}
