//! A flake's tree as Nix sees it: of a git work tree its tracked files, else all
//! files of a folder. Contents are read when they are first asked for; a file that
//! was changed before that has none.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::git::Git;
use super::listing::{
    File, Kind, Listed, Stamp, TreeError, all_files, names_on_disk, newest, on_disk,
};
use super::recorded::{Changes, Recorded};
use super::spelling::Spellings;

/// The files of a tree, by their path from its top.
#[derive(Debug)]
pub struct Tree {
    files: BTreeMap<String, File>,
    source: Source,
    /// Files and folders that the disk calls otherwise than git does.
    names_on_disk: BTreeMap<String, String>,
    spellings: OnceLock<Spellings>,
    changes: OnceLock<Option<Changes>>,
}

#[derive(Debug)]
enum Source {
    Elsewhere,
    WorkTree(Git),
    Folder(PathBuf),
    Commit { git: Git, commit: String },
}

/// A file on disk against what git has recorded of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// Nix sees the file on disk: it is as recorded, or git says that it is not.
    OnDisk,
    /// It may not be as recorded, and git does not say so. Nix sees what is recorded while
    /// git takes the tree for unchanged. Else it sees the file on disk, as it was when the
    /// other changes of the tree were first like they are now.
    Unknown,
}

impl Tree {
    fn new(source: Source, files: BTreeMap<String, File>) -> Self {
        Self {
            files,
            source,
            names_on_disk: BTreeMap::new(),
            spellings: OnceLock::new(),
            changes: OnceLock::new(),
        }
    }

    /// The tree that a local flake is part of.
    pub fn of_flake(reference: &str, dir: &Path) -> Result<Self, TreeError> {
        let git = reference.starts_with("git+file:").then(|| Git::find(dir));
        match git.flatten() {
            Some(git) => Self::of_work_tree(git),
            None => Self::of_folder(dir),
        }
    }

    fn of_work_tree(git: Git) -> Result<Self, TreeError> {
        let names = git.tracked().map_err(|error| TreeError {
            path: git.top().to_owned(),
            error,
        })?;
        let names = names.into_iter().map(|(name, r)| (name, Some(r)));
        let Listed { files, absent } = on_disk(git.top(), names.collect())?;
        let names_on_disk = names_on_disk(git.top(), files.keys().map(String::as_str));
        let mut tree = Self {
            names_on_disk,
            ..Self::new(Source::WorkTree(git), files)
        };
        for (path, recorded) in absent {
            // A file that was deleted is not there for Nix either, if git says so: it does
            // not where it was told not to look at the disk.
            let is_deleted = tree.changes().is_some_and(|c| c.files.contains(&path));
            if !is_deleted {
                let file = File {
                    kind: recorded.kind,
                    recorded: Some(recorded),
                    stamp: None,
                };
                tree.files.insert(path, file);
            }
        }
        Ok(tree)
    }

    /// The tree of a flake that is not local: none of its files can change.
    pub fn elsewhere() -> Self {
        Self::new(Source::Elsewhere, BTreeMap::new())
    }

    /// Whether the tree is on this machine.
    pub fn is_local(&self) -> bool {
        !matches!(self.source, Source::Elsewhere)
    }

    /// Whether it is a work tree of git.
    pub(super) fn is_work_tree(&self) -> bool {
        matches!(self.source, Source::WorkTree(_))
    }

    /// All files of a folder.
    pub fn of_folder(dir: &Path) -> Result<Self, TreeError> {
        let names = all_files(dir)?.into_iter().map(|name| (name, None));
        let Listed { files, .. } = on_disk(dir, names.collect())?;
        Ok(Self::new(Source::Folder(dir.to_owned()), files))
    }

