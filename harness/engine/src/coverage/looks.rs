//! What a case looks at on a host: which options, and how deep into them.

use nix_parity_core::case::{Case, Check, SnapshotPart};
use nix_parity_core::demand::Demand;
use nix_parity_core::host::Host;

use super::reads::reads;
use crate::snapshot::option_of_file;

/// A look at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Look {
    /// Where.
    pub(crate) path: Vec<String>,
    /// Whether at all that is below it too, and not only at what is there: a set's names
    /// say nothing of their values.
    pub(crate) deep: bool,
}

impl Look {
    /// Whether this looks at an option, or into its value.
    pub(crate) fn is_at(&self, option: &[String]) -> bool {
        self.path.starts_with(option) || self.deep && option.starts_with(&self.path)
    }

    /// The same below a path, if it leads there.
    pub(super) fn below(&self, path: &[String]) -> Option<Self> {
        let rest = match self.path.strip_prefix(path) {
            Some(rest) => rest.to_vec(),
            None if self.deep && path.starts_with(&self.path) => Vec::new(),
            None => return None,
        };
        Some(Self {
            path: rest,
            deep: self.deep,
        })
    }
}

/// What a case looks at on a host.
///
/// Snapshots of derivations, closures and whole toplevels look at no option: that
/// something of a system is as it was says nothing of which option matters.
pub(crate) fn looks(case: &Case, host: &Host) -> Vec<Look> {
    let mut found = Vec::new();
    match &case.check {
        Check::Expect(expectations) => {
            for expectation in expectations.for_host(host) {
                let path = expectation.path.segments();
                demanded(path, &expectation.matcher.demand(), &mut found);
            }
        }
        Check::Eval(eval) => found.extend(named(&eval.expression.text)),
        Check::Throws(throws) => {
            let expression = throws.subject.iter();
            found.extend(expression.flat_map(|nix| named(&nix.text)));
        }
        Check::Snapshot(check) => {
            for part in &check.parts {
                match &part.value {
                    SnapshotPart::Options(paths) => {
                        found.extend(paths.iter().map(|path| deep(path.segments())));
                    }
                    SnapshotPart::Files(files) => {
                        let options = files.iter();
                        let options = options.filter_map(|f| option_of_file(host.platform, f));
                        found.extend(options.map(|path| deep(path.segments())));
                    }
                    SnapshotPart::Derivation(_) | SnapshotPart::Closure(_) => {}
                }
            }
        }
        Check::Parity(check) => {
            let paths = check.paths.iter();
            found.extend(paths.map(|path| deep(path.value.segments())));
        }
        // What is installed is made from these, among others.
        Check::PackageParity(_) => found.extend(INSTALLED.map(|path| {
            let path: Vec<_> = path.split('.').map(str::to_owned).collect();
            deep(&path)
        })),
        // Warnings are made from options that their text does not name; the others look
        // at no option's value.
        Check::Warns(_)
        | Check::Budget(_)
        | Check::Build(_)
        | Check::Reuse(_)
        | Check::Tree(_)
        | Check::Vm(_) => {}
    }
    found
}

/// Where programs are named that `package_parity` looks for.
const INSTALLED: [&str; 4] = [
    "environment.systemPackages",
    "home.packages",
    "homebrew.brews",
    "homebrew.casks",
];

fn deep(path: &[String]) -> Look {
    Look {
        path: path.to_vec(),
        deep: true,
    }
}

fn named(expression: &str) -> Vec<Look> {
    reads(expression).iter().map(|path| deep(path)).collect()
}

/// Looks at as much as is demanded of a value.
fn demanded(path: &[String], demand: &Demand, found: &mut Vec<Look>) {
    match demand {
        Demand::Full { .. } => found.push(deep(path)),
        Demand::Each(each) => found.push(Look {
            path: path.to_vec(),
            deep: **each != Demand::Shape,
        }),
        Demand::Shape => found.push(Look {
            path: path.to_vec(),
            deep: false,
        }),
        Demand::Members(members) => {
            found.push(Look {
                path: path.to_vec(),
                deep: false,
            });
            for (name, demand) in members {
                demanded(&[path, std::slice::from_ref(name)].concat(), demand, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, looks};
    use nix_parity_core::case::parse_suite;
    use nix_parity_core::host::{Host, Platform};

    fn path(text: &str) -> Vec<String> {
        text.split('.').map(str::to_owned).collect()
    }

    /// Of some options those that a case looks at.
    fn seen(case: &str) -> Vec<&'static str> {
        let text = format!("cases: [{{ name: a, {case} }}]");
        let suite = parse_suite("a.yaml", &text).unwrap_or_else(|d| panic!("{d:#?}"));
        let host = Host::new(Platform::Nixos, "pc");
        let looks = looks(&suite.cases[0], &host);
        let options = [
            "p.git.enable",
            "p.git.settings",
            "p.fish",
            "environment.etc",
        ];
        let is_seen = |option: &&str| looks.iter().any(|look| look.is_at(&path(option)));
        options.into_iter().filter(is_seen).collect()
    }

    #[test]
    fn a_look_goes_as_deep_as_the_matcher() {
        for (case, options) in [
            (
                "expect: { common: { p.git.enable: true } }",
                vec!["p.git.enable"],
            ),
            (
                "expect: { common: { p.git.settings.user.name: a } }",
                vec!["p.git.settings"],
            ),
            (
                "expect: { common: { p.git: { enable: true } } }",
                vec!["p.git.enable"],
            ),
            (
                "expect: { common: { p.git: { includes: { enable: true } } } }",
                vec!["p.git.enable"],
            ),
            ("expect: { common: { p.git: { keys: [enable] } } }", vec![]),
            ("expect: { common: { p.git: { present: true } } }", vec![]),
            (
                "expect: { common: { p.fish: { length: 2 } } }",
                vec!["p.fish"],
            ),
            (
                "expect: { common: { p: { each: { present: true } } } }",
                vec![],
            ),
            (
                "expect: { common: { p: { each: { matches: a } } } }",
                vec!["p.git.enable", "p.git.settings", "p.fish"],
            ),
            ("expect: { darwin: { p.fish: 1 } }", vec![]),
            (
                "eval: '{ config, ... }: config.p.git', is: 1",
                vec!["p.git.enable", "p.git.settings"],
            ),
            (
                "eval: '{ config, ... }: config.p.fish.x', throws: { matches: a }",
                vec!["p.fish"],
            ),
            (
                "snapshot: { options: p.git }",
                vec!["p.git.enable", "p.git.settings"],
            ),
            ("snapshot: { files: etc/motd }", vec!["environment.etc"]),
            ("snapshot: { derivation: system, closure: p.git }", vec![]),
            ("warns: p.fish", vec![]),
        ] {
            assert_eq!(seen(case), options, "{case}");
        }
    }

    #[test]
    fn a_look_leads_below_a_path() {
        let look = |text: &str, deep| Look {
            path: path(text),
            deep,
        };
        let below = |look: &Look| look.below(&path("h.lars")).map(|look| look.path);
        assert_eq!(below(&look("h.lars.p.git", false)), Some(path("p.git")));
        assert_eq!(below(&look("h", true)), Some(Vec::new()));
        assert_eq!(below(&look("h", false)), None);
        assert_eq!(below(&look("h.eva.p", true)), None);
    }
}
