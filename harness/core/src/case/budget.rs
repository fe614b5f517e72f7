//! `budget`: how much work evaluating a host may be, by Nix's own counters.

use serde_json::json;

use super::reuse::percent_schema;
use crate::location::{Located, Location};
use crate::percent::Percent;
use crate::yaml::{Key, Kind, Node, Reader};

/// Something that Nix counts while it evaluates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counter {
    /// Suspended computations.
    Thunks,
    /// Calls of functions.
    FunctionCalls,
    /// Calls of builtins.
    PrimopCalls,
    /// Attributes that were looked up.
    Lookups,
    /// Values that were made.
    Values,
    /// Attribute sets that were made.
    Sets,
    /// Elements of lists.
    ListElements,
}

impl Counter {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 7] = [
        Self::Thunks,
        Self::FunctionCalls,
        Self::PrimopCalls,
        Self::Lookups,
        Self::Values,
        Self::Sets,
        Self::ListElements,
    ];

    /// Its name in case files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Thunks => "thunks",
            Self::FunctionCalls => "function_calls",
            Self::PrimopCalls => "primop_calls",
            Self::Lookups => "lookups",
            Self::Values => "values",
            Self::Sets => "sets",
            Self::ListElements => "list_elements",
        }
    }

    /// Where Nix's statistics (`NIX_SHOW_STATS`) have it.
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::Thunks => "/nrThunks",
            Self::FunctionCalls => "/nrFunctionCalls",
            Self::PrimopCalls => "/nrPrimOpCalls",
            Self::Lookups => "/nrLookups",
            Self::Values => "/values/number",
            Self::Sets => "/sets/number",
            Self::ListElements => "/list/elements",
        }
    }

    /// The counter of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|counter| counter.name() == name)
    }
}

/// `budget`: what evaluating the host's toplevel may cost.
#[derive(Clone, Debug)]
pub struct BudgetCheck {
    /// What no more of may be counted, in the order written.
    pub limits: Vec<(Counter, Located<u64>)>,
    /// What is compared with the recorded base.
    pub recorded: Option<Located<Vec<Counter>>>,
    /// How much more is let through.
    pub tolerance: Percent,
    /// Where it is written.
    pub location: Location,
}

macro_rules! counter {
    ($name:literal, $doc:literal) => {
        Key {
            name: $name,
            doc: $doc,
            schema: || {
                json!({"anyOf": [
                    {"type": "integer", "minimum": 1},
                    {"type": "string", "pattern": "^[0-9]+([.][0-9]{1,3})? *[kMG]$"}
                ]})
            },
        }
    };
}

/// The keys of `budget`.
pub(super) const BUDGET: &[Key] = &[
    counter!(
        "thunks",
        "At most so many suspended computations, such as `12M`."
    ),
    counter!("function_calls", "At most so many calls of functions."),
    counter!("primop_calls", "At most so many calls of builtins."),
    counter!("lookups", "At most so many attributes that are looked up."),
    counter!("values", "At most so many values."),
    counter!("sets", "At most so many attribute sets."),
    counter!("list_elements", "At most so many elements of lists."),
    Key {
        name: "recorded",
        doc: "Counters that are compared with those of the recorded base, a snapshot that names its version of Nix.",
        schema: || {
            let names = Counter::ALL.map(Counter::name);
            let list = json!({"type": "array", "minItems": 1, "items": {"enum": names}});
            json!({"anyOf": [{"enum": names}, list]})
        },
    },
    Key {
        name: "tolerance",
        doc: "How much more is let through, such as `5%`; nothing where absent.",
        schema: percent_schema,
    },
];

impl BudgetCheck {
    pub(super) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`budget`", BUDGET)?;
        let mut limits = Vec::new();
        for entry in mapping.entries() {
            if let Some(counter) = Counter::named(entry.name) {
                limits.push((counter, amount(reader, entry.value, entry.name)?));
            }
        }
        let recorded = match mapping.get("recorded") {
            Some(node) => Some(recorded(reader, node)?),
            None => None,
        };
        if limits.is_empty() && recorded.is_none() {
            if mapping.entries().any(|e| e.name != "tolerance") {
                // A key that there is not; that has been reported.
                return None;
            }
            reader.report(
                reader
                    .error(node, "`budget` of nothing")
                    .note("for example `{ thunks: 12M }` or `{ recorded: [thunks, function_calls], tolerance: 5% }`"),
            );
            return None;
        }
        let tolerance = match mapping.get("tolerance") {
            Some(node) => reader.string(node, "`tolerance`")?.value,
            None => "0%".to_owned(),
        };
        let tolerance = Percent::parse(&tolerance)
            .map_err(|message| {
                let node = mapping.get("tolerance").unwrap_or(node);
                reader.report(reader.error(node, message));
            })
            .ok()?;
        Some(Self {
            limits,
            recorded,
            tolerance,
            location: reader.location(node),
        })
    }
}

fn recorded(reader: &Reader<'_>, node: &Node) -> Option<Located<Vec<Counter>>> {
    let mut counters = Vec::new();
    for name in reader.some_strings(node, "`recorded`")? {
        let Some(counter) = Counter::named(&name.value) else {
            let known = Counter::ALL.map(Counter::name);
            let mut error =
                reader.error_at(name.location, format!("unknown counter `{}`", name.value));
            if let Some(near) = crate::nearest::nearest(&name.value, known) {
                error = error.label(format!("did you mean `{near}`?"));
            }
            reader.report(error.note(format!("there are {}", known.join(", "))));
            return None;
        };
        counters.push(counter);
    }
    counters.sort_unstable();
    counters.dedup();
    Some(Located {
        value: counters,
        location: reader.location(node),
    })
}

/// `12M`, `1.5M`, `900k` or a plain number.
fn amount(reader: &Reader<'_>, node: &Node, what: &str) -> Option<Located<u64>> {
    let number = match &node.kind {
        Kind::Int(number) => u64::try_from(*number).ok(),
        Kind::String(text) => scaled(text),
        _ => None,
    };
    match number.filter(|number| *number > 0) {
        Some(value) => Some(Located {
            value,
            location: reader.location(node),
        }),
        None => {
            let message = format!("`{what}` must be a number such as 900k, 1.5M or 12000000");
            reader.report(reader.error(node, message));
            None
        }
    }
}

fn scaled(text: &str) -> Option<u64> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let digits = match unit {
        "k" => 3,
        "M" => 6,
        "G" => 9,
        _ => return None,
    };
    let (whole, part) = number
        .trim_end()
        .split_once('.')
        .unwrap_or((number.trim_end(), "0"));
    let is_plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_plain(whole) || !is_plain(part) || part.len() > 3 {
        return None;
    }
    let thousandths: u64 = format!("{whole}{part:0<3}").parse().ok()?;
    thousandths.checked_mul(10u64.pow(digits - 3))
}

#[cfg(test)]
mod tests {
    use super::scaled;

    #[test]
    fn amounts_have_a_unit() {
        assert_eq!(scaled("12M"), Some(12_000_000));
        assert_eq!(scaled("1.5 M"), Some(1_500_000));
        assert_eq!(scaled("0.25k"), Some(250));
        assert_eq!(scaled("3G"), Some(3_000_000_000));
        for wrong in [
            "",
            "M",
            "1.M",
            ".5M",
            "1.2345M",
            "12",
            "12m",
            "-1M",
            "99999999999999999999M",
        ] {
            assert_eq!(scaled(wrong), None, "{wrong}");
        }
    }
}
