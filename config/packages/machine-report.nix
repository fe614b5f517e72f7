# Says what the machine is and how full its disk is.
{ writeShellApplication }:
writeShellApplication {
  name = "machine-report";
  text = ''
    uname -a
    df -h /
  '';
  meta.description = "One-page report on this machine";
}
