# Who works on the machines that a team shares.
{
  machine.team.members = {
    build = {
      fullName = "Build account";
      number = 601;
      roles = [ "developer" ];
    };
    guest = {
      fullName = "Guest account";
      number = 602;
      roles = [ "auditor" ];
    };
    operator = {
      fullName = "Operator account";
      number = 603;
      roles = [
        "auditor"
        "maintainer"
      ];
    };
  };
}
