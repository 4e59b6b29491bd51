use super::*;
use crate::replay::source::COMMITTED;
use rstest::rstest;

const DATE: Date = jiff::civil::date(2013, 2, 8);

fn committed() -> Day {
    Day::read(COMMITTED, DATE).unwrap()
}

fn find(id: &str) -> Departure {
    committed().departures.into_iter().find(|one| one.flight_id.as_str() == id).unwrap()
}

#[test]
fn the_storm_of_8_february_2013_is_as_the_data_set_counts_it() {
    let day = committed();
    assert_eq!((day.departures.len(), day.cancelled(), day.late()), (930, 472, 239));
}

#[test]
fn times_are_those_of_the_airports_clocks() {
    let flight = find("US1117-2013-02-08-EWR");
    assert_eq!(flight.scheduled_departure.to_string(), "2013-02-08T10:00:00Z");
    assert_eq!(flight.scheduled_arrival.to_string(), "2013-02-08T11:48:00Z");
    assert_eq!(flight.tail_number.as_deref(), Some("N197UW"));
    assert_eq!(flight.fate, Fate::Punctual, "two minutes early");
}

#[test]
fn every_flight_takes_between_half_an_hour_and_half_a_day() {
    for flight in committed().departures {
        let minutes = flight.scheduled_arrival.duration_since(flight.scheduled_departure).as_mins();
        assert!((30..=720).contains(&minutes), "{minutes} min: {flight:?}");
    }
}

/// A line of the data set with one field put in another's place.
fn with(column: &str, value: &str) -> String {
    let mut lines = COMMITTED.lines();
    let (header, line) = (lines.next().unwrap(), lines.next().unwrap());
    let at = header.split(',').position(|name| name == column).unwrap();
    let mut fields: Vec<_> = line.split(',').collect();
    fields[at] = value;
    format!("{header}\n{}\n", fields.join(","))
}

#[rstest]
#[case("sched_dep_time", "575", "line 2: sched_dep_time must be a time such as 517; got 575")]
#[case(
    "sched_dep_time",
    "",
    "line 2: sched_dep_time must be a whole number from 0 to 2400; got \"\""
)]
#[case(
    "dep_delay",
    "soon",
    "line 2: dep_delay must be a whole number from -1440 to 2880; got \"soon\""
)]
#[case(
    "dep_delay",
    "9000",
    "line 2: dep_delay must be a whole number from -1440 to 2880; got \"9000\""
)]
#[case("dep_time", "NA", "line 2: dep_delay is there and dep_time is not")]
#[case("origin", "XXX", "line 2: origin must be an airport's code; got \"XXX\"")]
#[case("dest", "", "line 2: dest must be an airport's code; got \"\"")]
#[case("carrier", "U", "line 2: carrier must be two capitals or digits; got \"U\"")]
#[case("flight", "0", "line 2: flight must be a whole number from 1 to 9999; got \"0\"")]
#[case("carrier", "us", "line 2: carrier must be two capitals or digits; got \"us\"")]
#[case("tailnum", "<b>", "line 2: tailnum must be 1 to 8 capitals, digits or hyphens; got \"<b>\"")]
#[case("dep_time", "soon", "line 2: dep_time must be a whole number from 0 to 2400; got \"soon\"")]
#[case("month", "2.5", "line 2: month must be a whole number from 1 to 12; got \"2.5\"")]
#[case("day", "30", "line 2: 2013-2-30 is no date")]
#[case("tailnum", "N1,N2", "line 2: there must be 19 columns; there are 20")]
fn a_line_that_makes_no_sense_is_named(
    #[case] column: &str,
    #[case] value: &str,
    #[case] says: &str,
) {
    assert_eq!(Day::read(&with(column, value), DATE).unwrap_err().to_string(), says);
}

#[test]
fn a_flight_that_is_there_twice_is_refused() {
    let line = COMMITTED.lines().nth(1).unwrap();
    let text = format!("{COMMITTED}{line}\n");
    let error = Day::read(&text, DATE).unwrap_err().to_string();
    assert_eq!(error, "line 932: US1117-2013-02-08-EWR is on line 2 too");
}

#[test]
fn a_file_without_the_day_or_a_column_says_so() {
    let other = jiff::civil::date(2013, 2, 9);
    assert_eq!(Day::read(COMMITTED, other), Err(Unusable::NoDeparture(other)));
    let text = COMMITTED.replacen("dep_delay", "delay", 1);
    assert_eq!(Day::read(&text, DATE), Err(Unusable::NoColumn("dep_delay")));
    assert_eq!(Day::read("", DATE), Err(Unusable::NoColumn("year")));
}

#[test]
fn an_arrival_after_midnight_is_of_the_next_day() {
    // 23:00 in Newark to 00:10 in Charlotte.
    let text = with("sched_dep_time", "2300");
    let text = text.replace(",648,", ",10,");
    let day = Day::read(&text, DATE).unwrap();
    assert_eq!(day.departures[0].scheduled_arrival.to_string(), "2013-02-09T05:10:00Z");
}

#[test]
fn what_pandas_writes_is_read_too() {
    let day = Day::read(&with("dep_delay", "-2.0"), DATE).unwrap();
    assert_eq!(day.departures[0].fate, Fate::Punctual);
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    let wrong = with("dep_delay", "soon");
    let (header, line) = wrong.split_once('\n').unwrap();
    for (text, at) in [
        (format!("{header}\r\n{line}"), 2),
        (format!("{header}\r\n\r\n\r\n{line}"), 4),
        (format!("{header}\n\n{line}"), 3),
        (format!("{header}\n\n{line},one too many"), 3),
    ] {
        let error = Day::read(&text, DATE).unwrap_err();
        assert!(matches!(error, Unusable::Line { line, .. } if line == at), "{at}: {error}");
    }
}
