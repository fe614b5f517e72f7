//! Writes pages to look at in a browser to a folder: `cargo run --example pages -- FOLDER`.
//! ci/html-check does.

use std::path::PathBuf;

#[expect(clippy::unwrap_used, reason = "pages of tests")]
#[path = "../tests/it/pages.rs"]
mod pages;

fn main() -> std::io::Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| std::io::Error::other("usage: pages FOLDER"))?;
    std::fs::create_dir_all(&folder)?;
    for (name, text) in pages::all() {
        std::fs::write(folder.join(format!("{name}.html")), text)?;
    }
    Ok(())
}
