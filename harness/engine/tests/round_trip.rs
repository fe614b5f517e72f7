//! Any value goes through a real Nix and comes back as it was: as the value of an
//! attribute of any name in a flake, and as an expression of a case.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a helper that cannot do its work fails its test"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use nix_parity_core::demand::Demand;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::observation::Observation;
use nix_parity_core::option_path::{OptionPath, nix_string};
use nix_parity_core::value::Value;
use nix_parity_engine::nix::{
    Deadline, Failure, Flake, LimitOf, Limits, Nix, Request, Subject, Worker,
};
use nix_parity_testkit::Project;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// What each run of the tests begins with, so that a failure can be repeated.
const SEEDS: [u8; 3] = [1, 2, 3];

/// How many values a flake holds.
const VALUES: usize = 200;

/// Of these, one in so many is sent as an expression too.
const EXPRESSIONS: usize = 5;

/// What means something to Nix, to its log, to the protocol or to a terminal.
const PIECES: [&str; 26] = [
    "\"",
    "''",
    "\\",
    "${",
    "$${",
    "$",
    "\n",
    "\r\n",
    "\r",
    "\t",
    "\u{1b}[31m",
    "\u{1b}[0m",
    "\u{1b}]0;title\u{7}",
    "\u{9b}2J",
    "\u{1}",
    "\u{7f}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{10ffff}",
    "@nix {\"action\":\"msg\"",
    "trace: ",
    "error: ",
    "np-",
    "\\u0000",
    ")",
];

/// Names that mean something to the protocol, or to Nix when it writes JSON.
const NAMES: [&str; 12] = [
    "a",
    "f",
    "p",
    "t",
    "u",
    "type",
    "if",
    "rec",
    "_type",
    "name",
    "or",
    "__toString",
];

/// Text of any characters but NUL, which no string of Nix can hold.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        prop::sample::select(PIECES.as_slice()).prop_map(str::to_owned),
        any::<String>().prop_map(|text| text.replace('\0', "")),
        "[ a-z0-9.]{0,6}",
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

/// A name of an attribute. What makes a set a package or a function is not among
/// the names: such a set is observed as what it stands for.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => text(),
        1 => prop::sample::select(NAMES.as_slice()).prop_map(str::to_owned),
    ]
}

fn integer() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        -2..=2i64,
        prop::sample::select([i64::MIN, i64::MIN + 1, i64::MAX, 1 << 53, (1 << 53) + 1].as_slice()),
    ]
}

/// All floats, which are all that a calculation of Nix can arrive at.
fn float() -> impl Strategy<Value = f64> {
    use prop::num::f64::{INFINITE, NEGATIVE, NORMAL, POSITIVE, QUIET_NAN, SUBNORMAL, ZERO};
    prop_oneof![
        POSITIVE | NEGATIVE | NORMAL | SUBNORMAL | ZERO | INFINITE | QUIET_NAN,
        -1e6..1e6f64,
        (-1e9..1e9f64).prop_map(f64::trunc),
        prop::sample::select(
            [
                0.0,
                -0.0,
                0.1,
                1e15,
                1e16,
                1e22,
                1e23,
                f64::MAX,
                f64::MIN_POSITIVE,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::NAN
            ]
            .as_slice()
        ),
    ]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::Bool),
        2 => integer().prop_map(Value::Int),
        2 => float().prop_map(Value::Float),
        6 => text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            prop::collection::btree_map(name(), inner, 0..5).prop_map(Value::Attrs),
        ]
    })
}

/// The value as an expression of Nix.
fn literal(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(b) => b.to_string(),
        // Nix reads the digits before it negates them, and there is no such positive.
        Value::Int(i64::MIN) => format!("({} - 1)", i64::MIN + 1),
        Value::Int(n) => format!("({n})"),
        Value::Float(n) => float_literal(*n),
        Value::String(text) => nix_string(text),
        Value::List(items) => {
            let items: Vec<_> = items.iter().map(literal).collect();
            format!("[ {} ]", items.join(" "))
        }
        Value::Attrs(members) => set(members),
        other => panic!("{other} has no literal"),
    }
}

