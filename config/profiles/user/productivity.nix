# What one works with besides the terminal.
{
  machine.applications = [
    "activitywatch"
    "firefox"
    "obsidian"
    "signal"
    "vlc"
  ];
  environment.variables.BROWSER = "firefox";
}
