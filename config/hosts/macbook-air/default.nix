# The MacBook Air.
{
  imports = [
    ../common/owner.nix
    ../../profiles/base/darwin.nix
    ../../profiles/role/laptop.nix
    ../../profiles/role/workstation.nix
  ];
  machine.name = "macbook-air";
  networking.computerName = "MacBook Air";
  nixpkgs.hostPlatform = "aarch64-darwin";
}
