//! Files of what was built, as they lie in the store. Links are followed within the
//! store alone: what lies outside of it is not what was built, and differs from machine
//! to machine.

use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Component, Path, PathBuf};

use nix_parity_core::size;

/// The largest file whose text is looked at.
const LARGEST: u64 = 8 << 20;

/// So many links are followed, as by the kernel.
const MAX_LINKS: usize = 40;

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What the link at the path itself says, where it is one.
    pub target: Option<String>,
    /// What is there once links are followed.
    pub found: Found,
}

/// What is there once links are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A file.
    File(File),
    /// A folder.
    Folder {
        /// Its permissions.
        mode: u32,
    },
    /// A link leads to where nothing is.
    Dangling {
        /// Where that is.
        to: String,
    },
    /// A link leads to where nobody looks, or in circles.
    Astray(String),
}

/// A file of an output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its permissions.
    pub mode: u32,
    path: PathBuf,
    size: u64,
}

impl File {
    /// Its text.
    ///
    /// # Errors
    /// Why it has none that could be looked at, as words that fit after "it".
    pub fn text(&self) -> Result<String, String> {
        if self.size > LARGEST {
            let (size, most) = (size::show(self.size), size::show(LARGEST));
            return Err(format!(
                "holds {size}; files of more than {most} are not looked into"
            ));
        }
        let mut bytes = Vec::new();
        let file = fs::File::open(&self.path).map(|file| file.take(LARGEST));
        let read = file.and_then(|mut file| file.read_to_end(&mut bytes));
        read.map_err(|e| format!("cannot be read: {e}"))?;
        String::from_utf8(bytes).map_err(|e| {
            let at = e.utf8_error().valid_up_to();
            format!("is no text: byte {at} is not UTF-8")
        })
    }
}

/// Looks at a path inside of an output; `None` where nothing is there. `root` is the
/// folder below which the store's paths are.
///
/// # Errors
/// The disk cannot be read.
pub fn look(root: &Path, output: &str, path: &str) -> io::Result<Option<Entry>> {
    let store = Path::new(output).parent().unwrap_or(Path::new("/"));
    let mut walk = Walk {
        root,
        store,
        links: 0,
    };
    let whole = match path {
        "." => PathBuf::from(output),
        path => Path::new(output).join(path),
    };
    // The folder that it is in, whose links belong to the way.
    let (Some(parent), Some(name)) = (whole.parent(), whole.file_name()) else {
        return Ok(None);
    };
    let entry = match walk.follow(parent)? {
        Step::At(folder) => folder.join(name),
        Step::Nothing(_) => return Ok(None),
        Step::Astray(why) => {
            return Ok(Some(Entry {
                target: None,
                found: Found::Astray(why),
            }));
        }
    };
    let Some(own) = walk.metadata(&entry)? else {
        return Ok(None);
    };
    let target = if own.is_symlink() {
        Some(walk.target(&entry)?.to_string_lossy().into_owned())
    } else {
        None
    };
    let found = match walk.follow(&entry)? {
        Step::At(place) => match walk.metadata(&place)? {
            Some(meta) => walk.found(&place, &meta),
            None => Found::Dangling {
                to: place.to_string_lossy().into_owned(),
            },
        },
        Step::Nothing(place) => Found::Dangling {
            to: place.to_string_lossy().into_owned(),
        },
        Step::Astray(why) => Found::Astray(why),
    };
    Ok(Some(Entry { target, found }))
}

/// Where following a path leads.
enum Step {
    /// A path without links.
    At(PathBuf),
    /// To where nothing is.
    Nothing(PathBuf),
    /// To where nobody looks.
    Astray(String),
}

struct Walk<'a> {
    root: &'a Path,
    store: &'a Path,
    links: usize,
}

impl Walk<'_> {
    /// Where a path of the store is on this machine.
    fn on_disk(&self, path: &Path) -> PathBuf {
        self.root.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// What is at a path itself; `None` where nothing is.
    fn metadata(&self, path: &Path) -> io::Result<Option<Metadata>> {
        match fs::symlink_metadata(self.on_disk(path)) {
            Ok(meta) => Ok(Some(meta)),
            Err(e)
                if matches!(
                    e.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                Ok(None)
            }
            Err(e) => Err(e),
        }
    }

    fn target(&self, link: &Path) -> io::Result<PathBuf> {
        fs::read_link(self.on_disk(link))
    }

    fn found(&self, place: &Path, meta: &Metadata) -> Found {
        let mode = meta.permissions().mode() & 0o7777;
        if meta.is_dir() {
            return Found::Folder { mode };
        }
        Found::File(File {
            mode,
            path: self.on_disk(place),
            size: meta.len(),
        })
    }

    /// Follows all links of a path.
    fn follow(&mut self, path: &Path) -> io::Result<Step> {
        let mut at = PathBuf::from("/");
        // What is still to be walked, the next last.
        let mut rest: Vec<_> = parts(path);
        while let Some(part) = rest.pop() {
            if part == ".." {
                at.pop();
                continue;
            }
            at.push(&part);
            // Above the store there is nothing to follow: it is where Nix says.
            if self.store.starts_with(&at) {
                continue;
            }
            if !at.starts_with(self.store) {
                return Ok(Step::Astray(format!(
                    "leads out of the store, to {}",
                    shown(&at, &rest)
                )));
            }
            let Some(meta) = self.metadata(&at)? else {
                return Ok(Step::Nothing(at));
            };
            if !meta.is_symlink() {
                continue;
            }
            self.links += 1;
            if self.links > MAX_LINKS {
                return Ok(Step::Astray(format!(
                    "leads through more than {MAX_LINKS} links"
                )));
            }
            let target = self.target(&at)?;
            if target.is_absolute() {
                at = PathBuf::from("/");
            } else {
                at.pop();
            }
            rest.extend(parts(&target));
        }
        if at.starts_with(self.store) {
            Ok(Step::At(at))
        } else {
            Ok(Step::Astray(format!(
                "leads out of the store, to {}",
                at.display()
            )))
        }
    }
}

