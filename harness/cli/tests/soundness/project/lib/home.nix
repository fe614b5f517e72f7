{ config, name, ... }:
{
  home.username = name;
  home.homeDirectory = "/home/${name}";
  home.stateVersion = "25.05";
  home.file.probe.text = builtins.toJSON config.probe;
}
