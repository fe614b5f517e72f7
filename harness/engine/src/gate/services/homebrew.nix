# What a Mac asks of Homebrew.
{ config, ... }:
let
  homebrew = config.homebrew or { };
  enable = homebrew.enable or false;
in
{
  inherit enable;
  # Before onActivation it was an option of its own.
  cleanup = if enable then homebrew.onActivation.cleanup or (homebrew.cleanup or null) else null;
  brewfile = if enable then homebrew.brewfile or null else null;
  activation = if enable then config.system.activationScripts.homebrew.text or null else null;
  program =
    if homebrew ? prefix then
      "${homebrew.prefix}/bin/brew"
    else if homebrew ? brewPrefix then
      "${homebrew.brewPrefix}/brew"
    else
      null;
}
