# The part of the harness that runs inside Nix: it looks things up in a host and
# traces each answer as one line of JSON. `marker` is a word that nobody else
# knows, so that no string of a configuration can pass for an answer.
#
# Every lookup is lazy: what is not asked for is not evaluated.
marker:
let
  inherit (builtins)
    attrNames concatMap deepSeq elemAt filter genList hasAttr hasContext head isAttrs
    isFunction isList length listToAttrs map mapAttrs match parseDrvName pathExists seq tail
    toJSON toString trace tryEval typeOf unsafeDiscardStringContext;

  # How deep a value may nest before it is taken for endless.
  maxDepth = 200;

  # An attribute set of more names than this lists none as suggestions.
  maxNames = 3000;

  package = paths: name: pname: version: path: {
    p = [
      (if pname != null then pname else (parseDrvName name).name)
      (if version != null then toString version else (parseDrvName name).version)
      (if paths then unsafeDiscardStringContext (toString path) else null)
    ];
  };

  # The same for values that nobody named: whoever asks for all of them wants the
  # settings, not the package set or the library that one of them may hold.
  maxSettingDepth = 20;

  # What a definition without a priority of its own is above: `mkOptionDefault`.
  defaultPriority = 1500;

  storeName = path: match "/nix/store/[0-9a-z]{32}-([^/]+)" path;

  unobserved = { u = null; };

  # An error of the harness, which is told from those of a configuration by the marker.
  refuse = message: throw "${marker} ${message}";

  # The encoding of nix_parity_core::value::wire, as far as nix_parity_core::demand
  # asks for: `{ }` the shape, `{ full = true; paths = …; }`, `{ each = …; }` or
  # `{ members = { … }; }`. With `setting` everything as far as it is a setting.
  encode = demand: depth: value:
    let
      paths = demand.paths or (demand ? members.path);
      each =
        if demand.full or false then encode demand (depth + 1)
        else if demand ? each then encode demand.each (depth + 1)
        else _: unobserved;
      member =
        if demand ? members then
          name: if hasAttr name demand.members then encode demand.members.${name} (depth + 1) else _: unobserved
        else
          _: each;
      type = typeOf value;
    in
    if depth > maxDepth then
      refuse "a value nests deeper than ${toString maxDepth} levels"
    else if type == "set" then
      if value.type or null == "derivation" then
        package paths (value.name or "") (value.pname or null) (value.version or null) value.outPath
      else if value ? outPath then
        let path = toString value; name = storeName (unsafeDiscardStringContext path); in
        if name == null then unsafeDiscardStringContext path
        else package paths (head name) null null path
      else if demand.setting or false && isNoSetting depth value then
        unobserved
      else if value ? __functor then
        { f = null; }
      else if value ? __toString then
        # `toJSON` would call it.
        { e = map (name: [ name (member name value.${name}) ]) (attrNames value); }
      else
        { a = mapAttrs member value; }
    else if type == "list" then
      map each value
    else if type == "lambda" then
      { f = null; }
    else if type == "path" then
      let path = unsafeDiscardStringContext (toString value); name = storeName path; in
      if name == null then { t = path; } else package paths (head name) null null path
    else if type == "string" then
      unsafeDiscardStringContext value
    else if type == "float" && value - value != 0.0 then
      # JSON has no such number, and `toJSON` would say null.
      { n = if value > 0.0 then "inf" else if value < 0.0 then "-inf" else "nan"; }
    else
      value;

  # Package sets, libraries, types and options are no settings, and endless.
  isNoSetting = depth: value:
    depth > maxSettingDepth || value ? _type || value ? callPackage || length (attrNames value) > maxNames;

  # The options below a set of options, with their paths, in the order of their
  # names. Left out are those that are no settings of a person: the module system's
  # own, internal and hidden ones (as renamed options are), what is built, and what
  # cannot be looked at.
  optionsBelow = path: options:
    let
      below = name:
        let path' = path ++ [ name ]; value = options.${name}; in
        if !(isAttrs value) || path' == [ "system" "build" ] then
          [ ]
        else if value._type or null == "option" then
          (if value.internal or false || value.visible or true == false then [ ] else [ { path = path'; option = value; } ])
        else if value ? _type then
          [ ]
        else
          optionsBelow path' value;
      found = name: let r = tryEval (below name); in if r.success then r.value else [ ];
    in
    concatMap found (filter (name: name != "_module") (attrNames options));

  # `{ value }` of an option; `{ }` where it throws.
  settingOf = option:
    let
      encoded = encode { full = true; setting = true; } 0 option.value;
      value = tryEval (deepSeq encoded encoded);
    in
    if value.success then { inherit (value) value; } else { };

  # Whether something sets an option; an attempt, since asking may throw.
  isSet = option: tryEval ((option.isDefined or true) && option.highestPrio or 100 < defaultPriority);

  # The files of the definitions that survive.
  filesOf = option:
    let
      files = map (d: toString d.file) (option.definitionsWithLocations or [ ]);
      found = tryEval (deepSeq files files);
    in
    if found.success then found.value else [ ];

  # The options of the homes that are part of a system, by user. To the system a home is
  # one value. What that is made of is what the module system says (nixpkgs from 25.11
  # on), or else its type's options with the definitions added as modules.
  homesIn = host:
    let
      users = host.options.home-manager.users or { };
      type = users.type.nestedTypes.elemType;
      definitions = concatMap (d: map (name: { inherit name; inherit (d) file; value = d.value.${name}; }) (attrNames d.value)) (users.definitionsWithLocations or [ ]);
      ofType = name:
        let
          loc = [ "home-manager" "users" name ];
          own = map (d: removeAttrs d [ "name" ]) (filter (d: d.name == name) definitions);
          merged = host.lib.mergeDefinitions loc type own;
          modules = map (d: { _file = d.file; imports = [ d.value ]; }) merged.defsFinal;
          extended = type.substSubModules (type.getSubModules ++ modules ++ [ { _module.args.name = host.lib.mkForce name; } ]);
        in
        optionsBelow [ ] (extended.getSubOptions loc);
    in
    if users ? valueMeta.attrs then
      mapAttrs (_: meta: optionsBelow [ ] meta.configuration.options) users.valueMeta.attrs
    else
      mapAttrs (name: _: ofType name) (listToAttrs (map (d: { inherit (d) name; value = null; }) definitions));

  # `[ path files { value = …; } ]` of an option that something sets; `{ }` where its
  # value throws.
  setting = entry:
    let
      inherit (entry) option;
      isSet' = isSet option;
    in
    if isSet'.success && !isSet'.value then
      [ ]
    else
      [
        [
          entry.path
          (filesOf option)
          { a = if isSet'.success then settingOf option else { }; }
        ]
      ];

  names = value: if isAttrs value && length (attrNames value) <= maxNames then attrNames value else [ ];

  index = segment: if match "0|[1-9][0-9]{0,8}" segment == null then null else builtins.fromJSON segment;

  # Follows a path into sets and lists.
  follow = depth: path: value:
    if path == [ ] then
      { found = true; inherit value; }
    else if isAttrs value && hasAttr (head path) value then
      follow (depth + 1) (tail path) value.${head path}
    else if isList value && index (head path) != null && index (head path) < length value then
      follow (depth + 1) (tail path) (elemAt value (index (head path)))
    else
      { found = false; missing = { inherit depth; names = names value; undefined = false; }; };

  # The option that a path leads to, and what of the path leads on into its value.
  optionAt = path: options:
    if options._type or null == "option" then
      { option = options; rest = path; }
    else if path != [ ] && isAttrs options && hasAttr (head path) options then
      optionAt (tail path) options.${head path}
    else
      null;

  # The same on a host: the options of a home that is part of a system are that home's
  # own, where the module system says them (nixpkgs from 25.11 on).
  optionOf = path: host:
    let
      homes = (host.options.home-manager.users or { }).valueMeta.attrs or { };
      isInHome =
        length path > 3 && head path == "home-manager" && elemAt path 1 == "users" && hasAttr (elemAt path 2) homes;
      inHome = optionAt (tail (tail (tail path))) homes.${elemAt path 2}.configuration.options;
    in
    if isInHome && inHome != null then inHome else optionAt path host.options;

  # Whether a definition can have a part in the value at `path` inside of it. A
  # definition that is a function, or is wrapped, may hold anything.
  touches = path: value:
    path == [ ]
    || !(isAttrs value)
    || value ? _type
    || (hasAttr (head path) value && (let r = tryEval (touches (tail path) value.${head path}); in !r.success || r.value));

  # The path of a package's derivation, once that is in the store. Determinate Nix writes
  # derivations in the background, and `pathExists` of a string with context waits for them.
  derivationOf = package:
    let path = package.drvPath; in
    seq (!(hasContext path) || pathExists path) (unsafeDiscardStringContext path);

  toBuild = package: {
    a = {
      derivation = derivationOf package;
      output = package.outputName or "out";
    };
  };

  answer = id: tag: value: trace "${marker} ${toString id} ${tag} ${toJSON value}" null;
in
rec {
  # The uniform view of a system configuration, whatever made it.
  host = name: platform: raw: rec {
    inherit name platform raw;
    inherit (raw) config options;
    pkgs = raw.pkgs or raw._module.args.pkgs or (refuse "this host offers no `pkgs`");
    lib = raw.lib or pkgs.lib;
    system = pkgs.stdenv.hostPlatform.system;
    allOptions = optionsBelow [ ] options;
    toplevel = raw.activationPackage or raw.config.system.build.toplevel;
    # What expressions in case files are given.
    arguments = {
      inherit config options pkgs lib;
      host = { inherit name platform system; };
    };
  };

  # The host with one more module.
  variant = host': label: module:
    let
      extendModules = host'.raw.extendModules or (refuse "this host cannot be varied: it offers no `extendModules`");
    in
    host host'.name host'.platform (extendModules {
      modules = [ { _file = label; imports = [ module ]; } ];
    });

  option = path: demand: host: id:
    let
      at = optionAt path host.options;
      result = follow 0 path host.config;
      value = tryEval result.value;
      # An alias, or another option with `apply`, has a value although nothing defines it;
      # where it has none, that is so because of the option that it stands for.
      isUndefined = at != null && at.rest == [ ] && !(at.option ? apply) && !(at.option.isDefined or true);
    in
    if !result.found then
      answer id "missing" result.missing
    else if !value.success && isUndefined then
      answer id "missing" { depth = length path; names = [ ]; undefined = true; }
    else
      answer id "value" (encode demand 0 result.value);

  eval = expression: demand: host: id:
    answer id "value" (encode demand 0 (if isFunction expression then expression host.arguments else expression));

  toplevel = host: id: answer id "value" (derivationOf host.toplevel);

  # The path of a derivation at a path, or null where it is something else.
  derivation = path: host: id:
    let result = follow 0 path host.config; in
    if !result.found then
      answer id "missing" result.missing
    else
      answer id "value" (
        if result.value.type or null == "derivation" then
          derivationOf result.value
        else
          null
      );

  # What is built at a path: a derivation and the name of its output, or null where it
  # is something else.
  build = path: host: id:
    let result = follow 0 path host.config; in
    if !result.found then
      answer id "missing" result.missing
    else
      answer id "value" (
        if result.value.type or null == "derivation" then toBuild result.value else null
      );

  buildSystem = host: id: answer id "value" (toBuild host.toplevel);

  # A file of the system, or of the home folder of a home: its text, the derivation
  # that may hold it, or why it is not known.
  file = path: host: id:
    let
      inEtc = match "etc/(.*)" path;
      files = if host.platform == "home" then host.config.home.file else host.config.environment.etc;
      wanted = if host.platform == "home" then path else if inEtc == null then null else head inEtc;
      isWanted = file: file.target == wanted && file.enable or true;
      found =
        if wanted == null then [ ]
        else if hasAttr wanted files && isWanted files.${wanted} then [ files.${wanted} ]
        else filter isWanted (map (name: files.${name}) (attrNames files));
      prefix = if host.platform == "home" then "" else "etc/";
      file = head found;
      source = if isAttrs file.source then file.source.outPath else file.source;
      context = builtins.getContext (toString source);
      derivations = filter (name: context.${name} ? outputs) (attrNames context);
    in
    if found == [ ] then
      answer id "missing" {
        depth = 0;
        names = map (name: prefix + files.${name}.target) (names files);
        undefined = false;
      }
    else
      answer id "value" {
        a =
          if file.text or null != null then
            { text = unsafeDiscardStringContext file.text; }
          else if length derivations == 1 then
            { derivation = if file.source ? drvPath then derivationOf file.source else head derivations; }
          else if derivations != [ ] then
            { unknown = "it is built of several derivations"; }
          else if builtins.readFileType (unsafeDiscardStringContext (toString source)) == "directory" then
            { unknown = "it is a folder"; }
          else
            { text = unsafeDiscardStringContext (builtins.readFile source); };
      };

  failedAssertions = host: id:
    answer id "value" (map (a: a.message) (filter (a: !a.assertion) host.config.assertions));

  warnings = host: id: answer id "value" (map toString host.config.warnings);

  system = host: id: answer id "value" host.system;

  hosts = configurations: id: answer id "value" (attrNames configurations);

  origins = path: host: id:
    let at = optionOf path host; in
    if at == null then
      answer id "missing" { depth = 0; names = [ ]; undefined = false; }
    else
      answer id "value" {
        a = {
          option = toString at.option;
          inherit (at) rest;
          defined = at.option.isDefined or true;
          definitions = map (d: toString d.file)
            (filter (d: touches at.rest d.value) at.option.definitionsWithLocations or [ ]);
          declarations = map (p: { a = { file = toString p.file; inherit (p) line column; }; })
            (filter (p: p != null) at.option.declarationPositions or [ ]);
        };
      };

  # The settings among the options from one number to before another, by their
  # places in the list of all, and how long that is.
  settings = from: to: host: id:
    let
      total = length host.allOptions;
      end = if to < total then to else total;
      count = if from < end then end - from else 0;
    in
    answer id "value" {
      a = {
        inherit total;
        settings = concatMap setting (genList (n: elemAt host.allOptions (from + n)) count);
      };
    };

  # What is set in the homes that are part of a system, by user: `{ user = [ [ path
  # [ file ] ] ]; }`.
  homes = host: id:
    let settings = options: map (entry: [ entry.path (filesOf entry.option) ]) (filter (entry: (isSet entry.option).value) options); in
    answer id "value" { a = mapAttrs (_: settings) (homesIn host); };

  # The value of one of them.
  settingAt = path: host: id:
    let at = optionAt path host.options; in
    if at == null || at.rest != [ ] then
      answer id "missing" { depth = 0; names = [ ]; undefined = true; }
    else
      answer id "value" { a = settingOf at.option; };

  # The path of an option of that list.
  optionName = number: host: id: answer id "value" (elemAt host.allOptions number).path;

  # The files of the definitions that survive, of all options that something sets, those
  # of the homes of a system too.
  contributions = host: id:
    let
      homes = homesIn host;
      options = host.allOptions ++ concatMap (name: homes.${name}) (attrNames homes);
      set = filter (entry: (isSet entry.option).value) options;
      files = concatMap (entry: map unsafeDiscardStringContext (filesOf entry.option)) set;
    in
    answer id "value" (attrNames (listToAttrs (map (name: { inherit name; value = null; }) files)));

  # The names of the programs that are installed, by what installs them.
  programs = host: id:
    let
      inherit (host) config;
      named = package: package.pname or (parseDrvName (package.name or (toString package))).name;
      ofUsers = users: concatMap (name: users.${name}.packages or [ ]) (attrNames users);
      ofHomes = users: concatMap (name: users.${name}.home.packages or [ ]) (attrNames users);
      packages =
        config.environment.systemPackages or [ ]
        ++ ofUsers (config.users.users or { })
        ++ ofHomes (config.home-manager.users or { })
        ++ config.home.packages or [ ];
      homebrew = list:
        if config.homebrew.enable or false then map (entry: entry.name or entry) config.homebrew.${list} or [ ]
        else [ ];
    in
    answer id "value" {
      a = {
        nixpkgs = map (package: unsafeDiscardStringContext (named package)) packages;
        brews = homebrew "brews";
        casks = homebrew "casks";
      };
    };

  # What there is to know of an option besides its value and who set it.
  about = path: host: id:
    let
      at = optionOf path host;
      type = at.option.type or { };
      known = value: let r = tryEval (deepSeq value value); in if r.success then r.value else null;
    in
    if at == null then
      answer id "missing" (
        let found = follow 0 path host.options; in
        found.missing or { depth = length path; names = names found.value; undefined = false; }
      )
    else
      answer id "value" {
        a = {
          priority = known (at.option.highestPrio or null);
          type = known (type.description or type.name or null);
          defined = known (at.option.isDefined or true);
          declarations = known (map (p: { a = { file = toString p.file; inherit (p) line column; }; })
            (filter (p: p != null) at.option.declarationPositions or [ ]));
        };
      };

  # Shows that the prelude is loaded.
  ready = id: answer id "value" true;

  # Has one derivation made and one file copied, so that the log shows whether Nix says
  # so. The file is this one.
  trial = id:
    let
      made = builtins.derivation { name = "nix-parity-trial"; system = "none"; builder = "/none"; };
      copied = "${/. + __curPos.file}";
    in
    answer id "value" (builtins.seq made.drvPath (builtins.seq copied true));
}
