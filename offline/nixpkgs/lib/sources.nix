# Parts of a directory as the source of a package.
{ lib }:
let
  inherit (builtins) baseNameOf elem match;
in
rec {
  cleanSourceFilter =
    name: type:
    let
      base = baseNameOf (toString name);
    in
    !(
      (type == "directory" && elem base [ ".git" ".svn" "CVS" ".hg" ".jj" ".pijul" "_darcs" ])
      || lib.hasSuffix "~" base
      || match "^\\.sw[a-z]$" base != null
      || match "^\\..*\\.sw[a-z]$" base != null
      || (lib.hasSuffix ".o" base && type != "directory")
      || (lib.hasSuffix ".so" base && type != "directory")
      || (type == "symlink" && lib.hasPrefix "result" base)
      || type == "unknown"
    );
  cleanSource = src: cleanSourceWith { filter = cleanSourceFilter; inherit src; };

  # Filters of filters are one filter over the original directory.
  cleanSourceWith =
    {
      filter ? (_: _: true),
      src,
      name ? null,
    }:
    let
      before = src._isLibCleanSourceWith or false;
      origSrc = if before then src.origSrc else src;
      both = path: type: (if before then src.filter path type else true) && filter path type;
      label =
        if name != null then
          name
        else if before then
          src.name
        else
          "source";
    in
    {
      _isLibCleanSourceWith = true;
      inherit origSrc;
      filter = both;
      name = label;
      outPath = builtins.path {
        filter = both;
        path = origSrc;
        name = label;
      };
    };
  sourceByRegex =
    src: regexes:
    let
      root = toString (src.origSrc or src);
    in
    cleanSourceWith {
      inherit src;
      filter =
        path: type:
        let
          rel = lib.removePrefix (root + "/") (toString path);
        in
        lib.any (re: match re rel != null) regexes;
    };
  sourceFilesBySuffices =
    src: suffixes:
    cleanSourceWith {
      inherit src;
      filter = name: type: type == "directory" || lib.any (s: lib.hasSuffix s (baseNameOf (toString name))) suffixes;
    };
  canCleanSource = src: src ? _isLibCleanSourceWith || !(lib.isStorePath (toString src));
}
