//! The ways in which a file is damaged, and what a program may make of it.

use std::path::Path;

use nix_parity_testkit::Ran;

use crate::support::assert_sound;
use crate::table::sampled;

/// This part of the damages, at each end of a file, is always looked at: heads, sums and
/// last lines are where another thing becomes of it.
const ENDS: usize = 5;

/// Damages a file in each of these ways, looks at what the program makes of it, and puts
/// the file back. Returns how many ways there were.
pub(super) fn damaged(path: &Path, most: usize, mut look: impl FnMut(&[u8], &str)) -> usize {
    let whole = std::fs::read(path).unwrap();
    let all = 2 * whole.len();
    let ends = most / ENDS;
    let mut points = sampled(all, most - 2 * ends);
    points.extend((0..all).filter(|at| *at < ends || at + ends >= all));
    points.sort_unstable();
    points.dedup();
    for point in &points {
        let at = point / 2;
        let (bytes, what) = if point % 2 == 0 {
            let mut bytes = whole.clone();
            // Another bit at each byte, so that letters become letters, lines and worse.
            bytes[at] ^= 1 << (at % 8);
            (bytes, format!("byte {at} of {}", path.display()))
        } else {
            (
                whole[..at].to_vec(),
                format!("cut at {at} of {}", path.display()),
            )
        };
        std::fs::write(path, &bytes).unwrap();
        look(&bytes, &what);
    }
    std::fs::write(path, whole).unwrap();
    points.len()
}

/// What a program may end with that is told of wrong input.
#[track_caller]
pub(super) fn assert_ends(ran: &Ran, codes: &[i32], what: &str) {
    assert_sound(ran);
    let code = ran.code().unwrap_or(-1);
    assert!(
        codes.contains(&code),
        "{what}: exit {code}: {}{}",
        ran.stdout,
        ran.stderr
    );
}
