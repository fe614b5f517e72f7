# git and what goes with it.
{ owner, ... }:
{
  programs = {
    git = {
      enable = true;
      lfs.enable = true;
      ignores = [
        ".DS_Store"
        ".direnv/"
        "result"
      ];
      settings = {
        user.name = owner.fullName;
        user.email = owner.email;
        init.defaultBranch = "main";
        pull.rebase = true;
        push.autoSetupRemote = true;
        rerere.enabled = true;
        alias.lg = "log --oneline --graph";
      };
    };
    delta = {
      enable = true;
      enableGitIntegration = true;
      options.navigate = true;
    };
    gh = {
      enable = true;
      settings.git_protocol = "ssh";
    };
  };
}
