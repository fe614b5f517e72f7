# GnuPG: what it believes, and for how long it remembers a passphrase.
{
  programs.gpg = {
    enable = true;
    settings = {
      keyid-format = "0xlong";
      no-emit-version = true;
      personal-cipher-preferences = "AES256 AES192 AES";
      personal-digest-preferences = "SHA512 SHA384 SHA256";
      require-cross-certification = true;
      with-fingerprint = true;
    };
  };
  services.gpg-agent = {
    enable = true;
    enableSshSupport = true;
    defaultCacheTtl = 1800;
    maxCacheTtl = 7200;
  };
}
