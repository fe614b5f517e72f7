//! Generated hosts: a flake over the offline base with any number of small
//! configurations, one module file each.

/// What a host is configured with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// `darwinConfigurations`, for `aarch64-darwin`.
    Darwin,
    /// `nixosConfigurations`, for `x86_64-linux`.
    NixOs,
    /// `homeConfigurations`, for `x86_64-linux`.
    Home,
}

use camino::{Utf8Path, Utf8PathBuf};

/// A host of [`Project::with_hosts`](crate::Project::with_hosts).
#[derive(Debug, Clone)]
pub struct Host {
    platform: Platform,
    name: String,
    module: String,
}

impl Host {
    /// A host with an empty module. Its name is used in Nix and as a file name, so
    /// it is letters, digits and dashes.
    #[track_caller]
    pub fn new(platform: Platform, name: &str) -> Self {
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'),
            "`{name}` is no plain host name"
        );
        Self {
            platform,
            name: name.to_owned(),
            module: "{ }\n".to_owned(),
        }
    }

    /// The host with this module as its own, instead of an empty one.
    #[must_use]
    pub fn with_module(self, module: &str) -> Self {
        Self {
            module: module.to_owned(),
            ..self
        }
    }

    /// The path of its own module in the project.
    pub fn file(&self) -> String {
        format!("hosts/{}.nix", self.name)
    }

    /// The text of its own module.
    pub fn module(&self) -> &str {
        &self.module
    }

    fn definition(&self) -> String {
        let (outputs, call) = match self.platform {
            Platform::Darwin => ("darwinConfigurations", "darwin"),
            Platform::NixOs => ("nixosConfigurations", "nixos"),
            Platform::Home => ("homeConfigurations", "home"),
        };
        let name = &self.name;
        format!(
            "      {outputs}.\"{name}\" = {call} \"{name}\" ./{};\n",
            self.file()
        )
    }
}

/// The text of a flake with these hosts.
///
/// The offline base is part of the tree and called by hand, without inputs: so
/// there is no lock file to write or to go stale, and Nix copies one tree.
pub(crate) fn flake(hosts: &[Host]) -> String {
    [IN_TREE, MAKERS, &definitions(hosts), END].concat()
}

/// The same with the base as inputs, which [`offline_inputs`] replaces.
pub(crate) fn flake_with_inputs(hosts: &[Host]) -> String {
    [INPUTS, MAKERS, &definitions(hosts), END].concat()
}

fn definitions(hosts: &[Host]) -> String {
    hosts.iter().map(Host::definition).collect()
}

/// The repository's offline base as inputs to replace: a YAML mapping for
/// `override_inputs` of a profile.
pub fn offline_inputs() -> String {
    offline_inputs_at(&offline_base())
}

/// The same with a copy of the base that lies in this folder.
pub fn offline_inputs_at(base: &Utf8Path) -> String {
    let inputs = ["nixpkgs", "nix-darwin", "home-manager"];
    let inputs = inputs.map(|input| format!("{input}: \"path:{base}/{input}\""));
    format!("{{ {} }}", inputs.join(", "))
}

/// The folder of the offline base.
pub(crate) fn offline_base() -> Utf8PathBuf {
    Utf8Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../offline")
        .canonicalize_utf8()
        .expect("the base is part of the repository")
}

const INPUTS: &str = r#"{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs";
    nix-darwin = {
      url = "github:LnL7/nix-darwin";
      inputs.nixpkgs.follows = "nixpkgs";
    };
    home-manager = {
      url = "github:nix-community/home-manager";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };
  outputs =
    { self, nixpkgs, nix-darwin, home-manager, ... }:
    let
"#;

const IN_TREE: &str = r#"{
  outputs =
    { self, ... }:
    let
      flakeAt =
        path: inputs:
        let
          this = (import (path + "/flake.nix")).outputs ({ self = this; } // inputs) // {
            outPath = path;
          };
        in
        this;
      nixpkgs = flakeAt ./offline/nixpkgs { };
      nix-darwin = flakeAt ./offline/nix-darwin { inherit nixpkgs; };
      home-manager = flakeAt ./offline/home-manager { inherit nixpkgs; };

"#;

const END: &str = "    };\n}\n";

const MAKERS: &str = r#"      darwin =
        name: module:
        nix-darwin.lib.darwinSystem {
          modules = [
            {
              nixpkgs.hostPlatform = "aarch64-darwin";
              networking.hostName = name;
              system.stateVersion = 6;
            }
            module
          ];
        };
      nixos =
        name: module:
        nixpkgs.lib.nixosSystem {
          modules = [
            {
              nixpkgs.hostPlatform = "x86_64-linux";
              networking.hostName = name;
              system.stateVersion = "25.05";
              boot.loader.grub.enable = false;
              fileSystems."/" = {
                device = "none";
                fsType = "tmpfs";
              };
            }
            module
          ];
        };
      home =
        name: module:
        home-manager.lib.homeManagerConfiguration {
          pkgs = nixpkgs.legacyPackages.x86_64-linux;
          modules = [
            {
              home.username = name;
              home.homeDirectory = "/home/${name}";
              home.stateVersion = "25.05";
            }
            module
          ];
        };
    in
    {
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Project;
    use crate::process::{find, run};

    /// What real Nix says of an attribute of a flake with this one host.
    #[track_caller]
    fn evaluate(host: Host, attribute: &str) -> String {
        let project = Project::with_hosts(&[host]);
        let installable = format!("{}#{attribute}", project.root());
        let nix = find("nix").expect("nix must be on PATH");
        let output = run(&nix, &["--offline", "eval", "--raw", &installable], "");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    }

    #[test]
    fn nixos_hosts_evaluate() {
        let host = Host::new(Platform::NixOs, "pc-1")
            .with_module("{ config, ... }: { networking.domain = config.networking.hostName; }\n");
        assert_eq!(
            evaluate(host, "nixosConfigurations.pc-1.config.networking.domain"),
            "pc-1"
        );
    }

    #[test]
    fn darwin_hosts_evaluate() {
        let host = Host::new(Platform::Darwin, "air-1").with_module(
            "{ config, ... }: { environment.variables.PLACE = config.networking.hostName; }\n",
        );
        let attribute = "darwinConfigurations.air-1.config.environment.variables.PLACE";
        assert_eq!(evaluate(host, attribute), "air-1");
    }

    #[test]
    fn homes_evaluate() {
        let host = Host::new(Platform::Home, "lars").with_module(
            "{ config, ... }: { home.sessionVariables.PLACE = config.home.homeDirectory; }\n",
        );
        let attribute = "homeConfigurations.lars.config.home.sessionVariables.PLACE";
        assert_eq!(evaluate(host, attribute), "/home/lars");
    }
}
