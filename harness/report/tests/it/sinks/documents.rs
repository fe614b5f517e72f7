//! The records that reports are made of, and everything that is made of them.

use std::collections::BTreeMap;

use nix_parity_core::comparison::{Change, Comparison, Found, HostComparison, Setting};
use nix_parity_core::coverage::{self, Coverage, UnseenModule, UnseenOption};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::event::Event;
use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::explanation::{DerivationExplanation, Fate, OptionExplanation, OptionOnHost};
use nix_parity_core::gate::{self, Against, Gate, Verification};
use nix_parity_core::ledger::{Gap, State};
use nix_parity_core::location::Location;
use nix_parity_core::outcome::OriginRole;
use nix_parity_report::{
    Between, Page, Places, Style, between, comment, comparison, coverage, derivation_explanation,
    diagnostics, diff_markdown, failure_text, gap, gate, github, host_comparison, job_summary,
    junit, merge, option_explanation, review, verification,
};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::pages::{self, comparisons, everything, results, written};
use crate::samples::{origin, recorded, shown_in};
use crate::{documents, gates};

/// Where text goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sink {
    /// Lines for people, by what prints them.
    Terminal(&'static str),
    /// The same with colours.
    Coloured,
    /// The record.
    JsonLines,
    /// JUnit XML.
    Junit,
    /// The page.
    Html,
    /// Workflow commands.
    Annotations,
    /// Comments and summaries.
    Markdown(&'static str),
}

/// What each sink says of a value; nothing where it is no value of this kind.
type Render = fn(&Value) -> Option<Vec<(Sink, String)>>;

/// A record, and what becomes of it.
pub(super) struct Document {
    pub(super) what: &'static str,
    pub(super) record: Value,
    /// Everything that is made of it; nothing where it is no such record.
    pub(super) render: Render,
}

/// All of them.
pub(super) fn all() -> Vec<Document> {
    let say = str::to_owned;
    let document = |what, record, render| Document {
        what,
        record,
        render,
    };
    vec![
        document("run", json!(run()), render_run),
        document("shards", json!(run()), render_shards),
        document("diff", json!(comparisons(&say)), render_diff),
        document("ledger", json!(pages::gap(&say)), render_ledger),
        document("history", json!(history()), render_history),
        document("gate", json!(gate_of_all()), render_gate),
        document("verification", json!(verified()), render_verification),
        document("option", json!(option()), render_option),
        document("derivation", json!(derivations()), render_derivation),
        document("problems", json!(problems()), render_problems),
        document(
            "coverage",
            json!({
                "a root": "root", "b host": "pc", "c option": "a.b",
                "d file": "modules/a.nix", "e file": "unused.nix", "f missing": "missing",
            }),
            render_coverage,
        ),
        document(
            "review",
            json!({ "a name": "pc/a.snap", "b old": "old\n", "c new": "new\n" }),
            render_review,
        ),
        document(
            "watch",
            json!({ "a file": "modules/a.nix", "b folder": "/etc/nixos" }),
            render_watch,
        ),
    ]
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut out = Vec::new();
    write(&mut out).unwrap();
    String::from_utf8(out).unwrap()
}

const STYLE: Style = Style::plain(80);

/// A run in which everything happens that a page can show.
fn run() -> Vec<Event> {
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

fn render_run(value: &Value) -> Option<Vec<(Sink, String)>> {
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
fn render_shards(value: &Value) -> Option<Vec<(Sink, String)>> {
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

fn render_diff(value: &Value) -> Option<Vec<(Sink, String)>> {
    let hosts: Vec<HostComparison> = read(value)?;
    let lines = text(|out| {
        hosts
            .iter()
            .try_for_each(|host| host_comparison(host, out, &STYLE))
    });
    let pair = text(|out| match &hosts.first().unwrap().found {
        Found::Compared(found) => comparison(found, out, &STYLE),
        _ => Ok(()),
    });
    let name = hosts.first().unwrap().host.clone();
    let page = Page {
        comparisons: &hosts,
        ..Page::default()
    };
    Some(vec![
        (Sink::Terminal("diff of all"), lines),
        (Sink::Terminal("diff"), pair),
        (Sink::Html, written(&page)),
        (
            Sink::Markdown("diff"),
            diff_markdown(&name, Some(&name), &hosts),
        ),
    ])
}

fn render_ledger(value: &Value) -> Option<Vec<(Sink, String)>> {
    let ledger: Gap = read(value)?;
    let page = Page {
        gap: Some(&ledger),
        ..Page::default()
    };
    Some(vec![
        (Sink::Terminal("gap"), text(|out| gap(&ledger, out, &STYLE))),
        (Sink::Html, written(&page)),
    ])
}

fn history() -> Value {
    let row = json!({ "wrappers": { "passed": 4, "tests": 8 } });
    json!([
        { "format": 1, "commit": "0123456", "date": "2026-01-01T00:00:00Z", "uncommitted": true, "score": 4, "rows": row },
        { "format": 1, "commit": "abcdef0", "date": "2026-02-01T00:00:00Z", "uncommitted": false, "score": 9, "rows": row },
    ])
}

fn render_history(value: &Value) -> Option<Vec<(Sink, String)>> {
    let history: Vec<State> = read(value)?;
    let ledger = pages::gap(&str::to_owned);
    let page = Page {
        gap: Some(&ledger),
        history: &history,
        ..Page::default()
    };
    Some(vec![(Sink::Html, written(&page))])
}

fn gate_of_all() -> Gate {
    let mut gate = gates::sample();
    let all = comparisons(&str::to_owned);
    if let Found::Compared(found) = &all[0].found {
        gate.comparison = Some((**found).clone());
    }
    gate.effects[0].user = Some("lars".to_owned());
    gate.cases.failures = results(&str::to_owned);
    gate.cases.failures.truncate(2);
    gate
}

fn render_gate(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: Gate = read(value)?;
    let shown = text(|out| gate(&found, out, &STYLE));
    let mut others = String::new();
    for against in [
        Against::Accepted {
            why: found.host.clone(),
        },
        Against::Nothing {
            why: found.host.clone(),
        },
    ] {
        let found = Gate {
            against,
            ..found.clone()
        };
        others += &text(|out| gate(&found, out, &STYLE));
    }
    Some(vec![
        (Sink::Terminal("gate"), shown),
        (Sink::Terminal("gate, other sides"), others),
    ])
}

fn verified() -> Verification {
    let all = comparisons(&str::to_owned);
    let Found::Compared(found) = &all[0].found else {
        panic!("the first host is compared");
    };
    Verification {
        format: gate::FORMAT,
        host: "pc".to_owned(),
        tested: gates::tested(),
        age: 7_200,
        name: "/run/current-system".to_owned(),
        running: "/nix/store/y".to_owned(),
        same: false,
        // What a comparison says is told of a diff.
        comparison: Some(Comparison {
            derivations: None,
            closure: None,
            ..(**found).clone()
        }),
        notes: vec!["it is not known what made it".to_owned()],
    }
}

fn render_verification(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: Verification = read(value)?;
    let shown = text(|out| verification(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("gate --verify"), shown)])
}

fn option() -> OptionExplanation {
    let host = |name: &str, value: Setting| OptionOnHost {
        host: name.to_owned(),
        declared: true,
        value,
        origins: vec![origin(
            OriginRole::Definition,
            "modules/a.nix",
            3,
            Some("true"),
        )],
        priority: Some(50),
        kind: Some("boolean".to_owned()),
        declarations: vec![Location::point("<nixpkgs>/a.nix", 4, 1)],
    };
    let absent = OptionOnHost {
        declared: false,
        ..host("air", Setting::Unset)
    };
    OptionExplanation {
        path: "services.a.enable".to_owned(),
        hosts: vec![
            host("pc", Setting::Value("true".to_owned())),
            host("server", Setting::Failed("attribute missing".to_owned())),
            absent,
        ],
    }
}

fn render_option(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: OptionExplanation = read(value)?;
    let shown = text(|out| option_explanation(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("explain"), shown)])
}

fn derivations() -> Vec<DerivationExplanation> {
    let changes = || {
        vec![Change {
            what: "env.text".to_owned(),
            old: Some("a\nb".to_owned()),
            new: Some("a\nc".to_owned()),
        }]
    };
    let with = |fate| DerivationExplanation {
        name: "sshd.conf".to_owned(),
        path: "/nix/store/x-sshd.conf.drv".to_owned(),
        host: "pc".to_owned(),
        chain: ["nixos-system-pc", "etc", "sshd.conf"]
            .map(str::to_owned)
            .to_vec(),
        fate,
    };
    vec![
        with(None),
        with(Some(Fate::Added)),
        with(Some(Fate::Cause { changes: changes() })),
        with(Some(Fate::Follows {
            chain: vec!["settings".to_owned()],
            changes: changes(),
        })),
    ]
}

fn render_derivation(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: Vec<DerivationExplanation> = read(value)?;
    let shown = text(|out| {
        let mut each = found.iter();
        each.try_for_each(|one| derivation_explanation(one, out, &STYLE))
    });
    Some(vec![(Sink::Terminal("explain --derivation"), shown)])
}

fn problems() -> Vec<Diagnostic> {
    let at = Location {
        length: 4,
        ..Location::point("cases/shell.yaml", 9, 3)
    };
    let problem = Diagnostic::new("unknown host").at(at, Some("  pc: server".to_owned()));
    vec![
        problem
            .label("there is pc")
            .note("a selection that can never match"),
        Diagnostic::new("cannot be read"),
    ]
}

fn render_problems(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: Vec<Diagnostic> = read(value)?;
    let shown = text(|out| diagnostics(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("wrong input"), shown)])
}

/// The strings of what is no record of its own, in the order of their names.
fn strings<const N: usize>(value: &Value) -> Option<[String; N]> {
    let strings: BTreeMap<String, String> = read(value)?;
    strings.into_values().collect::<Vec<_>>().try_into().ok()
}

fn render_coverage(value: &Value) -> Option<Vec<(Sink, String)>> {
    let [root, label, path, file, unused, missing] = strings(value)?;
    let found = Coverage {
        format: coverage::FORMAT,
        roots: vec![root],
        options: 9,
        looked_at: 4,
        places: vec![coverage::Place {
            label: label.clone(),
            options: 9,
            looked_at: 4,
        }],
        unseen: vec![UnseenOption {
            path,
            places: vec![label],
            files: vec![file.clone()],
        }],
        modules: vec![UnseenModule { file, options: 2 }],
        unevaluated: Some(vec![unused]),
        missing: vec![missing],
    };
    let shown = text(|out| coverage(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("coverage"), shown)])
}

fn render_review(value: &Value) -> Option<Vec<(Sink, String)>> {
    let [name, old, new] = strings(value)?;
    let shown = text(|out| {
        review(&name, Some(&old), &new, out, &STYLE)?;
        review(&name, None, &new, out, &STYLE)
    });
    Some(vec![(Sink::Terminal("review"), shown)])
}

fn render_watch(value: &Value) -> Option<Vec<(Sink, String)>> {
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
