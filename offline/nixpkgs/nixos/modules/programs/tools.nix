# programs.{direnv,gnupg,ssh}: what hooks into shells and sessions.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs;
  on = description: mkOption { type = types.bool; default = true; inherit description; };
in
{
  options.programs = {
    direnv = {
      enable = lib.mkEnableOption "direnv";
      package = mkOption { type = types.package; default = pkgs.direnv; description = "The direnv."; };
      silent = lib.mkEnableOption "hiding what direnv loads";
      loadInNixShell = on "Whether it works inside nix-shell.";
      nix-direnv.enable = on "Whether use_flake is cached.";
      enableBashIntegration = on "Whether bash is hooked.";
      enableZshIntegration = on "Whether zsh is hooked.";
      enableFishIntegration = on "Whether fish is hooked.";
    };
    gnupg.agent = {
      enable = mkOption { type = types.bool; default = false; description = "Whether the agent runs in each session."; };
      enableSSHSupport = mkOption { type = types.bool; default = false; description = "Whether it is the SSH agent too."; };
      pinentryPackage = mkOption { type = types.nullOr types.package; default = pkgs.pinentry-curses; description = "What asks for the passphrase."; };
    };
    ssh = {
      startAgent = mkOption { type = types.bool; default = false; description = "Whether OpenSSH's agent runs in each session."; };
      extraConfig = mkOption { type = types.lines; default = ""; description = "Lines of /etc/ssh/ssh_config."; };
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.direnv.enable {
      environment.systemPackages = [ cfg.direnv.package ] ++ lib.optional cfg.direnv.nix-direnv.enable pkgs.nix-direnv;
      environment.etc."direnv/direnvrc".text = lib.optionalString cfg.direnv.nix-direnv.enable "source ${pkgs.nix-direnv}/share/nix-direnv/direnvrc\n";
      environment.etc."direnv/direnv.toml" = lib.mkIf cfg.direnv.silent { text = "[global]\nlog_format = \"-\"\n"; };
      environment.variables.DIRENV_IN_NIX_SHELL = lib.mkIf (!cfg.direnv.loadInNixShell) "0";
      programs.bash.interactiveShellInit = lib.mkIf cfg.direnv.enableBashIntegration ''eval "$(direnv hook bash)"'';
      programs.zsh.interactiveShellInit = lib.mkIf cfg.direnv.enableZshIntegration ''eval "$(direnv hook zsh)"'';
      programs.fish.interactiveShellInit = lib.mkIf cfg.direnv.enableFishIntegration "direnv hook fish | source";
    })
    (lib.mkIf cfg.gnupg.agent.enable {
      environment.systemPackages = [ pkgs.gnupg ];
      environment.etc."gnupg/gpg-agent.conf".text =
        lib.optionalString (cfg.gnupg.agent.pinentryPackage != null) "pinentry-program ${lib.getExe cfg.gnupg.agent.pinentryPackage}\n"
        + lib.optionalString cfg.gnupg.agent.enableSSHSupport "enable-ssh-support\n";
      systemd.user.sockets.gpg-agent = {
        description = "GnuPG agent";
        wantedBy = [ "sockets.target" ];
        socketConfig.ListenStream = "%t/gnupg/S.gpg-agent";
      };
      environment.extraInit = lib.mkIf cfg.gnupg.agent.enableSSHSupport ''
        export SSH_AUTH_SOCK="$(gpgconf --list-dirs agent-ssh-socket)"
      '';
    })
    {
      environment.etc."ssh/ssh_config".text = cfg.ssh.extraConfig;
      systemd.user.services.ssh-agent = lib.mkIf cfg.ssh.startAgent {
        description = "SSH Agent";
        wantedBy = [ "default.target" ];
        serviceConfig.ExecStart = "${pkgs.openssh}/bin/ssh-agent -a %t/ssh-agent -D";
      };
      assertions = [
        {
          assertion = cfg.gnupg.agent.enable && cfg.gnupg.agent.enableSSHSupport -> !cfg.ssh.startAgent;
          message = "programs.ssh.startAgent and programs.gnupg.agent.enableSSHSupport both want to be the SSH agent.";
        }
      ];
    }
  ];
}
