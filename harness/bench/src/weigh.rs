//! What one program took: processor time, and memory of its own.

use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;

/// How often a running program is looked at.
const POLL: Duration = Duration::from_millis(1);

/// What a run of a program took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Cost {
    /// The processor time of it and all that it started, in seconds.
    pub(crate) all: f64,
    /// The same of itself alone, to a hundredth of a second; absent where the system does
    /// not tell.
    pub(crate) own: Option<f64>,
    /// The most memory that it held itself, in bytes, where the system tells.
    pub(crate) peak: Option<u64>,
}

/// Runs a program and weighs it.
pub(crate) fn weigh(command: &mut Command) -> Result<(Output, Cost), String> {
    let before = children()?;
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("cannot start {}: {e}", command.get_program().display()))?;
    let (output, mut cost) = watched(child)?;
    cost.all = children()?.saturating_sub(before).as_secs_f64();
    Ok((output, cost))
}

/// Waits for a program's end, and looks at it until then.
fn watched(child: Child) -> Result<(Output, Cost), String> {
    let (process, ended) = (child.id(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut cost = Cost::default();
            while !ended.load(Ordering::Relaxed) {
                // A process that has ended holds nothing, and says so.
                cost.peak = peak(process).max(cost.peak);
                cost.own = own(process).or(cost.own);
                std::thread::sleep(POLL);
            }
            cost
        });
        let output = child.wait_with_output();
        ended.store(true, Ordering::Relaxed);
        let cost = watch.join().map_err(|_| "a thread died".to_owned())?;
        Ok((output.map_err(|e| e.to_string())?, cost))
    })
}

/// The processor time of all processes that this one started and that have ended, with
/// all that they started.
pub(crate) fn children() -> Result<Duration, String> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|e| e.to_string())?;
    Ok(duration(usage.user_time()) + duration(usage.system_time()))
}

fn duration(time: TimeVal) -> Duration {
    Duration::from_secs(part(time.tv_sec())) + Duration::from_micros(part(time.tv_usec()))
}

/// A number of the kernel, whose type differs between systems.
fn part(number: impl TryInto<u64>) -> u64 {
    number.try_into().unwrap_or(0)
}

/// The processor time of a running process, without those that it started, in seconds.
fn own(process: u32) -> Option<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name of the program, in parentheses, may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |field: usize| fields.get(field)?.parse::<u32>().ok();
    // Fields 14 and 15 of proc(5), a hundred ticks a second on every Linux.
    Some(f64::from(ticks(11)? + ticks(12)?) / 100.0)
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
#[cfg(target_os = "linux")]
mod tests {
    use super::{own, peak};

    #[test]
    fn this_process_holds_and_takes_something() {
        assert!(peak(std::process::id()).unwrap() > 100_000);
        assert!(own(std::process::id()).is_some());
    }
}
