# system.defaults: macOS's own settings, written with `defaults` when the system is activated.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system.defaults;
  table = import ./defaults-table.nix { inherit lib; };

  options' = lib.mapAttrs (
    domain: keys:
    lib.mapAttrs (
      key: type:
      mkOption {
        type = types.nullOr type;
        default = null;
        description = "The default `${key}` of ${domain}.";
      }
    ) keys.options
  ) table;

  free = description: mkOption {
    type = types.attrsOf types.attrs;
    default = { };
    inherit description;
  };

  write =
    domain: key: value:
    "defaults write ${domain} ${lib.escapeShellArg key} ${
      lib.escapeShellArg (lib.generators.toPlist { escape = true; } value)
    }\n";
  writeAll =
    domain: values: lib.concatStrings (lib.mapAttrsToList (write domain) (lib.filterAttrs (_: v: v != null) values));

  inScope = scope: lib.filterAttrs (_: keys: keys.scope == scope) table;
  textOf = scope: lib.concatStrings (lib.mapAttrsToList (name: keys: writeAll keys.domain cfg.${name}) (inScope scope));

  system = textOf "system" + lib.concatStrings (lib.mapAttrsToList writeAll cfg.CustomSystemPreferences);
  user = textOf "user" + lib.concatStrings (lib.mapAttrsToList writeAll cfg.CustomUserPreferences);
in
{
  options.system.defaults = options' // {
    CustomUserPreferences = free "Defaults of the primary user, by domain.";
    CustomSystemPreferences = free "Defaults of the system, by domain.";
  };

  config = {
    system.requiresPrimaryUser =
      lib.concatLists (
        lib.mapAttrsToList (
          name: _: lib.mapAttrsToList (key: _: "system.defaults.${name}.${key}") (lib.filterAttrs (_: v: v != null) cfg.${name})
        ) (inScope "user")
      )
      ++ lib.optional (cfg.CustomUserPreferences != { }) "system.defaults.CustomUserPreferences";
    system.activationScripts.defaults.text = lib.optionalString (system != "") ''
      echo "system defaults..." >&2
      ${system}
    '';
    system.activationScripts.userDefaults.text = lib.optionalString (user != "") ''
      echo "user defaults..." >&2
      sudo --user=${lib.escapeShellArg config.system.primaryUser} -- /bin/sh -c ${lib.escapeShellArg user}
      killall Dock 2> /dev/null || true
    '';
  };
}
