# services.{tailscale,openssh}: what makes the Mac reachable.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  ssh = config.services.openssh;
  ts = config.services.tailscale;
in
{
  options.services = {
    tailscale = {
      enable = lib.mkEnableOption "Tailscale";
      package = mkOption { type = types.package; default = pkgs.tailscale; description = "The Tailscale."; };
      overrideLocalDns = mkOption { type = types.bool; default = false; description = "Whether Tailscale's resolver is used for every name."; };
    };
    openssh = {
      enable = mkOption { type = types.nullOr types.bool; default = null; description = "Whether macOS's SSH server runs; null leaves it as it is."; };
      extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of sshd_config."; };
    };
  };
  config = lib.mkMerge [
    (lib.mkIf ts.enable {
      environment.systemPackages = [ ts.package ];
      launchd.daemons.tailscaled = {
        command = lib.getExe' ts.package "tailscaled";
        serviceConfig = {
          Label = "com.tailscale.tailscaled";
          RunAtLoad = true;
        };
      };
      networking.dns = lib.mkIf ts.overrideLocalDns [ "100.100.100.100" ];
      assertions = [
        {
          assertion = ts.overrideLocalDns -> config.networking.dns == [ "100.100.100.100" ];
          message = "services.tailscale.overrideLocalDns needs its resolver alone in networking.dns: name others on Tailscale's console.";
        }
      ];
    })
    {
      environment.etc."ssh/sshd_config.d/100-nix-darwin.conf" = lib.mkIf (ssh.extraConfig != "") { text = ssh.extraConfig; };
      system.activationScripts.launchd.text = lib.optionalString (ssh.enable != null) ''
        systemsetup -f -setremotelogin ${if ssh.enable then "on" else "off"}
      '';
    }
  ];
}
