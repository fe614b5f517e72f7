//! What `parity.yaml` may say, and where its mistakes are.

use super::ProjectFile;
use nix_parity_core::host::Platform;

#[test]
fn a_full_file_and_an_empty_one() {
    let file = ProjectFile::parse(
        "flake: ./nix\nprofile: offline\nprofiles:\n  offline: { override_inputs: { nixpkgs: 'path:./n' } }\n  upstream: {}\nhosts: { darwin: { mac: aarch64-darwin }, nixos: [pc] }\nevaluation: { jobs: 3, timeout: 2m, host_timeout: 1h, memory: 6GiB }\nbuild: { builders: '@/etc/nix/machines', store: ssh-ng://big, jobs: 0 }\n",
    )
    .unwrap();
    assert_eq!(file.profiles["offline"].override_inputs[0].input, "nixpkgs");
    let hosts = file.hosts.unwrap();
    assert_eq!(hosts[0].system.as_deref(), Some("aarch64-darwin"));
    assert_eq!(
        (hosts[1].platform, hosts[1].name.as_str()),
        (Platform::Nixos, "pc")
    );
    assert_eq!((file.jobs, file.timeout.as_secs()), (Some(3), 120));
    assert_eq!(file.memory, Some(6 << 30));
    assert_eq!(file.host_timeout.map(|t| t.as_secs()), Some(3600));
    assert_eq!(file.place.builders.as_deref(), Some("@/etc/nix/machines"));
    assert_eq!(file.place.store.as_deref(), Some("ssh-ng://big"));
    assert_eq!((file.place.eval_store, file.place.jobs), (None, Some(0)));
    assert_eq!(ProjectFile::parse("").unwrap(), ProjectFile::default());
}

#[test]
fn mistakes_are_placed() {
    for (text, message) in [
        ("profil: x", "unknown key `profil` in the project file"),
        ("profile: x", "unknown profile `x`"),
        ("hosts: {}", "`hosts` names none"),
        (
            "evaluation: { jobs: 0 }",
            "`jobs` is a number from 1, or `auto`",
        ),
        (
            "profiles: { ci: { stubs: [a] } }",
            "`override_inputs` does not replace `a`",
        ),
        ("build: { jobs: some }", "`jobs` is a number from 0"),
        ("build: { stroe: x }", "unknown key `stroe` in `build`"),
        ("flake: [", "unclosed bracket '['"),
        (
            "noise: [{ derivation: x }]",
            "a rule of `noise` needs `env`",
        ),
        (
            "noise: [{ derivation: '[', env: text }]",
            "`[` is not a glob",
        ),
    ] {
        let error = ProjectFile::parse(text).unwrap_err().remove(0);
        assert!(error.message.starts_with(message), "{text}: {error:?}");
        assert!(error.location.is_some());
    }
}
