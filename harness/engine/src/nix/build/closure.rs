//! All that an output needs to run, as `nix path-info` says it: with full paths by
//! path (from 2.19 on), as a list (before), or by base name (format 2 of 2.33).

use std::collections::HashMap;

use serde_json::{Map, Value as Json};

use super::answer::ClosurePath;
use super::job::{ask, command};
use super::place::Place;
use crate::nix::{Deadline, Failure, Flavour, Limits, Nix, Version};

/// From here on Nix asks for the number of the format.
const NUMBERED: Version = Version {
    major: 2,
    minor: 34,
};

/// The closure of an output, itself first.
pub(super) fn closure(
    nix: &Nix,
    place: &Place,
    limits: &Limits,
    deadline: Deadline,
    output: &str,
) -> Result<Vec<ClosurePath>, Failure> {
    let mut program = command(nix, &["path-info", "--json", "--recursive"]);
    if nix.flavour != Flavour::Lix && nix.version >= NUMBERED {
        program = program.args(["--json-format", "1"]);
    }
    if let Some(store) = &place.store {
        program = program.args(["--store", store]);
    }
    let text = ask(&program.arg(output), limits, deadline)?;
    let unmeasured = |what: String| Failure::Unreadable(format!("the closure of {output}: {what}"));
    let json = serde_json::from_str(&text).map_err(|e| unmeasured(e.to_string()))?;
    read(&json, output).map_err(unmeasured)
}

/// The closure in an answer. What is not said of a path is an error: a limit that
/// cannot be measured is not kept.
fn read(answer: &Json, output: &str) -> Result<Vec<ClosurePath>, String> {
    let folder = output.rsplit_once('/').map_or("", |(folder, _)| folder);
    let full = |path: &str| {
        if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("{folder}/{path}")
        }
    };
    let mut infos: Vec<(String, &Json)> = match answer {
        Json::Array(list) => {
            let path = |info: &Json| info["path"].as_str().map(full);
            let pairs = list.iter().map(|info| path(info).map(|path| (path, info)));
            pairs.collect::<Option<_>>().ok_or("Nix names no path")?
        }
        Json::Object(map) => {
            let by_path: &Map<_, _> = map.get("info").and_then(Json::as_object).unwrap_or(map);
            by_path
                .iter()
                .map(|(path, info)| (full(path), info))
                .collect()
        }
        _ => return Err("Nix's answer is no list of paths".to_owned()),
    };
    infos.sort_by(|(a, _), (b, _)| (a != output, a).cmp(&(b != output, b)));
    if infos.first().is_none_or(|(path, _)| path != output) {
        return Err("Nix says nothing of it".to_owned());
    }
    let places: HashMap<&str, usize> = infos
        .iter()
        .enumerate()
        .map(|(n, (p, _))| (p.as_str(), n))
        .collect();
    let paths = infos.iter().enumerate().map(|(own, (path, info))| {
        let size = info["narSize"].as_u64().filter(|size| *size > 0);
        let references = info["references"].as_array();
        let references = references.ok_or_else(|| format!("Nix gives no references of {path}"))?;
        let place = |reference: &Json| {
            let reference = full(reference.as_str().unwrap_or_default());
            let place = places.get(reference.as_str()).copied();
            place.ok_or_else(|| format!("{path} refers to {reference}, of which Nix says nothing"))
        };
        let references = references
            .iter()
            .map(place)
            .collect::<Result<Vec<_>, _>>()?;
        Ok(ClosurePath {
            path: path.clone(),
            size: size.ok_or_else(|| format!("Nix gives no size of {path}"))?,
            references: references.into_iter().filter(|n| *n != own).collect(),
        })
    });
    paths.collect()
}

#[cfg(test)]
mod tests {
    use super::read;
    use serde_json::json;

    const A: &str = "/nix/store/b-a";

    #[test]
    fn all_shapes_say_the_same() {
        let by_path = json!({
            "/nix/store/a-b": {"narSize": 2, "references": []},
            "/nix/store/b-a": {"narSize": 1, "references": ["/nix/store/a-b", "/nix/store/b-a"]},
        });
        let list = json!([
            {"path": "/nix/store/a-b", "narSize": 2, "references": []},
            {"path": "/nix/store/b-a", "narSize": 1, "references": ["/nix/store/a-b"]},
        ]);
        let by_name = json!({"version": 2, "storeDir": "/nix/store", "info": {
            "a-b": {"narSize": 2, "references": []},
            "b-a": {"narSize": 1, "references": ["a-b"]},
        }});
        for answer in [by_path, list, by_name] {
            let closure = read(&answer, A).unwrap();
            let found: Vec<_> = closure
                .iter()
                .map(|p| (p.path.as_str(), p.size, p.references.clone()))
                .collect();
            assert_eq!(found, [(A, 1, vec![1]), ("/nix/store/a-b", 2, vec![])]);
        }
    }

    #[test]
    fn what_is_not_said_is_an_error() {
        for answer in [
            json!(null),
            json!({}),
            json!([]),
            json!({A: null}),
            json!({A: {"narSize": 0, "references": []}}),
            json!({A: {"narSize": null, "references": []}}),
            json!({A: {"narSize": 1}}),
            json!({A: {"narSize": 1, "references": ["/nix/store/c-c"]}}),
        ] {
            assert!(read(&answer, A).is_err(), "{answer}");
        }
    }
}
