# programs.{bash,zsh,fish}: each shell's system-wide start-up files.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  env = config.environment;
  cfg = config.programs;

  lines = description: mkOption { type = types.lines; default = ""; inherit description; };
  aliasesOption = mkOption {
    type = types.attrsOf (types.nullOr (types.either types.str types.path));
    default = { };
    description = "Aliases of this shell, besides those of environment.shellAliases.";
  };
  aliasLines =
    aliases:
    lib.concatStrings (
      lib.mapAttrsToList (name: value: "alias ${name}=${lib.escapeShellArg value}\n") (
        lib.filterAttrs (_: value: value != null) aliases
      )
    );
  inits = {
    shellInit = lines "Code that every such shell runs.";
    loginShellInit = lines "Code that login shells run.";
    interactiveShellInit = lines "Code that interactive shells run.";
    promptInit = lines "Code that sets the prompt.";
    shellAliases = aliasesOption;
  };
in
{
  options.programs = {
    bash = inits // {
      enable = mkOption { type = types.bool; default = true; description = "Whether to set bash up."; };
      completion.enable = mkOption { type = types.bool; default = true; description = "Whether commands complete."; };
    };
    zsh = inits // {
      enable = mkOption { type = types.bool; default = false; description = "Whether to set zsh up."; };
      enableCompletion = mkOption { type = types.bool; default = true; description = "Whether commands complete."; };
      enableBashCompletion = mkOption { type = types.bool; default = false; description = "Whether bash's completions work too."; };
      autosuggestions.enable = lib.mkEnableOption "suggestions from the history";
      syntaxHighlighting.enable = lib.mkEnableOption "colours while typing";
      histSize = mkOption { type = types.int; default = 2000; description = "Lines of history."; };
    };
    fish = inits // {
      enable = mkOption { type = types.bool; default = false; description = "Whether to set fish up."; };
      package = mkOption { type = types.package; default = pkgs.fish; description = "The fish."; };
      shellAbbrs = mkOption { type = types.attrsOf types.str; default = { }; description = "Abbreviations."; };
      vendor.completions.enable = mkOption { type = types.bool; default = true; description = "Whether packages bring completions."; };
    };
  };

  config = lib.mkMerge [
    {
      programs.bash.shellAliases = lib.mapAttrs (_: lib.mkDefault) env.shellAliases;
      programs.zsh.shellAliases = lib.mapAttrs (_: lib.mkDefault) env.shellAliases;
      programs.fish.shellAliases = lib.mapAttrs (_: lib.mkDefault) env.shellAliases;
    }
    (lib.mkIf cfg.bash.enable {
      environment.etc.profile.text = ''
        . /etc/set-environment
        ${env.shellInit}
        ${cfg.bash.shellInit}
        ${env.loginShellInit}
        ${cfg.bash.loginShellInit}
        [ -z "$PS1" ] || . /etc/bashrc
      '';
      environment.etc.bashrc.text = ''
        ${aliasLines cfg.bash.shellAliases}
        ${lib.optionalString cfg.bash.completion.enable "shopt -s progcomp"}
        ${env.interactiveShellInit}
        ${cfg.bash.interactiveShellInit}
        ${cfg.bash.promptInit}
      '';
    })
    (lib.mkIf cfg.zsh.enable {
      environment.etc.zshenv.text = ''
        . /etc/set-environment
        ${env.shellInit}
        ${cfg.zsh.shellInit}
      '';
      environment.etc.zprofile.text = ''
        ${env.loginShellInit}
        ${cfg.zsh.loginShellInit}
      '';
      environment.etc.zshrc.text = ''
        HISTSIZE=${toString cfg.zsh.histSize}
        ${lib.optionalString cfg.zsh.enableCompletion "autoload -U compinit && compinit"}
        ${lib.optionalString cfg.zsh.enableBashCompletion "autoload -U bashcompinit && bashcompinit"}
        ${lib.optionalString cfg.zsh.autosuggestions.enable "source zsh-autosuggestions.zsh"}
        ${lib.optionalString cfg.zsh.syntaxHighlighting.enable "source zsh-syntax-highlighting.zsh"}
        ${aliasLines cfg.zsh.shellAliases}
        ${env.interactiveShellInit}
        ${cfg.zsh.interactiveShellInit}
        ${cfg.zsh.promptInit}
      '';
      environment.systemPackages = [ pkgs.zsh ];
      environment.shells = [ "/run/current-system/sw/bin/zsh" "${pkgs.zsh}/bin/zsh" ];
    })
    (lib.mkIf cfg.fish.enable {
      environment.etc."fish/config.fish".text = ''
        ${cfg.fish.shellInit}
        status is-login; and begin
          ${cfg.fish.loginShellInit}
        end
        status is-interactive; and begin
          ${aliasLines cfg.fish.shellAliases}
          ${lib.concatStrings (lib.mapAttrsToList (name: value: "abbr -ag ${name} ${lib.escapeShellArg value}\n") cfg.fish.shellAbbrs)}
          ${lib.optionalString cfg.fish.vendor.completions.enable "set -p fish_complete_path /run/current-system/sw/share/fish/vendor_completions.d"}
          ${cfg.fish.interactiveShellInit}
          ${cfg.fish.promptInit}
        end
      '';
      environment.systemPackages = [ cfg.fish.package ];
      environment.shells = [ "/run/current-system/sw/bin/fish" "${cfg.fish.package}/bin/fish" ];
    })
  ];
}
