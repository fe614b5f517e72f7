//! `gate` for Macs: launchd and Homebrew. A Mac's system cannot be built here: a folder in
//! the store stands in for it, with the activation script that the offline base renders,
//! and a script stands in for `brew`.
#![cfg(all(target_os = "linux", target_arch = "x86_64"))]

use std::os::unix::fs::{PermissionsExt as _, symlink};

use nix_parity_testkit::homebrew::WORDINGS;
use nix_parity_testkit::{Host, Platform, Program, Ran};
use serde_json::Value;

use crate::gate::{Gate, fixture};
use crate::gate_systems::{TOPLEVEL, built, effects};
use crate::support::{Fixture, assert_sound};

/// A Mac with a place for its Homebrew and a link to the system that runs.
pub(crate) struct Mac {
    pub(crate) fixture: Fixture,
    prefix: String,
    link: String,
}

impl Mac {
    pub(crate) fn new() -> Self {
        let fixture = Fixture::with_hosts(
            &[Host::new(Platform::Darwin, "air")],
            &[
                ("parity.yaml", "hosts: { darwin: [air] }\n"),
                (
                    "cases/s.yaml",
                    "cases: [{ name: name, expect: { common: { networking.hostName: air } } }]\n",
                ),
            ],
        );
        let [prefix, link] = ["brew-of-mac", "running"].map(|name| {
            let path = fixture.cache().join(name);
            path.into_os_string().into_string().unwrap()
        });
        Self {
            fixture,
            prefix,
            link,
        }
    }

    /// Configures it with this of Homebrew, and this besides.
    pub(crate) fn configure(&self, homebrew: &str, more: &str) {
        let module = format!(
            "{{ config, lib, pkgs, ... }}: {{ homebrew = {{ enable = true; user = \"lars\"; prefix = \"{}\"; {homebrew} }};\n{more}\n}}\n",
            self.prefix
        );
        self.fixture.project.write("hosts/air.nix", &module);
    }

    /// The configuration as it is becomes the running system, with these files in it.
    pub(crate) fn switch(&self, files: &str) {
        let air = "darwinConfigurations.air";
        let installable = format!("git+file://{}#{air}", self.fixture.project.root());
        let text = nix(
            Program::new("nix")
                .args(["--extra-experimental-features", "nix-command flakes"])
                .args(["eval", "--json", "--offline", &installable, "--apply"])
                .arg("c: { script = c.config.system.activationScripts.script.text; brewfile = c.config.homebrew.brewfile; }"),
        );
        let rendered: Value = serde_json::from_str(&text).unwrap();
        let [script, brewfile] = ["script", "brewfile"].map(|key| rendered[key].as_str().unwrap());
        // Only the path of the Brewfile, which no Linux builds, is another one.
        let system = format!(
            r#"derivation {{ name = "darwin-system-air"; system = builtins.currentSystem; builder = "/bin/sh";
              script = builtins.getEnv "SCRIPT"; brewfile = builtins.getEnv "BREWFILE"; args = [ "-c" ''
              PATH=/usr/bin:/bin
              mkdir -p $out
              printf '%s' "$brewfile" > $out/Brewfile
              printf '%s\n' "$script" | sed "s|/nix/store/[a-z0-9]*-Brewfile|$out/Brewfile|g; s|@out@|$out|g" > $out/activate
              {files}
            '' ]; }}"#
        );
        let path = nix(Program::new("nix")
            .args(["--extra-experimental-features", "nix-command"])
            .args(["build", "--impure", "--no-link", "--print-out-paths"])
            .args(["--option", "sandbox", "false", "--expr", &system])
            .env("SCRIPT", script)
            .env("BREWFILE", brewfile));
        let _ = std::fs::remove_file(&self.link);
        symlink(path.trim(), &self.link).unwrap();
    }

    /// Homebrew answers with a script, which is run in the place of `brew`.
    pub(crate) fn brew(&self, script: &str) {
        self.program("brew", script);
        self.program("mas", "exit 9");
    }

    /// It says this of what it would remove, and ends with 1.
    pub(crate) fn brew_says(&self, text: &str) {
        let file = self.fixture.cache().join("said");
        std::fs::write(&file, text).unwrap();
        let file = file.display();
        self.brew(&format!(
            "[ \"$1 $2\" = 'bundle cleanup' ] && ! [ -t 0 ] || exit 9\ncat '{file}'; exit 1"
        ));
    }

    fn program(&self, name: &str, script: &str) {
        let path = std::path::Path::new(&self.prefix).join("bin").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn arguments(&self) -> [&str; 4] {
        ["--host", "air", "--running-system", &self.link]
    }

    pub(crate) fn gate(&self, arguments: &[&str]) -> Program {
        let gate = Gate::of(&self.fixture);
        gate.program(&[&self.arguments(), arguments].concat())
            .env("USER", "lars")
    }

    /// What a gate found, whatever it says to it.
    pub(crate) fn found(&self) -> Value {
        let program = self.fixture.program(&["gate", "--format", "jsonl"]);
        let ran = program.args(self.arguments()).env("USER", "lars").run();
        serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}{}", ran.stdout, ran.stderr))
    }

    /// Whether the command is run, which is no question of the exit code alone.
    pub(crate) fn lets_pass(&self, arguments: &[&str]) -> bool {
        let touched = self.fixture.cache().join("touched");
        let _ = std::fs::remove_file(&touched);
        let ran = self.gate(arguments).run();
        let passes = touched.exists();
        assert_eq!(ran.code(), Some(i32::from(!passes)), "{}", ran.stderr);
        let _ = std::fs::remove_file(&touched);
        passes
    }

    #[track_caller]
    pub(crate) fn refuses(&self, arguments: &[&str], why: &str) -> Ran {
        let ran = self.gate(arguments).run();
        assert_sound(&ran);
        Gate::of(&self.fixture).assert_refused(&ran, 1, why);
        ran
    }
}

