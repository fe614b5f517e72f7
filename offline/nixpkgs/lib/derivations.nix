# Derivations as values.
{ lib }:
{
  lazyDerivation =
    {
      derivation,
      meta ? null,
      passthru ? { },
      outputs ? [ "out" ],
    }:
    let
      checked =
        if outputs == derivation.outputs then
          derivation
        else
          throw "lazyDerivation: the outputs given differ from those of the derivation";
    in
    {
      type = "derivation";
      inherit outputs;
      inherit (checked) outPath outputName drvPath name system;
    }
    // lib.genAttrs outputs (o: checked.${o})
    // lib.optionalAttrs (meta != null) { inherit meta; }
    // passthru;

  optionalDrvAttr = cond: value: if cond then value else null;

  warnOnInstantiate =
    msg: drv:
    let
      guarded = lib.filterAttrs (n: _: n != "meta" && n != "name" && n != "type" && n != "outputName") drv;
    in
    drv // builtins.mapAttrs (_: lib.warn msg) guarded;
}
