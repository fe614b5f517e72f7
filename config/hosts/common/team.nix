# Who works on the machines that a team shares.
{
  machine.team.members = {
    build = {
      fullName = "Build account";
      number = 1101;
      roles = [ "developer" ];
    };
    guest = {
      fullName = "Guest account";
      number = 1102;
      roles = [ "auditor" ];
    };
    operator = {
      fullName = "Operator account";
      number = 1103;
      roles = [
        "auditor"
        "maintainer"
      ];
    };
  };
}
