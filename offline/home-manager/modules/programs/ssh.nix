# programs.ssh: the client's configuration, one block per host pattern.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.programs.ssh;
  nullOr = type: description: mkOption { type = types.nullOr type; default = null; inherit description; };

  block.options = {
    hostname = nullOr types.str "Real name of the host.";
    user = nullOr types.str "Account there.";
    port = nullOr types.port "Port there.";
    identityFile = mkOption { type = types.either (types.listOf types.str) (types.nullOr types.str); default = [ ]; apply = v: if v == null then [ ] else lib.toList v; description = "Keys to offer."; };
    identitiesOnly = nullOr types.bool "Whether only those keys are offered.";
    forwardAgent = nullOr types.bool "Whether the agent is forwarded.";
    addKeysToAgent = nullOr types.str "Whether keys go to the agent.";
    compression = nullOr types.bool "Whether data is compressed.";
    serverAliveInterval = nullOr types.int "Seconds between signs of life.";
    serverAliveCountMax = nullOr types.ints.positive "Signs of life that may go unanswered.";
    hashKnownHosts = nullOr types.bool "Whether names of known hosts are hashed.";
    proxyJump = nullOr types.str "Host to jump over.";
    extraOptions = mkOption { type = types.attrsOf types.str; default = { }; description = "More options."; };
  };
  keyword = name: lib.toUpper (lib.substring 0 1 name) + lib.substring 1 (-1) name;
  text = v: if lib.isBool v then (if v then "yes" else "no") else toString v;
  render =
    pattern: b:
    let
      plain = lib.filterAttrs (_: v: v != null) (removeAttrs b [ "extraOptions" "identityFile" "hostname" ]);
    in
    "Host ${pattern}\n"
    + lib.optionalString (b.hostname != null) "  HostName ${b.hostname}\n"
    + lib.concatMapStrings (file: "  IdentityFile ${file}\n") b.identityFile
    + lib.concatStrings (lib.mapAttrsToList (n: v: "  ${keyword n} ${text v}\n") plain)
    + lib.concatStrings (lib.mapAttrsToList (n: v: "  ${n} ${v}\n") b.extraOptions);

  entries = (lib.hm.dag.topoSort cfg.matchBlocks).result;
in
{
  options.programs.ssh = {
    enable = lib.mkEnableOption "the SSH client's configuration";
    enableDefaultConfig = mkOption { type = types.bool; default = true; description = "Whether the block `*` starts with home-manager's values."; };
    includes = mkOption { type = types.listOf types.str; default = [ ]; description = "Files to include."; };
    extraConfig = mkOption { type = types.lines; default = ""; description = "More lines."; };
    matchBlocks = mkOption { type = lib.hm.types.dagOf (types.submodule block); default = { }; description = "Blocks, by host pattern."; };
  };
  config = lib.mkIf cfg.enable {
    # The catch-all must stand last: the first value that matches is the one that counts.
    programs.ssh.matchBlocks."*" = lib.mkIf cfg.enableDefaultConfig {
      forwardAgent = lib.mkDefault false;
      addKeysToAgent = lib.mkDefault "no";
      compression = lib.mkDefault false;
      serverAliveInterval = lib.mkDefault 0;
    };
    home.file.".ssh/config".text =
      lib.concatMapStrings (file: "Include ${file}\n") cfg.includes
      + lib.concatMapStrings (entry: render entry.name entry.data) (lib.filter (e: e.name != "*") entries ++ lib.filter (e: e.name == "*") entries)
      + cfg.extraConfig;
  };
}
