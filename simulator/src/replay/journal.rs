//! What a replay has done, so that the same command goes on where it was: a file of JSON lines, one
//! line a deed. What is not on the disk yet when the process is killed is done again, which harms
//! nothing.

use crate::stop::Stop;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// What decides a replay: another of these is another replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Run {
    /// Part of all its event ids.
    pub(super) id: String,
    /// The day.
    pub(super) date: Date,
    /// What decides its passengers.
    pub(super) seed: u32,
    /// Its departures, by a hash of the file.
    pub(super) data: Uuid,
    /// The table that it is in.
    pub(super) place: String,
    /// When it began, UTC.
    pub(super) began: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Deed {
    Begun(Run),
    Seeded,
    Written { event: usize, at: Timestamp },
    Finished,
}

/// The journal of one replay.
pub(super) struct Journal {
    file: File,
    path: PathBuf,
    pub(super) run: Run,
    /// Whether flights and passengers are in the table.
    pub(super) seeded: bool,
    /// When each event was written, by its place among the events of the day.
    pub(super) written: BTreeMap<usize, Timestamp>,
    /// Held for as long as the journal is; the system lets go of it when the process ends.
    _lock: File,
}

impl Journal {
    /// The journal of this replay, as far as it has come. One that is finished, or was not begun,
    /// begins anew; so does any when `fresh`.
    ///
    /// # Errors
    /// A [`Stop`] when another replay of the day is under way, or was begun with other data,
    /// passengers or table and is not finished.
    pub(super) fn open(path: &Path, wanted: &Run, fresh: bool) -> Result<Self, Stop> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| cannot(path, &error))?;
        }
        let lock = lock(path)?;
        let (deeds, whole) = if fresh { Default::default() } else { read(path) };
        let Some(Deed::Begun(run)) = deeds.first() else {
            return Self::begin(path, wanted.clone(), lock);
        };
        // One that has put nothing anywhere holds nobody up.
        if deeds.len() == 1 || deeds.contains(&Deed::Finished) {
            return Self::begin(path, wanted.clone(), lock);
        }
        let Run { date, seed, data, place, .. } = run;
        if (date, seed, data, place) != (&wanted.date, &wanted.seed, &wanted.data, &wanted.place) {
            return Err(Stop::Usage(format!(
                "another replay of {date} is not finished: --seed {seed}, in {place}; finish it with its \
                 own command, or say --fresh to give it up"
            )));
        }
        let file = OpenOptions::new().append(true).open(path);
        let file = file.map_err(|error| cannot(path, &error))?;
        file.set_len(whole).map_err(|error| cannot(path, &error))?;
        let mut journal = Self::empty(file, path, run.clone(), lock);
        deeds.into_iter().for_each(|deed| journal.take(deed));
        Ok(journal)
    }

    fn begin(path: &Path, run: Run, lock: File) -> Result<Self, Stop> {
        let file = File::create(path).map_err(|error| cannot(path, &error))?;
        let mut journal = Self::empty(file, path, run.clone(), lock);
        journal.note(&[Deed::Begun(run)])?;
        Ok(journal)
    }

    fn empty(file: File, path: &Path, run: Run, lock: File) -> Self {
        let (path, written) = (path.to_owned(), BTreeMap::new());
        Self { file, path, run, seeded: false, written, _lock: lock }
    }

    /// Whether it goes on with what was begun before.
    pub(super) fn goes_on(&self) -> bool {
        self.seeded || !self.written.is_empty()
    }

    /// Flights and passengers are in the table.
    pub(super) fn seeded(&mut self) -> Result<(), Stop> {
        self.note(&[Deed::Seeded])
    }

    /// The brokers have these events since then.
    pub(super) fn written(&mut self, events: &[usize], at: Timestamp) -> Result<(), Stop> {
        let deeds: Vec<_> =
            events.iter().map(|event| Deed::Written { event: *event, at }).collect();
        self.note(&deeds)
    }

    /// All is done.
    pub(super) fn finished(&mut self) -> Result<(), Stop> {
        self.note(&[Deed::Finished])
    }

    fn take(&mut self, deed: Deed) {
        match deed {
            Deed::Seeded => self.seeded = true,
            // The last time counts: what is written again was lost before.
            Deed::Written { event, at } => drop(self.written.insert(event, at)),
            Deed::Begun(_) | Deed::Finished => {}
        }
    }

    fn note(&mut self, deeds: &[Deed]) -> Result<(), Stop> {
        let mut lines = Vec::new();
        for deed in deeds {
            serde_json::to_writer(&mut lines, deed)
                .map_err(|error| Stop::CannotRun(error.to_string()))?;
            lines.push(b'\n');
        }
        let written = self.file.write_all(&lines).and_then(|()| self.file.sync_data());
        written.map_err(|error| cannot(&self.path, &error))?;
        deeds.iter().cloned().for_each(|deed| self.take(deed));
        Ok(())
    }
}

