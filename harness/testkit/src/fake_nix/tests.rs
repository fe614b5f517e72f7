//! The stand-in does what it was told, seen from outside.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Output;

use super::{FakeNix, Reply};
use crate::process::{run, start};

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn answers_as_told_and_records_its_calls() {
    let fake = FakeNix::builder()
        .version("nix (Lix, like Nix) 2.91.1")
        .answer("metadata", "{\"it's\": \"%s\"}\n", "warning: dirty\n", 3)
        .build();
    let version = run(&fake.path(), &["--version"], "");
    assert_eq!(version.stdout, b"nix (Lix, like Nix) 2.91.1\n");

    let metadata = run(&fake.path(), &["flake", "metadata", "--json"], "");
    assert_eq!(metadata.stdout, b"{\"it's\": \"%s\"}\n");
    assert_eq!(
        (stderr(&metadata).as_str(), metadata.status.code()),
        ("warning: dirty\n", Some(3))
    );

    let unknown = run(&fake.path(), &["build", ".#a b"], "");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(
        stderr(&unknown).contains("no answer to: build .#a b"),
        "{}",
        stderr(&unknown)
    );
    assert_eq!(
        fake.calls().to_string(),
        "--version\nflake metadata --json\nbuild .#a b\n"
    );
}

#[test]
fn sessions_follow_each_other_and_the_last_repeats() {
    let fake = FakeNix::builder()
        .greeting(["hello"])
        .session([
            Reply::lines(["one", "two"]),
            Reply::silence(),
            Reply::lines(["bye"]).then_exit(9),
        ])
        .session([Reply::lines(["again"])])
        .build();
    let first = run(
        &fake.path(),
        &["--option", "pure-eval", "true", "repl"],
        "a\nb \\n\nc\nd\n",
    );
    assert_eq!(
        (stderr(&first).as_str(), first.status.code()),
        ("hello\none\ntwo\nbye\n", Some(9))
    );
    for _ in 0..2 {
        let later = run(&fake.path(), &["repl"], "e\nf\n");
        assert_eq!(
            (stderr(&later).as_str(), later.status.code()),
            ("hello\nagain\n", Some(0))
        );
    }
    assert_eq!(fake.received(), ["a", "b \\n", "c", "e", "f", "e", "f"]);
    assert_eq!(fake.calls().count_of("repl"), 3);
}

#[test]
fn dies_of_the_signal() {
    let fake = FakeNix::builder()
        .session([Reply::lines(["last words"]).then_die_of("KILL")])
        .build();
    let output = run(&fake.path(), &["repl"], "a\n");
    assert_eq!(output.status.signal(), Some(9));
    assert_eq!(stderr(&output), "last words\n");
}

#[test]
fn hangs_until_a_signal_even_without_a_path() {
    for reply in [
        Reply::silence().then_hang(),
        Reply::silence().then_hang_stubbornly(),
    ] {
        let fake = FakeNix::builder().session([reply]).build();
        let mut child = start(&fake.path(), &["repl"]);
        std::io::Write::write_all(child.stdin.as_mut().expect("piped"), b"a\n").unwrap();
        // Once it has read its line it is about to hang.
        while fake.received().is_empty() {
            std::thread::yield_now();
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
        assert_eq!(child.try_wait().unwrap(), None, "it must still be there");
        child.kill().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }
}

#[test]
fn a_grandchild_keeps_the_pipes_open() {
    use std::io::Read as _;
    let fake = FakeNix::builder()
        .session([Reply::lines(["left"]).then_leave_grandchild()])
        .build();
    let mut child = start(&fake.path(), &["repl"]);
    std::io::Write::write_all(child.stdin.as_mut().expect("piped"), b"a\n").unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut errors = child.stderr.take().expect("piped");
    let mut line = [0; 5];
    errors.read_exact(&mut line).unwrap();
    assert_eq!(&line, b"left\n");
    // The end of the stream does not come, though the process is gone.
    let (ended, end) = std::sync::mpsc::channel();
    std::thread::spawn(move || ended.send(errors.read(&mut [0; 1])));
    assert!(
        end.recv_timeout(std::time::Duration::from_millis(200))
            .is_err()
    );
}
