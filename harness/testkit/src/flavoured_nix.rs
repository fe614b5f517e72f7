//! The real `nix` behind a script that makes it log and behave as other versions and
//! flavours of Nix do: stand-ins for Lix, Nix 2.35 and Determinate Nix, which are not to be
//! had where tests run.

use camino::Utf8PathBuf;
use tempfile::TempDir;

use crate::process::{find, quote, write_executable};

/// How the stand-in differs from the real `nix`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NixFlavour {
    /// As Lix 2.95: calls itself so, and tells of evaluated files only as debug messages.
    Lix,
    /// Calls itself Nix and tells of no evaluated file at any level.
    SilentOnFiles,
    /// Calls itself Nix and tells of no derivation that it makes.
    SilentOnDerivations,
    /// As Nix 2.35: writes notices at the level of errors, says once that a file is copied,
    /// and that its cache knows the copy as a debug message.
    Notices,
    /// Like [`Self::Notices`], and never says that its cache knows a copy.
    SilentOnCopies,
    /// As Determinate Nix 3.22: the derivation that an answer names is in the store some
    /// time later.
    LateDerivations,
    /// The line editor empties the user's history, unless it is told that nobody types.
    EmptiesHistory,
}

impl NixFlavour {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Lix,
        Self::SilentOnFiles,
        Self::SilentOnDerivations,
        Self::Notices,
        Self::SilentOnCopies,
        Self::LateDerivations,
        Self::EmptiesHistory,
    ];

    /// Its name, as a person writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lix => "lix",
            Self::SilentOnFiles => "silent-on-files",
            Self::SilentOnDerivations => "silent-on-derivations",
            Self::Notices => "notices",
            Self::SilentOnCopies => "silent-on-copies",
            Self::LateDerivations => "late-derivations",
            Self::EmptiesHistory => "empties-history",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flavour| flavour.name() == name)
    }

    /// The answer to `--version`, where it is not that of the real one.
    const fn banner(self) -> Option<&'static str> {
        match self {
            Self::Lix => Some("nix (Lix, like Nix) 2.95.3\nSystem type: x86_64-linux"),
            Self::Notices => Some("nix (Nix) 2.35.2"),
            Self::LateDerivations => Some("nix (Determinate Nix 3.22.2) 2.35.2"),
            Self::SilentOnFiles
            | Self::SilentOnDerivations
            | Self::SilentOnCopies
            | Self::EmptiesHistory => None,
        }
    }
}

/// A script named `nix` that behaves as a [`NixFlavour`].
#[derive(Debug)]
pub struct FlavouredNix {
    folder: Utf8PathBuf,
    // Removes the folder at the end.
    _temporary: TempDir,
}

impl FlavouredNix {
    /// Stands before the `nix` on `PATH`.
    ///
    /// # Panics
    /// Where there is none, or no Perl.
    #[track_caller]
    pub fn new(flavour: NixFlavour) -> Self {
        let (temporary, folder) = crate::project::temporary_folder();
        let nix = find("nix").expect("nix must be on PATH (ci/install-nix installs it)");
        let perl = find("perl").expect("perl must be on PATH: every Debian and macOS has it");
        let filter = folder.join("filter.pl");
        std::fs::write(&filter, FILTER).expect("a fresh folder can be written");
        let version = flavour.banner().map_or(String::new(), |banner| {
            format!(
                "[ \"$*\" != --version ] || {{ echo {}; exit 0; }}\n",
                quote(banner)
            )
        });
        let (perl, filter) = (quote(perl.as_str()), quote(filter.as_str()));
        let (nix, known) = (quote(nix.as_str()), folder.join("known-copies"));
        let script = format!(
            "#!/bin/sh\n{version}exec {perl} {filter} {} {} {nix} \"$@\"\n",
            flavour.name(),
            quote(known.as_str()),
        );
        write_executable(&folder.join("nix"), &script);
        Self {
            folder,
            _temporary: temporary,
        }
    }

    /// The script, for `--nix`.
    pub fn path(&self) -> Utf8PathBuf {
        self.folder.join("nix")
    }

    /// A value of `NIX_REMOTE` for a store of its own, which one that takes derivations
    /// away for a while must have: others would miss them.
    pub fn own_store(&self) -> String {
        format!("local?root={}", self.folder.join("store"))
    }
}

/// Starts Nix with its standard error in a pipe, and hands that on, changed.
const FILTER: &str = r#"
use strict;
use warnings;
use POSIX ();
my ($flavour, $known, $nix, @arguments) = @ARGV;
my $level = grep { $_ eq '--verbose' } @arguments;
my $is_repl = grep { $_ eq 'repl' } @arguments;

if ($flavour eq 'empties-history' && $is_repl && !grep { /repl-automation/ } @arguments) {
    my $data = $ENV{XDG_DATA_HOME} // (($ENV{HOME} // '') . '/.local/share');
    if (-e "$data/nix/repl-history") {
        truncate("$data/nix/repl-history", 0);
    }
}

pipe(my $log, my $writer) or die "no pipe: $!";
my $pid = fork() // die "no process: $!";
if ($pid == 0) {
    close $log;
    open(STDERR, '>&', $writer) or exit 127;
    exec { $nix } 'nix', @arguments or POSIX::_exit(127);
}
close $writer;
$SIG{PIPE} = 'IGNORE';
STDERR->autoflush(1);

