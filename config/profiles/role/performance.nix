# A machine that builds fast: other machines build for it, and nothing is compiled twice.
{ config, lib, local, pkgs, platform, ... }:
local.platform.compatibility.settings platform {
  common = {
    machine.roles = [ "performance" ];
    machine.packages.compiler-caches.common = with pkgs; [
      ccache
      sccache
    ];
    nix = {
      distributedBuilds = true;
      settings = {
        # Builders fetch for themselves what caches have.
        builders-use-substitutes = true;
        max-substitution-jobs = 32;
        substituters = [ "https://numtide.cachix.org" ];
        trusted-public-keys = [ "numtide.cachix.org-1:2ps1kLBUWjxIneOy1Ik6cQjb41X0iXVXeHigGmycPPE=" ];
      };
    };
    environment.variables = {
      CCACHE_MAXSIZE = "20G";
      RUSTC_WRAPPER = lib.getExe pkgs.sccache;
      SCCACHE_CACHE_SIZE = "20G";
    };
    programs.ssh.extraConfig = lib.concatMapStrings (builder: ''
      Host ${builder.hostName}
        ControlMaster auto
        ControlPersist 10m
    '') config.nix.buildMachines;
  };
  # Linux machines build even what nixpkgs compiles through the cache.
  nixos = {
    programs.ccache.enable = true;
    # As whom the other machines send what is to be built.
    nix.settings.trusted-users = [ "build" ];
    nix.settings.extra-sandbox-paths = [ config.programs.ccache.cacheDir ];
    nix.daemonCPUSchedPolicy = "batch";
  };
  darwin.nix.daemonProcessType = "Background";
}
