//! What Nix's store knows of a path: the derivation that made it, and what it refers
//! to. Asked of Nix itself, in the plain words that all versions of it agree on.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::nix::{Nix, Program};

/// What a path of the store refers to, itself included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The size of each path in bytes.
    pub paths: BTreeMap<String, u64>,
}

impl Contents {
    /// Bytes of all paths.
    pub fn size(&self) -> u64 {
        self.paths.values().sum()
    }
}

/// What a path refers to; `None` where the store does not have it.
pub fn contents(nix: &Nix, path: &str) -> Option<Contents> {
    let output = path_info(nix)
        .args(["--recursive", "--size", path])
        .output()
        .ok()?;
    if !output.status.success() {
        return None;
    }
    let paths = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| {
            let (path, size) = line.trim().rsplit_once(char::is_whitespace)?;
            Some((path.trim().to_owned(), size.parse().ok()?))
        })
        .collect::<Option<_>>()?;
    Some(Contents { paths })
}

/// The derivation that made a path, if the store remembers.
///
/// # Errors
/// Why Nix cannot say, in its own words.
pub fn deriver(nix: &Nix, path: &str) -> Result<Option<String>, String> {
    let output = path_info(nix)
        .args(["--json", path])
        .output()
        .map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned());
    }
    let answer: Value = serde_json::from_slice(&output.stdout).map_err(|e| e.to_string())?;
    let store = Path::new(path).parent().unwrap_or(Path::new("/nix/store"));
    // Newer versions of Nix leave the folder out.
    Ok(find_deriver(&answer)
        .map(|deriver| store.join(deriver))
        .and_then(|path: PathBuf| path.to_str().map(str::to_owned)))
}

/// The answer is a list or a set by path, and in newer versions that in a set.
fn find_deriver(answer: &Value) -> Option<&str> {
    match answer {
        Value::Object(members) => match members.get("deriver") {
            Some(deriver) => deriver.as_str(),
            None => members.values().find_map(find_deriver),
        },
        Value::Array(items) => items.iter().find_map(find_deriver),
        _ => None,
    }
}

fn path_info(nix: &Nix) -> Program {
    Program::new(&nix.program)
        .args(["--extra-experimental-features", "nix-command"])
        .args(["--offline", "path-info"])
}

#[cfg(test)]
mod tests {
    use super::find_deriver;
    use serde_json::json;

    #[test]
    fn answers_of_all_versions_are_read() {
        let drv = "/nix/store/x.drv";
        for answer in [
            json!([{"path": "/nix/store/x", "deriver": drv}]),
            json!({"/nix/store/x": {"deriver": drv, "narSize": 1}}),
            json!({"version": 2, "info": {"x": {"deriver": drv}}}),
        ] {
            assert_eq!(find_deriver(&answer), Some(drv), "{answer}");
        }
        assert_eq!(
            find_deriver(&json!({"/nix/store/x": {"deriver": null}})),
            None
        );
        assert_eq!(find_deriver(&json!({"/nix/store/x": null})), None);
    }
}
