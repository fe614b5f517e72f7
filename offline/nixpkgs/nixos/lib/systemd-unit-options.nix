# The options of each kind of systemd unit. NixOS and its user units share them.
{ lib }:
let
  inherit (lib) mkOption types;

  scalar = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path types.package ]);
  value = types.either scalar (types.listOf scalar);

  settings =
    section:
    mkOption {
      type = types.attrsOf value;
      default = { };
      description = "Lines of the unit's [${section}] section.";
    };
  names =
    description:
    mkOption {
      type = types.listOf types.str;
      default = [ ];
      inherit description;
    };
  text =
    description:
    mkOption {
      type = types.lines;
      default = "";
      inherit description;
    };

  shared = {
    enable = mkOption {
      type = types.bool;
      default = true;
      description = "Whether the unit is there; if not it is masked.";
    };
    wantedBy = names "Units that want this one.";
    requiredBy = names "Units that require this one.";
    aliases = names "Other names of the unit.";
  };

  common.options = shared // {
    description = mkOption {
      type = types.singleLineStr;
      default = "";
      description = "Description of the unit.";
    };
    documentation = names "URIs with documentation.";
    after = names "Units that start before this one.";
    before = names "Units that start after this one.";
    requires = names "Units that this one cannot be without.";
    wants = names "Units that this one would like to have.";
    bindsTo = names "Units that stop this one when they stop.";
    partOf = names "Units whose stops and restarts reach this one.";
    conflicts = names "Units that cannot run beside this one.";
    unitConfig = settings "Unit";
  };

  withSection = section: option: {
    options = common.options // {
      ${option} = settings section;
    };
  };
in
{
  inherit common;

  raw.options = shared // {
    text = mkOption {
      type = types.nullOr types.str;
      default = null;
      description = "Text of the unit file.";
    };
  };

  timer = withSection "Timer" "timerConfig";
  socket = withSection "Socket" "socketConfig";
  path = withSection "Path" "pathConfig";

  service.options = common.options // {
    serviceConfig = settings "Service";
    environment = mkOption {
      type = types.attrsOf (types.nullOr (types.oneOf [ types.str types.path types.package ]));
      default = { };
      description = "Environment of the service.";
    };
    path = mkOption {
      type = types.listOf (types.oneOf [ types.package types.str ]);
      default = [ ];
      description = "Packages on the PATH of the service.";
    };
    script = text "Commands that are the service.";
    preStart = text "Commands before it starts.";
    postStart = text "Commands after it has started.";
    startAt = mkOption {
      type = types.either types.str (types.listOf types.str);
      default = [ ];
      apply = lib.toList;
      description = "Calendar times at which to start it.";
    };
    restartIfChanged = mkOption {
      type = types.bool;
      default = true;
      description = "Whether a switch restarts it when it changed.";
    };
    stopIfChanged = mkOption {
      type = types.bool;
      default = true;
      description = "Whether such a restart stops it before the switch.";
    };
    restartTriggers = mkOption {
      type = types.listOf types.unspecified;
      default = [ ];
      description = "Values whose change counts as a change of the unit.";
    };
  };
}
