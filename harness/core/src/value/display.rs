//! Values in Nix syntax, for people. Short ones stay on one line.

use std::fmt::{self, Write as _};

use super::Value;
use crate::option_path::{is_identifier, nix_string};

/// A set or list that is longer than this is broken over several lines.
const LINE: usize = 72;

impl Value {
    /// The value as a person would write it in Nix, over several lines where it
    /// is long. Strings of several lines are shown as such, so that a diff of two
    /// of them is a diff of their lines.
    pub fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(&mut out, 0);
        out
    }

    fn write_pretty(&self, out: &mut String, depth: usize) {
        let flat = self.to_string();
        if let Self::String(text) = self
            && text.trim_end_matches('\n').contains('\n')
        {
            write_indented_string(out, text, depth);
            return;
        }
        if flat.chars().count() + depth * 2 <= LINE && !flat.contains('\n') {
            out.push_str(&flat);
            return;
        }
        match self {
            Self::List(items) if !items.is_empty() => {
                out.push('[');
                for item in items {
                    indent(out, depth + 1);
                    item.write_pretty(out, depth + 1);
                }
                indent(out, depth);
                out.push(']');
            }
            Self::Attrs(attrs) if !attrs.is_empty() => {
                out.push('{');
                for (name, value) in attrs {
                    indent(out, depth + 1);
                    out.push_str(&attr_name(name));
                    out.push_str(" = ");
                    value.write_pretty(out, depth + 1);
                    out.push(';');
                }
                indent(out, depth);
                out.push('}');
            }
            _ => out.push_str(&flat),
        }
    }
}

fn indent(out: &mut String, depth: usize) {
    out.push('\n');
    for _ in 0..depth {
        out.push_str("  ");
    }
}

fn write_indented_string(out: &mut String, text: &str, depth: usize) {
    out.push_str("''");
    let (body, end) = match text.strip_suffix('\n') {
        Some(body) => (body, true),
        None => (text, false),
    };
    for line in body.split('\n') {
        indent(out, depth + 1);
        out.push_str(&line.replace("''", "'''").replace("${", "''${"));
    }
    if end {
        indent(out, depth);
    }
    out.push_str("''");
}

fn attr_name(name: &str) -> String {
    if is_identifier(name) {
        name.to_owned()
    } else {
        nix_string(name)
    }
}

/// On one line, whatever the length.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(b) => write!(f, "{b}"),
            Self::Int(n) => write!(f, "{n}"),
            Self::Float(n) => write!(f, "{n:?}"),
            Self::String(s) => f.write_str(&nix_string(s)),
            Self::Path(path) => f.write_str(path),
            Self::List(items) => {
                f.write_char('[')?;
                for item in items {
                    write!(f, " {item}")?;
                }
                f.write_str(" ]")
            }
            Self::Attrs(attrs) => {
                f.write_char('{')?;
                for (name, value) in attrs {
                    write!(f, " {} = {value};", attr_name(name))?;
                }
                f.write_str(" }")
            }
            Self::Package(p) => {
                let dash = if p.version.is_empty() { "" } else { "-" };
                write!(f, "<package {}{dash}{}>", p.pname, p.version)
            }
            Self::Function => f.write_str("<function>"),
            Self::Unobserved => f.write_str("…"),
            Self::Redacted => f.write_str("<redacted>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Value;
    use std::collections::BTreeMap;

    #[test]
    fn short_values_stay_on_a_line_and_long_ones_do_not() {
        let list = Value::List(vec![Value::from("a"), Value::Int(1), Value::Float(2.0)]);
        assert_eq!(list.pretty(), r#"[ "a" 1 2.0 ]"#);
        let long = Value::Attrs(BTreeMap::from([
            (
                "a b".to_owned(),
                Value::List(vec![Value::from("x".repeat(40).as_str()); 2]),
            ),
            ("text".to_owned(), Value::from("one\n''two''\n")),
        ]));
        assert_eq!(
            long.pretty(),
            "{\n  \"a b\" = [\n    \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n    \
             \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n  ];\n  text = ''\n    one\n    \
             '''two'''\n  '';\n}"
        );
    }
}
