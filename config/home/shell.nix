# fish, its prompt, its history, and how it moves around. bash and zsh stay usable.
{ config, ... }:
{
  programs = {
    fish = {
      enable = true;
      shellAbbrs = {
        gc = "git commit";
        gp = "git push";
        nd = "nix develop";
        nfc = "nix flake check";
      };
      functions = {
        mkcd = "mkdir -p $argv[1]; and cd $argv[1]";
        since = "git log --oneline --since=$argv[1]";
      };
    };
    bash = {
      enable = true;
      historyControl = [
        "erasedups"
        "ignorespace"
      ];
      historySize = 20000;
    };
    zsh = {
      enable = true;
      dotDir = "${config.xdg.configHome}/zsh";
      autosuggestion.enable = true;
      syntaxHighlighting.enable = true;
      history = {
        size = 20000;
        share = true;
      };
    };
    readline = {
      enable = true;
      variables = {
        colored-stats = true;
        completion-ignore-case = true;
        editing-mode = "vi";
      };
    };

    starship = {
      enable = true;
      settings = {
        add_newline = false;
        command_timeout = 1000;
        nix_shell.format = "via [$name]($style) ";
        character.vimcmd_symbol = "[N](bold green)";
        git_status.ahead = "+$count";
      };
    };
    atuin = {
      enable = true;
      flags = [ "--disable-up-arrow" ];
      settings = {
        # The history stays on this machine.
        auto_sync = false;
        update_check = false;
        search_mode = "fuzzy";
        style = "compact";
      };
    };
    zoxide = {
      enable = true;
      options = [
        "--cmd"
        "j"
      ];
    };
    fzf = {
      enable = true;
      defaultCommand = "fd --type f --hidden --exclude .git";
      defaultOptions = [
        "--height=40%"
        "--layout=reverse"
      ];
    };
  };
}
