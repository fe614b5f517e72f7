# networking.*: names, resolvers and interfaces.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.networking;
in
{
  options.networking = {
    hostName = mkOption {
      type = types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$";
      default = "nixos";
      description = "Name of the host, without its domain.";
    };
    hostId = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "Eight hexadecimal digits, for ZFS.";
    };
    domain = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "Domain of the host.";
    };
    fqdn = mkOption {
      type = types.str;
      readOnly = true;
      default =
        if cfg.domain == null then
          throw "networking.fqdn needs networking.domain, which is not set."
        else
          "${cfg.hostName}.${cfg.domain}";
      description = "Name of the host with its domain.";
    };
    hosts = mkOption {
      type = types.attrsOf (types.listOf types.str);
      default = { };
      description = "Names by address, for /etc/hosts.";
    };
    extraHosts = mkOption {
      type = types.lines;
      default = "";
      description = "More lines of /etc/hosts.";
    };
    nameservers = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Addresses of resolvers.";
    };
    search = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Domains to complete names with.";
    };
    useDHCP = mkOption {
      type = types.bool;
      default = true;
      description = "Whether interfaces without configuration ask DHCP.";
    };
    enableIPv6 = mkOption {
      type = types.bool;
      default = true;
      description = "Whether to use IPv6.";
    };
    networkmanager.enable = lib.mkEnableOption "NetworkManager";
  };

  config = {
    # NetworkManager asks for leases itself.
    networking.useDHCP = lib.mkIf cfg.networkmanager.enable false;
    networking.hosts = {
      "127.0.0.1" = [ "localhost" ];
      "127.0.0.2" = lib.optional (cfg.domain != null) "${cfg.hostName}.${cfg.domain}" ++ lib.optional (cfg.hostName != "") cfg.hostName;
      "::1" = lib.mkIf cfg.enableIPv6 [ "localhost" ];
    };
    environment.etc = {
      hostname = lib.mkIf (cfg.hostName != "") { text = cfg.hostName + "\n"; };
      hostid = lib.mkIf (cfg.hostId != null) { text = cfg.hostId; };
      hosts.text =
        lib.concatStrings (
          lib.mapAttrsToList (address: names: lib.optionalString (names != [ ]) "${address} ${toString names}\n") cfg.hosts
        )
        + cfg.extraHosts;
      "resolv.conf" = lib.mkIf (cfg.nameservers != [ ] && !cfg.networkmanager.enable) {
        text = lib.concatMapStrings (server: "nameserver ${server}\n") cfg.nameservers + lib.optionalString (cfg.search != [ ]) "search ${toString cfg.search}\n";
      };
      "NetworkManager/NetworkManager.conf" = lib.mkIf cfg.networkmanager.enable {
        text = lib.generators.toINI { } {
          main.plugins = "keyfile";
        } + lib.optionalString (cfg.nameservers != [ ]) (lib.generators.toINI { } { "global-dns-domain-*".servers = lib.concatStringsSep "," cfg.nameservers; });
      };
    };
    boot.kernel.sysctl = lib.mkIf (!cfg.enableIPv6) { "net.ipv6.conf.all.disable_ipv6" = true; };
    systemd.services.NetworkManager = lib.mkIf cfg.networkmanager.enable {
      description = "Network Manager";
      wantedBy = [ "multi-user.target" ];
      serviceConfig.ExecStart = "${pkgs.networkmanager}/bin/NetworkManager --no-daemon";
    };
    systemd.services.dhcpcd = lib.mkIf cfg.useDHCP {
      description = "DHCP Client";
      wantedBy = [ "multi-user.target" ];
      serviceConfig.ExecStart = "${pkgs.dhcpcd}/bin/dhcpcd --quiet";
    };
    environment.systemPackages = lib.mkIf cfg.networkmanager.enable [ pkgs.networkmanager ];
    systemd.targets.network.description = "Network";
  };
}
