//! What will run on a host, asked of the host: nothing of it need be built.

use std::collections::BTreeMap;

use nix_parity_core::demand::Demand;
use nix_parity_core::gate::Unknown;
use nix_parity_core::host::Platform;
use nix_parity_core::observation::Observation;
use nix_parity_core::value::Value;

use super::brew::Asking;
use super::brewfile::Brewfile;
use super::homebrew::{Cleanup, Homebrew, only_bundle};
use super::ini::{self, Sections};
use super::unit::Unit;
use super::{Home, Jobs, Services, Units, digest};
use crate::judge::Oracle;
use crate::nix::Subject;

impl Services {
    /// Those of a host. What cannot be found out is said to be unknown.
    pub(in crate::gate) fn of_host(oracle: &mut dyn Oracle, platform: Platform) -> Self {
        let mut asked = Asked {
            oracle,
            unknown: Vec::new(),
        };
        let homes = asked.answer("units and agents of homes", include_str!("homes.nix"));
        let mut found = Self {
            homes: homes.and_then(|homes| asked.all("units and agents of homes", homes, home)),
            ..Self::default()
        };
        match platform {
            Platform::Nixos => {
                if let Some(mut answer) = asked.answer("units", include_str!("units.nix")) {
                    found.units = asked.part("units", answer.remove("system"), units);
                    found.user_units = asked.part("units of users", answer.remove("user"), units);
                }
            }
            Platform::Darwin => {
                if let Some(mut answer) = asked.answer("jobs of launchd", include_str!("jobs.nix"))
                {
                    found.daemons = asked.part("daemons", answer.remove("daemons"), jobs);
                    found.agents = asked.part("agents", answer.remove("agents"), jobs);
                }
                // Without this nobody can say what a switch removes.
                match ask(asked.oracle, include_str!("homebrew.nix")) {
                    Ok(answer) => {
                        let (homebrew, unknown) = homebrew(&answer);
                        asked.unknown.extend(unknown);
                        found.homebrew = Some(homebrew);
                    }
                    Err(why) => {
                        let what = format!("what Homebrew is asked for: {why}");
                        asked.unknown.push(Unknown::removals(what));
                    }
                }
            }
            Platform::Home => {}
        }
        found.unknown = asked.unknown;
        found
    }
}

/// Questions to a host, and what was not answered.
struct Asked<'o> {
    oracle: &'o mut dyn Oracle,
    unknown: Vec<Unknown>,
}

impl Asked<'_> {
    fn answer(&mut self, what: &str, expression: &str) -> Option<Attrs> {
        ask(self.oracle, expression)
            .map_err(|why| self.unknown.push(Unknown::new(format!("{what}: {why}"))))
            .ok()
    }

    /// A part of an answer; it is unknown where it is not of the form that is asked for.
    fn part<T>(
        &mut self,
        what: &str,
        value: Option<Value>,
        read: impl Fn(Value) -> Option<T>,
    ) -> Option<T> {
        let read = value.and_then(read);
        if read.is_none() {
            let why = format!("{what}: the answer of Nix is of another form");
            self.unknown.push(Unknown::new(why));
        }
        read
    }

    fn all<T>(
        &mut self,
        what: &str,
        answer: Attrs,
        read: impl Fn(Value) -> Option<T>,
    ) -> Option<BTreeMap<String, T>> {
        self.part(what, Some(Value::Attrs(answer)), |value| each(value, &read))
    }
}

fn ask(oracle: &mut dyn Oracle, expression: &str) -> Result<Attrs, String> {
    let subject = Subject::Eval {
        expression: expression.into(),
        demand: Demand::Full { paths: false },
    };
    let first = |message: &str| message.lines().next().unwrap_or_default().to_owned();
    match oracle.ask_host(subject) {
        Ok(Observation::Value(Value::Attrs(attrs))) => Ok(attrs),
        Ok(Observation::Value(_)) => Err("the answer of Nix is of another form".to_owned()),
        Ok(Observation::Missing(_)) => Err("they are not there".to_owned()),
        Ok(Observation::Threw(error) | Observation::Failed(error)) => {
            let shown = oracle.redaction().shown_error(None, error);
            Err(first(&shown.message))
        }
        Err(failure) => Err(failure.to_string()),
    }
}

type Attrs = BTreeMap<String, Value>;

fn attrs(value: Value) -> Option<Attrs> {
    match value {
        Value::Attrs(attrs) => Some(attrs),
        _ => None,
    }
}

/// Reads every member; nothing where one is of another form.
fn each<T>(value: Value, read: impl Fn(Value) -> Option<T>) -> Option<BTreeMap<String, T>> {
    let members = attrs(value)?.into_iter();
    members
        .map(|(name, value)| Some((name, read(value)?)))
        .collect()
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
fn units(value: Value) -> Option<Units> {
    let mut units = each(value, |value| {
        let unit = attrs(value)?;
        let mut sections = Sections::new();
        ini::read(text(&unit, "text")?, &mut sections);
        Some(Unit::new(&sections, is_true(&unit, "wanted")))
    })?;
    units.retain(|name, _| !name.contains("@."));
    Some(units)
}

/// `{ LABEL = TEXT; }`
fn jobs(value: Value) -> Option<Jobs> {
    each(value, |text| match text {
        Value::String(text) => Some(digest(&text)),
        _ => None,
    })
}

fn home(value: Value) -> Option<Home> {
    let mut home = attrs(value)?;
    Some(Home {
        starts: is_true(&home, "starts"),
        units: units(home.remove("units")?)?,
        agents: jobs(home.remove("agents")?)?,
    })
}

/// What a host asks of Homebrew, and what of that is not understood.
fn homebrew(answer: &Attrs) -> (Homebrew, Vec<Unknown>) {
    if !is_true(answer, "enable") {
        return (Homebrew::default(), Vec::new());
    }
    let mut unknown = Vec::new();
    let cleanup = Cleanup::of_option(text(answer, "cleanup"));
    let because = text(answer, "cleanup").unwrap_or_default();
    let mut homebrew = Homebrew {
        enable: true,
        because: format!("onActivation.cleanup = \"{because}\""),
        cleanup,
        ..Homebrew::default()
    };
    let brewfile = text(answer, "brewfile");
    match brewfile {
        Some(text) => homebrew.listed = Brewfile::read(text),
        None => unknown.push(Unknown::removals(
            "what Homebrew is asked for: there is no Brewfile",
        )),
    }
    let what = "how the switch will run Homebrew";
    match text(answer, "activation").map(only_bundle) {
        Some(Ok(Some(bundle))) => {
            let cleanup = homebrew.cleanup.clone().and_flags(&bundle);
            if cleanup != homebrew.cleanup {
                "flags of `brew bundle`".clone_into(&mut homebrew.because);
            }
            homebrew.cleanup = cleanup;
            if let (Some(program), Some(brewfile)) = (text(answer, "program"), brewfile) {
                homebrew.asking = Some(Asking {
                    program: program.into(),
                    text: brewfile.to_owned(),
                    user: bundle.user,
                    path: bundle.path,
                    env: bundle.env,
                });
            }
        }
        Some(Err(lines)) => unknown.push(Unknown::foreign(what, lines)),
        Some(Ok(None)) | None => {
            let why = "the activation has no `brew bundle`";
            unknown.push(Unknown::removals(format!("{what}: {why}")));
        }
    }
    (homebrew, unknown)
}
