//! How much memory there is, and how much a process holds.

use sysinfo::{MemoryRefreshKind, Pid, ProcessRefreshKind, ProcessesToUpdate, System};

/// The resident memory of a process in bytes; `None` when it is gone.
pub fn resident(pid: u32) -> Option<u64> {
    let pid = Pid::from_u32(pid);
    let mut system = System::new();
    let kind = ProcessRefreshKind::nothing().with_memory();
    system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, kind);
    system.process(pid).map(sysinfo::Process::memory)
}

/// The memory that new processes can have without swapping, in bytes; within a
/// container at most what its limit leaves. `None` where the system does not say.
pub fn available() -> Option<u64> {
    let mut system = System::new();
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    let free = match system.available_memory() {
        // What it is where it could not be read: 0 bytes let no process run.
        0 => return None,
        free => free,
    };
    Some(match system.cgroup_limits() {
        // What a control group calls free leaves out the cache of files, which the kernel
        // gives up for processes.
        Some(limits) if limits.total_memory > 0 => {
            free.min(limits.total_memory.saturating_sub(limits.rss))
        }
        _ => free,
    })
}

#[cfg(test)]
mod tests {
    use super::{available, resident};

    #[test]
    fn this_process_holds_some_of_what_there_is() {
        let own = resident(std::process::id()).unwrap();
        assert!(own > 100_000, "{own}");
        assert!(available().unwrap() > own);
        assert_eq!(resident(u32::MAX - 1), None);
    }
}
