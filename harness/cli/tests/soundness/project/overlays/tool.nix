final: prev: {
  overlaid = final.runCommand "overlaid" { text = "value1"; } "touch $out";
}
