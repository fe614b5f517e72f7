# git for everybody on the machine: settings that scripts and other accounts need too.
{ lib, ... }:
{
  environment.etc.gitconfig.text = lib.generators.toGitINI {
    init.defaultBranch = "main";
    # What was fetched is checked before it is believed.
    transfer.fsckObjects = true;
    url."https://github.com/".insteadOf = "git://github.com/";
  };
}
