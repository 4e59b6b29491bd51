//! What holds of any events.

use super::*;
use proptest::prelude::*;

fn any_event() -> impl Strategy<Value = BookingEvent> {
    let order = || prop::option::of(prop::sample::select(vec!["O1", "O2"]));
    // Few seconds, so that events meet at the same time and ids decide.
    let bought = (0..30_i64, prop::collection::vec((0..3_usize, 1..4_u32, 0..1_000_i64), 1..3));
    prop_oneof![
        4 => (bought, prop::sample::select(vec!["O1", "O2"]))
            .prop_map(|((second, flights), order)| purchase(second, order, &flights)),
        1 => (30..60_i64, order(), prop::collection::vec(0..3_usize, 0..2))
            .prop_map(|(second, order, flights)| cancel(second % 33, order, &flights)),
        1 => (90..99_i64, prop::option::of(prop::sample::select(vec!["TL0", "TL2", "X"])))
            .prop_map(|(second, number)| extra(second, number)),
        1 => (60..90_i64, order(), prop::collection::vec((0..3_usize, 0..99_i64), 0..2), 0..500_i64)
            .prop_map(|(second, order, flights, whole)| refund(second, order, &flights, whole)),
    ]
}

/// Events of which no two have the same id, which no feed has: the first of each stays.
fn events() -> impl Strategy<Value = Vec<BookingEvent>> {
    prop::collection::vec(any_event(), 0..12).prop_map(|events| {
        let mut seen = std::collections::HashSet::new();
        events.into_iter().filter(|event| seen.insert(event.version.clone())).collect()
    })
}

proptest! {
    #[test]
    fn order_and_repeats_do_not_matter(
        events in events(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
        shuffle in any::<u64>(),
    ) {
        let mut mixed = events.clone();
        let count = mixed.len();
        for at in (1..count).rev() {
            mixed.swap(at, (shuffle as usize).wrapping_mul(at * 7 + 3) % (at + 1));
        }
        if count > 0 {
            for index in &order {
                mixed.push(events[index.index(count)].clone());
            }
        }
        prop_assert_eq!(reservation(&events), reservation(&mixed));
    }

    #[test]
    fn what_is_known_is_what_would_change_nothing(
        events in events(),
        others in events(),
        cut in any::<prop::sample::Index>(),
    ) {
        let known = reservation(&events[..cut.index(events.len() + 1)]);
        for event in events.iter().chain(&others) {
            let mut after = known.clone();
            let taken = after.learn(event);
            prop_assert_eq!(known.knows(event), taken.is_ok() && after == known);
        }
    }

    #[test]
    fn differences_of_every_step_add_up_to_the_totals(events in events()) {
        let mut state = reservation(&[]);
        let mut sums: BTreeMap<FlightId, Totals> = BTreeMap::new();
        let mut bookings: BTreeMap<BookingId, (bool, u32)> = BTreeMap::new();
        for event in &events {
            let before = state.clone();
            state.apply(event).unwrap();
            let Some(change) = between(&before, state.clone()) else {
                continue;
            };
            for (flight, added) in &change.totals {
                let sum = sums.remove(flight).unwrap_or_default().plus(added);
                sums.insert(flight.clone(), sum);
            }
            for booking in change.bookings {
                let (id, held, count) = match booking {
                    BookingChange::Made(made) => {
                        prop_assert!(!bookings.contains_key(&made.booking_id));
                        (made.booking_id.clone(), made.is_affected(), made.passenger_count)
                    }
                    BookingChange::TakenAgain(again) => {
                        prop_assert!(!bookings[&again.booking_id].0);
                        (again.booking_id.clone(), true, again.passenger_count)
                    }
                    BookingChange::GivenUp { booking_id, passenger_count } => {
                        prop_assert!(bookings[&booking_id].0);
                        (booking_id, false, passenger_count)
                    }
                    BookingChange::Resized { booking_id, passenger_count } => {
                        let held = bookings[&booking_id].0;
                        (booking_id, held, passenger_count)
                    }
                };
                bookings.insert(id, (held, count));
            }
        }
        for flight in state.legs.keys() {
            let sum = sums.remove(flight).unwrap_or_default();
            prop_assert_eq!(&sum, &Totals::of(&state, flight));
            if let Some(booking) = state.booking(flight).unwrap() {
                let known = bookings.remove(&booking.booking_id);
                prop_assert_eq!(known, Some((booking.is_affected(), booking.passenger_count)));
            }
        }
        prop_assert!(sums.is_empty() && bookings.is_empty());
    }

    #[test]
    fn no_money_is_lost_in_sharing(events in events(), order in 0..10_000_i64) {
        let mut state = reservation(&events);
        state.refunds.clear();
        state.apply(&refund(99, None, &[], order)).unwrap();
        let bought = state.purchases().next().is_some();
        let shares: i64 = (0..3).map(|n| of_the_seats(&state, n)).sum();
        prop_assert_eq!(shares, if bought { order } else { 0 });
    }
}
