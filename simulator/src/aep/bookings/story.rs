//! What happens to one booking.

use super::{Booking, Bookings, Event, Extra, Leg, Purchase, Refund, Said};
use crate::aep::market::Market;
use crate::generator::Dice;
use crate::stop::Stop;
use flightpulse_domain::ids::Pnr;
use flightpulse_domain::reservation::{Cabin, Feed};
use jiff::{SignedDuration, Timestamp};

/// What happens after a booking was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Story {
    Nothing,
    /// It is bought again, for more or in another cabin.
    BoughtAgain,
    Refunded,
    GivenUp,
    GivenUpAndRefunded,
    /// One flight of it is.
    LegGivenUp,
    /// It is given up, and bought anew under another order.
    GivenUpAndBoughtAnew,
    /// Something is bought beside, under another order; some of it is given back.
    BoughtBeside,
    /// What was sold beside is given back, where there was something.
    ExtrasRefunded,
}

/// By their share.
const STORIES: [(Story, u32); 9] = [
    (Story::Nothing, 66),
    (Story::BoughtAgain, 9),
    (Story::Refunded, 7),
    (Story::GivenUp, 5),
    (Story::GivenUpAndRefunded, 3),
    (Story::LegGivenUp, 3),
    (Story::GivenUpAndBoughtAnew, 2),
    (Story::BoughtBeside, 3),
    (Story::ExtrasRefunded, 2),
];
/// How many fly together.
const PARTIES: [(u32, u32); 9] =
    [(1, 48), (2, 28), (3, 8), (4, 8), (5, 3), (6, 2), (7, 1), (8, 1), (9, 1)];
/// Cabins, and what their seats cost by those in economy.
const CABINS: [((Cabin, i64), u32); 4] = [
    ((Cabin::Economy, 1), 78),
    ((Cabin::PremiumEconomy, 2), 9),
    ((Cabin::Business, 4), 10),
    ((Cabin::First, 7), 3),
];
/// What is sold beside seats, and its price by that of the cheapest seat, in hundredths.
const EXTRAS: [(&str, i64); 5] =
    [("extra_bag", 40), ("seat_selection", 12), ("meal", 9), ("lounge", 60), ("priority", 20)];
const METHODS: [&str; 5] = ["credit_card", "debit_card", "upi", "wallet", "gift_card"];
const NAMES: [(&str, &str); 8] = [
    ("Aarav", "Sharma"),
    ("Meera", "Iyer"),
    ("Jonas", "Weber"),
    ("Chloé", "Martin"),
    ("Haruto", "Sato"),
    ("Olivia", "Brown"),
    ("Diego", "Núñez"),
    ("Zoë", "O'Neill"),
];

/// Of a hundred bookings: how many have an email, a phone, a way back, seats in two cabins, free
/// seats, and events whose sender gives no id.
const WITH_EMAIL: u32 = 85;
const WITH_PHONE: u32 = 15;
const RETURN: u32 = 40;
const TWO_CABINS: u32 = 8;
const FREE: u32 = 1;
const WITHOUT_ID: u32 = 5;

/// The events of one booking, as they are thrown.
struct Teller<'a> {
    bookings: &'a Bookings,
    dice: &'a mut Dice,
    pnr: Pnr,
    market: &'static Market,
    at: Timestamp,
    order: String,
    events: Vec<Event>,
}

/// The booking as the dice have it.
pub(super) fn told(
    bookings: &Bookings,
    dice: &mut Dice,
    pnr: Pnr,
    at: Timestamp,
) -> Result<Booking, Stop> {
    let flights = bookings.flights.len();
    let there = dice.below(flights);
    let market = bookings.flights[there].market;
    let mut legs = vec![there];
    // The way back stands after the way there.
    if there.is_multiple_of(2) && there + 1 < flights && dice.percent(RETURN) {
        legs.push(there + 1);
    }
    let name = *dice.pick(&NAMES);
    let order = format!("ORD-{pnr}");
    let mut teller = Teller { bookings, dice, pnr, market, at, order, events: Vec::new() };
    let first = teller.purchase(&legs, 0);
    let free = first.legs.iter().all(|leg| leg.price() == 0);
    teller.say(Said::Bought(first.clone()))?;
    let story = if free { Story::Nothing } else { teller.dice.weighted(&STORIES) };
    teller.go_on(story, &first)?;
    Ok(Booking { pnr: teller.pnr, name, events: teller.events, left_out: 0 })
}

