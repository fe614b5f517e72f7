# Settings that are of no use without others.
{
  common = config: [
    {
      assertion = config.programs.gnupg.agent.enableSSHSupport -> config.programs.gnupg.agent.enable;
      message = "programs.gnupg.agent.enableSSHSupport needs programs.gnupg.agent.enable";
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
  ];
}
