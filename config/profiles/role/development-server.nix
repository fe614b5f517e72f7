# A server that software is built and tried out on.
{
  imports = [
    ./server.nix
    ../user/development.nix
  ];
  machine.roles = [ "development-server" ];
  machine.services.databases.enable = true;
}
