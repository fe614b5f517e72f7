# programs.neovim: the editor of the account.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  nvim = config.programs.neovim;
  flag = description: mkOption { type = types.bool; default = false; inherit description; };
  alias = name: pkgs.writeShellScriptBin name ''exec ${nvim.package}/bin/nvim "$@"'';
in
{
  options.programs.neovim = {
    enable = lib.mkEnableOption "neovim";
    package = mkOption { type = types.package; default = pkgs.neovim; description = "The neovim."; };
    defaultEditor = flag "Whether it is the editor.";
    viAlias = flag "Whether vi starts it.";
    vimAlias = flag "Whether vim starts it.";
    withRuby = flag "Whether plug-ins in Ruby run.";
    withPython3 = flag "Whether plug-ins in Python run.";
    extraPackages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages that it finds."; };
    extraConfig = mkOption { type = types.lines; default = ""; description = "Vim script to run at the start."; };
    initLua = mkOption { type = types.lines; default = ""; description = "Lua to run at the start."; };
  };
  config = lib.mkIf nvim.enable {
    home.packages = [ nvim.package ] ++ lib.optional nvim.viAlias (alias "vi") ++ lib.optional nvim.vimAlias (alias "vim") ++ nvim.extraPackages;
    home.sessionVariables = lib.mkIf nvim.defaultEditor { EDITOR = "nvim"; };
    xdg.configFile."nvim/init.lua" = lib.mkIf (nvim.extraConfig != "" || nvim.initLua != "") {
      text =
        "vim.g.loaded_ruby_provider = ${if nvim.withRuby then "nil" else "0"}\nvim.g.loaded_python3_provider = ${if nvim.withPython3 then "nil" else "0"}\n"
        + lib.optionalString (nvim.extraConfig != "") "vim.cmd [[\n${nvim.extraConfig}]]\n"
        + nvim.initLua;
    };
  };
}
