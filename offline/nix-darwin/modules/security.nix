# security.*: Touch ID for sudo, and sudoers.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  local = config.security.pam.services.sudo_local;
in
{
  options.security = {
    pam.services.sudo_local = {
      enable = mkOption { type = types.bool; default = true; description = "Whether /etc/pam.d/sudo_local is managed."; };
      text = mkOption { type = types.lines; default = ""; description = "Its lines."; };
      touchIdAuth = lib.mkEnableOption "Touch ID for sudo";
      watchIdAuth = lib.mkEnableOption "Apple Watch for sudo";
      reattach = lib.mkEnableOption "reattaching to the session, for Touch ID inside tmux";
    };
    sudo.extraConfig = mkOption { type = types.nullOr types.lines; default = null; description = "More lines of sudoers."; };
  };
  config = {
    security.pam.services.sudo_local.text = lib.concatLines (
      lib.optional local.reattach "auth       optional       ${pkgs.pam-reattach}/lib/pam/pam_reattach.so"
      ++ lib.optional local.touchIdAuth "auth       sufficient     pam_tid.so"
      ++ lib.optional local.watchIdAuth "auth       sufficient     ${pkgs.pam-watchid}/lib/pam_watchid.so"
    );
    environment.etc."pam.d/sudo_local" = { inherit (local) enable text; };
    environment.etc."sudoers.d/10-nix-darwin-extra-config" = lib.mkIf (config.security.sudo.extraConfig != null) {
      text = config.security.sudo.extraConfig;
    };
    # System updates replace /etc/pam.d/sudo; the include must be there again after them.
    system.activationScripts.pam.text = lib.optionalString local.enable ''
      grep -q sudo_local /etc/pam.d/sudo || sed -i "" "1a\\
      auth       include        sudo_local
      " /etc/pam.d/sudo
    '';
  };
}
