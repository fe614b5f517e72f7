//! Derivations reduced to what a reviewer cares about. What merely repeats that an
//! input is another one, such as the hashes of store paths and the versions in them, is
//! left out, so that a change shows where it was made and nowhere else.

use std::collections::HashMap;
use std::fmt;

use nix_parity_drv::{Derivation, Graph, NodeId, OutputKind, split_name};
use rayon::prelude::*;

use super::normal::replace;

/// All that something is built from, by name, version and then all else.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reduced {
    pub(super) entries: Vec<Entry>,
}

/// One derivation.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    pub(super) name: String,
    /// Empty where the name holds none.
    pub(super) version: String,
    /// The names of its outputs.
    pub(super) outputs: String,
    pub(super) system: String,
    /// The program that builds it, without its folder.
    pub(super) builder: String,
    /// Of all that it gives to that program, and of how its outputs are addressed.
    pub(super) digest: String,
    /// The names of what it needs, each once.
    pub(super) needs: Vec<String>,
}

/// What says of which state something was made, and not what it is: the names of
/// derivations that carry it, and the variables that do.
const LABELS: [(&str, &[&str]); 2] = [
    (
        "nixos-system-",
        &["name", "nixosLabel", "configurationRevision"],
    ),
    (
        "darwin-system-",
        &["name", "darwinLabel", "configurationRevision"],
    ),
];

/// How many digits a digest has: enough that no two of a host are the same by chance.
const DIGITS: usize = 16;

impl Reduced {
    /// Reduces a graph.
    pub fn of(graph: &Graph) -> Self {
        let known = Known::new(graph);
        let nodes: Vec<NodeId> = graph.nodes().collect();
        let mut entries: Vec<Entry> = nodes
            .into_par_iter()
            .map(|node| known.reduce(graph, node))
            .collect();
        entries.sort();
        Self { entries }
    }

    /// Names and versions, each once: the text of a snapshot of the closure.
    pub fn closure(&self) -> String {
        let mut lines: Vec<String> = self.entries.iter().map(Entry::title).collect();
        lines.dedup();
        lines.join("\n")
    }

    /// Reads what [`fmt::Display`] writes; `None` where it is something else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut entries: Vec<Entry> = Vec::new();
        for line in text.lines() {
            let Some(detail) = line.strip_prefix("  ") else {
                let (name, version) = line.split_once(' ').unwrap_or((line, ""));
                entries.push(Entry {
                    name: name.to_owned(),
                    version: version.to_owned(),
                    ..Entry::default()
                });
                continue;
            };
            let entry = entries.last_mut()?;
            let (word, rest) = detail.split_once(' ')?;
            let rest = rest.to_owned();
            match word {
                "outputs" => entry.outputs = rest,
                "system" => entry.system = rest,
                "builder" => entry.builder = rest,
                "digest" => entry.digest = rest,
                "needs" => entry.needs.push(rest),
                _ => return None,
            }
        }
        Some(Self { entries })
    }
}

impl Entry {
    /// Name and version.
    pub(super) fn title(&self) -> String {
        let space = if self.version.is_empty() { "" } else { " " };
        format!("{}{space}{}", self.name, self.version)
    }
}

impl fmt::Display for Reduced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            writeln!(f, "{}", entry.title())?;
            writeln!(f, "  outputs {}", entry.outputs)?;
            writeln!(f, "  system {}", entry.system)?;
            writeln!(f, "  builder {}", entry.builder)?;
            writeln!(f, "  digest {}", entry.digest)?;
            for need in &entry.needs {
                writeln!(f, "  needs {need}")?;
            }
        }
        Ok(())
    }
}

/// What the store paths of a graph are, by their hashes: what stands for one in a
/// digest, and the name that follows the hash.
struct Known {
    paths: HashMap<String, (String, String)>,
}

