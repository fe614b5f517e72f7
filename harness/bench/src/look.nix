# Evaluates what the cases look at, for plain `nix eval`: `asked` is the JSON of
# nix-parity's own requests for a host, each with whether it is to be refused. Of
# each value as much is evaluated as nix-parity would, and nothing is explained.
name: platform: asked:
host:
let
  inherit (builtins)
    concatMap deepSeq elemAt filter fromJSON hasAttr head isAttrs isFunction
    isList isPath listToAttrs map mapAttrs tail toFile toJSON tryEval
    ;

  requests = fromJSON asked;

  # As much of a value as a demand asks for.
  take =
    demand: value:
    let
      member =
        name:
        if demand ? full then take demand
        else if demand ? each then take demand.each
        else if demand ? members && hasAttr name demand.members then take demand.members.${name}
        else _: null;
    in
    if isFunction value then null
    else if isPath value then toString value
    else if isList value then map (member "") value
    else if !(isAttrs value) then value
    else if value.type or null == "derivation" then
      [ (value.pname or value.name) (value.version or null) ]
      ++ (if demand.full.paths or (demand ? members.path) then [ value.outPath ] else [ ])
    else if value ? outPath then "${value}"
    else mapAttrs member value;

  # Follows a path as far as it leads.
  follow =
    path: value:
    if path == [ ] then value
    else if isAttrs value then follow (tail path) (value.${head path} or null)
    else if isList value then follow (tail path) (elemAt value (fromJSON (head path)))
    else null;

  call =
    host: expression:
    if !(isFunction expression) then expression
    else
      expression {
        inherit (host) config options pkgs;
        lib = host.lib or host.pkgs.lib;
        host = {
          inherit name platform;
          inherit (host.pkgs.stdenv.hostPlatform) system;
        };
      };

  evaluate =
    host: subject:
    if subject ? option then take subject.option.demand (follow subject.option.path host.config)
    else if subject ? eval then
      take subject.eval.demand (call host (import (toFile "eval.nix" subject.eval.expression)))
    else if subject == "toplevel" then
      (host.activationPackage or host.config.system.build.toplevel).drvPath
    else if subject == "failed_assertions" then
      concatMap (a: if a.assertion then [ ] else [ a.message ]) host.config.assertions
    else if subject ? graph then
      (if subject.graph.of == null then evaluate host "toplevel" else (follow subject.graph.of host.config).drvPath)
    else if subject ? file then
      let
        files = if platform == "home" then host.config.home.file else host.config.environment.etc;
        isWanted = file: (if platform == "home" then "" else "etc/") + file.target == subject.file.path;
      in
      map (file: file.text or null) (filter isWanted (map (name: files.${name}) (builtins.attrNames files)))
    else if subject == "warnings" then host.config.warnings
    else throw "no case asks for ${toJSON subject}";

  # The host with one more module, once for each module.
  variants = listToAttrs (
    map (variant: {
      name = toJSON variant;
      value = host.extendModules {
        modules = [
          {
            _file = variant.label;
            imports = [ (import (toFile "with.nix" variant.module)) ];
          }
        ];
      };
    }) (filter (variant: variant != null) (map ({ request, ... }: request.variant or null) requests))
  );

  answer =
    { request, refused }:
    let
      subject = if request ? variant then variants.${toJSON request.variant} else host;
      value = evaluate subject request.subject;
    in
    if !refused then value
    else if (tryEval (deepSeq value null)).success then
      throw "should be refused: ${toJSON request}"
    else
      "refused";
in
map answer requests
