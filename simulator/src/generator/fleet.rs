//! The aircraft of generated networks, and how long they fly.

/// A type of aircraft, as an airline might have it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Type {
    /// As flights show it.
    pub(crate) name: &'static str,
    /// Seats.
    pub(crate) seats: u32,
    /// The longest flight, in kilometres.
    pub(crate) range_km: u32,
    /// The seats of a row, by their letters.
    pub(crate) row: &'static str,
    /// Shortest time on the ground between two flights, in minutes.
    pub(crate) turn_minutes: i64,
}

const fn aircraft(
    name: &'static str,
    seats: u32,
    range_km: u32,
    row: &'static str,
    turn_minutes: i64,
) -> Type {
    Type { name, seats, range_km, row, turn_minutes }
}

/// The types, smallest first. Seats and ranges are rounded from what makers publish.
pub(crate) static TYPES: [Type; 9] = [
    aircraft("Bombardier CRJ-200", 50, 2_400, "ABCD", 30),
    aircraft("Embraer E175", 76, 3_700, "ABCD", 35),
    aircraft("Boeing 737-700", 143, 5_600, "ABCDEF", 40),
    aircraft("Boeing 737-800", 175, 5_400, "ABCDEF", 45),
    aircraft("Airbus A321neo", 196, 6_500, "ABCDEF", 50),
    aircraft("Boeing 757-200", 220, 7_000, "ABCDEF", 55),
    aircraft("Boeing 767-300ER", 261, 11_000, "ABDEFHJ", 80),
    aircraft("Boeing 787-9", 296, 14_000, "ABCDEFGHJ", 90),
    aircraft("Boeing 777-300ER", 396, 13_600, "ABCDEFGHJK", 95),
];

/// A type for flights of which nothing is known but their route.
pub(crate) static USUAL: &Type = &TYPES[3];

/// The type for so many seats over this distance: of those that reach, the one nearest in size.
pub(super) fn nearest(seats: f64, km: f64) -> &'static Type {
    let off = |one: &Type| (f64::from(one.seats) - seats).abs();
    reaching(km).min_by(|a, b| off(a).total_cmp(&off(b))).unwrap_or(&TYPES[TYPES.len() - 1])
}

/// The next larger type that reaches as far.
pub(super) fn larger(than: &Type, km: f64) -> Option<&'static Type> {
    reaching(km).find(|one| one.seats > than.seats)
}

fn reaching(km: f64) -> impl Iterator<Item = &'static Type> {
    TYPES.iter().filter(move |one| f64::from(one.range_km) >= km * 1.05)
}

/// From gate to gate, in minutes: half an hour on the ground and in the climb, then 830 km/h.
pub(super) fn block_minutes(km: f64) -> i64 {
    rounded_up(30.0 + km / 830.0 * 60.0)
}

/// Schedules are in steps of five minutes.
fn rounded_up(minutes: f64) -> i64 {
    (minutes / 5.0).ceil() as i64 * 5
}

impl Type {
    /// The seat of this number, from 0 on.
    pub(super) fn seat(&self, number: u32) -> String {
        let letters = self.row.len() as u32;
        let (row, letter) = (number / letters + 1, number % letters);
        format!("{row}{}", &self.row[letter as usize..=letter as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(150.0, 900.0, "Boeing 737-700")]
    #[case(60.0, 900.0, "Bombardier CRJ-200")]
    #[case(60.0, 3_000.0, "Embraer E175")]
    #[case(60.0, 5_540.0, "Airbus A321neo")]
    #[case(900.0, 900.0, "Boeing 777-300ER")]
    fn a_type_reaches_and_is_about_as_large_as_it_should_be(
        #[case] seats: f64,
        #[case] km: f64,
        #[case] name: &str,
    ) {
        assert_eq!(nearest(seats, km).name, name);
    }

    #[test]
    fn types_are_sorted_and_the_largest_reaches_as_far_as_any_that_is_needed() {
        assert!(TYPES.windows(2).all(|pair| pair[0].seats < pair[1].seats));
        let mut one = &TYPES[0];
        while let Some(next) = larger(one, 12_000.0) {
            one = next;
        }
        assert_eq!(one.name, "Boeing 777-300ER");
    }

    #[test]
    fn seats_have_rows_and_letters() {
        let type_of = |name: &str| TYPES.iter().find(|one| one.name == name).unwrap();
        let boeing = type_of("Boeing 737-800");
        assert_eq!([0, 5, 6, 174].map(|n| boeing.seat(n)), ["1A", "1F", "2A", "30A"]);
    }

    #[test]
    fn a_flight_takes_as_long_as_such_flights_do() {
        // Denver to Phoenix is planned with some 1:50 to 2:00, New York to London with 7:00.
        assert_eq!(block_minutes(968.0), 100);
        assert_eq!(block_minutes(5_540.0), 435);
    }
}
