# Folders of packages that sessions look into besides bin.
{
  environment.pathsToLink = [
    "/share/fish"
    "/share/zsh"
  ];
}
