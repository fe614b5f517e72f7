# A machine that models are trained and asked on: Python and Rust, notebooks, experiments, and a GPU.
{ config, lib, local, pkgs, platform, ... }:
let
  owner = config.machine.owner.name;
in
{
  options.machine.ai.gpu = lib.mkEnableOption "an NVIDIA GPU";

  config = local.platform.compatibility.settings platform {
    common = {
      machine.roles = [ "ai" ];
      machine.development = {
        python.enable = true;
        rust.enable = true;
      };
      machine.packages.ai.common = [
        (pkgs.python3.withPackages (
          python: with python; [
            jupyterlab
            mlflow
            numpy
            pandas
            scikit-learn
            torch
          ]
        ))
        pkgs.maturin
      ];
      environment.variables = {
        JUPYTER_PLATFORM_DIRS = "1";
        MLFLOW_TRACKING_URI = "sqlite:///mlflow.db";
      };
      home-manager.users.${owner}.services.ollama = {
        enable = true;
        host = "127.0.0.1";
        port = 11434;
        environmentVariables.OLLAMA_KEEP_ALIVE = "10m";
      };
    };
    nixos = lib.mkIf config.machine.ai.gpu {
      hardware.nvidia = {
        modesetting.enable = true;
        open = true;
      };
      hardware.nvidia-container-toolkit.enable = true;
      services.xserver.videoDrivers = [ "nvidia" ];
      home-manager.users.${owner}.services.ollama.package = pkgs.ollama-cuda;
    };
  };
}
