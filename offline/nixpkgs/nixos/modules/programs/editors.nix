# programs.{vim,neovim,git,tmux}: tools with a configuration for the whole system.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs;
  package = p: mkOption { type = types.package; default = p; description = "The package."; };
in
{
  options.programs = {
    vim = {
      enable = lib.mkEnableOption "vim";
      defaultEditor = lib.mkEnableOption "vim as the editor";
      package = package pkgs.vim;
    };
    neovim = {
      enable = lib.mkEnableOption "neovim";
      package = package pkgs.neovim;
      defaultEditor = mkOption { type = types.bool; default = false; description = "Whether it is the editor."; };
      viAlias = mkOption { type = types.bool; default = false; description = "Whether vi starts it."; };
      vimAlias = mkOption { type = types.bool; default = false; description = "Whether vim starts it."; };
    };
    git = {
      enable = lib.mkEnableOption "git";
      package = package pkgs.git;
      lfs.enable = lib.mkEnableOption "git-lfs";
      config = mkOption {
        type = types.attrsOf (types.attrsOf types.anything);
        default = { };
        description = "Settings of /etc/gitconfig.";
      };
    };
    tmux = {
      enable = mkOption { type = types.bool; default = false; description = "Whether tmux is there."; };
      baseIndex = mkOption { type = types.int; default = 0; description = "Number of the first window."; };
      extraConfig = mkOption { type = types.lines; default = ""; description = "Lines of tmux.conf."; };
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.vim.enable {
      environment.systemPackages = [ cfg.vim.package ];
      environment.variables.EDITOR = lib.mkIf cfg.vim.defaultEditor (lib.mkOverride 900 "vim");
    })
    (lib.mkIf cfg.neovim.enable {
      environment.systemPackages = [
        cfg.neovim.package
      ]
      ++ lib.optional cfg.neovim.viAlias (pkgs.writeShellScriptBin "vi" ''exec nvim "$@"'')
      ++ lib.optional cfg.neovim.vimAlias (pkgs.writeShellScriptBin "vim" ''exec nvim "$@"'');
      environment.variables.EDITOR = lib.mkIf cfg.neovim.defaultEditor (lib.mkOverride 900 "nvim");
    })
    (lib.mkIf cfg.git.enable {
      environment.systemPackages = [ cfg.git.package ] ++ lib.optional cfg.git.lfs.enable pkgs.git-lfs;
      environment.etc.gitconfig = lib.mkIf (cfg.git.config != { }) { text = lib.generators.toINI { } cfg.git.config; };
    })
    (lib.mkIf cfg.tmux.enable {
      environment.systemPackages = [ pkgs.tmux ];
      environment.etc."tmux.conf".text = "set -g base-index ${toString cfg.tmux.baseIndex}\n" + cfg.tmux.extraConfig;
    })
  ];
}
