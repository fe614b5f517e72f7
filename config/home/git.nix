# git and what goes with it.
{ local, owner, pkgs, ... }:
{
  programs = {
    git = {
      enable = true;
      package = local.wrappers.git pkgs;
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
        branch.sort = "-committerdate";
        diff.algorithm = "histogram";
        fetch.prune = true;
        merge.conflictStyle = "zdiff3";
        rebase.autoStash = true;
        alias = {
          lg = "log --oneline --graph";
          st = "status --short --branch";
          undo = "reset --soft HEAD~1";
        };
      };
    };
    delta = {
      enable = true;
      enableGitIntegration = true;
      options = {
        line-numbers = true;
        navigate = true;
      };
    };
    gh = {
      enable = true;
      settings = {
        git_protocol = "ssh";
        aliases.co = "pr checkout";
      };
    };
    lazygit = {
      enable = true;
      settings = {
        git.overrideGpg = true;
        gui.showFileTree = true;
        update.method = "never";
      };
    };
    jujutsu = {
      enable = true;
      settings = {
        user = {
          name = owner.fullName;
          inherit (owner) email;
        };
        ui.default-command = "log";
      };
    };
  };
}
