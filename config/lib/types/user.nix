# People: the owner of the machines, and those who work on them with the owner.
{ lib }:
let
  inherit (lib) mkOption types;
  fullName = mkOption {
    type = types.nonEmptyStr;
    description = "Name that people and commits see.";
  };
in
rec {
  # What somebody in a team may do: see the logs, build software, or administer.
  teamRole = types.enum [
    "auditor"
    "developer"
    "maintainer"
  ];

  owner = types.submodule {
    options = {
      name = mkOption {
        type = types.strMatching "[a-z_][a-z0-9_-]*";
        description = "Name of the account on every machine.";
      };
      inherit fullName;
      email = mkOption {
        type = types.strMatching "[^@ ]+@[^@ ]+";
        description = "Address in commits.";
      };
    };
  };

  member = types.submodule {
    options = {
      inherit fullName;
      number = mkOption {
        type = types.ints.between 1100 1199;
        description = "Number of the account, the same on every machine. NixOS takes those below 1000 for services.";
      };
      roles = mkOption {
        type = types.nonEmptyListOf teamRole;
        description = "What they may do.";
      };
    };
  };
}
