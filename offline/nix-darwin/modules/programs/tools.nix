# programs.{direnv,gnupg,tmux,vim,ssh}: tools with a configuration for the whole system.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs;
  flag = default: description: mkOption { type = types.bool; inherit default description; };
  lines = description: mkOption { type = types.lines; default = ""; inherit description; };
in
{
  options.programs = {
    direnv = {
      enable = lib.mkEnableOption "direnv";
      package = mkOption { type = types.package; default = pkgs.direnv; description = "The direnv."; };
      silent = lib.mkEnableOption "hiding what direnv loads";
      loadInNixShell = flag true "Whether it works inside nix-shell.";
      nix-direnv.enable = flag true "Whether use_flake is cached.";
    };
    gnupg.agent = {
      enable = flag false "Whether the agent runs in each session.";
      enableSSHSupport = flag false "Whether it is the SSH agent too.";
    };
    tmux = {
      enable = flag false "Whether tmux is there.";
      extraConfig = lines "Lines of tmux.conf.";
    };
    vim = {
      enable = flag false "Whether vim is there.";
      vimConfig = lines "Lines of vimrc.";
    };
    ssh.extraConfig = lines "Lines of ssh_config.";
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.direnv.enable {
      environment.systemPackages = [ cfg.direnv.package ] ++ lib.optional cfg.direnv.nix-direnv.enable pkgs.nix-direnv;
      environment.etc."direnv/direnvrc".text = lib.optionalString cfg.direnv.nix-direnv.enable "source ${pkgs.nix-direnv}/share/nix-direnv/direnvrc\n";
      environment.etc."direnv/direnv.toml" = lib.mkIf cfg.direnv.silent { text = "[global]\nlog_format = \"-\"\n"; };
      environment.variables.DIRENV_IN_NIX_SHELL = lib.mkIf (!cfg.direnv.loadInNixShell) "0";
      programs.bash.interactiveShellInit = ''eval "$(direnv hook bash)"'';
      programs.zsh.interactiveShellInit = ''eval "$(direnv hook zsh)"'';
      programs.fish.interactiveShellInit = "direnv hook fish | source";
    })
    (lib.mkIf cfg.gnupg.agent.enable {
      launchd.user.agents.gnupg-agent.serviceConfig = {
        ProgramArguments = [ "${pkgs.gnupg}/bin/gpgconf" "--launch" "gpg-agent" ];
        RunAtLoad = true;
        KeepAlive.SuccessfulExit = false;
      };
      environment.extraInit = lib.mkIf cfg.gnupg.agent.enableSSHSupport ''
        export SSH_AUTH_SOCK="$(${pkgs.gnupg}/bin/gpgconf --list-dirs agent-ssh-socket)"
      '';
    })
    (lib.mkIf cfg.tmux.enable {
      environment.systemPackages = [ pkgs.tmux ];
      environment.etc."tmux.conf".text = cfg.tmux.extraConfig;
    })
    (lib.mkIf cfg.vim.enable {
      environment.systemPackages = [ pkgs.vim ];
      environment.etc.vimrc.text = cfg.vim.vimConfig;
    })
    {
      environment.etc."ssh/ssh_config.d/100-nix-darwin.conf" = lib.mkIf (cfg.ssh.extraConfig != "") { text = cfg.ssh.extraConfig; };
    }
  ];
}
