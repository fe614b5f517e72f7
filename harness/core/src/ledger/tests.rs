//! Ledgers and locks as people write them, and what outcomes make of them.

use super::{
    Evidence, Gap, Held, Ledger, Lock, Reality, Wanted, bound_rows, gap, ledger_schema, misbound,
    parse_ledger,
};
use crate::case::{Suite, parse_suite};
use crate::diagnostic::Diagnostic;
use crate::id::TestId;
use crate::outcome::Outcome;

const LEDGER: &str = r"
rows:
  - { id: shell, proposed: a shell, gap: total, weight: 3, wanted: required }
  - { id: editor, proposed: an editor, wanted: optional }
  - { id: space, proposed: satellites, wanted: declined, reason: no rocket }
";

fn ledger(text: &str) -> Ledger {
    parse_ledger("ledger.yaml", text).unwrap_or_else(|d| panic!("{d:#?}"))
}

/// `line:column message (label)`.
fn say(d: &Diagnostic) -> String {
    let l = d.location.as_ref().unwrap();
    let label = d.label.as_ref().map(|l| format!(" ({l})"));
    let label = label.unwrap_or_default();
    format!("{}:{} {}{label}", l.line, l.column, d.message)
}

fn suite(cases: &str) -> Suite {
    parse_suite("cases/a.yaml", cases).unwrap_or_else(|d| panic!("{d:#?}"))
}

#[test]
fn a_ledger_is_read_whole() {
    let ledger = ledger(LEDGER);
    assert_eq!(ledger.rows.len(), 3);
    let shell = ledger.row("shell").unwrap();
    assert_eq!((shell.weight, &shell.wanted), (3, &Wanted::Required));
    assert_eq!(shell.gap.as_deref(), Some("total"));
    assert_eq!(ledger.row("editor").unwrap().weight, 1);
    let reason = "no rocket".to_owned();
    let space = ledger.row("space").unwrap();
    assert_eq!(space.wanted, Wanted::Declined { reason });
}

#[test]
fn mistakes_are_placed_and_explained() {
    let row = |text: &str| format!("rows:\n  - {{ {text} }}\n");
    for (text, message) in [
        (String::new(), "1:1 an empty ledger"),
        (
            "[]".into(),
            "1:1 a ledger must be a mapping (this is a list)",
        ),
        ("row: []".into(), "1:1 a ledger without `rows`"),
        ("rows: []".into(), "1:7 no row that is wanted"),
        (
            row("proposed: a, wanted: required"),
            "2:5 a row without `id`",
        ),
        (
            row("id: a, wanted: required"),
            "2:5 a row without `proposed`",
        ),
        (row("id: a, proposed: b"), "2:5 a row without `wanted`"),
        (
            row("id: a b, proposed: c, wanted: required"),
            "2:11 `a b` is no id of a row",
        ),
        (
            row("id: a, proposed: b, wanted: requird"),
            "2:35 `wanted` is not `requird` (did you mean `required`?)",
        ),
        (
            row("id: a, proposed: b, wanted: declined"),
            "2:35 a declined row without a `reason`",
        ),
        (
            row("id: a, proposed: b, wanted: required, reason: c"),
            "2:45 `reason` of a row that is not declined",
        ),
        (
            row("id: a, proposed: b, wanted: required, weight: 0"),
            "2:53 `weight` is a number from 1 to 1000",
        ),
        (
            row("id: a, proposed: b, wanted: required, weight: -2"),
            "2:53 `weight` is a number from 1 to 1000",
        ),
        (
            row("id: a, proposed: b, wanted: required, wieght: 2"),
            "2:45 unknown key `wieght` in a row (did you mean `weight`?)",
        ),
        (
            row("id: a, proposed: b, wanted: declined, reason: c"),
            "2:3 no row that is wanted",
        ),
        (
            format!("{LEDGER}  - {{ id: shell, proposed: b, wanted: optional }}"),
            "6:11 a second row `shell`",
        ),
        (
            "rows:\n\t- x".into(),
            "2:1 a tab in the indentation: YAML takes spaces only",
        ),
    ] {
        let found = parse_ledger("ledger.yaml", &text).unwrap_err();
        // The tree's own mistakes come first where one leads to another.
        let said: Vec<_> = found.iter().map(say).collect();
        assert!(
            said.iter().any(|s| s == message),
            "{text:?}\n{said:#?}\n{message}"
        );
    }
}

