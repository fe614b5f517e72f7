# home-manager.*: homes as part of a system, the same on NixOS and nix-darwin.
{ config, lib, pkgs, _class, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.home-manager;
  extended = import ../lib/extended.nix lib;

  home = types.submoduleWith {
    description = "Home Manager module";
    class = "homeManager";
    specialArgs = {
      lib = extended;
      osConfig = config;
      # Not the system's own set, which has the system's overlays.
      basePkgs = import pkgs.path { inherit (pkgs.stdenv.hostPlatform) system; };
      osClass = _class;
      modulesPath = toString ../modules;
    }
    // cfg.extraSpecialArgs;
    modules = [
      (
        { name, ... }:
        {
          # With the system's packages there is nothing to configure, so nixpkgs.* does not exist then.
          imports = import ../modules/module-list.nix ++ cfg.sharedModules ++ lib.optional (!cfg.useGlobalPkgs) ../modules/nixpkgs.nix;
          config = {
            _module.args.pkgs = lib.mkIf cfg.useGlobalPkgs (lib.mkForce pkgs);
            submoduleSupport = {
              enable = true;
              externalPackageInstall = cfg.useUserPackages;
            };
            home.username = config.users.users.${name}.name;
            home.homeDirectory = config.users.users.${name}.home;
            nix.package = lib.mkIf config.nix.enable config.nix.package;
          };
        }
      )
    ];
  };
in
{
  options.home-manager = {
    users = mkOption { type = types.attrsOf home; default = { }; description = "Homes, by account."; };
    useGlobalPkgs = mkOption { type = types.bool; default = false; description = "Whether homes use the system's package set."; };
    useUserPackages = mkOption { type = types.bool; default = false; description = "Whether the system installs the packages of homes."; };
    extraSpecialArgs = mkOption { type = types.attrs; default = { }; description = "More arguments of all modules."; };
    sharedModules = mkOption { type = types.listOf types.raw; default = [ ]; description = "Modules of every home."; };
    backupFileExtension = mkOption { type = types.nullOr types.str; default = null; description = "Extension that files in the way are given."; };
    verbose = mkOption { type = types.bool; default = false; description = "Whether an activation says more."; };
  };

  config = lib.mkIf (cfg.users != { }) {
    users.users = lib.mkIf cfg.useUserPackages (lib.mapAttrs (_: user: { packages = [ user.home.path ]; }) cfg.users);
    environment.pathsToLink = lib.mkIf cfg.useUserPackages [ "/etc/profile.d" ];
    assertions = lib.concatLists (
      lib.mapAttrsToList (
        name: user: map (entry: { inherit (entry) assertion; message = "${name} profile: ${entry.message}"; }) user.assertions
      ) cfg.users
    );
    warnings = lib.concatLists (lib.mapAttrsToList (name: user: map (warning: "${name} profile: ${warning}") user.warnings) cfg.users);
  };
}
