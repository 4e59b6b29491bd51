//! What an export came to.

use super::layout::Written;
use crate::aep::verify::Records;
use crate::terminal::printable;
use flightpulse_contracts::rest::reconciliations::ReconciliationView;
use flightpulse_domain::reconciliation::RunStatus;
use serde::Serialize;

/// What an export came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Report {
    pub(crate) run: String,
    pub(crate) seed: u32,
    pub(crate) bookings: u32,
    pub(crate) flights: u32,
    pub(crate) written: Summary,
    /// The manifest is the last.
    pub(crate) files: Vec<Written>,
    /// What came of it; none where that was not waited for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) held: Option<Held>,
    pub(crate) passed: bool,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub(crate) struct Summary {
    /// Rows, repeats and spoilt ones too.
    pub(crate) rows: u64,
    /// Those that must be rejected.
    pub(crate) spoilt: u64,
    /// Events that are not in it.
    pub(crate) gaps: u64,
    /// From the first row to the last file.
    pub(crate) seconds: f64,
}

/// Reservations that were found other than the export says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Discrepancies {
    pub(crate) missing: u64,
    pub(crate) different: u64,
}

/// What came of an export.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Held {
    /// The runs of its files.
    pub(crate) runs: Vec<ReconciliationView>,
    /// From the last file to the end of the last run.
    pub(crate) seconds: f64,
    /// What had to be found; none where it is not known what the stream lost.
    pub(crate) expected: Option<Discrepancies>,
    /// What was found.
    pub(crate) found: Discrepancies,
    pub(crate) records: Records,
    /// Flights, and those of them whose totals are the sums of their records.
    pub(crate) totals: (u64, u64),
    /// How often the bookings' reservations were written meanwhile; none where they may be.
    pub(crate) writes: Option<u64>,
    /// What is not as it must be, in words, the first of it.
    pub(crate) faults: Vec<String>,
}

impl Report {
    /// Whether all is as it must be.
    pub(crate) fn verdict(&self) -> bool {
        let Some(held) = &self.held else { return true };
        let Records { expected, exact, unexpected, .. } = held.records;
        self.faults_of_runs().is_empty()
            && held.expected.is_none_or(|expected| expected == held.found)
            && expected == exact
            && unexpected == 0
            && held.totals.0 == held.totals.1
            && held.writes.is_none_or(|writes| writes == 0)
    }

    /// What is wrong with the runs, in words.
    pub(crate) fn faults_of_runs(&self) -> Vec<String> {
        let Some(held) = &self.held else { return Vec::new() };
        let mut faults = Vec::new();
        for file in &self.files {
            let mut runs = held.runs.iter().filter(|run| run.key == file.key).peekable();
            if runs.peek().is_none() {
                faults.push(format!("{}: nobody reconciled it", file.key));
            }
            for run in runs {
                let (id, rows) = (run.reconciliation_id.as_str(), run.counts.rows);
                match run.status {
                    RunStatus::Running => faults.push(format!("{id} has not ended")),
                    RunStatus::Failed => {
                        let why = run.reason.as_deref().unwrap_or("no reason is given");
                        faults.push(format!("{id} failed: {why}"));
                    }
                    RunStatus::Completed if rows != file.rows => {
                        faults.push(format!("{id} read {rows} rows of {}", file.rows));
                    }
                    RunStatus::Completed => {}
                }
            }
        }
        // Each file's may be read by several runs; whatever is rejected is rejected by each.
        let rejected: u64 = self.files.iter().map(|file| rejected(&held.runs, &file.key)).sum();
        if rejected != self.written.spoilt {
            faults.push(format!("{rejected} rows were rejected of {}", self.written.spoilt));
        }
        faults
    }

    /// The report as lines.
    pub(crate) fn lines(&self) -> Vec<String> {
        let Summary { rows, spoilt, gaps, seconds } = self.written;
        let bytes: u64 = self.files.iter().map(|file| file.bytes).sum();
        let mut lines = vec![format!(
            "written: {rows} rows ({spoilt} spoilt, {gaps} events left out), {bytes} bytes in {} \
             files, in {seconds:.1} s",
            self.files.len()
        )];
        lines.extend(self.files.iter().map(|file| format!("  {}", file.key)));
        let Some(held) = &self.held else { return lines };
        lines.push(format!("reconciled: {:.1} s after the last file", held.seconds));
        lines.extend(held.runs.iter().map(line));
        lines.extend(self.faults_of_runs().iter().map(|fault| printable(&format!("  {fault}"))));
        let Discrepancies { missing, different } = held.found;
        let must = held
            .expected
            .map(|expected| format!(" (must be {} and {})", expected.missing, expected.different));
        lines.push(format!(
            "reservations: {missing} were missing, {different} were different{}",
            must.unwrap_or_default()
        ));
        lines.extend(held.writes.map(|writes| format!("reservations written: {writes}")));
        let Records { expected, exact, missing, wrong, unexpected, recovered } = held.records;
        lines.push(format!(
            "records: {exact} of {expected} exact, {missing} missing, {wrong} wrong, \
             {unexpected} too many; {recovered} came by an export"
        ));
        let (flights, exact) = held.totals;
        lines.push(format!("totals: {exact} of {flights} flights exact"));
        lines.extend(held.faults.iter().map(|fault| format!("  {fault}")));
        lines.push(if self.passed { "passed" } else { "FAILED" }.to_owned());
        lines
    }
}