/// All digits that tell it from its neighbours, and the point that Nix wants; or a
/// calculation, for what has no literal.
fn float_literal(n: f64) -> String {
    if n.is_nan() {
        return "(1.0e308 * 10 - 1.0e308 * 10)".to_owned();
    }
    if n.is_infinite() {
        return format!("({}.0e308 * 10)", n.signum());
    }
    // Nix reads a literal before it negates it, and has no negation but `0 - n`.
    if n == 0.0 && n.is_sign_negative() {
        return "(0.0 * -1)".to_owned();
    }
    let text = format!("{n:e}");
    // Nix refuses a literal that is too small for full precision.
    if n.is_subnormal() {
        return format!("(builtins.fromJSON \"{text}\")");
    }
    let (digits, exponent) = text.split_once('e').unwrap();
    let point = if digits.contains('.') { "" } else { "." };
    // Nix takes a zero before the point only where digits follow it.
    if n == 0.0 {
        return "0.0".to_owned();
    }
    format!("({digits}{point}e{exponent})")
}

fn set(members: &BTreeMap<String, Value>) -> String {
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("{} = {};", nix_string(name), literal(value)))
        .collect();
    format!("{{\n{}\n}}", members.join("\n"))
}

fn generate(seed: u8) -> BTreeMap<String, Value> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let mut values = BTreeMap::new();
    while values.len() < VALUES {
        let pair = (name(), value()).new_tree(&mut runner).unwrap();
        let (name, value) = pair.current();
        values.insert(name, value);
    }
    values
}

/// Asks for all of what a request is about.
fn ask(worker: &mut Worker, subject: Subject) -> Result<Observation, Failure> {
    let request = Request {
        variant: None,
        subject,
    };
    let deadline = Deadline::after(Duration::from_secs(60), LimitOf::Case);
    worker.ask(&request, deadline)
}

#[test]
fn values_come_back_as_they_went() {
    let nix = Nix::find(None).expect("nix must be on PATH (ci/install-nix installs it)");
    let interrupted = Arc::new(AtomicBool::new(false));
    let limits = Limits {
        interrupted,
        start: Duration::from_secs(60),
        until: None,
        memory: None,
    };
    let demand = Demand::Full { paths: true };
    for seed in SEEDS {
        let values = generate(seed);
        let project = Project::new(&[
            ("values.nix", set(&values).as_str()),
            (
                "flake.nix",
                "{\n  outputs = _: { nixosConfigurations.pc = { config = import ./values.nix; options = { }; }; };\n}\n",
            ),
        ]);
        let flake = Flake {
            reference: format!("git+file://{}", project.root()),
            overrides: Vec::new(),
        };
        let mut worker = Worker::start(&nix, &flake, limits.clone()).unwrap();
        worker.bind_host(&Host::new(Platform::Nixos, "pc")).unwrap();
        for (n, (name, value)) in values.iter().enumerate() {
            let path = OptionPath::from_segments(vec![name.clone()]).unwrap();
            let demand = demand.clone();
            let got = ask(&mut worker, Subject::Option { path, demand });
            assert!(
                same(&got, value),
                "seed {seed}, value {n}, of {name:?}:\n{value:?}\ncame back as\n{got:?}"
            );
        }
        for (n, value) in values.values().enumerate().step_by(EXPRESSIONS) {
            let expression = literal(value).into();
            let demand = demand.clone();
            let got = ask(&mut worker, Subject::Eval { expression, demand });
            assert!(
                same(&got, value),
                "seed {seed}, expression {n}:\n{value:?}\ncame back as\n{got:?}"
            );
        }
    }
}

/// Whether it is exactly this value, of the same type. The words for a value tell
/// -0.0 from 0.0, and know NaN again.
fn same(got: &Result<Observation, Failure>, value: &Value) -> bool {
    matches!(got, Ok(Observation::Value(got)) if format!("{got:?}") == format!("{value:?}"))
}
