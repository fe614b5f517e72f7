# neovim, whatever one types.
{
  programs.neovim = {
    enable = true;
    defaultEditor = true;
    viAlias = true;
    vimAlias = true;
    withRuby = false;
    withPython3 = false;
    extraConfig = ''
      set number relativenumber
      set expandtab shiftwidth=2
    '';
  };
}
