# The machines that build for the others, with the systems that they build for.
{ config, lib, ... }:
{
  # A machine does not ask itself over the network.
  nix.buildMachines = lib.filter (builder: builder.hostName != config.machine.name) [
    {
      hostName = "server";
      systems = [
        "x86_64-linux"
        "aarch64-linux"
      ];
      sshUser = "build";
      sshKey = "/etc/nix/builder_ed25519";
      maxJobs = 8;
      speedFactor = 2;
      supportedFeatures = [
        "big-parallel"
        "kvm"
        "nixos-test"
      ];
    }
    {
      hostName = "workstation";
      systems = [ "x86_64-linux" ];
      sshUser = "build";
      sshKey = "/etc/nix/builder_ed25519";
      maxJobs = 4;
      supportedFeatures = [ "big-parallel" ];
    }
  ];
}
