# Printing values while they are evaluated, and comparing expressions with what they should give.
{ lib }:
let
  inherit (builtins) trace deepSeq;
  # Beyond `depth` a value is replaced by a mark, so that printing it does not evaluate all of it.
  cut =
    depth: v:
    if builtins.isList v then
      (if depth == 0 then "[…]" else map (cut (depth - 1)) v)
    else if builtins.isAttrs v && !lib.isDerivation v then
      (if depth == 0 then "{…}" else builtins.mapAttrs (_: cut (depth - 1)) v)
    else
      v;
in
rec {
  traceIf = pred: msg: x: if pred then trace msg x else x;
  traceValFn = f: x: trace (f x) x;
  traceVal = traceValFn (x: x);
  traceSeq = x: y: trace (deepSeq x x) y;
  traceSeqN = depth: x: y: let shown = cut depth x; in trace (deepSeq shown shown) y;
  traceValSeqFn = f: x: traceValFn f (deepSeq x x);
  traceValSeq = traceValSeqFn (x: x);
  traceValSeqNFn = f: depth: x: traceSeqN depth (f x) x;
  traceValSeqN = traceValSeqNFn (x: x);
  traceFnSeqN = depth: name: f: x: let result = f x; in traceSeqN (depth + 1) { fn = name; from = x; to = result; } result;

  runTests =
    tests:
    let
      only = tests.tests or [ ];
      names = builtins.filter (
        n: lib.hasPrefix "test" n && n != "tests" && (only == [ ] || builtins.elem n only)
      ) (builtins.attrNames tests);
    in
    builtins.concatMap (
      name:
      let
        t = tests.${name};
      in
      if t.expr == t.expected then [ ] else [ { inherit name; inherit (t) expected; result = t.expr; } ]
    ) names;
  testAllTrue = expr: { inherit expr; expected = map (_: true) expr; };
}
