//! The bookings of `aep send`: made by the seed, each as it is asked for, so that a hundred thousand
//! need no memory and any of them can be made again when its record is looked at.

mod story;

use super::market::{self, Sold};
use crate::generator::{Dice, Stream};
use crate::stop::Stop;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::money::Currency;
use flightpulse_domain::reservation::Cabin;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

/// Characters of a record locator.
const DIGITS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
/// Characters of a run's id.
pub(super) const RUN_LENGTH: usize = 5;
/// Characters of a booking's number.
const NUMBER_LENGTH: usize = 5;
/// How long ago the first booking was made: all that happens to bookings has happened by now.
const FIRST_BOOKED: SignedDuration = SignedDuration::from_hours(30);

/// What tells the bookings of one run from those of any other: it begins their record locators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run(String);

/// All bookings of a run.
#[derive(Debug, Clone)]
pub(super) struct Bookings {
    pub(super) run: Run,
    pub(super) seed: u32,
    /// How many there are. Further ones can be made, and are nobody's: they are what strangers send.
    pub(super) count: u32,
    pub(super) flights: Vec<Sold>,
    began: Timestamp,
}

/// A booking, with all that is said of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Booking {
    pub(super) pnr: Pnr,
    pub(super) name: (&'static str, &'static str),
    /// In the order in which it happens.
    pub(super) events: Vec<Event>,
}

/// Something that is said of a booking.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    /// Its id; none where the sender gives none.
    pub(super) id: Option<String>,
    pub(super) at: Timestamp,
    pub(super) order: String,
    pub(super) currency: Currency,
    pub(super) said: Said,
}

/// What is said.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    /// This was bought.
    Bought(Purchase),
    /// This was bought beside, later: with the number of a flight, by its place in the list, or none.
    BoughtBeside(Option<usize>, Extra),
    /// These flights were given up, by their place in the list; all of the order where none is named.
    GaveUp(Vec<usize>),
    /// Money was given back.
    GaveBack(Refund),
}

/// What was bought.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Purchase {
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) legs: Vec<Leg>,
    /// How, and how much in minor units.
    pub(super) payments: Vec<(&'static str, i64)>,
}

/// What was bought on one flight.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Leg {
    /// Its place in the list of flights.
    pub(super) flight: usize,
    /// By cabin, of which there are one or two: how many, and for how much in all.
    pub(super) seats: Vec<(Cabin, u32, i64)>,
    pub(super) extras: Vec<Extra>,
}

/// What was sold beside the seats: so many, for so much in all.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Extra {
    pub(super) kind: &'static str,
    pub(super) count: u32,
    pub(super) units: i64,
}

/// Money given back, in minor units, in the ways in which orders say so.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Refund {
    /// For flights.
    Flights(Vec<(usize, i64)>),
    /// For what was sold beside.
    Extras(i64),
    /// For the order, as its list of refunds.
    Listed(Vec<i64>),
    /// For the order, as its total.
    Total(i64),
}

impl Run {
    /// One that was not there before.
    pub(super) fn fresh() -> Self {
        let mut number = uuid::Uuid::new_v4().as_u128();
        Self(letters(&mut number, RUN_LENGTH))
    }

    /// Its id.
    pub(super) fn id(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for Run {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = text.len() == RUN_LENGTH && text.bytes().all(|byte| DIGITS.contains(&byte));
        fits.then(|| Self(text.to_owned())).ok_or_else(|| {
            format!("it is {RUN_LENGTH} of the characters {}", String::from_utf8_lossy(DIGITS))
        })
    }
}

fn letters(number: &mut u128, length: usize) -> String {
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        text.push(char::from(DIGITS[(*number % 32) as usize]));
        *number /= 32;
    }
    text
}

impl Leg {
    /// What its seats cost, in minor units.
    pub(super) fn price(&self) -> i64 {
        self.seats.iter().map(|(.., units)| units).sum()
    }

    /// What was sold beside them for, in minor units.
    pub(super) fn beside(&self) -> i64 {
        self.extras.iter().map(|extra| extra.units).sum()
    }

    /// How many fly.
    pub(super) fn party(&self) -> u32 {
        self.seats.iter().map(|(_, count, _)| count).sum()
    }
}

impl Bookings {
    /// The bookings of a run that begins now.
    pub(super) fn plan(
        run: Run,
        seed: u32,
        count: u32,
        flights: u32,
        date: Date,
        now: Timestamp,
    ) -> Result<Self, Stop> {
        let flights = market::flights(flights, date)?;
        // At a whole second, as most senders say it.
        let began = now - FIRST_BOOKED - SignedDuration::from_nanos(now.subsec_nanosecond().into());
        Ok(Self { run, seed, count, flights, began })
    }

    /// The booking of this number, from 0 on.
    pub(super) fn booking(&self, number: u32) -> Result<Booking, Stop> {
        let mut dice = Dice::of(self.seed, Stream::Bookings, u64::from(number));
        let mut rest = u128::from(number);
        let pnr = format!("{}{}", self.run.0, letters(&mut rest, NUMBER_LENGTH));
        let pnr = Pnr::new(pnr).map_err(|error| Stop::CannotRun(error.to_string()))?;
        // Not all at one time, and some at the same.
        let at = self.began + SignedDuration::from_secs(i64::from(number % 3_600));
        story::told(self, &mut dice, pnr, at)
    }

    /// The number of the booking with this record locator; none when it is of another run.
    pub(super) fn number_of(&self, pnr: &Pnr) -> Option<u32> {
        let text = pnr.as_str().strip_prefix(&self.run.0)?;
        let mut number = 0_u32;
        for byte in text.bytes().rev() {
            let digit = DIGITS.iter().position(|one| *one == byte)?;
            number = number.checked_mul(32)?.checked_add(u32::try_from(digit).ok()?)?;
        }
        (text.len() == NUMBER_LENGTH).then_some(number)
    }
}
