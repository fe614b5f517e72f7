//! The environment variables that nix-parity reads. Nothing else asks for one.
//!
//! | variable | meaning |
//! |---|---|
//! | `NIX_PARITY_NIX` | the `nix` to run, like `--nix` |
//! | `NIX_PARITY_DIR` | the project's folder, like `-C`; for `cargo nextest` |
//! | `NIX_PARITY_CACHE_DIR` | where observations are kept; empty turns the cache off |
//! | `NEXTEST` | set by nextest: the cases of a run are processes of their own |
//! | `NEXTEST_RUN_ID` | set by nextest: one state of the tree is looked at per run |
//! | `CI` | set to anything but `false`: no snapshot is written |
//! | `INSTA_UPDATE` | `no`: the same, as for the crate insta |
//! | `GITHUB_OUTPUT` | set by GitHub Actions: where a step writes its outputs |
//! | `GITHUB_ACTIONS` | `true`: a run is told to GitHub Actions, too |
//! | `GITHUB_STEP_SUMMARY` | set by GitHub: the file of a step's summary |
//! | `GITHUB_WORKSPACE` | set by GitHub: the top of the repository, where there is no `.git` |
//! | `TERM`, `COLORTERM` | handed to an interactive test driver |
//! | `XDG_CACHE_HOME`, `HOME` | where the cache lies otherwise |
//! | `USER`, `LOGNAME` | whose home is meant, for `gate` |
//! | `XDG_DATA_HOME` | where Nix keeps the settings that the user trusts |
//! | `SUDO_UID` | who runs it as root through sudo |
//! | `XDG_STATE_HOME` | where the generations of a home are, for `gate` |
//! | `NIX_REMOTE` | where the store lies, where that is below another root, as for Nix itself |
//! | `NIX_STATE_DIR` | where the generations of the system are, as for Nix itself |
//! | `PATH` | where `nix` and `git` are looked for |

#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]

use std::ffi::OsString;
use std::path::PathBuf;

use nix_parity_drv::StoreFolder;

/// `NIX_PARITY_NIX`.
pub fn nix() -> Option<PathBuf> {
    path("NIX_PARITY_NIX")
}

/// `NIX_STATE_DIR`, or where Nix has it otherwise: the folder of the profiles.
pub fn nix_state_dir() -> PathBuf {
    path("NIX_STATE_DIR").unwrap_or_else(|| PathBuf::from("/nix/var/nix"))
}

/// The user's name: `USER`, or `LOGNAME`.
pub fn user() -> Option<String> {
    ["USER", "LOGNAME"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|user| !user.is_empty()))
}

/// The number of the user who runs this through sudo; `None` where that is root too.
pub fn sudo_user() -> Option<u32> {
    let user = std::env::var("SUDO_UID").ok()?.parse().ok()?;
    (user != 0).then_some(user)
}

/// `XDG_STATE_HOME`, or where it lies otherwise.
pub fn state_dir() -> Option<PathBuf> {
    path("XDG_STATE_HOME")
        .filter(|dir| dir.is_absolute())
        .or_else(|| path("HOME").map(|home| home.join(".local/state")))
}

/// `XDG_DATA_HOME`, or where it lies otherwise, as Nix looks for it: not in a home that
/// is somebody else's.
pub fn data_dir() -> Option<PathBuf> {
    use std::os::unix::fs::MetadataExt as _;
    let is_own = |home: &PathBuf| {
        let owner = std::fs::metadata(home).map(|home| home.uid());
        owner.is_ok_and(|owner| owner == rustix::process::geteuid().as_raw())
    };
    path("XDG_DATA_HOME").or_else(|| {
        let home = path("HOME").filter(is_own)?;
        Some(home.join(".local/share"))
    })
}

/// Where the files of the store lie: below the root that `NIX_REMOTE` names, as within a
/// build, which has a store of its own.
pub fn store() -> StoreFolder {
    StoreFolder::below(store_root())
}

/// That root; `/` where `NIX_REMOTE` names none.
pub fn store_root() -> PathBuf {
    root_of(&std::env::var("NIX_REMOTE").unwrap_or_default())
}

/// The root of a store on disk, by its address; `/` of all others.
fn root_of(remote: &str) -> PathBuf {
    let root = match remote.strip_prefix("local?") {
        Some(settings) => {
            let mut settings = settings.split('&');
            settings.find_map(|setting| setting.strip_prefix("root="))
        }
        None if remote.starts_with('/') => Some(remote),
        None => None,
    };
    PathBuf::from(root.unwrap_or("/"))
}

/// `NIX_PARITY_DIR`.
pub fn project_dir() -> Option<PathBuf> {
    path("NIX_PARITY_DIR")
}

/// Whether this process is one of many that `cargo nextest` starts for a run.
pub fn under_nextest() -> bool {
    std::env::var_os("NEXTEST").is_some_and(|v| v == "1")
}

/// The run of `cargo nextest` that this process is part of.
pub fn nextest_run() -> Option<String> {
    under_nextest().then(|| std::env::var("NEXTEST_RUN_ID").ok())?
}

/// Whether snapshots that are not the accepted ones are put beside those. Nobody is
/// there to accept them where `CI` is set.
pub fn writes_snapshots() -> bool {
    let is_ci = std::env::var_os("CI").is_some_and(|ci| ci != "false" && !ci.is_empty());
    !is_ci && std::env::var_os("INSTA_UPDATE").is_none_or(|update| update != "no")
}