#[track_caller]
fn nix(program: Program) -> String {
    let ran = program.run();
    assert_eq!(ran.code(), Some(0), "{}", ran.stderr);
    ran.stdout
}

#[test]
fn a_mac_says_what_launchd_and_homebrew_will_do() {
    let mac = Mac::new();
    mac.configure(
        "taps = [ \"homebrew/x\" ]; brews = [ \"jq\" ]; casks = [ { name = \"alfred\"; greedy = true; } ]; masApps.Xcode = 1;",
        "",
    );
    mac.switch(
        "mkdir -p $out/Library/LaunchDaemons $out/user/Library/LaunchAgents
         printf '<plist>\\n' > $out/Library/LaunchDaemons/org.nixos.gone.plist
         printf '<plist>\\n' > $out/user/Library/LaunchAgents/org.nixos.sync.plist",
    );
    mac.configure(
        "brews = [ \"jq\" ]; casks = [ \"raycast\" ]; onActivation.cleanup = \"zap\";",
        "launchd.user.agents.sync.script = \"sync\"; launchd.daemons.new.script = \"new\"; system.primaryUser = \"lars\";",
    );
    let gate = mac.found();
    let expected = [
        "zap cask alfred high",
        "stop daemon org.nixos.gone medium",
        "restart agent org.nixos.sync low",
        "start daemon org.nixos.new low",
        "start daemon org.nixos.nix-daemon low",
        "install cask raycast low",
        "untap tap homebrew/x low",
        "leave app Xcode (1) low",
    ];
    assert_eq!(effects(&gate), expected, "{gate:#}");
    let unknown = gate["unknown"].to_string();
    assert!(unknown.contains("it is not here to be asked"), "{unknown}");
    // Removals that nobody can list are agreed to by no option.
    mac.refuses(&["--yes"], "--yes agrees only to what is");

    // Where Homebrew is, it knows what is installed besides.
    mac.brew_says("Would uninstall casks:\nby-hand\n\u{1b}[31mred\u{1b}[0m\nWould uninstall formulae:\nhtop\nRun `brew bundle cleanup --force` to make these changes.\n");
    let gate = mac.found();
    assert!(gate["unknown"].is_null(), "{gate:#}");
    let asked = effects(&gate);
    for effect in ["zap cask by-hand high", "uninstall formula htop medium"] {
        assert!(asked.iter().any(|e| e == effect), "{asked:?}");
    }
    assert!(!asked.iter().any(|e| e.contains("alfred")), "{asked:?}");
    let ran = mac.fixture.program(&["gate"]).args(mac.arguments());
    let ran = ran.env("USER", "lars").run();
    assert_sound(&ran);
    let zapped = "zap cask by-hand, red (onActivation.cleanup = \"zap\")   high\n";
    assert!(ran.stdout.contains(zapped), "{}", ran.stdout);

    mac.brew("echo 'Error: not as root' >&2; exit 1");
    let gate = mac.found();
    assert_eq!(
        gate["unknown"][0]["text"][0], "Error: not as root",
        "{gate:#}"
    );
    assert_eq!(gate["unknown"][0]["risk"], "unknown", "{gate:#}");
}

