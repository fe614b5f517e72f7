//! The laws that matchers obey, whatever the matcher and the value.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::tests::matcher;
use super::{Comparison, Matcher, TypeName, parse_expected};
use crate::demand::Demand;
use crate::value::{Package, Value};
use crate::yaml::{Reader, Yaml, parse};

fn values() -> impl Strategy<Value = Value> {
    crate::value::tests_support::any_value()
}

/// What Nix would have said of a value under a demand.
fn seen(value: &Value, demand: &Demand) -> Value {
    let inner = |name: Option<&str>, value: &Value| match demand {
        Demand::Full { .. } => seen(value, demand),
        Demand::Each(each) => seen(value, each),
        Demand::Members(members) => match name.and_then(|n| members.get(n)) {
            Some(demand) => seen(value, demand),
            None => Value::Unobserved,
        },
        Demand::Shape => Value::Unobserved,
    };
    match value {
        Value::List(items) => Value::List(items.iter().map(|v| inner(None, v)).collect()),
        Value::Attrs(attrs) => Value::Attrs(
            attrs
                .iter()
                .map(|(k, v)| (k.clone(), inner(Some(k), v)))
                .collect(),
        ),
        Value::Package(p) => {
            let with_path = match demand {
                Demand::Full { paths } => *paths,
                Demand::Members(members) => members.contains_key("path"),
                Demand::Shape | Demand::Each(_) => false,
            };
            Value::Package(Package {
                path: p.path.clone().filter(|_| with_path),
                ..p.clone()
            })
        }
        other => other.clone(),
    }
}

fn matchers() -> impl Strategy<Value = Matcher> {
    matchers_of(values().boxed())
}

/// Matchers that are about such values.
fn matchers_of(values: BoxedStrategy<Value>) -> impl Strategy<Value = Matcher> {
    let comparisons = [
        Comparison::Gt,
        Comparison::Ge,
        Comparison::Lt,
        Comparison::Le,
    ];
    let leaf = prop_oneof![
        values.clone().prop_map(Matcher::Equals),
        values.clone().prop_map(Matcher::Contains),
        prop::collection::vec(values.clone(), 1..3).prop_map(Matcher::OneOf),
        prop::collection::vec(values, 0..3).prop_map(Matcher::SetEquals),
        any::<bool>().prop_map(Matcher::Present),
        (0..4i64).prop_map(|n| Matcher::Length(Box::new(Matcher::Equals(Value::Int(n))))),
        prop::sample::select(&TypeName::ALL[..]).prop_map(|name| Matcher::Type(TypeName(name))),
        (prop::sample::select(comparisons.to_vec()), -4..4i8)
            .prop_map(|(side, bound)| Matcher::Order(side, f64::from(bound) / 2.0)),
        Just(matcher("{matches: a}")),
        Just(matcher(
            "{includes_packages: [a, {pname: b, version: '>=2'}]}"
        )),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        let boxed = inner.clone().prop_map(Box::new);
        let several = prop::collection::vec(inner.clone(), 1..3);
        prop_oneof![
            boxed.clone().prop_map(Matcher::Not),
            boxed.clone().prop_map(Matcher::Each),
            boxed.clone().prop_map(Matcher::AbsentOr),
            boxed.prop_map(Matcher::Keys),
            several.clone().prop_map(Matcher::AnyOf),
            several.clone().prop_map(Matcher::AllOf),
            several.prop_map(Matcher::IncludesItems),
            prop::collection::btree_map("[a-c]", inner, 1..3).prop_map(Matcher::IncludesMembers),
        ]
    })
}

/// A value, and a matcher that has a fair chance to be about it.
fn related() -> impl Strategy<Value = (Matcher, Value)> {
    (matchers(), values(), any::<u8>()).prop_map(|(matcher, value, choice)| {
        let equals = Matcher::Equals(value.clone());
        let matcher = match choice % 4 {
            0 => Matcher::AnyOf(vec![matcher, equals]),
            1 => Matcher::AllOf(vec![matcher, equals]),
            2 => Matcher::AnyOf(vec![Matcher::IncludesItems(vec![matcher]), equals]),
            _ => matcher,
        };
        (matcher, value)
    })
}

/// What there is to hold a matcher against: a value that it has a fair chance to be
/// about, or nothing.
fn subjects() -> impl Strategy<Value = (Matcher, Option<Value>)> {
    (related(), any::<bool>()).prop_map(|((matcher, value), is_there)| {
        let subject = is_there.then_some(value);
        (matcher, subject)
    })
}

fn not(matcher: &Matcher) -> Matcher {
    Matcher::Not(Box::new(matcher.clone()))
}

