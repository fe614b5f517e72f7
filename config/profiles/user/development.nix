# Everything to write and build software.
{
  imports = [
    ./minimal.nix
    ../../platforms/common/packages/development.nix
  ];
  machine.programs.development.enable = true;
  machine.development = {
    python.enable = true;
    rust.enable = true;
  };
}
