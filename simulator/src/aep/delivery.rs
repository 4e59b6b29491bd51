//! Events on their way: in the order in which they arrive, some late, some twice, some spoilt; and
//! the requests that they come in.

use super::bookings::{Booking, Bookings, Said};
use super::corrupt::Flaw;
use super::sign::Signer;
use super::xdm;
use crate::generator::{Dice, Stream};
use crate::stop::Stop;
use flightpulse_domain::ids::Pnr;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// How events go astray, each in percent of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Astray {
    pub(crate) duplicates: u32,
    pub(crate) out_of_order: u32,
    pub(crate) corrupt: u32,
}

/// How many events were sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// All, repeats and spoilt ones too.
    pub(crate) events: u64,
    /// Those that came a second time.
    pub(crate) duplicates: u64,
    /// Those that came late, after others that happened later.
    pub(crate) out_of_order: u64,
    /// Those that nobody can read.
    pub(crate) corrupt: u64,
    /// Those that never came; they are in no other number.
    pub(crate) lost: u64,
}

/// A request that is to be sent.
pub(super) struct Batch {
    pub(super) body: Vec<u8>,
    /// The number of the first booking that is not in it nor in any before it.
    pub(super) bookings: u32,
    /// Bookings of which all is said in it, and which are waited for.
    pub(super) samples: Vec<Pnr>,
}

/// An event on its way.
struct OnItsWay {
    value: Value,
    sample: Option<Pnr>,
}

/// All events of a run, as they arrive. Only those that are on their way are in memory.
pub(super) struct Delivery<'a> {
    bookings: &'a Bookings,
    signer: &'a Signer,
    astray: Astray,
    prefixed: bool,
    batch: usize,
    /// Every so many bookings one is waited for.
    stride: u32,
    dice: Dice,
    /// By when they arrive, and by number.
    on_their_way: BTreeMap<(u64, u64), OnItsWay>,
    next: u32,
    numbered: u64,
    counts: Counts,
    /// The spoilt events' ids, with what is wrong with each.
    spoilt: BTreeMap<String, Flaw>,
}

impl<'a> Delivery<'a> {
    /// All events of the bookings, in requests of so many.
    pub(super) fn new(
        bookings: &'a Bookings,
        signer: &'a Signer,
        astray: Astray,
        (batch, stride, prefixed): (usize, u32, bool),
    ) -> Self {
        Self {
            bookings,
            signer,
            astray,
            prefixed,
            batch,
            stride: stride.max(1),
            dice: Dice::of(bookings.seed, Stream::Faults, 0),
            on_their_way: BTreeMap::new(),
            next: 0,
            numbered: 0,
            counts: Counts::default(),
            spoilt: BTreeMap::new(),
        }
    }

    /// What was sent so far.
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    /// The spoilt events so far, each of which must be a dead letter.
    pub(super) fn spoilt(&self) -> &BTreeMap<String, Flaw> {
        &self.spoilt
    }

    /// The next request; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<Batch>, Stop> {
        let (mut values, mut samples) = (Vec::with_capacity(self.batch), Vec::new());
        while values.len() < self.batch {
            let Some(one) = self.arriving()? else { break };
            samples.extend(one.sample);
            values.push(self.signer.wrapped(one.value));
        }
        if values.is_empty() {
            return Ok(None);
        }
        self.counts.events += values.len() as u64;
        Ok(Some(Batch {
            bookings: self.next,
            samples,
            // As Adobe does: one alone is no list.
            body: match values.as_slice() {
                [one] => one.to_string(),
                _ => Value::from(values).to_string(),
            }
            .into_bytes(),
        }))
    }

    fn arriving(&mut self) -> Result<Option<OnItsWay>, Stop> {
        loop {
            let made = self.next >= self.bookings.count;
            let due = self.on_their_way.first_key_value().map(|((place, _), _)| *place);
            // Whatever is made from here on arrives no earlier than the booking itself.
            if made || due.is_some_and(|place| place < u64::from(self.next)) {
                return Ok(self.on_their_way.pop_first().map(|(_, one)| one));
            }
            self.book()?;
        }
    }

    /// Makes the next booking and sends its events on their way.
    fn book(&mut self) -> Result<(), Stop> {
        let number = self.next;
        self.next += 1;
        let booking = self.bookings.booking(number)?;
        let place = u64::from(number);
        self.counts.lost += u64::from(booking.left_out);
        let waited_for = number.is_multiple_of(self.stride) && booking.events.len() == 1;
        for (nth, event) in booking.events.iter().enumerate() {
            let value = xdm::event(self.bookings, &booking, event, self.prefixed);
            let mut place = place + nth as u64 * 2 * self.batch as u64;
            if self.dice.percent(self.astray.out_of_order) {
                self.counts.out_of_order += 1;
                place += self.far(1);
            }
            if self.dice.percent(self.astray.duplicates) {
                self.counts.duplicates += 1;
                let again = place + self.far(0);
                self.send(again, value.clone(), None);
            }
            let sample = (waited_for && nth == 0).then(|| booking.pnr.clone());
            self.send(place, value, sample);
            if self.dice.percent(self.astray.corrupt) {
                self.spoil(place)?;
            }
        }
        Ok(())
    }

    /// So many requests further on, up to four.
    fn far(&mut self, least: i64) -> u64 {
        let batch = self.batch as i64;
        self.dice.between(least * (batch + 1), 4 * batch + 1).unsigned_abs()
    }

    fn send(&mut self, place: u64, value: Value, sample: Option<Pnr>) {
        // Of those of one place, the first stays before its repeat.
        let at = (place, self.numbered);
        self.numbered += 1;
        self.on_their_way.insert(at, OnItsWay { value, sample });
    }

    /// Sends an event that nobody can read, of a booking that is nobody's.
    fn spoil(&mut self, place: u64) -> Result<(), Stop> {
        let nth = self.counts.corrupt;
        self.counts.corrupt += 1;
        let flaw = Flaw::ALL[nth as usize % Flaw::ALL.len()];
        let booking = self.bookings.booking(self.bookings.count + nth as u32)?;
        let id = format!("aep-{}-spoilt-{nth}", self.bookings.run.id());
        let value = purchase(self.bookings, &booking, &id, Some(flaw), self.prefixed);
        self.spoilt.insert(id, flaw);
        self.send(place, value, None);
        Ok(())
    }
}

/// The purchase of a booking under another id, spoilt where that is asked for.
pub(super) fn purchase(
    bookings: &Bookings,
    booking: &Booking,
    id: &str,
    flaw: Option<Flaw>,
    prefixed: bool,
) -> Value {
    let bought = booking.events.iter().find(|event| matches!(event.said, Said::Bought(_)));
    let Some(mut event) = bought.cloned() else { return Value::Null };
    event.id = Some(id.to_owned());
    let mut value = xdm::event(bookings, booking, &event, false);
    if let Some(flaw) = flaw {
        flaw.spoil(&mut value);
    }
    if prefixed { xdm::with_prefixes(value) } else { value }
}
