//! How much memory the harness itself needs for how many cases.

use nix_parity_testkit::Project;

use crate::contender::outcomes;
use crate::load::generated::{HOSTS, with_cases};
use crate::process::Tools;

/// The numbers of cases, each of them for all hosts.
const CASES: [usize; 3] = [1_000, 5_000, 10_000];
/// How many megabytes the last may take.
const LIMIT: f64 = 150.0;
/// What each case after the second number may take, against each before it: what
/// grows faster than the cases shows here long before it shows in the sum.
const GROWTH: f64 = 1.25;

/// Runs each number of cases on a fleet once and prints what it took.
pub(crate) fn table(tools: &Tools, fleet: &Project) -> Result<(), String> {
    let mut peaks = [0.0; CASES.len()];
    for (cases, peak) in CASES.into_iter().zip(&mut peaks) {
        let project = with_cases(fleet, cases);
        let cache = tempfile::tempdir().map_err(|e| e.to_string())?;
        let (done, bytes) = tools.run_and_weigh(project.root(), cache.path())?;
        outcomes(&done, cases * HOSTS, 0)?;
        let Some(bytes) = bytes else {
            println!("\nthe harness's own memory: this system does not tell");
            return Ok(());
        };
        #[expect(clippy::cast_precision_loss, reason = "megabytes with one decimal")]
        let megabytes = bytes as f64 / 1e6;
        *peak = megabytes;
    }
    println!("\n{:>6}  {:>6}  {:>6}  ratio", "cases", "tests", "MB");
    for (cases, peak) in CASES.into_iter().zip(peaks) {
        let ratio = peak / peaks[0];
        println!(
            "{cases:>6}  {:>6}  {peak:>6.1}  {ratio:>5.2}",
            cases * HOSTS
        );
    }
    let growth = growth(CASES, peaks);
    let met = |yes| if yes { "yes" } else { "no" };
    println!("at most {LIMIT} MB: {}", met(peaks[2] <= LIMIT));
    println!(
        "a case of the last against one of the first, {growth:.2}, at most {GROWTH:.2}: {}",
        met(growth <= GROWTH)
    );
    Ok(())
}

/// What a case takes between the second and the third number, against one between
/// the first and the second: 1 where memory is linear in cases.
fn growth(cases: [usize; 3], peaks: [f64; 3]) -> f64 {
    let each = |from: usize| {
        #[expect(clippy::cast_precision_loss, reason = "numbers of cases are small")]
        let more = (cases[from + 1] - cases[from]) as f64;
        (peaks[from + 1] - peaks[from]) / more
    };
    each(1) / each(0)
}

/// The most memory that a running process has held at a time, in bytes, without the
/// processes that it started. Only Linux tells without a system call of its own.
pub(crate) fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::{growth, peak};

    #[test]
    fn what_grows_faster_than_the_cases_is_seen() {
        let near = |growth: f64, wanted: f64| (growth - wanted).abs() < 1e-9;
        let cases = [1_000, 5_000, 10_000];
        assert!(near(growth(cases, [20.0, 60.0, 110.0]), 1.0));
        assert!(near(growth(cases, [1.0, 25.0, 100.0]), 2.5));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_holds_something() {
        assert!(peak(std::process::id()).unwrap() > 100_000);
    }
}
