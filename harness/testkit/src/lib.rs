//! What the tests of nix-parity build on: temporary projects with real git and
//! real hosts, a scripted stand-in for `nix`, a real `nix` whose starts are
//! counted or that breaks on a word, and redactions. For tests and benchmarks only: nothing that is shipped
//! depends on it.
//!
//! A helper that cannot do its work panics with the reason, at the place of the
//! call in the test, so that tests need not thread through errors that are never
//! their subject.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a helper that cannot do its work fails the test that called it"
)]

mod calls;
mod counting_nix;
mod disturbed;
mod fake_nix;
mod faulty_nix;
mod flavoured_nix;
mod guest;
pub mod homebrew;
mod hosts;
mod need;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod no_death_signal;
mod payloads;
mod process;
mod program;
mod project;
mod redact;
mod rng;
mod stand_in_driver;
mod terminal;

pub use calls::Calls;
pub use counting_nix::CountingNix;
pub use disturbed::{Change, Disturbance, Traced};
pub use fake_nix::{FakeNix, FakeNixBuilder, Reply};
pub use faulty_nix::FaultyNix;
pub use flavoured_nix::{FlavouredNix, NixFlavour};
pub use guest::Guest;
pub use hosts::{Host, Platform, offline_inputs, offline_inputs_at};
pub use need::Need;
pub use payloads::{SECRET, harmless_twin, payloads};
pub use process::{find, write_executable};
pub use program::{Program, Ran, Running, assert_none_left, processes_with};
pub use project::Project;
pub use redact::redact;
pub use rng::Rng;
pub use stand_in_driver::{Mode as DriverMode, StandInDriver};
