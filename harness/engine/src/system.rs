//! Nix's name of the system that this program runs on.

/// The system of this machine, such as `aarch64-darwin`.
pub fn this() -> String {
    of(std::env::consts::ARCH, std::env::consts::OS)
}

/// Nix's name of a system, by Rust's names of its processor and operating system.
fn of(arch: &str, os: &str) -> String {
    let arch = match arch {
        "x86" => "i686",
        "arm" => "armv7l",
        other => other,
    };
    let os = match os {
        "macos" => "darwin",
        other => other,
    };
    format!("{arch}-{os}")
}

#[cfg(test)]
mod tests {
    use super::of;

    #[test]
    fn systems_are_called_as_nix_calls_them() {
        for (arch, os, system) in [
            ("aarch64", "macos", "aarch64-darwin"),
            ("x86_64", "macos", "x86_64-darwin"),
            ("aarch64", "linux", "aarch64-linux"),
            ("x86_64", "linux", "x86_64-linux"),
            ("x86", "linux", "i686-linux"),
            ("arm", "linux", "armv7l-linux"),
            ("riscv64", "linux", "riscv64-linux"),
            ("x86_64", "freebsd", "x86_64-freebsd"),
        ] {
            assert_eq!(of(arch, os), system);
        }
    }
}
