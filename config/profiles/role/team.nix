# A machine that several people work on: groups are roles, and each may do what its role needs.
{ config, lib, local, platform, ... }:
let
  defaults = local.platform.defaults platform;
  rebuild = if platform.isDarwin then "darwin-rebuild" else "nixos-rebuild";
in
local.platform.compatibility.settings platform {
  common = {
    machine.roles = [ "team" ];
    machine.team.enable = true;
    nix.settings.extra-allowed-users = [
      "@team-developer"
      "@team-maintainer"
    ];
    # Maintainers switch the machine and nothing else; only ${defaults.adminGroup} is everything.
    security.sudo.extraConfig = ''
      %team-maintainer ALL=(root) /run/current-system/sw/bin/${rebuild} switch *
      Defaults:%team-maintainer log_output
    '';
    environment.etc."motd-team".text = ''
      This machine is shared. What you may do follows from your groups: team-auditor reads logs,
      team-developer builds, team-maintainer switches. Administrators are in ${defaults.adminGroup}.
    '';
  };
  nixos = {
    users.mutableUsers = true;
    security.sudo.execWheelOnly = false;
    # systemd keeps the journal for this group.
    users.groups.systemd-journal.members = [
      "guest"
      "operator"
    ];
    services.openssh.settings.AllowUsers = lib.attrNames config.machine.team.members;
  };
}
