# programs.{bash,zsh,fish}: the account's own shell start-up files.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs;
  lines = description: mkOption { type = types.lines; default = ""; inherit description; };
  aliases = mkOption { type = types.attrsOf types.str; default = { }; description = "Aliases of this shell."; };
  flag = default: description: mkOption { type = types.bool; inherit default description; };
  package = p: mkOption { type = types.nullOr types.package; default = p; description = "The package."; };
  aliasLines = a: lib.concatStrings (lib.mapAttrsToList (name: value: "alias ${name}=${lib.escapeShellArg value}\n") a);
  variables = "${config.home.sessionVariablesPackage}/etc/profile.d/hm-session-vars.sh";

  abbreviation = types.either types.str (types.submodule {
    options.expansion = mkOption { type = types.nullOr types.str; default = null; description = "What it becomes."; };
  });
  function = types.either types.lines (types.submodule {
    options = {
      body = mkOption { type = types.lines; description = "What it does."; };
      description = mkOption { type = types.nullOr types.str; default = null; description = "What it is for."; };
    };
  });
in
{
  options.programs = {
    bash = {
      enable = lib.mkEnableOption "bash";
      package = package pkgs.bashInteractive;
      shellAliases = aliases;
      historyControl = mkOption { type = types.listOf (types.enum [ "erasedups" "ignoredups" "ignorespace" "ignoreboth" ]); default = [ ]; description = "What of the history is kept."; };
      historySize = mkOption { type = types.nullOr types.int; default = 10000; description = "Lines of history."; };
      sessionVariables = mkOption { type = types.attrs; default = { }; description = "Variables of login shells."; };
      profileExtra = lines "More lines of .profile.";
      bashrcExtra = lines "Lines of .bashrc for every bash.";
      initExtra = lines "Lines of .bashrc for interactive shells.";
    };
    zsh = {
      enable = lib.mkEnableOption "zsh";
      package = package pkgs.zsh;
      shellAliases = aliases;
      dotDir = mkOption { type = types.nullOr types.str; default = config.home.homeDirectory; description = "Folder of its start-up files."; };
      enableCompletion = flag true "Whether commands complete.";
      autosuggestion.enable = lib.mkEnableOption "suggestions from the history";
      syntaxHighlighting.enable = lib.mkEnableOption "colours while typing";
      history = {
        size = mkOption { type = types.int; default = 10000; description = "Lines of history."; };
        share = flag true "Whether sessions share their history.";
      };
      initContent = lines "Lines of .zshrc.";
      envExtra = lines "Lines of .zshenv.";
    };
    fish = {
      enable = lib.mkEnableOption "fish";
      package = package pkgs.fish;
      shellAliases = aliases;
      shellAbbrs = mkOption { type = types.attrsOf abbreviation; default = { }; description = "Abbreviations."; };
      functions = mkOption { type = types.attrsOf function; default = { }; description = "Functions."; };
      shellInit = lines "Code that every fish runs.";
      loginShellInit = lines "Code that login shells run.";
      interactiveShellInit = lines "Code that interactive shells run.";
      shellInitLast = lines "Code that runs last.";
    };
  };

  config = lib.mkMerge [
    {
      programs.bash.shellAliases = config.home.shellAliases;
      programs.zsh.shellAliases = config.home.shellAliases;
      programs.fish.shellAliases = config.home.shellAliases;
    }
    (lib.mkIf cfg.bash.enable {
      home.packages = lib.optional (cfg.bash.package != null) cfg.bash.package;
      home.file.".profile".text = ''
        . "${variables}"
        ${lib.concatStrings (lib.mapAttrsToList (name: value: "export ${name}=${builtins.toJSON (toString value)}\n") cfg.bash.sessionVariables)}
        ${cfg.bash.profileExtra}
      '';
      home.file.".bashrc".text = ''
        ${cfg.bash.bashrcExtra}
        [[ $- == *i* ]] || return
        HISTSIZE=${toString cfg.bash.historySize}
        HISTCONTROL=${lib.concatStringsSep ":" cfg.bash.historyControl}
        ${aliasLines cfg.bash.shellAliases}
        ${cfg.bash.initExtra}
      '';
    })
    (lib.mkIf cfg.zsh.enable {
      home.packages = lib.optional (cfg.zsh.package != null) cfg.zsh.package;
      home.file.".zshenv".text = ''
        export ZDOTDIR=${cfg.zsh.dotDir}
        . "${variables}"
        ${cfg.zsh.envExtra}
      '';
      home.file."${lib.removePrefix "${config.home.homeDirectory}/" "${cfg.zsh.dotDir}/"}.zshrc".text = ''
        HISTSIZE=${toString cfg.zsh.history.size}
        ${if cfg.zsh.history.share then "setopt" else "unsetopt"} SHARE_HISTORY
        ${lib.optionalString cfg.zsh.enableCompletion "autoload -U compinit && compinit"}
        ${lib.optionalString cfg.zsh.autosuggestion.enable "source zsh-autosuggestions.zsh"}
        ${lib.optionalString cfg.zsh.syntaxHighlighting.enable "source zsh-syntax-highlighting.zsh"}
        ${cfg.zsh.initContent}
        ${aliasLines cfg.zsh.shellAliases}
      '';
    })
    (lib.mkIf cfg.fish.enable {
      home.packages = lib.optional (cfg.fish.package != null) cfg.fish.package;
      xdg.configFile = {
        "fish/config.fish".text = ''
          sh -c '. "${variables}"; env' | while read -l line; string match -q '*=*' -- $line; and set -gx (string split -m 1 = -- $line); end
          ${cfg.fish.shellInit}
          status is-login; and begin
            ${cfg.fish.loginShellInit}
          end
          status is-interactive; and begin
            ${lib.concatStrings (
              lib.mapAttrsToList (
                name: abbr: "abbr --add -- ${name} ${lib.escapeShellArg (if lib.isString abbr then abbr else toString abbr.expansion)}\n"
              ) cfg.fish.shellAbbrs
            )}
            ${aliasLines cfg.fish.shellAliases}
            ${cfg.fish.interactiveShellInit}
          end
          ${cfg.fish.shellInitLast}
        '';
      }
      // lib.mapAttrs' (
        name: def:
        lib.nameValuePair "fish/functions/${name}.fish" {
          text =
            "function ${name}${lib.optionalString (lib.isAttrs def && def.description != null) " --description ${lib.escapeShellArg def.description}"}\n"
            + (if lib.isAttrs def then def.body else def)
            + "\nend\n";
        }
      ) cfg.fish.functions;
    })
  ];
}
