//! What `brew bundle cleanup` prints into a pipe, by version of Homebrew. The lines are
//! those that `bundle/commands/cleanup.rb` (later `bundle/subcommand/cleanup.rb`), the
//! `cleanup_heading` of `bundle/extensions/*.rb` and `cleanup.rb` of these tags print;
//! looked at on 2026-12-01. The names in them are made up for the tests.

/// What a version prints.
#[derive(Clone, Copy, Debug)]
pub struct Wording {
    /// The version, and when it came out.
    pub version: &'static str,
    /// The text.
    pub text: &'static str,
    /// What it would remove, as `KIND NAME`.
    pub removed: &'static [&'static str],
}

/// Homebrew 4, the first with apps of the App Store, and the newest that is known.
pub const WORDINGS: [Wording; 3] = [
    Wording {
        version: "4.6.20 (2025-11-01)",
        text: "Would uninstall casks:\nby-hand\nWould uninstall formulae:\nhtop\nuser/tap/tool\nWould untap:\nuser/tap\nWould `brew cleanup`:\nWould remove: /opt/homebrew/Cellar/jq/1.6 (18 files, 1MB)\n==> This operation would free approximately 1MB of disk space.\nRun `brew bundle cleanup --force` to make these changes.\n",
        removed: &[
            "cask by-hand",
            "formula htop",
            "formula user/tap/tool",
            "tap user/tap",
        ],
    },
    Wording {
        version: "5.1.14 (2026-05-24)",
        text: "Would uninstall casks:\nby-hand\nWould uninstall formulae:\nhtop\nWould uninstall Mac App Store apps:\nPCalc (403504866)\nThings 3 (904280696)\nWould `brew cleanup`:\nWould remove: /opt/homebrew/Cellar/jq/1.6 (18 files, 1MB)\nRun `brew bundle cleanup --force` to make these changes.\n",
        removed: &[
            "cask by-hand",
            "formula htop",
            "app PCalc (403504866)",
            "app Things 3 (904280696)",
        ],
    },
    Wording {
        version: "7 (main at aad366ff, 2026-08-22)",
        text: "Would uninstall casks:\nby-hand\nWould uninstall formulae:\nhtop\nWould untap:\nuser/tap\nWould uninstall Mac App Store apps:\nPCalc (403504866)\nWould uninstall VSCode extensions:\nvendor.extension\nWould uninstall Go packages:\ngolang.org/x/tools/gopls\nWould uninstall Cargo packages:\nripgrep\nWould uninstall npm packages:\n@scope/package\nWould uninstall uv tools:\nruff\nWould uninstall Krew plugins:\nctx\nWould uninstall flatpaks:\norg.example.App\nWould `brew cleanup`:\nWould remove (broken link): /opt/homebrew/bin/x\nRun `brew bundle cleanup --force` to make these changes.\n",
        removed: &[
            "cask by-hand",
            "formula htop",
            "tap user/tap",
            "app PCalc (403504866)",
            "editor extension vendor.extension",
            "Go package golang.org/x/tools/gopls",
            "Cargo package ripgrep",
            "npm package @scope/package",
            "uv tool ruff",
            "Krew plugin ctx",
            "flatpak org.example.App",
        ],
    },
];
