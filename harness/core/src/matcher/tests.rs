//! What each matcher takes and refuses.

use super::{Matcher, NAMES, parse_expected, schema};
use crate::value::{Package, Value};
use crate::yaml::{Reader, parse};

pub(super) fn matcher(yaml: &str) -> Matcher {
    let node = parse(yaml).unwrap();
    let reader = Reader::new("t.yaml", yaml);
    let matcher = parse_expected(&reader, &node);
    assert!(reader.is_clean(), "{:?}", reader.finish());
    matcher.unwrap()
}

fn problem(yaml: &str) -> String {
    let node = parse(yaml).unwrap();
    let reader = Reader::new("t.yaml", yaml);
    assert!(parse_expected(&reader, &node).is_none(), "{yaml}");
    reader.finish().remove(0).message
}

fn literal(yaml: &str) -> Value {
    match matcher(&format!("equals: {yaml}")) {
        Matcher::Equals(value) => value,
        other => panic!("{other:?}"),
    }
}

fn package(pname: &str, version: &str) -> Value {
    Value::Package(Package {
        pname: pname.into(),
        version: version.into(),
        path: None,
    })
}

/// Matcher, values it takes, values it refuses; all in YAML.
#[test]
fn each_matcher_takes_and_refuses() {
    for (yaml, takes, refuses) in [
        ("1", vec!["1", "1.0"], vec!["2", "'1'", "true", "null"]),
        ("[a, b]", vec!["[a, b]"], vec!["[b, a]", "[a]"]),
        ("{a: 1}", vec!["{a: 1}"], vec!["{a: 1, b: 2}", "{}"]),
        ("{equals: {type: ext4}}", vec!["{type: ext4}"], vec!["{}"]),
        ("{not: 1}", vec!["2", "x"], vec!["1"]),
        ("{any_of: [1, {gt: 5}]}", vec!["1", "6"], vec!["2"]),
        ("{all_of: [{gt: 1}, {lt: 3}]}", vec!["2"], vec!["1", "3"]),
        ("{gt: 1, lt: 3}", vec!["2", "1.5"], vec!["3", "x"]),
        ("{ge: 1}", vec!["1"], vec!["0"]),
        ("{le: 1}", vec!["1", "-1.5"], vec!["1.01"]),
        ("{matches: '^a.c'}", vec!["abcd"], vec!["xabc", "1"]),
        (
            "{contains: b}",
            vec!["abc", "[a, b]"],
            vec!["ac", "[ab]", "{b: 1}"],
        ),
        ("{contains: 2}", vec!["[1, 2.0]"], vec!["'2'"]),
        (
            "{includes: [a, {matches: ^b}]}",
            vec!["[bb, x, a]"],
            vec!["[a]", "a"],
        ),
        (
            "{includes: {E: vim, X: {present: false}}}",
            vec!["{E: vim, Y: 1}"],
            vec!["{E: vi}", "{E: vim, X: 1}"],
        ),
        (
            "{set_equals: [a, b]}",
            vec!["[b, a]", "[a, b, a]"],
            vec!["[a]", "[a, b, c]"],
        ),
        (
            "{length: 2}",
            vec!["[1, 2]", "ab", "{a: 1, b: 2}"],
            vec!["[1]", "2"],
        ),
        ("{length: {ge: 1}}", vec!["[1]"], vec!["[]"]),
        ("{type: number}", vec!["1", "1.5"], vec!["'1'"]),
        ("{type: null}", vec!["null"], vec!["false"]),
        ("{type: attrs}", vec!["{}"], vec!["[]"]),
        ("{one_of: [a, 1]}", vec!["a", "1"], vec!["b"]),
        (
            "{each: {gt: 0}}",
            vec!["[1, 2]", "[]", "{a: 1}"],
            vec!["[1, 0]", "{a: 0}", "1"],
        ),
        (
            "{keys: [b, a]}",
            vec!["{a: 1, b: 1}"],
            vec!["{a: 1}", "[a, b]"],
        ),
        (
            "{keys: {includes: [a]}}",
            vec!["{a: 1, b: 1}"],
            vec!["{b: 1}"],
        ),
        ("{present: true}", vec!["null"], vec![]),
        ("{absent_or: false}", vec!["false"], vec!["true", "null"]),
    ] {
        let matcher = matcher(yaml);
        for value in takes {
            assert!(
                matcher.check(Some(&literal(value))).is_ok(),
                "{yaml} should take {value}"
            );
        }
        for value in refuses {
            assert!(
                matcher.check(Some(&literal(value))).is_err(),
                "{yaml} should refuse {value}"
            );
        }
    }
}

