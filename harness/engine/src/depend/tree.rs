//! A flake's tree as Nix sees it: of a git work tree its tracked files, else all
//! files of a folder. Contents are read when they are first asked for; a file that
//! was changed before that has none.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use super::git::Git;
use super::listing::{File, Kind, Stamp, TreeError, all_files, newest, on_disk};

/// How many links are followed from one path; as many as Linux follows.
const MAX_LINKS: usize = 40;

/// Where a path leads, links followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// To a file.
    File(String),
    /// To a folder.
    Folder(String),
    /// To nothing of the tree.
    Nothing,
}

/// The files of a tree, by their path from its top.
#[derive(Debug)]
pub struct Tree {
    files: BTreeMap<String, File>,
    source: Source,
}

#[derive(Debug)]
enum Source {
    Elsewhere,
    WorkTree(Git),
    Folder(PathBuf),
    Commit {
        git: Git,
        commit: String,
        /// The files that are not on disk as they were.
        changed: BTreeSet<String>,
    },
}

impl Tree {
    /// The tree that a local flake is part of.
    pub fn of_flake(reference: &str, dir: &Path) -> Result<Self, TreeError> {
        let git = reference.starts_with("git+file:").then(|| Git::find(dir));
        match git.flatten() {
            Some(git) => {
                let names = git.tracked().map_err(|error| TreeError {
                    path: git.top().to_owned(),
                    error,
                })?;
                let files = on_disk(git.top(), names)?;
                Ok(Self {
                    files,
                    source: Source::WorkTree(git),
                })
            }
            None => Self::of_folder(dir),
        }
    }

    /// The tree of a flake that is not local: none of its files can change.
    pub fn elsewhere() -> Self {
        Self {
            files: BTreeMap::new(),
            source: Source::Elsewhere,
        }
    }

    /// Whether the tree is on this machine.
    pub fn is_local(&self) -> bool {
        !matches!(self.source, Source::Elsewhere)
    }

    /// All files of a folder.
    pub fn of_folder(dir: &Path) -> Result<Self, TreeError> {
        Ok(Self {
            files: on_disk(dir, all_files(dir)?)?,
            source: Source::Folder(dir.to_owned()),
        })
    }

    /// The files of a commit.
    pub fn of_commit(git: Git, commit: &str) -> io::Result<Self> {
        let files = git
            .files_of(commit)?
            .into_iter()
            .map(|file| {
                let kind = match file.mode.as_str() {
                    "120000" => Kind::Link,
                    "160000" => Kind::Folder,
                    mode => Kind::File {
                        executable: mode == "100755",
                    },
                };
                let entry = File {
                    kind,
                    object: file.object,
                    stamp: None,
                };
                (file.path, entry)
            })
            .collect();
        Ok(Self {
            files,
            source: Source::Commit {
                changed: git.changed_since(commit)?,
                commit: commit.to_owned(),
                git,
            },
        })
    }

    /// The folder at the top, for a tree on disk.
    pub fn top(&self) -> &Path {
        match &self.source {
            Source::WorkTree(git) | Source::Commit { git, .. } => git.top(),
            Source::Folder(dir) => dir,
            Source::Elsewhere => Path::new(""),
        }
    }

    /// What a path stands for; `None` where nothing is. Links are not followed.
    pub fn kind(&self, path: &str) -> Option<Kind> {
        if path.is_empty() {
            return Some(Kind::Folder);
        }
        if let Some(file) = self.files.get(path) {
            return Some(file.kind);
        }
        self.below(path).next().map(|_| Kind::Folder)
    }

    /// The content of a file, or the target of a link. `None` also where it is not
    /// what it was when the tree was listed: what an evaluation that began then has
    /// read of it is not known any more.
    pub fn content(&self, path: &str) -> Option<Vec<u8>> {
        let file = self.files.get(path)?;
        let content = self.read(path, file)?;
        let is_as_listed = file.stamp.as_ref().is_none_or(|stamp| {
            fs::symlink_metadata(self.top().join(path)).is_ok_and(|meta| Stamp::of(&meta) == *stamp)
        });
        is_as_listed.then_some(content)
    }

