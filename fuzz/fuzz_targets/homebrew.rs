#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nix_parity_fuzz::homebrew(bytes));
