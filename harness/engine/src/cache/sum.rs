//! Files of ours that begin with the sum of what follows: damage is seen, wherever it is.

use std::io;
use std::path::Path;

use crate::whole_file;

/// The length of a sum.
pub(super) const SUM: usize = 32;

pub(crate) fn checksum(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex()[..SUM].to_owned()
}

/// Writes a file with its sum, all or nothing.
///
/// # Errors
/// It cannot be written. A file that was there is what it was.
pub(crate) fn write(path: &Path, body: &[u8]) -> io::Result<()> {
    whole_file::write(path, format!("{}\n", checksum(body)).as_bytes(), body)
}

/// What follows the sum; nothing where that is another one.
pub(crate) fn body(file: &[u8]) -> Option<&[u8]> {
    let (sum, body) = file.split_at_checked(SUM + 1)?;
    (checksum(body).as_bytes() == sum.strip_suffix(b"\n")?).then_some(body)
}
