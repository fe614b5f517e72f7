# Compilers and their helpers, as the owner wants them in every project.
{ config, ... }:
{
  programs = {
    cargo = {
      enable = true;
      # rustup brings it.
      package = null;
      settings = {
        build.target-dir = "target";
        net.retry = 3;
        registries.crates-io.protocol = "sparse";
        term.color = "auto";
      };
    };
    go = {
      enable = true;
      env = {
        GOPATH = "${config.xdg.dataHome}/go";
        GOTOOLCHAIN = "local";
      };
    };
    ruff = {
      enable = true;
      settings = {
        line-length = 100;
        lint.select = [
          "E"
          "F"
          "I"
          "UP"
        ];
        target-version = "py313";
      };
    };
    uv = {
      enable = true;
      settings = {
        python-downloads = "never";
        python-preference = "only-system";
      };
    };
  };
}
