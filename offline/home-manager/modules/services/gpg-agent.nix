# services.gpg-agent: GnuPG's agent in the account's session, on both systems.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.gpg-agent;
  darwin = pkgs.stdenv.hostPlatform.isDarwin;
in
{
  options.services.gpg-agent = {
    enable = lib.mkEnableOption "GnuPG's agent";
    enableSshSupport = mkOption { type = types.bool; default = false; description = "Whether it is the SSH agent too."; };
    defaultCacheTtl = mkOption { type = types.nullOr types.int; default = null; description = "Seconds for which a passphrase is kept."; };
    maxCacheTtl = mkOption { type = types.nullOr types.int; default = null; description = "Seconds after which a passphrase is forgotten even if used."; };
    pinentry.package = mkOption { type = types.nullOr types.package; default = null; description = "What asks for the passphrase."; };
  };
  config = lib.mkIf cfg.enable {
    home.packages = [ pkgs.gnupg ];
    home.file.".gnupg/gpg-agent.conf".text =
      lib.optionalString cfg.enableSshSupport "enable-ssh-support\n"
      + lib.optionalString (cfg.defaultCacheTtl != null) "default-cache-ttl ${toString cfg.defaultCacheTtl}\n"
      + lib.optionalString (cfg.maxCacheTtl != null) "max-cache-ttl ${toString cfg.maxCacheTtl}\n"
      + lib.optionalString (cfg.pinentry.package != null) "pinentry-program ${lib.getExe cfg.pinentry.package}\n";
    systemd.user.services.gpg-agent = lib.mkIf (!darwin) {
      Unit.Description = "GnuPG cryptographic agent";
      Service.ExecStart = "${pkgs.gnupg}/bin/gpg-agent --supervised";
    };
    launchd.agents.gpg-agent = lib.mkIf darwin {
      enable = true;
      config = {
        ProgramArguments = [ "${pkgs.gnupg}/bin/gpg-agent" "--supervised" ];
        RunAtLoad = true;
      };
    };
  };
}
