//! The build of one derivation.

use super::answer::{Built, is_derivation};
use super::cause::Story;
use super::closure::closure;
use super::job::{command, run};
use super::log::BuildLine;
use super::need::Need;
use super::offer::Offer;
use super::place::Place;
use crate::nix::{Deadline, Failure, Limits, Nix};

/// What is built: an output of a derivation.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The path of the derivation.
    pub derivation: &'a str,
    /// The name of the output.
    pub output: &'a str,
    /// Whether to say what the output needs to run.
    pub closure: bool,
}

/// Builds a derivation, or gets it from where it is to be had, on this machine or on
/// a builder that is configured. `tell` is told what is being built.
pub fn realise(
    nix: &Nix,
    place: &Place,
    limits: &Limits,
    deadline: Deadline,
    wanted: Wanted<'_>,
    tell: &dyn Fn(String),
) -> Result<Built, Failure> {
    let name = Built::derivation_name(wanted.derivation);
    tell(format!("asking what is to be built for {name}"));
    let installable = format!("{}^{}", wanted.derivation, wanted.output);
    let build = command(nix, &["build", "--no-link"]).args(place.options());
    let missing = missing(
        &build.clone().args(["--dry-run", &installable]),
        limits,
        deadline,
    )?;
    // Who builds for a store elsewhere is for that one to say.
    if !missing.is_empty() && place.root().is_some() {
        let offer = Offer::ask(nix, place, limits, deadline)?;
        for derivation in &missing {
            let need = Need::of(derivation)?;
            if let Some(reason) = offer.lacks(&need) {
                return Ok(Built::Unavailable {
                    reason,
                    // A feature comes and goes with the machine's devices.
                    is_lasting: offer.is_by_settings && need.features.is_empty(),
                });
            }
        }
    }
    let mut story = Story::default();
    let program = build.args(["--print-out-paths", &installable]);
    let done = run(&program, limits, deadline, |line| {
        if let BuildLine::Started {
            derivation,
            machine,
            ..
        } = &line
        {
            let name = Built::derivation_name(derivation);
            let on = match machine.as_str() {
                "" => String::new(),
                machine => format!(" on {machine}"),
            };
            let number = story.begun() + 1;
            let total = missing.len().max(number);
            tell(format!("building {name}{on}, {number} of {total}"));
        }
        story.hear(line);
    })?;
    if !done.ok {
        // Of this machine's builders it is known that they offer it.
        let homeless = story.homeless().filter(|_| place.root().is_none());
        return match homeless {
            Some(derivation) => Ok(Built::Unavailable {
                reason: format!("needs {} to build", Need::of(derivation)?),
                is_lasting: false,
            }),
            None => story.conclude(&done.ended),
        };
    }
    let output = done.answer.lines().last().unwrap_or_default().to_owned();
    if !output.starts_with('/') {
        return Err(Failure::Unreadable(format!(
            "no path of what was built of {name}"
        )));
    }
    let closure = if wanted.closure {
        Some(closure(nix, place, limits, deadline, &output)?)
    } else {
        None
    };
    Ok(Built::Made { output, closure })
}

/// The derivations that are to be built, since they are neither there nor to be had.
fn missing(
    program: &crate::nix::Program,
    limits: &Limits,
    deadline: Deadline,
) -> Result<Vec<String>, Failure> {
    let (mut missing, mut are_builds) = (Vec::new(), false);
    let mut last = None;
    let done = run(program, limits, deadline, |line| match line {
        BuildLine::Message(text) => match text.strip_prefix("  ") {
            Some(path) if are_builds && is_derivation(path) => missing.push(path.to_owned()),
            // What is to be fetched is listed after what is to be built.
            Some(_) => {}
            None => are_builds = text.ends_with("will be built:"),
        },
        BuildLine::Error(text) => last = Some(text),
        BuildLine::Started { .. } | BuildLine::Said { .. } | BuildLine::Other => {}
    })?;
    if done.ok {
        return Ok(missing);
    }
    let said = last.map(|text| format!(": {text}")).unwrap_or_default();
    Err(Failure::Build(format!(
        "the build could not be planned, {}{said}",
        done.ended
    )))
}
