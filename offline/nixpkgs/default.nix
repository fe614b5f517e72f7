# Lets `import nixpkgs { system = …; }` work as it does with the real tree.
import ./pkgs
