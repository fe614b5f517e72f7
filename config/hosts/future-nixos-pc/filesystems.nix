# Disks, by label, so that the machine can be installed before it is known.
{
  boot.initrd.availableKernelModules = [
    "ahci"
    "nvme"
    "usbhid"
    "xhci_pci"
  ];
  fileSystems = {
    "/" = {
      device = "/dev/disk/by-label/nixos";
      fsType = "ext4";
      options = [ "noatime" ];
    };
    "/boot" = {
      device = "/dev/disk/by-label/boot";
      fsType = "vfat";
      options = [
        "fmask=0077"
        "dmask=0077"
      ];
    };
  };
  swapDevices = [ { device = "/dev/disk/by-label/swap"; } ];
}
