# Encryption and secrets.
{ pkgs, ... }:
{
  environment.systemPackages = [
    pkgs.age
    pkgs.gnupg
    pkgs._1password-cli
  ];
  environment.variables.GNUPGHOME = "$HOME/.gnupg";
}
