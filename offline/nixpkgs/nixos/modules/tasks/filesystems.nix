# fileSystems and swapDevices, rendered to /etc/fstab.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  mounts = lib.sortOn (fs: lib.stringLength fs.mountPoint) (lib.attrValues config.fileSystems);
  essential = [ "/" "/nix" "/nix/store" "/var" "/var/log" "/var/lib" "/etc" "/usr" ];
in
{
  options = {
    fileSystems = mkOption {
      default = { };
      description = "File systems to mount, by mount point.";
      type = types.attrsOf (
        types.submodule (
          { name, config, ... }:
          {
            options = {
              mountPoint = mkOption {
                type = types.str;
                default = name;
                description = "Where to mount it.";
              };
              device = mkOption {
                type = types.nullOr types.nonEmptyStr;
                default = null;
                description = "What to mount.";
              };
              label = mkOption {
                type = types.nullOr types.nonEmptyStr;
                default = null;
                description = "Label to find the device by.";
              };
              fsType = mkOption {
                type = types.nonEmptyStr;
                default = "auto";
                description = "Type of the file system.";
              };
              options = mkOption {
                type = types.nonEmptyListOf types.nonEmptyStr;
                default = [ "defaults" ];
                description = "Mount options.";
              };
              neededForBoot = mkOption {
                type = types.bool;
                default = false;
                description = "Whether the first stage mounts it, as it always does for the root and the store.";
              };
              noCheck = mkOption {
                type = types.bool;
                default = false;
                description = "Whether to skip fsck.";
              };
            };
            config.options = lib.mkIf (config.neededForBoot || lib.elem name essential) [ "x-initrd.mount" ];
            config.device = lib.mkIf (config.label != null) (lib.mkDefault "/dev/disk/by-label/${config.label}");
          }
        )
      );
    };
    swapDevices = mkOption {
      default = [ ];
      description = "Swap devices.";
      type = types.listOf (
        types.submodule (swap: {
          options = {
            device = mkOption {
              type = types.nonEmptyStr;
              description = "Device or file to swap to.";
            };
            # No default, as upstream: a definition has the one or the other.
            label = mkOption {
              type = types.str;
              description = "Label of the device, instead of its path.";
            };
            priority = mkOption {
              type = types.nullOr types.int;
              default = null;
              description = "Priority among the swap devices.";
            };
          };
          config.device = lib.mkIf swap.options.label.isDefined (
            lib.mkDefault "/dev/disk/by-label/${swap.config.label}"
          );
        })
      );
    };
  };

  config = {
    environment.etc.fstab.text =
      lib.concatMapStrings (
        fs:
        "${toString fs.device} ${fs.mountPoint} ${fs.fsType} ${lib.concatStringsSep "," fs.options} 0 ${
          if fs.noCheck || fs.fsType == "tmpfs" then "0" else if fs.mountPoint == "/" then "1" else "2"
        }\n"
      ) mounts
      + lib.concatMapStrings (
        swap: "${swap.device} none swap ${if swap.priority == null then "defaults" else "pri=${toString swap.priority}"} 0 0\n"
      ) config.swapDevices;
    assertions = [
      {
        assertion = config.boot.isContainer || config.fileSystems ? "/";
        message = "fileSystems has no entry for the root file system, \"/\".";
      }
    ]
    ++ map (fs: {
      assertion = fs.device != null;
      message = "fileSystems.\"${fs.mountPoint}\" names neither a device nor a label.";
    }) mounts;
  };
}
