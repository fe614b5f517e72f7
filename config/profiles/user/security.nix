# Encryption and secrets.
{ pkgs, ... }:
{
  machine.packages.secrets.common = [
    pkgs.age
    pkgs.gnupg
    pkgs.ssh-to-age
    pkgs._1password-cli
  ];
  environment.variables.GNUPGHOME = "$HOME/.gnupg";
}
