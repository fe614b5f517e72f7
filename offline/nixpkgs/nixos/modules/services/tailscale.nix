# services.tailscale: the daemon of the mesh VPN.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services.tailscale;
in
{
  options.services.tailscale = {
    enable = lib.mkEnableOption "Tailscale";
    package = mkOption { type = types.package; default = pkgs.tailscale; description = "The Tailscale."; };
    port = mkOption { type = types.port; default = 41641; description = "UDP port of the tunnel."; };
    interfaceName = mkOption { type = types.str; default = "tailscale0"; description = "Name of the interface."; };
    openFirewall = mkOption { type = types.bool; default = false; description = "Whether the firewall lets the port through."; };
    useRoutingFeatures = mkOption { type = types.enum [ "none" "client" "server" "both" ]; default = "none"; description = "Whether routes are taken or given."; };
    extraUpFlags = mkOption { type = types.listOf types.str; default = [ ]; description = "Flags of tailscale up."; };
  };
  config = lib.mkIf cfg.enable {
    environment.systemPackages = [ cfg.package ];
    networking.firewall.allowedUDPPorts = lib.optional cfg.openFirewall cfg.port;
    # Routed packets come from addresses that strict filtering would drop.
    networking.firewall.checkReversePath = lib.mkIf (lib.elem cfg.useRoutingFeatures [ "client" "both" ]) "loose";
    boot.kernel.sysctl = lib.mkIf (lib.elem cfg.useRoutingFeatures [ "server" "both" ]) {
      "net.ipv4.conf.all.forwarding" = lib.mkOverride 97 true;
      "net.ipv6.conf.all.forwarding" = lib.mkOverride 97 true;
    };
    systemd.services.tailscaled = {
      description = "Tailscale node agent";
      wantedBy = [ "multi-user.target" ];
      environment.PORT = toString cfg.port;
      serviceConfig.ExecStart = "${cfg.package}/bin/tailscaled --port=${toString cfg.port} --tun ${lib.escapeShellArg cfg.interfaceName}";
    };
    systemd.services.tailscaled-autoconnect = lib.mkIf (cfg.extraUpFlags != [ ]) {
      description = "Tailscale login";
      wantedBy = [ "multi-user.target" ];
      after = [ "tailscaled.service" ];
      serviceConfig.Type = "oneshot";
      script = "${lib.getExe' cfg.package "tailscale"} up ${lib.escapeShellArgs cfg.extraUpFlags}";
    };
  };
}
