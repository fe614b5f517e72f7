//! The needs of tests that this machine does not meet, a line each: what the names of such
//! tests hold, a tab, and the reason. `ci/test` leaves those tests out by name.
#![expect(clippy::print_stdout, reason = "a script reads it")]

use nix_parity_testkit::Need;

fn main() {
    for need in Need::ALL {
        if let Some(reason) = need.missing() {
            println!("{}\t{reason}", need.mark());
        }
    }
}
