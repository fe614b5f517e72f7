//! Wrong verdicts that were given once and must not come back: a row each, with real
//! Nix or a stand-in for one of its flavours. The test prints the table.
//!
//! A row belongs into the file of its subject. It makes a project of its own, runs the
//! program on it, and returns why the verdict is wrong where it is.

mod causes;
mod disk;
mod flavours;
// As the tests of the gate, whose stand-ins are of Linux.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod gate;
mod index;
mod questions;
mod workers;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// One wrong verdict.
pub(super) struct Row {
    /// Where it was seen, such as `Lix` or `a disk that ignores case`.
    pub(super) subject: &'static str,
    /// The wrong verdict, as a sentence about the program as it was.
    pub(super) verdict: &'static str,
    /// Tries it; an error says how the verdict is wrong.
    pub(super) check: fn() -> Result<(), String>,
}

/// All rows, by their subject.
fn rows() -> Vec<Row> {
    let subjects = [
        Vec::from(causes::ROWS),
        disk::rows(),
        Vec::from(flavours::ROWS),
        #[cfg(all(target_os = "linux", target_arch = "x86_64"))]
        Vec::from(gate::ROWS),
        index::rows(),
        Vec::from(questions::ROWS),
        Vec::from(workers::ROWS),
    ];
    subjects.into_iter().flatten().collect()
}

/// How many rows are tried at once.
const SIDE_BY_SIDE: usize = 2;

#[test]
fn none_comes_back() {
    let rows = rows();
    let next = Mutex::new(rows.iter().enumerate());
    let found = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                loop {
                    let row = next.lock().unwrap().next();
                    let Some((number, row)) = row else { break };
                    let result = catch_unwind(AssertUnwindSafe(row.check))
                        .unwrap_or_else(|panic| Err(message(&*panic)));
                    found.lock().unwrap().push((number, result));
                }
            });
        }
    });
    let mut found = found.into_inner().unwrap();
    found.sort_by_key(|(number, _)| *number);
    println!("wrong verdicts:");
    for (row, (_, result)) in rows.iter().zip(&found) {
        let mark = if result.is_ok() { "ok   " } else { "WRONG" };
        println!("{mark} {:<28} {}", row.subject, row.verdict);
    }
    let wrong: Vec<_> = rows
        .iter()
        .zip(&found)
        .filter_map(|(row, (_, result))| {
            let error = result.as_ref().err()?;
            Some(format!("{}: {}\n{error}", row.subject, row.verdict))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The text of a panic.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()))
        .unwrap_or_else(|| "it panicked".to_owned())
}

/// An error unless something holds.
pub(super) fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}
