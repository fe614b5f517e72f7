//! Texts that tell where the tree lies in the store, or in which state it is. Each
//! change of any file changes them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;

/// How the name of the tree's copy in the store ends.
const SOURCE: &[u8] = b"-source";

/// The characters of a hash in a store path.
const HASH: usize = 32;

/// Looks for the tree in texts.
#[derive(Debug)]
pub(super) struct Leaks {
    signs: Vec<String>,
    /// The flake's own file, by which a copy of the tree is known.
    flake_file: String,
    flake_text: Vec<u8>,
    /// Whether the copy with this hash is one of the tree.
    copies: RefCell<HashMap<Vec<u8>, bool>>,
}

impl Leaks {
    /// For a tree with these signs, whose `flake.nix` has this path and text.
    pub(super) fn new(signs: Vec<String>, flake_file: String, flake_text: Vec<u8>) -> Self {
        Self {
            signs,
            flake_file,
            flake_text,
            copies: RefCell::default(),
        }
    }

    /// What of the tree a text tells.
    pub(super) fn find(&self, text: &[u8]) -> Option<&'static str> {
        if self.names_copy(text) {
            return Some("where it lies in the store");
        }
        let told = |sign: &String| memchr::memmem::find(text, sign.as_bytes()).is_some();
        self.signs
            .iter()
            .any(told)
            .then_some("its revision or the time of its last change")
    }

    fn names_copy(&self, text: &[u8]) -> bool {
        memchr::memmem::find_iter(text, SOURCE).any(|end| {
            let Some(hash) = end.checked_sub(HASH).and_then(|start| text.get(start..end)) else {
                return false;
            };
            hash.iter().all(u8::is_ascii_alphanumeric) && self.is_copy(hash)
        })
    }

    fn is_copy(&self, hash: &[u8]) -> bool {
        if let Some(known) = self.copies.borrow().get(hash) {
            return *known;
        }
        let name = String::from_utf8_lossy(hash);
        let copy = PathBuf::from(format!("/nix/store/{name}-source"));
        let own = match fs::read(copy.join(&self.flake_file)) {
            Ok(text) => text == self.flake_text,
            // Of a store that lies elsewhere nothing is known.
            Err(_) => !copy.exists(),
        };
        self.copies.borrow_mut().insert(hash.to_owned(), own);
        own
    }
}
