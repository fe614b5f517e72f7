//! A page of limited size: what does not fit is left out whole, and counted.

/// How much GitHub takes as a comment, in characters.
pub(super) const COMMENT: usize = 65_536;
/// How much it takes as the summary of a step, in bytes.
pub(super) const SUMMARY: usize = 1 << 20;
/// Kept free to say what is left out.
const RESERVE: usize = 400;

/// Text up to a limit. Bytes are counted, which are no fewer than characters.
pub(super) struct Page {
    text: String,
    limit: usize,
}

impl Page {
    pub(super) fn new(limit: usize) -> Self {
        Self {
            text: String::new(),
            limit: limit.saturating_sub(RESERVE),
        }
    }

    /// Adds a block, all of it or nothing. Whether it was added.
    pub(super) fn add(&mut self, block: &str) -> bool {
        let fits = self.text.len() + block.len() <= self.limit;
        if fits {
            self.text.push_str(block);
        }
        fits
    }

    /// Adds blocks up to the first that does not fit. How many are left out.
    pub(super) fn add_all(&mut self, blocks: impl ExactSizeIterator<Item = String>) -> usize {
        let all = blocks.len();
        let mut added = 0;
        for block in blocks {
            if !self.add(&block) {
                break;
            }
            added += 1;
        }
        all - added
    }

    /// Says something short that there is always room for, once or twice.
    pub(super) fn note(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}