impl Teller<'_> {
    fn say(&mut self, said: Said) -> Result<(), Stop> {
        let id = format!("aep-{}-{}", self.pnr, self.events.len());
        let id = (!self.dice.percent(WITHOUT_ID)).then_some(id);
        let (at, order) = (self.at, self.order.clone());
        let (currency, feed) = (self.market.currency()?, Feed::Streaming);
        self.events.push(Event { id, at, feed, order, currency, said });
        // Whatever comes next comes later, and so is the newer one wherever it arrives.
        self.at += SignedDuration::from_millis(self.dice.between(1_000, 7_200_000));
        Ok(())
    }

    fn go_on(&mut self, story: Story, first: &Purchase) -> Result<(), Stop> {
        let legs: Vec<_> = first.legs.iter().map(|leg| leg.flight).collect();
        match story {
            Story::Nothing => Ok(()),
            Story::BoughtAgain => {
                let again = self.purchase(&legs, 1);
                self.say(Said::Bought(again))
            }
            Story::Refunded => self.give_back(first),
            Story::GivenUp => self.say(Said::GaveUp(Vec::new())),
            Story::GivenUpAndRefunded => {
                self.say(Said::GaveUp(Vec::new()))?;
                self.give_back(first)
            }
            Story::LegGivenUp => {
                let leg = *self.dice.pick(&legs);
                self.say(Said::GaveUp(vec![leg]))
            }
            Story::GivenUpAndBoughtAnew => {
                self.say(Said::GaveUp(Vec::new()))?;
                self.order.push_str("-B");
                let anew = self.purchase(&legs, 1);
                self.say(Said::Bought(anew))
            }
            Story::BoughtBeside => {
                self.order.push_str("-X");
                let flight = *self.dice.pick(&legs);
                let number = self.dice.percent(60).then_some(flight);
                let extra = self.extra(0, first.legs.first().map_or(1, Leg::party));
                let paid = extra.units;
                self.say(Said::BoughtBeside(number, extra))?;
                if self.dice.percent(40) {
                    let units = self.dice.between(1, paid);
                    self.say(Said::GaveBack(Refund::Extras(units)))?;
                }
                Ok(())
            }
            Story::ExtrasRefunded => match first.legs.iter().map(Leg::beside).sum() {
                0 => Ok(()),
                paid => {
                    let units = self.dice.between(1, paid);
                    self.say(Said::GaveBack(Refund::Extras(units)))
                }
            },
        }
    }

    fn give_back(&mut self, bought: &Purchase) -> Result<(), Stop> {
        let paid: i64 = bought.legs.iter().map(Leg::price).sum();
        let refund = match self.dice.below(3) {
            0 => {
                let leg = self.dice.pick(&bought.legs);
                Refund::Flights(vec![(leg.flight, self.dice.between(1, leg.price().max(1)))])
            }
            1 => {
                let first = self.dice.between(1, paid);
                let rest = paid - first;
                Refund::Listed([first, rest / 2].into_iter().filter(|units| *units > 0).collect())
            }
            _ => Refund::Total(self.dice.between(1, paid)),
        };
        self.say(Said::GaveBack(refund))
    }

    fn purchase(&mut self, legs: &[usize], nth: usize) -> Purchase {
        let party = self.dice.weighted(&PARTIES);
        let free = self.dice.percent(FREE);
        let legs: Vec<_> = legs.iter().map(|flight| self.leg(*flight, party, free)).collect();
        let paid = legs.iter().map(|leg| leg.price() + leg.beside()).sum::<i64>();
        let first = if self.dice.percent(10) { paid / 3 } else { paid };
        let amounts = [first, paid - first].into_iter().filter(|units| *units > 0);
        let payments = amounts.map(|units| (*self.dice.pick(&METHODS), units)).collect();
        let (pnr, bookings) = (self.pnr.as_str().to_ascii_lowercase(), self.bookings);
        let email = format!("party-{pnr}-{nth}@example.com");
        let email = self.dice.percent(WITH_EMAIL).then_some(email);
        let phone = format!("+1303555{:04}", 100 + bookings.seed % 100);
        let phone = self.dice.percent(WITH_PHONE).then_some(phone);
        Purchase { email, phone, legs, payments }
    }

    fn leg(&mut self, flight: usize, party: u32, free: bool) -> Leg {
        let (cabin, times) = self.dice.weighted(&CABINS);
        let fare = if free { 0 } else { self.fare() };
        let mut seats = vec![(cabin, party, fare * times * i64::from(party))];
        if party > 1 && cabin != Cabin::First && self.dice.percent(TWO_CABINS) {
            let better = self.dice.between(1, i64::from(party) - 1) as u32;
            let worse = party - better;
            seats = vec![
                (Cabin::First, better, fare * 7 * i64::from(better)),
                (cabin, worse, fare * times * i64::from(worse)),
            ];
        }
        Leg { flight, seats, extras: self.extras(party) }
    }

    /// A seat in economy.
    fn fare(&mut self) -> i64 {
        let (cheapest, dearest) = self.market.fares;
        let step = self.market.step;
        self.dice.between(cheapest / step, dearest / step) * step
    }

    fn extras(&mut self, party: u32) -> Vec<Extra> {
        let count = self.dice.weighted(&[(0, 55), (1, 30), (2, 15)]);
        let from = self.dice.below(EXTRAS.len());
        (0..count).map(|nth| self.extra(from + nth, party)).collect()
    }

    fn extra(&mut self, kind: usize, party: u32) -> Extra {
        let (kind, hundredths) = EXTRAS[kind % EXTRAS.len()];
        let count = self.dice.between(1, i64::from(party)) as u32;
        let units = self.market.fares.0 * hundredths / 100 * i64::from(count);
        Extra { kind, count, units }
    }
}
