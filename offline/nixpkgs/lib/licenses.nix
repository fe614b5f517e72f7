# The licences that the stand-in packages and a user's own packages commonly name.
{ lib }:
let
  free = {
    agpl3Plus = [ "AGPL-3.0-or-later" "GNU Affero General Public License v3.0 or later" ];
    asl20 = [ "Apache-2.0" "Apache License 2.0" ];
    artistic2 = [ "Artistic-2.0" "Artistic License 2.0" ];
    bsd2 = [ "BSD-2-Clause" ''BSD 2-clause "Simplified" License'' ];
    bsd3 = [ "BSD-3-Clause" ''BSD 3-clause "New" or "Revised" License'' ];
    cc0 = [ "CC0-1.0" "Creative Commons Zero v1.0 Universal" ];
    curl = [ "curl" "curl License" ];
    gpl2Only = [ "GPL-2.0-only" "GNU General Public License v2.0 only" ];
    gpl2Plus = [ "GPL-2.0-or-later" "GNU General Public License v2.0 or later" ];
    gpl3Only = [ "GPL-3.0-only" "GNU General Public License v3.0 only" ];
    gpl3Plus = [ "GPL-3.0-or-later" "GNU General Public License v3.0 or later" ];
    isc = [ "ISC" "ISC License" ];
    lgpl21Plus = [ "LGPL-2.1-or-later" "GNU Lesser General Public License v2.1 or later" ];
    lgpl3Plus = [ "LGPL-3.0-or-later" "GNU Lesser General Public License v3.0 or later" ];
    mit = [ "MIT" "MIT License" ];
    mpl20 = [ "MPL-2.0" "Mozilla Public License 2.0" ];
    ofl = [ "OFL-1.1" "SIL Open Font License 1.1" ];
    psfl = [ "Python-2.0" "Python Software Foundation License version 2" ];
    unlicense = [ "Unlicense" "The Unlicense" ];
    vim = [ "Vim" "Vim License" ];
    wtfpl = [ "WTFPL" "Do What The F*ck You Want To Public License" ];
    zlib = [ "Zlib" "zlib License" ];
  };
  common = shortName: {
    inherit shortName;
    deprecated = false;
  };
in
lib.mapAttrs (
  shortName: names:
  common shortName
  // {
    free = true;
    redistributable = true;
    spdxId = builtins.elemAt names 0;
    fullName = builtins.elemAt names 1;
    url = "https://spdx.org/licenses/${builtins.elemAt names 0}.html";
  }
) free
// {
  publicDomain = common "publicDomain" // {
    free = true;
    redistributable = true;
    fullName = "Public Domain";
  };
  unfree = common "unfree" // {
    free = false;
    redistributable = false;
    fullName = "Unfree";
  };
  unfreeRedistributable = common "unfreeRedistributable" // {
    free = false;
    redistributable = true;
    fullName = "Unfree redistributable";
  };
}