sub is_known {
    my ($path) = @_;
    if (open(my $list, '<', $known)) {
        while (my $line = <$list>) { chomp $line; return 1 if $line eq $path; }
    }
    if (open(my $list, '>>', $known)) { print $list "$path\n"; close $list; }
    return 0;
}

# Takes a derivation of a store of its own away and brings it back a little later, whatever
# becomes of us.
sub delay {
    my ($path) = @_;
    my ($root) = ($ENV{NIX_REMOTE} // '') =~ /^local\?root=(.+)$/ or return;
    $path = "$root$path";
    my $away = "$path.late";
    rename($path, $away) or return;
    my $child = fork() // do { rename($away, $path); return; };
    return if $child;
    POSIX::setsid();
    close STDERR; close STDOUT; close $log;
    select(undef, undef, undef, 0.05);
    rename($away, $path);
    POSIX::_exit(0);
}

while (my $line = <$log>) {
    if ($flavour eq 'lix' || $flavour eq 'silent-on-files') {
        next if $line =~ /"msg":"evaluating file / && ($flavour ne 'lix' || $level < 3);
    } elsif ($flavour eq 'silent-on-derivations') {
        next if $line =~ /"msg":"instantiated /;
    } elsif ($flavour eq 'notices' || $flavour eq 'silent-on-copies') {
        next if $line =~ /"text":"copying '/ || $line =~ /"msg":"source path '/;
        if ($line =~ /"msg":"copied source '(.*)' -> '([^']*)'"/) {
            my ($path, $target) = ($1, $2);
            my $hash = "(hash 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=')";
            if (!is_known($target)) {
                $line =~ s/' -> '([^']*)'"/' -> '$1' $hash"/;
            } elsif ($flavour eq 'notices' && $level >= 3) {
                $line = qq({"action":"msg","level":6,"msg":"source path '$path' cache hit in '$target' $hash"}\n);
                $line = '@nix ' . $line;
            } else {
                next;
            }
        }
        if ($flavour eq 'notices' && $line =~ /^\@nix /) {
            print STDERR '@nix {"action":"msg","level":0,"msg":"waiting for another Nix process to finish fetching input \'path:/x\'..."}', "\n";
            print STDERR '@nix {"action":"msg","level":0,"msg":"\u001b[31;1merror (ignored):\u001b[0m SQLite database \'/x/fetcher-cache-v4.sqlite\' is busy"}', "\n";
        }
    } elsif ($flavour eq 'late-derivations') {
        # Whole systems in answers alone: Nix itself reads what these are made of, and waits
        # for it where it writes late.
        if ($line =~ /"msg":"trace: np-/) {
            delay($1) while $line =~ m{(/nix/store/\w+-(?:\w+-system|home-manager-generation)[^"\\]*\.drv)}g;
        }
    }
    print STDERR $line;
}
while (waitpid($pid, 0) == -1 && $!{EINTR}) {}
kill($? & 127, $$) if $? & 127;
exit($? >> 8);
"#;

#[cfg(test)]
mod tests {
    use super::{FlavouredNix, NixFlavour};
    use crate::process::run;

    fn log(flavour: NixFlavour, verbosity: usize) -> String {
        let nix = FlavouredNix::new(flavour);
        let mut arguments = vec!["repl", "--log-format", "internal-json"];
        arguments.extend(std::iter::repeat_n("--verbose", verbosity));
        let features = ["--extra-experimental-features", "nix-command flakes"];
        arguments.extend(features);
        let input = "import (builtins.toFile \"a.nix\" \"1\")\n\
                     (derivation { name = \"a\"; system = \"s\"; builder = \"/b\"; }).drvPath\n\
                     \"${/. + builtins.toFile \"b\" \"b\"}\"\n";
        let output = run(&nix.path(), &arguments, input);
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    #[test]
    fn each_hides_or_adds_what_it_is_called_after() {
        let evaluating = "evaluating file '";
        let instantiated = "instantiated '";
        assert!(!log(NixFlavour::Lix, 2).contains(evaluating));
        assert!(log(NixFlavour::Lix, 3).contains(evaluating));
        assert!(!log(NixFlavour::SilentOnFiles, 3).contains(evaluating));
        assert!(log(NixFlavour::SilentOnFiles, 2).contains(instantiated));
        assert!(!log(NixFlavour::SilentOnDerivations, 3).contains(instantiated));
        let notices = log(NixFlavour::Notices, 3);
        assert!(notices.contains("error (ignored)"), "{notices}");
        assert!(notices.contains("waiting for another Nix process"));
        assert!(!log(NixFlavour::SilentOnCopies, 2).contains("cache hit"));
    }

    #[test]
    fn names_lead_back_to_flavours() {
        for flavour in NixFlavour::ALL {
            assert_eq!(NixFlavour::named(flavour.name()), Some(flavour));
        }
        assert_eq!(NixFlavour::named("nix"), None);
    }

    #[test]
    fn versions_are_those_of_the_flavour_and_exit_codes_those_of_nix() {
        let nix = FlavouredNix::new(NixFlavour::Lix);
        let output = run(&nix.path(), &["--version"], "");
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.starts_with("nix (Lix, like Nix) "), "{text}");
        let failed = run(&nix.path(), &["eval", "--expr", "1 +"], "");
        assert_eq!(failed.status.code(), Some(1));
    }
}
