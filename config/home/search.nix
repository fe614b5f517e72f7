# Finding things in files, and reading what was found.
{
  programs = {
    fd = {
      enable = true;
      hidden = true;
      ignores = [
        ".git/"
        "target/"
      ];
    };
    ripgrep = {
      enable = true;
      arguments = [
        "--glob=!.git"
        "--hidden"
        "--max-columns=200"
        "--smart-case"
      ];
    };
    jq = {
      enable = true;
      colors = {
        null = "1;30";
        false = "0;31";
        true = "0;32";
        numbers = "0;36";
        strings = "0;33";
        arrays = "1;35";
        objects = "1;37";
        objectKeys = "1;34";
      };
    };
    less = {
      enable = true;
      options = [
        "--RAW-CONTROL-CHARS"
        "--quit-if-one-screen"
        "--wheel-lines=3"
      ];
    };
  };
}
