//! The gate before a switch of a Mac.

use super::{Row, ensure};
use crate::gate_macs::Mac;
use crate::gate_systems::effects;

const MAC: &str = "the gate on a Mac";

pub(super) const ROWS: [Row; 7] = [
    Row {
        subject: MAC,
        verdict: "the Brewfile of the running system is not found",
        check: the_brewfile_is_found,
    },
    Row {
        subject: MAC,
        verdict: "an app that Homebrew deletes is left installed, low",
        check: || {
            lets_nothing_pass(
                "uninstall",
                "",
                "Would uninstall Mac App Store apps:\nXcode (1)\n",
            )
        },
    },
    Row {
        subject: MAC,
        verdict: "cleanup = \"check\", which aborts, passes as none",
        check: || lets_nothing_pass("check", "", "Would uninstall casks:\nby-hand\n"),
    },
    Row {
        subject: MAC,
        verdict: "a heading of Homebrew that is not known is dropped",
        check: || {
            lets_nothing_pass(
                "zap",
                "",
                "Would untap:\nuser/tap\nWould uninstall holograms:\nof-the-cat\n",
            )
        },
    },
    Row {
        subject: MAC,
        verdict: "extensions and packages that Homebrew removes are not told",
        check: || {
            let said = "Would untap:\nuser/tap\nWould uninstall npm packages:\n@scope/package\nWould uninstall VSCode extensions:\nvendor.extension\n";
            lets_nothing_pass("uninstall", "", said)
        },
    },
    Row {
        subject: MAC,
        verdict: "flags that remove packages pass as cleanup = \"none\"",
        check: || {
            let flags = "onActivation.extraFlags = [ \"--force-cleanup\" ];";
            lets_nothing_pass("none", flags, "Would uninstall casks:\nby-hand\n")
        },
    },
    Row {
        subject: MAC,
        verdict: "Homebrew is asked without extraEnv, and says less",
        check: asked_with_the_variables_of_the_switch,
    },
];

/// A Mac whose switch does nothing but run Homebrew.
fn mac(cleanup: &str, homebrew: &str) -> Mac {
    let mac = Mac::new();
    let homebrew = format!("masApps.Pages = 2; onActivation.cleanup = \"{cleanup}\"; {homebrew}");
    mac.configure(&homebrew, "nix.enable = false;");
    mac.switch("");
    mac
}

fn the_brewfile_is_found() -> Result<(), String> {
    let mac = Mac::new();
    mac.configure("casks = [ \"alfred\" ];", "");
    mac.switch("");
    mac.configure("", "");
    let told = effects(&mac.found());
    ensure(told.iter().any(|e| e == "leave cask alfred low"), || {
        format!("{told:?}")
    })
}

fn lets_nothing_pass(cleanup: &str, homebrew: &str, said: &str) -> Result<(), String> {
    let mac = mac(cleanup, homebrew);
    mac.brew_says(said);
    refused(&mac)
}

fn asked_with_the_variables_of_the_switch() -> Result<(), String> {
    let mac = mac("zap", "onActivation.extraEnv.HOMEBREW_X = \"1\";");
    mac.brew("[ -z \"$HOMEBREW_X\" ] || { printf 'Would uninstall casks:\\nby-hand\\n'; exit 1; }");
    refused(&mac)
}

fn refused(mac: &Mac) -> Result<(), String> {
    let arguments = ["--yes", "--max-risk", "low"];
    ensure(!mac.lets_pass(&arguments), || {
        "the command was run".to_owned()
    })
}
