# The jobs of a Mac's launchd: { daemons = { LABEL = PLIST; }; agents = …; }. nix-darwin
# has their files as an option; where that is not there, they are written as it would.
{ config, lib, ... }:
let
  clean =
    value:
    if lib.isAttrs value then
      lib.mapAttrs (_: clean) (lib.filterAttrs (name: v: v != null && name != "_module") value)
    else if lib.isList value then
      map clean value
    else
      value;
  ofFiles =
    files:
    lib.mapAttrs' (name: file: {
      name = lib.removeSuffix ".plist" (file.target or name);
      value = if file.text or null != null then file.text else toString (file.source or "");
    }) (lib.filterAttrs (_: file: file.enable or true) files);
  ofJobs =
    jobs:
    lib.mapAttrs' (name: job: {
      name = job.serviceConfig.Label or name;
      value = lib.generators.toPlist { escape = true; } (clean job.serviceConfig);
    }) jobs;
  written = config.environment ? launchDaemons;
in
{
  daemons = if written then ofFiles config.environment.launchDaemons else ofJobs (config.launchd.daemons or { });
  agents =
    if written then
      ofFiles (config.environment.launchAgents or { }) // ofFiles (config.environment.userLaunchAgents or { })
    else
      ofJobs (config.launchd.agents or { }) // ofJobs (config.launchd.user.agents or { });
}
