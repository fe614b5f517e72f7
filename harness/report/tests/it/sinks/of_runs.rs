//! Records of runs, and everything that is made of them.

use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::excerpt::Excerpt;
use nix_parity_report::{
    Between, Page, Places, Style, between, comment, diagnostics, failure_text, github, job_summary,
    junit, merge,
};
use serde_json::Value;

use crate::documents;
use crate::pages::{self, everything, results, written};
use crate::samples::{recorded, shown_in};

use super::documents::{STYLE, Sink, read, text};
use super::of_questions::strings;

/// A run in which everything happens that a page can show.
pub(super) fn run() -> Vec<Event> {
    let mut events = pages::events(&results(&str::to_owned));
    let last = events.pop();
    let host = || "server".to_owned();
    events.extend([
        Event::HostStarted {
            host: host(),
            cached: false,
            why: Some("changed: modules/a.nix".to_owned()),
        },
        Event::HostActivity {
            host: host(),
            activity: "evaluating a.b".to_owned(),
        },
        Event::HostSystem {
            host: host(),
            system: "riscv64-linux".to_owned(),
        },
        Event::Warning {
            message: "the tree is dirty".to_owned(),
        },
    ]);
    for (file, line) in [("cases/shell.yaml", 9), ("config/lib/users.nix", 31)] {
        let lines = "  a = true;\n".repeat(40);
        events.push(Event::Source(Excerpt::of(&lines, file, line).unwrap()));
    }
    events.extend(last);
    events
}

pub(super) fn render_run(value: &Value) -> Option<Vec<(Sink, String)>> {
    let events: Vec<Event> = read(value)?;
    let whole = documents::whole(&events);
    let places = Places::default();
    let coloured = Style {
        colour: true,
        width: 80,
    };
    let page = Page {
        run: Some(&whole),
        base: "../".to_owned(),
        ..Page::default()
    };
    let failures: Vec<_> = whole.results().iter().map(failure_text).collect();
    Some(vec![
        (Sink::Terminal("human"), shown_in(&events, STYLE)),
        (
            Sink::Terminal("human, 1 column"),
            shown_in(&events, Style::plain(1)),
        ),
        (Sink::Terminal("a failing test"), failures.join("\n")),
        (Sink::Coloured, shown_in(&events, coloured)),
        (Sink::JsonLines, recorded(&events)),
        (Sink::Junit, junit(&whole, &places)),
        (Sink::Html, written(&page)),
        (Sink::Annotations, github(&whole, &places)),
        (Sink::Markdown("summary"), job_summary(&whole, 0)),
        (Sink::Markdown("comment"), comment(&whole, &places)),
    ])
}

/// The record as two shards that both have it.
pub(super) fn render_shards(value: &Value) -> Option<Vec<(Sink, String)>> {
    let events: Vec<Event> = read(value)?;
    let shards = ["a", "b"].map(|name| (name.to_owned(), events.clone()));
    // Two hosts of one name are refused, in words that name them.
    let (merged, refused) = match merge(&shards) {
        Ok(merged) => (merged, Vec::new()),
        Err(error) => (events, vec![Diagnostic::new(error.to_string())]),
    };
    let refused = text(|out| diagnostics(&refused, out, &STYLE));
    Some(vec![
        (Sink::Terminal("merged"), shown_in(&merged, STYLE)),
        (Sink::Terminal("not merged"), refused),
        (Sink::JsonLines, recorded(&merged)),
    ])
}

pub(super) fn render_watch(value: &Value) -> Option<Vec<(Sink, String)>> {
    let [file, folder] = strings(value)?;
    let files = vec![file];
    let shown = text(|out| {
        [
            Between::Changed(&files),
            Between::StartsOver(&files),
            Between::Same(&files),
            Between::Watching(&folder),
        ]
        .into_iter()
        .try_for_each(|what| between(what, out, &STYLE))
    });
    Some(vec![(Sink::Terminal("watch"), shown)])
}

/// The page of everything, with what is no record: pictures, logs, and the way to them.
pub(super) fn full_page(payload: &str) -> String {
    everything("", &|text| format!("{text}{payload}"))
}
