# nix.*: the package manager's own settings. Both platforms use this file; what starts the daemon and
# collects garbage is theirs.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.nix;

  atom = types.nullOr (types.oneOf [ types.bool types.int types.float types.str types.path types.package ]);

  text = value: if lib.isBool value then lib.boolToString value else toString value;
  # `extra-…` lines add to what stands above them, so they come last.
  settingLines =
    settings:
    let
      line = key: value: "${key} = ${if value == null then "" else if lib.isList value then lib.concatMapStringsSep " " text value else text value}\n";
      isExtra = key: _: lib.hasPrefix "extra-" key;
    in
    lib.concatStrings (
      lib.mapAttrsToList line (lib.filterAttrs (k: v: !isExtra k v) settings)
      ++ lib.mapAttrsToList line (lib.filterAttrs isExtra settings)
    );

  names = default: description: mkOption { type = types.listOf types.str; inherit default description; };
  flag = default: description: mkOption { type = types.bool; inherit default description; };

  reference = types.attrsOf (types.oneOf [ types.str types.int types.bool types.path types.package ]);
in
{
  options.nix = {
    enable = flag true "Whether Nix is managed.";
    package = mkOption {
      type = types.package;
      default = pkgs.nix;
      description = "The Nix to use.";
    };
    settings = mkOption {
      default = { };
      description = "Settings of nix.conf.";
      type = types.submodule {
        freeformType = types.attrsOf (types.either atom (types.listOf atom));
        options = {
          max-jobs = mkOption {
            type = types.either types.int (types.enum [ "auto" ]);
            default = "auto";
            description = "Builds at the same time.";
          };
          cores = mkOption {
            type = types.int;
            default = 0;
            description = "Cores for each build; 0 for all.";
          };
          auto-optimise-store = flag false "Whether equal files are hard-linked as they come.";
          require-sigs = flag true "Whether substituted paths must be signed.";
          sandbox = mkOption {
            type = types.either types.bool (types.enum [ "relaxed" ]);
            default = pkgs.stdenv.hostPlatform.isLinux;
            description = "Whether builds are isolated.";
          };
          extra-sandbox-paths = names [ ] "Paths that builds see besides their inputs.";
          substituters = names [ ] "Binary caches.";
          trusted-substituters = names [ ] "Binary caches that anybody may use.";
          trusted-public-keys = names [ ] "Keys of binary caches.";
          trusted-users = names [ "root" ] "Who may change how builds are done.";
          allowed-users = names [ "*" ] "Who may use Nix.";
        };
      };
    };
    extraOptions = mkOption {
      type = types.lines;
      default = "";
      description = "More lines of nix.conf.";
    };
    checkConfig = flag true "Whether nix.conf is looked over as it is built.";
    nixPath = names [ ] "Entries of NIX_PATH.";
    channel.enable = flag true "Whether channels are there.";
    registry = mkOption {
      default = { };
      description = "Flake registry.";
      type = types.attrsOf (
        types.submodule (
          { name, config, ... }:
          {
            options = {
              from = mkOption {
                type = reference;
                description = "Reference to replace.";
              };
              to = mkOption {
                type = reference;
                description = "Reference to use.";
              };
              flake = mkOption {
                type = types.nullOr types.attrs;
                default = null;
                description = "An input to pin to.";
              };
              exact = flag true "Whether only the very reference is replaced.";
            };
            config = {
              from = lib.mkDefault { type = "indirect"; id = name; };
              to = lib.mkIf (config.flake != null) (
                lib.mkDefault ({ type = "path"; path = config.flake.outPath; }
                // lib.filterAttrs (n: _: lib.elem n [ "lastModified" "rev" "revCount" "narHash" ]) config.flake)
              );
            };
          }
        )
      );
    };
    distributedBuilds = flag false "Whether builds may run on other machines.";
    buildMachines = mkOption {
      default = [ ];
      description = "Those machines.";
      type = types.listOf (
        types.submodule {
          options = {
            hostName = mkOption { type = types.str; description = "Name of the machine."; };
            protocol = mkOption { type = types.enum [ null "ssh" "ssh-ng" ]; default = "ssh"; description = "How to reach it."; };
            system = mkOption { type = types.nullOr types.str; default = null; description = "The system it builds for."; };
            systems = names [ ] "Several such systems.";
            sshUser = mkOption { type = types.nullOr types.str; default = null; description = "Account on it."; };
            sshKey = mkOption { type = types.nullOr types.str; default = null; description = "Key for that account."; };
            maxJobs = mkOption { type = types.int; default = 1; description = "Builds at the same time."; };
            speedFactor = mkOption { type = types.int; default = 1; description = "Relative speed."; };
            supportedFeatures = names [ ] "Features it has.";
            mandatoryFeatures = names [ ] "Features a build must ask for.";
            publicHostKey = mkOption { type = types.nullOr types.str; default = null; description = "Its host key, base64."; };
          };
        }
      );
    };
  };

  config = lib.mkIf cfg.enable {
    nix.settings = {
      substituters = lib.mkAfter [ "https://cache.nixos.org/" ];
      sandbox-fallback = false;
      # Machines are read from their file only while distributed builds are on.
      builders = lib.mkIf (!cfg.distributedBuilds) null;
      trusted-public-keys = [ "cache.nixos.org-1:6NCHdD59X431o0gWypbMrAURkbJ16ZPMQFGspcDShjY=" ];
    };
    environment.systemPackages = [ cfg.package ];
    environment.variables = lib.mkIf (cfg.nixPath != [ ]) { NIX_PATH = lib.concatStringsSep ":" cfg.nixPath; };
    environment.etc = {
      "nix/nix.conf".source = pkgs.writeTextFile {
        name = "nix.conf";
        text = settingLines cfg.settings + cfg.extraOptions;
        # Every line must be a setting, an include or a comment.
        checkPhase = lib.optionalString cfg.checkConfig ''
          if grep -nvE '^[[:space:]]*(#.*|!?include .*|[a-z0-9-]+[[:space:]]*=.*)?$' "$file"; then
            echo "nix.conf has lines that are no settings" >&2
            exit 1
          fi
        '';
      };
      "nix/registry.json".text = builtins.toJSON {
        version = 2;
        flakes = lib.mapAttrsToList (_: entry: { inherit (entry) from to exact; }) cfg.registry;
      };
      "nix/machines" = lib.mkIf (cfg.buildMachines != [ ]) {
        text = lib.concatMapStrings (
          machine:
          let
            orDash = list: if list == [ ] then "-" else lib.concatStringsSep "," list;
            systems = lib.optional (machine.system != null) machine.system ++ machine.systems;
          in
          "${lib.optionalString (machine.protocol != null) "${machine.protocol}://"}${
            lib.optionalString (machine.sshUser != null) "${machine.sshUser}@"
          }${machine.hostName} ${orDash systems} ${if machine.sshKey == null then "-" else machine.sshKey} ${toString machine.maxJobs} ${toString machine.speedFactor} ${
            orDash (lib.unique (machine.mandatoryFeatures ++ machine.supportedFeatures))
          } ${orDash machine.mandatoryFeatures} ${if machine.publicHostKey == null then "-" else machine.publicHostKey}\n"
        ) cfg.buildMachines;
      };
    };
    assertions = map (machine: {
      assertion = machine.system != null || machine.systems != [ ];
      message = "nix.buildMachines: ${machine.hostName} says for which system it builds neither in `system` nor in `systems`.";
    }) cfg.buildMachines;
  };
}
