//! Choosing tests on the command line.

use nix_parity_core::case::{Case, KindPattern, takes_kind};
use nix_parity_core::diagnostic::Diagnostic;
use nix_parity_core::host::{Host, Platform};
use nix_parity_core::id::TestId;
use nix_parity_core::select::HostSelection;

use super::problems::unknown;
use super::{JointTest, PlannedTest};

/// What is asked for on the command line.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Parts of test names, any of which must occur; all tests where empty.
    pub names: Vec<String>,
    /// The names must be equal, not only occur.
    pub exact: bool,
    /// Hosts, as in case files.
    pub hosts: HostSelection,
    /// Platforms; all where empty.
    pub platforms: Vec<Platform>,
    /// Tags, any of which a case must have; all cases where empty.
    pub tags: Vec<String>,
    /// Kinds of checks; all where empty.
    pub kinds: Vec<KindPattern>,
}

impl Filter {
    /// Whether the filter can select anything at all.
    ///
    /// # Errors
    /// Host patterns that no host matches.
    pub fn check(&self, hosts: &[Host]) -> Result<(), Vec<Diagnostic>> {
        let unknown: Vec<_> = self
            .hosts
            .unmatched(hosts)
            .map(|pattern| {
                let message = format!("--host `{}` matches no host", pattern.text);
                unknown(message, &pattern.text, None, hosts)
            })
            .collect();
        if unknown.is_empty() {
            Ok(())
        } else {
            Err(unknown)
        }
    }

    pub(super) fn takes(&self, host: &Host, test: &PlannedTest<'_>) -> bool {
        self.takes_host(host) && self.takes_test(&test.id, test.case)
    }

    /// A test of several hosts needs all of them. One of no host is taken where no host
    /// is asked for.
    pub(super) fn takes_joint(&self, test: &JointTest<'_>) -> bool {
        let hosts = if test.hosts.is_empty() {
            self.hosts.patterns.is_empty() && self.platforms.is_empty()
        } else {
            test.hosts.iter().all(|one| self.takes_host(&one.host))
        };
        hosts && self.takes_test(&test.id, test.case)
    }

    fn takes_host(&self, host: &Host) -> bool {
        self.hosts.selects(host)
            && (self.platforms.is_empty() || self.platforms.contains(&host.platform))
    }

    fn takes_test(&self, id: &TestId, case: &Case) -> bool {
        let name = id.to_string();
        let named = |wanted: &String| {
            if self.exact {
                name == *wanted
            } else {
                name.contains(wanted.as_str())
            }
        };
        (self.names.is_empty() || self.names.iter().any(named))
            && (self.tags.is_empty() || self.tags.iter().any(|t| case.tags.contains(t)))
            && takes_kind(&self.kinds, case.check.kind())
    }
}
