# What opens what: LaunchServices keeps handlers in a domain of its own.
{
  system.defaults.CustomUserPreferences."com.apple.LaunchServices/com.apple.launchservices.secure".LSHandlers = [
    {
      LSHandlerURLScheme = "https";
      LSHandlerRoleAll = "org.mozilla.firefox";
    }
    {
      LSHandlerContentType = "public.plain-text";
      LSHandlerRoleAll = "net.kovidgoyal.kitty";
    }
  ];
}
