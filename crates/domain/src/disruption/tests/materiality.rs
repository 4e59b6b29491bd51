//! What is worth a message, whatever was said before.

use super::*;
use crate::delay::MATERIAL_CHANGE_MINUTES;

fn minutes() -> impl Strategy<Value = u32> {
    prop_oneof![0..200u32, 0..=MAX_DELAY_MINUTES]
}

/// A delay that is said at this minute of an hour.
fn said(minute: usize, minutes: u32) -> Report {
    Report {
        version: version(&format!("2026-11-22T09:{minute:02}:00Z"), &format!("e{minute}")),
        change: delay_of(minutes),
        retracts: false,
    }
}

proptest! {
    #[test]
    fn a_delay_is_told_when_it_is_a_quarter_of_an_hour_from_what_is_believed(
        believed in minutes(), now in minutes(),
    ) {
        let mut flight = flight();
        flight.schedule_news.told = told(believed);
        let (_, notice) = write(&flight, &said(0, now));
        let differs = believed.abs_diff(now) >= u32::try_from(MATERIAL_CHANGE_MINUTES).unwrap();
        prop_assert_eq!(notice.is_some(), differs);
    }

    #[test]
    fn small_steps_never_lead_away_from_what_is_believed(
        steps in prop::collection::vec(minutes(), 1..20),
    ) {
        let (mut flight, mut believed) = (flight(), None);
        for (minute, minutes) in steps.into_iter().enumerate() {
            let (written, notice) = write(&flight, &said(minute, minutes));
            if notice.is_some() {
                believed = Some(minutes);
            }
            let away = believed.unwrap_or(0).abs_diff(minutes);
            prop_assert!(i64::from(away) < MATERIAL_CHANGE_MINUTES, "{away} minutes are not told");
            // A first delay, however short, is told; what is on schedule for all they know is not.
            prop_assert!(believed.is_some() || minutes == 0);
            prop_assert_eq!(written.delay_minutes, minutes);
            flight = after(&flight, &said(minute, minutes));
        }
    }

    #[test]
    fn the_same_again_is_not_told_again(minutes in minutes(), again in 1..50usize) {
        let told = after(&flight(), &said(0, minutes));
        let (after, notice) = write(&told, &said(again, minutes));
        prop_assert_eq!((notice, after.departure()), (None, told.departure()));
    }

    #[test]
    fn a_gate_is_told_when_it_is_another(one in "[A-C][1-3]", other in "[A-C][1-3]") {
        let told = after(&flight(), &report("2026-11-22T09:00:00Z", gate_to(&one)));
        let (_, notice) = write(&told, &report("2026-11-22T09:01:00Z", gate_to(&other)));
        prop_assert_eq!(notice.is_some(), one != other);
    }
}