#[test]
fn names_of_rows_are_checked() {
    let ledger = ledger(LEDGER);
    let text = "proves: [shel, editor]\ncases:\n  - { name: a, proves: [space, rockets], warns: x }\n  - { name: b, expected_failure: { until: y, ledger: edtor }, warns: x }\n";
    let said: Vec<_> = misbound(&ledger, &suite(text)).iter().map(say).collect();
    assert_eq!(
        said,
        [
            "1:10 the ledger has no row `shel` (did you mean `shell`?)",
            "3:25 row `space` of the ledger is declined",
            "3:32 the ledger has no row `rockets`",
            "4:54 the ledger has no row `edtor` (did you mean `editor`?)",
        ]
    );
}

#[test]
fn a_known_failure_is_evidence_against_the_row_that_it_names() {
    let text = "proves: [shell]\ncases:\n  - { name: a, proves: [editor, shell], warns: x }\n  - { name: b, expected_failure: { until: y, ledger: editor }, warns: x }\n  - { name: c, expected_failure: { until: y }, warns: x }\n";
    let suite = suite(text);
    let rows: Vec<_> = suite.cases.iter().map(|c| bound_rows(&suite, c)).collect();
    assert_eq!(
        rows,
        [vec!["editor", "shell"], vec!["editor"], vec!["shell"]]
    );
}

/// The gap of the ledger above; `shell` and `editor` have tests with these outcomes.
fn stand(shell: &[Option<Outcome>], editor: &[Option<Outcome>], lock: Option<&Lock>) -> Gap {
    let ids: Vec<_> = (0..shell.len().max(editor.len()))
        .map(|n| TestId {
            suite: "s".to_owned(),
            case: format!("c{}", n / 2),
            host: format!("h{}", n % 2),
        })
        .collect();
    let of = |row: &'static str,
              outcomes: &'_ [Option<Outcome>]|
     -> Vec<(usize, &'static str, Option<Outcome>)> {
        let numbered = outcomes.iter().enumerate();
        numbered.map(|(n, o)| (n, row, o.clone())).collect()
    };
    let all: Vec<_> = of("shell", shell)
        .into_iter()
        .chain(of("editor", editor))
        .collect();
    let evidence: Vec<_> = all
        .iter()
        .map(|(n, row, outcome)| Evidence {
            test: &ids[*n],
            hosts: vec![&ids[*n].host],
            rows: vec![row],
            until: None,
            outcome: outcome.as_ref(),
        })
        .collect();
    gap(&ledger(LEDGER), &evidence, lock)
}

const FAIL: Option<Outcome> = Some(Outcome::Fail {
    findings: Vec::new(),
});

const SKIP: Option<Outcome> = Some(Outcome::Skip {
    reason: String::new(),
});

const PASS: Option<Outcome> = Some(Outcome::Pass);

#[test]
fn a_row_is_as_real_as_its_tests() {
    for (tests, reality, score) in [
        (vec![], Reality::Unproven, 0),
        (vec![PASS], Reality::Proven, 75),
        (vec![PASS, PASS, PASS], Reality::Proven, 75),
        (vec![PASS, FAIL], Reality::Partly, 0),
        (vec![PASS, SKIP], Reality::Partly, 0),
        (vec![SKIP], Reality::Partly, 0),
        (vec![FAIL, SKIP], Reality::Failing, 0),
        (vec![FAIL], Reality::Failing, 0),
        (vec![None], Reality::Failing, 0),
    ] {
        let gap = stand(&tests, &[], None);
        assert_eq!(gap.rows[0].reality, reality, "{tests:?}");
        assert_eq!(gap.score, score, "{tests:?}");
        assert_eq!(gap.rows[2].reality, Reality::Declined);
    }
    assert_eq!(stand(&[PASS], &[PASS], None).score, 100);
    let three = &stand(&[PASS, PASS, PASS], &[], None).rows[0];
    assert_eq!((three.tests, three.cases, three.hosts), (3, 2, 2));
}

