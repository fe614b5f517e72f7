# launchd.agents: jobs of the account, on macOS.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.launchd;
  active = lib.filterAttrs (_: agent: agent.enable) cfg.agents;
in
{
  options.launchd = {
    enable = mkOption { type = types.bool; default = pkgs.stdenv.hostPlatform.isDarwin; description = "Whether agents are written."; };
    labelPrefix = mkOption { type = types.str; default = "org.nix-community.home."; description = "What labels start with."; };
    agents = mkOption {
      default = { };
      description = "Agents.";
      type = types.attrsOf (
        types.submodule (
          { name, ... }:
          {
            options = {
              enable = lib.mkEnableOption "this agent";
              config = mkOption { type = types.attrsOf types.anything; default = { }; description = "Keys of the property list."; };
            };
            config.config.Label = lib.mkDefault "${cfg.labelPrefix}${name}";
          }
        )
      );
    };
  };
  config = {
    assertions = [
      {
        assertion = pkgs.stdenv.hostPlatform.isDarwin || !cfg.enable;
        message = "launchd.enable is on, but ${pkgs.stdenv.hostPlatform.system} has no launchd.";
      }
    ];
    home.file = lib.mkIf cfg.enable (
      lib.mapAttrs' (
        _: agent:
        lib.nameValuePair "Library/LaunchAgents/${agent.config.Label}.plist" {
          text = lib.generators.toPlist { escape = true; } agent.config;
        }
      ) active
    );
    home.activation.setupLaunchAgents = lib.mkIf (cfg.enable && active != { }) (
      lib.hm.dag.entryAfter [ "linkGeneration" ] (
        lib.concatMapStrings (agent: ''
          launchctl bootstrap "gui/$UID" "$HOME/Library/LaunchAgents/${agent.config.Label}.plist" || true
        '') (lib.attrValues active)
      )
    );
  };
}
