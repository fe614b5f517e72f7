# Settings that are of no use without others.
{ lib }:
{
  common = config: [
    {
      assertion = config.programs.gnupg.agent.enableSSHSupport -> config.programs.gnupg.agent.enable;
      message = "programs.gnupg.agent.enableSSHSupport needs programs.gnupg.agent.enable";
    }
    {
      assertion = config.nix.distributedBuilds -> config.nix.buildMachines != [ ];
      message = "nix.distributedBuilds needs machines to build on: set nix.buildMachines";
    }
    {
      assertion = config.machine.team.enable -> config.machine.team.members != { };
      message = "a team without members locks everybody out: set machine.team.members";
    }
  ];
  nixos = config: [
    {
      assertion = config.services.pipewire.enable -> config.security.rtkit.enable;
      message = "PipeWire stutters without real-time priority: enable security.rtkit too";
    }
    {
      assertion = config.services.xserver.windowManager.i3.enable -> config.services.xserver.enable;
      message = "i3 needs the X server: enable services.xserver too";
    }
    {
      assertion = config.services.grafana.enable -> lib.any (job: job ? job_name) config.services.prometheus.scrapeConfigs;
      message = "Grafana has nothing to show: set services.prometheus.scrapeConfigs";
    }
  ];
}
