# programs.{home-manager,direnv,starship,fzf,zoxide,bat,eza,tmux}: tools on the command line.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs;
  tree = types.attrsOf types.anything;
  options' = mkOption { type = types.listOf types.str; default = [ ]; description = "Options on its command line."; };
  package = p: mkOption { type = types.nullOr types.package; default = p; description = "The package."; };
  integrations = lib.genAttrs [ "enableBashIntegration" "enableZshIntegration" "enableFishIntegration" ] (
    _: mkOption { type = types.bool; default = true; description = "Whether the shell is hooked."; }
  );

  # Hooks `name` into the shells that want it, with the command that each shell runs.
  hook = name: { bash, zsh ? bash, fish }: lib.mkIf cfg.${name}.enable {
    home.packages = lib.optional (cfg.${name}.package != null) cfg.${name}.package;
    programs.bash.initExtra = lib.mkIf cfg.${name}.enableBashIntegration bash;
    programs.zsh.initContent = lib.mkIf cfg.${name}.enableZshIntegration zsh;
    programs.fish.interactiveShellInit = lib.mkIf cfg.${name}.enableFishIntegration fish;
  };
  flags = lib.concatMapStringsSep " " lib.escapeShellArg;
in
{
  options.programs = {
    home-manager.enable = lib.mkEnableOption "home-manager managing itself";
    direnv = integrations // {
      enable = lib.mkEnableOption "direnv";
      package = package pkgs.direnv;
      nix-direnv.enable = lib.mkEnableOption "cached use_flake";
      silent = lib.mkEnableOption "hiding what direnv loads";
      config = mkOption { type = tree; default = { }; description = "Settings of direnv.toml."; };
    };
    starship = integrations // {
      enable = lib.mkEnableOption "starship";
      package = package pkgs.starship;
      settings = mkOption { type = tree; default = { }; description = "Settings of starship.toml."; };
    };
    fzf = integrations // {
      enable = lib.mkEnableOption "fzf";
      package = package pkgs.fzf;
      defaultCommand = mkOption { type = types.nullOr types.str; default = null; description = "Command that lists files."; };
      defaultOptions = options';
    };
    zoxide = integrations // {
      enable = lib.mkEnableOption "zoxide";
      package = package pkgs.zoxide;
      options = options';
    };
    bat = {
      enable = lib.mkEnableOption "bat";
      package = package pkgs.bat;
      config = mkOption { type = types.attrsOf (types.oneOf [ types.str types.bool (types.listOf types.str) ]); default = { }; description = "Settings of bat."; };
    };
    eza = integrations // {
      enable = lib.mkEnableOption "eza";
      package = package pkgs.eza;
      git = mkOption { type = types.bool; default = false; description = "Whether it shows git's state."; };
      icons = mkOption { type = types.nullOr (types.enum [ "auto" "always" "never" ]); default = null; description = "Whether it shows icons."; };
      extraOptions = options';
    };
    tmux = {
      enable = lib.mkEnableOption "tmux";
      package = package pkgs.tmux;
      baseIndex = mkOption { type = types.ints.unsigned; default = 0; description = "Number of the first window."; };
      historyLimit = mkOption { type = types.ints.positive; default = 2000; description = "Lines that a pane keeps."; };
      keyMode = mkOption { type = types.enum [ "emacs" "vi" ]; default = "emacs"; description = "Keys in copy mode."; };
      mouse = lib.mkEnableOption "the mouse";
      clock24 = lib.mkEnableOption "a clock of 24 hours";
      escapeTime = mkOption { type = types.ints.unsigned; default = 500; description = "Milliseconds that it waits after an escape."; };
      prefix = mkOption { type = types.nullOr types.str; default = null; description = "The prefix key."; };
      terminal = mkOption { type = types.str; default = "screen"; description = "Value of TERM."; };
      extraConfig = mkOption { type = types.lines; default = ""; description = "More lines of tmux.conf."; };
    };
  };

  config = lib.mkMerge [
    (lib.mkIf (cfg.home-manager.enable && !config.submoduleSupport.enable) {
      home.packages = [ (pkgs.writeShellScriptBin "home-manager" ''exec nix run home-manager -- "$@"'') ];
    })
    (hook "direnv" {
      bash = ''eval "$(direnv hook bash)"'';
      zsh = ''eval "$(direnv hook zsh)"'';
      fish = "direnv hook fish | source";
    })
    (lib.mkIf cfg.direnv.enable {
      programs.direnv.config.global = lib.mkIf cfg.direnv.silent { log_format = "-"; log_filter = "^$"; };
      xdg.configFile."direnv/direnv.toml" = lib.mkIf (cfg.direnv.config != { }) {
        source = (pkgs.formats.toml { }).generate "direnv.toml" cfg.direnv.config;
      };
      xdg.configFile."direnv/lib/hm-nix-direnv.sh" = lib.mkIf cfg.direnv.nix-direnv.enable { source = "${pkgs.nix-direnv}/share/nix-direnv/direnvrc"; };
    })
    (hook "starship" {
      bash = ''eval "$(starship init bash)"'';
      zsh = ''eval "$(starship init zsh)"'';
      fish = "starship init fish | source";
    })
    (lib.mkIf (cfg.starship.enable && cfg.starship.settings != { }) {
      xdg.configFile."starship.toml".source = (pkgs.formats.toml { }).generate "starship-config" cfg.starship.settings;
    })
    (hook "fzf" {
      bash = ''eval "$(fzf --bash)"'';
      zsh = "source <(fzf --zsh)";
      fish = "fzf --fish | source";
    })
    (lib.mkIf cfg.fzf.enable {
      home.sessionVariables = lib.mkMerge [
        (lib.mkIf (cfg.fzf.defaultCommand != null) { FZF_DEFAULT_COMMAND = cfg.fzf.defaultCommand; })
        (lib.mkIf (cfg.fzf.defaultOptions != [ ]) { FZF_DEFAULT_OPTS = toString cfg.fzf.defaultOptions; })
      ];
    })
    (hook "zoxide" {
      bash = ''eval "$(zoxide init bash ${flags cfg.zoxide.options})"'';
      zsh = ''eval "$(zoxide init zsh ${flags cfg.zoxide.options})"'';
      fish = "zoxide init fish ${flags cfg.zoxide.options} | source";
    })
    (lib.mkIf cfg.bat.enable {
      home.packages = lib.optional (cfg.bat.package != null) cfg.bat.package;
      xdg.configFile."bat/config" = lib.mkIf (cfg.bat.config != { }) {
        text = lib.concatStrings (
          lib.concatLists (
            lib.mapAttrsToList (
              key: value:
              if value == true then [ "--${key}\n" ]
              else if value == false then [ ]
              else map (v: "--${key}=${lib.escapeShellArg v}\n") (lib.toList value)
            ) cfg.bat.config
          )
        );
      };
    })
    (lib.mkIf cfg.eza.enable (
      let
        arguments = lib.optional (cfg.eza.icons != null) "--icons=${cfg.eza.icons}" ++ lib.optional cfg.eza.git "--git" ++ cfg.eza.extraOptions;
        aliases = lib.optionalAttrs (arguments != [ ]) { eza = "eza ${flags arguments}"; } // {
          ls = "eza";
          ll = "eza -l";
          la = "eza -a";
          lt = "eza --tree";
          lla = "eza -la";
        };
        set = lib.mapAttrs (_: lib.mkDefault) aliases;
      in
      {
        home.packages = lib.optional (cfg.eza.package != null) cfg.eza.package;
        programs.bash.shellAliases = lib.mkIf cfg.eza.enableBashIntegration set;
        programs.zsh.shellAliases = lib.mkIf cfg.eza.enableZshIntegration set;
        programs.fish.shellAliases = lib.mkIf cfg.eza.enableFishIntegration set;
      }
    ))
    (lib.mkIf cfg.tmux.enable {
      home.packages = lib.optional (cfg.tmux.package != null) cfg.tmux.package;
      xdg.configFile."tmux/tmux.conf".text = ''
        set -g default-terminal "${cfg.tmux.terminal}"
        set -g base-index ${toString cfg.tmux.baseIndex}
        setw -g pane-base-index ${toString cfg.tmux.baseIndex}
        set -g history-limit ${toString cfg.tmux.historyLimit}
        set -g mouse ${if cfg.tmux.mouse then "on" else "off"}
        setw -g clock-mode-style ${if cfg.tmux.clock24 then "24" else "12"}
        set -s escape-time ${toString cfg.tmux.escapeTime}
        setw -g mode-keys ${cfg.tmux.keyMode}
      ''
      + lib.optionalString (cfg.tmux.prefix != null) "set -g prefix ${cfg.tmux.prefix}\n"
      + cfg.tmux.extraConfig;
    })
  ];
}
