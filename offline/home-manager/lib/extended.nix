# nixpkgs's lib with home-manager's own part, `lib.hm`: entries that are ordered by name (dag).
lib:
let
  entry = before: after: data: { inherit before after data; };

  dag = {
    entryAnywhere = entry [ ] [ ];
    entryBefore = before: entry before [ ];
    entryAfter = entry [ ];
    entryBetween = before: after: entry before after;

    # Sorts named entries so that each stands after what it names in `after` and before what it names in `before`.
    topoSort =
      entries:
      let
        named = lib.mapAttrsToList (name: e: { inherit name; inherit (e) before after data; }) entries;
        precedes = a: b: lib.elem a.name b.after || lib.elem b.name a.before;
        sorted = lib.toposort precedes named;
      in
      if sorted ? result then { result = map (e: { inherit (e) name data; }) sorted.result; } else sorted;
  };

  isEntry = value: value ? data && value ? before && value ? after;

  # Plain values may stand where entries are wanted; they have no order.
  dagOf =
    elem:
    lib.types.attrsOf (
      lib.types.coercedTo (lib.types.addCheck lib.types.raw (value: !(lib.isAttrs value && isEntry value))) dag.entryAnywhere (
        lib.types.submodule {
          options = {
            data = lib.mkOption { type = elem; description = "The entry."; };
            before = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; description = "Entries after it."; };
            after = lib.mkOption { type = lib.types.listOf lib.types.str; default = [ ]; description = "Entries before it."; };
          };
        }
      )
    );
in
lib // { hm = { inherit dag; types = { inherit dagOf; }; }; }
