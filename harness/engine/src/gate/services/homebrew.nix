# What a Mac asks of Homebrew.
{ config, lib, ... }:
let
  homebrew = config.homebrew or { };
  names = map (entry: entry.name or entry);
  enable = homebrew.enable or false;
in
{
  inherit enable;
  brews = names (homebrew.brews or [ ]);
  casks = names (homebrew.casks or [ ]);
  taps = names (homebrew.taps or [ ]);
  apps = lib.attrNames (homebrew.masApps or { });
  cleanup = homebrew.onActivation.cleanup or "none";
  brewfile = if enable then homebrew.brewfile or null else null;
  program =
    if homebrew ? prefix then
      "${homebrew.prefix}/bin/brew"
    else if homebrew ? brewPrefix then
      "${homebrew.brewPrefix}/brew"
    else
      null;
}
