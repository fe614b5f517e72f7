# networking.*: names, resolvers and the application firewall.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.networking;
  firewall = cfg.applicationFirewall;
  name = types.strMatching "(([a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9\\-]*[a-zA-Z0-9])\\.)*([A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9\\-]*[A-Za-z0-9])";
  nullOr = type: default: description: mkOption { type = types.nullOr type; inherit default description; };
  strings = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
  set = what: value: lib.optionalString (value != null) "scutil --set ${what} ${lib.escapeShellArg value}\n";
  orEmpty = list: if list == [ ] then [ "empty" ] else list;
  socketfilter = flag: value: lib.optionalString (value != null) "/usr/libexec/ApplicationFirewall/socketfilterfw --${flag} ${if value then "on" else "off"}\n";
in
{
  options.networking = {
    computerName = nullOr types.str null "The name that people see.";
    hostName = nullOr name null "The name of the host.";
    localHostName = nullOr name cfg.hostName "The name on the local network.";
    knownNetworkServices = strings "Network services that dns and search apply to.";
    dns = strings "Addresses of resolvers.";
    search = strings "Domains to complete names with.";
    wakeOnLan.enable = nullOr types.bool null "Whether the network may wake the Mac.";
    applicationFirewall = {
      enable = nullOr types.bool null "Whether the application firewall is on.";
      blockAllIncoming = nullOr types.bool null "Whether every incoming connection is refused.";
      allowSigned = nullOr types.bool null "Whether Apple's signed software may listen.";
      allowSignedApp = nullOr types.bool null "Whether downloaded signed software may listen.";
      enableStealthMode = nullOr types.bool null "Whether probes go unanswered.";
    };
  };

  config = {
    assertions = [
      {
        assertion = cfg.dns != [ ] -> cfg.knownNetworkServices != [ ];
        message = "networking.dns needs networking.knownNetworkServices, since macOS sets resolvers per network service.";
      }
    ];
    system.activationScripts.networking.text =
      set "ComputerName" cfg.computerName
      + set "HostName" cfg.hostName
      + set "LocalHostName" cfg.localHostName
      + lib.concatMapStrings (service: ''
        networksetup -setdnsservers ${lib.escapeShellArgs ([ service ] ++ orEmpty cfg.dns)}
        networksetup -setsearchdomains ${lib.escapeShellArgs ([ service ] ++ orEmpty cfg.search)}
      '') cfg.knownNetworkServices
      + lib.optionalString (cfg.wakeOnLan.enable != null) "systemsetup -setWakeOnNetworkAccess ${if cfg.wakeOnLan.enable then "on" else "off"}\n"
      + socketfilter "setglobalstate" firewall.enable
      + socketfilter "setblockall" firewall.blockAllIncoming
      + socketfilter "setallowsigned" firewall.allowSigned
      + socketfilter "setallowsignedapp" firewall.allowSignedApp
      + socketfilter "setstealthmode" firewall.enableStealthMode;
  };
}