/// The parts of a path, the first last.
fn parts(path: &Path) -> Vec<std::ffi::OsString> {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(part) => Some(part.to_owned()),
        Component::ParentDir => Some(OsStr::new("..").to_owned()),
        Component::RootDir | Component::CurDir | Component::Prefix(_) => None,
    });
    let mut parts: Vec<_> = parts.collect();
    parts.reverse();
    parts
}

fn shown(at: &Path, rest: &[std::ffi::OsString]) -> String {
    let whole: PathBuf = std::iter::once(at.as_os_str())
        .chain(rest.iter().rev().map(std::ffi::OsString::as_os_str))
        .collect();
    whole.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::{Found, look};
    use std::fs;
    use std::os::unix::ffi::OsStrExt as _;
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    use std::path::Path;

    const OUTPUT: &str = "/nix/store/aaa-x";

    /// A store below another root, with an output of many kinds of files.
    fn store() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| root.path().join(path.trim_start_matches('/'));
        fs::create_dir_all(at("/nix/store/aaa-x/etc/deep")).unwrap();
        fs::create_dir_all(at("/nix/store/bbb-y/share")).unwrap();
        fs::create_dir_all(at("/etc")).unwrap();
        fs::write(at("/etc/secret"), "outside").unwrap();
        fs::write(at("/nix/store/bbb-y/share/file"), "inside\n").unwrap();
        let run = at("/nix/store/aaa-x/run");
        fs::write(&run, "#!/bin/sh\n").unwrap();
        fs::set_permissions(&run, fs::Permissions::from_mode(0o555)).unwrap();
        fs::write(at("/nix/store/aaa-x/binary"), b"\xff\xfe").unwrap();
        fs::File::create(at("/nix/store/aaa-x/huge"))
            .unwrap()
            .set_len(1 << 30)
            .unwrap();
        for (link, target) in [
            ("absolute", "/nix/store/bbb-y/share/file"),
            ("folder", "/nix/store/bbb-y"),
            ("etc/deep/relative", "../../../bbb-y/share/file"),
            ("twice", "etc/deep/relative"),
            ("out", "/etc/secret"),
            ("up", "../../../etc/secret"),
            ("over", "../../../../../../../../etc/secret"),
            (
                "there-and-back",
                "/nix/store/../../nix/store/bbb-y/share/file",
            ),
            ("loop", "loop"),
            ("dangling", "/nix/store/ccc-gone/file"),
            ("through-file", "run/x"),
            ("store", "/nix/store"),
        ] {
            symlink(target, at(&format!("{OUTPUT}/{link}"))).unwrap();
        }
        let odd = std::ffi::OsStr::from_bytes(b"/nix/store/\xff\x1b[31m");
        symlink(odd, at("/nix/store/aaa-x/odd")).unwrap();
        root
    }

    fn text(root: &Path, path: &str) -> Result<String, String> {
        match look(root, OUTPUT, path).unwrap() {
            Some(entry) => match entry.found {
                Found::File(file) => file.text(),
                other => Err(format!("{other:?}")),
            },
            None => Err("nothing".to_owned()),
        }
    }

    #[test]
    fn links_are_followed_within_the_store() {
        let store = store();
        for path in [
            "absolute",
            "folder/share/file",
            "etc/deep/relative",
            "twice",
            "there-and-back",
            "store/bbb-y/share/file",
        ] {
            assert_eq!(
                text(store.path(), path).as_deref(),
                Ok("inside\n"),
                "{path}"
            );
        }
        let entry = look(store.path(), OUTPUT, "twice").unwrap().unwrap();
        assert_eq!(entry.target.as_deref(), Some("etc/deep/relative"));
    }

    #[test]
    fn nothing_outside_is_looked_at() {
        let store = store();
        for path in ["out", "up", "over", "loop"] {
            let entry = look(store.path(), OUTPUT, path).unwrap().unwrap();
            assert!(matches!(entry.found, Found::Astray(_)), "{path}: {entry:?}");
            assert!(entry.target.is_some());
        }
        let out = look(store.path(), OUTPUT, "out/x/y").unwrap().unwrap();
        let Found::Astray(why) = out.found else {
            panic!("{out:?}");
        };
        assert_eq!(why, "leads out of the store, to /etc/secret/x");
    }

    #[test]
    fn what_is_no_text_says_so() {
        let store = store();
        let said = |path: &str| text(store.path(), path).unwrap_err();
        assert_eq!(said("binary"), "is no text: byte 0 is not UTF-8");
        assert_eq!(
            said("huge"),
            "holds 1 GiB; files of more than 8 MiB are not looked into"
        );
        for path in [
            "gone",
            "run/x",
            "through-file/y",
            "dangling/x",
            "etc/gone/file",
        ] {
            assert_eq!(said(path), "nothing", "{path}");
        }
        for path in ["dangling", "through-file", "odd"] {
            assert!(said(path).starts_with("Dangling"), "{path}");
        }
    }

    #[test]
    fn modes_are_those_of_the_file() {
        let store = store();
        let found = |path: &str| look(store.path(), OUTPUT, path).unwrap().unwrap().found;
        assert!(matches!(found("run"), Found::File(file) if file.mode == 0o555));
        assert!(matches!(found("etc"), Found::Folder { .. }));
        assert!(matches!(found("."), Found::Folder { .. }));
    }
}
