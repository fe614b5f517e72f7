//! The table itself.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nix_parity_testkit::{harmless_twin, payloads};

use super::checks::{Plain, Without, check};
use super::documents::{Document, Sink, all};
use super::of_runs::full_page;
use super::places::{Place, places};

/// How many places a text stands at at a time.
const GROUP: usize = 8;

/// What is wrong with one cell.
struct Wrong {
    at: String,
    why: String,
}

/// How often each cell held.
type Cells = BTreeMap<(Sink, &'static str), usize>;

/// What came of a document.
struct Tried {
    places: Vec<Place>,
    held: Cells,
    wrong: Vec<Wrong>,
}

/// Tries all payloads at all places of a document, and counts the cells that hold.
fn try_document(document: &Document) -> Tried {
    let (mut held, mut wrong) = (Cells::new(), Vec::new());
    let places = places(&document.record, &|record| {
        (document.render)(record).is_some()
    });
    let plain = (document.render)(&document.record).expect("a record");
    let plain: Vec<_> = plain
        .into_iter()
        .map(|(_, text)| Plain::new(text))
        .collect();
    for (payload, text) in payloads() {
        // What is wrong at one place is wrong with others beside it; only to name it, each is
        // tried alone.
        for group in places.chunks(GROUP) {
            for (sink, why) in tried(document, &plain, group, &text) {
                let cell = held.entry((sink, payload)).or_default();
                let Some(why) = why else {
                    *cell += group.len();
                    continue;
                };
                let is_alone = |place: &&Place| {
                    let alone = tried(document, &plain, std::slice::from_ref(*place), &text);
                    alone.into_iter().any(|(s, why)| s == sink && why.is_some())
                };
                let names: Vec<_> = group.iter().filter(is_alone).map(|p| &*p.name).collect();
                let at = format!("{sink:?} × {payload}: {} {names:?}", document.what);
                wrong.push(Wrong { at, why });
            }
        }
    }
    Tried {
        places,
        held,
        wrong,
    }
}

/// Each sink of a document with this text at these places, and what is wrong with it.
fn tried(
    document: &Document,
    plain: &[Plain],
    places: &[Place],
    text: &str,
) -> Vec<(Sink, Option<String>)> {
    let with = |text: &str| {
        let mut record = document.record.clone();
        for place in places {
            place.put(&mut record, text);
        }
        let rendered = (document.render)(&record).expect("text is text");
        (record, rendered)
    };
    let (record, rendered) = with(text);
    // Shards that are put together are no longer what each of them was.
    let record = (document.what != "shards").then_some(&record);
    let mut all = Vec::new();
    for (n, (sink, text_of)) in rendered.iter().enumerate() {
        let twin = || with(&harmless_twin(text)).1.swap_remove(n).1;
        let without = Without {
            plain: &plain[n],
            twin: &twin,
        };
        let checked = catch_unwind(AssertUnwindSafe(|| check(*sink, text_of, &without, record)));
        all.push((*sink, checked.err().map(|cause| said(cause.as_ref()))));
    }
    all
}

fn said(cause: &(dyn std::any::Any + Send)) -> String {
    let text = cause.downcast_ref::<String>().cloned();
    let text = text.or_else(|| cause.downcast_ref::<&str>().map(|s| (*s).to_owned()));
    text.unwrap_or_default().chars().take(600).collect()
}

/// Sinks by payloads; a cell says at how many places that payload stood and nothing came
/// of it.
fn drawn(held: &Cells) -> String {
    let payloads: Vec<_> = payloads().into_iter().map(|(name, _)| name).collect();
    let mut sinks: Vec<_> = held.keys().map(|(sink, _)| *sink).collect();
    sinks.dedup();
    let mut text = String::new();
    for (n, payload) in payloads.iter().enumerate() {
        let _ = writeln!(text, "{:>2}  {payload}", n + 1);
    }
    let _ = write!(text, "\n{:<34}", "");
    for n in 1..=payloads.len() {
        let _ = write!(text, "{n:>4}");
    }
    for sink in sinks {
        let _ = write!(text, "\n{:<34}", format!("{sink:?}"));
        for payload in &payloads {
            let cell = held.get(&(sink, payload));
            let _ = write!(
                text,
                "{:>4}",
                cell.map_or("GAP".to_owned(), usize::to_string)
            );
        }
    }
    text + "\n"
}

#[test]
fn every_payload_at_every_place_in_every_sink() {
    let documents = all();
    // The run has as much to try as all others together.
    let tried: Vec<_> = std::thread::scope(|scope| {
        let (first, others) = documents.split_at(1);
        let threads = [first, others]
            .map(|part| scope.spawn(move || part.iter().map(try_document).collect::<Vec<_>>()));
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect()
    });
    let (mut held, mut wrong, mut came_in) = (Cells::new(), Vec::new(), String::new());
    for (document, tried) in documents.iter().zip(tried) {
        assert!(!tried.places.is_empty(), "{} has no text", document.what);
        let _ = writeln!(came_in, "{}", document.what);
        for place in tried.places {
            let _ = writeln!(came_in, "  {}", place.name.trim_start_matches('.'));
        }
        for (cell, n) in tried.held {
            *held.entry(cell).or_default() += n;
        }
        wrong.extend(tried.wrong);
    }
    let table = drawn(&held);
    println!("{table}");
    let list: Vec<_> = wrong
        .iter()
        .map(|wrong| format!("{}\n    {}", wrong.at, wrong.why))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} cells:\n{}",
        wrong.len(),
        list.join("\n")
    );
    assert!(!table.contains("GAP"), "{table}");
    insta::assert_snapshot!("sinks", table);
    insta::assert_snapshot!("places", came_in);
}

#[test]
fn every_payload_everywhere_at_once_on_a_page() {
    let plain = Plain::new(full_page(""));
    for (payload, text) in payloads() {
        // What is long is cut, and says so in an element of its own.
        if text.len() < 1_000 && !text.contains('\n') {
            println!("{payload}");
            let without = Without {
                plain: &plain,
                twin: &|| full_page(&harmless_twin(&text)),
            };
            check(Sink::Html, &full_page(&text), &without, None);
        }
    }
}
