//! What must hold of a sink, whatever went in.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use nix_parity_core::event::Event;
use nix_parity_report::read_jsonl;
use quick_xml::events::Event as Xml;
use serde::Deserialize;
use serde_json::Value;

use super::documents::Sink;
use crate::documents::{assert_commands, without_code};

/// The elements that JUnit has.
const ELEMENTS: [&str; 9] = [
    "testsuites",
    "testsuite",
    "properties",
    "property",
    "testcase",
    "failure",
    "error",
    "skipped",
    "system-out",
];

/// What was made without the payload.
pub(super) struct Without<'a> {
    /// Of the record as it was.
    pub(super) plain: &'a Plain,
    /// Of the record with harmless text at the same place; asked for where the first is
    /// not the same, which it need not be: a name that is no path has no lines to quote.
    pub(super) twin: &'a dyn Fn() -> String,
}

/// What was made of a record as it was, and what is looked at of that, once.
pub(super) struct Plain {
    text: String,
    elements: OnceCell<BTreeMap<String, usize>>,
    lines: OnceCell<Vec<String>>,
}

impl Plain {
    pub(super) fn new(text: String) -> Self {
        Self {
            text,
            elements: OnceCell::new(),
            lines: OnceCell::new(),
        }
    }

    fn elements(&self) -> &BTreeMap<String, usize> {
        self.elements.get_or_init(|| elements(&self.text))
    }

    fn lines(&self) -> &[String] {
        self.lines.get_or_init(|| own_lines(&self.text))
    }
}

/// Panics with what is wrong with the text that was made of `record`.
pub(super) fn check(sink: Sink, text: &str, without: &Without<'_>, record: Option<&Value>) {
    match sink {
        Sink::Terminal(_) => lines(text),
        Sink::Coloured => lines(&without_colours(text)),
        Sink::JsonLines => json_lines(text, record),
        Sink::Junit => junit(text),
        Sink::Html => html(text, without),
        Sink::Annotations => {
            inert(text);
            assert_commands(text);
        }
        Sink::Markdown(_) => markdown(text, without),
    }
}

/// Nothing acts on a terminal, and nothing hides or turns text around.
fn inert(text: &str) {
    assert_eq!(text.chars().find(|c| acts(*c)), None, "something acts");
    assert!(!text.contains("##["), "a runner obeys `##[`");
}

/// Not asked of the program's own function: this is what is to hold of it.
fn acts(c: char) -> bool {
    let marks = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}');
    marks || c.is_control() && c != '\n' && c != '\t'
}

/// The same, and no line is a command to a runner.
fn lines(text: &str) {
    inert(text);
    let command = text.lines().find(|l| l.trim_start().starts_with("::"));
    assert_eq!(command, None, "a runner obeys a line");
}

/// Our own colours are set and reset, and nothing else is.
fn without_colours(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        out.push_str(before);
        let (code, after) = after.split_once('m').expect("a colour ends");
        let digits = code.strip_prefix('[').expect("a colour");
        assert!(
            digits.chars().all(|c| c.is_ascii_digit() || c == ';'),
            "{code:?}"
        );
        rest = after;
    }
    out + rest
}

/// A line for each event, and all of it as it was.
fn json_lines(text: &str, record: Option<&Value>) {
    inert(text);
    let events: Result<Vec<Event>, _> = read_jsonl(text.as_bytes()).collect();
    let events = events.expect("a record is read again");
    assert_eq!(
        text.lines().count(),
        events.len(),
        "one line for each event"
    );
    if let Some(record) = record {
        let told = Vec::<Event>::deserialize(record).expect("a record");
        assert!(events == told, "the record says what was told");
    }
}

fn junit(text: &str) {
    inert(text);
    assert!(!text.contains("]]>"), "an end of CDATA");
    let valid = |c: char| matches!(c, '\t' | '\n' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert_eq!(
        text.chars().find(|c| !valid(*c)),
        None,
        "a character that XML 1.0 has not"
    );
    let mut reader = quick_xml::Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event().expect("XML") {
            Xml::Start(tag) | Xml::Empty(tag) => {
                let name = String::from_utf8(tag.name().as_ref().to_vec()).unwrap();
                assert!(ELEMENTS.contains(&name.as_str()), "<{name}>");
                for attribute in tag.attributes() {
                    attribute.expect("an attribute");
                }
            }
            Xml::CData(_) | Xml::Comment(_) | Xml::PI(_) | Xml::DocType(_) => {
                panic!("what no report has");
            }
            Xml::Eof => break,
            _ => {}
        }
    }
    quick_junit::Report::deserialize_from_str(text).expect("JUnit");
}

/// The elements of a page with the names of their attributes. What is not ours cannot be
/// between `<` and `>`: of these two there are only those of elements.
fn elements(page: &str) -> BTreeMap<String, usize> {
    let body = page.split("<body>").nth(1).expect("a body");
    let (body, _) = body.rsplit_once("<script>").expect("a script");
    let mut all = BTreeMap::new();
    for tag in body.split('<').skip(1) {
        let (tag, text) = tag.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "a `>` outside of tags: {text:?}");
        let parts: Vec<_> = tag.split('"').collect();
        assert!(parts.len() % 2 == 1, "quotes are paired: {tag:?}");
        let outside: String = parts.iter().step_by(2).copied().collect();
        assert!(!outside.contains(" on"), "{tag:?}");
        for (name, value) in parts.iter().zip(parts.iter().skip(1)).step_by(2) {
            let allowed: &[&str] = match name.trim() {
                name if name.ends_with("href=") => &["#", "./", "../", "file:///"],
                name if name.ends_with("src=") => &["data:image/png;base64,"],
                _ => &[""],
            };
            assert!(
                allowed.iter().any(|start| value.starts_with(start)),
                "{tag:?}"
            );
        }
        // Marks of what differs depend on the texts.
        if !["b", "/b"].contains(&outside.as_str()) {
            *all.entry(outside).or_default() += 1;
        }
    }
    all
}

fn html(page: &str, without: &Without<'_>) {
    assert_eq!(page.chars().find(|c| acts(*c)), None, "something acts");
    assert_eq!(page.matches("<script").count(), 1, "one script");
    assert_eq!(page.matches("<style").count(), 1, "one style sheet");
    let found = elements(page);
    let more = |wanted: &BTreeMap<String, usize>| -> Vec<_> {
        let more = |(element, n): &(&String, &usize)| wanted.get(*element).is_none_or(|m| m < *n);
        found.iter().filter(more).map(|(e, _)| e.clone()).collect()
    };
    if !more(without.plain.elements()).is_empty() {
        let more = more(&elements(&(without.twin)()));
        assert!(more.is_empty(), "elements of foreign origin: {more:?}");
    }
}

/// All that is foreign is code, so that outside of code nothing changes with it.
fn markdown(page: &str, without: &Without<'_>) {
    lines(page);
    let ours = own_lines(page);
    if ours != without.plain.lines() {
        assert_eq!(ours, own_lines(&(without.twin)()), "text that is no code");
    }
}

/// What of a page is no code. What is told first depends on the texts.
fn own_lines(page: &str) -> Vec<String> {
    let mut lines: Vec<_> = without_code(page).lines().map(str::to_owned).collect();
    lines.sort_unstable();
    lines
}