#[test]
fn nothing_satisfies_only_what_asks_for_it() {
    for (yaml, holds) in [
        ("{present: false}", true),
        ("{present: true}", false),
        ("{absent_or: 1}", true),
        ("{not: {present: true}}", true),
        ("{not: 1}", false),
        ("{not: {not: 1}}", false),
        ("{any_of: [1, {present: false}]}", true),
        ("null", false),
        ("{each: 1}", false),
    ] {
        assert_eq!(matcher(yaml).check(None).is_ok(), holds, "{yaml}");
    }
}

#[test]
fn packages_are_compared_by_name_and_version() {
    let list = Value::List(vec![
        package("git", "2.44.0"),
        package("ripgrep", "14.1.1"),
        Value::Null,
    ]);
    for (yaml, holds) in [
        ("{includes_packages: [git]}", true),
        (
            "{includes_packages: [{pname: ripgrep, version: '>=14'}, git]}",
            true,
        ),
        (
            "{includes_packages: [{pname: ripgrep, version: '>=15'}]}",
            false,
        ),
        ("{includes_packages: [{pname: git, version: 2.44.0}]}", true),
        ("{includes_packages: [gitFull]}", false),
        (
            "{includes: [{equals: {pname: git, version: 2.44.0}}]}",
            true,
        ),
        ("{each: {type: package}}", false),
    ] {
        assert_eq!(matcher(yaml).check(Some(&list)).is_ok(), holds, "{yaml}");
    }
    let mismatch = matcher("{includes_packages: [{pname: ripgrep, version: '>=15'}]}")
        .check(Some(&list))
        .unwrap_err();
    assert_eq!(mismatch.expected, "packages with ripgrep >= 15");
    assert_eq!(mismatch.got, "[ <package ripgrep-14.1.1> ]");
}

#[test]
fn a_mismatch_says_where() {
    let value = literal("{a: [{b: 1}, {b: 2}]}");
    let mismatch = matcher("{includes: {a: {each: {includes: {b: 1}}}}}")
        .check(Some(&value))
        .unwrap_err();
    assert_eq!(
        (
            mismatch.at.as_str(),
            mismatch.expected.as_str(),
            mismatch.got.as_str()
        ),
        (".a[1].b", "1", "2")
    );
}

#[test]
fn impossible_matchers_are_mistakes() {
    for (yaml, message) in [
        ("{matches: '('}", "not a regular expression: unclosed group"),
        ("{one_of: []}", "`one_of` without a value can never hold"),
        (
            "{any_of: []}",
            "`any_of` without an alternative says nothing",
        ),
        ("{type: ext4}", "unknown type `ext4`"),
        (
            "{length: -1}",
            "`length` takes a number from 0, or a matcher such as `ge: 1`",
        ),
        ("{gt: x}", "`gt` takes a number"),
        ("{present: 1}", "`present` must be true or false"),
        (
            "{includes: x}",
            "`includes` takes a list of elements or a mapping of members",
        ),
        ("{includes: [a], lenght: 1}", "unknown matcher `lenght`"),
        (
            "{includes_packages: [{name: git}]}",
            "unknown key `name` in a package",
        ),
        (
            "{includes_packages: [{pname: git, version: 2.10}]}",
            "a version must be a string",
        ),
    ] {
        assert_eq!(problem(yaml), message, "{yaml}");
    }
}

#[test]
fn the_schema_knows_every_matcher() {
    let schema = schema();
    let properties = schema["anyOf"][0]["properties"].as_object().unwrap();
    let mut names = NAMES.to_vec();
    names.sort_unstable();
    assert_eq!(
        properties.keys().map(String::as_str).collect::<Vec<_>>(),
        names
    );
}

#[test]
fn a_package_has_as_many_members_whether_its_path_was_asked_for_or_not() {
    let package = |path: Option<&str>| {
        Value::Package(Package {
            pname: "a".to_owned(),
            version: String::new(),
            path: path.map(str::to_owned),
        })
    };
    for value in [package(None), package(Some("/nix/store/x"))] {
        assert!(matcher("{keys: {length: 3}}").check(Some(&value)).is_ok());
        let two = matcher("{equals: {pname: a, version: ''}}");
        assert!(two.check(Some(&value)).is_ok());
    }
}
