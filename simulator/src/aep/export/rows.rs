//! The rows of an export: every event of the plan that it has, in no order, some spoilt. Few of them
//! are in memory at a time.

use crate::aep::bookings::Bookings;
use crate::aep::corrupt::Flaw;
use crate::aep::{delivery, xdm};
use crate::generator::{Dice, Stream};
use crate::stop::Stop;
use serde_json::Value;
use std::ops::Range;

/// Rows among which the next one is thrown: as far as they stray.
const WINDOW: usize = 256;

/// A row.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    pub(super) value: Value,
    /// What is wrong with it, and its id; none where nothing is.
    pub(super) spoilt: Option<(String, Flaw)>,
}

/// All rows of an export, part by part.
pub(super) struct Rows<'a> {
    bookings: &'a Bookings,
    /// For a hundred rows, so many more that are spoilt.
    spoilt: u32,
    /// All bookings of a part so many times, one round after the other: repeats are far apart.
    repeat: u32,
    dice: Dice,
    part: Range<u32>,
    round: u32,
    numbers: Range<u32>,
    window: Vec<Row>,
    spoilt_so_far: u32,
    gaps: u64,
}

impl<'a> Rows<'a> {
    /// The rows of the bookings.
    pub(super) fn of(bookings: &'a Bookings, spoilt: u32, repeat: u32) -> Self {
        let dice = Dice::of(bookings.seed, Stream::Rows, 0);
        Self {
            bookings,
            spoilt,
            repeat,
            dice,
            part: 0..0,
            round: 0,
            numbers: 0..0,
            window: Vec::with_capacity(WINDOW),
            spoilt_so_far: 0,
            gaps: 0,
        }
    }

    /// Begins with a part: that of these bookings. A booking is in one part, so that what is found of
    /// it is found by one run.
    pub(super) fn begin(&mut self, numbers: Range<u32>) {
        self.numbers = numbers.clone();
        self.part = numbers;
        self.round = 1;
    }

    /// The next row of the part; none after the last.
    pub(super) fn next(&mut self) -> Result<Option<Row>, Stop> {
        while self.window.len() < WINDOW {
            match self.numbers.next() {
                Some(number) => self.book(number)?,
                None if self.round < self.repeat => {
                    self.round += 1;
                    self.numbers = self.part.clone();
                }
                None => break,
            }
        }
        if self.window.is_empty() {
            return Ok(None);
        }
        let at = self.dice.below(self.window.len());
        Ok(Some(self.window.swap_remove(at)))
    }

    /// Events that were left out so far.
    pub(super) fn gaps(&self) -> u64 {
        self.gaps
    }

    fn book(&mut self, number: u32) -> Result<(), Stop> {
        let booking = self.bookings.booking(number)?;
        if self.round == 1 {
            self.gaps += u64::from(booking.left_out);
        }
        for event in &booking.events {
            let value = xdm::event(self.bookings, &booking, event, false);
            self.window.push(Row { value, spoilt: None });
            if self.dice.percent(self.spoilt) {
                self.spoil()?;
            }
        }
        Ok(())
    }

    /// Adds a row that nobody can read, of a booking that is nobody's.
    fn spoil(&mut self) -> Result<(), Stop> {
        let nth = self.spoilt_so_far;
        self.spoilt_so_far += 1;
        let flaw = Flaw::ALL[nth as usize % Flaw::ALL.len()];
        let booking = self.bookings.booking(self.bookings.count + nth)?;
        let id = format!("aep-{}-unreadable-{nth}", self.bookings.run.id());
        let value = delivery::purchase(self.bookings, &booking, &id, Some(flaw), false);
        self.window.push(Row { value, spoilt: Some((id, flaw)) });
        Ok(())
    }
}
