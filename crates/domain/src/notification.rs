//! Notifications: one text to one passenger by one channel.

use crate::ids::{EventId, NotificationId, PassengerId};
use crate::notice::{Notice, Subject};
use crate::passenger::Passenger;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A way of telling a passenger.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// Email.
    Email,
    /// Text message.
    Sms,
}

impl Channel {
    /// The channel's name in events and ids.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
        }
    }
}

/// The addresses at which a passenger wants to be told, by channel. Empty means unreachable:
/// nothing wanted that is sent here, or no address on file for what is wanted.
#[must_use]
pub fn reach(passenger: &Passenger) -> Vec<(Channel, &str)> {
    let wants = passenger.notification_preferences;
    let email = passenger.email.as_deref().filter(|_| wants.email);
    let phone = passenger.phone.as_deref().filter(|_| wants.sms);
    [(Channel::Email, email), (Channel::Sms, phone)]
        .into_iter()
        .filter_map(|(channel, address)| Some((channel, address?)))
        .filter(|(_, address)| !address.trim().is_empty())
        .collect()
}

// Drawn once, at random, so that no other use of version 5 UUIDs gives the same ids.
pub(crate) const NAMESPACE: Uuid = Uuid::from_u128(0x6f1d_4c6e_9f0b_4a5e_8c2d_51a7_e0b3_94d2);

/// The id of the notification that tells a passenger of a notice by a channel: the same for
/// every attempt, different for anything else. A reinstatement states the departure and the gate of
/// its moment: once events have changed them it is another notification, or whoever has read the
/// former would be taken to have read the latter.
#[must_use]
pub fn notification_id(
    notice: &Notice,
    passenger: &PassengerId,
    channel: Channel,
) -> NotificationId {
    // `#` cannot be in an id, so no two lists of parts join to the same text.
    let version = notice.version.to_string();
    let as_of: Vec<_> = match &notice.subject {
        Subject::Reinstatement { as_of, .. } => as_of.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let mut parts = vec![
        notice.flight_id.as_str(),
        notice.facet.name(),
        &version,
        passenger.as_str(),
        channel.name(),
    ];
    parts.extend(as_of.iter().map(String::as_str));
    // What an operator asks to be told again is another message.
    parts.extend(notice.resend_id.as_ref().map(EventId::as_str));
    let name = parts.join("#");
    let text = Uuid::new_v5(&NAMESPACE, name.as_bytes()).to_string();
    // A hyphenated UUID is within every rule of an id; the fallback cannot be reached.
    NotificationId::new(text).unwrap_or_else(|_| unreachable!())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delay::{DelayCategory, Reason};
    use crate::facet::{Facet, FacetVersion};
    use crate::ids::FlightId;
    use crate::notice::{Nature, Subject};
    use crate::passenger::{Language, NotificationPreferences, Tier};
    use rstest::rstest;

    fn passenger(email: Option<&str>, phone: Option<&str>, wants: (bool, bool)) -> Passenger {
        Passenger {
            passenger_id: PassengerId::new("P001").unwrap(),
            first_name: "Ada".into(),
            last_name: "Byron".into(),
            email: email.map(str::to_owned),
            phone: phone.map(str::to_owned),
            rapid_rewards_number: None,
            tier: Tier::Member,
            notification_preferences: NotificationPreferences {
                email: wants.0,
                sms: wants.1,
                push: true,
            },
            language: Language::En,
        }
    }

    #[rstest]
    #[case(Some("a@example.com"), Some("+15550100"), (true, true), &[Channel::Email, Channel::Sms])]
    #[case(Some("a@example.com"), Some("+15550100"), (false, true), &[Channel::Sms])]
    #[case(None, Some("+15550100"), (true, false), &[])]
    #[case(Some(" "), None, (true, true), &[])]
    #[case(Some("a@example.com"), None, (false, false), &[])]
    fn a_channel_needs_both_the_wish_and_the_address(
        #[case] email: Option<&str>,
        #[case] phone: Option<&str>,
        #[case] wants: (bool, bool),
        #[case] channels: &[Channel],
    ) {
        let passenger = passenger(email, phone, wants);
        let found: Vec<_> = reach(&passenger).into_iter().map(|(channel, _)| channel).collect();
        assert_eq!(found, channels);
    }

    fn notice(event: &str) -> Notice {
        let time = "2026-11-22T21:10:00Z".parse().unwrap();
        Notice {
            flight_id: FlightId::new("SW5678").unwrap(),
            origin: "DEN".into(),
            destination: "PHX".into(),
            facet: Facet::Schedule,
            version: FacetVersion::new(time, EventId::new(event).unwrap()),
            nature: Nature::News,
            resend_id: None,
            subject: Subject::Delay {
                category: DelayCategory::Major,
                delay_minutes: 90,
                reason: Reason::Weather,
                new_departure: time,
                new_arrival: time,
            },
        }
    }

    #[test]
    fn an_id_is_the_same_for_the_same_and_different_for_anything_else() {
        let (p1, p2) = (PassengerId::new("P1").unwrap(), PassengerId::new("P2").unwrap());
        let id = notification_id(&notice("e1"), &p1, Channel::Email);
        assert_eq!(id, notification_id(&notice("e1"), &p1, Channel::Email));
        assert_ne!(id, notification_id(&notice("e2"), &p1, Channel::Email));
        assert_ne!(id, notification_id(&notice("e1"), &p2, Channel::Email));
        assert_ne!(id, notification_id(&notice("e1"), &p1, Channel::Sms));
        let mut again = notice("e1");
        again.resend_id = Some(EventId::new("r1").unwrap());
        assert_ne!(id, notification_id(&again, &p1, Channel::Email));
    }

    #[test]
    fn a_reinstatement_is_another_message_once_time_or_gate_have_changed() {
        let passenger = PassengerId::new("P1").unwrap();
        let id = |as_of: &[&str]| {
            let departure = "2026-11-22T21:10:00Z".parse().unwrap();
            let version =
                |event: &&str| FacetVersion::new(departure, EventId::new(*event).unwrap());
            let as_of = as_of.iter().map(version).collect();
            let (arrival, gate) = (departure, Some("B7".to_owned()));
            let subject =
                Subject::Reinstatement { delay_minutes: 0, departure, arrival, gate, as_of };
            let notice = Notice { facet: Facet::Status, subject, ..notice("e1") };
            notification_id(&notice, &passenger, Channel::Sms)
        };
        assert_eq!(id(&["e2", "e3"]), id(&["e2", "e3"]));
        // There and back again: who has read the first has read something else since.
        let all = [id(&[]), id(&["e2"]), id(&["e2", "e3"]), id(&["e4", "e3"])];
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
    }
}
