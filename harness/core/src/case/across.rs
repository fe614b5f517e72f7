//! The platforms that a case compares.

use serde_json::{Value, json};

use crate::host::Platform;
use crate::nearest::nearest;
use crate::yaml::{Mapping, Node, Reader};

/// Reads a list of platforms, each once, `least` or more of them.
pub(super) fn parse(
    reader: &Reader<'_>,
    node: &Node,
    what: &str,
    least: usize,
) -> Option<Vec<Platform>> {
    let mut platforms = Vec::new();
    for word in reader.some_strings(node, what)? {
        let platform: Platform = match word.value.parse() {
            Ok(platform) => platform,
            Err(error) => {
                let error = reader.error_at(word.location, format!("{error}"));
                let near = nearest(&word.value, Platform::ALL.map(Platform::name));
                reader.report(match near {
                    Some(near) => error.label(format!("did you mean `{near}`?")),
                    None => error,
                });
                return None;
            }
        };
        if platforms.contains(&platform) {
            let message = format!("`{platform}` is given twice");
            reader.report(reader.error_at(word.location, message));
            return None;
        }
        platforms.push(platform);
    }
    if platforms.len() < least {
        let error = reader.error(node, format!("{what} names fewer than two platforms"));
        reader.report(error.note("for example `[darwin, nixos]`"));
        return None;
    }
    Some(platforms)
}

/// The platforms of `across`; a Mac and a NixOS machine where it is absent.
pub(super) fn optional(
    reader: &Reader<'_>,
    mapping: Mapping<'_>,
    least: usize,
) -> Option<Vec<Platform>> {
    match mapping.get("across") {
        Some(node) => parse(reader, node, "`across`", least),
        None => Some(vec![Platform::Darwin, Platform::Nixos]),
    }
}

pub(super) fn schema(least: usize) -> Value {
    let names = Platform::ALL.map(Platform::name);
    let list = json!({"type": "array", "minItems": least, "items": {"enum": names}});
    match least {
        1 => json!({"anyOf": [{"enum": names}, list]}),
        _ => list,
    }
}
