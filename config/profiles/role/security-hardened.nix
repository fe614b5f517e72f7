# A machine that expects to be attacked: less to attack, more to see, and nothing run that was not checked.
{ config, lib, local, pkgs, platform, ... }:
local.platform.compatibility.settings platform {
  common = {
    machine.roles = [ "security-hardened" ];
    # Where software comes from: signatures, what is inside, what is known to be wrong with it.
    machine.packages.supply-chain = {
      common = with pkgs; [
        cosign
        gitleaks
        grype
        syft
        trivy
      ];
      nixos = [ pkgs.vulnix ];
    };
    nix.settings = {
      allowed-users = lib.mkForce [ "@${(local.platform.defaults platform).adminGroup}" ];
      # Nothing is fetched without a hash, and no flake brings settings of its own.
      accept-flake-config = false;
      pure-eval = true;
    };
    home-manager.users.${config.machine.owner.name}.programs.git.settings = {
      commit.gpgSign = true;
      merge.verifySignatures = true;
      tag.gpgSign = true;
    };
  };
  darwin = {
    networking.applicationFirewall.blockAllIncoming = true;
    system.defaults = {
      LaunchServices.LSQuarantine = true;
      SoftwareUpdate.AutomaticallyInstallMacOSUpdates = true;
    };
  };
  nixos = {
    boot = {
      blacklistedKernelModules = [
        "dccp"
        "firewire-core"
        "rds"
        "sctp"
      ];
      kernelParams = [
        "init_on_alloc=1"
        "slab_nomerge"
      ];
      kernel.sysctl = {
        "kernel.kptr_restrict" = 2;
        "kernel.unprivileged_bpf_disabled" = 1;
        "net.core.bpf_jit_harden" = 2;
        "net.ipv4.tcp_syncookies" = 1;
      };
    };
    security = {
      apparmor.enable = true;
      audit = {
        enable = true;
        rules = [ "-a exit,always -F arch=b64 -S execve" ];
      };
      auditd.enable = true;
      protectKernelImage = true;
    };
    services.fail2ban = {
      enable = true;
      bantime = "1h";
      maxretry = 3;
    };
  };
}
