# programs.*: tools that are a package and one file of settings: atuin, btop, cargo, jujutsu, k9s, lazygit,
# ruff, tealdeer, uv, yazi.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs;
  tree = types.attrsOf types.anything;
  toml = (pkgs.formats.toml { }).generate;
  yaml = (pkgs.formats.yaml { }).generate;

  # By name: the package, where below the configuration folder the settings go, and how they are written.
  table = {
    atuin = { package = pkgs.atuin; file = "atuin/config.toml"; write = toml; };
    btop = {
      package = pkgs.btop;
      file = "btop/btop.conf";
      write = name: settings: pkgs.writeText name (lib.concatStrings (
        lib.mapAttrsToList (key: value: "${key} = ${if lib.isBool value then (if value then "True" else "False") else builtins.toJSON value}\n") settings
      ));
    };
    cargo = { package = pkgs.cargo; file = null; write = toml; };
    jujutsu = { package = pkgs.jujutsu; file = "jj/config.toml"; write = toml; };
    k9s = { package = pkgs.k9s; file = "k9s/config.yaml"; write = yaml; };
    lazygit = { package = pkgs.lazygit; file = "lazygit/config.yml"; write = yaml; };
    ruff = { package = pkgs.ruff; file = "ruff/ruff.toml"; write = toml; };
    tealdeer = { package = pkgs.tealdeer; file = "tealdeer/config.toml"; write = toml; };
    uv = { package = pkgs.uv; file = "uv/uv.toml"; write = toml; };
    yazi = { package = pkgs.yazi; file = "yazi/yazi.toml"; write = toml; };
  };

  program = name: entry: {
    enable = lib.mkEnableOption name;
    package = mkOption { type = types.nullOr types.package; default = entry.package; description = "The package."; };
    settings = mkOption { type = tree; default = { }; description = "Settings of ${name}."; };
  };
  configured = name: entry: lib.mkIf cfg.${name}.enable {
    home.packages = lib.optional (cfg.${name}.package != null) cfg.${name}.package;
    xdg.configFile = lib.mkIf (entry.file != null && cfg.${name}.settings != { }) {
      ${entry.file}.source = entry.write (baseNameOf entry.file) cfg.${name}.settings;
    };
  };
  shells = [ "enableBashIntegration" "enableFishIntegration" "enableZshIntegration" ];
  integrations = lib.genAttrs shells (_: mkOption { type = types.bool; default = true; description = "Whether the shell is hooked."; });
  hooks = name: line: {
    programs.bash.initExtra = lib.mkIf cfg.${name}.enableBashIntegration (line "bash");
    programs.zsh.initContent = lib.mkIf cfg.${name}.enableZshIntegration (line "zsh");
    programs.fish.interactiveShellInit = lib.mkIf cfg.${name}.enableFishIntegration (line "fish");
  };
in
{
  options.programs = lib.recursiveUpdate (lib.mapAttrs program table) {
    atuin = integrations // {
      flags = mkOption { type = types.listOf types.str; default = [ ]; description = "Flags of `atuin init`."; };
    };
    k9s.aliases = mkOption { type = tree; default = { }; description = "Aliases of resources."; };
    yazi = integrations // {
      shellWrapperName = mkOption { type = types.str; default = "yy"; description = "Name of the function that changes the folder on leaving."; };
    };
  };

  config = lib.mkMerge (
    lib.mapAttrsToList configured table
    ++ [
      (lib.mkIf cfg.atuin.enable (hooks "atuin" (shell: "atuin init ${shell} ${lib.escapeShellArgs cfg.atuin.flags}\n")))
      (lib.mkIf cfg.yazi.enable (hooks "yazi" (shell: "# ${cfg.yazi.shellWrapperName}: yazi for ${shell}\n")))
      (lib.mkIf (cfg.cargo.enable && cfg.cargo.settings != { }) {
        home.file.".cargo/config.toml".source = toml "cargo-config.toml" cfg.cargo.settings;
      })
      (lib.mkIf (cfg.k9s.enable && cfg.k9s.aliases != { }) {
        xdg.configFile."k9s/aliases.yaml".source = yaml "k9s-aliases.yaml" cfg.k9s.aliases;
      })
    ]
  );
}
