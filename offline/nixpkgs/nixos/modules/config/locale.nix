# time.*, i18n.* and console.*: what the machine speaks and which clock it shows.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  i18n = config.i18n;
in
{
  options = {
    time.timeZone = mkOption {
      type = types.nullOr (types.strMatching "[^ ]*");
      default = null;
      description = "Time zone; null leaves it to be set by hand.";
    };
    time.hardwareClockInLocalTime = mkOption {
      type = types.bool;
      default = false;
      description = "Whether the hardware clock holds local time.";
    };
    i18n.defaultLocale = mkOption {
      type = types.str;
      default = "en_US.UTF-8";
      description = "Locale of the system.";
    };
    i18n.extraLocaleSettings = mkOption {
      type = types.attrsOf types.str;
      default = { };
      description = "Locale variables besides LANG.";
    };
    i18n.supportedLocales = mkOption {
      type = types.listOf types.str;
      default = lib.unique (
        map (locale: (lib.replaceStrings [ "utf8" "utf-8" "UTF8" ] [ "UTF-8" "UTF-8" "UTF-8" ] locale) + "/UTF-8") (
          [ "C.UTF-8" "en_US.UTF-8" i18n.defaultLocale ] ++ lib.attrValues i18n.extraLocaleSettings
        )
      );
      description = "Locales to build.";
    };
    console.keyMap = mkOption {
      type = types.either types.str types.path;
      default = "us";
      description = "Keyboard of the console.";
    };
    console.font = mkOption {
      type = types.nullOr (types.either types.str types.path);
      default = null;
      description = "Font of the console.";
    };
  };

  config.environment.etc = {
    "locale.conf".text = lib.concatStrings (
      lib.mapAttrsToList (name: value: "${name}=${value}\n") ({ LANG = i18n.defaultLocale; } // i18n.extraLocaleSettings)
    );
    "locale.gen".text = lib.concatLines i18n.supportedLocales;
    "vconsole.conf".text =
      "KEYMAP=${config.console.keyMap}\n" + lib.optionalString (config.console.font != null) "FONT=${config.console.font}\n";
    adjtime = lib.mkIf config.time.hardwareClockInLocalTime { text = "0.0 0 0.0\n0\nLOCAL\n"; };
  };
  config.systemd.tmpfiles.rules = lib.optional (config.time.timeZone != null) "L+ /etc/localtime - - - - /etc/zoneinfo/${config.time.timeZone}";
}
