# security.sudo: who may run what as root, rendered to /etc/sudoers.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.security.sudo;
in
{
  options.security.sudo = {
    enable = mkOption { type = types.bool; default = true; description = "Whether sudo is there."; };
    wheelNeedsPassword = mkOption { type = types.bool; default = true; description = "Whether members of wheel give their password."; };
    execWheelOnly = mkOption { type = types.bool; default = false; description = "Whether only members of wheel may run sudo."; };
    extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of sudoers."; };
    extraRules = mkOption {
      default = [ ];
      description = "Rules for accounts and groups.";
      type = types.listOf (
        types.submodule {
          options = {
            users = mkOption { type = types.listOf (types.either types.str types.int); default = [ ]; description = "Accounts."; };
            groups = mkOption { type = types.listOf (types.either types.str types.int); default = [ ]; description = "Groups."; };
            host = mkOption { type = types.str; default = "ALL"; description = "Hosts."; };
            runAs = mkOption { type = types.str; default = "ALL:ALL"; description = "As whom."; };
            commands = mkOption {
              default = [ ];
              description = "What they may run.";
              type = types.listOf (
                types.either types.str (
                  types.submodule {
                    options = {
                      command = mkOption { type = types.str; description = "The command."; };
                      options = mkOption { type = types.listOf (types.enum [ "NOPASSWD" "PASSWD" "NOEXEC" "EXEC" "SETENV" "NOSETENV" "LOG_INPUT" "NOLOG_INPUT" "LOG_OUTPUT" "NOLOG_OUTPUT" "MAIL" "NOMAIL" "FOLLOW" "NOFOLLOW" "INTERCEPT" "NOINTERCEPT" ]); default = [ ]; description = "Tags."; };
                    };
                  }
                )
              );
            };
          };
        }
      );
    };
  };

  config = lib.mkIf cfg.enable {
    security.sudo.extraRules = [
      {
        groups = [ "wheel" ];
        commands = [ { command = "ALL"; options = [ "SETENV" ] ++ lib.optional (!cfg.wheelNeedsPassword) "NOPASSWD"; } ];
      }
    ];
    environment.systemPackages = [ pkgs.sudo ];
    environment.etc.sudoers = {
      mode = "0440";
      text =
        let
          command = c: if lib.isString c then c else lib.concatMapStrings (tag: "${tag}:") c.options + " " + c.command;
          rule =
            r:
            lib.concatMapStrings (who: "${who} ${r.host}=(${r.runAs}) ${lib.concatMapStringsSep ", " command r.commands}\n") (
              map toString r.users ++ map (g: if lib.isInt g then "%#${toString g}" else "%${g}") r.groups
            );
        in
        "root ALL=(ALL:ALL) SETENV: ALL\n" + lib.concatMapStrings rule cfg.extraRules + cfg.extraConfig;
    };
    system.activationScripts.wrappers.text = ''
      install -m ${if cfg.execWheelOnly then "4510 -g wheel" else "4511"} ${pkgs.sudo}/bin/sudo /run/wrappers/bin/sudo
    '';
  };
}
