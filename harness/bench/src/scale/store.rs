//! A store with generated derivations in a temporary folder: fifty thousand of them are
//! not for the store of whoever measures.

use std::borrow::Cow;

use camino::{Utf8Path, Utf8PathBuf};
use nix_parity_drv::{Derivation, Format, Input, Output, StorePath, write};

/// How many derivations are a chain; every chain is below the toplevel.
const CHAIN: usize = 50;
/// Every tenth is a source, of which all have one name, as in nixpkgs.
const SOURCE: usize = 10;
/// How many others one needs, besides the first and the one before it.
const NEEDS: usize = 8;

/// A store.
pub(super) struct Store {
    root: Utf8PathBuf,
}

/// A derivation that was made.
#[derive(Clone)]
struct Made {
    /// The path of its file.
    path: String,
    /// The path of its output.
    output: String,
}

impl Store {
    /// A store below a folder.
    pub(super) fn below(root: &Utf8Path) -> Result<Self, String> {
        std::fs::create_dir_all(root.join("nix/store")).map_err(|e| e.to_string())?;
        Ok(Self {
            root: root.to_owned(),
        })
    }

    /// Writes a toplevel with so many derivations below it, of which some are edited, and
    /// returns the path of its file: where it is on this machine.
    pub(super) fn toplevel(
        &self,
        count: usize,
        edited: impl Fn(usize) -> bool,
    ) -> Result<Utf8PathBuf, String> {
        let mut made: Vec<Made> = Vec::with_capacity(count);
        for n in 0..count {
            let package = if n % SOURCE == SOURCE / 2 {
                self.source(n)?
            } else {
                self.package(n, &made, edited(n))?
            };
            made.push(package);
        }
        let ends = (CHAIN - 1..count).step_by(CHAIN).chain([count - 1]);
        let mut ends: Vec<&Made> = ends.filter_map(|n| made.get(n)).collect();
        ends.dedup_by_key(|made| &made.path);
        let toplevel = self.make("toplevel", &ends, &[], None)?;
        let path = self.root.join(toplevel.path.trim_start_matches('/'));
        // What is asked for is a path of this machine, and what that says is read below the
        // root, too.
        let below = self.root.join(path.as_str().trim_start_matches('/'));
        let folder = below.parent().unwrap_or(&below);
        let copied = std::fs::create_dir_all(folder).and_then(|()| std::fs::copy(&path, &below));
        copied.map_err(|e| e.to_string())?;
        Ok(path)
    }

    fn package(&self, n: usize, made: &[Made], edited: bool) -> Result<Made, String> {
        let mut needs: Vec<&Made> = Vec::new();
        if n > 0 {
            let before = (!n.is_multiple_of(CHAIN)).then(|| n - 1);
            // The source that is before it is no part of the chain.
            let behind = (n % SOURCE == SOURCE / 2 + 1).then(|| n - 2);
            let others = (0..NEEDS).map(|k| (k * 104_729 + 7_919) % n);
            let all = [0].into_iter().chain(others).chain(before).chain(behind);
            needs.extend(all.filter_map(|n| made.get(n)));
        }
        let flags = if edited { "--edited" } else { "" };
        let script = (0..20).map(|k| format!("install this and that to {}", n * k));
        let script = script.collect::<Vec<_>>().join("\n");
        let texts = [("flags", flags), ("script", &script)];
        self.make(&format!("package-{n}-1.0"), &needs, &texts, None)
    }

    fn source(&self, n: usize) -> Result<Made, String> {
        let hash = blake3::hash(&n.to_le_bytes()).to_hex().to_string();
        let url = format!("https://example.org/{n}.tar.gz");
        self.make("source", &[], &[("urls", &url)], Some(&hash))
    }

    /// Writes a derivation. Its paths are hashes of its text, as Nix's are.
    fn make(
        &self,
        name: &str,
        needs: &[&Made],
        texts: &[(&str, &str)],
        fixed: Option<&str>,
    ) -> Result<Made, String> {
        let inputs: Vec<&str> = needs.iter().map(|made| &*made.output).collect();
        let inputs = inputs.join(" ");
        let mut env = vec![
            ("buildInputs", &*inputs),
            ("builder", "/bin/sh"),
            ("name", name),
            ("system", "x86_64-linux"),
        ];
        env.extend(texts);
        let promised = fixed.map_or(String::new(), |hash| format!("{hash} {name}"));
        let without: Vec<String> = env.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let without = without.join("\n");
        let output = match fixed {
            Some(_) => store_path(&promised, name),
            None => store_path(&without, name),
        };
        env.push(("out", &output));
        env.sort_unstable();
        let mut wanted: Vec<&str> = needs.iter().map(|made| &*made.path).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let text = |text: &'static str| Cow::Borrowed(text.as_bytes());
        let known =
            |path| StorePath::parse(path).map_err(|e: nix_parity_drv::BadStorePath| e.to_string());
        let mut inputs = Vec::new();
        for path in wanted {
            inputs.push(Input {
                path: known(path)?,
                outputs: vec![text("out")],
                dynamic: Vec::new(),
            });
        }
        let file = write(&Derivation {
            format: Format::Plain,
            outputs: vec![Output {
                name: text("out"),
                path: Some(known(&output)?),
                hash_algo: text(if fixed.is_some() { "sha256" } else { "" }),
                hash: Cow::Borrowed(fixed.unwrap_or_default().as_bytes()),
            }],
            inputs,
            sources: Vec::new(),
            system: text("x86_64-linux"),
            builder: text("/bin/sh"),
            args: vec![text("-e")],
            env: env
                .iter()
                .map(|(key, value)| {
                    (
                        Cow::Borrowed(key.as_bytes()),
                        Cow::Borrowed(value.as_bytes()),
                    )
                })
                .collect(),
        });
        let path = format!("{}.drv", store_path(&String::from_utf8_lossy(&file), name));
        let place = self.root.join(path.trim_start_matches('/'));
        // What two toplevels share is there already.
        if !place.exists() {
            std::fs::write(&place, file).map_err(|e| format!("{place}: {e}"))?;
        }
        Ok(Made { path, output })
    }
}

/// A path in the store whose hash is one of a text.
fn store_path(text: &str, name: &str) -> String {
    const BASE32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";
    let hash = blake3::hash(text.as_bytes());
    let digits = hash
        .as_bytes()
        .iter()
        .map(|b| char::from(BASE32[usize::from(b % 32)]));
    let digits: String = digits.collect();
    format!("/nix/store/{digits}-{name}")
}
