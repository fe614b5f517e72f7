# Folders that every machine of the owner's has, without anybody in between.
{ config, ... }:
{
  services.syncthing = {
    enable = true;
    # What another machine drops from the list is dropped here too.
    overrideDevices = true;
    overrideFolders = true;
    settings = {
      options = {
        globalAnnounceEnabled = false;
        urAccepted = -1;
      };
      folders.notes = {
        path = "${config.home.homeDirectory}/notes";
        versioning = {
          type = "simple";
          params.keep = "10";
        };
      };
    };
  };
}
