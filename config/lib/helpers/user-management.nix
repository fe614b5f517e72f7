# The owner's account: one description for both platforms, and what each adds.
{ lib }:
{
  ownerAccount =
    {
      platform,
      defaults,
      owner,
      shell,
    }:
    {
      description = owner.fullName;
      home = "${defaults.homeRoot}/${owner.name}";
      inherit shell;
    }
    // lib.optionalAttrs platform.isDarwin {
      uid = 501;
      isHidden = false;
    }
    // lib.optionalAttrs platform.isNixOS {
      isNormalUser = true;
      extraGroups = [
        defaults.adminGroup
        "audio"
        "networkmanager"
        "video"
      ];
    };
}
