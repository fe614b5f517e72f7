# Disks, the same by label on every machine, so that one can be installed before it is known.
{ local, ... }:
{
  boot.initrd.availableKernelModules = [
    "ahci"
    "nvme"
    "usbhid"
    "xhci_pci"
  ];
  fileSystems = local.helpers.paths.byLabel {
    "/" = {
      label = "nixos";
      fsType = "ext4";
      options = [ "noatime" ];
    };
    "/boot" = {
      label = "boot";
      fsType = "vfat";
      options = [
        "fmask=0077"
        "dmask=0077"
      ];
    };
  };
  swapDevices = [ { device = "/dev/disk/by-label/swap"; } ];
}
