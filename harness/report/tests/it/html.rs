//! The page. What a browser makes of it is looked at by ci/html-check.

use nix_parity_core::outcome::Outcome;

use crate::pages::{HOSTILE, all, everything, large, page, passed, run};

/// The elements of a page with their attributes, without their text.
fn tags(page: &str) -> Vec<&str> {
    let body = page.split("<body>").nth(1).unwrap();
    let body = body.rsplit_once("<script>").unwrap().0;
    let mut tags: Vec<_> = body
        .split('<')
        .skip(1)
        .map(|tag| tag.split('>').next().unwrap())
        .collect();
    tags.sort_unstable();
    tags
}

#[test]
fn no_string_becomes_markup() {
    let plain = everything("", &str::to_owned);
    let hostile = everything("", &|text| format!("{text} {HOSTILE}"));
    let names = |page: &str| -> Vec<String> {
        let names = tags(page)
            .into_iter()
            .map(|tag| tag.split(' ').next().unwrap().to_owned());
        names
            .filter(|name| !["b", "/b"].contains(&name.as_str()))
            .collect()
    };
    // The same elements, whatever the texts: but for marks of what differs, which depend
    // on the texts, and notes that a text is too long for its place.
    assert_eq!(names(&plain), names(&hostile));
    for tag in tags(&hostile) {
        let outside: Vec<_> = tag.split('"').step_by(2).collect();
        assert!(!outside.concat().contains(" on"), "{tag}");
    }
    assert!(!hostile.contains(['\u{202e}', '\u{1b}', '\u{9b}', '\u{200b}']));
    assert!(hostile.contains("\\u{202e}\\u{1b}[31m"));
    assert!(!hostile.contains("href=\"javascript"));
    assert_eq!(hostile.matches("<script>").count(), 1);
    assert_eq!(hostile.matches("<style>").count(), 1);
}

#[test]
fn the_page_needs_nothing_else() {
    let page = everything("../", &str::to_owned);
    for word in [
        "http://", "https://", "src=\"/", "@import", "url(", "<link", "style=\"",
    ] {
        assert!(!page.contains(word), "{word}");
    }
    assert!(page.contains("default-src 'none'; style-src 'sha256-"));
    assert!(page.contains("href=\"./../runs/driver.log\""));
    assert!(page.contains("src=\"data:image/png;base64,iVBORw0KGgo"));
}

#[test]
fn a_thousand_cases_on_five_hosts_are_less_than_two_megabytes() {
    for (percent, shown) in [
        (0, "All 5000 tests pass, on 5 hosts"),
        (10, "500 of 5000 tests on 5 hosts failed"),
        (100, "5000 of 5000 tests on 5 hosts failed"),
    ] {
        let page = large(1_000, percent);
        assert!(page.len() < 2_000_000, "{percent}%: {} bytes", page.len());
        assert!(page.contains(shown), "{percent}%");
        let cells =
            page.matches("<td class=\"pass\"").count() + page.matches("<td class=\"fail\"").count();
        assert_eq!(cells, 5_000);
        assert_eq!(
            page.contains("would make this page too large"),
            percent == 100
        );
    }
}

#[test]
fn every_link_within_the_page_leads_somewhere() {
    let pages = all().into_iter().map(|(_, page)| page);
    for page in pages.chain([large(1_000, 100)]) {
        for link in page.split("href=\"#").skip(1) {
            let id = link.split('"').next().unwrap();
            assert!(page.contains(&format!(" id=\"{id}\"")), "{id}");
        }
    }
}

#[test]
fn what_is_not_known_is_not_called_a_success() {
    assert!(page(&run(&[])).contains("No test was run, so nothing is proven"));
    let cut = nix_parity_report::WholeRun::default();
    assert!(page(&cut).contains("The run ended without a result"));
    let mut skipped = passed("a", "b", 1, 1);
    skipped.outcome = Outcome::Skip {
        reason: "no builder".to_owned(),
    };
    let page = page(&run(&[skipped]));
    assert!(page.contains("Every test was skipped, so nothing is proven"));
    assert!(page.contains("<span class=\"reason\">no builder</span>"));
}
