//! Pages of made-up runs: one with all that a page can show, one whose every string would
//! act if it were not escaped, and a large one.

use std::collections::BTreeMap;

use nix_parity_core::comparison::{
    self, Change, Closure, Comparison, Derivations, Found, HostComparison, OptionChange,
    PackageSize, RootCause, Setting, VersionChange,
};
use nix_parity_core::event::{Event, FORMAT, PlannedGroup, PlannedHost};
use nix_parity_core::excerpt::Excerpt;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::id::TestId;
use nix_parity_core::ledger::{self, Gap, Held, OpenTest, Reality, Standing, State, Wanted, Why};
use nix_parity_core::location::Location;
use nix_parity_core::observation::{Cause, Frame, NixError};
use nix_parity_core::outcome::{
    Finding, Origin, OriginRole, Outcome, Problem, Shared, Side, Summary, TestResult,
};
use nix_parity_report::{Artefact, Page, WholeRun, html};

/// What the hostile page says everywhere.
pub(crate) const HOSTILE: &str = "\"><img src=x onerror=\"owned=1\"><script>owned=1</script></script></style></title><!--\
 javascript:alert(1) '`${owned=1}` \u{202e}\u{1b}[31m\u{9b}\u{200b} ::error:: ]]> &lt;b&gt; {{owned}} ../../etc/passwd";

const HOSTS: [(&str, Platform, &str); 5] = [
    ("macbook-air", Platform::Darwin, "aarch64-darwin"),
    ("future-nixos-pc", Platform::Nixos, "x86_64-linux"),
    ("server", Platform::Nixos, "x86_64-linux"),
    ("workstation", Platform::Nixos, "x86_64-linux"),
    ("lars", Platform::Home, "x86_64-linux"),
];

/// The smallest PNG: one pixel.
const PIXEL: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// All of them by their names.
pub(crate) fn all() -> Vec<(&'static str, String)> {
    vec![
        ("sample", everything("", &str::to_owned)),
        (
            "hostile",
            everything("", &|text| format!("{text} {HOSTILE}")),
        ),
        ("large", large(1_000, 10)),
        (
            "green",
            page(&run(&(0..20)
                .map(|n| passed("shell", &format!("case {n}"), n, 1))
                .collect::<Vec<_>>())),
        ),
        ("comparison", comparison_alone()),
    ]
}

/// A run of these results.
pub(crate) fn run(results: &[TestResult]) -> WholeRun {
    let mut run = WholeRun::default();
    for event in events(results) {
        run.take(&event);
    }
    run
}

/// The events of a run of these results.
pub(crate) fn events(results: &[TestResult]) -> Vec<Event> {
    let count = |label: &str| results.iter().filter(|r| r.id.host == label).count();
    let known = |label: &str| HOSTS.iter().any(|(name, ..)| *name == label);
    let mut groups: Vec<PlannedGroup> = Vec::new();
    for result in results {
        let label = &result.id.host;
        if !known(label) && !groups.iter().any(|group| group.label == *label) {
            let label = label.clone();
            groups.push(PlannedGroup {
                tests: count(&label),
                label,
            });
        }
    }
    let mut events = vec![Event::RunStarted {
        format: FORMAT,
        version: "0.1.0".to_owned(),
        nix: Some("nix (Nix) 2.26.3".to_owned()),
        profile: Some("offline".to_owned()),
        flake: ".".to_owned(),
        hosts: HOSTS
            .iter()
            .map(|(label, platform, system)| PlannedHost {
                label: (*label).to_owned(),
                host: Host {
                    system: Some((*system).to_owned()),
                    ..Host::new(*platform, *label)
                },
                tests: count(label),
            })
            .collect(),
        groups,
    }];
    let mut summary = Summary {
        hosts: HOSTS.len(),
        millis: 9_300,
        ..Summary::default()
    };
    for result in results {
        summary.add(&result.outcome);
        events.push(Event::TestFinished(result.clone()));
    }
    for (number, (host, ..)) in (1..).zip(HOSTS) {
        let host = host.to_owned();
        events.push(Event::HostFinished {
            host,
            millis: number * 1_700,
        });
    }
    events.push(Event::RunFinished { summary });
    events
}

/// The page of a run and nothing else.
pub(crate) fn page(run: &WholeRun) -> String {
    written(&Page {
        run: Some(run),
        ..Page::default()
    })
}

