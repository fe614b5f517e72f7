# Attribute sets that refer to their own final form, and layers (overlays) over them.
{ lib }:
rec {
  fix =
    f:
    let
      x = f x;
    in
    x;

  # `fix` that keeps the function, so that it can be extended again.
  fix' =
    f:
    let
      x = f x // {
        __unfix__ = f;
      };
    in
    x;

  converge =
    f: x:
    let
      next = f x;
    in
    if next == x then x else converge f next;

  extends =
    overlay: f: final:
    let
      prev = f final;
    in
    prev // overlay final prev;

  # An overlay may also be one that does not look at `prev`, or a plain set; that is what `toExtension` accepts.
  composeExtensions =
    first: second: final: prev:
    let
      a = first final prev;
    in
    a // second final (prev // a);

  composeManyExtensions = builtins.foldl' composeExtensions (_: _: { });

  makeExtensible = makeExtensibleWithCustomName "extend";

  makeExtensibleWithCustomName =
    name: f:
    fix' (
      self:
      f self
      // {
        ${name} = overlay: makeExtensibleWithCustomName name (extends overlay f);
      }
    );

  toExtension =
    x:
    if builtins.isFunction x || x ? __functor then
      final: prev:
      let
        once = x final;
        alone = x prev;
      in
      if builtins.isFunction once || (builtins.isAttrs once && once ? __functor) then once prev else alone
    else
      _: _: x;
}
