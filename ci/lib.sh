# What the scripts of this folder share: each makes sure that one thing is there,
# says in one line what it found or does, and ends the script with what to do
# where it cannot. Sourced by bash, also by the 3.2 of macOS; changes nothing
# outside of this process, except that a missing Nix is installed (install-nix).
# shellcheck shell=bash
#
# Sets `root`, and makes it the working directory.

set -euo pipefail

ci=$(CDPATH="" cd -- "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$ci")
cd "$root"

# Steps are told on standard error: standard output belongs to what is run.
script=ci/$(basename "$0")
say() { echo "$script: $*" >&2; }
die() { say "$*"; exit 1; }

# Says that something is not looked at, and why. ci/test counts these, and names the steps.
skip() {
    echo "skipped: $*"
    [ -z "${CI_SKIPPED:-}" ] || printf '%s: %s\n' "${CI_STEP:-$script}" "$*" >> "$CI_SKIPPED"
}

# Whether all of these programs are there; `command -v` of several is content with one.
has() {
    local program
    for program; do
        command -v "$program" > /dev/null || return
    done
}

# Adds the first of some folders that holds a program to PATH, unless the program
# is on it: a shell that is no login shell often lacks the folders of installers.
look_for() {
    local program=$1 folder
    shift
    command -v "$program" > /dev/null && return
    for folder; do
        if [ -x "$folder/$program" ]; then
            PATH=$folder:$PATH
            return
        fi
    done
}

ensure_git() {
    command -v git > /dev/null ||
        die "git is missing: a flake in a git repository needs it (Debian: apt-get install git)"
    # A checkout of another user, for one: git's message says what to do then.
    [ ! -e .git ] || git rev-parse --git-dir > /dev/null ||
        die "git refuses this checkout, and so would Nix: see its message above"
}

ensure_rust() {
    # `~` and not $HOME, which may be unset: bash then asks the user database.
    look_for cargo ~/.cargo/bin
    command -v cargo > /dev/null ||
        die "cargo is missing: install Rust $(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml) or newer from https://rustup.rs"
    # A cargo of rustup finds its toolchains under HOME. Where HOME is another
    # one, they are beside that cargo.
    local home
    home=$(dirname "$(dirname "$(dirname "$(command -v cargo)")")")
    if [ -z "${RUSTUP_HOME:-}" ] && [ ! -d ~/.rustup ] && [ -d "$home/.rustup" ]; then
        export RUSTUP_HOME=$home/.rustup
    fi
    cargo --version > /dev/null ||
        die "cargo does not run: see its message above"
}

# The crates of a Cargo.lock that building on this machine takes, or with `all` those of
# every platform: `cargo metadata` reads them all, and the check for Macs those of Macs.
# Where they are here already cargo is told to stay offline, so that a set-up checkout
# needs no network.
ensure_crates() {
    local of=()
    case $1 in
        all) ;;
        host) of=(--target "$(rustc -vV | sed -n 's/^host: //p')") ;;
    esac
    if ! cargo fetch --locked --offline --quiet ${of[@]+"${of[@]}"} 2> /dev/null; then
        say "fetching the crates of Cargo.lock"
        cargo fetch --locked --quiet ${of[@]+"${of[@]}"} ||
            die "the crates could not be fetched: see cargo's message above; a network is needed this once"
    fi
    export CARGO_NET_OFFLINE=true
}

ensure_nix() {
    look_for nix /usr/local/bin ~/.nix-profile/bin /nix/var/nix/profiles/default/bin \
        /run/current-system/sw/bin
    # Its own word on a Nix that is there already is for who runs it by hand.
    local log
    if ! command -v nix > /dev/null; then
        PATH=$PATH:/usr/local/bin "$ci/install-nix"
        look_for nix /usr/local/bin
    elif ! log=$("$ci/install-nix" 2>&1); then
        echo "$log" >&2
        exit 1
    fi
    # Debian's and Ubuntu's packages come without a nix.conf. What it lacks is
    # said in the environment, for our processes alone.
    if [ "$(nix --offline eval --expr 'builtins ? getFlake' 2> /dev/null)" != true ]; then
        nix_setting "extra-experimental-features = nix-command flakes"
    fi
    # root builds without a daemon, and by default as users that are not there.
    if [ "$(id -u)" = 0 ] && ! grep -qs '^nixbld:' /etc/group &&
        ! grep -qs '^ *build-users-group' /etc/nix/nix.conf; then
        nix_setting "build-users-group ="
    fi
    say "$(nix --version), $(command -v nix)"
}

nix_setting() {
    export NIX_CONFIG="${NIX_CONFIG:+$NIX_CONFIG
}$1"
}
