//! How long what may take.

use std::time::Duration;

/// The limits of a run of a driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the start of a machine's start script until QEMU runs.
    pub start: Duration,
    /// From there until the driver has the machine's shell.
    pub boot: Duration,
    /// The whole run.
    pub whole: Duration,
    /// From the beginning of the cleaning up until the driver is gone.
    pub cleanup: Duration,
    /// From the request to end until it is ended.
    pub grace: Duration,
}

/// So much longer things may take where the processor is emulated.
pub(super) const EMULATION: u32 = 6;

impl Limits {
    /// The limits for tests that may take this long once the machines are up, with
    /// hardware virtualisation.
    pub fn for_tests_of(time: Duration) -> Self {
        let start = Duration::from_secs(60);
        let boot = Duration::from_secs(180);
        Self {
            start,
            boot,
            whole: start + boot + time,
            cleanup: Duration::from_secs(60),
            grace: Duration::from_secs(8),
        }
    }

    /// The same for processors that are so many times slower. What ends processes does
    /// not get slower.
    #[must_use]
    pub fn scaled(self, factor: u32) -> Self {
        Self {
            start: self.start.saturating_mul(factor),
            boot: self.boot.saturating_mul(factor),
            whole: self.whole.saturating_mul(factor),
            cleanup: self.cleanup.saturating_mul(factor),
            grace: self.grace,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Limits;
    use std::time::Duration;

    #[test]
    fn all_but_the_grace_is_scaled() {
        let limits = Limits::for_tests_of(Duration::from_secs(60));
        let slow = limits.scaled(3);
        assert_eq!(slow.whole, limits.whole * 3);
        assert_eq!(slow.boot, limits.boot * 3);
        assert_eq!(slow.grace, limits.grace);
        assert!(limits.whole > limits.start + limits.boot);
    }
}
