//! Stubs: flakes that stand in for inputs which cannot be fetched, made of what the
//! flake's own files take from them.

mod declared;
mod syntax;
mod text;
mod uses;

pub use declared::{Declared, declared, to_blame};

use std::io;
use std::path::Path;

use std::collections::BTreeSet;

use nix_parity_core::observation::NixError;
use nix_parity_core::option_path::OptionPath;

use uses::Uses;

use crate::project::Project;

/// The folder of stubs in a project.
const FOLDER: &str = "stubs";

/// A flake, or a folder of files, that stands in for an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stub {
    /// The input, as `--override-input` names it.
    pub input: String,
    /// Where it is written, from the project's folder.
    pub folder: String,
    /// Its files, from that folder, with their texts.
    pub files: Vec<(String, String)>,
    /// What it stands in for, in words.
    pub what: Vec<String>,
    is_flake: bool,
    uses: Uses,
    /// The options that its modules declare, with no type.
    options: BTreeSet<OptionPath>,
}

/// Why there is no stub of an input.
#[derive(Debug, thiserror::Error)]
pub enum NoStub {
    /// Everything else is made with it.
    #[error("input {0} makes the hosts: with a stub of it there would be none")]
    MakesHosts(String),
    /// Nothing of the flake's own names it.
    #[error("nothing that the flake's own files take from input {0} was found")]
    Unused(String),
    /// The files cannot be read.
    #[error("{0}")]
    Unreadable(String),
}

impl Stub {
    /// Makes a stub of an input from what the flake's own files take from it.
    ///
    /// # Errors
    /// There can be none.
    pub fn of(project: &Project, input: &Declared) -> Result<Self, NoStub> {
        let name = input.name.rsplit('/').next().unwrap_or(&input.name);
        let mut uses = Uses::default();
        let files = project.files().map_err(NoStub::Unreadable)?;
        for file in files {
            let is_nix = Path::new(&file).extension().is_some_and(|e| e == "nix");
            let is_stub = file.split('/').next() == Some(FOLDER);
            if let (true, Ok(text)) = (
                is_nix && !is_stub,
                std::fs::read_to_string(project.tree().join(&file)),
            ) {
                uses.add(&text, name);
            }
        }
        if uses.make_hosts() {
            return Err(NoStub::MakesHosts(input.name.clone()));
        }
        // Of an input of an input nothing is known but that it is needed.
        if uses.is_empty() && !input.name.contains('/') {
            return Err(NoStub::Unused(input.name.clone()));
        }
        let mut stub = Self {
            folder: format!("{FOLDER}/{}", folder_name(&input.name)),
            files: Vec::new(),
            what: uses.described(),
            input: input.name.clone(),
            is_flake: input.is_flake,
            options: BTreeSet::new(),
            uses,
        };
        stub.files = stub.texts();
        Ok(stub)
    }

    fn texts(&self) -> Vec<(String, String)> {
        text::files(&self.input, &self.uses, &self.options, self.is_flake)
    }

    /// Whether an option that there is not can be one of its modules': those are the only
    /// ones that there are (`is_only`), or are called like the option.
    fn may_have(&self, option: &OptionPath, is_only: bool) -> bool {
        let name = self.input.to_lowercase();
        let path = option.to_string().to_lowercase();
        let is_part = |part: &str, of: &str| part.len() > 2 && of.contains(part);
        let is_alike = option.segments().iter().any(|part| is_part(part, &name))
            || name
                .split(['-', '_', '/', '.'])
                .any(|word| is_part(word, &path));
        text::has_modules(&self.uses, option) && (is_only || is_alike)
    }

    /// Declares the option that Nix says there is not in the stub that could have it. Says
    /// whether there is one.
    pub fn declare<'s>(stubs: &'s mut [Self], error: &NixError) -> Option<&'s Self> {
        let option = missing_option(error)?;
        let with_modules = stubs
            .iter()
            .filter(|stub| text::has_modules(&stub.uses, &option));
        let is_only = with_modules.count() == 1;
        let stub = stubs
            .iter_mut()
            .find(|stub| stub.may_have(&option, is_only))?;
        if !stub.options.insert(option.clone()) {
            return None;
        }
        stub.what.push(format!("option {option}"));
        stub.files = stub.texts();
        Some(stub)
    }
}

/// Where stubs lie while they are tried, before they are written where they belong.
#[derive(Debug)]
pub struct Trial(tempfile::TempDir);

impl Trial {
    /// A folder that is removed in the end.
    ///
    /// # Errors
    /// None can be made.
    pub fn begin() -> io::Result<Self> {
        tempfile::Builder::new()
            .prefix("nix-parity-stubs-")
            .tempdir()
            .map(Self)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    /// Adds a stub.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn add(&self, stub: &Stub) -> io::Result<()> {
        for (path, text) in &stub.files {
            let path = self.folder().join(&stub.folder).join(path);
            if let Some(parent) = path.parent() {
                std::fs::create_dir_all(parent)?;
            }
            std::fs::write(path, text)?;
        }
        Ok(())
    }
}

/// The option that an error says there is not.
fn missing_option(error: &NixError) -> Option<OptionPath> {
    let (_, rest) = error.message.split_once("The option `")?;
    let (path, _) = rest.split_once("' does not exist")?;
    OptionPath::parse(path).ok()
}

/// A name of a folder that stays where it belongs.
fn folder_name(input: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let plain = input.chars().map(|c| if is_plain(c) { c } else { '-' });
    plain.collect()
}