/// The closest value that YAML has a spelling for.
fn spelt(value: Value) -> Value {
    match value {
        Value::Function | Value::Unobserved | Value::Redacted => Value::Null,
        Value::Path(text) => Value::String(text),
        Value::Package(package) => Value::String(package.pname),
        Value::Float(n) if !n.is_finite() => Value::Float(0.5),
        Value::List(items) => Value::List(items.into_iter().map(spelt).collect()),
        Value::Attrs(attrs) => {
            Value::Attrs(attrs.into_iter().map(|(k, v)| (k, spelt(v))).collect())
        }
        plain => plain,
    }
}

fn value_written(value: &Value) -> Yaml {
    match value {
        Value::Bool(value) => Yaml::Bool(*value),
        Value::Int(value) => Yaml::Int(*value),
        Value::Float(value) => Yaml::Float(*value),
        Value::String(text) => text.as_str().into(),
        Value::List(items) => values_written(items),
        Value::Attrs(attrs) => Yaml::map(attrs.iter().map(|(k, v)| (k, value_written(v)))),
        _ => Yaml::Null,
    }
}

fn values_written(values: &[Value]) -> Yaml {
    Yaml::List(values.iter().map(value_written).collect())
}

/// A matcher as a case file has it, in its long form.
fn written(matcher: &Matcher) -> Yaml {
    let several = |matchers: &[Matcher]| Yaml::List(matchers.iter().map(written).collect());
    let (name, argument) = match matcher {
        Matcher::Equals(value) => ("equals", value_written(value)),
        Matcher::Not(inner) => ("not", written(inner)),
        Matcher::AnyOf(any) => ("any_of", several(any)),
        Matcher::AllOf(all) => ("all_of", several(all)),
        Matcher::Matches(regex) => ("matches", regex.as_str().into()),
        Matcher::Contains(value) => ("contains", value_written(value)),
        Matcher::IncludesItems(items) => ("includes", several(items)),
        Matcher::IncludesMembers(members) => {
            let members = members.iter().map(|(name, inner)| (name, written(inner)));
            ("includes", Yaml::map(members))
        }
        Matcher::IncludesPackages(packages) => {
            let packages = packages.iter().map(|package| {
                let pname = ("pname", package.pname.as_str().into());
                // As it is shown: the name, then what the version must be.
                let shown = package.to_string();
                let version = shown
                    .split_once(' ')
                    .map(|(_, test)| ("version", test.into()));
                Yaml::map([pname].into_iter().chain(version))
            });
            ("includes_packages", Yaml::List(packages.collect()))
        }
        Matcher::SetEquals(values) => ("set_equals", values_written(values)),
        Matcher::Length(inner) => ("length", written(inner)),
        Matcher::Type(name) => ("type", name.0.into()),
        Matcher::OneOf(values) => ("one_of", values_written(values)),
        Matcher::Order(Comparison::Gt, bound) => ("gt", Yaml::Float(*bound)),
        Matcher::Order(Comparison::Ge, bound) => ("ge", Yaml::Float(*bound)),
        Matcher::Order(Comparison::Lt, bound) => ("lt", Yaml::Float(*bound)),
        Matcher::Order(Comparison::Le, bound) => ("le", Yaml::Float(*bound)),
        Matcher::Each(inner) => ("each", written(inner)),
        Matcher::Keys(inner) => ("keys", written(inner)),
        Matcher::Present(wanted) => ("present", Yaml::Bool(*wanted)),
        Matcher::AbsentOr(inner) => ("absent_or", written(inner)),
    };
    Yaml::map([(name, argument)])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn what_is_written_is_read_as_the_same_matcher(
        matcher in matchers_of(values().prop_map(spelt).boxed()),
    ) {
        let text = written(&matcher).to_string();
        let node = parse(&text).map_err(|e| TestCaseError::fail(format!("{e:?}: {text}")))?;
        let reader = Reader::new("t.yaml", &text);
        let read = parse_expected(&reader, &node);
        prop_assert!(read.is_some(), "{}: {:?}", text, reader.finish());
        // Neither regular expressions nor numbers that are none can be compared.
        prop_assert_eq!(format!("{:?}", read.unwrap()), format!("{matcher:?}"), "{}", text);
    }

    #[test]
    fn double_negation_changes_nothing((matcher, subject) in subjects()) {
        let twice = not(&not(&matcher));
        prop_assert_eq!(
            twice.check(subject.as_ref()).is_ok(),
            matcher.check(subject.as_ref()).is_ok()
        );
    }

    /// Of values. Nothing satisfies only what asks for it, on either side of a `not`.
    #[test]
    fn not_all_is_any_not_and_not_any_is_all_not(
        matchers in prop::collection::vec(related(), 1..4),
    ) {
        let value = matchers[0].1.clone();
        let matchers: Vec<Matcher> = matchers.into_iter().map(|(matcher, _)| matcher).collect();
        let negations: Vec<Matcher> = matchers.iter().map(not).collect();
        let holds = |matcher: Matcher| matcher.check(Some(&value)).is_ok();
        prop_assert_eq!(
            holds(not(&Matcher::AllOf(matchers.clone()))),
            holds(Matcher::AnyOf(negations.clone()))
        );
        prop_assert_eq!(
            holds(not(&Matcher::AnyOf(matchers))),
            holds(Matcher::AllOf(negations))
        );
    }

    #[test]
    fn the_order_of_alternatives_and_demands_does_not_matter(
        (first, subject) in subjects(),
        mut others in prop::collection::vec(matchers(), 1..4),
        place in any::<prop::sample::Index>(),
    ) {
        others.push(first);
        let mut turned = others.clone();
        turned.rotate_left(place.index(others.len()));
        for build in [Matcher::AllOf, Matcher::AnyOf, Matcher::IncludesItems] {
            prop_assert_eq!(
                build(others.clone()).check(subject.as_ref()).is_ok(),
                build(turned.clone()).check(subject.as_ref()).is_ok()
            );
        }
    }

    #[test]
    fn all_of_nothing_holds_and_any_of_nothing_does_not((matcher, subject) in subjects()) {
        prop_assert!(Matcher::AllOf(Vec::new()).check(subject.as_ref()).is_ok());
        prop_assert!(Matcher::AnyOf(Vec::new()).check(subject.as_ref()).is_err());
        let each = Matcher::Each(Box::new(matcher));
        for empty in [Value::List(Vec::new()), Value::Attrs(BTreeMap::new())] {
            prop_assert!(each.check(Some(&empty)).is_ok());
        }
    }

    #[test]
    fn absent_or_is_any_of_absence_and_the_other((matcher, subject) in subjects()) {
        let either = Matcher::AnyOf(vec![Matcher::Present(false), matcher.clone()]);
        prop_assert_eq!(
            Matcher::AbsentOr(Box::new(matcher)).check(subject.as_ref()).is_ok(),
            either.check(subject.as_ref()).is_ok()
        );
    }

    #[test]
    fn a_number_is_on_one_side_of_a_bound(number in -4..4i64, bound in -4..4i8) {
        let bound = f64::from(bound);
        for value in [Value::Int(number), Value::Float(f64::from(i32::try_from(number).unwrap()))] {
            let is = |side| Matcher::Order(side, bound).check(Some(&value)).is_ok();
            prop_assert_ne!(is(Comparison::Gt), is(Comparison::Le));
            prop_assert_ne!(is(Comparison::Lt), is(Comparison::Ge));
            let equal = Matcher::Equals(Value::Float(bound)).check(Some(&value)).is_ok();
            prop_assert_eq!(is(Comparison::Ge) && is(Comparison::Le), equal);
        }
    }

    #[test]
    fn what_is_demanded_decides((matcher, value) in related()) {
        let observed = seen(&value, &matcher.demand());
        prop_assert_eq!(
            matcher.check(Some(&observed)).is_ok(),
            matcher.check(Some(&value)).is_ok(),
            "{:?} saw {}", matcher.demand(), observed
        );
    }

    #[test]
    fn a_value_equals_itself_and_not_its_negation(v in values()) {
        prop_assert!(v.same(&v));
        let equals = Matcher::Equals(v.clone());
        prop_assert!(equals.check(Some(&v)).is_ok());
        prop_assert!(Matcher::Not(Box::new(equals)).check(Some(&v)).is_err());
    }

    #[test]
    fn sameness_is_symmetric(a in values(), b in values()) {
        prop_assert_eq!(a.same(&b), b.same(&a));
    }

    #[test]
    fn one_of_is_any_of_equals(wanted in prop::collection::vec(values(), 1..4), v in values()) {
        let any = Matcher::AnyOf(wanted.iter().cloned().map(Matcher::Equals).collect());
        prop_assert_eq!(Matcher::OneOf(wanted).check(Some(&v)).is_ok(), any.check(Some(&v)).is_ok());
    }

    #[test]
    fn a_list_in_any_order_is_set_equal_to_itself(mut items in prop::collection::vec(values(), 0..6)) {
        let matcher = Matcher::SetEquals(items.clone());
        items.reverse();
        prop_assert!(matcher.check(Some(&Value::List(items))).is_ok());
    }

    #[test]
    fn a_set_includes_each_part_of_itself(attrs in prop::collection::btree_map("[a-z]{1,3}", values(), 1..5)) {
        let set = Value::Attrs(attrs.clone());
        for (name, value) in attrs {
            let part = BTreeMap::from([(name, Matcher::Equals(value))]);
            prop_assert!(Matcher::IncludesMembers(part).check(Some(&set)).is_ok());
        }
    }

    #[test]
    fn describing_never_panics((matcher, v) in related()) {
        let _ = matcher.describe();
        let _ = v.pretty();
    }
}
