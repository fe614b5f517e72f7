# users.*: accounts and groups, with the checks that keep someone able to log in.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.users;

  nullOr = type: description: mkOption { type = types.nullOr type; default = null; inherit description; };

  account =
    { name, config, ... }:
    {
      options = {
        enable = mkOption { type = types.bool; default = true; description = "Whether the account exists."; };
        name = mkOption { type = types.passwdEntry types.str; default = name; description = "Name of the account."; };
        description = mkOption { type = types.passwdEntry types.str; default = ""; description = "Usually the person's full name."; };
        uid = nullOr types.int "The number; allocated when null.";
        isSystemUser = mkOption { type = types.bool; default = false; description = "Whether it belongs to a service."; };
        isNormalUser = mkOption { type = types.bool; default = false; description = "Whether it belongs to a person."; };
        group = mkOption { type = types.str; default = ""; description = "Primary group."; };
        extraGroups = mkOption { type = types.listOf types.str; default = [ ]; description = "Further groups."; };
        home = mkOption { type = types.passwdEntry types.path; default = "/var/empty"; description = "Home folder."; };
        homeMode = mkOption { type = types.strMatching "[0-7]{1,5}"; default = "700"; description = "Mode of the home folder."; };
        createHome = mkOption { type = types.bool; default = false; description = "Whether to create the home folder."; };
        shell = mkOption {
          type = types.nullOr (types.either types.shellPackage (types.passwdEntry types.path));
          default = pkgs.shadow;
          description = "Login shell.";
        };
        ignoreShellProgramCheck = mkOption { type = types.bool; default = false; description = "Whether a shell without its programs.* module is fine."; };
        useDefaultShell = mkOption { type = types.bool; default = false; description = "Whether the login shell is users.defaultUserShell."; };
        packages = mkOption { type = types.listOf types.package; default = [ ]; description = "Packages for this account."; };
        linger = mkOption { type = types.bool; default = false; description = "Whether user units run without a session."; };
        password = nullOr types.str "Password, readable by everybody.";
        hashedPassword = nullOr (types.passwdEntry types.str) "Hash of the password.";
        hashedPasswordFile = nullOr types.str "File with that hash.";
        initialPassword = nullOr types.str "Password of a new account.";
        initialHashedPassword = nullOr (types.passwdEntry types.str) "Hash of the password of a new account.";
        openssh.authorizedKeys = {
          keys = mkOption { type = types.listOf types.singleLineStr; default = [ ]; description = "Public keys that may log in."; };
          keyFiles = mkOption { type = types.listOf types.path; default = [ ]; description = "Files of such keys."; };
        };
      };
      config = lib.mkMerge [
        { shell = lib.mkIf config.useDefaultShell (lib.mkDefault cfg.defaultUserShell); }
        (lib.mkIf config.isNormalUser {
          group = lib.mkDefault "users";
          home = lib.mkDefault "/home/${config.name}";
          createHome = lib.mkDefault true;
          useDefaultShell = lib.mkDefault true;
        })
      ];
    };

  group =
    { name, config, ... }:
    {
      options = {
        name = mkOption { type = types.passwdEntry types.str; default = name; description = "Name of the group."; };
        gid = nullOr types.int "The number; allocated when null.";
        members = mkOption { type = types.listOf (types.passwdEntry types.str); default = [ ]; description = "Accounts in the group."; };
      };
      config.members = lib.mapAttrsToList (_: user: user.name) (
        lib.filterAttrs (_: user: lib.elem config.name user.extraGroups) cfg.users
      );
    };

  users = lib.filterAttrs (_: user: user.enable) cfg.users;
  shellPath = shell: if lib.types.shellPackage.check shell then "${shell}${shell.shellPath}" else shell;

  spec = pkgs.writeText "users-groups.json" (
    builtins.toJSON {
      inherit (cfg) mutableUsers;
      users = lib.mapAttrsToList (_: user: {
        inherit (user) name uid group description home homeMode createHome isSystemUser hashedPassword hashedPasswordFile;
        shell = shellPath user.shell;
        extraGroups = lib.sort lib.lessThan user.extraGroups;
      }) users;
      groups = lib.mapAttrsToList (_: g: { inherit (g) name gid members; }) cfg.groups;
    }
  );

  # Someone who can become root, with a password or a key.
  administrators = lib.filter (
    user:
    (user.name == "root" || lib.elem "wheel" user.extraGroups)
    && (
      lib.any (value: value != null && value != "!") [
        user.hashedPassword
        user.hashedPasswordFile
        user.password
      ]
      || user.openssh.authorizedKeys.keys != [ ]
      || user.openssh.authorizedKeys.keyFiles != [ ]
    )
  ) (lib.attrValues users);

  shellModules = {
    fish = config.programs.fish.enable;
    zsh = config.programs.zsh.enable;
  };
