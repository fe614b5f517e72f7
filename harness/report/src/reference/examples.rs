//! An example for what a case can look at. The pages' test runs them on the reference hosts.

/// Section, fence, text.
pub(super) const EXAMPLES: &[(&str, &str, &str)] = &[
    (
        "expect",
        "yaml cases",
        "\
suite: expecting
cases:
  - name: a name on each platform
    hosts: [macbook-air, future-nixos-pc]
    expect:
      darwin: { networking.hostName: macbook-air }
      nixos: { networking.hostName: { matches: -pc$ } }
",
    ),
    (
        "is_on",
        "yaml cases",
        "\
suite: expressions
cases:
  - name: where the owner lives
    hosts: [macbook-air, future-nixos-pc]
    eval: \"{ config, ... }: config.users.users.lars.home\"
    is_on: { darwin: /Users/lars, nixos: /home/lars }
",
    ),
    (
        "throws",
        "yaml cases",
        "\
suite: throwing
cases:
  - name: a misspelt option
    hosts: [future-nixos-pc]
    with: \"{ programs.fihs.enable = true; }\"
    throws: { message: programs.fihs }
",
    ),
    (
        "snapshot",
        "yaml cases",
        "\
suite: accepting
cases:
  - name: settings of sshd
    hosts: [future-nixos-pc]
    snapshot: { options: [services.openssh.settings] }
",
    ),
    (
        "budget",
        "yaml cases",
        "\
suite: counting
cases:
  - name: evaluation stays cheap
    hosts: [future-nixos-pc]
    budget: { thunks: 2M, function_calls: 2M, tolerance: 5% }
",
    ),
    (
        "build",
        "yaml cases",
        "\
suite: building
cases:
  - name: files of the system
    hosts: [future-nixos-pc]
    build:
      attr: system
      files: { etc/ssh/sshd_config: PermitRootLogin no }
      closure: { max_size: 1GiB, forbid: [openssl-1.1*] }
",
    ),
    (
        "parity",
        "yaml cases",
        "\
suite: alike
cases:
  - name: the same editor
    hosts: [macbook-air, future-nixos-pc]
    parity: { paths: [environment.variables.EDITOR], across: [darwin, nixos] }
",
    ),
    (
        "package_parity",
        "yaml cases",
        "\
suite: installed
cases:
  - name: the same programs
    hosts: [macbook-air, future-nixos-pc]
    package_parity: { mapping: config/package-map.yaml }
",
    ),
    (
        "reuse",
        "yaml cases",
        "\
suite: shared
cases:
  - name: half of it
    hosts: [macbook-air, future-nixos-pc]
    reuse: { roots: [config], between: [darwin, nixos], at_least: 50% }
",
    ),
    (
        "tree",
        "yaml cases",
        "\
suite: files
cases:
  - name: what is where
    tree: { present: [flake.nix, config/hosts/], absent: [\"*.orig\"] }
",
    ),
    (
        "vm",
        "yaml cases",
        "\
suite: booting
cases:
  - name: sshd answers
    hosts: [future-nixos-pc]
    vm:
      memory: 1GiB
      steps: [{ wait_for_unit: sshd.service }, { wait_for_open_port: 22 }]
",
    ),
    (
        "expected_failure",
        "yaml cases",
        "\
suite: waiting
cases:
  - name: a Wayland compositor
    hosts: [future-nixos-pc]
    expected_failure: { until: the Wayland session is the default }
    expect:
      nixos: { programs.hyprland.enable: true }
",
    ),
    (
        "matchers",
        "yaml cases",
        "\
suite: matching
cases:
  - name: a list of several things
    hosts: [future-nixos-pc]
    eval: '{ ... }: [ \"fish\" \"zsh\" ]'
    is: { contains: fish, length: { le: 3 }, each: { type: string }, not: { contains: csh } }
",
    ),
    (
        "package map",
        "yaml package-map",
        "\
- { name: ripgrep, brew: ripgrep, nixpkgs: ripgrep }
- { name: Raycast, cask: raycast, only: darwin, reason: a launcher of macOS }
",
    ),
];

/// A project file.
pub(super) const PROJECT: &str = "\
flake: .
profile: offline
profiles:
  offline: { override_inputs: { nixpkgs: path:./offline/nixpkgs } }
  upstream: {}
hosts: { nixos: { pc: x86_64-linux }, darwin: { air: aarch64-darwin } }
evaluation: { timeout: 10m, memory: 6GiB }
redact: [\"**.password*\"]
";
