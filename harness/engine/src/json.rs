//! Reading JSON that Nix or the harness itself wrote.

use serde::de::DeserializeOwned;

/// Reads one JSON text, however deep it nests: whoever wrote it has bounded that.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> serde_json::Result<T> {
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    deserializer.disable_recursion_limit();
    let value = T::deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}
