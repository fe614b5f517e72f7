//! Reading the record of a run. Strict: a report rendered from half a record, or
//! from one whose words mean something else, would be believed.

use std::io::{self, BufRead};

use nix_parity_core::event::{Event, FORMAT};
use serde::Deserialize;

/// Why a record cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It could not be read at all.
    #[error("line {line}: {source}")]
    Io {
        /// Counted from 1.
        line: usize,
        /// What the system says.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("the record is empty")]
    Empty,
    /// The first line is not the start of a run.
    #[error("line 1 is not the start of a run: this is not a record of nix-parity")]
    NotARecord,
    /// It was written in another format.
    #[error("the record is in format {found}, and this program reads format {FORMAT}")]
    Format {
        /// The format it says it is in.
        found: u64,
    },
    /// A line is no event.
    #[error("line {line} is not an event: {reason}")]
    Malformed {
        /// Counted from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The last line breaks off.
    #[error("line {line} is cut off: the record was not written to its end")]
    Truncated {
        /// Counted from 1.
        line: usize,
    },
    /// A line follows the end of the run, or starts a second one.
    #[error("line {line} belongs to another run: a record holds one")]
    SecondRun {
        /// Counted from 1.
        line: usize,
    },
}

/// The events of a record, up to the first error. A record without
/// [`Event::RunFinished`] is that of a run that was killed, and no error.
pub fn read_jsonl(reader: impl BufRead) -> impl Iterator<Item = Result<Event, ReadError>> {
    Record {
        reader,
        line: 0,
        ended: false,
        closed: false,
    }
}

struct Record<R> {
    reader: R,
    /// The number of the line read last.
    line: usize,
    /// The run has finished.
    ended: bool,
    /// There is nothing more to say.
    closed: bool,
}

impl<R: BufRead> Iterator for Record<R> {
    type Item = Result<Event, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.closed {
            return None;
        }
        let next = self.read().transpose();
        self.closed = !matches!(next, Some(Ok(_)));
        next
    }
}

impl<R: BufRead> Record<R> {
    fn read(&mut self) -> Result<Option<Event>, ReadError> {
        let line = self.line + 1;
        let mut bytes = Vec::new();
        let read = self.reader.read_until(b'\n', &mut bytes);
        let read = read.map_err(|source| ReadError::Io { line, source })?;
        if read == 0 {
            return if self.line == 0 {
                Err(ReadError::Empty)
            } else {
                Ok(None)
            };
        }
        self.line = line;
        if line == 1 {
            check_header(&bytes)?;
        }
        let event = serde_json::from_slice(&bytes).map_err(|error| {
            if bytes.ends_with(b"\n") {
                let reason = error.to_string();
                ReadError::Malformed { line, reason }
            } else {
                ReadError::Truncated { line }
            }
        })?;
        let starts = matches!(event, Event::RunStarted { .. });
        if self.ended || (starts && line > 1) {
            return Err(ReadError::SecondRun { line });
        }
        self.ended = matches!(event, Event::RunFinished { .. });
        Ok(Some(event))
    }
}

/// What every format, past or future, says on its first line.
#[derive(Deserialize)]
struct Header {
    event: String,
    format: u64,
}

fn check_header(line: &[u8]) -> Result<(), ReadError> {
    match serde_json::from_slice::<Header>(line) {
        Ok(header) if header.event != "run_started" => Err(ReadError::NotARecord),
        Ok(header) if header.format != u64::from(FORMAT) => Err(ReadError::Format {
            found: header.format,
        }),
        Ok(_) => Ok(()),
        // The only line of a record whose writer was killed at once.
        Err(error) if error.is_eof() && line.starts_with(b"{\"event\":") => {
            Err(ReadError::Truncated { line: 1 })
        }
        Err(_) => Err(ReadError::NotARecord),
    }
}
