# systemd.*: units of the system and of the users, rendered to the text of unit files.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.systemd;
  unit = import ../../../lib/systemd-unit-options.nix { inherit lib; };
  render = import ../../../lib/systemd-render.nix { inherit lib pkgs; };

  kinds = {
    services = {
      options = unit.service;
      text = render.service cfg.globalEnvironment;
      suffix = "service";
    };
    timers = {
      options = unit.timer;
      text = render.section "Timer" "timerConfig";
      suffix = "timer";
    };
    sockets = {
      options = unit.socket;
      text = render.section "Socket" "socketConfig";
      suffix = "socket";
    };
    targets = {
      options = unit.common;
      text = render.plain;
      suffix = "target";
    };
    paths = {
      options = unit.path;
      text = render.section "Path" "pathConfig";
      suffix = "path";
    };
  };

  # The same options exist for the system and, below `user`, for user managers.
  kindOptions = lib.mapAttrs (
    name: kind:
    mkOption {
      type = types.attrsOf (types.submodule kind.options);
      default = { };
      description = "Units of kind ${kind.suffix}, by name without the suffix.";
    }
  ) kinds;

  unitsOption = mkOption {
    type = types.attrsOf (types.submodule unit.raw);
    default = { };
    description = "Units by full name, with their text.";
  };

  # A service with startAt brings its timer along.
  timersOf =
    services:
    lib.mapAttrs (_: service: {
      wantedBy = [ "timers.target" ];
      timerConfig.OnCalendar = service.startAt;
    }) (lib.filterAttrs (_: service: service.enable && service.startAt != [ ]) services);

  unitsOf =
    scope:
    lib.mkMerge (
      lib.mapAttrsToList (
        kindName: kind:
        lib.mapAttrs' (
          name: def:
          lib.nameValuePair "${name}.${kind.suffix}" {
            inherit (def) enable wantedBy requiredBy aliases;
            text = kind.text name def;
          }
        ) scope.${kindName}
      ) kinds
    );
in
{
  options.systemd = kindOptions // {
    package = mkOption {
      type = types.package;
      default = pkgs.systemd;
      description = "The systemd to boot with.";
    };
    globalEnvironment = mkOption {
      type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ]));
      default = { };
      description = "Environment of all services.";
    };
    defaultUnit = mkOption {
      type = types.str;
      default = "multi-user.target";
      description = "Unit to reach at boot.";
    };
    units = unitsOption;
    tmpfiles.rules = mkOption {
      type = types.listOf types.str;
      default = [ ];
      description = "Rules of systemd-tmpfiles.";
    };
    user = kindOptions // {
      units = unitsOption;
    };
  };

  config = {
    systemd = {
      timers = timersOf cfg.services;
      units = unitsOf cfg;
      user.timers = timersOf cfg.user.services;
      user.units = unitsOf cfg.user;
      targets.multi-user.description = "Multi-User System";
      services.systemd-tmpfiles-setup = {
        description = "Create Volatile Files and Directories";
        wantedBy = [ "sysinit.target" ];
        unitConfig.DefaultDependencies = false;
        serviceConfig = {
          Type = "oneshot";
          RemainAfterExit = true;
          ExecStart = "${cfg.package}/bin/systemd-tmpfiles --create --remove --boot";
        };
      };
    };
    environment.etc = {
      "systemd/system".source = render.tree "system-units" cfg.units cfg.defaultUnit;
      "systemd/user".source = render.tree "user-units" cfg.user.units null;
      "tmpfiles.d/00-nixos.conf".text = lib.concatLines cfg.tmpfiles.rules;
    };
    environment.systemPackages = [ cfg.package ];
    assertions = lib.concatLists (
      lib.mapAttrsToList (
        name: service:
        map
          (key: {
            assertion = !(service.enable && service.script != "" && service.serviceConfig ? ExecStart);
            message = "systemd.services.${name} has both a script and serviceConfig.${key}: only one can start it.";
          })
          [ "ExecStart" ]
      ) cfg.services
    );
  };
}
