//! Hash maps whose keys are store paths and their hash parts, by the hundred thousand.
//!
//! The standard maps withstand keys chosen by an adversary, at a price that shows here.
//! These multiply 16 bytes at a time with two secrets that are others in each process.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

/// A map for texts and bytes.
pub(crate) type TextMap<K, V> = HashMap<K, V, Secrets>;

/// What no adversary knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Secrets([u64; 2]);

impl Default for Secrets {
    fn default() -> Self {
        let random = RandomState::new();
        Self([0, 1].map(|n| random.hash_one(n)))
    }
}

impl BuildHasher for Secrets {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        let Self([state, secret]) = *self;
        Folding { state, secret }
    }
}

/// Folds products of 128 bits into 64.
#[derive(Debug)]
pub(crate) struct Folding {
    state: u64,
    secret: u64,
}

impl Folding {
    fn fold(&mut self, bytes: [u8; 16]) {
        let [a, b] = halves(u128::from_le_bytes(bytes));
        let product = u128::from(a ^ self.state) * u128::from(b ^ self.secret);
        let [low, high] = halves(product);
        self.state = low ^ high;
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "each half is what is meant"
)]
const fn halves(number: u128) -> [u64; 2] {
    [number as u64, (number >> 64) as u64]
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks::<16>();
        for &bytes in whole {
            self.fold(bytes);
        }
        if !rest.is_empty() {
            // The length, for which there is room, tells zeros from nothing.
            let mut last = (rest.len() as u128).to_be_bytes();
            for (to, from) in last.iter_mut().zip(rest) {
                *to = *from;
            }
            self.fold(last);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.fold(u128::from(byte).to_le_bytes());
    }

    fn write_usize(&mut self, number: usize) {
        self.fold((number as u128).to_le_bytes());
    }

    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::BuildHasher as _;

    use super::Secrets;

    #[test]
    fn texts_that_differ_little_differ_in_their_hashes() {
        let secrets = Secrets::default();
        let texts: Vec<String> = (0..20_000)
            .map(|n| format!("/nix/store/{n:032}-package-{}.drv", n % 7))
            .chain((0..64).map(|n| "\0".repeat(n)))
            .collect();
        let hashes: HashSet<u64> = texts.iter().map(|text| secrets.hash_one(text)).collect();
        assert_eq!(hashes.len(), texts.len());
        // Maps look at the lowest bits first: no place of 4,096 may be crowded.
        let mut places = vec![0; 4_096];
        for hash in &hashes {
            places[usize::try_from(hash % 4_096).unwrap()] += 1;
        }
        assert!(places.iter().all(|&n| n < 40), "{:?}", places.iter().max());
    }

    #[test]
    fn secrets_are_others_each_time() {
        let [a, b] = [(); 2].map(|()| Secrets::default().hash_one("text"));
        assert_ne!(a, b);
    }
}
