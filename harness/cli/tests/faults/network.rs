//! A server that goes away in the middle of what it sends.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nix_parity_testkit::assert_none_left;

use crate::support::{Fixture, assert_sound};
use crate::table::{Row, Seen, elsewhere, row};

const NETWORK: &str = "network gone in a fetch";

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row(NETWORK, "a server that says no more", stalled),
        row(NETWORK, "a server that hangs up", hung_up),
        row(NETWORK, "interrupted, while it waits", interrupted),
        elsewhere(
            NETWORK,
            "nobody listens",
            "it/input.rs",
            "a_server_that_refuses_costs_seconds_not_minutes",
        ),
    ]
}

/// A server that sends the head of an archive and a part of it, and then keeps or closes
/// the connection. Gives its address, and how often it was asked.
fn server(keeps: bool) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&asked);
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            // What it asks for is always the same.
            let _ = stream.read(&mut [0; 4096]);
            counted.fetch_add(1, Ordering::Relaxed);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: application/gzip\r\nContent-Length: 100000\r\n\r\n";
            let _ = stream.write_all(head.as_bytes());
            let _ = stream.write_all(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
            let _ = stream.flush();
            if keeps {
                kept.push(stream);
            }
        }
    });
    (address, asked)
}

/// A project whose flake has an input of this server.
fn fixture(address: SocketAddr) -> Fixture {
    let fixture = Fixture::without_nix(&[
        (
            "parity.yaml",
            "hosts: { nixos: [pc] }\nevaluation: { host_timeout: 3s }\n",
        ),
        (
            "cases/a.yaml",
            "cases: [{ name: a, expect: { common: { a.b: 1 } } }]\n",
        ),
    ]);
    let flake = format!(
        "{{\n  inputs.gone.url = \"http://{address}/x.tar.gz\";\n  outputs = {{ gone, ... }}: gone;\n}}\n"
    );
    fixture.project.write("flake.nix", &flake);
    fixture
}

#[track_caller]
fn assert_nothing_left(fixture: &Fixture) {
    let root = fixture.project.root().as_str();
    assert_none_left(root);
    assert!(
        !fixture.project.path("flake.lock").exists(),
        "half of a lock"
    );
}

fn stalled() -> Seen {
    let (address, asked) = server(true);
    let fixture = fixture(address);
    let began = Instant::now();
    let ran = fixture.program(&["run"]).run();
    let took = began.elapsed();
    assert_sound(&ran);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert!(
        asked.load(Ordering::Relaxed) > 0,
        "it was not asked: {told}"
    );
    assert_eq!(ran.code(), Some(3), "{told}");
    // Its limit, and not the 5 minutes after which Nix would try again.
    assert!(took < Duration::from_secs(30), "{took:?}");
    assert!(
        told.contains("3s") || told.contains("3 s"),
        "the limit is not named: {told}"
    );
    assert_nothing_left(&fixture);
    Seen::Held(format!(
        "exit 3 after {:.0} s, the limit of a host",
        took.as_secs_f32()
    ))
}

fn hung_up() -> Seen {
    let (address, asked) = server(false);
    let fixture = fixture(address);
    fixture
        .project
        .write("parity.yaml", "hosts: { nixos: [pc] }\n");
    let began = Instant::now();
    let ran = fixture.program(&["run"]).run();
    let took = began.elapsed();
    assert_sound(&ran);
    let told = format!("{}{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code(), Some(3), "{told}");
    assert!(took < Duration::from_secs(60), "{took:?}");
    assert!(
        told.contains(&address.to_string()),
        "the server is not named: {told}"
    );
    assert_nothing_left(&fixture);
    let tries = asked.load(Ordering::Relaxed);
    Seen::Held(format!(
        "exit 3 after {tries} tries of Nix, {:.0} s",
        took.as_secs_f32()
    ))
}

fn interrupted() -> Seen {
    let (address, asked) = server(true);
    let fixture = fixture(address);
    fixture
        .project
        .write("parity.yaml", "hosts: { nixos: [pc] }\n");
    let running = fixture.program(&["run"]).start();
    crate::support::wait_until("a request", || asked.load(Ordering::Relaxed) > 0);
    let began = Instant::now();
    running.signal("INT");
    let ran = running.finish();
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(130), "{}{}", ran.stdout, ran.stderr);
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "{:?}",
        began.elapsed()
    );
    assert_nothing_left(&fixture);
    Seen::Held("exit 130, at once".to_owned())
}
