# systemd.user: units of the account, on Linux.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.systemd.user;
  value = types.oneOf [ types.bool types.int types.float types.str types.path ];
  unit = types.attrsOf (types.attrsOf (types.either value (types.listOf value)));
  kinds = [ "services" "sockets" "timers" "targets" ];
  text = v: if v == true then "true" else if v == false then "false" else toString v;
  render = lib.generators.toINI {
    listsAsDuplicateKeys = true;
    mkKeyValue = key: v: "${key}=${text v}";
  };

  filesOf =
    kind:
    let
      suffix = lib.removeSuffix "s" kind;
    in
    lib.concatMapAttrs (
      name: def:
      let
        file = "${name}.${suffix}";
        source = pkgs.writeText file (render def);
      in
      {
        "systemd/user/${file}" = { inherit source; };
      }
      // lib.listToAttrs (
        map (target: lib.nameValuePair "systemd/user/${target}.wants/${file}" { inherit source; }) (lib.toList (def.Install.WantedBy or [ ]))
      )
    ) cfg.${kind};
in
{
  options.systemd.user = lib.genAttrs kinds (
    kind: mkOption { type = types.attrsOf unit; default = { }; description = "Units, by section and key."; }
  )
  // {
    enable = mkOption { type = types.bool; default = pkgs.stdenv.hostPlatform.isLinux; description = "Whether units are written."; };
    startServices = mkOption { type = types.either types.bool (types.enum [ "suggest" "sd-switch" ]); default = true; description = "Whether an activation starts and stops units."; };
  };
  config = {
    assertions = [
      {
        assertion = pkgs.stdenv.hostPlatform.isLinux || lib.all (kind: cfg.${kind} == { }) kinds;
        message = "systemd.user has units, but ${pkgs.stdenv.hostPlatform.system} has no systemd.";
      }
    ];
    xdg.configFile = lib.mkIf cfg.enable (lib.mkMerge (map filesOf kinds));
    home.activation.reloadSystemd = lib.mkIf (cfg.enable && cfg.startServices != false) (
      lib.hm.dag.entryAfter [ "linkGeneration" ] ''
        systemctl --user daemon-reload
      ''
    );
  };
}