#[test]
fn the_brewfile_of_the_running_system_is_found_in_every_release() {
    // How nix-darwin ran it before; the newest form is that of the offline base.
    let command = "HOMEBREW_NO_AUTO_UPDATE=1 brew bundle --file='${pkgs.writeText \"Brewfile\" config.homebrew.brewfile}' --no-upgrade";
    let older = [
        format!("PATH=\"${{config.homebrew.prefix}}/bin\":$PATH {command}"),
        format!(
            "PATH=\"${{config.homebrew.prefix}}/bin:$PATH\" \\\n  sudo \\\n    --preserve-env=PATH \\\n    --user=lars \\\n    --set-home \\\n    env \\\n    {command}"
        ),
    ];
    let forms = older.map(|form| {
        format!(
            "system.activationScripts.homebrew.text = lib.mkForce ''\n  echo >&2 \"Homebrew bundle...\"\n  {form}\n'';"
        )
    });
    for form in forms.iter().map(String::as_str).chain([""]) {
        let mac = Mac::new();
        mac.configure("casks = [ \"alfred\" ]; masApps.Xcode = 1;", form);
        mac.switch("");
        mac.configure("casks = [ \"raycast\" ];", form);
        let gate = mac.found();
        let told = effects(&gate);
        for effect in [
            "leave cask alfred low",
            "leave app Xcode (1) low",
            "install cask raycast low",
        ] {
            assert!(told.iter().any(|e| e == effect), "{form}: {told:?}");
        }
        let unknown = gate["unknown"].to_string();
        assert!(!unknown.contains("Homebrew"), "{form}: {unknown}");
    }
}

/// What an option lets pass, by the wording, by `cleanup` and by `--max-risk`: `true` is
/// what passes. The engine's table has the reasons.
const PASSES: [[[bool; 3]; 4]; 3] = [
    [
        [true; 3],
        [false; 3],
        [false, true, true],
        [false, false, true],
    ],
    [
        [true; 3],
        [false; 3],
        [false, false, true],
        [false, false, true],
    ],
    [
        [true; 3],
        [false; 3],
        [false, false, true],
        [false, false, true],
    ],
];

#[test]
fn what_homebrew_removes_passes_no_limit_that_is_below_it() {
    let mac = Mac::new();
    for (at, cleanup) in ["none", "check", "uninstall", "zap"]
        .into_iter()
        .enumerate()
    {
        let homebrew = format!("masApps.Pages = 2; onActivation.cleanup = \"{cleanup}\";");
        // Nothing but Homebrew does anything.
        mac.configure(&homebrew, "nix.enable = false;");
        mac.switch("");
        for (wording, rows) in WORDINGS.iter().zip(PASSES) {
            mac.brew_says(wording.text);
            for (risk, passes) in ["low", "medium", "high"].into_iter().zip(rows[at]) {
                let what = format!("{} {cleanup} {risk}", wording.version);
                assert_eq!(
                    mac.lets_pass(&["--yes", "--max-risk", risk]),
                    passes,
                    "{what}"
                );
            }
        }
        // One heading more, and nothing is let through that cleans up.
        let said = WORDINGS[2].text.replacen(
            "Would untap:",
            "Would uninstall holograms:\nx\nWould untap:",
            1,
        );
        mac.brew_says(&said);
        for arguments in [&["--yes"][..], &["--yes", "--max-risk", "high"]] {
            match cleanup {
                "none" => assert!(mac.lets_pass(arguments)),
                "check" => drop(mac.refuses(arguments, "the switch would abort")),
                _ => drop(mac.refuses(arguments, "not all known")),
            }
        }
    }
    let shown = mac.refuses(&["--yes"], "not all known");
    assert!(
        shown.stdout.contains("| Would uninstall holograms:\n"),
        "{}",
        shown.stdout
    );
    assert!(
        shown
            .stderr
            .contains("without --yes and --max-risk you are asked"),
        "{}",
        shown.stderr
    );
}

