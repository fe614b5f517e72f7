# What must hold on one platform.
{
  darwin = config: [
    {
      assertion = config.system.primaryUser == config.machine.owner.name;
      message = "system.primaryUser must be the owner, ${config.machine.owner.name}: user defaults and Homebrew are theirs";
    }
    {
      assertion = config.homebrew.onActivation.cleanup == "zap" -> config.homebrew.casks != [ ];
      message = "homebrew.onActivation.cleanup = \"zap\" with no casks listed would remove every application";
    }
  ];
  nixos = config: [
    {
      assertion = config.services.openssh.enable -> config.services.openssh.settings.PermitRootLogin == "no";
      message = "root must not log in over SSH: set services.openssh.settings.PermitRootLogin to \"no\"";
    }
    {
      assertion = config.users.users.${config.machine.owner.name}.isNormalUser;
      message = "the owner's account, ${config.machine.owner.name}, must be a normal user";
    }
  ];
}
