# Lists.
{ lib }:
let
  inherit (builtins)
    all
    any
    concatLists
    concatMap
    elem
    elemAt
    filter
    foldl'
    genList
    isList
    length
    map
    ;
in
rec {
  inherit (builtins)
    all
    any
    concatLists
    concatMap
    elem
    elemAt
    filter
    foldl'
    genList
    groupBy
    isList
    length
    map
    partition
    sort
    tail
    ;

  singleton = x: [ x ];
  toList = x: if isList x then x else [ x ];
  optional = cond: x: if cond then [ x ] else [ ];
  optionals = cond: xs: if cond then xs else [ ];
  forEach = xs: f: map f xs;
  ifilter0 =
    p: xs: map (i: elemAt xs i) (filter (i: p i (elemAt xs i)) (range 0 (length xs - 1)));
  imap0 = f: xs: genList (i: f i (elemAt xs i)) (length xs);
  imap1 = f: xs: genList (i: f (i + 1) (elemAt xs i)) (length xs);
  range = first: last: if first > last then [ ] else genList (i: first + i) (last - first + 1);
  replicate = n: x: genList (_: x) n;
  flatten = x: if isList x then concatMap flatten x else [ x ];

  # Right fold: the rest is only looked at if `op` asks for it.
  foldr =
    op: nul: xs:
    let
      n = length xs;
      go = i: if i == n then nul else op (elemAt xs i) (go (i + 1));
    in
    go 0;
  fold = foldr;
  foldl =
    op: nul: xs:
    let
      go = i: if i == -1 then nul else op (go (i - 1)) (elemAt xs i);
    in
    go (length xs - 1);

  head = xs: if xs == [ ] then throw "lists.head: list must not be empty!" else builtins.head xs;
  last =
    xs: if xs == [ ] then throw "lists.last: list must not be empty!" else elemAt xs (length xs - 1);
  init = xs: if xs == [ ] then throw "lists.init: list must not be empty!" else take (length xs - 1) xs;
  take = n: sublist 0 n;
  takeEnd = n: xs: drop (lib.max 0 (length xs - n)) xs;
  drop = n: xs: sublist n (length xs) xs;
  dropEnd = n: xs: take (lib.max 0 (length xs - n)) xs;
  sublist =
    start: count: xs:
    let
      left = length xs - start;
      size =
        if left <= 0 then
          0
        else if count > left then
          left
        else
          count;
    in
    genList (i: elemAt xs (start + i)) size;

  hasPrefix = prefix: xs: take (length prefix) xs == prefix;
  removePrefix =
    prefix: xs:
    if hasPrefix prefix xs then
      drop (length prefix) xs
    else
      throw "lists.removePrefix: First argument is not a list prefix of the second argument";
  commonPrefix =
    a: b:
    let
      same = findFirstIndex (i: elemAt a i != elemAt b i) null (range 0 (lib.min (length a) (length b) - 1));
    in
    if same == null then take (lib.min (length a) (length b)) a else take same a;

  count = p: foldl' (n: x: if p x then n + 1 else n) 0;
  findSingle =
    p: none: many: xs:
    let
      found = filter p xs;
    in
    if found == [ ] then
      none
    else if length found == 1 then
      builtins.head found
    else
      many;
  findFirstIndex =
    p: fallback: xs:
    let
      n = length xs;
      # A strict fold rather than recursion: no stack is used however long the list is.
      hit = foldl' (found: i: if found >= 0 then found else if p (elemAt xs i) then i else found) (-1) (genList (i: i) n);
    in
    if hit < 0 then fallback else hit;
  findFirst =
    p: fallback: xs:
    let
      i = findFirstIndex p null xs;
    in
    if i == null then fallback else elemAt xs i;

  remove = x: filter (y: y != x);
  subtractLists = unwanted: filter (x: !elem x unwanted);
  intersectLists = wanted: filter (x: elem x wanted);
  mutuallyExclusive = a: b: length a == 0 || !any (x: elem x a) b;
  unique = foldl' (acc: x: if elem x acc then acc else acc ++ [ x ]) [ ];
  # For strings only: a set does the comparing.
  uniqueStrings = xs: builtins.attrNames (builtins.listToAttrs (map (name: { inherit name; value = null; }) xs));
  allUnique = xs: length (unique xs) == length xs;

  reverseList =
    xs:
    let
      n = length xs;
    in
    genList (i: elemAt xs (n - 1 - i)) n;
  zipListsWith = f: a: b: genList (i: f (elemAt a i) (elemAt b i)) (lib.min (length a) (length b));
  zipLists = zipListsWith (fst: snd: { inherit fst snd; });
  replaceElemAt = xs: i: x: imap0 (j: y: if i == j then x else y) xs;
  crossLists = f: foldl' (fs: args: concatMap (g: map g args) fs) [ f ];

  groupBy' =
    op: nul: key: xs:
    builtins.mapAttrs (_: foldl' op nul) (builtins.groupBy key xs);

  sortOn =
    key: xs:
    map (p: p.value) (builtins.sort (a: b: a.key < b.key) (map (value: { key = key value; inherit value; }) xs));
  compareLists =
    cmp: a: b:
    if a == [ ] then
      (if b == [ ] then 0 else -1)
    else if b == [ ] then
      1
    else
      let
        first = cmp (builtins.head a) (builtins.head b);
      in
      if first == 0 then compareLists cmp (builtins.tail a) (builtins.tail b) else first;
  # Digits compare by their value, everything between them as text.
  naturalSort =
    xs:
    let
      parts = s: map (p: if isList p then lib.toIntBase10 (builtins.head p) else p) (builtins.split "(0|[1-9][0-9]*)" s);
      keyed = map (s: [ (parts s) s ]) xs;
      less = a: b: compareLists lib.compare (builtins.head a) (builtins.head b) < 0;
    in
    map (x: elemAt x 1) (builtins.sort less keyed);

  # Depth first from the first element; stops at a cycle. `before a b`: a must come before b.
  listDfs =
    stopOnCycles: before: xs:
    let
      go =
        us: visited: rest:
        let
          split = builtins.partition (x: before x us) visited;
          next = builtins.partition (x: before x us) rest;
          cyclic = filter (x: before x us && !(x == us)) visited;
        in
        if stopOnCycles && split.right != [ ] && cyclic != [ ] then
          {
            cycle = us;
            loops = split.right;
            inherit visited rest;
          }
        else if next.right == [ ] then
          {
            minimal = us;
            inherit visited rest;
          }
        else
          go (builtins.head next.right) ([ us ] ++ visited) (builtins.tail next.right ++ next.wrong);
    in
    go (builtins.head xs) [ ] (builtins.tail xs);
  toposort =
    before: xs:
    let
      dfs = listDfs true before xs;
      rest = toposort before (dfs.visited ++ dfs.rest);
    in
    if length xs < 2 then
      { result = xs; }
    else if dfs ? cycle then
      {
        cycle = reverseList ([ dfs.cycle ] ++ dfs.visited);
        inherit (dfs) loops;
      }
    else if rest ? cycle then
      rest
    else
      { result = [ dfs.minimal ] ++ rest.result; };
}
