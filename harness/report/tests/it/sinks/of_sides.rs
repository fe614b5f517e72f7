//! What is compared, weighed and let pass, and everything that is made of it.

use nix_parity_core::comparison::{Comparison, Found, HostComparison};
use nix_parity_core::gate::{self, Against, Gate, Verification};
use nix_parity_core::ledger::{Gap, State};
use nix_parity_report::{
    Page, comparison, diff_markdown, gap, gate, host_comparison, verification,
};
use serde_json::{Value, json};

use crate::gates;
use crate::pages::{self, comparisons, results, written};

use super::documents::{STYLE, Sink, read, text};

pub(super) fn render_diff(value: &Value) -> Option<Vec<(Sink, String)>> {
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

pub(super) fn render_ledger(value: &Value) -> Option<Vec<(Sink, String)>> {
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

pub(super) fn history() -> Value {
    let row = json!({ "wrappers": { "passed": 4, "tests": 8 } });
    json!([
        { "format": 1, "commit": "0123456", "date": "2026-01-01T00:00:00Z", "uncommitted": true, "score": 4, "rows": row },
        { "format": 1, "commit": "abcdef0", "date": "2026-02-01T00:00:00Z", "uncommitted": false, "score": 9, "rows": row },
    ])
}

pub(super) fn render_history(value: &Value) -> Option<Vec<(Sink, String)>> {
    let history: Vec<State> = read(value)?;
    let ledger = pages::gap(&str::to_owned);
    let page = Page {
        gap: Some(&ledger),
        history: &history,
        ..Page::default()
    };
    Some(vec![(Sink::Html, written(&page))])
}

pub(super) fn gate_of_all() -> Gate {
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

pub(super) fn render_gate(value: &Value) -> Option<Vec<(Sink, String)>> {
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

pub(super) fn verified() -> Verification {
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

pub(super) fn render_verification(value: &Value) -> Option<Vec<(Sink, String)>> {
    let found: Verification = read(value)?;
    let shown = text(|out| verification(&found, out, &STYLE));
    Some(vec![(Sink::Terminal("gate --verify"), shown)])
}
