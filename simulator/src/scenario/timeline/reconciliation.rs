//! A feed that loses some, and an export that brings them, in words.

use super::Timeline;
use crate::aep::{ExportReport, Records, StreamReport, run_line};
use std::collections::BTreeMap;

impl Timeline {
    pub(in crate::scenario) fn streamed(&mut self, report: &StreamReport) {
        let sent = report.sent;
        let text = format!(
            "webhook: {} events of {} bookings of run {} in {} requests ({} twice, {} late); {} more \
             never sent",
            sent.events,
            report.bookings,
            report.run,
            report.requests,
            sent.duplicates,
            sent.out_of_order,
            sent.lost
        );
        let settled = match report.settled_seconds {
            Some(seconds) => format!("worked off {seconds:.1} s after the last request"),
            None => "not worked off by the deadline".to_owned(),
        };
        self.add("▶", text, &[settled]);
    }

    pub(in crate::scenario) fn gap(&mut self, gap: &Records, revenue: &BTreeMap<String, i64>) {
        let Records { expected, exact, missing, wrong, .. } = gap;
        let text = format!(
            "table: {exact} of {expected} records are as they happened; {missing} missing, {wrong} \
             say something else"
        );
        self.add("⇄", text, &[earned(revenue)]);
    }

    pub(in crate::scenario) fn exported(&mut self, report: &ExportReport, again: bool) {
        let rows = report.written.rows;
        let files = report.files.len();
        let text = match again {
            false => format!("export: {rows} rows in {files} files"),
            true => format!("export: the same {rows} rows in the same {files} files once more"),
        };
        let file = |key: &String, bytes: u64| format!("{key}, {bytes} bytes");
        let below: Vec<_> = report.files.iter().map(|one| file(&one.key, one.bytes)).collect();
        self.add("▶", text, &below);
    }

    pub(in crate::scenario) fn reconciled(&mut self, report: &ExportReport) {
        let Some(held) = &report.held else { return };
        let (found, records) = (held.found, held.records);
        let text = format!(
            "API reconciliations: {} reservations were missing and are recovered, {} were different \
             and are put right, {:.1} s after the last file",
            found.missing, found.different, held.seconds
        );
        let below: Vec<_> = held.runs.iter().map(|run| run_line(run).trim().to_owned()).collect();
        self.add("⚙", text, &below);
        let (flights, exact) = held.totals;
        let written = match held.writes {
            Some(writes) => format!("; {writes} reservations were written"),
            None => String::new(),
        };
        let text = format!(
            "table: {} of {} records are as they happened, {} of them brought by an export; totals of \
             {exact} of {flights} flights{written}",
            records.exact, records.expected, records.recovered
        );
        self.add("⇄", text, &held.faults);
    }

    pub(in crate::scenario) fn earned(&mut self, revenue: &BTreeMap<String, i64>) {
        self.add("⇄", format!("table: {}", earned(revenue)), &[]);
    }
}

fn earned(revenue: &BTreeMap<String, i64>) -> String {
    let all = revenue.iter().map(|(currency, units)| format!("{currency} {units}"));
    format!("earned, in minor units: {}", all.collect::<Vec<_>>().join(", "))
}
