# ssh for everybody on the machine: strangers are asked about, and what is old is not spoken.
{
  programs.ssh = {
    extraConfig = ''
      Host *
        HashKnownHosts yes
        StrictHostKeyChecking ask
        VisualHostKey yes
    '';
    knownHosts."github.com".publicKey =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";
  };
}
