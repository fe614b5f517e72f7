# sudo by fingerprint, also inside tmux.
{
  security.pam.services.sudo_local = {
    touchIdAuth = true;
    reattach = true;
  };
}
