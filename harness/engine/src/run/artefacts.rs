//! Which files a boot has left for which of its cases.

use std::path::Path;

/// More files than this are not listed: a copied folder may hold any number.
const MOST: usize = 200;

/// The files below `folder`, for each case whose files begin with one of `prefixes`. Each
/// file is written as `shown` and its path in the folder. A file of no case, such as
/// the driver's log, is of all.
pub(super) fn by_case(folder: &Path, shown: &str, prefixes: &[String]) -> Vec<Vec<String>> {
    let mut files = Vec::new();
    list(folder, "", &mut files);
    files.sort_unstable();
    let mut cases = vec![Vec::new(); prefixes.len()];
    for file in files {
        let owner = owner(&file, prefixes);
        for (case, prefix) in cases.iter_mut().zip(prefixes) {
            if owner.is_none_or(|owner| owner == prefix) {
                case.push(format!("{shown}/{file}"));
            }
        }
    }
    cases
}

/// The longest prefix that a file begins with: `a-b` may be one beside `a`.
fn owner<'a>(file: &str, prefixes: &'a [String]) -> Option<&'a String> {
    let has = |prefix: &&String| {
        let rest = file.strip_prefix(prefix.as_str());
        rest.is_some_and(|rest| rest.starts_with(['-', '/']))
    };
    prefixes.iter().filter(has).max_by_key(|p| p.len())
}

/// Links are not followed: a machine may have made them.
fn list(folder: &Path, within: &str, files: &mut Vec<String>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        // What is not text cannot be said in a record.
        let (Ok(name), Ok(kind)) = (entry.file_name().into_string(), entry.file_type()) else {
            continue;
        };
        if files.len() >= MOST {
            return;
        }
        if kind.is_dir() {
            list(&entry.path(), &format!("{within}{name}/"), files);
        } else if kind.is_file() {
            files.push(format!("{within}{name}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::by_case;

    #[test]
    fn names_that_a_machine_gives_are_text_and_stay_below_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let long = "x".repeat(255);
        let names = [
            "..a",
            "\u{1b}[2J",
            "line\n::error::x",
            "\u{202e}<script>",
            "C:\\x",
            &long,
        ];
        for name in names {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        // What is no text cannot be said in a record, and a link may lead anywhere.
        let odd = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"a\xff");
        std::fs::write(folder.path().join(odd), "").unwrap();
        std::os::unix::fs::symlink("/", folder.path().join("root")).unwrap();
        let found = by_case(folder.path(), "runs/x", &["a".to_owned()]).concat();
        let mut wanted: Vec<_> = names.iter().map(|name| format!("runs/x/{name}")).collect();
        wanted.sort();
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_file_is_of_the_case_that_its_name_begins_with() {
        let folder = tempfile::tempdir().unwrap();
        for file in ["driver.log", "a-screen.png", "a-b-screen.png", "a/copied"] {
            let path = folder.path().join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        std::os::unix::fs::symlink("/etc/passwd", folder.path().join("a-link")).unwrap();
        let prefixes = ["a".to_owned(), "a-b".to_owned()];
        assert_eq!(
            by_case(folder.path(), "runs/x", &prefixes),
            [
                vec![
                    "runs/x/a-screen.png",
                    "runs/x/a/copied",
                    "runs/x/driver.log"
                ],
                vec!["runs/x/a-b-screen.png", "runs/x/driver.log"],
            ]
        );
    }
}
