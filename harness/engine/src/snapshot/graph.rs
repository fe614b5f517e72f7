//! Derivations reduced to what a reviewer cares about. What merely repeats that an
//! input is another one, such as the hashes of store paths and the versions in them, is
//! left out, so that a change shows where it was made and nowhere else.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use nix_parity_drv::{Derivation, Graph, NodeId, Noise, OutputKind, split_name};
use rayon::prelude::*;

use super::normal::replace;
use super::reduced::{Entry, Reduced};
use crate::structured::attributes_of;

/// How many digits a digest has: enough that no two of a host are the same by chance.
const DIGITS: usize = 16;
/// How many that of a part has: enough to see that it is another one.
const FEW: usize = 6;

/// Variables that say again what other lines say.
const REPEATED: [&str; 6] = ["name", "pname", "version", "system", "builder", "outputs"];

impl Reduced {
    /// Reduces a graph, without what `noise` leaves out.
    pub fn of(graph: &Graph, noise: &Noise) -> Self {
        let known = Known::new(graph, noise);
        let nodes: Vec<NodeId> = graph.nodes().collect();
        let mut entries: Vec<Entry> = nodes
            .into_par_iter()
            .map(|node| known.reduce(graph, node))
            .collect();
        entries.sort();
        Self { entries }
    }
}

/// What the store paths of a graph are, by their hashes: what stands for one in a
/// digest, and the name that follows the hash.
struct Known<'n> {
    paths: HashMap<String, (String, String)>,
    /// Name and version of each derivation.
    titles: BTreeMap<NodeId, (String, String)>,
    noise: &'n Noise,
}

impl<'n> Known<'n> {
    fn new(graph: &Graph, noise: &'n Noise) -> Self {
        let (mut paths, mut titles) = (HashMap::new(), BTreeMap::new());
        for node in graph.nodes() {
            let path = graph.path(node);
            let derivation = graph.derivation(node);
            let (name, version) = title(path.derivation_name(), &derivation, noise);
            paths.insert(
                path.hash_part().to_owned(),
                (format!("{name}.drv"), path.name().to_owned()),
            );
            for output in derivation.outputs {
                if let Some(path) = output.path {
                    let stands = format!("{name}^{}", String::from_utf8_lossy(&output.name));
                    paths.insert(
                        path.hash_part().to_owned(),
                        (stands, path.name().to_owned()),
                    );
                }
            }
            titles.insert(node, (name, version));
        }
        Self {
            paths,
            titles,
            noise,
        }
    }

    fn reduce(&self, graph: &Graph, node: NodeId) -> Entry {
        let derivation = graph.derivation(node);
        let full = graph.path(node).derivation_name();
        let (name, version) = self.titles.get(&node).cloned().unwrap_or_default();
        let inputs = graph.references(node).iter();
        let inputs = inputs.filter_map(|input| self.titles.get(input));
        let mut needs: Vec<String> = inputs.map(|(name, _)| name.clone()).collect();
        needs.sort();
        needs.dedup();
        let parts = self.parts(full, &derivation);
        let mut hasher = blake3::Hasher::new();
        for (part, text) in &parts {
            // Lengths keep what stands side by side apart.
            let lengths = format!("{} {} ", part.len(), text.len());
            for piece in [lengths.as_str(), part, text] {
                hasher.update(piece.as_bytes());
            }
        }
        let told = parts.iter().filter(|(part, text)| {
            let own = part.strip_prefix("env.");
            let repeated = own.is_some_and(|key| {
                // The path of an output of its own follows from all else.
                let is_output = text.strip_prefix("/nix/store/") == Some(&format!("{name}^{key}"));
                REPEATED.contains(&key) || text.is_empty() || is_output
            });
            !repeated && part.as_str() != "builder"
        });
        let mut facts: BTreeMap<String, String> = told
            .map(|(part, text)| {
                let part = part.split(' ').map(|name| word(name.as_bytes()));
                let part = part.collect::<Vec<_>>().join(" ");
                (part, digits(&blake3::hash(text.as_bytes()), FEW))
            })
            .collect();
        let builder = word(&derivation.builder);
        let builder = builder.rsplit('/').next().unwrap_or_default();
        let outputs: Vec<_> = derivation.outputs.iter().map(|o| word(&o.name)).collect();
        for (fact, value) in [
            ("builder", builder),
            ("outputs", &outputs.join(",")),
            ("system", &word(&derivation.system)),
        ] {
            facts.insert(fact.to_owned(), value.to_owned());
        }
        Entry {
            digest: digits(&hasher.finalize(), DIGITS),
            name,
            version,
            facts,
            needs,
        }
    }

