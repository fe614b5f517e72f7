//! Store paths in messages, put in the reader's terms: files of the flake
//! relative to it, files of its inputs as `<input>/…`.

use std::sync::Arc;

use nix_parity_core::location::Location;
use nix_parity_core::observation::NixError;
use nix_parity_core::value::Value;

/// How the file of the prelude ends in messages.
const PRELUDE_FILE: &str = "-nix-parity.nix";

/// What is known about where files lie.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    /// The store path of the flake's source with a final slash.
    root: Option<String>,
}

impl Paths {
    /// Takes notice of a file that is being evaluated. The first `flake.nix` is
    /// that of the flake itself.
    pub(super) fn learn(&mut self, file: &str) {
        if self.root.is_none()
            && let Some(root) = file.strip_suffix("flake.nix").filter(|r| r.ends_with('/'))
        {
            self.root = Some(root.to_owned());
        }
    }

    /// Rewrites all strings of a value.
    pub(super) fn rewrite_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.text(text),
            Value::List(items) => items.iter_mut().for_each(|v| self.rewrite_value(v)),
            Value::Attrs(attrs) => attrs.values_mut().for_each(|v| self.rewrite_value(v)),
            _ => {}
        }
    }

    /// Rewrites an error.
    pub(super) fn rewrite_error(&self, error: &mut NixError) {
        error.message = self.text(&error.message);
        if let Some(location) = &mut error.location {
            self.location(location);
        }
        // The harness's own steps lead the reader nowhere.
        error.trace.retain(|frame| {
            frame
                .location
                .as_ref()
                .is_none_or(|l| !l.file.ends_with(PRELUDE_FILE) && &*l.file != "«string»")
        });
        for frame in &mut error.trace {
            frame.text = self.text(&frame.text);
            if let Some(location) = &mut frame.location {
                self.location(location);
            }
        }
    }

    fn location(&self, location: &mut Location) {
        let text = self.text(&location.file);
        if *text != *location.file {
            location.file = Arc::from(text);
        }
    }

    /// Rewrites the store paths in a text.
    pub(super) fn text(&self, text: &str) -> String {
        let text = match &self.root {
            Some(root) => text.replace(root.as_str(), ""),
            None => text.to_owned(),
        };
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(start) = rest.find("/nix/store/") {
            let (before, path) = rest.split_at(start);
            out.push_str(before);
            rest = match source_file(path) {
                Some(file) => {
                    out.push_str("<input>/");
                    file
                }
                None => {
                    let (prefix, after) = path.split_at("/nix/store/".len());
                    out.push_str(prefix);
                    after
                }
            };
        }
        out.push_str(rest);
        out
    }
}

/// What follows `/nix/store/HASH-source/`.
fn source_file(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/nix/store/")?;
    let hash = rest.get(..32)?;
    let valid = hash
        .bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    rest.get(32..)?.strip_prefix("-source/").filter(|_| valid)
}

#[cfg(test)]
mod tests {
    use super::Paths;

    #[test]
    fn own_files_are_relative_and_inputs_are_named_so() {
        let hash = "0ccnxa25whszw7mgbgyzdm4nqc0zwnm8";
        let other = "1ccnxa25whszw7mgbgyzdm4nqc0zwnm8";
        let root = format!("/nix/store/{hash}-source/");
        let mut paths = Paths::default();
        paths.learn(&format!("{root}flake.nix"));
        let text = format!(
            "in `/nix/store/{hash}-source/a/b.nix' and /nix/store/{other}-source/lib/x.nix, /nix/store/{other}-git-2.0"
        );
        assert_eq!(
            paths.text(&text),
            format!("in `a/b.nix' and <input>/lib/x.nix, /nix/store/{other}-git-2.0")
        );
        assert_eq!(paths.text("/nix/store/ü"), "/nix/store/ü");
    }
}
