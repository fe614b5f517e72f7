# system.activationScripts: the steps of a switch, in a fixed order.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  steps = [
    "preActivation"
    "checks"
    "extraActivation"
    "users"
    "pam"
    "etc"
    "defaults"
    "userDefaults"
    "launchd"
    "userLaunchd"
    "time"
    "networking"
    "power"
    "keyboard"
    "fonts"
    "homebrew"
    "postActivation"
  ];
  scripts = config.system.activationScripts;
in
{
  options.system.activationScripts = mkOption {
    default = { };
    description = "The steps, each with its text. Only the known steps run.";
    type = types.attrsOf (
      types.submodule {
        options = {
          enable = mkOption { type = types.bool; default = true; description = "Whether the step runs."; };
          text = mkOption { type = types.lines; default = ""; description = "What it runs."; };
        };
      }
    );
  };

  config.system.activationScripts = lib.genAttrs steps (_: { }) // {
    script.text = ''
      #!/bin/bash
      set -e
      set -o pipefail
      systemConfig=@out@
      umask 0022
      if [ "$(id -u)" -ne 0 ]; then
        echo "activate must run as root" >&2
        exit 2
      fi
      ${lib.concatMapStrings (step: lib.optionalString scripts.${step}.enable scripts.${step}.text) steps}
      ln -sfn "$systemConfig" /run/current-system
    '';
  };
}
