//! Derivations, in the notation of `.drv` files.

use nix_parity_drv::{StorePath, parse, split_name, write};

/// A `.drv` file.
pub fn derivation(bytes: &[u8]) {
    if let Some(text) = crate::text(bytes) {
        let _ = StorePath::parse(text);
        let _ = split_name(text);
    }
    let Ok(derivation) = parse(bytes) else {
        return;
    };
    let written = write(&derivation);
    let again = parse(&written).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(again, derivation, "a derivation is read as it was written");
}
