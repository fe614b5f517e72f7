//! The environment variables that nix-parity reads. Nothing else asks for one.
//!
//! | variable | meaning |
//! |---|---|
//! | `NIX_PARITY_NIX` | the `nix` to run, like `--nix` |
//! | `NIX_PARITY_DIR` | the project's folder, like `-C`; for `cargo nextest` |
//! | `NIX_PARITY_CACHE_DIR` | where observations are kept; empty turns the cache off |
//! | `NEXTEST` | set by nextest: the cases of a run are processes of their own |
//! | `NEXTEST_RUN_ID` | set by nextest: one state of the tree is looked at per run |
//! | `XDG_CACHE_HOME`, `HOME` | where the cache lies otherwise |
//! | `PATH` | where `nix` and `git` are looked for |

#![expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the environment"
)]

use std::ffi::OsString;
use std::path::PathBuf;

/// `NIX_PARITY_NIX`.
pub fn nix() -> Option<PathBuf> {
    path("NIX_PARITY_NIX")
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

fn path(name: &str) -> Option<PathBuf> {
    std::env::var_os(name)
        .filter(|v| !v.is_empty())
        .map(PathBuf::from)
}
