# neovim, whatever one types; and what all editors agree on.
{ pkgs, ... }:
{
  programs.neovim = {
    enable = true;
    defaultEditor = true;
    viAlias = true;
    vimAlias = true;
    withRuby = false;
    withPython3 = false;
    # Language servers that every project can count on.
    extraPackages = [
      pkgs.lua-language-server
      pkgs.nixd
    ];
    extraConfig = ''
      set number relativenumber
      set expandtab shiftwidth=2
      set undofile
    '';
  };

  editorconfig = {
    enable = true;
    settings = {
      "*" = {
        charset = "utf-8";
        end_of_line = "lf";
        insert_final_newline = true;
        trim_trailing_whitespace = true;
      };
      "*.{nix,yaml}" = {
        indent_size = 2;
        indent_style = "space";
      };
      "{Makefile,justfile}".indent_style = "tab";
    };
  };
}
