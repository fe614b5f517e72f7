# Everything to write and build software.
{
  imports = [
    ./minimal.nix
    ../../platforms/common/packages/development.nix
  ];
  programs.direnv = {
    enable = true;
    nix-direnv.enable = true;
    silent = true;
  };
  programs.tmux = {
    enable = true;
    extraConfig = ''
      set -g mouse on
    '';
  };
  nix.settings.extra-experimental-features = [ "pipe-operators" ];
}
