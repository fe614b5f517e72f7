# programs.{git,delta,gh}: version control and what surrounds it.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs.git;
  delta = config.programs.delta;
  gh = config.programs.gh;

  primitive = types.oneOf [ types.str types.bool types.int ];
  multiple = types.either primitive (types.listOf primitive);
  section = types.attrsOf multiple;
  settingsType = types.attrsOf (types.attrsOf (types.either multiple section));

  line = key: value: lib.concatMapStrings (v: "\t${key} = ${if lib.isBool v then lib.boolToString v else if lib.isString v then builtins.toJSON v else toString v}\n") (lib.toList value);
  # A set inside a section is a subsection of it.
  render =
    settings:
    lib.concatStrings (
      lib.mapAttrsToList (
        name: keys:
        let
          plain = lib.filterAttrs (_: v: !lib.isAttrs v) keys;
          sub = lib.filterAttrs (_: lib.isAttrs) keys;
        in
        lib.optionalString (plain != { }) "[${name}]\n${lib.concatStrings (lib.mapAttrsToList line plain)}"
        + lib.concatStrings (
          lib.mapAttrsToList (subName: subKeys: "[${name} ${builtins.toJSON subName}]\n${lib.concatStrings (lib.mapAttrsToList line subKeys)}") sub
        )
      ) settings
    );
  settings = mkOption { type = settingsType; default = { }; description = "Settings of git."; };
in
{
  options.programs = {
    git = {
      enable = lib.mkEnableOption "git";
      package = mkOption { type = types.nullOr types.package; default = pkgs.git; description = "The git."; };
      inherit settings;
      # What is written: the settings, and what other modules add without showing up among them.
      iniContent = settings // { internal = true; };
      ignores = mkOption { type = types.listOf types.str; default = [ ]; description = "Patterns to ignore everywhere."; };
      attributes = mkOption { type = types.listOf types.str; default = [ ]; description = "Attributes of paths."; };
      signing = {
        key = mkOption { type = types.nullOr types.str; default = null; description = "Key to sign with."; };
        format = mkOption { type = types.nullOr (types.enum [ "openpgp" "ssh" "x509" ]); default = null; description = "How to sign."; };
        signByDefault = mkOption { type = types.nullOr types.bool; default = null; description = "Whether commits and tags are signed."; };
      };
      lfs.enable = lib.mkEnableOption "git-lfs";
    };
    delta = {
      enable = lib.mkEnableOption "delta";
      package = mkOption { type = types.package; default = pkgs.delta; description = "The delta."; };
      enableGitIntegration = mkOption { type = types.bool; default = false; description = "Whether git shows diffs with it."; };
      options = mkOption { type = types.attrsOf (types.either primitive section); default = { }; description = "Settings of delta."; };
    };
    gh = {
      enable = lib.mkEnableOption "GitHub's command line";
      package = mkOption { type = types.package; default = pkgs.gh; description = "The gh."; };
      settings = mkOption {
        default = { };
        description = "Settings of gh.";
        type = types.submodule {
          freeformType = types.attrsOf types.anything;
          options = {
            aliases = mkOption { type = types.attrsOf types.str; default = { }; description = "Aliases of commands."; };
            editor = mkOption { type = types.str; default = ""; description = "Editor for texts."; };
            git_protocol = mkOption { type = types.str; default = "https"; description = "How repositories are cloned."; };
          };
        };
      };
      gitCredentialHelper.enable = mkOption { type = types.bool; default = true; description = "Whether git gets its credentials from it."; };
      gitCredentialHelper.hosts = mkOption { type = types.listOf types.str; default = [ "https://github.com" "https://gist.github.com" ]; description = "For which hosts."; };
    };
  };

  config = lib.mkMerge [
    (lib.mkIf cfg.enable {
      home.packages = lib.optional (cfg.package != null) cfg.package ++ lib.optional cfg.lfs.enable pkgs.git-lfs;
      programs.git.iniContent = lib.mkMerge [
        cfg.settings
        (lib.mkIf (cfg.signing.key != null) { user.signingKey = cfg.signing.key; })
        (lib.mkIf (cfg.signing.format != null) { gpg.format = cfg.signing.format; })
        (lib.mkIf (cfg.signing.signByDefault != null) {
          commit.gpgSign = lib.mkDefault cfg.signing.signByDefault;
          tag.gpgSign = lib.mkDefault cfg.signing.signByDefault;
        })
        (lib.mkIf cfg.lfs.enable {
          filter.lfs = {
            clean = "git-lfs clean -- %f";
            process = "git-lfs filter-process";
            required = true;
            smudge = "git-lfs smudge -- %f";
          };
        })
      ];
      xdg.configFile = {
        "git/config".text = render cfg.iniContent;
        "git/ignore" = lib.mkIf (cfg.ignores != [ ]) { text = lib.concatLines cfg.ignores; };
        "git/attributes" = lib.mkIf (cfg.attributes != [ ]) { text = lib.concatLines cfg.attributes; };
      };
    })
    (lib.mkIf delta.enable {
      home.packages = [ delta.package ];
      programs.git.iniContent = lib.mkIf delta.enableGitIntegration {
        core.pager = lib.getExe delta.package;
        interactive.diffFilter = "${lib.getExe delta.package} --color-only";
        delta = delta.options;
      };
    })
    (lib.mkIf gh.enable {
      home.packages = [ gh.package ];
      xdg.configFile."gh/config.yml".source = (pkgs.formats.yaml { }).generate "gh-config.yml" ({ version = "1"; } // gh.settings);
      programs.git.settings.credential = lib.mkIf gh.gitCredentialHelper.enable (
        lib.genAttrs gh.gitCredentialHelper.hosts (_: {
          helper = [ "" "${lib.getExe gh.package} auth git-credential" ];
        })
      );
    })
  ];
}
