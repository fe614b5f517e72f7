# Spotlight finds what is on the machine, and asks nobody else.
{
  system.defaults.CustomUserPreferences."com.apple.lookup.shared".LookupSuggestionsDisabled = true;
}
