//! JSON lines: <https://jsonlines.org>, which Adobe calls NDJSON.

use crate::source::{Reader, Source};
use crate::{NotRead, Place, Row, Unread};
use std::io::{self, BufRead, BufReader};
use std::ops::{ControlFlow, Range};

/// The longest line that is read, in bytes: an event has a few kilobytes.
const MAX_LINE: usize = 1 << 20;
/// How much is kept of what cannot be read, in bytes.
const KEPT: usize = 4 << 10;

/// What is at the beginning of some files, to say that they are UTF-8.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A line, without its end.
enum Line {
    Read(u64),
    TooLong(u64),
    End,
}

/// Every line.
pub(crate) fn all<S: Source>(
    mut reader: BufReader<Reader<'_, S>>,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), NotRead<S::Error>> {
    each(&mut reader, take).map_err(|error| not_read(reader.get_ref(), &error))
}

/// Every line of a reader, with the numbers that they have in it.
pub(crate) fn each(
    reader: &mut impl BufRead,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> io::Result<()> {
    let mut line = Vec::new();
    for number in 1.. {
        let found = next_line(reader, &mut line)?;
        if number == 1 {
            unmark(&mut line);
        }
        if hand_over(found, &line, Place::Line(number), take).is_break() {
            break;
        }
    }
    Ok(())
}

/// The lines that begin in a range of bytes. Whoever reads the range before has the line that
/// reaches into this one.
pub(crate) fn between<S: Source>(
    source: &S,
    range: Range<u64>,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> Result<(), NotRead<S::Error>> {
    // From the byte before: where that one ends a line, the first byte begins one.
    let mut at = range.start.saturating_sub(1);
    let mut reader = BufReader::new(Reader::new(source, at));
    let mut line = Vec::new();
    let mut read = || -> io::Result<()> {
        if range.start > 0 {
            match next_line(&mut reader, &mut line)? {
                Line::Read(bytes) | Line::TooLong(bytes) => at += bytes,
                Line::End => return Ok(()),
            }
        }
        while at < range.end {
            let found = next_line(&mut reader, &mut line)?;
            let place = Place::Byte(at);
            if at == 0 {
                unmark(&mut line);
            }
            if let Line::Read(bytes) | Line::TooLong(bytes) = found {
                at += bytes;
            }
            if hand_over(found, &line, place, take).is_break() {
                break;
            }
        }
        Ok(())
    };
    let result = read();
    result.map_err(|error| not_read(reader.get_ref(), &error))
}

fn not_read<S: Source>(reader: &Reader<'_, S>, error: &io::Error) -> NotRead<S::Error> {
    match reader.failure() {
        Some(failure) => NotRead::Source(failure),
        None => NotRead::Broken(error.to_string()),
    }
}

fn unmark(line: &mut Vec<u8>) {
    if line.starts_with(BYTE_ORDER_MARK) {
        line.drain(..BYTE_ORDER_MARK.len());
    }
}

/// Reads a line and its end; answers how many bytes both have.
fn next_line(reader: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let (mut bytes, mut content) = (0, 0);
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let end = available.iter().position(|byte| *byte == b'\n');
        let taken = end.unwrap_or(available.len());
        let room = MAX_LINE.saturating_sub(line.len());
        line.extend_from_slice(&available[..taken.min(room)]);
        let consumed = taken + usize::from(end.is_some());
        bytes += consumed as u64;
        content += taken;
        let ended = end.is_some() || available.is_empty();
        reader.consume(consumed);
        if ended {
            return Ok(match bytes {
                0 => Line::End,
                _ if content > MAX_LINE => Line::TooLong(bytes),
                _ => Line::Read(bytes),
            });
        }
    }
}

fn hand_over(
    found: Line,
    line: &[u8],
    place: Place,
    take: &mut dyn FnMut(Row) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let content = match found {
        Line::End => return ControlFlow::Break(()),
        Line::Read(_) if line.trim_ascii().is_empty() => return ControlFlow::Continue(()),
        Line::Read(_) => {
            serde_json::from_slice(line).map_err(|error| unread(format!("no JSON: {error}"), line))
        }
        Line::TooLong(bytes) => {
            Err(unread(format!("the line has {bytes} bytes: {MAX_LINE} are read"), line))
        }
    };
    take(Row { place, bytes: line.len(), content })
}

pub(crate) fn unread(reason: String, text: &[u8]) -> Unread {
    let text = String::from_utf8_lossy(&text[..text.len().min(KEPT)]).into_owned();
    Unread { reason, text }
}
