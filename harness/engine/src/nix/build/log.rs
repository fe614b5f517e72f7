//! What a command that builds says on its log: one JSON object per line. Builders
//! write to it too, and may write what looks like Nix's own words.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::nix::log::without_ansi;

/// One line, as far as a build is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BuildLine {
    /// A derivation begins to be built.
    Started {
        /// Names the build in what follows.
        id: u64,
        /// The path of the derivation.
        derivation: String,
        /// The builder, where it is another machine.
        machine: String,
    },
    /// A builder said something.
    Said {
        /// Of which build.
        id: u64,
        /// A line.
        line: String,
    },
    /// An error of Nix itself.
    Error(String),
    /// A message that anybody may have written.
    Message(String),
    /// Anything else.
    Other,
}

/// Nix's numbers for a build and for a line of its log (`logging.hh`).
const BUILD: u64 = 105;
const LINE: u64 = 101;

#[derive(Deserialize)]
struct Wire {
    action: String,
    #[serde(default)]
    id: u64,
    #[serde(default, rename = "type")]
    kind: u64,
    #[serde(default)]
    level: u64,
    #[serde(default)]
    fields: Vec<Json>,
    #[serde(default)]
    msg: String,
    /// What only Nix's own errors have: a message of a builder is handed on without.
    raw_msg: Option<String>,
}

impl BuildLine {
    pub(crate) fn parse(line: &[u8]) -> Self {
        let text = String::from_utf8_lossy(line);
        let Some(json) = text.strip_prefix("@nix ") else {
            return Self::Message(text.trim_end().to_owned());
        };
        let Ok(wire) = serde_json::from_str::<Wire>(json) else {
            return Self::Other;
        };
        let field = |n: usize| {
            let text = wire.fields.get(n).and_then(Json::as_str);
            text.unwrap_or_default().to_owned()
        };
        match (wire.action.as_str(), wire.kind) {
            ("start", BUILD) => Self::Started {
                id: wire.id,
                derivation: field(0),
                machine: field(1),
            },
            ("result", LINE) => Self::Said {
                id: wire.id,
                line: without_ansi(&field(0)),
            },
            ("msg", _) => match wire.raw_msg.filter(|_| wire.level == 0) {
                Some(text) => Self::Error(without_ansi(&text)),
                None => Self::Message(without_ansi(&wire.msg)),
            },
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::BuildLine;

    #[test]
    fn errors_of_nix_are_told_from_words_of_a_builder() {
        let parse = |line: &str| BuildLine::parse(line.as_bytes());
        assert_eq!(
            parse(
                r#"@nix {"action":"msg","level":0,"msg":"error: no","raw_msg":"\u001b[1mno\u001b[0m"}"#
            ),
            BuildLine::Error("no".to_owned())
        );
        assert_eq!(
            parse(r#"@nix {"action":"msg","level":0,"msg":"error: no"}"#),
            BuildLine::Message("error: no".to_owned())
        );
        assert_eq!(
            parse(
                r#"@nix {"action":"start","fields":["/nix/store/a.drv","ssh://big",1,1],"id":7,"type":105}"#
            ),
            BuildLine::Started {
                id: 7,
                derivation: "/nix/store/a.drv".to_owned(),
                machine: "ssh://big".to_owned()
            }
        );
        assert_eq!(
            parse(r#"@nix {"action":"result","fields":["hi"],"id":7,"type":101}"#),
            BuildLine::Said {
                id: 7,
                line: "hi".to_owned()
            }
        );
        assert_eq!(parse("@nix {"), BuildLine::Other);
        assert_eq!(parse("sh: x\n"), BuildLine::Message("sh: x".to_owned()));
    }
}
