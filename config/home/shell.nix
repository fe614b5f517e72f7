# fish, its prompt, and how it moves around.
{ local, platform, ... }:
let
  defaults = local.platform.defaults platform;
in
{
  home.shellAliases = {
    cat = "bat --paging=never";
    copy = defaults.clipboard;
  };
  home.sessionPath = [ "$HOME/.local/bin" ];

  programs = {
    fish = {
      enable = true;
      shellAbbrs = {
        gc = "git commit";
        gp = "git push";
        nfc = "nix flake check";
      };
      functions.mkcd = "mkdir -p $argv[1]; and cd $argv[1]";
    };
    # Scripts and rescue sessions still start in these.
    bash.enable = true;
    zsh.enable = true;

    starship = {
      enable = true;
      settings = {
        add_newline = false;
        command_timeout = 1000;
        nix_shell.format = "via [$name]($style) ";
      };
    };
    zoxide.enable = true;
    fzf = {
      enable = true;
      defaultCommand = "fd --type f --hidden --exclude .git";
    };
  };
}