in
{
  options.users = {
    mutableUsers = mkOption { type = types.bool; default = true; description = "Whether accounts may be changed by hand."; };
    users = mkOption { type = types.attrsOf (types.submodule account); default = { }; description = "Accounts."; };
    groups = mkOption { type = types.attrsOf (types.submodule group); default = { }; description = "Groups."; };
    defaultUserShell = mkOption {
      type = types.either types.path types.shellPackage;
      default = pkgs.bashInteractive;
      description = "Login shell of people.";
    };
  };

  config = {
    users.users = {
      root = {
        uid = 0;
        description = "System administrator";
        home = "/root";
        shell = lib.mkDefault cfg.defaultUserShell;
        group = "root";
      };
      nobody = {
        uid = 65534;
        isSystemUser = true;
        description = "Unprivileged account (don't use!)";
        group = "nogroup";
      };
    };
    users.groups = lib.genAttrs [ "root" "wheel" "users" "nogroup" "audio" "video" "networkmanager" "nixbld" ] (name: { })
      // { root.gid = 0; wheel.gid = 1; users.gid = 100; nogroup.gid = 65534; nixbld.gid = 30000; };

    system.activationScripts.users.text = ''
      echo "setting up users and groups from ${spec}..."
      install -m 0700 -d /root
    ''
    + lib.concatStrings (
      lib.mapAttrsToList (_: user: lib.optionalString user.createHome "install -m 0${user.homeMode} -d ${lib.escapeShellArg user.home}\n") users
    );
    environment.etc = lib.mkMerge [
      { "users-groups.json".source = spec; }
      (lib.mapAttrs' (
        name: user:
        lib.nameValuePair "profiles/per-user/${name}" {
          source = pkgs.buildEnv {
            name = "user-environment";
            paths = user.packages;
            inherit (config.environment) pathsToLink;
          };
        }
      ) (lib.filterAttrs (_: user: user.packages != [ ]) users))
    ];
    systemd.tmpfiles.rules = lib.mapAttrsToList (name: _: "f /var/lib/systemd/linger/${name}") (
      lib.filterAttrs (_: user: user.linger) users
    );

    assertions = [
      {
        assertion = cfg.mutableUsers || administrators != [ ];
        message = "users.mutableUsers is off, and neither root nor anyone in wheel has a password or a key: nobody could administer this system.";
      }
    ]
    ++ lib.concatLists (
      lib.mapAttrsToList (name: user: [
        {
          # A number below 1000 is that of a service.
          assertion = name == "root" || (user.isSystemUser || (user.uid != null && user.uid < 1000)) != user.isNormalUser;
          message = "Exactly one of users.users.${name}.isSystemUser and users.users.${name}.isNormalUser must be set.";
        }
        {
          assertion = user.group != "";
          message = "users.users.${name}.group is unset.";
        }
      ]
      ++ lib.mapAttrsToList (shell: enabled: {
        assertion = enabled || user.ignoreShellProgramCheck || !(lib.hasSuffix "/bin/${shell}" (toString (shellPath user.shell)));
        message = "users.users.${name}.shell is ${shell}, but programs.${shell}.enable is not true: its environment would not be set up.";
      }) shellModules) users
    );
  };
}
