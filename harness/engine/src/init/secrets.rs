//! What looks like a secret. No case and no snapshot is made of it, and the project file
//! that is written hides it from reports and the cache.

use nix_parity_core::redact::Redaction;
use nix_parity_core::value::Value;

/// Paths whose values are never shown or kept. Names of files with secrets are none.
pub(super) const RULES: [&str; 12] = [
    "**.{password,hashedPassword,initialPassword,initialHashedPassword}",
    "**.*[pP]assphrase",
    "**.*[sS]ecret",
    "**.*[sS]ecretKey",
    "**.*[pP]rivateKey",
    "**.*[tT]oken",
    "**.*[aA]piKey",
    "**.access-tokens",
    "**.{psk,pskRaw,presharedKey}",
    "age.secrets",
    "sops.secrets",
    "sops.templates",
];

/// How values begin that are secrets wherever they are.
const STARTS: [&str; 12] = [
    "-----BEGIN ",
    "AGE-SECRET-KEY-",
    "$1$",
    "$5$",
    "$6$",
    "$y$",
    "$2b$",
    "$argon2",
    "ghp_",
    "github_pat_",
    "glpat-",
    "tskey-",
];

/// The rules of a new project file.
pub(super) fn rules() -> Redaction {
    let mut rules = Redaction::default();
    for rule in RULES {
        // Each of them is a rule: see the test below.
        let _ = rules.hide(rule);
    }
    rules
}

/// Takes what can be nothing but a secret out of a value.
pub(super) fn take_out(value: &mut Value) {
    match value {
        Value::String(text) if STARTS.iter().any(|start| text.contains(start)) => {
            *value = Value::Redacted;
        }
        Value::List(items) => items.iter_mut().for_each(take_out),
        Value::Attrs(members) => {
            for (name, member) in members {
                let named = ["assword", "ecret", "oken", "assphrase", "rivateKey", "psk"];
                let is_named = named.iter().any(|part| name.contains(part));
                // A path leads to a secret and is none.
                let is_text = matches!(member, Value::String(text) if !text.starts_with('/'));
                if is_named && is_text {
                    *member = Value::Redacted;
                } else {
                    take_out(member);
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use nix_parity_core::option_path::OptionPath;
    use nix_parity_core::redact::Redaction;
    use nix_parity_core::value::Value;

    use super::{RULES, rules, take_out};

    #[test]
    fn every_rule_is_one_and_settings_are_no_secrets() {
        for rule in RULES {
            assert_eq!(Redaction::default().hide(rule), Ok(()), "{rule}");
        }
        let hides = |path: &str| rules().hides(&OptionPath::parse(path).unwrap());
        for path in [
            "users.users.lars.hashedPassword",
            "services.x.adminToken",
            "networking.wireless.networks.home.psk",
            "nix.settings.access-tokens",
            "sops.secrets.a.path",
            "services.y.clientSecret",
        ] {
            assert!(hides(path), "{path}");
        }
        for path in [
            "services.openssh.settings.PasswordAuthentication",
            "security.sudo.wheelNeedsPassword",
            "users.users.lars.hashedPasswordFile",
            "security.tpm2.tctiEnvironment.enable",
        ] {
            assert!(!hides(path), "{path}");
        }
    }

    #[test]
    fn values_betray_themselves() {
        let set =
            |name: &str, value: &str| Value::Attrs([(name.to_owned(), Value::from(value))].into());
        let left = |mut value: Value| {
            take_out(&mut value);
            value.to_string()
        };
        assert_eq!(left(Value::from("$6$abc$def")), "<redacted>");
        let list = Value::List(vec![set("x", "ghp_123"), Value::from("a")]);
        assert_eq!(left(list), "[ { x = <redacted>; } \"a\" ]");
        let password = left(set("initialPassword", "hunter2"));
        assert_eq!(password, "{ initialPassword = <redacted>; }");
        for plain in [
            set("passwordFile", "/run/secrets/x"),
            Value::from("ssh-ed25519 AAAA"),
        ] {
            assert_eq!(left(plain.clone()), plain.to_string());
        }
    }
}
