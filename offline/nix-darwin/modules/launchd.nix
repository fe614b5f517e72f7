# launchd.*: daemons and agents, rendered to property lists.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.launchd;
  nullOr = type: mkOption { type = types.nullOr type; default = null; description = "As in launchd.plist(5)."; };

  calendar = import ./launchd-calendar.nix { inherit lib; };
  strings = types.attrsOf types.str;

  plistOptions = {
    Label = mkOption { type = types.str; description = "Name of the job."; };
    Disabled = nullOr types.bool;
    UserName = nullOr types.str;
    GroupName = nullOr types.str;
    Program = nullOr types.path;
    ProgramArguments = nullOr (types.listOf types.str);
    RunAtLoad = nullOr types.bool;
    KeepAlive = nullOr (types.either types.bool (types.attrsOf types.anything));
    WorkingDirectory = nullOr types.str;
    EnvironmentVariables = nullOr strings;
    Umask = nullOr types.int;
    ThrottleInterval = nullOr types.int;
    StartInterval = nullOr types.int;
    StartCalendarInterval = nullOr calendar;
    WatchPaths = nullOr (types.listOf types.path);
    QueueDirectories = nullOr (types.listOf types.str);
    StandardInPath = nullOr types.path;
    StandardOutPath = nullOr types.path;
    StandardErrorPath = nullOr types.path;
    Nice = nullOr types.int;
    ProcessType = nullOr (types.enum [ "Background" "Standard" "Adaptive" "Interactive" ]);
    LowPriorityIO = nullOr types.bool;
    LimitLoadToSessionType = nullOr (types.either types.str (types.listOf types.str));
  };

  job =
    { name, config, ... }:
    let
      started = if config.command != "" then config.command else pkgs.writeScript "${name}-start" ''
        #!/bin/bash
        ${config.script}
      '';
    in
    {
      options = {
        command = mkOption { type = types.either types.str types.path; default = ""; description = "Command that is the job."; };
        script = mkOption { type = types.lines; default = ""; description = "Shell code that is the job."; };
        path = mkOption {
          type = types.listOf (types.either types.path types.str);
          default = [ ];
          apply = paths: if lib.isList paths then lib.makeBinPath paths else paths;
          description = "Packages on PATH of the job.";
        };
        environment = mkOption {
          type = types.attrsOf (types.either types.str (types.listOf types.str));
          default = { };
          apply = lib.mapAttrs (_: v: if lib.isList v then lib.concatStringsSep ":" v else v);
          description = "Variables of the job.";
        };
        serviceConfig = mkOption {
          type = types.submodule { options = plistOptions; };
          default = { };
          description = "Keys of the property list.";
        };
      };
      config = {
        environment.PATH = lib.mkIf (config.path != "") config.path;
        serviceConfig = {
          Label = lib.mkDefault "${cfg.labelPrefix}.${name}";
          ProgramArguments = lib.mkIf (config.command != "" || config.script != "") [
            "/bin/sh"
            "-c"
            "/bin/wait4path /nix/store && exec ${started}"
          ];
          EnvironmentVariables = lib.mkIf (config.environment != { }) config.environment;
        };
      };
    };

  clean = value: if lib.isAttrs value then lib.mapAttrs (_: clean) (lib.filterAttrs (n: v: v != null && n != "_module") value) else if lib.isList value then map clean value else value;
  plist = job: pkgs.writeText "${job.serviceConfig.Label}.plist" (lib.generators.toPlist { escape = true; } (clean job.serviceConfig));
  jobs = description: mkOption { type = types.attrsOf (types.submodule job); default = { }; inherit description; };

  link = folder: lib.concatMapStrings (j: ''
    ln -s ${plist j} "$out/${folder}/${j.serviceConfig.Label}.plist"
  '');
in
{
  options.launchd = {
    labelPrefix = mkOption { type = types.str; default = "org.nixos"; description = "What labels start with."; };
    daemons = jobs "Jobs of the system.";
    agents = jobs "Jobs of every session.";
    user.agents = jobs "Jobs of the primary user's session.";
  };

  config = {
    system.build.launchd = pkgs.runCommand "launchd" { } ''
      mkdir -p "$out/Library/LaunchDaemons" "$out/Library/LaunchAgents" "$out/user/Library/LaunchAgents"
      ${link "Library/LaunchDaemons" (lib.attrValues cfg.daemons)}
      ${link "Library/LaunchAgents" (lib.attrValues cfg.agents)}
      ${link "user/Library/LaunchAgents" (lib.attrValues cfg.user.agents)}
    '';
    system.requiresPrimaryUser = map (name: "launchd.user.agents.${name}") (lib.attrNames cfg.user.agents);
    system.activationScripts.launchd.text = lib.concatMapStrings (j: ''
      launchctl bootstrap system "$systemConfig/Library/LaunchDaemons/${j.serviceConfig.Label}.plist"
    '') (lib.attrValues cfg.daemons);
    system.activationScripts.userLaunchd.text = lib.concatMapStrings (j: ''
      launchctl bootstrap "gui/$(id -u -- ${lib.escapeShellArg config.system.primaryUser})" "$systemConfig/user/Library/LaunchAgents/${j.serviceConfig.Label}.plist"
    '') (lib.attrValues cfg.user.agents);
  };
}
