# What must hold on every machine, whatever it runs.
{ lib }:
{ config, platform }:
let
  firewall =
    if platform.isDarwin then config.networking.applicationFirewall.enable == true else config.networking.firewall.enable;
  applications = config.machine.applications;
in
[
  {
    assertion = firewall;
    message = "the firewall must stay on: ${config.networking.hostName} would accept every connection";
  }
  {
    assertion = lib.all (feature: lib.elem feature config.nix.settings.experimental-features) [
      "flakes"
      "nix-command"
    ];
    message = "this configuration is a flake: nix.settings.experimental-features needs flakes and nix-command";
  }
  {
    assertion = config.programs.fish.enable;
    message = "fish is ${config.machine.owner.name}'s login shell: programs.fish.enable cannot be off";
  }
  {
    assertion = applications == lib.unique applications;
    message = "machine.applications names an application twice";
  }
  {
    assertion = lib.length config.nix.settings.substituters <= lib.length config.nix.settings.trusted-public-keys;
    message = "every binary cache needs its key: nix.settings.trusted-public-keys has fewer entries than nix.settings.substituters";
  }
]
