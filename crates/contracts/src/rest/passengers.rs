//! Passengers as clients see them.

use flightpulse_domain::ids::PassengerId;
use flightpulse_domain::passenger::{Language, Passenger, Tier};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A passenger. What is not on file is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Passenger")]
pub struct PassengerView {
    /// The passenger.
    pub passenger_id: PassengerId,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
    /// Email address.
    pub email: Option<String>,
    /// Phone number in E.164 form.
    pub phone: Option<String>,
    /// Number in the loyalty programme.
    pub rapid_rewards_number: Option<String>,
    /// Loyalty tier.
    pub tier: Tier,
    /// How the passenger wants to be told.
    pub notification_preferences: PreferencesView,
    /// The language that the passenger reads.
    pub language: Language,
}

/// The channels by which a passenger wants to be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "NotificationPreferences")]
pub struct PreferencesView {
    /// By email.
    pub email: bool,
    /// By text message.
    pub sms: bool,
    /// By push message; kept, and not sent yet.
    pub push: bool,
}

impl From<Passenger> for PassengerView {
    fn from(passenger: Passenger) -> Self {
        let wants = passenger.notification_preferences;
        Self {
            passenger_id: passenger.passenger_id,
            first_name: passenger.first_name,
            last_name: passenger.last_name,
            email: passenger.email,
            phone: passenger.phone,
            rapid_rewards_number: passenger.rapid_rewards_number,
            tier: passenger.tier,
            notification_preferences: PreferencesView {
                email: wants.email,
                sms: wants.sms,
                push: wants.push,
            },
            language: passenger.language,
        }
    }
}