/// The deeds in a file, and how many bytes they are. What a killed process has half written, and all
/// after it, is left out.
fn read(path: &Path) -> (Vec<Deed>, u64) {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let deed = |line: &str| serde_json::from_str(line.strip_suffix('\n')?).ok();
    let mut whole = 0;
    let lines = text.split_inclusive('\n');
    let deeds =
        lines.map_while(|line| deed(line).inspect(|_| whole += line.len() as u64)).collect();
    (deeds, whole)
}

/// Two replays of one day in one place would write each other's events.
fn lock(path: &Path) -> Result<File, Stop> {
    let file = File::create(path.with_extension("lock")).map_err(|error| cannot(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Stop::CannotRun("a replay of this day is under way already".into()))
        }
        Err(TryLockError::Error(error)) => Err(cannot(path, &error)),
    }
}

fn cannot(path: &Path, error: &std::io::Error) -> Stop {
    Stop::CannotRun(format!("the replay's journal {} cannot be kept: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(seed: u32) -> Run {
        Run {
            id: Uuid::new_v4().simple().to_string(),
            date: jiff::civil::date(2013, 2, 8),
            seed,
            data: Uuid::nil(),
            place: "here".into(),
            began: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn what_was_begun_is_gone_on_with_even_when_its_last_line_is_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("replay/day.jsonl");
        let first = run(1);
        let mut journal = Journal::open(&path, &first, false).unwrap();
        assert!(!journal.goes_on());
        journal.seeded().unwrap();
        journal.written(&[0, 1], Timestamp::UNIX_EPOCH).unwrap();
        journal.written(&[2], Timestamp::UNIX_EPOCH).unwrap();
        drop(journal);
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &text[..text.len() - 5]).unwrap();
        let mut again = Journal::open(&path, &run(1), false).unwrap();
        assert_eq!(again.run.id, first.id);
        assert!(again.goes_on() && again.seeded);
        assert_eq!(again.written.keys().copied().collect::<Vec<_>>(), [0, 1]);
        again.written(&[3], Timestamp::UNIX_EPOCH).unwrap();
        let other = Journal::open(&path, &run(1), false);
        assert!(other.is_err_and(|stop| stop.to_string().contains("under way already")));
        drop(again);
        let third = Journal::open(&path, &run(1), false).unwrap();
        assert_eq!(third.written.keys().copied().collect::<Vec<_>>(), [0, 1, 3]);
    }

    #[test]
    fn a_finished_replay_and_a_fresh_one_begin_anew_and_another_is_not_lost() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("day.jsonl");
        let open = |run: &Run, fresh| Journal::open(&path, run, fresh);
        let (first, other) = (run(1), run(2));
        drop(open(&other, false).unwrap());
        open(&first, false).unwrap().seeded().unwrap();
        let refused = open(&other, false).err().unwrap().to_string();
        assert!(refused.contains("--seed 1, in here"), "{refused}");
        assert_eq!(open(&other, true).unwrap().run.id, other.id);
        open(&run(2), false).unwrap().finished().unwrap();
        let next = run(1);
        assert_eq!(open(&next, false).unwrap().run.id, next.id);
    }
}
