# programs.{bash,zsh,fish}: each shell's system-wide start-up files.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  env = config.environment;
  cfg = config.programs;
  lines = description: mkOption { type = types.lines; default = ""; inherit description; };
  flag = default: description: mkOption { type = types.bool; inherit default description; };
  aliasLines = aliases: lib.concatStrings (lib.mapAttrsToList (name: value: "alias ${name}=${lib.escapeShellArg value}\n") aliases);
  setEnvironment = ". ${config.system.build.setEnvironment}";
in
{
  options.programs = {
    bash = {
      enable = flag true "Whether to set bash up.";
      completion.enable = flag false "Whether commands complete.";
      interactiveShellInit = lines "Code that interactive shells run.";
    };
    zsh = {
      enable = flag true "Whether to set zsh up.";
      enableCompletion = flag true "Whether commands complete.";
      enableBashCompletion = flag true "Whether bash's completions work too.";
      enableSyntaxHighlighting = flag false "Whether there are colours while typing.";
      histSize = mkOption { type = types.int; default = 2000; description = "Lines of history."; };
      shellInit = lines "Code that every zsh runs.";
      loginShellInit = lines "Code that login shells run.";
      interactiveShellInit = lines "Code that interactive shells run.";
      promptInit = mkOption { type = types.lines; default = "autoload -U promptinit && promptinit && prompt suse && setopt prompt_sp"; description = "Code that sets the prompt."; };
    };
    fish = {
      enable = flag false "Whether to set fish up.";
      vendor.completions.enable = flag true "Whether packages bring completions.";
      shellAbbrs = mkOption { type = types.attrsOf types.str; default = { }; description = "Abbreviations."; };
      shellAliases = mkOption { type = types.attrs; default = env.shellAliases; description = "Aliases of fish."; };
      shellInit = lines "Code that every fish runs.";
      loginShellInit = lines "Code that login shells run.";
      interactiveShellInit = lines "Code that interactive shells run.";
      promptInit = lines "Code that sets the prompt.";
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.bash.enable {
      environment.systemPackages = [ pkgs.bashInteractive ];
      environment.etc.bashrc.text = ''
        ${setEnvironment}
        ${env.shellInit}
        ${aliasLines env.shellAliases}
        ${env.interactiveShellInit}
        ${lib.optionalString cfg.bash.completion.enable "shopt -s progcomp"}
        ${cfg.bash.interactiveShellInit}
      '';
    })
    (lib.mkIf cfg.zsh.enable {
      environment.systemPackages = [ pkgs.zsh ];
      environment.etc.zshenv.text = ''
        ${setEnvironment}
        ${env.shellInit}
        ${cfg.zsh.shellInit}
      '';
      environment.etc.zprofile.text = ''
        ${env.loginShellInit}
        ${cfg.zsh.loginShellInit}
      '';
      environment.etc.zshrc.text = ''
        HISTSIZE=${toString cfg.zsh.histSize}
        ${aliasLines env.shellAliases}
        ${env.interactiveShellInit}
        ${cfg.zsh.interactiveShellInit}
        ${cfg.zsh.promptInit}
        ${lib.optionalString cfg.zsh.enableCompletion "autoload -U compinit && compinit"}
        ${lib.optionalString cfg.zsh.enableBashCompletion "autoload -U bashcompinit && bashcompinit"}
        ${lib.optionalString cfg.zsh.enableSyntaxHighlighting "source zsh-syntax-highlighting.zsh"}
      '';
    })
    (lib.mkIf cfg.fish.enable {
      environment.systemPackages = [ pkgs.fish ];
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
    })
  ];
}
