# kitty and tmux, and the file manager that runs in them.
{ local, pkgs, ... }:
{
  programs = {
    kitty = {
      enable = true;
      package = local.wrappers.kitty pkgs;
      font = {
        name = "JetBrainsMono Nerd Font";
        size = 14;
      };
      keybindings = {
        "ctrl+shift+enter" = "new_window_with_cwd";
        "ctrl+shift+t" = "new_tab_with_cwd";
      };
      settings = {
        confirm_os_window_close = 0;
        copy_on_select = true;
        enable_audio_bell = false;
        scrollback_lines = 10000;
        tab_bar_style = "powerline";
      };
    };
    tmux = {
      enable = true;
      baseIndex = 1;
      clock24 = true;
      escapeTime = 10;
      historyLimit = 50000;
      keyMode = "vi";
      mouse = true;
      prefix = "C-a";
      terminal = "tmux-256color";
    };
    yazi = {
      enable = true;
      shellWrapperName = "y";
      settings.mgr = {
        show_hidden = true;
        sort_by = "natural";
        sort_dir_first = true;
      };
    };
  };
}
