{ probe.link-to-folder = import ../../links/folder/inside.nix; }