#[test]
fn a_check_that_finds_something_is_an_abort_of_its_own() {
    let mac = Mac::new();
    mac.configure("onActivation.cleanup = \"check\";", "");
    mac.switch("");
    mac.brew_says(WORDINGS[0].text);
    let gate = mac.found();
    let aborts = gate["aborts"][0].as_str().unwrap();
    assert!(aborts.contains("cask by-hand, formula htop"), "{aborts}");
    let ran = mac.refuses(&["--yes"], "the switch would abort");
    assert!(ran.stderr.contains("list these packages"), "{}", ran.stderr);
    mac.brew("exit 0");
    assert!(mac.found()["aborts"].is_null());
}

#[test]
fn homebrew_is_asked_as_the_switch_will_run_it() {
    let mac = Mac::new();
    mac.configure(
        "masApps.Pages = 2; onActivation = { cleanup = \"uninstall\"; extraEnv.HOMEBREW_X = \"a b\"; };",
        "",
    );
    mac.switch("");
    let said = mac.fixture.cache().join("asked");
    mac.brew(&format!(
        "printf '%s|%s|%s' \"$HOMEBREW_X\" \"$HOMEBREW_NO_AUTO_UPDATE\" \"$PATH\" > '{}'",
        said.display()
    ));
    let gate = mac.found();
    assert!(
        !gate["unknown"].to_string().contains("Homebrew"),
        "{gate:#}"
    );
    let asked = std::fs::read_to_string(&said).unwrap();
    let path = format!("a b|1|{}/bin:/nix/store/", mac.prefix);
    assert!(
        asked.starts_with(&path) && asked.contains("-mas-"),
        "{asked}"
    );

    // It answers nobody but its owner, and says nothing of apps without mas.
    let ran = mac.fixture.program(&["gate"]).args(mac.arguments());
    let ran = ran.args(["--yes"]).env("USER", "root").run();
    assert_eq!(ran.code(), Some(1), "{}", ran.stdout);
    assert!(
        ran.stdout
            .contains("it runs as lars and answers nobody else"),
        "{}",
        ran.stdout
    );
    std::fs::remove_file(format!("{}/bin/mas", mac.prefix)).unwrap();
    let ran = mac.refuses(&["--yes"], "not all known");
    assert!(ran.stdout.contains("without `mas`"), "{}", ran.stdout);

    // Flags that are not the option's say what becomes of the rest, too.
    mac.configure(
        "onActivation.extraFlags = [ \"--force-cleanup\" \"--zap\" ];",
        "",
    );
    mac.brew_says(WORDINGS[0].text);
    let told = effects(&mac.found());
    assert!(
        told.iter().any(|e| e == "zap cask by-hand high"),
        "{told:?}"
    );
    mac.configure("onActivation.extraFlags = [ \"--future\" ];", "");
    let ran = mac.refuses(&["--yes"], "not all known");
    assert!(ran.stdout.contains("--future"), "{}", ran.stdout);
}

#[test]
fn names_from_a_configuration_do_nothing_to_a_terminal() {
    let cases =
        "cases: [{ name: name, hosts: air, expect: { common: { networking.hostName: air } } }]\n";
    let fixture = fixture(cases);
    let project = &fixture.project;
    // Any system will do that asks nothing of Homebrew.
    let old = built(&fixture, TOPLEVEL);
    let names =
        r###"["a\u001b[31m", "::error::b", "c\u202ed", "##[error]", "e\nf", "]]>", "<script>"]"###;
    let module = format!(
        "{{ homebrew = {{ enable = true; user = \"lars\"; casks = builtins.fromJSON ''{names}''; }}; }}\n"
    );
    project.write("hosts/air.nix", &module);
    let ran = fixture.run(&["gate", "--host", "air", "--running-system", &old]);
    assert_sound(&ran);
    assert_eq!(ran.code(), Some(0), "{}{}", ran.stdout, ran.stderr);
    for shown in ["a\\u{1b}[31m", "c\\u{202e}d", "#\\u{23}[error]", "e\\nf"] {
        assert!(ran.stdout.contains(shown), "{}", ran.stdout);
    }
    assert!(!ran.stdout.contains("##["), "{}", ran.stdout);
    assert!(!ran.stdout.lines().any(|l| l.trim_start().starts_with("::")));
}
