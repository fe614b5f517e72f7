//! What differs from run to run in otherwise equal text, replaced by something
//! fixed, for snapshots of output.

use std::sync::LazyLock;

use regex::{Captures, Regex};

const HASH: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
const TIME: &str = "[time]";

static STORE_HASH: LazyLock<Regex> = LazyLock::new(|| regex("/nix/store/[0-9a-z]{32}-"));
static TEMPORARY: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"(?:/[^\s/:'"`]+)*/(?:nix-parity-test-|\.tmp)[A-Za-z0-9]{6}\b"#));
static DURATION: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?<gap> *)\b(?<time>[0-9]+(?:\.[0-9]+)? (?:ns|µs|us|ms|s|min))\b"));

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the patterns of this file are right")
}

/// Replaces the hashes of store paths by as many `x`, temporary folders by
/// `[tmp]`, and durations such as `4.9 s` and `12 ms` by `[time]`.
///
/// A duration with two or more spaces before it is taken as right-aligned in a
/// column, and what follows it stays in place however long the duration was.
pub fn redact(text: &str) -> String {
    let text = STORE_HASH.replace_all(text, format!("/nix/store/{HASH}-"));
    let text = TEMPORARY.replace_all(&text, "[tmp]");
    let text = DURATION.replace_all(&text, |found: &Captures<'_>| {
        let gap = found["gap"].len();
        if gap < 2 {
            format!("{}{TIME}", &found["gap"])
        } else {
            let width = gap + found["time"].chars().count();
            format!("{TIME:>width$}")
        }
    });
    text.into_owned()
}

#[cfg(test)]
mod tests {
    use super::redact;

    #[test]
    fn store_hashes_keep_their_width() {
        let path = "/nix/store/0c5b8vw40dfsq0hy3rlphggp0z5q1xiy-git-2.49/bin";
        let redacted = redact(path);
        assert_eq!(
            redacted,
            "/nix/store/xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx-git-2.49/bin"
        );
        assert_eq!(redacted.len(), path.len());
        assert_eq!(redact(&redacted), redacted);
        assert_eq!(redact("/nix/store/short-git"), "/nix/store/short-git");
    }

    #[test]
    fn durations_keep_their_column() {
        let nine = " air   84/84     9.9 s |\n";
        let ten = " air   84/84    10.1 s |\n";
        assert_eq!(redact(nine), " air   84/84    [time] |\n");
        assert_eq!(redact(nine), redact(ten));
        assert_eq!(redact("took 4.9 s, then 12 ms"), "took [time], then [time]");
        assert_eq!(redact("(12 ms)"), "([time])");
    }

    #[test]
    fn counts_are_no_durations() {
        let line = "220 tests on 3 hosts: 216 passed, 2 skipped, 1 machine, v1.2 since";
        assert_eq!(redact(line), line);
    }

    #[test]
    fn temporary_folders_go_wherever_they_are() {
        let folder = crate::Project::new(&[]);
        let text = format!("error at {}/cases/a.yaml:3", folder.root());
        assert_eq!(redact(&text), "error at [tmp]/cases/a.yaml:3");
        assert_eq!(
            redact("'/private/var/folders/zz/T/.tmpAb12Cd/x' and /home/lars"),
            "'[tmp]/x' and /home/lars"
        );
    }
}
