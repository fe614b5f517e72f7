//! The laws of what differs between the options and packages of two sides: nothing from
//! itself, and the way back is the inverse of the way there. Which side says where an
//! option is defined is left aside: the new one, where both do.

use std::collections::BTreeMap;

use nix_parity_core::comparison::{Closure, VersionChange};
use nix_parity_core::redact::Redaction;
use nix_parity_core::value::{Package, Value};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::prelude::*;

use super::closure::{Packages, between};
use super::options::changes;
use crate::inspect::{Setting as Found, Settings};

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        (0..3i64).prop_map(Value::Int),
        Just(Value::Float(f64::NAN)),
        "[ab]{0,2}".prop_map(Value::String),
        // Longer than what is shown of a value.
        "[ab]".prop_map(|end| Value::String("long ".repeat(1_000) + &end)),
        ("[pq]", "[12]", "/[xy]").prop_map(|(pname, version, path)| {
            Value::Package(Package {
                pname,
                version,
                path: Some(path),
            })
        }),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::List),
            btree_map("[a-c]|d\\.e", inner, 0..3).prop_map(Value::Attrs),
        ]
    })
}

fn settings() -> impl Strategy<Value = Settings> {
    let value = prop_oneof![
        4 => values().prop_map(Ok),
        1 => "[xy]".prop_map(Err),
    ];
    let found = (value, vec("own\\.nix|/else\\.nix", 0..2));
    let found = found.prop_map(|(value, files)| Found { value, files });
    btree_map(vec("[a-c]", 1..3), found, 0..4).prop_map(|of| Settings {
        of,
        missing: Vec::new(),
    })
}

fn packages() -> impl Strategy<Value = Packages> {
    btree_map("[a-d]", btree_set("[1-3]", 1..3), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn options_do_not_differ_from_themselves(side in settings()) {
        prop_assert_eq!(changes(&side, &side.clone(), &Redaction::default()), []);
    }

    #[test]
    fn of_options_the_way_back_is_the_inverse(old in settings(), new in settings()) {
        let found = |old, new| changes(old, new, &Redaction::default());
        let there: Vec<_> = found(&old, &new)
            .into_iter()
            .map(|change| (change.path, change.old, change.new))
            .collect();
        let back: Vec<_> = found(&new, &old)
            .into_iter()
            .map(|change| (change.path, change.new, change.old))
            .collect();
        prop_assert_eq!(back, there);
    }

    #[test]
    fn of_packages_the_way_back_is_the_inverse(old in packages(), new in packages()) {
        prop_assert_eq!(between(&old, &old), Closure::default());
        let there = between(&old, &new);
        let back = between(&new, &old);
        let versions = back.versions.into_iter().map(|change| VersionChange {
            old: change.new,
            new: change.old,
            name: change.name,
        });
        let inverse = Closure {
            added: back.removed,
            removed: back.added,
            versions: versions.collect(),
            ..back
        };
        prop_assert_eq!(inverse, there.clone());
        // What is there of one side, with what differs, is all of the other.
        let mut made: BTreeMap<_, _> = old.clone();
        made.retain(|name, _| new.contains_key(name));
        for change in &there.versions {
            made.insert(change.name.clone(), change.new.iter().cloned().collect());
        }
        made.extend(new.iter().filter(|(name, _)| !old.contains_key(*name)).map(|(n, v)| (n.clone(), v.clone())));
        prop_assert_eq!(made, new);
    }
}
