//! Generated packages and the derivations that they make: as Nix does it, the paths are
//! hashes of the content, so that a change reaches all that depends on it, in its
//! references and in its texts.

use std::borrow::Cow;
use std::collections::BTreeSet;

use nix_parity_drv::{Derivation, Format, Input, Memory, Output, StorePath, write};
use sha2::{Digest as _, Sha256};

/// How a package's outputs are addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Address {
    Input,
    Fixed,
    Floating,
}

/// What of a package is its own. Others are named by their numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) address: Address,
    pub(crate) structured: bool,
    pub(crate) system: String,
    pub(crate) builder: String,
    pub(crate) args: Vec<String>,
    pub(crate) outputs: Vec<&'static str>,
    pub(crate) flags: Vec<String>,
    pub(crate) source: u64,
    /// Numbers of packages, and which of their outputs.
    pub(crate) inputs: Vec<(usize, &'static str)>,
}

impl Package {
    pub(crate) fn full_name(&self) -> String {
        if self.version.is_empty() {
            self.name.clone()
        } else {
            format!("{}-{}", self.name, self.version)
        }
    }
}

/// Packages, each after those it needs; the last is the toplevel. A number without a
/// package is one that is not there.
#[derive(Clone, Debug)]
pub(crate) struct World {
    pub(crate) packages: Vec<Option<Package>>,
    pub(crate) toplevel: usize,
}

/// A package's derivation.
#[derive(Clone, Debug)]
pub(crate) struct Made {
    /// The path of its `.drv`.
    pub(crate) path: String,
    /// Output name and the text that stands for its path in others.
    outputs: Vec<(&'static str, String)>,
    // Some path below it is known only after a build.
    deferred: bool,
}

impl World {
    pub(crate) fn package(&self, number: usize) -> &Package {
        self.packages[number].as_ref().unwrap()
    }

    /// The numbers of what the toplevel needs, and its own.
    pub(crate) fn reachable(&self) -> BTreeSet<usize> {
        let mut seen = BTreeSet::new();
        let mut left = vec![self.toplevel];
        while let Some(number) = left.pop() {
            if seen.insert(number) {
                left.extend(self.package(number).inputs.iter().map(|(input, _)| *input));
            }
        }
        seen
    }

    /// Writes all derivations to a store, and tells what was made of each number.
    pub(crate) fn instantiate(&self, store: &mut Memory) -> Vec<Option<Made>> {
        let mut made: Vec<Option<Made>> = vec![None; self.packages.len()];
        let mut done = BTreeSet::new();
        let mut left = vec![self.toplevel];
        while let Some(&number) = left.last() {
            let package = self.package(number);
            let missing = package.inputs.iter().map(|(input, _)| *input);
            let missing: Vec<usize> = missing.filter(|input| !done.contains(input)).collect();
            if missing.is_empty() {
                left.pop();
                if done.insert(number) {
                    made[number] = Some(make(package, &made, store));
                }
            } else {
                left.extend(missing);
            }
        }
        made
    }
}

/// What Nix has in the place of a derivation's own `out`: `builtins.placeholder "out"`.
const OWN: &str = "/1rz4g4znpzjwh1xymhjpm42vipw92pr73vdgl6xs1hycac8kf2n9";

fn digits(parts: &[&[u8]], length: usize) -> String {
    const BASE32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part);
        hasher.update(b"|");
    }
    let mut bytes = vec![0; length];
    hasher.finalize_xof().fill(&mut bytes);
    bytes
        .iter()
        .map(|b| char::from(BASE32[usize::from(b % 32)]))
        .collect()
}

/// As Nix computes it, spelt in Nix's base 32.
fn placeholder(path: &str, output: &str) -> String {
    const BASE32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";
    let path = StorePath::parse(path).unwrap();
    let suffix = match output {
        "out" => String::new(),
        output => format!("-{output}"),
    };
    let (hash, name) = (path.hash_part(), path.derivation_name());
    let hash = Sha256::digest(format!("nix-upstream-output:{hash}:{name}{suffix}"));
    let bit = |n: usize| hash.get(n / 8).is_some_and(|byte| byte >> (n % 8) & 1 == 1);
    let digit = |n: usize| (0..5).fold(0, |sum, i| sum + (usize::from(bit(n * 5 + i)) << i));
    let digits = (0..52).rev().map(|n| char::from(BASE32[digit(n)]));
    std::iter::once('/').chain(digits).collect()
}

