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
        let glob = glob(&spelled(path.segments()))?;
        self.rules.push((pattern.to_owned(), glob));
        Ok(())
    }

    /// The rules as written.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|(pattern, _)| pattern.as_str())
    }

    /// Whether anything is hidden.
    pub fn is_any(&self) -> bool {
        !self.rules.is_empty()
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

    /// An error as it may be shown, about what is at a path or about the host as a whole.
    pub fn shown_error(&self, path: Option<&OptionPath>, error: NixError) -> NixError {
        let mut texts = error.trace.iter().map(|frame| frame.text.as_str());
        if !self.may_quote(path, &error.message) && !texts.any(|t| self.may_quote(path, t)) {
            return error;
        }
        NixError {
            message: "an error about a value that is not shown (`redact` of parity.yaml)"
                .to_owned(),
            cause: error.cause,
            location: error.location,
            trace: Vec::new(),
        }
    }

    /// Whether a text about what is at a path, or about the host as a whole, may quote a
    /// hidden value. Nobody can tell a value from other words, but what Nix says of one
    /// names where it is; and what is said of something may be of all below it.
    pub fn may_quote(&self, path: Option<&OptionPath>, text: &str) -> bool {
        if self.rules.is_empty() {
            return false;
        }
        if path.is_some_and(|path| self.hides(path) || self.is_above(path)) {
            return true;
        }
        let part_of_path = |c: char| c.is_alphanumeric() || "._-\"".contains(c);
        text.split(|c| !part_of_path(c)).any(|word| {
            let word = word.trim_matches(['.', '-']);
            let parsed = OptionPath::parse(word);
            let Ok(named) = parsed.or_else(|_| OptionPath::parse(word.trim_matches('"'))) else {
                return false;
            };
            let below = path.map(|path| [path.segments(), named.segments()].concat());
            let below = below.and_then(OptionPath::from_segments);
            self.hides(&named) || below.is_some_and(|below| self.hides(&below))
        })
    }

    /// Whether a rule that begins with names is for something below a path. What begins
    /// with `**` is below every path, which says nothing of one.
    fn is_above(&self, path: &OptionPath) -> bool {
        let depth = path.segments().len();
        self.patterns().any(|pattern| {
            let rule = OptionPath::parse(pattern).ok();
            let start = rule.as_ref().and_then(|rule| rule.segments().get(..depth));
            let start = start.filter(|start| !start.iter().any(|name| name == "**"));
            let glob = start.map(|start| glob(&spelled(start)));
            glob.is_some_and(|glob| glob.is_ok_and(|g| g.is_match(spelled(path.segments()))))
        })
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

fn glob(pattern: &str) -> Result<GlobMatcher, String> {
    let glob = GlobBuilder::new(pattern).literal_separator(true).build();
    let glob = glob.map_err(|error| error.kind().to_string())?;
    Ok(glob.compile_matcher())
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
    fn texts_that_may_quote_are_those_that_name_what_is_hidden() {
        let rules = rules(&["**.password*", "services.*.token"]);
        let quotes = |path: &str, text: &str| {
            let path = OptionPath::parse(path).ok();
            rules.may_quote(path.as_ref(), text)
        };
        for (path, text) in [
            ("a.passwords", "x"),
            ("services", "x"),
            ("services.web", "x"),
            (
                "",
                "The option `users.lars.password' has conflicting definition values",
            ),
            ("", "the option `a.\"b.c\".passwordFile':"),
            ("", "while evaluating the attribute 'password'"),
            ("", "the option `services.web.token'."),
            ("other", "attribute \"password\""),
        ] {
            assert!(quotes(path, text), "{path}: {text}");
        }
        for (path, text) in [
            ("a", "x"),
            ("services.web.port", "a token"),
            ("", "the option `services.web' and 'my.apassword'"),
            ("", ""),
        ] {
            assert!(!quotes(path, text), "{path}: {text}");
        }
        assert!(!Redaction::default().may_quote(None, "password"));
    }

    #[test]
    fn what_is_no_glob_is_refused() {
        assert!(Redaction::default().hide("a..b").is_err());
        assert!(Redaction::default().hide("a.[b").is_err());
    }
}
