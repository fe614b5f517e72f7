//! What other programs write while they run.

use nix_parity_engine::fuzz;

/// The log of Nix: of a worker, and of a build.
pub fn nix_log(bytes: &[u8]) {
    fuzz::nix_log("np", bytes);
}

/// What a test driver says, and what a program in it tells.
pub fn driver_log(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    fuzz::driver_log(&text);
    fuzz::driver_results(&text);
}

/// What Homebrew says that it would remove, an activation script and a Brewfile. A heading
/// that nobody knows makes every answer of Homebrew one that is not understood.
pub fn homebrew(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    fuzz::activation(&text);
    fuzz::homebrew(&text);
    let strange = format!("{text}\nWould uninstall holograms:\n");
    assert!(fuzz::homebrew(&strange) > 0, "a heading is lost");
}
