# Path values.
{ lib }:
{
  # Below `path`; an absolute or climbing second part is a mistake rather than another place.
  append =
    path: sub:
    let
      parts = lib.splitString "/" sub;
    in
    assert lib.assertMsg (
      builtins.isPath path
    ) "lib.path.append: The first argument is of type ${builtins.typeOf path}, but a path was expected";
    assert lib.assertMsg (
      builtins.isString sub && sub != "" && builtins.head parts != "" && !builtins.elem ".." parts
    ) "lib.path.append: Second argument is not a valid subpath string";
    path + ("/" + sub);
  hasPrefix = parent: path: lib.hasPrefix "${toString parent}/" "${toString path}/";
}
