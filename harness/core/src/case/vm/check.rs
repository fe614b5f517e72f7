//! What a `vm` case asks for.

use super::keys::{NODE, VM};
use super::step::{Action, Step, text};
use crate::case::nix_text::NixText;
use crate::location::{Located, Location};
use crate::size;
use crate::yaml::{Kind, Mapping, Node, Reader};

/// `vm`: what must hold on a running machine.
#[derive(Clone, Debug)]
pub struct VmCheck {
    /// What is done on it.
    pub program: VmProgram,
    /// What it has.
    pub machine: Machine,
    /// The machines of a test of several; the host alone where empty.
    pub nodes: Vec<VmNode>,
    /// More `specialArgs` for the modules, as a Nix set.
    pub special_args: Option<NixText>,
    /// Whether it has a boot of its own. Always so for a script.
    pub isolated: bool,
    /// Where it is written.
    pub location: Location,
}

/// What is done on a machine.
#[derive(Clone, Debug)]
pub enum VmProgram {
    /// These, one after the other.
    Steps(Vec<Step>),
    /// The Python text of a test, as it is.
    Script(Located<String>),
}

/// What a machine has, where that is not as its modules say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Machine {
    /// Memory in MiB.
    pub memory: Option<u64>,
    /// Disk in MiB.
    pub disk: Option<u64>,
    /// Processors.
    pub cores: Option<u64>,
    /// Whether it reaches what is outside of the test.
    pub network: Option<bool>,
}

/// One of several machines.
#[derive(Clone, Debug)]
pub struct VmNode {
    /// What it is called, in the test and on the network.
    pub name: String,
    /// The host whose modules it has.
    pub host: Located<String>,
    /// A module that is added.
    pub with: Option<NixText>,
}

const MIB: u64 = 1 << 20;

impl VmCheck {
    /// The steps; none where there is a script.
    pub fn steps(&self) -> &[Step] {
        match &self.program {
            VmProgram::Steps(steps) => steps,
            VmProgram::Script(_) => &[],
        }
    }

    /// Whether text is read off the screen.
    pub fn reads_screen(&self) -> bool {
        match &self.program {
            VmProgram::Steps(steps) => steps
                .iter()
                .any(|step| matches!(step.action, Action::Ocr(_))),
            // The names of the driver's methods that need it end alike.
            VmProgram::Script(script) => {
                script.value.contains("wait_for_text") || script.value.contains("get_screen_text")
            }
        }
    }

    pub(in crate::case) fn parse(reader: &Reader<'_>, node: &Node) -> Option<Self> {
        let mapping = reader.mapping(node, "`vm`", VM)?;
        let nodes = match mapping.get("nodes") {
            Some(node) => nodes(reader, node)?,
            None => Vec::new(),
        };
        let program = program(reader, node, mapping)?;
        if let VmProgram::Steps(steps) = &program {
            for step in steps {
                check_node(reader, step, &nodes)?;
            }
        }
        let isolated = flag(reader, mapping, "isolated")?;
        let isolated = isolated.unwrap_or(matches!(program, VmProgram::Script(_)));
        if !isolated && matches!(program, VmProgram::Script(_)) {
            let entry = mapping.get("isolated").unwrap_or(node);
            reader.report(reader.error(entry, "a `script` has a boot of its own always"));
            return None;
        }
        Some(Self {
            program,
            machine: Machine {
                memory: amount(reader, mapping, "memory")?,
                disk: amount(reader, mapping, "disk")?,
                cores: cores(reader, mapping)?,
                network: flag(reader, mapping, "network")?,
            },
            nodes,
            special_args: match mapping.get("special_args") {
                Some(node) => Some(NixText::parse(reader, node, "`special_args`")?),
                None => None,
            },
            isolated,
            location: reader.location(node),
        })
    }
}

