# security.{apparmor,audit,auditd,protectKernelImage} and services.fail2ban: what makes attacks harder and
# shows them.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.security;
  ban = config.services.fail2ban;
in
{
  options = {
    security = {
      apparmor.enable = lib.mkEnableOption "AppArmor";
      audit = {
        enable = mkOption { type = types.either types.bool (types.enum [ "lock" ]); default = false; description = "Whether the kernel audits."; };
        rules = mkOption { type = types.listOf types.str; default = [ ]; description = "Rules of auditctl."; };
      };
      auditd.enable = lib.mkEnableOption "the audit daemon";
      protectKernelImage = mkOption { type = types.bool; default = false; description = "Whether the running kernel cannot be replaced."; };
    };
    services.fail2ban = {
      enable = mkOption { type = types.bool; default = false; description = "Whether who fails too often is banned."; };
      bantime = mkOption { type = types.nullOr types.str; default = null; description = "For how long."; };
      maxretry = mkOption { type = types.ints.unsigned; default = 3; description = "How often is too often."; };
    };
  };
  config = lib.mkMerge [
    (lib.mkIf cfg.apparmor.enable {
      boot.kernelParams = [ "lsm=landlock,yama,bpf,apparmor" ];
      environment.systemPackages = [ pkgs.apparmor-parser ];
    })
    (lib.mkIf (cfg.audit.enable != false) {
      systemd.services.audit-rules = {
        description = "Rules of the audit";
        wantedBy = [ "sysinit.target" ];
        serviceConfig.Type = "oneshot";
        script = lib.concatMapStrings (rule: "${pkgs.audit}/bin/auditctl ${rule}\n") cfg.audit.rules;
      };
    })
    (lib.mkIf cfg.auditd.enable {
      boot.kernelParams = [ "audit=1" ];
      systemd.services.auditd = {
        description = "Audit daemon";
        wantedBy = [ "sysinit.target" ];
        serviceConfig.ExecStart = "${pkgs.audit}/bin/auditd -n";
      };
    })
    (lib.mkIf cfg.protectKernelImage {
      boot.kernelParams = [ "nohibernate" ];
      boot.kernel.sysctl."kernel.kexec_load_disabled" = lib.mkDefault true;
    })
    (lib.mkIf ban.enable {
      environment.etc."fail2ban/jail.local".text = lib.generators.toINI { } {
        DEFAULT = {
          inherit (ban) maxretry;
        }
        // lib.optionalAttrs (ban.bantime != null) { inherit (ban) bantime; };
      };
      systemd.services.fail2ban = {
        description = "Bans who fails too often";
        wantedBy = [ "multi-user.target" ];
        restartTriggers = [ config.environment.etc."fail2ban/jail.local".source ];
        serviceConfig.ExecStart = "${pkgs.fail2ban}/bin/fail2ban-server -xf start";
      };
    })
  ];
}
