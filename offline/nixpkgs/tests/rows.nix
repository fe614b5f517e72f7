# All rows of the table, ready to be asked for one at a time in one evaluator that outlives errors.
{ libPath }:
let
  lib = import (/. + libPath);
  files = builtins.attrNames (builtins.readDir ./table);
  subject = file: builtins.replaceStrings [ ".nix" ] [ "" ] file;
  rowsOf =
    file:
    map (row: row // { name = "${subject file}: ${row.name}"; }) (import (./table + "/${file}"));
  # `since` names a function that the library got together with what the row is about, or later;
  # an older library is not asked.
  rows = builtins.filter (row: !row ? since || lib ? ${row.since}) (builtins.concatMap rowsOf files);

  # Every row says what it stands for, and has either a value or a message to expect.
  sound =
    row:
    if row.about == "" || row ? expected == row ? fails then
      throw "row `${row.name}' needs `about' and exactly one of `expected' and `fails'"
    else
      row;
  at = builtins.elemAt (map sound rows);
in
{
  count = builtins.trace "COUNT ${toString (builtins.length rows)}" null;
  # Said before the row is evaluated: whatever comes after it on stderr belongs to the row.
  begin =
    n:
    let
      row = at n;
    in
    builtins.trace "ROW ${row.name}" (
      builtins.trace (if row ? fails then "FAILS ${row.fails}" else "VALUE") null
    );
  run =
    n:
    let
      row = at n;
      got = row.expr lib;
    in
    if row ? fails then
      builtins.deepSeq got (builtins.trace "GOT ${builtins.toJSON got}" null)
    else if got == row.expected then
      builtins.trace "SAME" null
    else
      builtins.trace "EXPECTED ${builtins.toJSON row.expected}" (
        builtins.trace "GOT ${builtins.toJSON got}" null
      );
}
