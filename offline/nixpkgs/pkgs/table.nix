# The packages that a developer's Mac and NixOS PC hold, one line of facts each; generate.nix makes
# derivations of them. `bin` defaults to the attribute's name, `license` to mit, `on` to all platforms.
{
  # shells and what runs in them
  bash = { version = "5.3p3"; bin = [ "bash" "sh" ]; license = "gpl3"; shell = true; runs = ''exec /bin/sh "$@"''; about = "GNU Bourne-Again Shell"; };
  fish = { version = "4.2.1"; license = "gpl2"; shell = true; about = "Smart and user-friendly command line shell"; };
  zsh = { version = "5.9"; license = "other"; shell = true; about = "The Z shell"; };
  starship = { version = "1.24.1"; about = "A prompt for any shell"; };
  direnv = { version = "2.37.1"; about = "Environment per directory"; };
  nix-direnv = { version = "3.1.0"; bin = [ ]; share."share/nix-direnv/direnvrc" = "use_flake() { :; }\n"; about = "Fast use_nix and use_flake for direnv"; };
  tmux = { version = "3.5a"; license = "bsd"; about = "Terminal multiplexer"; };
  zoxide = { version = "0.9.8"; about = "A smarter cd"; };
  fzf = { version = "0.66.1"; about = "Fuzzy finder"; };

  # the basic tools
  coreutils = { version = "9.8"; bin = [ "coreutils" ]; license = "gpl3"; about = "GNU core utilities"; };
  findutils = { version = "4.10.0"; bin = [ "find" "xargs" ]; license = "gpl3"; about = "GNU find and xargs"; };
  gnugrep = { version = "3.12"; bin = [ "grep" ]; license = "gpl3"; about = "GNU grep"; };
  gnused = { version = "4.9"; bin = [ "sed" ]; license = "gpl3"; about = "GNU sed"; };
  gawk = { version = "5.3.2"; license = "gpl3"; about = "GNU awk"; };
  gnutar = { version = "1.35"; bin = [ "tar" ]; license = "gpl3"; about = "GNU tar"; };
  gzip = { version = "1.14"; license = "gpl3"; about = "GNU zip"; };
  less = { version = "685"; license = "gpl3"; about = "Pager"; };
  man-db = { version = "2.13.1"; bin = [ "man" ]; license = "gpl2"; about = "Manual page reader"; };
  openssh = { version = "10.2p1"; bin = [ "ssh" "sshd" "ssh-keygen" ]; license = "bsd"; about = "Secure shell"; };
  curl = { version = "8.17.0"; about = "Transfers data with URLs"; };
  wget = { version = "1.25.0"; license = "gpl3"; about = "Retrieves files over HTTP and FTP"; };
  rsync = { version = "3.4.1"; license = "gpl3"; about = "Incremental file transfer"; };
  gnupg = { version = "2.4.8"; bin = [ "gpg" "gpg-agent" "gpgconf" ]; license = "gpl3"; about = "GNU Privacy Guard"; };
  pinentry-curses = { version = "1.3.2"; bin = [ "pinentry-curses" ]; license = "gpl2"; about = "Passphrase entry in a terminal"; };
  pinentry_mac = { pname = "pinentry-mac"; version = "1.3.1.1"; bin = [ "pinentry-mac" ]; license = "gpl2"; on = "darwin"; about = "Passphrase entry for macOS"; };
  age = { version = "1.2.1"; bin = [ "age" "age-keygen" ]; license = "bsd"; about = "Modern encryption tool"; };
  nix = { version = "2.31.2"; bin = [ "nix" "nix-daemon" "nix-collect-garbage" "nix-store" ]; license = "gpl2"; about = "Package manager that makes builds reproducible"; };

  shadow = { version = "4.18.0"; bin = [ "nologin" "useradd" "groupadd" ]; license = "bsd"; on = "linux"; shell = true; about = "Account tools"; };
  iptables = { version = "1.8.11"; bin = [ "iptables-restore" "iptables" ]; license = "gpl2"; on = "linux"; about = "Packet filter"; };
  dhcpcd = { version = "10.2.4"; license = "bsd"; on = "linux"; about = "DHCP client"; };

  # a developer's tools
  git = { version = "2.51.2"; license = "gpl2"; about = "Distributed version control"; };
  jujutsu = { version = "0.35.0"; bin = [ "jj" ]; license = "asl20"; about = "Version control that records every change"; };
  git-lfs = { version = "3.7.1"; about = "Git extension for large files"; };
  gh = { version = "2.83.1"; about = "GitHub on the command line"; };
  delta = { version = "0.18.2"; about = "Syntax-highlighting pager for diffs"; };
  lazygit = { version = "0.56.0"; about = "Terminal user interface for git"; };
  vim = { version = "9.1.1869"; bin = [ "vim" "vi" ]; license = "other"; about = "The most popular clone of vi"; };
  neovim = { version = "0.11.5"; bin = [ "nvim" ]; license = "asl20"; about = "Vim, refactored"; };
  lua-language-server = { version = "3.15.0"; about = "Language server for Lua"; };
  nano = { version = "8.7"; license = "gpl3"; about = "Small text editor"; };
  ripgrep = { version = "15.1.0"; bin = [ "rg" ]; about = "Searches trees for a pattern"; };
  fd = { version = "10.3.0"; about = "Simple alternative to find"; };
  bat = { version = "0.26.0"; about = "cat with syntax highlighting"; };
  eza = { version = "0.23.4"; about = "Modern replacement for ls"; };
  jq = { version = "1.8.1"; about = "JSON processor"; };
  yq-go = { version = "4.48.1"; bin = [ "yq" ]; about = "YAML processor"; };
  atuin = { version = "18.10.0"; about = "Shell history in a database"; };
  btop = { version = "1.4.5"; license = "asl20"; about = "Monitor of resources"; };
  doggo = { version = "1.1.2"; license = "gpl3"; about = "DNS client for people"; };
  dust = { version = "1.2.3"; license = "asl20"; about = "What fills a disk"; };
  glow = { version = "2.1.1"; about = "Markdown in the terminal"; };
  nh = { version = "4.2.0"; license = "other"; about = "Helper for rebuilding"; };
  tealdeer = { version = "1.8.0"; bin = [ "tldr" ]; about = "Short manuals"; };
  watchexec = { version = "2.3.2"; license = "asl20"; about = "Runs a command when files change"; };
  yazi = { version = "25.5.31"; about = "File manager in the terminal"; };
  htop = { version = "3.4.1"; license = "gpl2"; about = "Interactive process viewer"; };
  tree = { version = "2.2.1"; license = "gpl2"; about = "Lists directories as trees"; };
  just = { version = "1.43.1"; about = "Command runner"; };
  shellcheck = { version = "0.11.0"; license = "gpl3"; about = "Shell script analysis"; };
  hyperfine = { version = "1.19.0"; about = "Command-line benchmarks"; };
  tokei = { version = "12.1.2"; about = "Counts lines of code"; };
  nixfmt-rfc-style = { pname = "nixfmt"; version = "1.1.0"; bin = [ "nixfmt" ]; license = "mpl"; about = "Formatter for Nix"; };
  nix-diff = { version = "1.0.21"; license = "bsd"; about = "Says why two derivations differ"; };
  nixd = { version = "2.7.0"; license = "gpl3"; about = "Nix language server"; };
  rustup = { version = "1.28.2"; about = "Rust toolchain installer"; };
  cargo = { version = "1.91.1"; about = "Rust's package manager"; };
  rustc = { version = "1.91.1"; about = "The Rust compiler"; };
  clippy = { version = "1.91.1"; bin = [ "cargo-clippy" ]; about = "Lints for Rust"; };
  rustfmt = { version = "1.91.1"; about = "Formatter for Rust"; };
  cargo-nextest = { version = "0.9.114"; about = "Test runner for Rust"; };
  cargo-audit = { version = "0.22.0"; about = "Advisories of dependencies"; };
  cargo-deny = { version = "0.18.5"; about = "Licences and sources of dependencies"; };
  ccache = { version = "4.12.1"; license = "gpl3"; about = "Compiler cache"; };
  sccache = { version = "0.12.0"; license = "asl20"; about = "Compiler cache that can be shared"; };
  maturin = { version = "1.9.6"; about = "Python packages of Rust code"; };
  cargo-insta = { version = "1.44.3"; license = "asl20"; about = "Reviews insta snapshots"; };
  go = { version = "1.25.4"; license = "bsd"; about = "The Go programming language"; };
  nodejs = { version = "22.21.1"; bin = [ "node" "npm" ]; about = "Event-driven JavaScript runtime"; };
  python313 = { pname = "python3"; version = "3.13.9"; bin = [ "python3" ]; license = "other"; about = "The Python programming language"; };
  ruff = { version = "0.14.5"; about = "Linter and formatter for Python"; };
  uv = { version = "0.9.11"; about = "Python package manager"; };
  sqlite = { version = "3.51.0"; bin = [ "sqlite3" ]; license = "other"; about = "Embedded SQL database"; };

  # clusters, accounts, and where software comes from
  argocd = { version = "3.2.0"; license = "asl20"; about = "GitOps for Kubernetes"; };
  awscli2 = { version = "2.31.39"; bin = [ "aws" ]; license = "asl20"; about = "AWS on the command line"; };
  cosign = { version = "3.0.2"; license = "asl20"; about = "Signatures of artifacts"; };
  fluxcd = { version = "2.7.3"; bin = [ "flux" ]; license = "asl20"; about = "GitOps toolkit"; };
  gitleaks = { version = "8.29.0"; about = "Finds secrets in repositories"; };
  grype = { version = "0.104.0"; license = "asl20"; about = "Finds known vulnerabilities"; };
  k9s = { version = "0.50.16"; license = "asl20"; about = "Clusters in the terminal"; };
  kubecolor = { version = "0.5.3"; about = "Colours for kubectl"; };
  kubectl = { version = "1.34.2"; license = "asl20"; about = "Kubernetes on the command line"; };
  kubernetes-helm = { version = "3.19.1"; bin = [ "helm" ]; license = "asl20"; about = "Packages for Kubernetes"; };
  kustomize = { version = "5.7.1"; license = "asl20"; about = "Variants of Kubernetes manifests"; };
  sops = { version = "3.11.0"; license = "mpl"; about = "Encrypted files of secrets"; };
  ssh-to-age = { version = "1.2.0"; about = "SSH keys as age keys"; };
  syft = { version = "1.37.0"; license = "asl20"; about = "Bills of materials"; };
  terraform = { version = "1.13.5"; license = "unfree"; about = "Infrastructure as code"; };
  trivy = { version = "0.67.2"; license = "asl20"; about = "Scanner for containers and files"; };
  vulnix = { version = "1.12.2"; license = "bsd"; on = "linux"; about = "Known vulnerabilities of derivations"; };

  # models
  ollama = { version = "0.12.11"; about = "Runs language models"; };
  ollama-cuda = { pname = "ollama"; version = "0.12.11"; on = "linux"; about = "Runs language models on NVIDIA GPUs"; };

  # services
  tailscale = { version = "1.90.8"; bin = [ "tailscaled" "tailscale" ]; license = "bsd"; about = "Mesh VPN over WireGuard"; };
  postgresql = { version = "17.7"; bin = [ "postgres" "psql" "initdb" ]; license = "other"; about = "Object-relational database"; };
  redis = { version = "8.2.3"; bin = [ "redis-server" "redis-cli" ]; license = "bsd"; about = "Key-value store"; };
  nginx = { version = "1.28.0"; license = "bsd"; about = "Web server and reverse proxy"; };
  prometheus = { version = "3.7.3"; license = "asl20"; about = "Monitoring system and time series database"; };
  prometheus-node-exporter = { version = "1.10.2"; bin = [ "node_exporter" ]; license = "asl20"; about = "Exports machine metrics"; };
  netdata = { version = "2.7.3"; license = "gpl3"; about = "Real-time performance monitoring"; };
  grafana-loki = { version = "3.6.0"; bin = [ "loki" ]; license = "other"; about = "Logs by label"; };
  fail2ban = { version = "1.1.0"; bin = [ "fail2ban-server" ]; license = "gpl2"; on = "linux"; about = "Bans who tries too often"; };
  apparmor-parser = { version = "4.1.2"; bin = [ "apparmor_parser" ]; license = "gpl2"; on = "linux"; about = "Loads profiles of AppArmor"; };
  audit = { version = "4.1.2"; bin = [ "auditd" "auditctl" ]; license = "gpl2"; on = "linux"; about = "Audit daemon"; };
  podman = { version = "5.7.0"; license = "asl20"; about = "Containers without a daemon"; };
  nvidia-container-toolkit = { version = "1.18.0"; bin = [ "nvidia-ctk" ]; license = "asl20"; on = "linux"; about = "GPUs for containers"; };
  syncthing = { version = "2.0.11"; license = "mpl"; about = "Folders that follow each other"; };
  grafana = { version = "12.2.1"; license = "other"; about = "Dashboards for metrics"; };
  cups = { version = "2.4.14"; bin = [ "cupsd" ]; license = "asl20"; on = "linux"; about = "Printing system"; };
  pipewire = { version = "1.4.9"; on = "linux"; about = "Audio and video server"; };
  networkmanager = { version = "1.54.1"; bin = [ "NetworkManager" "nmcli" ]; license = "gpl2"; on = "linux"; about = "Network configuration daemon"; };
  systemd = { version = "258.2"; bin = [ "systemctl" "systemd-tmpfiles" ]; license = "gpl2"; on = "linux"; about = "System and service manager"; };
  sudo = { version = "1.9.17p2"; license = "other"; on = "linux"; about = "Runs commands as another user"; };
  linux = { version = "6.12.58"; bin = [ ]; license = "gpl2"; on = "linux"; share.bzImage = "not a kernel\n"; about = "The Linux kernel, long-term release"; };
  linux_latest = { pname = "linux"; version = "6.17.8"; bin = [ ]; license = "gpl2"; on = "linux"; share.bzImage = "not a kernel\n"; about = "The Linux kernel, latest release"; };

  # desktop
  kitty = { version = "0.44.0"; license = "gpl3"; about = "GPU-based terminal emulator"; };
  firefox = { version = "145.0.1"; license = "mpl"; on = "all"; about = "Web browser"; };
  activitywatch = { version = "0.13.2"; bin = [ "aw-qt" ]; license = "mpl"; on = "linux"; about = "Tracks how time is spent"; };
  obsidian = { version = "1.10.3"; license = "unfree"; about = "Notes that link to each other"; };
  signal-desktop = { version = "7.79.0"; license = "other"; on = "linux"; about = "Private messages"; };
  vlc = { version = "3.0.21"; license = "gpl2"; on = "linux"; about = "Media player"; };
  sway = { version = "1.11"; on = "linux"; about = "Tiling Wayland compositor"; };
  hyprland = { version = "0.52.1"; bin = [ "Hyprland" ]; license = "bsd"; on = "linux"; about = "Dynamic tiling Wayland compositor"; };
  i3 = { version = "4.24"; license = "bsd"; on = "linux"; about = "Tiling window manager for X"; };
  rofi = { version = "2.0.0"; on = "linux"; about = "Window switcher and launcher"; };
  wl-clipboard = { version = "2.2.1"; bin = [ "wl-copy" "wl-paste" ]; license = "gpl3"; on = "linux"; about = "Clipboard for Wayland"; };
  xclip = { version = "0.13"; license = "gpl2"; on = "linux"; about = "Clipboard for X"; };
  bluez = { version = "5.84"; bin = [ "bluetoothd" "bluetoothctl" ]; license = "gpl2"; on = "linux"; about = "Bluetooth stack"; };
  rtkit = { version = "0.13"; bin = [ "rtkit-daemon" ]; license = "gpl3"; on = "linux"; about = "Real-time priority for user processes"; };
  mesa = { version = "25.2.6"; bin = [ ]; on = "linux"; share."lib/dri/README" = "no drivers\n"; about = "Graphics drivers"; };
  sddm = { version = "0.21.0"; license = "gpl2"; on = "linux"; about = "Display manager"; };
  xorg-server = { version = "21.1.20"; bin = [ "X" ]; on = "linux"; about = "The X server"; };
  pam-reattach = { version = "1.3"; bin = [ ]; on = "darwin"; share."lib/pam/pam_reattach.so" = "not a library\n"; about = "Reattaches sudo to the session"; };
  pam-watchid = { version = "2.1"; bin = [ ]; license = "other"; on = "darwin"; share."lib/pam_watchid.so" = "not a library\n"; about = "Apple Watch for sudo"; };
  m-cli = { version = "2.0.6"; bin = [ "m" ]; on = "darwin"; about = "Swiss army knife for macOS"; };
  mas = { version = "4.1.1"; on = "darwin"; about = "Mac App Store on the command line"; };
  _1password-cli = { pname = "1password-cli"; version = "2.32.0"; bin = [ "op" ]; license = "unfree"; about = "1Password on the command line"; };
  vscode = { version = "1.106.2"; bin = [ "code" ]; license = "unfree"; about = "Code editor"; };

  # fonts
  jetbrains-mono = { version = "2.304"; bin = [ ]; license = "other"; share."share/fonts/truetype/JetBrainsMono.ttf" = "not a font\n"; about = "Typeface for developers"; };
  nerd-fonts-jetbrains-mono = { version = "3.4.0"; bin = [ ]; license = "other"; share."share/fonts/truetype/JetBrainsMonoNerdFont.ttf" = "not a font\n"; about = "JetBrains Mono with icons"; };
  inter = { version = "4.1"; bin = [ ]; license = "other"; share."share/fonts/truetype/Inter.ttf" = "not a font\n"; about = "Typeface for screens"; };
  noto-fonts = { version = "2025.11.01"; bin = [ ]; license = "other"; share."share/fonts/noto/NotoSans.ttf" = "not a font\n"; about = "Fonts for all languages"; };
}