fn program(reader: &Reader<'_>, node: &Node, mapping: Mapping<'_>) -> Option<VmProgram> {
    match (mapping.get("steps"), mapping.get("script")) {
        (Some(node), None) => {
            let items = reader.sequence(node, "`steps`")?;
            if items.is_empty() {
                reader.report(reader.error(node, "`steps` is empty"));
                return None;
            }
            let steps: Vec<_> = items.iter().map(|n| Step::parse(reader, n)).collect();
            steps
                .into_iter()
                .collect::<Option<_>>()
                .map(VmProgram::Steps)
        }
        (None, Some(node)) => {
            let value = text(reader, node, "`script`")?;
            let location = reader.location(node);
            Some(VmProgram::Script(Located { value, location }))
        }
        (Some(_), Some(_)) => {
            reader.report(reader.error(node, "`vm` takes `steps` or `script`, not both"));
            None
        }
        (None, None) => {
            reader.report(
                reader
                    .error(node, "`vm` without `steps`")
                    .note("for example `steps: [ { wait_for_unit: multi-user.target } ]`; `script` takes Python instead"),
            );
            None
        }
    }
}

fn nodes(reader: &Reader<'_>, node: &Node) -> Option<Vec<VmNode>> {
    let mapping = reader.free_mapping(node, "`nodes`")?;
    if mapping.is_empty() {
        reader.report(reader.error(node, "`nodes` is empty"));
        return None;
    }
    let nodes = mapping.entries().map(|entry| {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let begins_well = entry.name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !begins_well || !entry.name.chars().all(is_plain) {
            reader.report(
                reader
                    .error(entry.key, "a node's name must be letters, digits and `-`")
                    .note("it is the machine's name on the network"),
            );
            return None;
        }
        let mapping = reader.mapping(entry.value, "a node", NODE)?;
        let Some(host) = mapping.get("host") else {
            reader.report(reader.error(entry.value, "a node without a `host`"));
            return None;
        };
        Some(VmNode {
            name: entry.name.to_owned(),
            host: reader.string(host, "`host`")?,
            with: match mapping.get("with") {
                Some(node) => Some(NixText::parse(reader, node, "`with`")?),
                None => None,
            },
        })
    });
    let nodes: Vec<_> = nodes.collect();
    nodes.into_iter().collect()
}

/// A step says which of several nodes it is for, and one that there is.
fn check_node(reader: &Reader<'_>, step: &Step, nodes: &[VmNode]) -> Option<()> {
    let names = || nodes.iter().map(|node| node.name.as_str());
    let error = match &step.node {
        None if nodes.len() > 1 => reader
            .error_at(
                step.location.clone(),
                "a step of several nodes without `on`",
            )
            .note(format!(
                "the nodes are {}",
                names().collect::<Vec<_>>().join(", ")
            )),
        Some(on) if !names().any(|name| name == on.value) => {
            let message = format!("there is no node `{}`", on.value);
            let error = reader.error_at(on.location.clone(), message);
            match crate::nearest::nearest(&on.value, names()) {
                Some(near) => error.label(format!("did you mean `{near}`?")),
                None => error,
            }
        }
        _ => return Some(()),
    };
    reader.report(error);
    None
}

/// A flag that may be absent; `None` where it is wrong, which has been reported.
#[expect(
    clippy::option_option,
    reason = "the outer one says whether the file is right, the inner one whether it speaks of it"
)]
fn flag(reader: &Reader<'_>, mapping: Mapping<'_>, key: &str) -> Option<Option<bool>> {
    match mapping.get(key) {
        Some(node) => reader.boolean(node, &format!("`{key}`")).map(Some),
        None => Some(None),
    }
}

/// An amount in MiB that may be absent, as [`flag`].
#[expect(clippy::option_option, reason = "as for `flag`")]
fn amount(reader: &Reader<'_>, mapping: Mapping<'_>, key: &str) -> Option<Option<u64>> {
    let Some(node) = mapping.get(key) else {
        return Some(None);
    };
    let text = reader.string(node, &format!("`{key}`"))?;
    match size::parse(&text.value) {
        Ok(bytes) if bytes >= MIB => Some(Some(bytes / MIB)),
        Ok(_) => {
            reader.report(reader.error(node, format!("`{key}` is less than 1MiB")));
            None
        }
        Err(message) => {
            reader.report(reader.error(node, message));
            None
        }
    }
}

#[expect(clippy::option_option, reason = "as for `flag`")]
fn cores(reader: &Reader<'_>, mapping: Mapping<'_>) -> Option<Option<u64>> {
    let Some(node) = mapping.get("cores") else {
        return Some(None);
    };
    match node.kind {
        Kind::Int(number @ 1..=256) => Some(u64::try_from(number).ok()),
        _ => {
            reader.report(reader.error(node, "`cores` must be a number from 1 to 256"));
            None
        }
    }
}
