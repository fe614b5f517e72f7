# services.{ollama,syncthing}: programs that run in the account's session, on both systems.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services;
  flag = description: mkOption { type = types.bool; default = true; inherit description; };
  package = p: mkOption { type = types.package; default = p; description = "The package."; };

  # One command, as systemd or as launchd starts it.
  session = name: description: command: environment: {
    systemd.user.services.${name} = lib.mkIf pkgs.stdenv.hostPlatform.isLinux {
      Unit.Description = description;
      Service = {
        ExecStart = lib.escapeShellArgs command;
        Environment = lib.mapAttrsToList (key: value: "${key}=${value}") environment;
      };
      Install.WantedBy = [ "default.target" ];
    };
    launchd.agents.${name} = lib.mkIf pkgs.stdenv.hostPlatform.isDarwin {
      enable = true;
      config = {
        ProgramArguments = command;
        EnvironmentVariables = environment;
        KeepAlive = true;
      };
    };
  };
in
{
  options.services = {
    ollama = {
      enable = lib.mkEnableOption "ollama";
      package = package pkgs.ollama;
      host = mkOption { type = types.str; default = "127.0.0.1"; description = "Address to listen on."; };
      port = mkOption { type = types.port; default = 11434; description = "Port to listen on."; };
      environmentVariables = mkOption { type = types.attrsOf types.str; default = { }; description = "Variables of the server."; };
    };
    syncthing = {
      enable = lib.mkEnableOption "Syncthing";
      package = package pkgs.syncthing;
      overrideDevices = flag "Whether devices that are not listed are removed.";
      overrideFolders = flag "Whether folders that are not listed are removed.";
      settings = mkOption { type = types.attrsOf types.anything; default = { }; description = "Settings of Syncthing."; };
    };
  };
  config = lib.mkMerge [
    (lib.mkIf cfg.ollama.enable {
      home.packages = [ cfg.ollama.package ];
    })
    (lib.mkIf cfg.ollama.enable (
      session "ollama" "Server for language models" [ (lib.getExe cfg.ollama.package) "serve" ] (
        cfg.ollama.environmentVariables // { OLLAMA_HOST = "${cfg.ollama.host}:${toString cfg.ollama.port}"; }
      )
    ))
    (lib.mkIf cfg.syncthing.enable (
      session "syncthing" "Syncthing" [ (lib.getExe cfg.syncthing.package) "serve" "--no-browser" ] { }
    ))
    (lib.mkIf cfg.syncthing.enable {
      xdg.configFile."syncthing/wanted.json".text = builtins.toJSON {
        inherit (cfg.syncthing) overrideDevices overrideFolders settings;
      };
    })
  ];
}
