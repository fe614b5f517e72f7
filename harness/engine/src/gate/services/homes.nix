# What homes bring along, by user; a home that is a host of its own has no name here:
# { USER = { units = { NAME = { text, wanted }; }; agents = { LABEL = PLIST; }; starts; }; }
{ config, lib, host, ... }:
let
  kinds = {
    services = "service";
    sockets = "socket";
    timers = "timer";
    targets = "target";
    paths = "path";
    mounts = "mount";
    automounts = "automount";
    slices = "slice";
  };
  text = value: if value == true then "true" else if value == false then "false" else toString value;
  line = key: value: lib.concatMapStrings (item: "${key}=${text item}\n") (lib.toList value);
  section = name: keys: "[${name}]\n" + lib.concatStrings (lib.mapAttrsToList line keys);
  unit = sections: {
    text = lib.concatStrings (lib.mapAttrsToList section sections);
    wanted = sections.Install.WantedBy or [ ] != [ ] || sections.Install.RequiredBy or [ ] != [ ];
  };
  unitsOf =
    user:
    lib.concatMapAttrs (
      kind: suffix: lib.mapAttrs' (name: sections: { name = "${name}.${suffix}"; value = unit sections; }) (user.${kind} or { })
    ) kinds;
  home = config: {
    units = unitsOf (config.systemd.user or { });
    agents = lib.mapAttrs' (name: agent: {
      name = agent.config.Label or name;
      value = lib.generators.toPlist { escape = true; } agent.config;
    }) (lib.filterAttrs (_: agent: agent.enable or true) (config.launchd.agents or { }));
    starts = config.systemd.user.startServices or true != false && config.systemd.user.startServices or true != "suggest";
  };
in
if host.platform == "home" then { "" = home config; } else lib.mapAttrs (_: home) (config.home-manager.users or { })
