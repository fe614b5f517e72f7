# virtualisation.oci-containers: containers as services.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.virtualisation.oci-containers;
  container.options = {
    image = mkOption { type = types.str; description = "The image."; };
    ports = mkOption { type = types.listOf types.str; default = [ ]; description = "Ports to publish."; };
    cmd = mkOption { type = types.listOf types.str; default = [ ]; description = "Arguments of its command."; };
    environment = mkOption { type = types.attrsOf types.str; default = { }; description = "Variables."; };
    autoStart = mkOption { type = types.bool; default = true; description = "Whether it starts at boot."; };
  };
in
{
  options.virtualisation.oci-containers = {
    backend = mkOption { type = types.enum [ "podman" "docker" ]; default = "podman"; description = "What runs them."; };
    containers = mkOption { type = types.attrsOf (types.submodule container); default = { }; description = "Containers."; };
  };
  config.systemd.services = lib.mapAttrs' (
    name: c:
    lib.nameValuePair "${cfg.backend}-${name}" {
      description = "Container ${name}";
      wantedBy = lib.optional c.autoStart "multi-user.target";
      serviceConfig.ExecStart = "${pkgs.podman}/bin/podman run --rm --name ${name} ${
        lib.escapeShellArgs (
          lib.concatMap (port: [ "-p" port ]) c.ports
          ++ lib.concatLists (lib.mapAttrsToList (key: value: [ "-e" "${key}=${value}" ]) c.environment)
          ++ [ c.image ]
          ++ c.cmd
        )
      }";
    }
  ) cfg.containers;
}
