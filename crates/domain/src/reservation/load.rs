//! How full a flight is.

use super::Totals;
use crate::flight::Flight;

/// How full a flight is: however its bookings came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// Passengers with a booking that is not cancelled.
    pub booked_passengers: u32,
    /// Seats for sale; none while the flight or its aircraft is not known.
    pub capacity: Option<u32>,
}

impl Load {
    /// Of a flight and the totals of its reservations, each as far as it is known.
    #[must_use]
    pub fn of(flight: Option<&Flight>, totals: Option<&Totals>) -> Self {
        let scheduled = flight.map_or(0, |flight| flight.booked_passengers);
        let by_feed = totals.map_or(0, Totals::all_passengers);
        let booked = i64::from(scheduled) + by_feed;
        Self {
            booked_passengers: u32::try_from(booked).unwrap_or_default(),
            capacity: flight.and_then(|flight| flight.capacity).filter(|seats| *seats > 0),
        }
    }

    /// The load factor: passengers by seats, rounded to four decimals; over 1 where the flight is
    /// overbooked.
    #[must_use]
    pub fn factor(&self) -> Option<f64> {
        let seats = self.capacity?;
        let factor = f64::from(self.booked_passengers) / f64::from(seats);
        Some((factor * 10_000.0).round() / 10_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(5, Some(180), Some(0.0278))]
    #[case(200, Some(180), Some(1.1111))]
    #[case(0, Some(180), Some(0.0))]
    #[case(5, Some(0), None)]
    #[case(5, None, None)]
    fn a_load_factor_is_passengers_by_seats(
        #[case] booked_passengers: u32,
        #[case] seats: Option<u32>,
        #[case] factor: Option<f64>,
    ) {
        let capacity = seats.filter(|seats| *seats > 0);
        assert_eq!(Load { booked_passengers, capacity }.factor(), factor);
    }

    #[test]
    fn without_a_flight_there_is_no_capacity() {
        let mut totals = Totals::default();
        totals.passengers.insert(super::super::Cabin::Economy, 3);
        let load = Load::of(None, Some(&totals));
        assert_eq!(load, Load { booked_passengers: 3, capacity: None });
    }
}
