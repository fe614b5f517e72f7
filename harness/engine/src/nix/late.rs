//! Derivations that are still being written. Determinate Nix names a derivation in its
//! log and in answers before its file is in the store.

use std::io::{self, ErrorKind};
use std::time::{Duration, Instant};

/// How long a derivation may take to be written after it was named.
const LONGEST: Duration = Duration::from_secs(2);
/// How often it is looked at.
const POLL: Duration = Duration::from_millis(2);

/// Reads what may still be written, again and again while the error is one that goes away
/// once it is, at most for [`LONGEST`].
///
/// # Errors
/// The last one.
pub(crate) fn once_written<T, E>(
    read: impl FnMut() -> Result<T, E>,
    is_early: impl Fn(&E) -> bool,
) -> Result<T, E> {
    within(LONGEST, read, is_early)
}

fn within<T, E>(
    longest: Duration,
    mut read: impl FnMut() -> Result<T, E>,
    is_early: impl Fn(&E) -> bool,
) -> Result<T, E> {
    let until = Instant::now() + longest;
    loop {
        match read() {
            Err(error) if is_early(&error) && Instant::now() < until => {
                std::thread::sleep(POLL);
            }
            result => return result,
        }
    }
}

/// The text of a derivation, once all of it is there.
///
/// # Errors
/// `read` cannot read it, or it was not complete in time.
pub(crate) fn read_derivation(read: impl FnMut() -> io::Result<Vec<u8>>) -> io::Result<Vec<u8>> {
    read_within(LONGEST, read)
}

fn read_within(
    longest: Duration,
    mut read: impl FnMut() -> io::Result<Vec<u8>>,
) -> io::Result<Vec<u8>> {
    let read_whole = || {
        let text = read()?;
        if is_complete(&text) {
            return Ok(text);
        }
        let why = "it is not written to its end";
        Err(io::Error::new(ErrorKind::UnexpectedEof, why))
    };
    let is_early =
        |e: &io::Error| matches!(e.kind(), ErrorKind::NotFound | ErrorKind::UnexpectedEof);
    within(longest, read_whole, is_early)
}

/// Whether a derivation ends where its file does: `)])` behind the last string closes its
/// variables, of which it has some, and follows nothing else.
fn is_complete(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(start) = memchr::memchr(b'"', rest) {
        rest = rest.get(start + 1..).unwrap_or_default();
        loop {
            let Some(at) = memchr::memchr2(b'"', b'\\', rest) else {
                return false;
            };
            let escapes = rest.get(at) == Some(&b'\\');
            rest = rest
                .get(at + 1 + usize::from(escapes)..)
                .unwrap_or_default();
            if !escapes {
                break;
            }
        }
    }
    let is_derivation = text.starts_with(b"Derive(") || text.starts_with(b"DrvWithVersion(");
    is_derivation && rest == b")])"
}

#[cfg(test)]
mod tests {
    use super::{is_complete, read_derivation, read_within};
    use std::io::{Error, ErrorKind};
    use std::time::Duration;

    const WHOLE: &[u8] = br#"Derive([("out","/nix/store/x","","")],[("/nix/store/y.drv",["out"])],[],"s","b",["-c",")])"],[("a","b \")])"),("out","\\")])"#;

    #[test]
    fn a_beginning_is_no_derivation() {
        for end in 0..WHOLE.len() {
            assert!(
                !is_complete(&WHOLE[..end]),
                "{}",
                String::from_utf8_lossy(&WHOLE[..end])
            );
        }
        assert!(is_complete(WHOLE));
        let dynamic = br#"DrvWithVersion("xp-dyn-drv",[],[("/nix/store/y.drv",(["out"],[]))],[],"s","b",[],[("a","")])"#;
        assert!(is_complete(dynamic));
        assert!((0..dynamic.len()).all(|end| !is_complete(&dynamic[..end])));
        assert!(!is_complete(b"something else)])"));
    }

    #[test]
    fn a_file_is_waited_for_until_it_is_whole() {
        let mut times = 0;
        let text = read_derivation(|| {
            times += 1;
            match times {
                1 => Err(ErrorKind::NotFound.into()),
                2 => Ok(Vec::new()),
                3 => Ok(WHOLE[..WHOLE.len() - 1].to_vec()),
                _ => Ok(WHOLE.to_vec()),
            }
        });
        assert_eq!((text.unwrap(), times), (WHOLE.to_vec(), 4));
    }

    #[test]
    fn one_that_is_not_written_is_an_error() {
        let never = read_within(Duration::ZERO, || Err(ErrorKind::NotFound.into()));
        assert_eq!(never.unwrap_err().kind(), ErrorKind::NotFound);
        let cut = read_within(Duration::ZERO, || Ok(WHOLE[..20].to_vec()));
        assert_eq!(cut.unwrap_err().kind(), ErrorKind::UnexpectedEof);
        let mut times = 0;
        let unreadable = read_derivation(|| {
            times += 1;
            Err(Error::from(ErrorKind::PermissionDenied))
        });
        assert_eq!(unreadable.unwrap_err().kind(), ErrorKind::PermissionDenied);
        assert_eq!(times, 1);
    }
}
