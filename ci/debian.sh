# What scripts of this folder share that take programs from Debian's or Ubuntu's packages
# without installing them: packages are fetched by an apt of their own, unpacked into a
# folder, and their programs pointed at the libraries in there. apt checks signatures as
# always; the system's own packages, libraries and apt configuration are not touched.
# Sourced by bash, by a script that has `die` and a temporary folder `tmp`.
# shellcheck shell=bash

# Sets `distribution` and `mirror`: NIX_MIRROR, or the first source of this system's apt whose
# address ends in the distribution's name, so neither security nor a third party.
find_mirror() {
    [ -x /usr/bin/apt-get ] || die "needs apt-get, which Debian and its relatives have"
    # shellcheck disable=SC2016  # $(REPO_URI) is for apt
    mirror=${NIX_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 2> /dev/null |
        grep -E '/(debian|ubuntu|ubuntu-ports)/?$' | sort -u | head -n 1 || true)}
    case $mirror in
        '') die "no Debian or Ubuntu mirror among this system's apt sources: set NIX_MIRROR" ;;
        */ubuntu*) distribution=ubuntu ;;
        *) distribution=debian ;;
    esac
}

# Makes this suite of that mirror the only source. The packages named after its components
# count as installed, and no others do.
use_suite() {
    : "${tmp:?}"
    local keyring=/usr/share/keyrings/$distribution-archive-keyring.gpg package
    suite=$1
    local components=$2
    shift 2
    [ -r "$keyring" ] || die "no $keyring: apt-get install $distribution-archive-keyring or ubuntu-keyring"
    mkdir -p "$tmp"/{lists,archives}/partial
    for package; do
        printf 'Package: %s\nStatus: install ok installed\nVersion: 9999\nArchitecture: %s\n' \
            "$package" "$(dpkg --print-architecture)"
        printf 'Maintainer: none\nDescription: of this system\nProvides: libc-dev\n\n'
    done > "$tmp/status"
    echo "deb [arch=$(dpkg --print-architecture) signed-by=$keyring target=Packages]" \
        "$mirror $suite $components" > "$tmp/sources.list"
    private_apt update
}

# An apt with that source and with nothing installed, so that it downloads the whole
# closure. It keeps the system's apt.conf, for proxies. A mirror that lags behind is as good:
# what it offers must be signed, and need not be of this week.
private_apt() {
    apt-get -q -y \
        -o Dir::Etc::SourceList="$tmp/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::Etc::Preferences=- -o Dir::Etc::PreferencesParts=- \
        -o Dir::State="$tmp" -o Dir::State::status="$tmp/status" -o Dir::Cache="$tmp" \
        -o pkgCacheGen::Essential=none -o APT::Install-Recommends=false \
        -o APT::Sandbox::User=root -o APT::Update::Error-Mode=any -o Acquire::Retries=3 \
        -o Acquire::Check-Valid-Until=false -o Debug::NoLocking=true \
        "$@" > "$tmp/log" 2>&1 || { cat "$tmp/log" >&2; die "apt-get $1 failed for $mirror $suite"; }
}

# Fetches packages with all that they need and unpacks them into a folder that is there.
unpack_packages() {
    local folder=$1 deb
    shift
    private_apt install --download-only "$@"
    for deb in "$tmp"/archives/*.deb; do
        dpkg-deb -x "$deb" "$folder"
    done
}

# Points programs and libraries unpacked below `$1` at the loader and the libraries that
# will be below `$2`, by the patchelf that was unpacked with them. What is executable
# by itself has a loader; a library needs a search path only where it has one of its own.
# DT_RPATH (--force-rpath) also reaches the libraries of the libraries, which DT_RUNPATH
# would not.
point_at_libraries() {
    local new=$1 prefix=$2 libraries loader lib file
    shift 2
    local options
    libraries=$(echo "$new"/usr/lib/*-linux-gnu)
    loader=$(basename "$libraries"/ld-linux-*.so.?)
    lib=$prefix/usr/lib/$(basename "$libraries")
    for file; do
        case $file in
            */lib/*) options=() ;;
            *) options=(--set-interpreter "$lib/$loader") ;;
        esac
        "$libraries/$loader" --library-path "$libraries" "$new/usr/bin/patchelf" \
            "${options[@]}" --force-rpath --set-rpath "$lib" "$file"
    done
}
