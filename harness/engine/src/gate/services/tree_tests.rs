use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use nix_parity_core::gate::Thing;
use nix_parity_core::host::Platform;

use super::Which;
use crate::gate::services::Services;

fn write(root: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn unknown(services: &Services) -> Vec<String> {
    let text = services
        .unknown
        .iter()
        .flat_map(|unknown| unknown.text.clone());
    text.map(|line| line.rsplit_once('/').unwrap().1.to_owned())
        .collect()
}

#[test]
fn files_that_are_not_understood_are_unknown() {
    let root = tempfile::tempdir().unwrap();
    let units = "etc/systemd/system";
    write(
        root.path(),
        &[
            (&format!("{units}/a.service"), "[Service]\nExecStart=/a\n"),
            (
                &format!("{units}/a.service.d/x.conf"),
                "[Service]\nNice=1\n",
            ),
            (&format!("{units}/b@.service"), ""),
            (&format!("{units}/multi-user.target.wants/a.service"), ""),
            (&format!("{units}/c.hologram"), ""),
            ("etc/systemd/user/d.timer", ""),
        ],
    );
    symlink("/nowhere/at/all", root.path().join(units).join("e.service")).unwrap();
    symlink("/dev/null", root.path().join(units).join("f.service")).unwrap();
    symlink("a.service", root.path().join(units).join("g.service")).unwrap();
    let found = Services::of_tree(root.path(), Platform::Nixos, Which::All);
    assert_eq!(
        unknown(&found),
        ["c.hologram: no kind of unit", "e.service: it leads nowhere"]
    );
    let names: Vec<_> = found.units.unwrap().into_keys().collect();
    assert_eq!(names, ["a.service"]);

    let root = tempfile::tempdir().unwrap();
    write(
        root.path(),
        &[
            ("activate", "#!/bin/bash\n"),
            ("Library/LaunchDaemons/a.plist", "<plist/>"),
            ("Library/LaunchDaemons/b.json", ""),
        ],
    );
    let found = Services::of_tree(root.path(), Platform::Darwin, Which::All);
    assert_eq!(unknown(&found), ["b.json: no property list"]);
    assert!(!found.homebrew.unwrap().enable);
}

#[test]
fn a_brewfile_is_found_or_said_to_be_unknown() {
    let root = tempfile::tempdir().unwrap();
    let brewfile = root.path().join("Brewfile");
    fs::write(&brewfile, "cask \"alfred\"\ncask_args appdir: \"x\"\n").unwrap();
    let of = |script: &str| {
        let script = script.replace('@', brewfile.to_str().unwrap());
        fs::write(root.path().join("activate"), script).unwrap();
        Services::of_tree(root.path(), Platform::Darwin, Which::All)
    };
    let found = of("echo >&2 \"Homebrew bundle...\"\nbrew bundle --file='@' --no-upgrade\n");
    assert!(found.unknown.is_empty(), "{found:?}");
    let listed = found.homebrew.unwrap().listed;
    assert_eq!(listed.entries, [(Thing::Cask, "alfred".to_owned())]);
    assert_eq!(listed.others, ["cask_args appdir: \"x\""]);
    for script in [
        "brew bundle --file='@' --new-flag\n",
        "brew bundle --file='@.gone'\n",
        "brew bundle --file='@'\nbrew bundle --file='@2'\n",
        "sh -c \"brew bundle --file=@\"\n",
    ] {
        let found = of(script);
        assert_eq!(found.homebrew, None, "{script}");
        assert!(
            found.unknown[0].needs_answer && !found.unknown[0].text.is_empty(),
            "{script}"
        );
    }
    fs::remove_file(root.path().join("activate")).unwrap();
    let found = Services::of_tree(root.path(), Platform::Darwin, Which::All);
    assert_eq!(found.homebrew, None);
    assert_eq!(found.unknown.len(), 1, "{found:?}");
}
