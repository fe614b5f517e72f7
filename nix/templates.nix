# What `nix flake init -t` makes projects of.
{
  default = {
    path = ./template;
    description = "A Mac and a NixOS machine with one suite of cases";
    welcomeText = ''
      Next: `git init && git add .`, then `nix develop --command nix-parity run`.
      cases/ says what the machines must come out as, hosts/ and modules/ make them so.
    '';
  };
}
