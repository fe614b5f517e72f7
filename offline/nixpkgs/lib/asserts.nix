# Assertions that say what was wrong.
{ lib }:
rec {
  assertMsg = pred: msg: pred || throw msg;

  assertOneOf =
    name: val: xs:
    assertMsg (builtins.elem val xs)
      "${name} must be one of ${lib.generators.toPretty { } xs}, but is: ${lib.generators.toPretty { } val}";

  assertEachOneOf =
    name: vals: xs:
    assertMsg (builtins.all (val: builtins.elem val xs) vals)
      "each element in ${name} must be one of ${lib.generators.toPretty { } xs}, but is: ${
        lib.generators.toPretty { } vals
      }";

  # For the result of `mkOption`'s `apply` and other places that hold NixOS-style assertions and warnings.
  checkAssertWarn =
    assertions: warnings: val:
    let
      failed = map (a: a.message) (builtins.filter (a: !a.assertion) assertions);
    in
    if failed != [ ] then
      throw "\nFailed assertions:\n${lib.concatStringsSep "\n" (map (m: "- ${m}") failed)}"
    else
      lib.showWarnings warnings val;
}
