# kitty and tmux.
{
  programs = {
    kitty = {
      enable = true;
      font = {
        name = "JetBrainsMono Nerd Font";
        size = 14;
      };
      settings = {
        confirm_os_window_close = 0;
        enable_audio_bell = false;
        scrollback_lines = 10000;
      };
    };
    tmux = {
      enable = true;
      baseIndex = 1;
      historyLimit = 50000;
      keyMode = "vi";
      mouse = true;
    };
  };
}
