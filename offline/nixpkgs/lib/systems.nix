# Platforms: what a `system` double means. Only the machines that the stand-in has packages for and their kin.
{ lib }:
let
  cpus = {
    x86_64 = { bits = 64; family = "x86"; arch = "x86-64"; };
    i686 = { bits = 32; family = "x86"; arch = "i686"; };
    aarch64 = { bits = 64; family = "arm"; version = "8"; arch = "armv8-a"; };
    armv7l = { bits = 32; family = "arm"; version = "7"; arch = "armv7-a"; };
    riscv64 = { bits = 64; family = "riscv"; };
  };
  linuxArch = {
    x86_64 = "x86_64";
    i686 = "i386";
    aarch64 = "arm64";
    armv7l = "arm";
    riscv64 = "riscv";
  };
  unknown = system: what: throw "Unknown ${what} in system `${system}'";

  parseDouble =
    system:
    let
      parts = builtins.match "([^-]+)-(.*)" system;
      cpuName = builtins.elemAt parts 0;
      kernel = builtins.elemAt parts 1;
      isDarwin = kernel == "darwin";
      config =
        if isDarwin then
          "${if cpuName == "aarch64" then "arm64" else cpuName}-apple-darwin"
        else
          "${cpuName}-unknown-linux-${if cpuName == "armv7l" then "gnueabihf" else "gnu"}";
    in
    if parts == null then
      unknown system "format"
    else
      {
        inherit config;
        parsed = {
          _type = "system";
          cpu = {
            _type = "cpu-type";
            name = cpuName;
            significantByte.name = "littleEndian";
          }
          // cpus.${cpuName} or (unknown system "CPU type");
          vendor = {
            _type = "vendor";
            name = if isDarwin then "apple" else "unknown";
          };
          kernel = {
            _type = "kernel";
            name = if builtins.elem kernel [ "linux" "darwin" ] then kernel else unknown system "kernel";
            families = lib.optionalAttrs isDarwin { darwin.name = "darwin"; };
          };
          abi = {
            _type = "abi";
            name = if isDarwin then "unknown" else if cpuName == "armv7l" then "gnueabihf" else "gnu";
          };
        };
      };
  parsedDouble = parsed: "${parsed.cpu.name}-${parsed.kernel.name}";
  doublesOf = kernel: names: map (cpu: "${cpu}-${kernel}") names;
in
rec {
  doubles = rec {
    darwin = doublesOf "darwin" [ "x86_64" "aarch64" ];
    linux = doublesOf "linux" (builtins.attrNames cpus);
    all = linux ++ darwin;
    unix = all;
    x86_64 = lib.filter (lib.hasPrefix "x86_64-") all;
    aarch64 = lib.filter (lib.hasPrefix "aarch64-") all;
  };
  flakeExposed = [
    "x86_64-linux"
    "aarch64-linux"
    "x86_64-darwin"
    "aarch64-darwin"
  ];
  supported.hydra = flakeExposed;
  equals = a: b: a.system == b.system && a.config == b.config;

  # From a double, or a set that holds one, to everything that is asked of a platform.
  elaborate =
    given:
    let
      args = if builtins.isString given then { system = given; } else given;
      system = args.system or (fromConfig args.config);
      fromConfig =
        config:
        let
          parts = lib.splitString "-" config;
          cpu = builtins.head parts;
        in
        "${if cpu == "arm64" then "aarch64" else cpu}-${if lib.hasInfix "darwin" config then "darwin" else "linux"}";
      p = parseDouble system;
      cpu = p.parsed.cpu;
      is = {
        isDarwin = p.parsed.kernel.name == "darwin";
        isMacOS = is.isDarwin;
        isLinux = p.parsed.kernel.name == "linux";
        isUnix = true;
        isBSD = is.isDarwin;
        isFreeBSD = false;
        isOpenBSD = false;
        isNetBSD = false;
        isWindows = false;
        isCygwin = false;
        isWasm = false;
        isGhcjs = false;
        isRedox = false;
        isiOS = false;
        isAndroid = false;
        isMusl = false;
        isGnu = is.isLinux;
        isAarch64 = cpu.name == "aarch64";
        isAarch32 = cpu.family == "arm" && cpu.bits == 32;
        isAarch = cpu.family == "arm";
        isx86_64 = cpu.name == "x86_64";
        isx86_32 = cpu.family == "x86" && cpu.bits == 32;
        isi686 = cpu.name == "i686";
        isx86 = cpu.family == "x86";
        isRiscV = cpu.family == "riscv";
        isRiscV64 = cpu.name == "riscv64";
        isPower = false;
        isMips = false;
        is64bit = cpu.bits == 64;
        is32bit = cpu.bits == 32;
        isLittleEndian = true;
        isBigEndian = false;
        isElf = is.isLinux;
        isMacho = is.isDarwin;
        isStatic = false;
        hasSharedLibraries = true;
      };
      final =
        is
        // {
          inherit system;
          inherit (p) config parsed;
          canExecute =
            other:
            other.parsed.kernel.name == final.parsed.kernel.name
            && (other.parsed.cpu.name == final.parsed.cpu.name || final.isx86_64 && other.isi686);
          libc = if is.isDarwin then "libSystem" else "glibc";
          linuxArch = linuxArch.${cpu.name};
          darwinArch = if is.isAarch64 then "arm64" else cpu.name;
          darwinMinVersion = "11.3";
          darwinSdkVersion = "11.3";
          qemuArch = if is.isi686 then "i386" else if is.isAarch32 then "arm" else cpu.name;
          uname = {
            system = if is.isDarwin then "Darwin" else "Linux";
            processor = if is.isDarwin && is.isAarch64 then "arm64" else cpu.name;
            release = null;
          };
          useLLVM = is.isDarwin;
          extensions = {
            sharedLibrary = if is.isDarwin then ".dylib" else ".so";
            staticLibrary = ".a";
            executable = "";
            library = final.extensions.sharedLibrary;
          };
          efiArch = if is.isAarch64 then "aa64" else if is.isx86_64 then "x64" else null;
          linux-kernel = {
            name = if is.isAarch64 then "aarch64-multiplatform" else "pc";
            target = if is.isAarch64 then "Image" else "bzImage";
          };
          gcc = { };
          rust.rustcTargetSpec = p.config;
          isCompatible = _: true;
          emulatorAvailable = _: false;
        }
        // removeAttrs args [ "system" "config" ];
    in
    if args._type or null == "elaborated-platform" then args else final;

  # Of a parsed system the double that it came from.
  parse.doubleFromSystem = parsedDouble;
  parse.mkSystemFromString = system: (parseDouble system).parsed;
  inspect.predicates = lib.mapAttrs' (n: _: lib.nameValuePair n (parsed: (elaborate (parsedDouble parsed)).${n})) {
    isDarwin = null;
    isLinux = null;
    isAarch64 = null;
    isx86_64 = null;
  };
  examples = {
    gnu64.config = "x86_64-unknown-linux-gnu";
    aarch64-multiplatform.config = "aarch64-unknown-linux-gnu";
    aarch64-darwin.config = "arm64-apple-darwin";
  };
}
