# networking.firewall: which ports the outside may reach.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.networking.firewall;

  portRange = types.attrsOf types.port;
  interfaceOptions = {
    allowedTCPPorts = mkOption {
      type = types.listOf types.port;
      default = [ ];
      apply = ports: lib.unique (lib.sort lib.lessThan ports);
      description = "Open TCP ports.";
    };
    allowedUDPPorts = mkOption {
      type = types.listOf types.port;
      default = [ ];
      apply = ports: lib.unique (lib.sort lib.lessThan ports);
      description = "Open UDP ports.";
    };
    allowedTCPPortRanges = mkOption {
      type = types.listOf portRange;
      default = [ ];
      description = "Open ranges of TCP ports, as from and to.";
    };
    allowedUDPPortRanges = mkOption {
      type = types.listOf portRange;
      default = [ ];
      description = "Open ranges of UDP ports, as from and to.";
    };
  };

  accept =
    interface: rules:
    let
      on = lib.optionalString (interface != null) "-i ${interface} ";
      port = protocol: p: "-A nixos-fw ${on}-p ${protocol} --dport ${p} -j ACCEPT\n";
      range = r: "${toString r.from}:${toString r.to}";
    in
    lib.concatMapStrings (p: port "tcp" (toString p)) rules.allowedTCPPorts
    + lib.concatMapStrings (p: port "udp" (toString p)) rules.allowedUDPPorts
    + lib.concatMapStrings (r: port "tcp" (range r)) rules.allowedTCPPortRanges
    + lib.concatMapStrings (r: port "udp" (range r)) rules.allowedUDPPortRanges;
in
{
  options.networking.firewall = interfaceOptions // {
    enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether incoming connections are refused unless allowed.";
    };
    allowPing = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to answer pings.";
    };
    logRefusedConnections = mkOption {
      type = types.bool;
      default = true;
      description = "Whether refused connections are logged.";
    };
    trustedInterfaces = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Interfaces from which everything is accepted.";
    };
    checkReversePath = mkOption {
      type = types.either types.bool (types.enum [ "strict" "loose" ]);
      default = true;
      description = "How packets with a wrong source address are treated.";
    };
    interfaces = mkOption {
      type = types.attrsOf (types.submodule { options = interfaceOptions; });
      default = { };
      description = "Open ports of single interfaces.";
    };
  };

  config = {
    networking.firewall.trustedInterfaces = [ "lo" ];
    environment.etc."firewall.rules" = lib.mkIf cfg.enable {
      text =
        "-N nixos-fw\n"
        + lib.concatMapStrings (interface: "-A nixos-fw -i ${interface} -j ACCEPT\n") cfg.trustedInterfaces
        + "-A nixos-fw -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT\n"
        + accept null cfg
        + lib.concatStrings (lib.mapAttrsToList accept cfg.interfaces)
        + lib.optionalString cfg.allowPing "-A nixos-fw -p icmp --icmp-type echo-request -j ACCEPT\n"
        + lib.optionalString cfg.logRefusedConnections "-A nixos-fw -p tcp --syn -j LOG --log-prefix \"refused connection: \"\n"
        + "-A nixos-fw -j DROP\n-A INPUT -j nixos-fw\n"
        + lib.optionalString (cfg.checkReversePath != false) "-t mangle -A PREROUTING -m rpfilter ${
          lib.optionalString (cfg.checkReversePath == "loose") "--loose "
        }--invert -j DROP\n";
    };
    systemd.services.firewall = lib.mkIf cfg.enable {
      description = "Firewall";
      wantedBy = [ "sysinit.target" ];
      before = [ "network-pre.target" ];
      restartTriggers = [ config.environment.etc."firewall.rules".source ];
      serviceConfig = {
        Type = "oneshot";
        RemainAfterExit = true;
        ExecStart = "${pkgs.iptables}/bin/iptables-restore /etc/firewall.rules";
      };
    };
  };
}
