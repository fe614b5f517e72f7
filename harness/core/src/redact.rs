//! Values that are never shown or kept: secrets, by the paths that they are at.

use globset::{GlobBuilder, GlobMatcher};

use crate::observation::NixError;
use crate::option_path::OptionPath;
use crate::value::Value;

/// Rules of which values are hidden. None by default.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    rules: Vec<(String, GlobMatcher)>,
}

impl PartialEq for Redaction {
    fn eq(&self, other: &Self) -> bool {
        self.patterns().eq(other.patterns())
    }
}

impl Eq for Redaction {}

impl Redaction {
    /// Adds a rule: a glob over option paths, in which `*` stands for any part of a
    /// name and `**` for any names. It hides what is at such a path and below.
    ///
    /// # Errors
    /// Why it is no such glob.
    pub fn hide(&mut self, pattern: &str) -> Result<(), String> {
        let path = OptionPath::parse(pattern).map_err(|error| error.to_string())?;
        let glob = GlobBuilder::new(&spelled(path.segments()))
            .literal_separator(true)
            .build()
            .map_err(|error| error.kind().to_string())?;
        self.rules
            .push((pattern.to_owned(), glob.compile_matcher()));
        Ok(())
    }

    /// The rules as written.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|(pattern, _)| pattern.as_str())
    }

    /// Whether the value at a path is hidden, by a rule for it or for what is above.
    pub fn hides(&self, path: &OptionPath) -> bool {
        let segments = path.segments();
        !self.rules.is_empty()
            && (1..=segments.len())
                .any(|depth| segments.get(..depth).is_some_and(|above| self.names(above)))
    }

    /// The value as it may be shown, where that is not the value itself.
    pub fn shown(&self, path: &OptionPath, value: &Value) -> Option<Value> {
        if self.rules.is_empty() {
            return None;
        }
        if self.hides(path) {
            return Some(Value::Redacted);
        }
        let mut shown = value.clone();
        let mut at = path.segments().to_vec();
        self.hide_below(&mut at, &mut shown).then_some(shown)
    }

    /// An error as it may be shown: its text may quote a value that is hidden, at the
    /// path, above or below it.
    pub fn shown_error(&self, path: &OptionPath, error: NixError) -> NixError {
        if !self.hides(path) {
            return error;
        }
        NixError {
            message: "an error about a value that is not shown (`redact` of parity.yaml)"
                .to_owned(),
            location: error.location,
            trace: Vec::new(),
        }
    }

    /// Hides what is to be hidden below a path, and says whether there was any.
    fn hide_below(&self, at: &mut Vec<String>, value: &mut Value) -> bool {
        let members: Vec<(String, &mut Value)> = match value {
            Value::Attrs(attrs) => attrs.iter_mut().map(|(n, v)| (n.clone(), v)).collect(),
            Value::List(items) => {
                let items = items.iter_mut().enumerate();
                items.map(|(n, v)| (n.to_string(), v)).collect()
            }
            _ => return false,
        };
        let mut hidden = false;
        for (name, member) in members {
            at.push(name);
            if self.names(at) {
                *member = Value::Redacted;
                hidden = true;
            } else {
                hidden |= self.hide_below(at, member);
            }
            at.pop();
        }
        hidden
    }

    fn names(&self, segments: &[String]) -> bool {
        let text = spelled(segments);
        self.rules.iter().any(|(_, glob)| glob.is_match(&text))
    }
}

/// A path as a file's, which is what globs are made for. A slash in a name is none.
fn spelled(segments: &[String]) -> String {
    let names: Vec<_> = segments.iter().map(|s| s.replace('/', "\u{1}")).collect();
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::Redaction;
    use crate::option_path::OptionPath;
    use crate::value::Value;

    fn rules(patterns: &[&str]) -> Redaction {
        let mut rules = Redaction::default();
        for pattern in patterns {
            rules.hide(pattern).unwrap();
        }
        rules
    }

    fn hides(rules: &Redaction, path: &str) -> bool {
        rules.hides(&OptionPath::parse(path).unwrap())
    }

    #[test]
    fn rules_are_for_names_and_what_is_below_them() {
        let rules = rules(&["**.password*", "sops.**", r#"a."b/c""#, "x.*.y"]);
        for path in [
            "users.users.lars.passwordFile",
            "password",
            "a.passwords.b.c",
            "sops.secrets",
            r#"a."b/c".d"#,
            "x.1.y.z",
        ] {
            assert!(hides(&rules, path), "{path}");
        }
        for path in ["users", "sops", "a.b.c", "x.1.2.y", "my.apassword"] {
            assert!(!hides(&rules, path), "{path}");
        }
        assert!(!hides(&Redaction::default(), "password"));
    }

    #[test]
    fn values_keep_their_shape() {
        let value = Value::Attrs(
            [(
                "list".to_owned(),
                Value::List(vec![Value::Attrs(
                    [
                        ("password".to_owned(), Value::from("hunter2")),
                        ("user".to_owned(), Value::from("lars")),
                    ]
                    .into(),
                )]),
            )]
            .into(),
        );
        let path = OptionPath::parse("services").unwrap();
        let shown = rules(&["**.password"]).shown(&path, &value).unwrap();
        assert_eq!(
            shown.to_string(),
            "{ list = [ { password = <redacted>; user = \"lars\"; } ]; }"
        );
        assert_eq!(rules(&["other"]).shown(&path, &value), None);
        assert_eq!(
            rules(&["services"]).shown(&path, &value),
            Some(Value::Redacted)
        );
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        assert!(Redaction::default().hide("a..b").is_err());
        assert!(Redaction::default().hide("a.[b").is_err());
    }
}
