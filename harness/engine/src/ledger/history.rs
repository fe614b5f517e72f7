//! A history of the score: one line of JSON per state, with the commit that it is of.
//! Dates are those of commits, so that the same repository has the same history.

use std::io;
use std::path::Path;

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::ledger::{FORMAT, Gap, State};

use super::lock::lock_file;
use crate::depend::Git;
use crate::project::Project;
use crate::whole_file;

/// Adds a state to a history, unless the last line of it says the same of all rows.
/// The path is from the folder that the program was started in.
///
/// # Errors
/// The project is in no git work tree, or the file is no history. What is within is whether
/// it could be written.
pub fn record(
    project: &Project,
    file: &Path,
    gap: &Gap,
) -> Result<io::Result<()>, Vec<Diagnostic>> {
    let wrong = |message: String| vec![Diagnostic::new(format!("{}: {message}", file.display()))];
    let path = std::path::absolute(file).map_err(|e| wrong(e.to_string()))?;
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(wrong(error.to_string())),
    };
    let rows = gap.lock().rows;
    // Every line must be a state, so that nothing is appended to another file.
    if let Some(last) = State::read_all(&before).map_err(wrong)?.last()
        && (last.score, &last.rows) == (gap.score, &rows)
    {
        return Ok(Ok(()));
    }
    let unknown = |why: String| {
        let message = "a history is of commits, and there is none to name";
        vec![Diagnostic::new(message).note(why)]
    };
    let git = Git::find(&project.root)
        .ok_or_else(|| unknown("the project is in no git work tree".to_owned()))?;
    let (commit, seconds) = git.head().map_err(|e| unknown(e.to_string()))?;
    let own = [&path, &lock_file(project)];
    let changed = git
        .differs_from(&commit)
        .map_err(|e| unknown(e.to_string()))?;
    let date = jiff::Timestamp::from_second(seconds).map_err(|e| wrong(e.to_string()))?;
    let state = State {
        format: FORMAT,
        commit,
        date: date.to_string(),
        uncommitted: changed.iter().any(|f| !own.contains(&&git.top().join(f))),
        score: gap.score,
        rows,
    };
    let line = serde_json::to_string(&state).map_err(|e| wrong(e.to_string()))?;
    Ok(whole_file::replace(
        &path,
        format!("{before}{line}\n").as_bytes(),
    ))
}
