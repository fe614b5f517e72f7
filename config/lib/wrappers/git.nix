# git that pages alike in a terminal and in an editor's, and never waits for a password.
{ wrap }:
pkgs:
wrap pkgs {
  package = pkgs.git;
  environment = {
    GIT_TERMINAL_PROMPT = "0";
    LESS = "-FRX";
  };
}
