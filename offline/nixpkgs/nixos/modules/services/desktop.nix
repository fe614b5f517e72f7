# The desktop: X server, display manager, Wayland compositors, sound, printing, bluetooth, graphics.
{ config, lib, pkgs, ... }:
let
  inherit (lib) mkOption types;
  cfg = config.services;
  x = cfg.xserver;
  graphical = cfg.displayManager.sddm.enable;
  str = default: description: mkOption { type = types.str; inherit default description; };
  compositor = name: package: {
    enable = lib.mkEnableOption name;
    package = mkOption { type = types.package; default = package; description = "The ${name}."; };
  };
  session = name: package: lib.mkIf config.programs.${name}.enable {
    environment.systemPackages = [ package ];
    environment.etc."wayland-sessions/${name}.desktop".text = "[Desktop Entry]\nName=${name}\nExec=${lib.getExe package}\n";
    hardware.graphics.enable = lib.mkDefault true;
  };
in
{
  options = {
    services.xserver = {
      enable = mkOption { type = types.bool; default = false; description = "Whether the X server is there."; };
      videoDrivers = mkOption { type = types.listOf types.str; default = [ "modesetting" "fbdev" ]; description = "Drivers to try."; };
      xkb = {
        layout = str "us" "Keyboard layout.";
        variant = str "" "Variant of the layout.";
        options = mkOption { type = types.commas; default = "terminate:ctrl_alt_bksp"; description = "Options of the keyboard."; };
      };
      windowManager.i3 = {
        enable = lib.mkEnableOption "i3";
        package = mkOption { type = types.package; default = pkgs.i3; description = "The i3."; };
        extraPackages = mkOption { type = types.listOf types.package; default = [ pkgs.rofi ]; description = "Packages beside it."; };
      };
    };
    services.displayManager = {
      defaultSession = mkOption { type = types.nullOr types.str; default = null; description = "Session chosen at first."; };
      sddm.enable = mkOption { type = types.bool; default = false; description = "Whether SDDM is the login screen."; };
      sddm.wayland.enable = mkOption { type = types.bool; default = false; description = "Whether it runs on Wayland."; };
      autoLogin = {
        enable = mkOption { type = types.bool; default = config.services.displayManager.autoLogin.user != null; description = "Whether somebody is logged in by itself."; };
        user = mkOption { type = types.nullOr types.str; default = null; description = "Who."; };
      };
    };
    services.pipewire = {
      enable = lib.mkEnableOption "PipeWire";
      audio.enable = mkOption { type = types.bool; default = cfg.pipewire.alsa.enable || cfg.pipewire.jack.enable || cfg.pipewire.pulse.enable; description = "Whether it is the sound server."; };
      alsa.enable = lib.mkEnableOption "ALSA support";
      alsa.support32Bit = lib.mkEnableOption "32-bit ALSA support";
      pulse.enable = lib.mkEnableOption "PulseAudio emulation";
      jack.enable = lib.mkEnableOption "JACK emulation";
    };
    services.printing = {
      enable = mkOption { type = types.bool; default = false; description = "Whether CUPS runs."; };
      drivers = mkOption { type = types.listOf types.path; default = [ ]; description = "Driver packages."; };
    };
    services.fstrim = {
      enable = mkOption { type = types.bool; default = true; description = "Whether unused blocks are trimmed."; };
      interval = str "weekly" "How often.";
    };
    hardware = {
      bluetooth.enable = lib.mkEnableOption "Bluetooth";
      bluetooth.powerOnBoot = mkOption { type = types.bool; default = true; description = "Whether adapters are powered at boot."; };
      graphics.enable = mkOption { type = types.bool; default = x.enable; description = "Whether graphics drivers are linked."; };
    };
    programs.hyprland = compositor "hyprland" pkgs.hyprland;
    programs.sway = compositor "sway" pkgs.sway // {
      extraPackages = mkOption { type = types.listOf types.package; default = [ pkgs.wl-clipboard ]; description = "Packages beside it."; };
    };
    programs.firefox = {
      enable = lib.mkEnableOption "Firefox";
      package = mkOption { type = types.package; default = pkgs.firefox; description = "The Firefox."; };
      policies = mkOption { type = types.attrsOf types.anything; default = { }; description = "Enterprise policies."; };
    };
  };

  config = lib.mkMerge [
    (lib.mkIf x.enable {
      environment.systemPackages = [ pkgs.xorg-server pkgs.xclip ];
      environment.etc."X11/xorg.conf.d/00-keyboard.conf".text = ''
        Section "InputClass"
          Identifier "keyboard"
          MatchIsKeyboard "on"
          Option "XkbLayout" "${x.xkb.layout}"
          Option "XkbVariant" "${x.xkb.variant}"
          Option "XkbOptions" "${x.xkb.options}"
        EndSection
      '';
      environment.etc."X11/xorg.conf.d/10-drivers.conf".text = lib.concatMapStrings (d: "Section \"Device\"\n  Identifier \"${d}\"\n  Driver \"${d}\"\nEndSection\n") x.videoDrivers;
    })
    (lib.mkIf x.windowManager.i3.enable {
      environment.systemPackages = [ x.windowManager.i3.package ] ++ x.windowManager.i3.extraPackages;
      environment.etc."xsessions/none+i3.desktop".text = "[Desktop Entry]\nName=none+i3\nExec=${lib.getExe x.windowManager.i3.package}\n";
    })
    (lib.mkIf graphical {
      systemd.defaultUnit = "graphical.target";
      systemd.targets.graphical = { description = "Graphical Interface"; requires = [ "multi-user.target" ]; };
      systemd.services.display-manager = {
        description = "Display Manager";
        wantedBy = [ "graphical.target" ];
        restartIfChanged = false;
        serviceConfig.ExecStart = "${pkgs.sddm}/bin/sddm";
      };
      environment.etc."sddm.conf".text = lib.generators.toINI { } (
        { General.DisplayServer = if cfg.displayManager.sddm.wayland.enable then "wayland" else "x11"; }
        // lib.optionalAttrs cfg.displayManager.autoLogin.enable {
          Autologin.User = cfg.displayManager.autoLogin.user;
          Autologin.Session = "${toString cfg.displayManager.defaultSession}.desktop";
        }
        // lib.optionalAttrs (cfg.displayManager.defaultSession != null) { Users.DefaultSession = "${cfg.displayManager.defaultSession}.desktop"; }
      );
      assertions = [
        {
          assertion = x.enable || cfg.displayManager.sddm.wayland.enable;
          message = "SDDM needs services.xserver.enable or services.displayManager.sddm.wayland.enable.";
        }
        {
          assertion = cfg.displayManager.autoLogin.enable -> cfg.displayManager.autoLogin.user != null;
          message = "services.displayManager.autoLogin.enable needs services.displayManager.autoLogin.user.";
        }
      ];
    })
    (session "sway" config.programs.sway.package)
    (lib.mkIf config.programs.sway.enable { environment.systemPackages = config.programs.sway.extraPackages; })
    (session "hyprland" config.programs.hyprland.package)
    (lib.mkIf config.programs.firefox.enable {
      environment.systemPackages = [ config.programs.firefox.package ];
      environment.etc."firefox/policies/policies.json" = lib.mkIf (config.programs.firefox.policies != { }) {
        text = builtins.toJSON { inherit (config.programs.firefox) policies; };
      };
    })
    (lib.mkIf cfg.pipewire.enable {
      environment.systemPackages = [ pkgs.pipewire ];
      systemd.user.sockets.pipewire = { description = "PipeWire"; wantedBy = [ "sockets.target" ]; socketConfig.ListenStream = "%t/pipewire-0"; };
      systemd.user.services.pipewire = { description = "PipeWire"; serviceConfig.ExecStart = lib.getExe pkgs.pipewire; };
      systemd.user.services.pipewire-pulse = lib.mkIf cfg.pipewire.pulse.enable {
        description = "PipeWire PulseAudio";
        wantedBy = [ "pipewire.service" ];
        serviceConfig.ExecStart = "${pkgs.pipewire}/bin/pipewire -c pipewire-pulse.conf";
      };
      environment.etc."pipewire/features.json".text = builtins.toJSON {
        audio = cfg.pipewire.audio.enable;
        alsa = cfg.pipewire.alsa.enable;
        alsa32 = cfg.pipewire.alsa.support32Bit;
        jack = cfg.pipewire.jack.enable;
      };
    })
    (lib.mkIf cfg.printing.enable {
      environment.systemPackages = [ pkgs.cups ];
      environment.etc."cups/drivers".text = lib.concatMapStrings (d: "${d}\n") cfg.printing.drivers;
      systemd.services.cups = { description = "CUPS Printing Service"; wantedBy = [ "multi-user.target" ]; serviceConfig.ExecStart = "${pkgs.cups}/bin/cupsd -f"; };
    })
    (lib.mkIf cfg.fstrim.enable {
      systemd.services.fstrim = { description = "Discard unused blocks"; startAt = cfg.fstrim.interval; serviceConfig.Type = "oneshot"; script = "fstrim --listed-in /etc/fstab"; };
    })
    (lib.mkIf config.hardware.bluetooth.enable {
      environment.systemPackages = [ pkgs.bluez ];
      environment.etc."bluetooth/main.conf".text = lib.generators.toINI { } { Policy.AutoEnable = config.hardware.bluetooth.powerOnBoot; };
      systemd.services.bluetooth = { description = "Bluetooth service"; wantedBy = [ "bluetooth.target" ]; serviceConfig.ExecStart = "${pkgs.bluez}/bin/bluetoothd -f /etc/bluetooth/main.conf"; };
    })
    (lib.mkIf config.hardware.graphics.enable {
      systemd.tmpfiles.rules = [ "L+ /run/opengl-driver - - - - ${pkgs.mesa}" ];
    })
  ];
}
