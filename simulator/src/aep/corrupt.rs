//! What goes wrong on purpose: events that nobody can read, and requests that nobody may believe.

use super::sign::Scheme;
use serde_json::{Value, json};

/// What is wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    NoPnr,
    NegativePrice,
    UnknownCurrency,
    ImpossibleDate,
}

impl Flaw {
    /// All that there are.
    pub(super) const ALL: [Self; 4] =
        [Self::NoPnr, Self::NegativePrice, Self::UnknownCurrency, Self::ImpossibleDate];

    /// Spoils a purchase, as it is before any name is prefixed.
    pub(super) fn spoil(self, event: &mut Value) {
        let (place, value) = match self {
            Self::NoPnr => ("/_tlpairways/booking/pnr", Value::Null),
            Self::NegativePrice => ("/productListItems/0/priceTotal", json!(-1)),
            Self::UnknownCurrency => ("/commerce/order/currencyCode", json!("RUPEES")),
            Self::ImpossibleDate => {
                ("/productListItems/0/_tlpairways/departureDate", json!("2026-02-30"))
            }
        };
        if let Some(spoilt) = event.pointer_mut(place) {
            *spoilt = value;
        }
    }

    /// What the reason of its dead letter has in it.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::NoPnr => "pnr",
            Self::NegativePrice => "priceTotal",
            Self::UnknownCurrency => "currencyCode",
            Self::ImpossibleDate => "departureDate",
        }
    }
}

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Forgery {
    /// It is signed with what is no secret of anybody's.
    Forged,
    /// The end of its body is gone.
    Truncated,
    /// Its body says the same in other bytes.
    ReEncoded,
    /// It was signed six minutes ago.
    Expired,
}

impl Forgery {
    /// Those that a scheme must notice. A token signs nothing, and only our own signature has a time.
    pub(super) fn of(scheme: Scheme) -> &'static [Self] {
        match scheme {
            Scheme::Flightpulse => &[Self::Forged, Self::Truncated, Self::ReEncoded, Self::Expired],
            Scheme::AdobeIo | Scheme::AdobeIoLegacy => {
                &[Self::Forged, Self::Truncated, Self::ReEncoded]
            }
            Scheme::Bearer => &[Self::Forged],
        }
    }

    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Forged => "forged",
            Self::Truncated => "truncated",
            Self::ReEncoded => "re-encoded",
            Self::Expired => "expired",
        }
    }

    /// The body that arrives of one that was signed.
    pub(super) fn changed(self, body: &[u8]) -> Vec<u8> {
        match self {
            Self::Truncated => body[..body.len() - 1].to_vec(),
            Self::ReEncoded => {
                let value: Value = serde_json::from_slice(body).unwrap_or_default();
                serde_json::to_vec_pretty(&value).unwrap_or_default()
            }
            Self::Forged | Self::Expired => body.to_vec(),
        }
    }
}
