# What every build runs: the given command, or the few phases that the packages here need.
for input in $nativeBuildInputs $buildInputs; do
  # Behind the machine's tools: the packages here only stand in for what they are named after.
  PATH="$PATH:$input/bin"
done
export PATH

if [ -n "${buildCommandPath:-}" ]; then
  . "$buildCommandPath"
elif [ -n "${buildCommand:-}" ]; then
  eval "$buildCommand"
else
  if [ -n "${src:-}" ]; then
    cp -R "$src" source
    chmod -R u+w source
    [ -d source ] && cd source
  fi
  eval "${buildPhase:-}"
  if [ -n "${installPhase:-}" ]; then
    eval "$installPhase"
  else
    echo "no installPhase and no buildCommand: nothing would be installed" >&2
    exit 1
  fi
fi
