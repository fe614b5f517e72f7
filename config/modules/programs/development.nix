# machine.programs.development: shells that carry a project's tools, and a terminal that survives.
{ config, lib, ... }:
{
  options.machine.programs.development.enable = lib.mkEnableOption "programs to develop with";

  config = lib.mkIf config.machine.programs.development.enable {
    programs.direnv = {
      enable = true;
      nix-direnv.enable = true;
      silent = true;
    };
    programs.tmux = {
      enable = true;
      extraConfig = ''
        set -g mouse on
        set -g escape-time 10
      '';
    };
    nix.settings.extra-experimental-features = [ "pipe-operators" ];
  };
}
