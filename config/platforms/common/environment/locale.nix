# The clock on the wall, and the language that programs speak: English, but with metres and sheets of A4.
{ lib, local, platform, ... }:
let
  language = "en_US.UTF-8";
  habits = "de_DE.UTF-8";
in
local.platform.compatibility.settings platform {
  common = {
    time.timeZone = lib.mkDefault "Europe/Berlin";
    environment.variables.LANG = language;
  };
  nixos = {
    i18n = {
      defaultLocale = language;
      extraLocaleSettings = {
        LC_MEASUREMENT = habits;
        LC_PAPER = habits;
        LC_TIME = habits;
      };
    };
    console.keyMap = "us";
  };
}
