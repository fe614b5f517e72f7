//! What `init` shows.

use std::collections::HashSet;

use nix_parity_core::observation::NixError;
use nix_parity_core::text::one_line;
use nix_parity_engine::init::{Kept, KnownHost, Proposal};
use serde_json::{Value, json};

use crate::args::Format;
use crate::output::{Output, lines};

/// Shows what would be done; with all texts where those are asked for.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn all(format: Format, proposal: &Proposal, with_texts: bool) -> Result<(), String> {
    match format {
        Format::Jsonl => lines([record(proposal).to_string()]),
        Format::Human => lines(text(proposal, with_texts)),
    }
}

/// Says what was done. `kept` are files that had come in between.
///
/// # Errors
/// Standard output cannot be written.
pub(super) fn written(
    format: Format,
    proposal: &Proposal,
    kept: &[String],
    output: &Output,
) -> Result<(), String> {
    if format == Format::Jsonl {
        let mut record = record(proposal);
        record["written"] = json!(true);
        record["kept_after_all"] = json!(kept);
        return lines([record.to_string()]);
    }
    for path in kept {
        output.error(&format!("{path} has come in between, and is left as it is"));
    }
    let number = count(proposal.files.len() - kept.len(), "file");
    let mut tops: Vec<_> = proposal
        .files
        .iter()
        .map(|file| file.path.split('/').next().unwrap_or(&file.path))
        .collect();
    tops.sort_unstable();
    tops.dedup();
    lines([
        format!("wrote {number}: git add {}", tops.join(" ")),
        "nix-parity run".to_owned(),
    ])
}

fn record(proposal: &Proposal) -> Value {
    let hosts = proposal.hosts.iter().map(|known| {
        json!({
            "host": known.host,
            "label": known.label,
            "error": known.error,
            "is_new": known.is_new,
        })
    });
    let files = proposal.files.iter();
    let files = files.map(|f| json!({"path": f.path, "what": f.what, "text": f.text}));
    let kept = proposal.kept.iter();
    let kept = kept.map(|k| json!({"path": k.path, "addition": k.addition}));
    json!({
        "hosts": hosts.collect::<Vec<_>>(),
        "files": files.collect::<Vec<_>>(),
        "kept": kept.collect::<Vec<_>>(),
        "left_out": proposal.left_out,
        "notes": proposal.notes,
    })
}

fn text(proposal: &Proposal, with_texts: bool) -> Vec<String> {
    let names: Vec<_> = proposal.hosts.iter().map(host).collect();
    let mut out = vec![format!(
        "{}: {}",
        count(names.len(), "host"),
        names.join(", ")
    )];
    for (labels, error) in errors(proposal) {
        let labels = labels.join(", ");
        out.push(format!(
            "{labels} cannot be evaluated, so no case is made of it:"
        ));
        if let Some(place) = &error.location {
            out.push(format!("    {place}"));
        }
        out.extend(
            error
                .message
                .lines()
                .take(8)
                .map(|line| format!("    {line}")),
        );
    }
    out.extend(proposal.notes.iter().map(|note| format!("note: {note}")));
    if proposal.is_nothing_new() {
        out.push(
            "nothing new: all that this flake sets is looked at, or left out below".to_owned(),
        );
    }
    if !proposal.files.is_empty() {
        out.extend([String::new(), "to be written".to_owned()]);
        let paths = proposal.files.iter().map(|file| one_line(&file.path));
        let width = paths
            .map(|path| path.chars().count())
            .max()
            .unwrap_or(0)
            .min(44);
        for file in &proposal.files {
            let path = one_line(&file.path);
            out.push(format!("  {path:width$}  {}", one_line(&file.what)));
        }
    }
    out.extend(kept(&proposal.kept));
    if !proposal.left_out.is_empty() {
        out.extend([
            String::new(),
            "left out, since it does not hold now".to_owned(),
        ]);
        out.extend(left_out(&proposal.left_out));
    }
    if with_texts {
        for file in &proposal.files {
            out.extend([String::new(), format!("==> {} <==", one_line(&file.path))]);
            out.extend(file.text.lines().map(str::to_owned));
        }
    }
    out.push(String::new());
    out
}

/// What was left out, with the reason: the lines below its first one only the first time.
fn left_out(left_out: &[String]) -> Vec<String> {
    let mut said = HashSet::new();
    let mut out = Vec::new();
    for left in left_out {
        let (first, rest) = left.split_once('\n').unwrap_or((left, ""));
        out.push(format!("  {}", one_line(first)));
        if said.insert(rest) {
            let lines = rest.lines().filter(|line| !line.trim().is_empty()).take(7);
            out.extend(lines.map(|line| format!("      {}", one_line(line))));
        }
    }
    out
}

/// What went wrong, with the hosts that it did on.
fn errors(proposal: &Proposal) -> Vec<(Vec<&str>, &NixError)> {
    let mut errors: Vec<(Vec<&str>, &NixError)> = Vec::new();
    for known in &proposal.hosts {
        let Some(error) = &known.error else { continue };
        let is_same =
            |other: &NixError| other.message == error.message && other.location == error.location;
        match errors.iter_mut().find(|(_, other)| is_same(other)) {
            Some((labels, _)) => labels.push(&known.label),
            None => errors.push((vec![&known.label], error)),
        }
    }
    errors
}

fn kept(kept: &[Kept]) -> Vec<String> {
    let mut out = Vec::new();
    if kept.is_empty() {
        return out;
    }
    out.extend([String::new(), "left as they are".to_owned()]);
    for Kept { path, addition } in kept {
        let path = one_line(path);
        if addition.is_empty() {
            out.push(format!("  {path}"));
            continue;
        }
        out.push(format!("  {path}, to which could be added:"));
        out.extend(addition.lines().map(|line| format!("    | {line}")));
    }
    out
}

fn host(known: &KnownHost) -> String {
    let system = known.host.system.as_deref().unwrap_or("not evaluated");
    let new = if known.is_new { ", new" } else { "" };
    format!(
        "{} ({}, {system}{new})",
        one_line(&known.label),
        known.host.platform
    )
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}
