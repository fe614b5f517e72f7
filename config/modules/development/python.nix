# machine.development.python: interpreters by uv, one environment to a project.
{ config, lib, pkgs, ... }:
{
  options.machine.development.python.enable = lib.mkEnableOption "what Python is written with";

  config = lib.mkIf config.machine.development.python.enable {
    machine.packages.python.common = with pkgs; [
      python3
      ruff
      uv
    ];
    environment.variables = {
      # Nothing is installed beside a project by mistake.
      PIP_REQUIRE_VIRTUALENV = "true";
      PYTHONDONTWRITEBYTECODE = "1";
    };
  };
}
