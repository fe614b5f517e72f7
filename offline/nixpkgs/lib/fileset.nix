# Sets of files as the source of a package. A set is known by its files, not by what tells whether one is in it.
{ lib }:
let
  inherit (builtins) hasAttr isPath pathExists readFileType;

  # The files of a path or of a set, by their paths as text.
  filesOf =
    fileset:
    if fileset ? files then
      fileset.files
    else if !isPath fileset then
      throw "lib.fileset: a path or a file set was expected"
    else if !pathExists fileset then
      throw "lib.fileset: ${toString fileset} does not exist."
    else if readFileType fileset == "directory" then
      lib.genAttrs (map toString (lib.filesystem.listFilesRecursive fileset)) lib.id
    else
      { ${toString fileset} = toString fileset; };

  make = files: {
    _type = "fileset";
    inherit files;
  };

  # A path and all folders above it.
  withFolders = path: [ path ] ++ lib.optionals (path != "/") (withFolders (dirOf path));
in
{
  unions = filesets: make (lib.foldl' (all: fileset: all // filesOf fileset) { } filesets);
  union = a: b: make (filesOf a // filesOf b);
  difference = a: b: make (removeAttrs (filesOf a) (lib.attrNames (filesOf b)));
  intersection = a: b: make (builtins.intersectAttrs (filesOf a) (filesOf b));
  fileFilter =
    predicate: path:
    let
      about = file: rec {
        name = baseNameOf file;
        type = readFileType file;
        hasExt = ext: lib.hasSuffix ".${ext}" name;
      };
    in
    make (lib.filterAttrs (file: _: predicate (about file)) (filesOf path));
  toList = fileset: map (file: /. + file) (lib.attrNames (filesOf fileset));
  toSource =
    { root, fileset }:
    let
      kept = lib.genAttrs (lib.concatMap withFolders (lib.attrNames (filesOf fileset))) lib.id;
    in
    lib.cleanSourceWith {
      src = root;
      filter = path: _: hasAttr path kept;
      name = "source";
    };
}
