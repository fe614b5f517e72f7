# The kernel and what it lets through.
{ pkgs, ... }:
{
  boot = {
    kernelPackages = pkgs.linuxPackages_latest;
    kernelParams = [ "quiet" ];
    kernel.sysctl = {
      "kernel.dmesg_restrict" = 1;
      "net.ipv4.conf.all.accept_redirects" = 0;
      "vm.swappiness" = 10;
    };
  };
}