fn rejected(runs: &[ReconciliationView], key: &str) -> u64 {
    let of_the_file = runs.iter().filter(|run| run.key == key);
    of_the_file.map(|run| run.counts.rejected).max().unwrap_or(0)
}

/// A run in a line.
pub(crate) fn line(run: &ReconciliationView) -> String {
    let name = run.key.rsplit('/').next().unwrap_or_default();
    let status = match run.status {
        RunStatus::Running => "goes on",
        RunStatus::Completed => "completed",
        RunStatus::Failed => "failed",
    };
    let (rows, rejected) = (run.counts.rows, run.counts.rejected);
    printable(&format!(
        "  {}  {name}: {status}, {rows} rows, {rejected} rejected, {} missing, {} different",
        run.reconciliation_id, run.missing, run.different
    ))
}

#[cfg(test)]
mod tests {
    use super::super::tests::view;
    use super::*;

    fn file(key: &str, rows: u64) -> Written {
        Written { key: format!("exports/d/exportTime=202612010000/{key}"), rows, bytes: 1_000 }
    }

    fn run(key: &str, rows: u64, found: u64) -> ReconciliationView {
        let mut run = view(&format!("exports/d/exportTime=202612010000/{key}"), found);
        run.counts.rows = rows;
        run
    }

    fn good() -> Report {
        let mut report = Report {
            run: "AB2CD".into(),
            seed: 1,
            bookings: 200,
            flights: 6,
            written: Summary { rows: 290, spoilt: 3, gaps: 0, seconds: 0.25 },
            files: vec![file("part-00000-c000.gz.parquet", 290), file("manifest-f-r.json", 0)],
            held: Some(Held {
                runs: vec![
                    run("part-00000-c000.gz.parquet", 290, 8),
                    run("manifest-f-r.json", 0, 0),
                ],
                seconds: 2.5,
                expected: Some(Discrepancies { missing: 8, different: 6 }),
                found: Discrepancies { missing: 8, different: 6 },
                records: Records { expected: 240, exact: 240, recovered: 10, ..Records::default() },
                totals: (6, 6),
                writes: None,
                faults: Vec::new(),
            }),
            passed: false,
        };
        if let Some(held) = &mut report.held {
            held.runs[0].counts.rejected = 3;
            held.runs[0].different = 6;
        }
        report.passed = report.verdict();
        report
    }

    fn with(change: fn(&mut Held)) -> Report {
        let mut report = good();
        report.held.as_mut().into_iter().for_each(change);
        report.passed = report.verdict();
        report
    }

    #[test]
    fn a_report_reads_like_this() {
        let bad = with(|held| {
            held.runs[0].status = RunStatus::Failed;
            held.runs[0].reason = Some("the file ends in the middle of a row group".into());
            held.runs.pop();
            held.records.exact = 230;
            held.records.missing = 10;
            held.totals.1 = 4;
            held.writes = Some(3);
            held.faults = vec!["TL100-2026-12-15-DEL, AB2CDAAAAA: there is no record".into()];
        });
        let only_written = Report { held: None, ..good() };
        let shown = [good(), bad, only_written].map(|report| report.lines().join("\n"));
        insta::assert_snapshot!(shown.join("\n\n"));
        insta::assert_json_snapshot!("json", good());
    }

    #[test]
    fn every_fault_turns_it_red() {
        assert!(good().verdict());
        let faults: [fn(&mut Held); 11] = [
            |held| held.runs[0].status = RunStatus::Failed,
            |held| held.runs[1].status = RunStatus::Running,
            |held| drop(held.runs.pop()),
            |held| held.runs[0].counts.rows = 289,
            |held| held.runs[0].counts.rejected = 2,
            |held| held.found.missing = 7,
            |held| held.found.different = 7,
            |held| held.records.exact -= 1,
            |held| held.records.unexpected = 1,
            |held| held.totals.1 -= 1,
            |held| held.writes = Some(1),
        ];
        for (at, fault) in faults.into_iter().enumerate() {
            assert!(!with(fault).passed, "fault {at}");
        }
        assert!(with(|held| held.writes = Some(0)).passed);
        assert!(with(|held| (held.expected, held.found.missing) = (None, 1)).passed);
    }
}
