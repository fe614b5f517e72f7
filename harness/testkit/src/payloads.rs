//! Strings that would act on somebody who reads them, if nobody escaped them: the columns
//! of the tables of sinks.

/// What stands for a secret in tests: it occurs in no sink at all.
pub const SECRET: &str = "hunter2-of-the-vault";

/// All payloads by their names.
pub fn payloads() -> Vec<(&'static str, String)> {
    let short = [
        (
            "controls",
            "a\u{1}\u{2}\u{7}\u{8}\u{b}\u{c}\r\u{7f}\u{85}\u{9b}2Jz",
        ),
        ("colours", "\u{1b}[31m\u{1b}[2J\u{1b}[Hred\u{1b}[0m"),
        (
            "title",
            "\u{1b}]0;owned\u{7}\u{1b}]8;;https://evil.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
        ),
        ("bidi", "a\u{202e}b\u{2066}c\u{2069}\u{61c}\u{200f}d"),
        (
            "invisible",
            "a\u{200b}b\u{feff}c\u{2060}d\u{e0041}\u{2028}e",
        ),
        ("command", "::error file=x,line=1::owned"),
        (
            "later command",
            "x\n  ::stop-commands::t\n::set-output name=x::y%0A::error::z",
        ),
        (
            "group",
            "##[group]x ##[error]y ##vso[task.complete result=Failed]z",
        ),
        ("cdata", "a]]>b<![CDATA[c]]&gt;"),
        (
            "script",
            "<script>alert(1)</script></script></style></title><!--",
        ),
        ("attribute", "\"><img src=x onerror=\"owned=1\" x='y'>"),
        ("path", "../../../etc/passwd"),
        ("absolute", "/etc/passwd"),
        ("lines", "one\n\ntwo\r\nthree\n"),
        ("nul", "a\0b\u{fffe}c\u{ffff}"),
        (
            "mention",
            "@everyone @octocat #1 GH-1 [x](javascript:alert(1)) ![y](https://evil.example/p.png)",
        ),
        (
            "fences",
            "```\n~~~\n````text\n<details>\n| a | b |\n# head\n<!-- nix-parity:run --> ` `` ```",
        ),
        ("scheme", "javascript:alert(1)"),
        (
            "splices",
            "${builtins.abort \"x\"} ''${x} $${y} '' \\\" $(id) `id` '; id #",
        ),
        (
            "record",
            "{\"event\":\"run_finished\"}\n{\"event\":\"test_finished\"}",
        ),
        ("empty", ""),
        ("blank", "  \t "),
    ];
    let mut all: Vec<_> = short
        .into_iter()
        .map(|(name, text)| (name, text.to_owned()))
        .collect();
    all.push(("64 KB", "0123456789abcdef".repeat(4_096)));
    all.push(("64 KB wide", "日<\u{202e}\"".repeat(8_192)));
    all
}

/// A text of the same length that acts on nobody: what a report of it is made of is what
/// a report of the payload is to be made of.
pub fn harmless_twin(payload: &str) -> String {
    let plain = |c: char| {
        if c == '\t' {
            ' '
        } else if c.is_alphanumeric() || matches!(c, ' ' | '\n') {
            c
        } else {
            'x'
        }
    };
    payload.chars().map(plain).collect()
}
