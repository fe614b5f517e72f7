//! Any bytes are a derivation or an error that lies within them, and what is read is
//! written and read again as the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nix_parity_drv::{parse, write};

fuzz_target!(|bytes: &[u8]| {
    match parse(bytes) {
        Ok(derivation) => {
            let written = write(&derivation);
            assert!(parse(&written).is_ok_and(|again| again == derivation));
        }
        Err(error) => assert!(error.offset <= bytes.len()),
    }
});
