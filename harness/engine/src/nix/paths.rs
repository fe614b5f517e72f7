//! Store paths in messages, put in the reader's terms: files of the flake
//! relative to it, files of its inputs as `<input>/…`.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use nix_parity_core::location::Location;
use nix_parity_core::observation::NixError;
use nix_parity_core::value::Value;

/// How the file of the prelude ends in messages.
pub(super) const PRELUDE_FILE: &str = "-nix-parity.nix";

/// What is known about where files lie.
///
/// Nix calls the files of the flake by their path in the store, or (newer
/// versions, of a git work tree) in messages by their own path and in values by
/// the one in the store. The log says the former; the latter is recognised when
/// it first occurs.
#[derive(Clone, Debug, Default)]
pub(super) struct Paths {
    /// What stands in front of the flake's files in messages, with a final slash.
    root: Option<String>,
    /// The same in values, where that is something else: the copy of the tree, and the
    /// folder of the flake in it.
    copy: OnceCell<(String, String)>,
    /// What stands in front of the files of inputs.
    inputs: BTreeSet<String>,
    /// What Nix may put before `/nix/store/`: the root of a store that lies elsewhere.
    below: Option<String>,
}

impl Paths {
    /// For a store below this root.
    pub(super) fn below(root: &Path) -> Self {
        let root = root.to_str().map(|root| root.trim_end_matches('/'));
        Self {
            below: root.filter(|root| !root.is_empty()).map(str::to_owned),
            ..Self::default()
        }
    }

    /// Takes notice of a file that is being evaluated. The first `flake.nix` is
    /// that of the flake itself, the others are of its inputs.
    pub(super) fn learn(&mut self, file: &str) {
        let file = self.in_store(file);
        let Some(root) = file.strip_suffix("flake.nix").filter(|r| r.ends_with('/')) else {
            return;
        };
        match &self.root {
            None => self.root = Some(root.to_owned()),
            Some(own) if own != root && !self.inputs.contains(root) => {
                self.inputs.insert(root.to_owned());
            }
            Some(_) => {}
        }
    }

