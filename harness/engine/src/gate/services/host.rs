//! What will run on a host, asked of the host: nothing of it need be built.

use std::collections::BTreeMap;

use nix_parity_core::demand::Demand;
use nix_parity_core::host::Platform;
use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;

use super::ini::{self, Sections};
use super::unit::Unit;
use super::{Home, Homebrew, Jobs, Services, Units, digest};
use crate::judge::Oracle;
use crate::nix::Subject;

impl Services {
    /// Those of a host. What cannot be found out is said to be unknown.
    pub(in crate::gate) fn of_host(oracle: &mut dyn Oracle, platform: Platform) -> Self {
        let mut found = Self::default();
        let mut ask = |what: &str, expression: &str| match ask(oracle, expression) {
            Ok(value) => Some(value),
            Err(why) => {
                found.unknown.push(format!("{what}: {why}"));
                None
            }
        };
        let homes = ask("units and agents of homes", include_str!("homes.nix"));
        match platform {
            Platform::Nixos => {
                let mut units = attrs(ask("units", include_str!("units.nix")));
                let mut of = |name| units.as_mut()?.remove(name).map(self::units);
                (found.units, found.user_units) = (of("system"), of("user"));
            }
            Platform::Darwin => {
                let mut answer = attrs(ask("jobs of launchd", include_str!("jobs.nix")));
                let mut of = |name| answer.as_mut()?.remove(name).map(jobs);
                (found.daemons, found.agents) = (of("daemons"), of("agents"));
                let answer = ask("what Homebrew is asked for", include_str!("homebrew.nix"));
                found.homebrew = attrs(answer).map(|answer| homebrew(&answer));
            }
            Platform::Home => {}
        }
        found.homes = attrs(homes).map(|homes| {
            let homes = homes.into_iter();
            homes.map(|(user, value)| (user, home(value))).collect()
        });
        found
    }
}

fn ask(oracle: &mut dyn Oracle, expression: &str) -> Result<Value, String> {
    let subject = Subject::Eval {
        expression: expression.into(),
        demand: Demand::Full { paths: false },
    };
    let first = |message: &str| message.lines().next().unwrap_or_default().to_owned();
    match oracle.ask_host(subject) {
        Ok(Observation::Value(value)) => Ok(value),
        Ok(Observation::Missing(_)) => Err("they are not there".to_owned()),
        Ok(Observation::Threw(error) | Observation::Failed(error)) => {
            let shown = oracle.redaction().shown_error(None, error);
            Err(first(&shown.message))
        }
        Err(failure) => Err(failure.to_string()),
    }
}

type Attrs = BTreeMap<String, Value>;

fn attrs(value: Option<Value>) -> Option<Attrs> {
    match value {
        Some(Value::Attrs(attrs)) => Some(attrs),
        _ => None,
    }
}

fn text<'v>(attrs: &'v Attrs, name: &str) -> Option<&'v str> {
    match attrs.get(name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

fn is_true(attrs: &Attrs, name: &str) -> bool {
    attrs.get(name) == Some(&Value::Bool(true))
}

/// `{ NAME = { text, wanted }; }`; a unit that is turned off is not there.
fn units(value: Value) -> Units {
    let units = attrs(Some(value)).unwrap_or_default();
    let read = |(name, value)| {
        let unit = attrs(Some(value))?;
        let mut sections = Sections::new();
        ini::read(text(&unit, "text")?, &mut sections);
        Some((name, Unit::new(&sections, is_true(&unit, "wanted"))))
    };
    units
        .into_iter()
        .filter(|(name, _)| !name.contains("@."))
        .filter_map(read)
        .collect()
}

/// `{ LABEL = TEXT; }`
fn jobs(value: Value) -> Jobs {
    let jobs = attrs(Some(value)).unwrap_or_default();
    let jobs = jobs.into_iter().filter_map(|(label, text)| match text {
        Value::String(text) => Some((label, digest(&text))),
        _ => None,
    });
    jobs.collect()
}

fn home(value: Value) -> Home {
    let mut home = attrs(Some(value)).unwrap_or_default();
    Home {
        starts: is_true(&home, "starts"),
        units: home.remove("units").map(units).unwrap_or_default(),
        agents: home.remove("agents").map(jobs).unwrap_or_default(),
    }
}

fn homebrew(answer: &Attrs) -> Homebrew {
    let list = |name| answer.get(name).map(Value::strings).unwrap_or_default();
    let own = |name| text(answer, name).map(str::to_owned);
    Homebrew {
        enable: is_true(answer, "enable"),
        brews: list("brews"),
        casks: list("casks"),
        taps: list("taps"),
        apps: list("apps"),
        cleanup: own("cleanup").unwrap_or_default(),
        brewfile: own("brewfile"),
        program: own("program"),
    }
}
