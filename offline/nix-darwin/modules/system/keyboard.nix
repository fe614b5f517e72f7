# system.keyboard: remapped keys.
{ config, lib, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.system.keyboard;
  # Usage numbers of the keyboard page, as hidutil wants them.
  key = n: 30064771072 + n;
  swap = from: to: [
    { HIDKeyboardModifierMappingSrc = key from; HIDKeyboardModifierMappingDst = key to; }
  ];
  flag = description: mkOption { type = types.bool; default = false; inherit description; };
in
{
  options.system.keyboard = {
    enableKeyMapping = flag "Whether keys are remapped.";
    remapCapsLockToControl = flag "Whether Caps Lock is Control.";
    remapCapsLockToEscape = flag "Whether Caps Lock is Escape.";
    userKeyMapping = mkOption {
      type = types.listOf (types.attrsOf types.int);
      default = [ ];
      internal = true;
      description = "The mappings.";
    };
  };
  config = {
    system.keyboard.userKeyMapping =
      lib.optionals cfg.remapCapsLockToControl (swap 57 224) ++ lib.optionals cfg.remapCapsLockToEscape (swap 57 41);
    system.activationScripts.keyboard.text = lib.optionalString cfg.enableKeyMapping ''
      hidutil property --set '{"UserKeyMapping":${builtins.toJSON cfg.userKeyMapping}}' > /dev/null
    '';
    assertions = [
      {
        assertion = !cfg.enableKeyMapping -> cfg.userKeyMapping == [ ];
        message = "system.keyboard remaps keys, but system.keyboard.enableKeyMapping is off.";
      }
    ];
  };
}
