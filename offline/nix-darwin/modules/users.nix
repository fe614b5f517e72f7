# users.*: accounts and groups; only those in knownUsers and knownGroups are created or removed.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.users;
  strings = description: mkOption { type = types.listOf types.str; default = [ ]; inherit description; };
  flag = default: description: mkOption { type = types.bool; inherit default description; };

  account =
    { name, ... }:
    {
      options = {
        name = mkOption { type = types.nonEmptyStr; default = name; description = "Name of the account."; };
        description = mkOption { type = types.nullOr types.nonEmptyStr; default = null; description = "Usually the person's full name."; };
        uid = mkOption { type = types.int; description = "The number."; };
        gid = mkOption { type = types.int; default = 20; description = "Number of the primary group."; };
        isHidden = flag true "Whether the login window hides it.";
        home = mkOption { type = types.nullOr types.path; default = null; description = "Home folder."; };
        createHome = flag false "Whether to create the home folder.";
        shell = mkOption { type = types.nullOr (types.either types.shellPackage types.path); default = null; description = "Login shell."; };
        ignoreShellProgramCheck = flag false "Whether a shell without its programs.* module is fine.";
        packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages for this account."; };
        openssh.authorizedKeys = {
          keys = mkOption { type = types.listOf types.str; default = [ ]; description = "Public keys that may log in."; };
          keyFiles = mkOption { type = types.listOf types.path; default = [ ]; description = "Files of such keys."; };
        };
      };
    };
  group =
    { name, ... }:
    {
      options = {
        name = mkOption { type = types.str; default = name; description = "Name of the group."; };
        gid = mkOption { type = types.int; description = "The number."; };
        members = strings "Accounts in the group.";
        description = mkOption { type = types.str; default = ""; description = "What it is for."; };
      };
    };

  created = lib.filter (user: lib.elem user.name cfg.knownUsers) (lib.attrValues cfg.users);
  shellPath = shell: if types.shellPackage.check shell then "/run/current-system/sw${shell.shellPath}" else toString shell;
  withKeys = lib.filterAttrs (_: user: user.openssh.authorizedKeys.keys != [ ] || user.openssh.authorizedKeys.keyFiles != [ ]) cfg.users;
in
{
  options.users = {
    knownUsers = strings "Accounts that this configuration owns.";
    knownGroups = strings "Groups that this configuration owns.";
    users = mkOption { type = types.attrsOf (types.submodule account); default = { }; description = "Accounts."; };
    groups = mkOption { type = types.attrsOf (types.submodule group); default = { }; description = "Groups."; };
  };

  config = {
    environment.profiles = lib.mkIf (lib.any (user: user.packages != [ ]) (lib.attrValues cfg.users)) (
      lib.mkOrder 900 [ "/etc/profiles/per-user/$USER" ]
    );
    environment.etc = lib.mkMerge [
      (lib.mapAttrs' (
        name: user:
        lib.nameValuePair "profiles/per-user/${name}" {
          source = pkgs.buildEnv {
            name = "user-environment";
            paths = user.packages;
            inherit (config.environment) pathsToLink;
          };
        }
      ) (lib.filterAttrs (_: user: user.packages != [ ]) cfg.users))
      (lib.mapAttrs' (
        _: user:
        lib.nameValuePair "ssh/nix_authorized_keys.d/${user.name}" {
          text = lib.concatLines (user.openssh.authorizedKeys.keys ++ map builtins.readFile user.openssh.authorizedKeys.keyFiles);
        }
      ) withKeys)
    ];
    system.activationScripts.users.text = lib.concatMapStrings (user: ''
      sysadminctl -addUser ${lib.escapeShellArg user.name} -UID ${toString user.uid} -GID ${toString user.gid} ${
        lib.optionalString (user.description != null) "-fullName ${lib.escapeShellArg user.description}"
      } -home ${lib.escapeShellArg (if user.home == null then "/var/empty" else user.home)}
      ${lib.optionalString (user.shell != null) "dscl . -create /Users/${lib.escapeShellArg user.name} UserShell ${lib.escapeShellArg (shellPath user.shell)}"}
      dscl . -create /Users/${lib.escapeShellArg user.name} IsHidden ${if user.isHidden then "1" else "0"}
      ${lib.optionalString (user.createHome && user.home != null) "createhomedir -cu ${lib.escapeShellArg user.name}"}
    '') created
    + lib.concatMapStrings (g: ''
      dseditgroup -o create -i ${toString g.gid} ${lib.escapeShellArg g.name}
      ${lib.concatMapStrings (member: "dseditgroup -o edit -a ${lib.escapeShellArg member} ${lib.escapeShellArg g.name}\n") g.members}
    '') (lib.filter (g: lib.elem g.name cfg.knownGroups) (lib.attrValues cfg.groups));
    assertions = lib.concatLists (
      lib.mapAttrsToList (
        name: user:
        map (shell: {
          assertion = user.ignoreShellProgramCheck || user.shell == null || !(lib.hasSuffix "/bin/${shell}" (shellPath user.shell)) || config.programs.${shell}.enable || !(lib.elem name cfg.knownUsers);
          message = "users.users.${name}.shell is ${shell}, but programs.${shell}.enable is not true: its environment would not be set up.";
        }) [ "fish" "zsh" "bash" ]
      ) cfg.users
    );
  };
}