#[test]
fn what_is_expected_to_fail_proves_nothing() {
    let id = TestId {
        suite: "s".to_owned(),
        case: "c".to_owned(),
        host: "h".to_owned(),
    };
    let evidence = [Evidence {
        test: &id,
        hosts: vec![&id.host],
        rows: vec!["shell"],
        until: Some("wayland"),
        outcome: Some(&Outcome::Pass),
    }];
    let gap = gap(&ledger(LEDGER), &evidence, None);
    assert_eq!(gap.rows[0].reality, Reality::Failing);
    let open = serde_json::to_value(&gap.rows[0].open).unwrap();
    assert_eq!(
        open,
        serde_json::json!([{"test": "s::c::h", "why": "expected", "because": "wayland"}])
    );
}

#[test]
fn a_row_that_loses_proof_is_worse() {
    let lock = |tests: &[Option<Outcome>]| stand(tests, &[], None).lock();
    for (was, now, worse) in [
        (vec![PASS, PASS], vec![PASS, PASS], false),
        (vec![PASS], vec![PASS, PASS], false),
        (vec![PASS, PASS], vec![PASS], true),
        (vec![PASS], vec![PASS, FAIL], true),
        (vec![PASS, FAIL], vec![PASS, FAIL, FAIL], false),
        (vec![PASS, PASS, FAIL], vec![PASS, PASS], false),
        (vec![FAIL], vec![], false),
        (vec![PASS], vec![], true),
    ] {
        let found = stand(&now, &[], Some(&lock(&was))).worse;
        assert_eq!(!found.is_empty(), worse, "{was:?} {now:?} {found:?}");
    }
    let mut gone = Lock::default();
    let held = Held {
        passed: 1,
        tests: 2,
    };
    for id in ["gone", "space"] {
        gone.rows.insert(id.to_owned(), held);
    }
    let found = stand(&[], &[], Some(&gone)).worse;
    let ids: Vec<_> = found.iter().map(|w| (w.id.as_str(), w.now)).collect();
    assert_eq!(ids, [("gone", None), ("space", None)]);
}

#[test]
fn a_lock_is_read_as_it_was_written() {
    let lock = stand(&[PASS, FAIL], &[], None).lock();
    let text = lock.render();
    assert_eq!(Lock::parse("ledger.lock", &text), Ok(lock));
    assert!(!text.contains("space"), "{text}");
    let empty = Lock::default();
    assert_eq!(Lock::parse("ledger.lock", &empty.render()), Ok(empty));
    let odd = "format: 1\nrows:\n  \"null\": { passed: 1, tests: 1 }\n  \"1.5\": { passed: 0, tests: 0 }\n";
    assert_eq!(Lock::parse("l", odd).unwrap().rows.len(), 2);
    for (text, message) in [
        ("", "1:1 the lock must be a mapping (this is nothing)"),
        ("rows: {}", "1:1 a lock without `format`"),
        (
            "format: 2\nrows: {}",
            "1:9 this program reads locks of format 1",
        ),
        ("format: 1", "1:1 a lock without `rows`"),
        (
            "format: 1\nrows: { a: { passed: 1 } }",
            "2:12 `tests` is a number from 0",
        ),
        (
            "format: 1\nrows: { a: { passed: -1, tests: 1 } }",
            "2:22 `passed` is a number from 0",
        ),
        (
            "format: 1\nrows: { a: { passed: 2, tests: 1 } }",
            "2:12 more tests pass than there are",
        ),
        (
            "format: 1\nrows: { a: { passd: 1, tests: 1 } }",
            "2:14 unknown key `passd` in a row (did you mean `passed`?)",
        ),
    ] {
        let found = Lock::parse("ledger.lock", text).unwrap_err();
        assert_eq!(say(&found[0]), message, "{text}");
        assert!(found[0].notes.last().unwrap().contains("--accept"));
    }
}

#[test]
fn the_schema_lists_what_the_parser_takes() {
    let row = &ledger_schema()["properties"]["rows"]["items"];
    let keys: Vec<_> = row["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(
        keys,
        [
            "found", "gap", "id", "proposed", "reason", "wanted", "weight"
        ]
    );
    assert_eq!(
        row["required"],
        serde_json::json!(["id", "proposed", "wanted"])
    );
}
