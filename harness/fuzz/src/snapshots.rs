//! Accepted snapshots: files that tools and people merge by hand.

use nix_parity_engine::snapshot::{Held, Reduced, changes, pins};

/// What is told of two graphs that do not differ.
const SAME: &str = "root causes: 0, followers: 0, new: 0, gone: 0, ";

/// A snapshot file, and a lock file; of two texts between which a line of `====` stands,
/// also what differs between them.
pub fn snapshot(bytes: &[u8]) {
    let Some(text) = crate::text(bytes) else {
        return;
    };
    let _ = Held::read(text);
    let _ = pins(text);
    if let Ok(reduced) = Reduced::parse(text) {
        let written = reduced.to_string();
        let again = Reduced::parse(&written).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(
            again.to_string(),
            written,
            "a graph is read as it was written"
        );
        let _ = reduced.closure();
    }
    let (old, new) = text.split_once("\n====\n").unwrap_or((text, text));
    for kind in ["derivation", "closure", "files", "options"] {
        let told = changes(kind, old, new);
        let is_same = |line: &String| line.starts_with(SAME);
        let is_unread = kind == "derivation" && Reduced::parse(old).is_err();
        assert!(
            old != new || is_unread || told.iter().all(is_same),
            "{kind}: a text differs from itself: {told:?}"
        );
    }
}
