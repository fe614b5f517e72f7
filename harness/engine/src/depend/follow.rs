//! Where a path leads in a tree: through links, and through names that a disk may take for
//! one another. A name is looked up as it is written first. Where there is none, one with
//! the same key is taken, which is right on a disk that ignores case, and on any other one
//! means that there is nothing; both are told apart by what is met on the way.

use super::listing::Kind;
use super::tree::{Tree, join};

/// How many links are followed from one path; as many as Linux follows.
const MAX_LINKS: usize = 40;

/// Where a path leads, links followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// To a file.
    File(String),
    /// To a folder.
    Folder(String),
    /// To nothing of the tree.
    Nothing,
}

/// Something on the way to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Met<'a> {
    /// A link.
    Link { path: &'a str, target: &'a [u8] },
    /// A file or a folder that is called otherwise than it was asked for.
    Spelling {
        asked: &'a str,
        called: &'a str,
        /// Whether the way goes on there.
        taken: bool,
    },
    /// A file or a folder that the disk calls otherwise than git does. Nix may see either.
    NameOnDisk,
}

impl Tree {
    /// Follows a path, and tells all that is met on the way.
    pub(super) fn follow(&self, path: &str, mut met: impl FnMut(Met<'_>)) -> Place {
        let mut rest: Vec<String> = path.rsplit('/').map(str::to_owned).collect();
        let mut at = String::new();
        let mut links = 0;
        while let Some(part) = rest.pop() {
            match part.as_str() {
                "" | "." => continue,
                ".." => {
                    at.truncate(at.rfind('/').unwrap_or(0));
                    continue;
                }
                _ => {}
            }
            let next = self.entry(&join(&at, &part), &mut met);
            match self.kind(&next) {
                Some(Kind::Link) => {
                    let target = self.content(&next).unwrap_or_default();
                    met(Met::Link {
                        path: &next,
                        target: &target,
                    });
                    links += 1;
                    let target = String::from_utf8_lossy(&target);
                    if links > MAX_LINKS || target.starts_with('/') {
                        return Place::Nothing;
                    }
                    rest.extend(target.rsplit('/').map(str::to_owned));
                }
                Some(Kind::File { .. }) if rest.is_empty() => return Place::File(next),
                Some(Kind::File { .. }) | None => return Place::Nothing,
                Some(Kind::Folder) => at = next,
            }
        }
        Place::Folder(at)
    }

    /// The path in the tree of an entry of one of its folders: itself if there is such an
    /// entry, or nothing like it.
    pub(super) fn entry(&self, path: &str, mut met: impl FnMut(Met<'_>)) -> String {
        let mut taken = self.kind(path).is_some().then_some(path);
        for called in self.spellings().others(path) {
            met(Met::Spelling {
                asked: path,
                called,
                taken: taken.is_none(),
            });
            taken.get_or_insert(called);
        }
        let taken = taken.unwrap_or(path);
        if self.name_on_disk(taken).is_some() {
            met(Met::NameOnDisk);
        }
        taken.to_owned()
    }

    /// The path that a path leads to; itself where it leads to nothing.
    pub fn real(&self, path: &str) -> String {
        match self.follow(path, |_| {}) {
            Place::File(real) | Place::Folder(real) => real,
            Place::Nothing => path.to_owned(),
        }
    }
}
