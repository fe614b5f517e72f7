//! What must hold of a text that somebody or something reads.

use std::path::Path;

use nix_parity_testkit::{Ran, SECRET};

/// Nothing acts on a terminal, hides text or turns it around, and no secret is told.
#[track_caller]
pub(super) fn assert_plain(what: &str, text: &str) {
    assert!(!text.contains(SECRET), "{what} has the secret");
    let acts = |c: char| {
        (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
    };
    let line = text.lines().find(|line| line.contains(acts));
    assert_eq!(line, None, "{what}");
}

/// The same, and nothing that the runner obeys whose log it comes to stand in.
#[track_caller]
pub(super) fn assert_inert(what: &str, text: &str) {
    assert_plain(what, text);
    let obeyed = |line: &&str| line.contains("##[") || line.trim_start().starts_with("::");
    assert_eq!(text.lines().find(obeyed), None, "{what}");
}

#[track_caller]
pub(super) fn said(what: &str, ran: &Ran) -> String {
    assert_inert(&format!("{what}: stdout"), &ran.stdout);
    assert_inert(&format!("{what}: stderr"), &ran.stderr);
    ran.stdout.clone()
}

/// All files below a folder, by their paths; each path is checked to be a plain one.
pub(super) fn files_below(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in folder.read_dir().into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            let name = path.to_str().expect("a plain name").to_owned();
            found.push((name, std::fs::read(&path).unwrap()));
        }
    }
    found
}
