//! The bookings of `aep send` and `aep export`: made by the seed, each as it is asked for, so that a
//! hundred thousand need no memory and any of them can be made again when its record is looked at.

mod plan;
mod story;

pub(super) use plan::Sent;

use super::market::{self, Sold};
use crate::generator::{Dice, Stream};
use crate::stop::Stop;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::money::Currency;
use flightpulse_domain::reservation::{Cabin, Feed};
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
    /// The day that flights leave on.
    pub(super) date: Date,
    /// When all had happened that happens to them.
    pub(super) as_of: Timestamp,
    began: Timestamp,
    /// Of a hundred events, so many the stream loses; none where that is not known.
    pub(super) lost: Option<u32>,
    /// Of a hundred events, so many an export lacks.
    gaps: u32,
    way: Way,
}

/// The way that events come, which decides what they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Those that the stream brings.
    Stream,
    /// Those that are in an export.
    Export,
    /// Those that come by one of the two at least.
    Either,
}

/// A booking, with all that is said of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Booking {
    pub(super) pnr: Pnr,
    pub(super) name: (&'static str, &'static str),
    /// In the order in which it happens, those that do not come left out.
    pub(super) events: Vec<Event>,
    /// How many do not come.
    pub(super) left_out: u32,
}

/// Something that is said of a booking.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Event {
    /// Its id; none where the sender gives none.
    pub(super) id: Option<String>,
    pub(super) at: Timestamp,
    /// The feed that it comes by; the stream's where it comes by both, for that counts then.
    pub(super) feed: Feed,
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
        let as_of = now - SignedDuration::from_nanos(now.subsec_nanosecond().into());
        let began = as_of - FIRST_BOOKED;
        let (lost, gaps, way) = (Some(0), 0, Way::Stream);
        Ok(Self { run, seed, count, flights, date, as_of, began, lost, gaps, way })
    }

    /// The same bookings where the stream loses and an export lacks so many of a hundred events; of
    /// each those that come by this way. What is lost is decided for each event by itself, so that
    /// it is the same whoever asks.
    pub(super) fn by(&self, way: Way, lost: Option<u32>, gaps: u32) -> Self {
        Self { way, lost, gaps, ..self.clone() }
    }

    /// The booking of this number, from 0 on.
    pub(super) fn booking(&self, number: u32) -> Result<Booking, Stop> {
        let mut dice = Dice::of(self.seed, Stream::Bookings, u64::from(number));
        let mut rest = u128::from(number);
        let pnr = format!("{}{}", self.run.0, letters(&mut rest, NUMBER_LENGTH));
        let pnr = Pnr::new(pnr).map_err(|error| Stop::CannotRun(error.to_string()))?;
        // Not all at one time, and some at the same.
        let at = self.began + SignedDuration::from_secs(i64::from(number % 3_600));
        let mut booking = story::told(self, &mut dice, pnr, at)?;
        // Strangers' are whole: who sends them knows of no loss.
        if number < self.count {
            self.leave_out(number, &mut booking);
        }
        Ok(booking)
    }

    fn leave_out(&self, number: u32, booking: &mut Booking) {
        let all = booking.events.len();
        let mut nth = 0_u64;
        booking.events.retain_mut(|event| {
            let index = (u64::from(number) << 8) | nth;
            nth += 1;
            let thrown = |stream, percent| Dice::of(self.seed, stream, index).percent(percent);
            let lost = thrown(Stream::Losses, self.lost.unwrap_or(0));
            let lacking = thrown(Stream::Gaps, self.gaps);
            if lost {
                event.feed = Feed::Reconciliation;
            }
            match self.way {
                Way::Stream => !lost,
                Way::Export => !lacking,
                Way::Either => !lost || !lacking,
            }
        });
        booking.left_out = (all - booking.events.len()) as u32;
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