fn make(package: &Package, made: &[Option<Made>], store: &mut Memory) -> Made {
    let inputs: Vec<(&Made, &str)> = package
        .inputs
        .iter()
        .map(|(number, output)| (made[*number].as_ref().unwrap(), *output))
        .collect();
    let name = package.full_name();
    let deferred = inputs.iter().any(|(input, _)| input.deferred);
    let known = match package.address {
        Address::Input => !deferred,
        Address::Fixed => true,
        Address::Floating => false,
    };
    let source = format!(
        "/nix/store/{}-source",
        digits(&[b"source", &package.source.to_le_bytes()], 32)
    );
    // What the output paths are hashes of: all but themselves.
    let without = text(package, &name, &inputs, &source, &|_| String::new());
    let own = |output: &str| -> String {
        let suffix = match output {
            "out" => String::new(),
            output => format!("-{output}"),
        };
        let hash = match package.address {
            Address::Fixed => digits(
                &[b"fixed", name.as_bytes(), &package.source.to_le_bytes()],
                32,
            ),
            _ => digits(&[b"output", output.as_bytes(), &without], 32),
        };
        if known {
            format!("/nix/store/{hash}-{name}{suffix}")
        } else {
            String::new()
        }
    };
    let file = text(package, &name, &inputs, &source, &own);
    let path = format!("/nix/store/{}-{name}.drv", digits(&[b"drv", &file], 32));
    store.insert(path.clone(), file);
    let outputs = package.outputs.iter().map(|&output| {
        let text = match own(output) {
            text if text.is_empty() => placeholder(&path, output),
            text => text,
        };
        (output, text)
    });
    Made {
        outputs: outputs.collect(),
        deferred: !known,
        path,
    }
}

/// The file of a package whose outputs have these paths.
fn text(
    package: &Package,
    name: &str,
    inputs: &[(&Made, &str)],
    source: &str,
    own: &dyn Fn(&str) -> String,
) -> Vec<u8> {
    let path_of = |(made, output): &(&Made, &str)| -> String {
        let found = made.outputs.iter().find(|(name, _)| name == output);
        found.unwrap().1.clone()
    };
    let mut mentions: Vec<String> = inputs.iter().map(path_of).collect();
    let tools = mentions.split_off(mentions.len() / 2);
    let lines = tools
        .iter()
        .map(|tool| format!("{tool}/bin/x --to {OWN} \"-\""));
    let script = lines.collect::<Vec<_>>().join("\n");
    let outputs: Vec<(&str, String)> = package.outputs.iter().map(|o| (*o, own(o))).collect();
    let mut env: Vec<(String, String)> = vec![
        ("builder".into(), package.builder.clone()),
        ("buildInputs".into(), mentions.join(" ")),
        ("flags".into(), package.flags.join(" ")),
        ("name".into(), name.to_owned()),
        ("pname".into(), package.name.clone()),
        ("script".into(), script),
        ("src".into(), source.to_owned()),
        ("system".into(), package.system.clone()),
        ("version".into(), package.version.clone()),
    ];
    if package.structured {
        let members: Vec<String> = env.iter().map(|(k, v)| format!("{k:?}:{v:?}")).collect();
        env = vec![("__json".into(), format!("{{{}}}", members.join(",")))];
    }
    env.extend(
        outputs
            .iter()
            .map(|(name, path)| ((*name).to_owned(), path.clone())),
    );
    env.sort();

    let mut wanted: Vec<(&str, Vec<&str>)> = Vec::new();
    for (made, output) in inputs {
        match wanted.iter_mut().find(|(path, _)| *path == made.path) {
            Some((_, outputs)) => outputs.push(output),
            None => wanted.push((&made.path, vec![output])),
        }
    }
    wanted.sort();
    let bytes = |text: &str| Cow::Owned(text.as_bytes().to_vec());
    let hash = digits(&[&package.source.to_le_bytes()], 8);
    let (hash_algo, hash) = match package.address {
        Address::Input => ("", ""),
        Address::Fixed => ("sha256", hash.as_str()),
        Address::Floating => ("r:sha256", ""),
    };
    write(&Derivation {
        format: Format::Plain,
        outputs: outputs
            .iter()
            .map(|(name, path)| Output {
                name: bytes(name),
                path: StorePath::parse(path).ok(),
                hash_algo: bytes(hash_algo),
                hash: bytes(hash),
            })
            .collect(),
        inputs: wanted
            .iter()
            .map(|(path, outputs)| Input {
                path: StorePath::parse(path).unwrap(),
                outputs: outputs.iter().map(|o| bytes(o)).collect(),
                dynamic: Vec::new(),
            })
            .collect(),
        sources: vec![StorePath::parse(source).unwrap()],
        system: bytes(&package.system),
        builder: bytes(&package.builder),
        args: package.args.iter().map(|a| bytes(a)).collect(),
        env: env.iter().map(|(k, v)| (bytes(k), bytes(v))).collect(),
    })
}
