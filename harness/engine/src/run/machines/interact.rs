//! Machines for whoever sits at the terminal.

use super::super::engine::{Engine, EngineError};
use super::super::session::Session;
use super::super::sources::Sources;
use super::boots::Machines;
use super::program::program_of;
use crate::plan::{HostPlan, PlannedTest};
use crate::vm::{Accelerator, Ending, interact};

impl Engine<'_> {
    /// Builds the driver of a test's machines and hands them to whoever sits at the
    /// terminal, until they leave the driver. Gives how that ended, or why it was not.
    ///
    /// # Errors
    /// The test has no machines, or no usable Nix was found.
    pub fn interact(
        &self,
        plan: &HostPlan<'_>,
        test: &PlannedTest<'_>,
    ) -> Result<Result<Ending, String>, EngineError> {
        let activity = |_| {};
        let (sources, limits) = (Sources::new(self), self.limits());
        let nix = self.nix()?;
        let mut session = Session::new(nix, &self.flake, &plan.host, limits, sources, &activity);
        let mut machines = Machines::new(self, &plan.host, &[test]);
        machines.strict = false;
        if machines.tests.is_empty() {
            return Ok(Err(format!("{} is not about machines", test.id)));
        }
        let out = match machines.built(&machines.tests, &mut session) {
            Ok(Ok(out)) => out,
            Ok(Err(boot)) => return Ok(Err(boot.reason())),
            Err(failure) => return Err(failure.into()),
        };
        let program = program_of(&machines.tests);
        let ended = interact(
            &out.join("bin/nixos-test-driver"),
            &program,
            Accelerator::of_this_machine(),
        );
        Ok(ended.map_err(|error| error.to_string()))
    }
}