    /// Rewrites all strings of a value.
    pub(super) fn rewrite_value(&self, value: &mut Value) {
        match value {
            Value::String(text) | Value::Path(text) => *text = self.text(text),
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

    /// Rewrites the paths in a text.
    pub(super) fn text(&self, text: &str) -> String {
        let text = self.in_store(text);
        let text = match &self.root {
            Some(root) => text.replace(root.as_str(), ""),
            None => text.into_owned(),
        };
        let text = without_references(&text);
        let mut out = String::with_capacity(text.len());
        let mut rest = &*text;
        while let Some(start) = rest.find("/nix/store/") {
            let (before, path) = rest.split_at(start);
            out.push_str(before);
            rest = match split_source(path) {
                Some((source, file)) => match self.own(source, file) {
                    Some(file) => file,
                    None => {
                        out.push_str("<input>/");
                        file
                    }
                },
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

    /// The text with paths as the store has them, wherever it lies.
    fn in_store<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match &self.below {
            Some(root) => Cow::Owned(text.replace(&format!("{root}/nix/store/"), "/nix/store/")),
            None => Cow::Borrowed(text),
        }
    }

    /// What follows the flake's folder, where a source in the store is the copy of the
    /// flake's tree: it is no input, and a file of that name is where the flake is.
    fn own<'f>(&self, source: &str, file: &'f str) -> Option<&'f str> {
        if let Some((copy, folder)) = self.copy.get() {
            let inside = file.strip_prefix(folder.as_str()).unwrap_or(file);
            return (copy == source).then_some(inside);
        }
        let root = self.root.as_ref();
        let root =
            root.filter(|r| !r.starts_with("/nix/store/") && !self.inputs.contains(source))?;
        let end =
            file.find(|c: char| c.is_whitespace() || matches!(c, '\'' | '"' | '`' | ':' | '»'));
        let name = &file[..end.unwrap_or(file.len())];
        // The flake may lie in a folder of its tree.
        let slashes = root.char_indices().rev().filter(|(_, c)| *c == '/');
        let mut folders = slashes.map(|(at, _)| &root[at + 1..]);
        let folder = folders.find(|folder| {
            let inside = name.strip_prefix(*folder);
            inside.is_some_and(|inside| Path::new(root).join(inside).exists())
        })?;
        // It was not set a moment ago, and nobody else has it.
        let _ = self.copy.set((source.to_owned(), folder.to_owned()));
        file.strip_prefix(folder)
    }
}

/// A text with `<input>/…` for each `«REFERENCE»/…`, as newer versions of Nix call the
/// files of inputs. `«string»` and what else Nix calls so are no references.
fn without_references(text: &str) -> Cow<'_, str> {
    if !text.contains('«') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('«') {
        out.push_str(before);
        match behind.split_once("»/") {
            Some((reference, file)) if is_reference(reference) => {
                out.push_str("<input>/");
                rest = file;
            }
            _ => {
                out.push('«');
                rest = behind;
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Whether a text is the reference of a flake with its scheme, such as `github:a/b`.
fn is_reference(text: &str) -> bool {
    let is_of_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
    let scheme = text.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| !scheme.is_empty() && scheme.chars().all(is_of_scheme))
        && !text.contains(|c: char| c.is_whitespace() || matches!(c, '«' | '»'))
}

/// `/nix/store/HASH-source/`, and what follows it.
fn split_source(path: &str) -> Option<(&str, &str)> {
    const SOURCE: &str = "-source/";
    let start = "/nix/store/".len();
    let hash = path.get(start..start + 32)?;
    let valid = hash
        .bytes()
        .all(|b| b.is_ascii_digit() || b.is_ascii_lowercase());
    let file = path
        .get(start + 32..)?
        .strip_prefix(SOURCE)
        .filter(|_| valid)?;
    Some((&path[..path.len() - file.len()], file))
}

#[cfg(test)]
mod tests {
    use super::Paths;

    const OWN: &str = "/nix/store/0ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/";
    const INPUT: &str = "/nix/store/1ccnxa25whszw7mgbgyzdm4nqc0zwnm8-source/";

    #[test]
    fn own_files_are_relative_and_inputs_are_named_so() {
        let mut paths = Paths::default();
        paths.learn(&format!("{OWN}flake.nix"));
        let other = "/nix/store/1ccnxa25whszw7mgbgyzdm4nqc0zwnm8-git-2.0";
        assert_eq!(
            paths.text(&format!("in `{OWN}a/b.nix' and {INPUT}lib/x.nix, {other}")),
            format!("in `a/b.nix' and <input>/lib/x.nix, {other}")
        );
        assert_eq!(paths.text("/nix/store/ü"), "/nix/store/ü");
    }

    /// As Nix 2.34.8 called them on 1 December 2026, and as Determinate Nix 3.22.2 does.
    #[test]
    fn an_input_that_is_called_by_its_reference_is_one() {
        let mut paths = Paths::default();
        paths.learn("/tmp/top/flake.nix");
        paths.learn("«git+file:///tmp/dep?ref=refs/heads/master&rev=2f58f432&shallow=1»/flake.nix");
        for (text, told) in [
            (
                "at «git+file:///tmp/dep?ref=refs/heads/master&rev=2f58f432&shallow=1»/flake.nix:1:22:",
                "at <input>/flake.nix:1:22:",
            ),
            (
                "«file:///x/y.tar.gz?narHash=sha256-a/b%3D»/lib/a.nix",
                "<input>/lib/a.nix",
            ),
            ("«git+file:///tmp/top/sub»/a.nix", "<input>/a.nix"),
            ("/tmp/top/hosts/a.nix", "hosts/a.nix"),
            ("«string»:1:1", "«string»:1:1"),
            (
                "«nix-internal»/derivation.nix",
                "«nix-internal»/derivation.nix",
            ),
            (
                "«lambda f @ «path:/x»/a.nix:1:1»",
                "«lambda f @ <input>/a.nix:1:1»",
            ),
            ("«a b:c»/d «", "«a b:c»/d «"),
        ] {
            assert_eq!(paths.text(text), told);
        }
        // The flake itself may be called so, too.
        let mut paths = Paths::default();
        paths.learn("«github:a/b/2f58f432»/flake.nix");
        assert_eq!(paths.text("«github:a/b/2f58f432»/x.nix"), "x.nix");
    }

    #[test]
    fn a_store_that_lies_elsewhere_is_the_store() {
        let mut paths = Paths::below("/tmp/x/root/".as_ref());
        paths.learn(&format!("/tmp/x/root{OWN}flake.nix"));
        let text = paths.text(&format!("{OWN}a, /tmp/x/root{OWN}b, /tmp/x/root{INPUT}c"));
        assert_eq!(text, "a, b, <input>/c");
        assert_eq!(Paths::below("/".as_ref()).text("/x"), "/x");
    }

    #[test]
    fn the_copy_of_a_work_tree_is_told_from_its_inputs() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("a.nix"), "").unwrap();
        let mut paths = Paths::default();
        paths.learn(&format!("{}/flake.nix", dir.path().display()));
        paths.learn(&format!("{INPUT}flake.nix"));
        assert_eq!(paths.text(&format!("{INPUT}a.nix")), "<input>/a.nix");
        assert_eq!(paths.text(&format!("{OWN}b.nix")), "<input>/b.nix");
        assert_eq!(paths.text(&format!("`{OWN}a.nix': x")), "`a.nix': x");
        assert_eq!(paths.text(&format!("{OWN}b.nix")), "b.nix");
        let own = format!("at {}/a.nix:1", dir.path().display());
        assert_eq!(paths.text(&own), "at a.nix:1");
    }
}
