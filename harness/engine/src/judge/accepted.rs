//! What was accepted, and what is said where that is there and cannot be read: no verdict
//! on the configuration, and nothing that could be accepted in its place.

use nix_parity_core::location::Location;
use nix_parity_core::outcome::{Finding, Problem};

use super::{Judge, finding};
use crate::snapshot::{Folder, Name, Unreadable};

impl Judge<'_> {
    /// The accepted text of a snapshot of this kind; nothing where none was accepted.
    pub(super) fn accepted(
        &mut self,
        name: &Name,
        kind: &str,
        at: &Location,
    ) -> Result<Option<String>, Box<Finding>> {
        let accepted = self.oracle.accepted(name);
        accepted.map_err(|why| self.unreadable(kind, at, &why))
    }

    /// Figures that were accepted, where the text of them is one.
    pub(super) fn figures<T>(
        &mut self,
        name: &Name,
        (kind, at): (&str, &Location),
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Box<Finding>> {
        let Some(text) = self.accepted(name, kind, at)? else {
            return Ok(None);
        };
        let figures = parse(&text).map(Some);
        figures.ok_or_else(|| {
            let why = "is damaged: it does not hold the figures of one";
            self.unreadable(kind, at, &Unreadable::new(Folder::file(name), why))
        })
    }

    fn unreadable(&mut self, kind: &str, at: &Location, why: &Unreadable) -> Box<Finding> {
        // It is not known to fail, so that no expected failure passes by it.
        self.unanswered = true;
        let message = why.to_string();
        let mut found = finding(kind, at, Problem::Machine { message });
        found.notes.push(why.advice().to_owned());
        Box::new(found)
    }
}
