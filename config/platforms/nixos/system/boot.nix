# systemd-boot, with room on the EFI partition.
{
  boot = {
    loader = {
      systemd-boot = {
        enable = true;
        configurationLimit = 10;
        # Otherwise whoever sits there boots with init=/bin/sh.
        editor = false;
      };
      efi.canTouchEfiVariables = true;
      timeout = 3;
    };
    tmp.cleanOnBoot = true;
  };
}