pub(crate) fn written(page: &Page<'_>) -> String {
    let mut out = Vec::new();
    html(page, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

/// A test on one of the hosts.
pub(crate) fn passed(suite: &str, case: &str, line: u32, host: usize) -> TestResult {
    let (label, platform, _) = HOSTS[host];
    TestResult {
        id: TestId {
            suite: suite.to_owned(),
            case: case.to_owned(),
            host: label.to_owned(),
        },
        platform: Some(platform),
        location: Location::point(format!("cases/{suite}.yaml"), line, 5),
        outcome: Outcome::Pass,
        note: None,
        details: Vec::new(),
        artefacts: Vec::new(),
        shared: Vec::new(),
        built: false,
        booted: false,
        millis: 12,
    }
}

pub(crate) fn mismatch(expected: &str, got: &str) -> Problem {
    Problem::Mismatch {
        at: String::new(),
        expected: expected.to_owned(),
        got: got.to_owned(),
    }
}

pub(crate) fn finding(subject: &str, file: &str, line: u32, problem: Problem) -> Finding {
    Finding {
        subject: subject.to_owned(),
        location: Location::point(file, line, 9),
        problem,
        origins: Vec::new(),
        notes: Vec::new(),
    }
}

/// A thousand cases on five hosts, a share of which fail, each with lines and who set it.
pub(crate) fn large(cases: u32, percent: u32) -> String {
    let mut results = Vec::new();
    for case in 0..cases {
        for host in 0..HOSTS.len() {
            let suite = format!("suite-{}", case / 25);
            let mut result = passed(
                &suite,
                &format!("the {case}th thing is as it should be"),
                case % 25 * 6 + 3,
                host,
            );
            if case * 100 / cases < percent {
                let mut found = finding(
                    "services.openssh.settings.PermitRootLogin",
                    &format!("cases/{suite}.yaml"),
                    case % 25 * 6 + 5,
                    mismatch("\"no\"", "\"prohibit-password\""),
                );
                found.origins.push(Origin {
                    role: OriginRole::Definition,
                    location: Location::point(format!("config/module-{case}.nix"), 9, 5),
                    text: Some("\"prohibit-password\"".to_owned()),
                });
                result.outcome = Outcome::Fail {
                    findings: vec![found],
                };
            }
            results.push(result);
        }
    }
    let mut run = run(&results);
    let lines: Vec<_> = (1..200)
        .map(|n| format!("    services.option{n}.enable = lib.mkDefault true;\n"))
        .collect();
    let lines = lines.concat();
    for result in &results {
        for finding in result.outcome.findings() {
            let origins = finding.origins.iter().map(|origin| &origin.location);
            for at in origins.chain([&finding.location]) {
                run.take(&Event::Source(
                    Excerpt::of(&lines, &at.file, at.line).unwrap(),
                ));
            }
        }
    }
    page(&run)
}

/// Everything that a page can show, each text passed through a function.
pub(crate) fn everything(base: &str, say: &dyn Fn(&str) -> String) -> String {
    let results = results(say);
    let mut run = run(&results);
    for (file, line) in [
        ("cases/shell.yaml", 9),
        ("config/profiles/user/minimal.nix", 12),
        ("config/lib/users.nix", 31),
    ] {
        let text: Vec<_> = (1..40)
            .map(|n| format!("  line{n} = {};\n", say("true")))
            .collect();
        let excerpt = Excerpt::of(&text.concat(), file, line).unwrap();
        run.take(&Event::Source(excerpt));
    }
    run.take(&Event::Warning {
        message: say("no case sees nixosConfigurations.spare"),
    });
    let artefacts = BTreeMap::from([
        (say("runs/login.png"), Artefact::Picture(PIXEL.to_vec())),
        (say("runs/second.png"), Artefact::Left(say("is left out"))),
        (
            say("runs/driver.log"),
            Artefact::Tail(vec![say("machine # login:")]),
        ),
    ]);
    let gap = gap(say);
    let history: Vec<_> = [(40, 4), (55, 5), (55, 5), (71, 7)]
        .into_iter()
        .enumerate()
        .map(|(n, (score, passed))| State {
            format: ledger::FORMAT,
            commit: say("0123456789abcdef"),
            date: format!("2026-0{}-01T00:00:00Z", n + 1),
            uncommitted: n == 3,
            score,
            rows: BTreeMap::from([(say("wrappers"), Held { passed, tests: 8 })]),
        })
        .collect();
    let comparisons = comparisons(say);
    written(&Page {
        run: Some(&run),
        gap: Some(&gap),
        history: &history,
        comparisons: &comparisons,
        artefacts,
        base: base.to_owned(),
    })
}

pub(crate) fn results(say: &dyn Fn(&str) -> String) -> Vec<TestResult> {
    let test = |suite: &str, case: &str, line, host| passed(suite, &say(case), line, host);
    let mut all: Vec<_> = (0..5)
        .map(|host| test("shell", "one login shell", 7, host))
        .collect();
    let mut found = finding(
        &say("programs.fish.enable"),
        "cases/shell.yaml",
        9,
        mismatch(&say("true"), &say("false")),
    );
    found.origins = [
        ("config/profiles/user/minimal.nix", 12),
        ("<nixpkgs>/fish.nix", 40),
    ]
    .map(|(file, line)| Origin {
        role: OriginRole::Definition,
        location: Location::point(say(file).replace(HOSTILE, "").trim(), line, 3),
        text: Some(say("mkForce false")),
    })
    .to_vec();
    found.notes = vec![say("macbook-air has true")];
    let lines = finding(
        &say("environment.etc"),
        &say("cases/other.yaml"),
        3,
        mismatch(
            &say("{\n  a = 1;\n  b = 2;\n}"),
            &say("{\n  a = 1;\n  b = 3;\n}"),
        ),
    );
    all[1].outcome = Outcome::Fail {
        findings: vec![found, lines],
    };
    all.extend(broken(say));
    all.extend(machines(say));
    all.extend(joint(say));
    all
}

/// Tests that could not be decided, and what does not build or is not as accepted.
fn broken(say: &dyn Fn(&str) -> String) -> Vec<TestResult> {
    let test = |suite: &str, case: &str, line, host| passed(suite, &say(case), line, host);
    let mut all = Vec::new();
    let trace = NixError {
        cause: Cause::Configuration,
        message: say("infinite recursion encountered"),
        location: Some(Location::point("config/lib/users.nix", 31, 9)),
        trace: vec![Frame {
            text: say("while evaluating extraGroups"),
            location: Some(Location::point(say("config/x.nix"), 2, 1)),
        }],
    };
    for (host, problem) in [
        (
            2,
            Problem::Evaluation {
                error: trace.clone(),
            },
        ),
        (
            3,
            Problem::Machine {
                message: say("killed after 60 s"),
            },
        ),
        (
            4,
            Problem::Build {
                derivation: say("sshd.conf"),
                reason: say("builder failed"),
                log: vec![say("line 1")],
            },
        ),
    ] {
        let findings = vec![finding(&say("users"), "cases/shell.yaml", 20, problem)];
        let mut result = test("security", "wheel needs a password", 21, host);
        result.outcome = if host == 4 {
            Outcome::Fail { findings }
        } else {
            Outcome::Error { findings }
        };
        all.push(result);
    }
    let mut again = test("security", "sudo asks", 30, 2);
    again.outcome = Outcome::Error {
        findings: vec![finding(
            "sudo",
            "cases/security.yaml",
            31,
            Problem::Evaluation { error: trace },
        )],
    };
    all.push(again);
    let mut snapshot = test("security", "snapshot", 40, 0);
    snapshot.outcome = Outcome::Fail {
        findings: vec![
            finding(
                &say("snapshot"),
                "cases/security.yaml",
                41,
                Problem::Snapshot {
                    file: say("snapshots/x.snap"),
                    accepted: true,
                    changes: vec![say("- a"), say("+ b")],
                },
            ),
            finding(
                "expected_failure",
                "cases/security.yaml",
                41,
                Problem::UnexpectedPass {
                    until: say("wayland"),
                },
            ),
        ],
    };
    all.push(snapshot);
    all
}

/// What was skipped, and machines that were booted.
fn machines(say: &dyn Fn(&str) -> String) -> Vec<TestResult> {
    let test = |suite: &str, case: &str, line, host| passed(suite, &say(case), line, host);
    let mut skip = test("builds", "it builds", 3, 0);
    skip.outcome = Outcome::Skip {
        reason: say("needs aarch64-darwin to build"),
    };
    let mut vm = test("machines", "it boots", 5, 1);
    vm.booted = true;
    vm.note = Some(say("emulated, without KVM"));
    vm.details = [
        "passed after 12.1 s: wait_for_unit sshd",
        "failed after 0.3 s: succeed true",
        "not reached: screenshot",
    ]
    .map(say)
    .to_vec();
    vm.artefacts = [
        "runs/login.png",
        "runs/second.png",
        "runs/driver.log",
        "javascript:alert(1)",
    ]
    .map(say)
    .to_vec();
    let mut broken = vm.clone();
    broken.id.case = say("it stays up");
    broken.outcome = Outcome::Fail {
        findings: vec![finding(
            &say("succeed"),
            "cases/machines.yaml",
            9,
            mismatch("a step that passes", &say("exit 1")),
        )],
    };
    vec![skip, vm, broken]
}

fn joint(say: &dyn Fn(&str) -> String) -> Vec<TestResult> {
    let side = |hosts: &[&str], value: &str| Side {
        hosts: hosts.iter().map(|h| (*h).to_owned()).collect(),
        value: say(value),
    };
    let mut parity = passed("sharing", &say("same aliases"), 4, 0);
    "darwin+nixos".clone_into(&mut parity.id.host);
    parity.platform = None;
    parity.shared = vec![Shared {
        subject: say("environment.shellAliases.ll"),
        sides: vec![side(&["macbook-air", "server"], "\"ls -l\"")],
    }];
    let mut programs = parity.clone();
    programs.id.case = say("same programs");
    programs.shared[0].sides = vec![
        side(&["macbook-air"], "cask firefox"),
        side(&["server"], "package firefox"),
    ];
    let problem = Problem::Disparity {
        at: say(".EDITOR"),
        sides: programs.shared[0].sides.clone(),
    };
    parity.outcome = Outcome::Fail {
        findings: vec![finding(
            &say("environment.variables"),
            "cases/sharing.yaml",
            6,
            problem,
        )],
    };
    vec![parity, programs]
}

pub(crate) fn gap(say: &dyn Fn(&str) -> String) -> Gap {
    let open = |n: usize| OpenTest {
        test: say(&format!("wrappers::kitty::{n}")),
        why: Why::Fails,
        because: Some(say("later")),
    };
    let row = |id: &str, reality, passed, tests, open| Standing {
        id: say(id),
        proposed: say("lib/wrappers"),
        found: Some(say("none")),
        gap: Some(say("small")),
        weight: 2,
        status: if reality == Reality::Declined {
            Wanted::Declined {
                reason: say("unnecessary"),
            }
        } else {
            Wanted::Required
        },
        reality,
        passed,
        tests,
        cases: tests,
        hosts: 3,
        open,
    };
    Gap {
        format: ledger::FORMAT,
        score: 71,
        was: Some(68),
        rows: vec![
            row("platforms", Reality::Proven, 14, 14, vec![]),
            row("wrappers", Reality::Partly, 3, 5, vec![open(1), open(2)]),
            row("cloud", Reality::Unproven, 0, 0, vec![]),
            row("gone", Reality::Failing, 0, 1, vec![open(3)]),
            row("space", Reality::Declined, 0, 0, vec![]),
        ],
        worse: vec![ledger::Worse {
            id: say("wrappers"),
            was: Held {
                passed: 5,
                tests: 5,
            },
            now: None,
        }],
    }
}

pub(crate) fn comparisons(say: &dyn Fn(&str) -> String) -> Vec<HostComparison> {
    let host = |found| HostComparison {
        host: say("future-nixos-pc"),
        platform: Some(Platform::Nixos),
        found,
    };
    vec![
        host(Found::Compared(Box::new(comparison(say)))),
        host(Found::Added),
        host(Found::Failed(say("attribute missing"))),
    ]
}

fn comparison(say: &dyn Fn(&str) -> String) -> Comparison {
    let change = |what: &str, old: Option<&str>, new: Option<&str>| Change {
        what: say(what),
        old: old.map(say),
        new: new.map(say),
    };
    let option = |path: &str, derived| OptionChange {
        path: say(path),
        old: Setting::Value(say("\"prohibit-password\"")),
        new: Setting::Value(say("\"no\"")),
        origins: vec![Origin {
            role: OriginRole::Definition,
            location: Location::point(say("config/ssh.nix"), 9, 1),
            text: None,
        }],
        derived,
        causes: vec![0, 99],
    };
    Comparison {
        format: comparison::FORMAT,
        old: say("HEAD~1:future-nixos-pc"),
        new: say("future-nixos-pc"),
        options: Some(vec![
            option("services.openssh.settings.PermitRootLogin", false),
            option("environment.etc.sshd", true),
        ]),
        derivations: Some(Derivations {
            causes: vec![RootCause {
                name: say("sshd.conf-settings"),
                old: None,
                new: None,
                changes: vec![
                    change("env.text", Some("a\nb"), Some("a\nc")),
                    change("sources", None, None),
                    change("args", None, Some("x")),
                ],
                followers: 212,
                way_up: ["unit-sshd.service", "etc", "nixos-system-pc"]
                    .map(say)
                    .to_vec(),
            }],
            added: vec![say("jq-1.7")],
            removed: vec![say("vim-9")],
            renamed: vec![(say("a"), say("b"))],
            versions: Vec::new(),
            followers: 212,
            ignored: 2,
            unchanged: 1_400,
        }),
        closure: Some(Closure {
            built: true,
            added: vec![say("jq-1.7")],
            removed: vec![say("vim-9")],
            versions: vec![VersionChange {
                name: say("git"),
                old: vec![say("2.50")],
                new: vec![say("2.51")],
            }],
            sizes: vec![
                PackageSize {
                    name: say("git"),
                    old: 50 << 20,
                    new: 52 << 20,
                },
                PackageSize {
                    name: say("vim"),
                    old: 9 << 20,
                    new: 0,
                },
            ],
            growth: Some(-7 << 20),
        }),
        notes: vec![say("labels are left out")],
        unknown: vec![say("one option could not be evaluated")],
    }
}

fn comparison_alone() -> String {
    let comparisons = &comparisons(&str::to_owned)[..1];
    written(&Page {
        comparisons,
        ..Page::default()
    })
}
