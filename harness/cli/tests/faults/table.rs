//! The table: its rows, how they are run, and how they are told.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Instant;

use nix_parity_testkit::Need;

/// The faults that there must be rows of.
const FAULTS: [&str; 16] = [
    "killed at every write",
    "full disk",
    "read-only store and tree",
    "unreadable files",
    "clock jumps",
    "two runs at once",
    "damage at every byte",
    "Nix killed",
    "Nix ends well with half an answer",
    "network gone in a fetch",
    "HOME unset",
    "no terminal",
    "closed pipe",
    "locale C",
    "1-column terminal",
    "standard input closed",
];

/// One fault in one place.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    /// One of [`FAULTS`].
    pub(crate) fault: &'static str,
    /// What it happens to.
    pub(crate) to: &'static str,
    pub(crate) check: Check,
}

#[derive(Clone, Copy)]
pub(crate) enum Check {
    /// Panics where what must hold does not.
    Here(fn() -> Seen),
    /// A test that is somewhere else: its file in the folder of tests, and its name.
    In(&'static str, &'static str),
}

/// What became of a row that did not fail.
pub(crate) enum Seen {
    /// What was looked at.
    Held(String),
    /// What is not here and would be needed to look at anything.
    Lacks(Need),
}

pub(crate) const fn row(fault: &'static str, to: &'static str, check: fn() -> Seen) -> Row {
    Row {
        fault,
        to,
        check: Check::Here(check),
    }
}

pub(crate) const fn elsewhere(
    fault: &'static str,
    to: &'static str,
    file: &'static str,
    test: &'static str,
) -> Row {
    Row {
        fault,
        to,
        check: Check::In(file, test),
    }
}

/// What is asked of the tests by `NIX_PARITY_FAULTS`.
#[expect(
    clippy::disallowed_methods,
    reason = "how thorough a test is, is no setting of the program"
)]
fn asked() -> String {
    std::env::var("NIX_PARITY_FAULTS").unwrap_or_default()
}

/// Whether every point is to be looked at.
fn is_thorough() -> bool {
    asked().starts_with("all")
}

/// Of so many points some that are spread over all of them, or all that there are where
/// that is asked for.
pub(crate) fn sampled(points: usize, most: usize) -> Vec<usize> {
    if points <= most || is_thorough() {
        return (0..points).collect();
    }
    (0..most).map(|n| n * points / most).collect()
}

/// What takes half an hour says how far it is.
#[expect(clippy::print_stderr, reason = "somebody waits for it")]
fn tell_end_of(line: &str) {
    if is_thorough() {
        eprintln!("{line}");
    }
}

#[expect(
    clippy::print_stdout,
    reason = "a table that passes is to be seen as well"
)]
fn tell(lines: &[(Option<usize>, String)], summary: &str) {
    println!();
    for (_, line) in lines {
        println!("{line}");
    }
    println!("{summary}\n");
}

/// Runs all rows, prints the table, and fails where a row did or a fault has none.
pub(crate) fn run(rows: &[Row]) {
    for fault in FAULTS {
        assert!(rows.iter().any(|row| row.fault == fault), "no row: {fault}");
    }
    for row in rows {
        assert!(FAULTS.contains(&row.fault), "not a fault: {}", row.fault);
    }
    let asked = asked();
    let wanted = asked.strip_prefix("all").unwrap_or(&asked);
    let wanted = wanted.trim_start_matches(':');
    let is_wanted = |row: &Row| row.fault.contains(wanted) || row.to.contains(wanted);
    let queue: Mutex<VecDeque<_>> =
        Mutex::new(rows.iter().filter(|row| is_wanted(row)).copied().collect());
    let lines = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(row) = { queue.lock().unwrap().pop_front() } {
                    let began = Instant::now();
                    let (mark, said) = result(&row);
                    let took = began.elapsed().as_secs_f32();
                    let line = format!(
                        "{mark:7} {:33}  {:39}  {took:5.1} s  {said}",
                        row.fault, row.to
                    );
                    tell_end_of(&line);
                    let place = FAULTS.iter().position(|fault| *fault == row.fault);
                    lines.lock().unwrap().push((place, line));
                }
            });
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort_by_key(|(place, _)| *place);
    let failed = lines
        .iter()
        .filter(|(_, line)| line.starts_with("FAILED"))
        .count();
    let skipped = lines
        .iter()
        .filter(|(_, line)| line.starts_with("skipped"))
        .count();
    let rows = lines.len();
    tell(
        &lines,
        &format!("{rows} rows: {failed} failed, {skipped} skipped"),
    );
    assert_eq!(failed, 0, "rows of the table do not hold");
}

/// Whether a source has this test, and it is run.
fn is_test(source: &str, test: &str) -> bool {
    let Some((before, _)) = source.split_once(&format!("\nfn {test}()")) else {
        return false;
    };
    // What stands above it, from the end of what is before that.
    let attributes = before.rsplit("\n}\n").next().unwrap_or_default();
    attributes.contains("#[test]") && !attributes.contains("\n#[ignore")
}

/// A row that cannot be looked at fails, unless `ci/test` has said that it will not be.
fn lacking(need: Need) -> (&'static str, String) {
    let why = need.missing().unwrap_or_else(|| "it is there".to_owned());
    if need.is_left_out() {
        ("skipped", why)
    } else {
        let mark = need.mark();
        (
            "FAILED",
            format!("{why}; NIX_PARITY_WITHOUT={mark} leaves this row out"),
        )
    }
}

fn result(row: &Row) -> (&'static str, String) {
    match row.check {
        Check::In(file, test) => {
            let path = format!("{}/tests/{file}", env!("CARGO_MANIFEST_DIR"));
            let source = std::fs::read_to_string(path).unwrap_or_default();
            if is_test(&source, test) {
                ("there", format!("in {file}: {test}"))
            } else {
                ("FAILED", format!("{file} has no test {test}"))
            }
        }
        Check::Here(check) => match catch_unwind(AssertUnwindSafe(check)) {
            Ok(Seen::Held(what)) => ("held", what),
            Ok(Seen::Lacks(need)) => lacking(need),
            Err(panic) => {
                let text = panic.downcast_ref::<String>().map(String::as_str);
                let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
                let text = text.unwrap_or("a panic").replace('\n', " ");
                ("FAILED", text.chars().take(300).collect())
            }
        },
    }
}
