let
  __nixPath = [
    {
      prefix = "data";
      path = ../../data;
    }
  ];
in
{ probe.search-path = import <data/found.nix>; }
