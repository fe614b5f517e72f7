//! Workers: files of the user that must not matter to them, and the words of other
//! flavours of Nix in what they answer. The stand-ins change one thing about the real Nix.

use camino::Utf8Path;
use nix_parity_testkit::{Host, Platform, Ran, find, write_executable};
use tempfile::TempDir;

use super::{Row, ensure};
use crate::support::Fixture;

pub(super) const ROWS: [Row; 7] = [
    Row {
        subject: "a user's key bindings",
        verdict: "with a ~/.inputrc that closes brackets, no host could be evaluated",
        check: key_bindings_do_not_matter,
    },
    Row {
        subject: "a user's history",
        verdict: "the line editor of a worker emptied the history of `nix repl`",
        check: the_history_is_left_alone,
    },
    Row {
        subject: "hashes in names",
        verdict: "a set with a store path as a name differed after any change of that path",
        check: a_hash_in_a_name_is_no_difference,
    },
    Row {
        subject: "Lix",
        verdict: "a budget of values passed, since 0 were counted",
        check: what_is_not_counted_is_no_budget,
    },
    Row {
        subject: "Lix",
        verdict: "an expected failing assertion of a home was an error",
        check: a_throw_in_the_words_of_lix_is_one,
    },
    Row {
        subject: "Lix",
        verdict: "nine lines of settings stood in records as the version",
        check: a_version_is_one_line,
    },
    Row {
        subject: "Determinate Nix",
        verdict: "flakes were said not to be enabled where they are without a setting",
        check: flakes_without_a_setting_are_enabled,
    },
];

/// A script in place of `nix`, where `$nix` is the real one.
struct StandIn {
    folder: TempDir,
}

impl StandIn {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nix = find("nix").unwrap();
        let stand_in = Self { folder };
        let path = stand_in.path();
        write_executable(
            Utf8Path::new(&path),
            &format!("#!/bin/sh\nnix='{nix}'\n{script}\n"),
        );
        stand_in
    }

    fn path(&self) -> String {
        let path = self.folder.path().join("nix");
        path.to_str().unwrap().to_owned()
    }
}

const DOMAIN: &str = "{ networking.domain = \"lan\"; }\n";
const CASES: &str = "cases: [{ name: domain, expect: { nixos: { networking.domain: lan } } }]\n";

fn fixture(platform: Platform, module: &str, cases: &str) -> Fixture {
    let host = Host::new(platform, "one").with_module(module);
    Fixture::with_inputs(&[host], &[("cases/a.yaml", cases)])
}

fn ends_with(ran: &Ran, code: i32, said: &str) -> Result<(), String> {
    let text = format!("{}{}", ran.stdout, ran.stderr);
    ensure(ran.code() == Some(code) && text.contains(said), || {
        format!(
            "exit {code} and {said:?} are wanted of {:?}: {text}",
            ran.code()
        )
    })
}

fn key_bindings_do_not_matter() -> Result<(), String> {
    let home = tempfile::tempdir().unwrap();
    let bindings = "\"(\": \"()\\C-b\"\n\"{\": \"{}\\C-b\"\n\"\\\"\": \"\\\"\\\"\\C-b\"\n";
    std::fs::write(home.path().join(".inputrc"), bindings).unwrap();
    let fixture = fixture(Platform::NixOs, DOMAIN, CASES);
    let ran = fixture.program(&["run"]).env("HOME", home.path()).run();
    ends_with(&ran, 0, "1 passed")
}

fn the_history_is_left_alone() -> Result<(), String> {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join(".local/share/nix");
    std::fs::create_dir_all(&data).unwrap();
    let history = data.join("repl-history");
    std::fs::write(&history, "mine\n").unwrap();
    let nix = StandIn::new(
        "case \" $* \" in *' repl '*)\n\
         data=\"${XDG_DATA_HOME:-$HOME/.local/share}/nix\"\n\
         mkdir -p \"$data\" && : > \"$data/repl-history\" ;;\nesac\nexec \"$nix\" \"$@\"",
    );
    let fixture = fixture(Platform::NixOs, DOMAIN, CASES);
    let ran = fixture
        .program(&["run", "--nix", &nix.path()])
        .env("HOME", home.path())
        .run();
    ends_with(&ran, 0, "1 passed")?;
    let kept = std::fs::read_to_string(history).unwrap_or_default();
    ensure(kept == "mine\n", || format!("it is now {kept:?}"))
}

