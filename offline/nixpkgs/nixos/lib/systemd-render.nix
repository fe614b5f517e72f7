# Writes units as text, and a set of units as the tree that systemd reads.
{ lib, pkgs }:
let
  text = value: if value == true then "true" else if value == false then "false" else toString value;

  # A null leaves the key out, a list repeats it.
  lines =
    attrs:
    lib.concatStrings (
      lib.mapAttrsToList (
        key: value:
        lib.optionalString (value != null) (lib.concatMapStrings (item: "${key}=${text item}\n") (lib.toList value))
      ) attrs
    );
  block = name: body: lib.optionalString (body != "") "\n[${name}]\n${body}";

  unitSection =
    def:
    block "Unit" (
      lines (
        lib.filterAttrs (_: value: value != "") {
          Description = def.description;
          Documentation = toString def.documentation;
          After = toString def.after;
          Before = toString def.before;
          Requires = toString def.requires;
          Wants = toString def.wants;
          BindsTo = toString def.bindsTo;
          PartOf = toString def.partOf;
          Conflicts = toString def.conflicts;
          X-Restart-Triggers = toString (def.restartTriggers or [ ]);
        }
        // def.unitConfig
      )
    );

  job = unit: name: script: "${pkgs.writeShellScriptBin "${unit}-${name}" "set -e\n${script}"}/bin/${unit}-${name}";
in
rec {
  plain = _: unitSection;

  section = sectionName: option: _: def: unitSection def + block sectionName (lines def.${option});

  service =
    globalEnvironment: name: def:
    let
      environment = globalEnvironment // lib.optionalAttrs (def.path != [ ]) { PATH = lib.makeBinPath def.path; } // def.environment;
      jobs =
        lib.optionalAttrs (def.script != "") { ExecStart = job name "start" def.script; }
        // lib.optionalAttrs (def.preStart != "") { ExecStartPre = [ (job name "pre-start" def.preStart) ]; }
        // lib.optionalAttrs (def.postStart != "") { ExecStartPost = [ (job name "post-start" def.postStart) ]; };
    in
    unitSection def
    + block "Service" (
      lib.concatStrings (
        lib.mapAttrsToList (key: value: lib.optionalString (value != null) "Environment=${builtins.toJSON "${key}=${value}"}\n") environment
      )
      + lines (jobs // def.serviceConfig)
      + lib.optionalString (!def.restartIfChanged) "X-RestartIfChanged=false\n"
      + lib.optionalString (!def.stopIfChanged) "X-StopIfChanged=false\n"
    );

  # A unit that is not enabled is masked, as a link to /dev/null.
  tree =
    name: units: defaultUnit:
    pkgs.runCommand name { } (
      ''
        mkdir -p "$out"
        unit() { ln -sfn "$1" "$out/$2"; }
        pull() { mkdir -p "$out/$2"; ln -sfn "../$1" "$out/$2/$1"; }
      ''
      + lib.concatStrings (
        lib.mapAttrsToList (
          unitName: def:
          let
            arg = lib.escapeShellArg unitName;
            file = pkgs.writeText "unit-${lib.replaceStrings [ "@" "\\" ] [ "-" "-" ] unitName}" def.text;
          in
          "unit ${if def.enable && def.text != null then file else "/dev/null"} ${arg}\n"
          + lib.optionalString def.enable (
            lib.concatMapStrings (by: "pull ${arg} ${lib.escapeShellArg by}.wants\n") def.wantedBy
            + lib.concatMapStrings (by: "pull ${arg} ${lib.escapeShellArg by}.requires\n") def.requiredBy
            + lib.concatMapStrings (alias: "unit ${arg} ${lib.escapeShellArg alias}\n") def.aliases
          )
        ) units
      )
      + lib.optionalString (defaultUnit != null) "unit ${lib.escapeShellArg defaultUnit} default.target\n"
    );
}
