# Services of the network.
{ lib }:
let
  inherit (lib) mkOption types;
in
{
  # Where a service listens: by default where only the machine itself can ask.
  endpoint =
    port:
    types.submodule {
      options = {
        address = mkOption {
          type = types.strMatching "[0-9a-f.:]+";
          default = "127.0.0.1";
          description = "Address to listen on.";
        };
        port = mkOption {
          type = types.port;
          default = port;
          description = "Port to listen on.";
        };
      };
    };
}
