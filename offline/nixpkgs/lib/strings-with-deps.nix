# Pieces of text that name the pieces which must come before them (activation scripts are made of these).
{ lib }:
rec {
  # Each name once, after everything that it depends on.
  textClosureList =
    pieces: names:
    let
      visit =
        acc: name:
        if acc.seen ? ${name} then
          acc
        else
          let
            piece = pieces.${name};
            deps = if builtins.isString piece then [ ] else piece.deps;
            before = builtins.foldl' visit (acc // { seen = acc.seen // { ${name} = true; }; }) deps;
          in
          before // { texts = before.texts ++ [ (if builtins.isString piece then piece else piece.text) ]; };
    in
    (builtins.foldl' visit {
      seen = { };
      texts = [ ];
    } names).texts;
  textClosureMap = f: pieces: names: builtins.concatStringsSep "\n" (map f (textClosureList pieces names));

  noDepEntry = text: {
    inherit text;
    deps = [ ];
  };
  fullDepEntry = text: deps: { inherit text deps; };
  packEntry = deps: {
    inherit deps;
    text = "";
  };
  stringAfter = deps: text: { inherit text deps; };
}