    fn read(&self, path: &str, file: &File) -> Option<Vec<u8>> {
        match (&self.source, file.kind) {
            (_, Kind::Folder) => None,
            (Source::Commit { git, changed, .. }, _) if changed.contains(path) => {
                git.object(&file.object).ok()
            }
            (_, Kind::Link) => fs::read_link(self.top().join(path))
                .ok()
                .map(|target| target.into_os_string().into_vec()),
            (_, Kind::File { .. }) => fs::read(self.top().join(path)).ok(),
        }
    }

    /// The paths of all files below a folder, in order.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let prefix = if folder.is_empty() {
            String::new()
        } else {
            format!("{folder}/")
        };
        self.files
            .range(prefix.clone()..)
            .map(|(path, _)| path.as_str())
            .take_while(move |path| path.starts_with(&prefix))
    }

    /// Follows a path, and tells each link on the way.
    pub fn follow(&self, path: &str, mut link: impl FnMut(&str, &[u8])) -> Place {
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
            let next = join(&at, &part);
            match self.kind(&next) {
                Some(Kind::Link) => {
                    let target = self.content(&next).unwrap_or_default();
                    link(&next, &target);
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

    /// The path that a path leads to; itself where it leads to nothing.
    pub fn real(&self, path: &str) -> String {
        match self.follow(path, |_, _| {}) {
            Place::File(real) | Place::Folder(real) => real,
            Place::Nothing => path.to_owned(),
        }
    }

    /// Whether a folder on disk is as it was when this tree was: of a commit that is
    /// so where git says it, of a tree on disk it is.
    pub(super) fn has_folder_as_on_disk(&self, folder: &Path) -> bool {
        let Source::Commit { git, commit, .. } = &self.source else {
            return true;
        };
        match folder.strip_prefix(git.top()).map(Path::to_str) {
            // Nothing is known of what is not in the repository.
            Err(_) => true,
            Ok(None) => false,
            Ok(Some(inside)) => git.folder_is_as_in(commit, inside).unwrap_or(false),
        }
    }

    /// Whether the flake of this file may take the content of submodules with it,
    /// which git does not list.
    pub fn may_take_submodules(&self, flake_file: &str) -> bool {
        let asks = |text: Vec<u8>| String::from_utf8_lossy(&text).contains("submodules");
        self.files.contains_key(".gitmodules") && self.content(flake_file).is_some_and(asks)
    }

    /// Why the files on disk may not be what Nix sees, if there is such a reason.
    pub fn obscured(&self) -> Option<String> {
        let attributes =
            |path: &&String| path.as_str() == ".gitattributes" || path.ends_with("/.gitattributes");
        self.files
            .keys()
            .find(attributes)
            .map(|path| format!("{path} may change what git stores"))
    }

    /// What else than its files tells one state of the tree from another: the
    /// revision and whether it was changed since, or the newest time of change.
    /// `None` where it cannot be found out.
    pub fn version(&self) -> Option<String> {
        match &self.source {
            Source::WorkTree(git) => git.state().ok(),
            Source::Commit { commit, .. } => Some(commit.clone()),
            Source::Folder(dir) => newest(dir).map(|time| time.to_string()),
            Source::Elsewhere => Some(String::new()),
        }
    }

    /// The words by which a configuration can name the state of its tree without
    /// naming a file of it: the revision, and points in time.
    pub fn signs(&self) -> Vec<String> {
        let (mut signs, time) = match &self.source {
            Source::WorkTree(git) => match git.head() {
                Ok((revision, time)) => (vec![revision], time),
                Err(_) => return Vec::new(),
            },
            Source::Commit { .. } | Source::Elsewhere => return Vec::new(),
            Source::Folder(dir) => match newest(dir) {
                Some(time) => (Vec::new(), time),
                None => return Vec::new(),
            },
        };
        signs.push(time.to_string());
        if let Ok(time) = jiff::Timestamp::from_second(time) {
            signs.push(time.strftime("%Y%m%d%H%M%S").to_string());
        }
        signs
    }
}

/// A name in a folder of the tree.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}
