# The type of StartCalendarInterval: one moment, or several. A key left out means every such unit of time.
{ lib }:
let
  inherit (lib) types;
  moment = types.submodule {
    options = lib.genAttrs [ "Minute" "Hour" "Day" "Weekday" "Month" ] (
      unit:
      lib.mkOption {
        type = types.nullOr types.int;
        default = null;
        description = "${unit} at which it starts.";
      }
    );
  };
in
types.either moment (types.nonEmptyListOf moment)