impl Known {
    fn new(graph: &Graph) -> Self {
        let mut paths = HashMap::new();
        for node in graph.nodes() {
            let path = graph.path(node);
            let (name, _) = split_name(path.derivation_name());
            paths.insert(
                path.hash_part().to_owned(),
                (format!("{name}.drv"), path.name().to_owned()),
            );
            for output in graph.derivation(node).outputs {
                if let Some(path) = output.path {
                    let stands = format!("{name}^{}", String::from_utf8_lossy(&output.name));
                    paths.insert(
                        path.hash_part().to_owned(),
                        (stands, path.name().to_owned()),
                    );
                }
            }
        }
        Self { paths }
    }

    fn reduce(&self, graph: &Graph, node: NodeId) -> Entry {
        let derivation = graph.derivation(node);
        let full = graph.path(node).derivation_name();
        let (name, version) = split_name(full);
        let labels = LABELS.iter().find(|(start, _)| full.starts_with(start));
        let labels = labels.map_or(&[][..], |(_, variables)| variables);
        let mut needs: Vec<String> = graph
            .references(node)
            .iter()
            .map(|&input| split_name(graph.path(input).derivation_name()).0.to_owned())
            .collect();
        needs.sort();
        needs.dedup();
        let outputs = derivation.outputs.iter();
        let outputs: Vec<_> = outputs.map(|output| word(&output.name)).collect();
        let builder = word(&derivation.builder);
        Entry {
            name: name.to_owned(),
            version: if labels.is_empty() { version } else { "" }.to_owned(),
            outputs: outputs.join(" "),
            system: word(&derivation.system),
            builder: builder.rsplit('/').next().unwrap_or_default().to_owned(),
            digest: self.digest(&derivation, labels),
            needs,
        }
    }

    fn digest(&self, derivation: &Derivation<'_>, labels: &[&str]) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &str, text: &[u8]| {
            let text = self.text(text);
            // Lengths keep what stands side by side apart.
            hasher.update(format!("{part} {} ", text.len()).as_bytes());
            hasher.update(text.as_bytes());
        };
        add("builder", &derivation.builder);
        for argument in &derivation.args {
            add("argument", argument);
        }
        for (key, value) in &derivation.env {
            if !labels.iter().any(|label| label.as_bytes() == &**key) {
                add("variable", key);
                add("value", value);
            }
        }
        for output in &derivation.outputs {
            add("output", &output.name);
            // The path of an output follows from all this, unless its content is promised.
            if matches!(
                output.kind(),
                OutputKind::Fixed | OutputKind::Floating | OutputKind::Impure
            ) {
                add("algorithm", &output.hash_algo);
                add("hash", &output.hash);
            }
        }
        let mut sources: Vec<String> = derivation
            .sources
            .iter()
            .map(|path| self.text(path.as_str().as_bytes()))
            .collect();
        sources.sort();
        for source in sources {
            add("source", source.as_bytes());
        }
        hasher.finalize().to_hex()[..DIGITS].to_owned()
    }

    /// A text in which store paths are called by what they are. A source keeps its
    /// hash, which is one of its content, unless it is a copy of a whole tree: that
    /// changes with every file of it, whoever looks at that.
    fn text(&self, text: &[u8]) -> String {
        replace(&String::from_utf8_lossy(text), |hash, behind| {
            let Some((stands, name)) = self.paths.get(hash) else {
                let end = behind.find('/').unwrap_or(behind.len());
                let is_tree = behind.get(..end)?.ends_with("-source");
                return (!is_tree).then(|| (hash.to_owned(), 0));
            };
            let rest = behind.strip_prefix('-')?;
            let length = if rest.starts_with(name.as_str()) {
                1 + name.len()
            } else {
                1
            };
            Some((stands.clone(), length))
        })
    }
}

/// A text of a derivation as one word of a line.
fn word(text: &[u8]) -> String {
    let plain = |c: char| c.is_ascii_graphic();
    String::from_utf8_lossy(text)
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect()
}