/// An option with a store path as the name of an attribute, as `meta.maintainers` has it.
fn named_by_path(text: &str) -> String {
    format!(
        "{{ lib, ... }}: {{ options.named = lib.mkOption {{ type = lib.types.attrsOf lib.types.str; }};\n\
         config.named.${{builtins.unsafeDiscardStringContext (builtins.toFile \"a\" \"{text}\")}} = \"same\"; }}\n"
    )
}

fn a_hash_in_a_name_is_no_difference() -> Result<(), String> {
    let fixture = fixture(Platform::NixOs, &named_by_path("old"), CASES);
    fixture.project.commit("first");
    fixture
        .project
        .write("hosts/one.nix", &named_by_path("new"));
    ends_with(
        &fixture.run(&["diff", "HEAD:one", "one"]),
        0,
        "no difference",
    )
}

fn what_is_not_counted_is_no_budget() -> Result<(), String> {
    let nix = StandIn::new(
        "\"$nix\" \"$@\"\ncode=$?\n\
         if [ -n \"$NIX_SHOW_STATS_PATH\" ]; then\n\
         tr -d '\\n ' < \"$NIX_SHOW_STATS_PATH\" \
         | sed 's/\"values\":{\"bytes\":[0-9]*,\"number\":[0-9]*/\"values\":{\"bytes\":0,\"number\":0/' \
         > \"$NIX_SHOW_STATS_PATH.new\"\n\
         cat \"$NIX_SHOW_STATS_PATH.new\" > \"$NIX_SHOW_STATS_PATH\"\n\
         rm \"$NIX_SHOW_STATS_PATH.new\"\nfi\nexit $code",
    );
    let cases = |counter: &str| {
        let cases = format!("cases: [{{ name: cheap, budget: {{ {counter}: 1G }} }}]\n");
        fixture(Platform::NixOs, DOMAIN, &cases)
    };
    let run = |counter: &str| cases(counter).run(&["run", "--nix", &nix.path()]);
    ends_with(&run("thunks"), 0, "1 passed")?;
    ends_with(&run("values"), 3, "does not count values")
}

fn a_throw_in_the_words_of_lix_is_one() -> Result<(), String> {
    let nix = StandIn::new(
        "case \" $* \" in *' repl '*) ;; *) exec \"$nix\" \"$@\" ;; esac\n\
         { \"$nix\" \"$@\" 2>&1 >&3 | sed -u \"s/while calling the '\\([^' ]*throw[^' ]*\\)' builtin/caused by explicit \\1/g\" >&2; } 3>&1",
    );
    let module = "{ assertions = [ { assertion = false; message = \"must stay small\"; } ]; }\n";
    let cases = "cases: [{ name: small, throws: { assertion: must stay small } }]\n";
    let fixture = fixture(Platform::Home, module, cases);
    ends_with(&fixture.run(&["run"]), 0, "1 passed")?;
    let ran = fixture.run(&["run", "--no-cache", "--nix", &nix.path()]);
    ends_with(&ran, 0, "1 passed")
}

fn a_version_is_one_line() -> Result<(), String> {
    let nix = StandIn::new(
        "[ \"$*\" = --version ] || exec \"$nix\" \"$@\"\n\
         echo 'nix (Lix, like Nix) 2.95.3'\n\
         for n in 1 2 3 4 5 6 7 8; do echo \"Setting $n: /etc/nix/$n 9.$n\"; done",
    );
    let fixture = fixture(Platform::NixOs, DOMAIN, CASES);
    let found = fixture.program(&["--version"]);
    let found = found.env("NIX_PARITY_NIX", nix.path()).run();
    let ran = fixture.run(&["run", "--format", "jsonl", "--nix", &nix.path()]);
    for text in [&found.stdout, &ran.stdout] {
        ensure(text.contains("2.95.3") && !text.contains("Setting"), || {
            format!("one line: {text}")
        })?;
    }
    Ok(())
}

fn flakes_without_a_setting_are_enabled() -> Result<(), String> {
    let nix = StandIn::new(
        "case \" $* \" in *experimental-features\\ ) echo nix-command; exit ;; esac\n\
         exec \"$nix\" \"$@\" --extra-experimental-features flakes",
    );
    let fixture = fixture(Platform::NixOs, DOMAIN, CASES);
    let ran = fixture.run(&["doctor", "--nix", &nix.path()]);
    let text = format!("{}{}", ran.stdout, ran.stderr);
    ensure(
        text.contains("enabled") && !text.contains("not enabled"),
        || text,
    )
}
