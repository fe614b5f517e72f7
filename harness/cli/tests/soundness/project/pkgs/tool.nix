{ runCommand }:
runCommand "tool" {
  source = ./tool.sh;
  text = "value1";
} "cp $source $out"
