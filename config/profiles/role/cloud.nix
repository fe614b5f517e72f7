# A machine that clusters are run from: accounts, infrastructure as code, Kubernetes, and GitOps.
{ config, pkgs, ... }:
{
  machine.roles = [ "cloud" ];
  machine.packages.cloud.common = with pkgs; [
    argocd
    fluxcd
    kubectl
    kubernetes-helm
    kustomize
    sops
    terraform
  ];
  environment.variables = {
    # A mistyped name must not end up in somebody else's account.
    AWS_PAGER = "";
    AWS_SDK_LOAD_CONFIG = "1";
    CHECKPOINT_DISABLE = "1";
    TF_PLUGIN_CACHE_DIR = "$HOME/.cache/terraform";
  };
  environment.shellAliases = {
    k = "kubectl";
    tf = "terraform";
  };
  home-manager.users.${config.machine.owner.name} = {
    programs.awscli = {
      enable = true;
      settings.default = {
        region = "eu-central-1";
        output = "json";
      };
    };
    programs.k9s = {
      enable = true;
      settings.k9s = {
        refreshRate = 2;
        readOnly = true;
      };
      aliases.aliases = {
        dp = "deployments";
        sec = "v1/secrets";
      };
    };
    programs.kubecolor = {
      enable = true;
      enableAlias = true;
    };
    home.sessionVariables.KUBECONFIG = "$HOME/.kube/config";
  };
}
