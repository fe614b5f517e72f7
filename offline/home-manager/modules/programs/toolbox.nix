# programs.{fd,ripgrep,jq,less,readline,go,gpg,awscli,kubecolor,nh}: tools with settings of their own form.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs;
  package = p: mkOption { type = types.nullOr types.package; default = p; description = "The package."; };
  strings = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
  flag = description: mkOption { type = types.bool; default = false; inherit description; };
  scalar = types.oneOf [ types.bool types.int types.str ];
  install = program: lib.mkIf program.enable { home.packages = lib.optional (program.package != null) program.package; };
  readlineText = value: if lib.isBool value then (if value then "on" else "off") else toString value;
  colors = [ "null" "false" "true" "numbers" "strings" "arrays" "objects" "objectKeys" ];
in
{
  options.programs = {
    fd = {
      enable = lib.mkEnableOption "fd";
      package = package pkgs.fd;
      hidden = flag "Whether hidden files are searched.";
      ignores = strings "Paths that are ignored everywhere.";
      extraOptions = strings "More options.";
    };
    ripgrep = {
      enable = lib.mkEnableOption "ripgrep";
      package = package pkgs.ripgrep;
      arguments = strings "Arguments of every call.";
    };
    jq = {
      enable = lib.mkEnableOption "jq";
      package = package pkgs.jq;
      colors = mkOption {
        default = null;
        description = "Colours of the output.";
        type = types.nullOr (types.submodule {
          options = lib.genAttrs colors (_: mkOption { type = types.str; description = "A colour."; });
        });
      };
    };
    less = {
      enable = lib.mkEnableOption "less";
      package = package pkgs.less;
      options = strings "Options of every call.";
    };
    readline = {
      enable = lib.mkEnableOption "readline";
      variables = mkOption { type = types.attrsOf scalar; default = { }; description = "Variables of readline."; };
    };
    go = {
      enable = lib.mkEnableOption "Go";
      package = package pkgs.go;
      env = mkOption { type = types.attrsOf (types.either types.str (types.listOf types.str)); default = { }; description = "Variables of `go env`."; };
    };
    gpg = {
      enable = lib.mkEnableOption "GnuPG";
      package = package pkgs.gnupg;
      settings = mkOption { type = types.attrsOf (types.oneOf [ types.str types.bool (types.listOf types.str) ]); default = { }; description = "Lines of gpg.conf."; };
    };
    awscli = {
      enable = lib.mkEnableOption "the command line of AWS";
      package = package pkgs.awscli2;
      settings = mkOption { type = types.attrsOf (types.attrsOf scalar); default = { }; description = "Settings of ~/.aws/config."; };
    };
    kubecolor = {
      enable = lib.mkEnableOption "kubecolor";
      package = package pkgs.kubecolor;
      enableAlias = flag "Whether kubectl starts it.";
    };
    nh = {
      enable = lib.mkEnableOption "nh";
      package = package pkgs.nh;
      flake = mkOption { type = types.nullOr (types.either types.singleLineStr types.path); default = null; description = "The flake that it works on."; };
    };
  };

  config = lib.mkMerge [
    (lib.mkMerge (map (name: install cfg.${name}) [ "awscli" "fd" "go" "gpg" "jq" "kubecolor" "less" "nh" "ripgrep" ]))
    (lib.mkIf cfg.fd.enable {
      home.shellAliases = lib.mkIf (cfg.fd.hidden || cfg.fd.extraOptions != [ ]) {
        fd = lib.escapeShellArgs ([ "fd" ] ++ lib.optional cfg.fd.hidden "--hidden" ++ cfg.fd.extraOptions);
      };
      xdg.configFile."fd/ignore" = lib.mkIf (cfg.fd.ignores != [ ]) { text = lib.concatLines cfg.fd.ignores; };
    })
    (lib.mkIf (cfg.ripgrep.enable && cfg.ripgrep.arguments != [ ]) {
      xdg.configFile."ripgrep/ripgreprc".text = lib.concatLines cfg.ripgrep.arguments;
      home.sessionVariables.RIPGREP_CONFIG_PATH = "${config.xdg.configHome}/ripgrep/ripgreprc";
    })
    (lib.mkIf (cfg.jq.enable && cfg.jq.colors != null) {
      home.sessionVariables.JQ_COLORS = lib.concatMapStringsSep ":" (name: cfg.jq.colors.${name}) colors;
    })
    (lib.mkIf (cfg.less.enable && cfg.less.options != [ ]) {
      xdg.configFile."lesskey".text = "#env\nLESS = ${toString cfg.less.options}\n";
    })
    (lib.mkIf cfg.readline.enable {
      home.file.".inputrc".text = lib.concatStrings (lib.mapAttrsToList (name: value: "set ${name} ${readlineText value}\n") cfg.readline.variables);
    })
    (lib.mkIf (cfg.go.enable && cfg.go.env != { }) {
      xdg.configFile."go/env".text = lib.concatStrings (lib.mapAttrsToList (name: value: "${name}=${toString value}\n") cfg.go.env);
    })
    (lib.mkIf cfg.gpg.enable {
      home.file.".gnupg/gpg.conf".text = lib.concatStrings (
        lib.concatLists (
          lib.mapAttrsToList (key: value: if lib.isBool value then lib.optional value "${key}\n" else map (v: "${key} ${v}\n") (lib.toList value)) cfg.gpg.settings
        )
      );
    })
    (lib.mkIf (cfg.awscli.enable && cfg.awscli.settings != { }) {
      home.file.".aws/config".text = lib.generators.toINI { } cfg.awscli.settings;
    })
    (lib.mkIf (cfg.kubecolor.enable && cfg.kubecolor.enableAlias) { home.shellAliases.kubectl = "kubecolor"; })
    (lib.mkIf (cfg.nh.enable && cfg.nh.flake != null) { home.sessionVariables.NH_FLAKE = "${cfg.nh.flake}"; })
  ];
}
