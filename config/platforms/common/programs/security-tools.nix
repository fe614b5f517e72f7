# GnuPG's agent, for SSH too.
{
  programs.gnupg.agent = {
    enable = true;
    enableSSHSupport = true;
  };
}
