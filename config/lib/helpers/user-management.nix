# Accounts, groups and homes: one description for both platforms, and what each adds.
{ lib }:
let
  account =
    {
      platform,
      defaults,
      name,
      fullName,
      shell,
      number,
      groups,
    }:
    {
      description = fullName;
      home = "${defaults.homeRoot}/${name}";
      inherit shell;
      # macOS numbers accounts only by hand.
      uid = number;
    }
    // lib.optionalAttrs platform.isDarwin {
      isHidden = false;
    }
    // lib.optionalAttrs platform.isNixOS {
      isNormalUser = true;
      extraGroups = groups;
    };
in
{
  ownerAccount =
    {
      platform,
      defaults,
      owner,
      shell,
    }:
    account {
      inherit platform defaults shell;
      inherit (owner) name fullName;
      number = if platform.isDarwin then 501 else 1000;
      groups = [
        defaults.adminGroup
        "audio"
        "networkmanager"
        "video"
      ];
    };

  # Someone of the team: in the groups of their roles, and in no other.
  memberAccount =
    {
      platform,
      defaults,
      shell,
    }:
    name: member:
    account {
      inherit platform defaults shell name;
      inherit (member) fullName number;
      groups = map (role: "team-${role}") member.roles;
    };

  # Groups as roles, each with those who have it.
  roleGroups =
    { platform, roles }:
    members:
    lib.listToAttrs (
      lib.imap0 (
        index: role:
        lib.nameValuePair "team-${role}" (
          {
            gid = 650 + index;
            members = lib.attrNames (lib.filterAttrs (_: member: lib.elem role member.roles) members);
          }
          // lib.optionalAttrs platform.isDarwin { description = "Team: ${role}"; }
        )
      ) roles
    );

  # A module of the system that gives a module of homes to the owner. It bears that module's file, so
  # that whoever asks who set something in the home is told where.
  homeModule =
    file:
    lib.setDefaultModuleLocation file (
      { config, ... }:
      {
        home-manager.users.${config.machine.owner.name} = file;
      }
    );
}
