//! What stands in a derivation for the path of an output that is known only once it is
//! built: a slash and a hash of where the output comes from, in Nix's base 32.

use sha2::{Digest as _, Sha256};

use crate::store_path::StorePath;

/// How many characters follow the slash.
pub(crate) const DIGITS: usize = 52;

/// How many bytes of a hash Nix keeps where it shortens one.
const SHORT: usize = 20;

const BASE32: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";

/// A placeholder, as the hash that it spells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Placeholder([u8; 32]);

impl Placeholder {
    /// The placeholder of an output of a derivation.
    pub(crate) fn of_output(derivation: StorePath<'_>, output: &[u8]) -> Self {
        let name = derivation.derivation_name().as_bytes();
        let mut hasher = Sha256::new();
        hasher.update(b"nix-upstream-output:");
        hasher.update(derivation.hash_part());
        hasher.update(b":");
        hasher.update(name);
        if output != b"out" {
            hasher.update(b"-");
            hasher.update(output);
        }
        Self(hasher.finalize().into())
    }

    /// The placeholder of an output of the derivation that this placeholder stands for.
    pub(crate) fn output(self, output: &[u8]) -> Self {
        let mut short = [0; SHORT];
        for chunk in self.0.chunks(SHORT) {
            for (folded, byte) in short.iter_mut().zip(chunk) {
                *folded ^= byte;
            }
        }
        let mut hasher = Sha256::new();
        hasher.update(b"nix-computed-output:");
        hasher.update(base32(&short));
        hasher.update(b":");
        hasher.update(output);
        Self(hasher.finalize().into())
    }

    /// What follows the slash.
    pub(crate) fn digits(self) -> [u8; DIGITS] {
        let mut digits = [0; DIGITS];
        for (digit, spelt) in digits.iter_mut().zip(base32(&self.0)) {
            *digit = spelt;
        }
        digits
    }
}

/// Bytes in Nix's base 32: five bits each, the last ones first.
fn base32(bytes: &[u8]) -> Vec<u8> {
    let digits = (bytes.len() * 8).div_ceil(5);
    let byte = |n: usize| u16::from(bytes.get(n).copied().unwrap_or(0));
    let digit = |n: usize| {
        let (start, bit) = (n * 5 / 8, n * 5 % 8);
        let window = byte(start) | byte(start + 1) << 8;
        BASE32.get(usize::from(window >> bit & 31)).copied()
    };
    (0..digits).rev().filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::Placeholder;
    use crate::store_path::StorePath;

    fn of(path: &str, output: &str) -> Placeholder {
        Placeholder::of_output(StorePath::parse(path).unwrap(), output.as_bytes())
    }

    fn text(placeholder: Placeholder) -> String {
        String::from_utf8(placeholder.digits().to_vec()).unwrap()
    }

    /// What Nix 2.34 wrote into derivations that refer to these outputs.
    #[test]
    fn placeholders_are_those_of_nix() {
        let floating = of(
            "/nix/store/xna07wdvy2z6gyzjwcg8yvh9380prvkc-ca-1.0.drv",
            "out",
        );
        assert_eq!(
            text(floating),
            "1n9f09v7qdy3dsr3avff6n9gz32fi2h3payh18y4pc5lls9xrvh6"
        );
        let derivation = of(
            "/nix/store/sccggs2pwcyy10f55pb29ypa6132f39s-text.drv.drv",
            "out",
        );
        let of_it = derivation.output(b"out");
        assert_eq!(
            text(of_it),
            "01hdr8j8imla95bw3lq70gsc2pl6jjxcjmjlr22lw1w0s0xsm1mg"
        );
        assert_eq!(
            text(of_it.output(b"out")),
            "0p108ya4jzk7r2hns6j00x0j0hj9drdzg01l82281d9c5z2clykc"
        );
    }
}