    /// The files of a commit.
    pub fn of_commit(git: Git, commit: &str) -> io::Result<Self> {
        let files = git
            .files_of(commit)?
            .into_iter()
            .map(|file| {
                let recorded = Recorded::new(&file.mode, &file.object, 'H');
                let entry = File {
                    kind: recorded.kind,
                    recorded: Some(recorded),
                    stamp: None,
                };
                (file.path, entry)
            })
            .collect();
        let commit = commit.to_owned();
        Ok(Self::new(Source::Commit { git, commit }, files))
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
        let on_disk = || match file.kind {
            Kind::Folder => None,
            Kind::Link => fs::read_link(self.top().join(path))
                .ok()
                .map(|target| target.into_os_string().into_vec()),
            Kind::File { .. } => fs::read(self.top().join(path)).ok(),
        };
        match (&self.source, &file.recorded) {
            (_, Some(recorded)) if recorded.kind == Kind::Folder => None,
            // To read a file costs less than to ask git for it.
            (Source::Commit { git, .. }, Some(recorded)) => on_disk()
                .filter(|content| recorded.has(content))
                .or_else(|| git.object(&recorded.object).ok()),
            (Source::WorkTree(git), Some(recorded)) if file.stamp.is_none() => {
                git.object(&recorded.object).ok()
            }
            _ => on_disk(),
        }
    }

    /// How a file with this content is against what git has recorded of it.
    pub(super) fn record(&self, path: &str, content: Option<&[u8]>) -> Record {
        let (Source::WorkTree(_), Some(file)) = (&self.source, self.files.get(path)) else {
            return Record::OnDisk;
        };
        let Some(recorded) = &file.recorded else {
            return Record::OnDisk;
        };
        // Nix sees nothing of a submodule, changed or not.
        if recorded.kind == Kind::Folder {
            return Record::OnDisk;
        }
        let is_as_recorded = file.stamp.is_some()
            && !recorded.is_exempt()
            && file.kind == recorded.kind
            && content.is_some_and(|content| recorded.has(content));
        if is_as_recorded {
            return Record::OnDisk;
        }
        match self.changes() {
            Some(changes) if changes.files.contains(path) => Record::OnDisk,
            _ => Record::Unknown,
        }
    }

    /// Whether a file is on disk, and not only in what git has recorded.
    pub(super) fn is_on_disk(&self, path: &str) -> bool {
        self.files
            .get(path)
            .is_some_and(|file| file.stamp.is_some())
    }

    /// What is recorded as something of another kind than it is on disk; a file that can be
    /// executed is of the same kind as one that cannot.
    pub(super) fn is_of_other_kind(&self, path: &str) -> bool {
        self.files.get(path).is_some_and(|file| {
            let recorded = file.recorded.as_ref().map(|r| r.kind);
            recorded.is_some_and(|kind| {
                std::mem::discriminant(&kind) != std::mem::discriminant(&file.kind)
            })
        })
    }

    /// What git says of the work tree; nothing where it cannot be asked.
    pub(super) fn changes(&self) -> Option<&Changes> {
        let Source::WorkTree(git) = &self.source else {
            return None;
        };
        self.changes.get_or_init(|| git.changes().ok()).as_ref()
    }

    /// The paths of the tree by how a disk may spell them.
    pub(super) fn spellings(&self) -> &Spellings {
        let files = || Spellings::of(self.files.keys().map(String::as_str));
        self.spellings.get_or_init(files)
    }

    /// What the disk calls a file or a folder, where that is not as git does.
    pub(super) fn name_on_disk(&self, path: &str) -> Option<&str> {
        self.names_on_disk.get(path).map(String::as_str)
    }

    /// Whether the disk calls something below a folder otherwise than git does.
    pub(super) fn has_other_names_below(&self, folder: &str) -> bool {
        let inside = move |path: &str| {
            folder.is_empty()
                || path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        self.names_on_disk.keys().any(|path| inside(path))
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
        self.kind(&self.real(".gitmodules")).is_some()
            && self.content(&self.real(flake_file)).is_some_and(asks)
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
            Source::WorkTree(git) => Some(git.state(self.changes()?)),
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