/// The file that a step of GitHub Actions writes its outputs to.
pub fn github_output() -> Option<PathBuf> {
    path("GITHUB_OUTPUT")
}

/// Whether this is a step of GitHub Actions.
pub fn in_github_actions() -> bool {
    std::env::var_os("GITHUB_ACTIONS").is_some_and(|v| v == "true")
}

/// `GITHUB_STEP_SUMMARY`.
pub fn github_step_summary() -> Option<PathBuf> {
    path("GITHUB_STEP_SUMMARY")
}

/// `GITHUB_WORKSPACE`.
pub fn github_workspace() -> Option<PathBuf> {
    path("GITHUB_WORKSPACE")
}

/// What the terminal is, for a program that is handed it: `TERM` or `COLORTERM`.
pub fn terminal(name: &str) -> Option<OsString> {
    ["TERM", "COLORTERM"]
        .contains(&name)
        .then(|| std::env::var_os(name))?
}

/// The folders of `PATH`.
pub fn search_path() -> Vec<PathBuf> {
    std::env::var_os("PATH")
        .map(|p| std::env::split_paths(&p).collect())
        .unwrap_or_default()
}

/// The folder for cached observations; `None` turns the cache off.
pub fn cache_dir() -> Option<PathBuf> {
    if let Some(dir) = std::env::var_os("NIX_PARITY_CACHE_DIR") {
        return (!dir.is_empty()).then(|| dir.into());
    }
    let base = path("XDG_CACHE_HOME")
        .filter(|p| p.is_absolute())
        .or_else(|| path("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("nix-parity"))
}

/// What a `nix` process gets of our environment: where its state, settings and
/// credentials are, and nothing that could change an evaluation.
pub fn for_nix() -> Vec<(OsString, OsString)> {
    const EXACT: [&str; 22] = [
        "HOME",
        "USER",
        "LOGNAME",
        "PATH",
        "TMPDIR",
        "TMP",
        "TEMP",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_CONFIG_DIRS",
        "XDG_DATA_HOME",
        "XDG_STATE_HOME",
        "SSL_CERT_FILE",
        "SSH_AUTH_SOCK",
        "GIT_SSH_COMMAND",
        "NETRC",
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "no_proxy",
        "HTTPS_PROXY",
        "HTTP_PROXY",
    ];
    // Not NIX_PATH: a pure evaluation has no search path.
    const NIX: [&str; 9] = [
        "NIX_CONF_DIR",
        "NIX_CONFIG",
        "NIX_DATA_DIR",
        "NIX_LOCALSTATE_DIR",
        "NIX_LOG_DIR",
        "NIX_REMOTE",
        "NIX_SSL_CERT_FILE",
        "NIX_STATE_DIR",
        "NIX_STORE_DIR",
    ];
    const MORE: [&str; 2] = ["NIX_USER_CONF_FILES", "NIX_SSHOPTS"];
    EXACT
        .iter()
        .chain(&NIX)
        .chain(&MORE)
        .filter_map(|name| Some((OsString::from(name), std::env::var_os(name)?)))
        .collect()
}

/// Everything that Nix's settings are read from, as bytes: the folders of settings
/// and `NIX_CONFIG`. What is not there is empty.
pub fn nix_settings() -> Vec<Vec<u8>> {
    let system = path("NIX_CONF_DIR").unwrap_or_else(|| PathBuf::from("/etc/nix"));
    let mut files = settings_in(&system);
    match std::env::var_os("NIX_USER_CONF_FILES") {
        Some(list) => files.extend(std::env::split_paths(&list)),
        None => {
            let home = path("HOME").map(|home| home.join(".config"));
            let own = path("XDG_CONFIG_HOME").or(home);
            let others = std::env::var_os("XDG_CONFIG_DIRS").unwrap_or_else(|| "/etc/xdg".into());
            let folders = own.into_iter().chain(std::env::split_paths(&others));
            files.extend(folders.map(|folder| folder.join("nix/nix.conf")));
        }
    }
    let mut settings: Vec<Vec<u8>> = files
        .into_iter()
        .map(|file| std::fs::read(file).unwrap_or_default())
        .collect();
    let variable = std::env::var_os("NIX_CONFIG").unwrap_or_default();
    settings.push(variable.into_encoded_bytes());
    settings
}

/// The files of a folder of settings: those that are included lie beside it, and so does
/// the list of machines that build.
fn settings_in(folder: &std::path::Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension().is_some_and(|e| e == "conf")
                || path.file_name().is_some_and(|name| name == "machines")
        })
        .collect();
    files.sort();
    files
}

fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|v| !v.is_empty())
        .map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::root_of;

    #[test]
    fn the_root_of_a_store_is_read_off_its_address() {
        for (remote, root) in [
            ("local?root=/tmp/a b", "/tmp/a b"),
            ("local?read-only=true&root=/tmp/x", "/tmp/x"),
            ("/tmp/x", "/tmp/x"),
            ("local?state=/tmp/x", "/"),
            ("daemon", "/"),
            ("", "/"),
        ] {
            assert_eq!(root_of(remote).to_str(), Some(root), "{remote}");
        }
    }
}
