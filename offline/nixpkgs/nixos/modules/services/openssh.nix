# services.openssh: the SSH server and its sshd_config.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.openssh;

  value = types.oneOf [ types.bool types.int types.str (types.listOf types.str) ];
  # sshd wants yes and no, and lists as words or commas depending on the key.
  text =
    key: v:
    if lib.isBool v then (if v then "yes" else "no")
    else if lib.isList v then lib.concatStringsSep (if lib.elem key [ "Ciphers" "Macs" "KexAlgorithms" ] then "," else " ") v
    else toString v;
  nullOr = type: default: description: mkOption { type = types.nullOr type; inherit default description; };

  keysOf = lib.filterAttrs (_: user: user.openssh.authorizedKeys.keys != [ ] || user.openssh.authorizedKeys.keyFiles != [ ]) config.users.users;
in
{
  options.services.openssh = {
    enable = mkOption { type = types.bool; default = false; description = "Whether the SSH server runs."; };
    package = mkOption { type = types.package; default = pkgs.openssh; description = "The OpenSSH."; };
    startWhenNeeded = mkOption { type = types.bool; default = false; description = "Whether a connection starts it."; };
    ports = mkOption { type = types.listOf types.port; default = [ 22 ]; description = "Ports to listen on."; };
    openFirewall = mkOption { type = types.bool; default = true; description = "Whether the firewall lets them through."; };
    listenAddresses = mkOption {
      default = [ ];
      description = "Addresses to listen on.";
      type = types.listOf (types.submodule {
        options = {
          addr = mkOption { type = types.nullOr types.str; default = null; description = "Address."; };
          port = mkOption { type = types.nullOr types.int; default = null; description = "Port."; };
        };
      });
    };
    extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of sshd_config."; };
    settings = mkOption {
      default = { };
      description = "Settings of sshd_config.";
      type = types.submodule {
        freeformType = types.attrsOf (types.nullOr value);
        options = {
          PermitRootLogin = nullOr (types.enum [ "yes" "without-password" "prohibit-password" "forced-commands-only" "no" ]) "prohibit-password" "Whether root may log in.";
          PasswordAuthentication = nullOr types.bool true "Whether passwords are accepted.";
          KbdInteractiveAuthentication = nullOr types.bool true "Whether challenges are accepted.";
          X11Forwarding = nullOr types.bool false "Whether windows are forwarded.";
          UseDns = nullOr types.bool false "Whether names of clients are looked up.";
          LogLevel = nullOr (types.enum [ "QUIET" "FATAL" "ERROR" "INFO" "VERBOSE" "DEBUG" "DEBUG1" "DEBUG2" "DEBUG3" ]) "INFO" "What is logged.";
          AllowUsers = nullOr (types.listOf types.str) null "Accounts that may log in.";
          AllowGroups = nullOr (types.listOf types.str) null "Groups that may log in.";
        };
      };
    };
  };

  config = lib.mkIf cfg.enable {
    environment.etc = lib.mkMerge [
      {
        "ssh/sshd_config".text =
          lib.concatMapStrings (port: "Port ${toString port}\n") cfg.ports
          + lib.concatMapStrings (l: "ListenAddress ${toString l.addr}${lib.optionalString (l.port != null) ":${toString l.port}"}\n") cfg.listenAddresses
          + lib.concatStrings (lib.mapAttrsToList (key: v: lib.optionalString (v != null) "${key} ${text key v}\n") cfg.settings)
          + "AuthorizedKeysFile %h/.ssh/authorized_keys /etc/ssh/authorized_keys.d/%u\n"
          + "Subsystem sftp internal-sftp\n"
          + cfg.extraConfig;
      }
      (lib.mapAttrs' (
        _: user:
        lib.nameValuePair "ssh/authorized_keys.d/${user.name}" {
          mode = "0444";
          text = lib.concatLines (user.openssh.authorizedKeys.keys ++ map builtins.readFile user.openssh.authorizedKeys.keyFiles);
        }
      ) keysOf)
    ];
    users.users.sshd = {
      isSystemUser = true;
      group = "sshd";
      description = "SSH privilege separation user";
    };
    users.groups.sshd = { };
    networking.firewall.allowedTCPPorts = lib.optionals cfg.openFirewall cfg.ports;
    systemd.sockets.sshd = lib.mkIf cfg.startWhenNeeded {
      description = "SSH Socket";
      wantedBy = [ "sockets.target" ];
      socketConfig.ListenStream = cfg.ports;
      socketConfig.Accept = true;
    };
    systemd.services.${if cfg.startWhenNeeded then "sshd@" else "sshd"} = {
      description = "SSH Daemon";
      wantedBy = lib.optional (!cfg.startWhenNeeded) "multi-user.target";
      after = [ "network.target" ];
      stopIfChanged = false;
      restartTriggers = [ config.environment.etc."ssh/sshd_config".source ];
      serviceConfig = {
        ExecStart = "${cfg.package}/bin/sshd -D -f /etc/ssh/sshd_config${lib.optionalString cfg.startWhenNeeded " -i"}";
        Restart = "always";
      };
    };
  };
}