    /// All that decides what is built, by name: texts in which store paths are called by
    /// what they are.
    fn parts(&self, full: &str, derivation: &Derivation<'_>) -> BTreeMap<String, String> {
        let mut parts = BTreeMap::new();
        let list = |texts: &mut dyn Iterator<Item = &[u8]>| -> String {
            let mut list = String::new();
            for text in texts {
                let text = self.text(text);
                // Writing to a String cannot fail.
                let _ = write!(list, "{} {text}", text.len());
            }
            list
        };
        parts.insert("builder".to_owned(), self.text(&derivation.builder));
        if !derivation.args.is_empty() {
            let mut args = derivation.args.iter().map(|text| &**text);
            parts.insert("args".to_owned(), list(&mut args));
        }
        for (key, value) in variables(derivation) {
            if !self.noise.hides_variable(full, &key) {
                parts.insert(format!("env.{key}"), self.text(&value));
            }
        }
        for output in &derivation.outputs {
            // The path of an output follows from all this, unless its content is promised.
            let promised = matches!(
                output.kind(),
                OutputKind::Fixed | OutputKind::Floating | OutputKind::Impure
            );
            if promised {
                let mut hash = [&*output.hash_algo, &*output.hash].into_iter();
                let name = String::from_utf8_lossy(&output.name);
                parts.insert(format!("output {name}"), list(&mut hash));
            }
        }
        if !derivation.sources.is_empty() {
            let sources = derivation.sources.iter();
            let mut sources: Vec<String> = sources
                .map(|path| self.text(path.as_str().as_bytes()))
                .collect();
            sources.sort();
            let mut sources = sources.iter().map(String::as_bytes);
            parts.insert("sources".to_owned(), list(&mut sources));
        }
        parts
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

/// The variables of a derivation; of structured attributes, each of them.
fn variables<'d>(derivation: &'d Derivation<'_>) -> Vec<(String, Cow<'d, [u8]>)> {
    let mut variables = Vec::new();
    for (key, value) in &derivation.env {
        if let Some(attributes) = attributes_of(key, value) {
            let texts = attributes.into_iter();
            variables.extend(texts.map(|(name, text)| (name, Cow::Owned(text.into_bytes()))));
        } else {
            let key = String::from_utf8_lossy(key).into_owned();
            variables.push((key, Cow::Borrowed(&**value)));
        }
    }
    variables
}

/// Name and version, without the labels that the name ends in.
fn title(full: &str, derivation: &Derivation<'_>, noise: &Noise) -> (String, String) {
    if !noise.hides_variable(full, "name") {
        let (name, version) = split_name(full);
        return (name.to_owned(), version.to_owned());
    }
    let labels = derivation.env.iter().filter_map(|(key, value)| {
        let hidden = noise.hides_variable(full, &String::from_utf8_lossy(key));
        let label = std::str::from_utf8(value).ok().filter(|_| hidden)?;
        full.strip_suffix(label)?.strip_suffix('-')
    });
    // Where no variable has the label, it looks like a version.
    let name = labels.min_by_key(|name| name.len());
    (name.unwrap_or(split_name(full).0).to_owned(), String::new())
}

fn digits(hash: &blake3::Hash, count: usize) -> String {
    hash.to_hex().chars().take(count).collect()
}

/// A text of a derivation as one word of a line.
fn word(text: &[u8]) -> String {
    let plain = |c: char| c.is_ascii_graphic();
    String::from_utf8_lossy(text)
        .chars()
        .map(|c| if plain(c) { c } else { '_' })
        .collect()
}
