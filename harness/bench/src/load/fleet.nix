# The load that each measured host carries: `services` submodules that twelve
# modules define together, as a configuration does that is split by concern. The
# time goes where a real host's goes: into collecting, checking and merging
# definitions, and not into arithmetic.
services:
{ lib, ... }:
let
  inherit (lib)
    concatStringsSep
    genAttrs
    genList
    mapAttrsToList
    mkDefault
    mkForce
    mkIf
    mkMerge
    mkOption
    types
    ;

  names = genList (n: "service-${toString n}") services;

  service = types.submodule (
    { name, config, ... }:
    {
      options = {
        enable = mkOption {
          type = types.bool;
          default = false;
        };
        port = mkOption {
          type = types.port;
          default = 8000;
        };
        user = mkOption {
          type = types.str;
          default = name;
        };
        groups = mkOption {
          type = types.listOf types.str;
          default = [ ];
        };
        environment = mkOption {
          type = types.attrsOf (types.oneOf [ types.int types.str types.bool ]);
          default = { };
        };
        settings = mkOption {
          type = types.attrsOf (types.attrsOf types.anything);
          default = { };
        };
        after = mkOption {
          type = types.listOf types.str;
          default = [ ];
        };
        limits = mkOption {
          type = types.submodule {
            options = {
              memory = mkOption {
                type = types.nullOr types.ints.positive;
                default = null;
              };
              tasks = mkOption {
                type = types.ints.between 1 100000;
                default = 100;
              };
              nice = mkOption {
                type = types.ints.between (-20) 19;
                default = 0;
              };
            };
          };
          default = { };
        };
        preStart = mkOption {
          type = types.lines;
          default = "";
        };
        text = mkOption {
          type = types.lines;
          readOnly = true;
        };
      };
      config = {
        groups = mkIf config.enable [ "services" ];
        text = concatStringsSep "\n" (
          [
            "user ${config.user} ${concatStringsSep "," config.groups}"
            "port ${toString config.port}"
            "after ${concatStringsSep " " config.after}"
            "tasks ${toString config.limits.tasks} ${toString config.limits.nice}"
          ]
          ++ mapAttrsToList (key: value: "env ${key} ${toString value}") config.environment
          ++ mapAttrsToList (
            section: keys: "[${section}] ${concatStringsSep " " (builtins.attrNames keys)}"
          ) config.settings
        );
      };
    }
  );

  # One of the modules that have a say in every service.
  concern = n: {
    fleet.services = genAttrs names (
      name:
      mkMerge [
        {
          environment."CONCERN_${toString n}" = n;
          settings."section-${toString (n - n / 4 * 4)}"."key-${toString n}" = mkDefault name;
          after = [ "concern-${toString n}.target" ];
          preStart = "prepare ${name} ${toString n}";
        }
        (mkIf (n == 0) {
          enable = true;
          port = mkDefault 9000;
          limits.tasks = 400;
        })
        (mkIf (n == 1) {
          port = mkForce 9443;
          limits.memory = 512;
          groups = [ "monitoring" ];
        })
      ]
    );
  };
in
{
  options.fleet = {
    services = mkOption {
      type = types.attrsOf service;
      default = { };
    };
    text = mkOption {
      type = types.attrsOf types.str;
      default = { };
    };
    # For the cases that fail hard: asking for one of these kills a query.
    broken = {
      type = mkOption { type = types.int; };
      attribute = mkOption { type = types.str; };
      recursion = mkOption { type = types.str; };
      abort = mkOption { type = types.str; };
    };
  };
  imports = genList concern 12 ++ [
    (
      { config, ... }:
      {
        fleet.text = builtins.mapAttrs (_: service: service.text) config.fleet.services;
        fleet.broken = {
          type = "not a number";
          attribute = config.fleet.services.nobody.user;
          recursion = config.fleet.broken.recursion;
          abort = abort "this configuration gives up";
        };
      }
    )
  ];
}
