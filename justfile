# What is done often. `just` alone lists it; each recipe is a command that can also
# be typed.

set positional-arguments

_list:
    @just --list --unsorted

# all that must hold before a change lands
check *arguments:
    ci/test "$@"

# formatting, and the lints and spellings that tools can mend
fix:
    cargo clippy --workspace --all-targets --fix --allow-dirty --allow-staged --locked
    cargo fmt
    if command -v typos > /dev/null; then typos --write-changes; fi

# this configuration on this machine: build it and switch to it
switch *arguments:
    {{ if os() == "macos" { "sudo darwin-rebuild" } else { "sudo nixos-rebuild" } }} switch --flake . "$@"

# the same behind the gate: with the inputs that are switched to, after every case of this
# machine passed and somebody agreed; then it is said whether that is what runs
gate *arguments:
    nix-parity gate --profile upstream --verify -- just switch "$@"

# tests only, for instance `just test -E 'package(nix-parity-core)'`
test *arguments:
    cargo nextest run --workspace "$@"

# write schemas/*.json and docs/reference.md anew
schemas:
    cargo run --quiet --package nix-parity-cli -- schema --write

# write nix/vm-tests.nix anew, what `nix flake check` boots
vm-tests:
    cargo run --quiet --package nix-parity-cli -- vm --export nix/vm-tests.nix

# the speed goals, as ratios
bench *arguments:
    cargo run --quiet --release --locked --package nix-parity-bench -- "$@"

# this repository's own suite, with all that it needs
demo *arguments:
    ci/demo "$@"

# the offline base's lib against a real one, for instance `just differential ~/nixpkgs/lib`
differential lib:
    offline/nixpkgs/tests/run "$1"

# licences, advisories and sources of the dependencies
deny:
    cargo deny --workspace check

# the pages as a book of HTML, in target/book/book
book:
    ci/book

# the cache against uncached runs over so many random edits, for instance `just soundness 2000`
soundness edits="2000":
    NIX_PARITY_SOUNDNESS_EDITS="$1" cargo test --locked --package nix-parity-cli --test soundness random -- --include-ignored --nocapture --test-threads 1

# every fault at every point: killed at each change of a file, damaged at each byte, and so on
faults rows="all":
    NIX_PARITY_FAULTS="$1" cargo test --locked --package nix-parity-cli --test faults -- --nocapture

# whether the reference cases find so many random mutations of config/, for instance `just mutations 200`
mutations number="200":
    NIX_PARITY_MUTATIONS="$1" cargo test --locked --package nix-parity-cli --test mutation cases_find -- --nocapture

# the readers of foreign text against so many seconds of random input each (needs cargo-fuzz)
fuzz seconds="60" *targets:
    ci/fuzz "$@"
