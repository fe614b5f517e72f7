# Services in the background.
{
  services.fstrim.enable = true;

  systemd.services.machine-report = {
    description = "Daily report on this machine";
    startAt = "daily";
    serviceConfig = {
      Type = "oneshot";
      DynamicUser = true;
      ExecStart = "/run/current-system/sw/bin/machine-report";
    };
  };
}
