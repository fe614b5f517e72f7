//! Unit files as systemd reads them: sections of keys, of which each may stand several
//! times.

use std::collections::BTreeMap;

/// The values by section and key.
pub(super) type Sections = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Adds what a text says to what is known. An empty value takes back those before it.
pub(super) fn read(text: &str, sections: &mut Sections) {
    let mut section = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let mut line = line.trim().to_owned();
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        while let Some(start) = line.strip_suffix('\\') {
            let Some(next) = lines.next() else {
                line.truncate(start.len());
                break;
            };
            // Comments may stand between the lines of a value.
            if next.trim_start().starts_with(['#', ';']) {
                continue;
            }
            line = format!("{start} {}", next.trim());
        }
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            name.clone_into(&mut section);
            sections.entry(section.clone()).or_default();
        } else if let Some((key, value)) = line.split_once('=') {
            let keys = sections.entry(section.clone()).or_default();
            let values = keys.entry(key.trim().to_owned()).or_default();
            match value.trim() {
                "" => values.clear(),
                value => values.push(value.to_owned()),
            }
        } else {
            // What is not understood may not get lost: where it differs, the unit does.
            let keys = sections.entry(section.clone()).or_default();
            keys.entry(line).or_default().push(String::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Sections, read};

    #[test]
    fn files_are_read_as_systemd_does() {
        let mut sections = Sections::new();
        read(
            "# x\n[Unit]\nDescription = a b\n[Service]\nExecStart=/bin/a \\\n; between\n  --b\nEnvironment=A=1\nEnvironment=B=2\n\njunk\n",
            &mut sections,
        );
        assert_eq!(sections["Unit"]["Description"], ["a b"]);
        assert_eq!(sections["Service"]["ExecStart"], ["/bin/a  --b"]);
        assert_eq!(sections["Service"]["Environment"], ["A=1", "B=2"]);
        // A file beside it adds to it, or begins anew.
        read(
            "[Service]\nExecStart=\nExecStart=/bin/c\nEnvironment=C=3\n",
            &mut sections,
        );
        assert_eq!(sections["Service"]["ExecStart"], ["/bin/c"]);
        assert_eq!(sections["Service"]["Environment"].len(), 3);
        assert!(sections["Service"].contains_key("junk"));
        for odd in ["[", "=", "a\\", "\\\n\\\n#"] {
            read(odd, &mut sections);
        }
    }
}
