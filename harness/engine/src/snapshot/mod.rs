//! Snapshots: accepted records of what hosts come out as.
//!
//! | module | subject |
//! |---|---|
//! | `name` | which file a snapshot lies in |
//! | `file` | the format of that file, which is insta's |
//! | `held` | what an accepted snapshot is of, read again |
//! | `folder` | accepted, pending and orphaned files |
//! | `reading` | the text of one of them, or why it cannot be read |
//! | `graph` | derivations, reduced to what a reviewer cares about |
//! | `reduced` | those as text |
//! | `normal` | store paths without hashes |
//! | `body` | the text of a snapshot |
//! | `pairs` | derivations of two texts that belong together, and what follows them |
//! | `changes` | what differs between two texts, what explains most first |

mod body;
mod changes;
mod file;
mod folder;
mod graph;
mod held;
mod name;
mod normal;
mod pairs;
mod reading;
mod reduced;

#[cfg(test)]
mod laws;

pub use changes::changes;
pub use file::{Header, pins};
pub use folder::{FOLDER, Folder, Pending, unreferenced};
pub use held::{Held, Of};
pub use name::Name;
pub use reading::Unreadable;
pub use reduced::{Reduced, Unlike};

pub(crate) use body::{entries, files, no_value, option, option_of_file};
pub(crate) use pairs::derivations;

/// A snapshot as it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Which one.
    pub name: Name,
    /// What is said of it beside its text.
    pub header: Header,
    /// Its text.
    pub body: String,
    /// Whether this is what was accepted.
    pub is_accepted: bool,
}

impl Taken {
    /// A text as its file keeps it, beside what was accepted.
    pub fn new(name: Name, header: Header, body: &str, accepted: Option<&str>) -> Self {
        let body = file::normal(body);
        Self {
            is_accepted: accepted == Some(&*body),
            name,
            header,
            body,
        }
    }
}
