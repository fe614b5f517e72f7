# Looking at directories.
{ lib }:
let
  inherit (builtins)
    attrNames
    dirOf
    pathExists
    readDir
    readFileType
    ;
in
rec {
  inherit (builtins)
    baseNameOf
    dirOf
    readDir
    readFileType
    ;

  pathType =
    path:
    if !pathExists path then
      abort "lib.filesystem.pathType: Path ${toString path} does not exist."
    else if dirOf path == path then
      "directory"
    else
      readFileType path;
  pathIsDirectory = path: pathExists path && pathType path == "directory";
  pathIsRegularFile = path: pathExists path && pathType path == "regular";
  listFilesRecursive =
    dir:
    lib.concatLists (
      lib.mapAttrsToList (
        name: type: if type == "directory" then listFilesRecursive (dir + "/${name}") else [ (dir + "/${name}") ]
      ) (readDir dir)
    );
  # The nearest directory upwards whose entries match.
  locateDominatingFile =
    regex: start:
    let
      matches = dir: lib.filter (m: m != null) (map (builtins.match regex) (attrNames (readDir dir)));
      go =
        dir:
        if matches dir != [ ] then
          {
            path = dir;
            matches = matches dir;
          }
        else if dir == /. then
          null
        else
          go (dirOf dir);
    in
    go (if pathIsDirectory start then start else dirOf start);
  packagesFromDirectoryRecursive =
    {
      callPackage,
      directory,
      ...
    }:
    let
      go =
        dir:
        if pathExists (dir + "/package.nix") then
          callPackage (dir + "/package.nix") { }
        else
          lib.concatMapAttrs (
            name: type:
            if type == "directory" then
              { ${name} = go (dir + "/${name}"); }
            else if type == "regular" && lib.hasSuffix ".nix" name then
              { ${lib.removeSuffix ".nix" name} = callPackage (dir + "/${name}") { }; }
            else
              { }
          ) (readDir dir);
    in
    go directory;
}
