//! What Nix itself is set to.

use super::{Expected, Ground, SYSTEMS};
use crate::init::draft::Suite;

pub(super) fn suite(ground: &Ground<'_>) -> Suite {
    let mut expected = Expected::default();
    expected.add_own_below(ground, "nix.settings");
    expected.add_set(
        ground,
        &SYSTEMS,
        &["nix.enable", "nix.gc.automatic", "nix.optimise.automatic"],
    );
    let draft = expected.draft(
        "features, caches and cleaning up",
        "A cache that is added here is trusted with everything that is installed; one that is lost shows as hours of building.",
    );
    Suite {
        name: "nix",
        about: "What Nix itself is set to.",
        cases: draft.into_iter().collect(),
    }
}
