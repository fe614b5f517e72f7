# system.activationScripts: named snippets, ordered by their dependencies, as one script.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;

  snippet = types.coercedTo types.str (text: { inherit text; }) (
    types.submodule {
      options = {
        deps = mkOption {
          type = types.listOf types.str;
          default = [ ];
          description = "Snippets that must have run before.";
        };
        text = mkOption {
          type = types.lines;
          description = "What to run.";
        };
      };
    }
  );

  ordered =
    scripts:
    let
      sorted = lib.toposort (a: b: lib.elem a.name b.deps) (
        lib.mapAttrsToList (name: script: script // { inherit name; }) scripts
      );
    in
    sorted.result or (throw "system.activationScripts depend on each other in a circle: ${
      lib.concatMapStringsSep " -> " (script: script.name) (sorted.cycle ++ sorted.loops)
    }");
in
{
  options.system.activationScripts = mkOption {
    type = types.attrsOf snippet;
    default = { };
    description = "Snippets that bring a running system to this configuration.";
    apply =
      scripts:
      scripts
      // {
        script = ''
          #!${pkgs.runtimeShell}
          systemConfig=@out@
          export PATH=/empty:${lib.makeBinPath [ pkgs.coreutils pkgs.findutils pkgs.gnugrep ]}:$PATH

        ''
        + lib.concatMapStrings (script: ''
          #### ${script.name}
          ${script.text}
        '') (ordered scripts)
        + ''
          ln -sfn "$systemConfig" /run/current-system
        '';
      };
  };

  config.system.activationScripts = {
    stdio = "";
    var = ''
      mkdir -m 0755 -p /var/tmp /var/lib
    '';
  };
}
