//! The people of an itinerary: parties who booked together, how they are told, and in what language.

mod names;

use super::dice::{Dice, Stream};
use super::{Impossible, Itinerary, Leg, Network, Spec, Traveller};
use flightpulse_domain::airport;
use flightpulse_domain::booking::{Booking, BookingStatus};
use flightpulse_domain::ids::{BookingId, PassengerId, Pnr};
use flightpulse_domain::passenger::{Language, NotificationPreferences, Passenger, Tier};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// How many book together, by their share.
const PARTIES: [(u32, u32); 6] = [(1, 56), (2, 26), (3, 7), (4, 7), (5, 2), (6, 2)];
const TIERS: [(Tier, u32); 3] = [(Tier::AListPreferred, 4), (Tier::AList, 12), (Tier::Member, 84)];
const FARES: [(&str, u32); 4] =
    [("Business Select", 8), ("Anytime", 17), ("Wanna Get Away Plus", 25), ("Wanna Get Away", 50)];
/// Wishes for email, text messages and the app, by their share: a few want nothing.
const WISHES: [((bool, bool, bool), u32); 6] = [
    ((true, true, false), 38),
    ((true, true, true), 12),
    ((true, false, false), 30),
    ((false, true, false), 12),
    ((false, false, true), 5),
    ((false, false, false), 3),
];
/// Of a hundred travellers, how many ask for something; SSR codes, by their share.
const REQUESTS_PERCENT: u32 = 5;
const REQUESTS: [(&str, u32); 10] = [
    ("WCHR", 30),
    ("WCHS", 10),
    ("MAAS", 12),
    ("VGML", 14),
    ("GFML", 8),
    ("KSML", 6),
    ("INFT", 10),
    ("PETC", 5),
    ("BLND", 3),
    ("DEAF", 2),
];
/// Area codes of the country; what follows is nobody's.
const AREAS: [&str; 8] = ["202", "303", "312", "404", "602", "702", "214", "206"];
/// Letters and digits that nobody takes for one another: 32, so that six of them are 2^30.
const LOCATOR: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

/// The travellers of one itinerary, in the order of their numbers.
pub(super) fn travellers(
    network: &Network,
    itinerary: &Itinerary,
) -> Vec<Result<Traveller, Impossible>> {
    let mut dice = Dice::of(network.spec.seed, Stream::People, u64::from(itinerary.first));
    let mut made = Vec::with_capacity(itinerary.count as usize);
    let mut left = itinerary.count;
    while left > 0 {
        let size = dice.weighted(&PARTIES).min(left);
        let party = Party::new(network, itinerary, itinerary.count - left, &mut dice);
        made.extend((0..size).map(|nth| party.traveller(nth, &mut dice)));
        left -= size;
    }
    made
}

/// People who booked together: one reservation.
struct Party<'a> {
    network: &'a Network,
    itinerary: &'a Itinerary,
    /// The place of its first member in the itinerary.
    place: u32,
    pnr: String,
    last_name: &'static str,
    language: Language,
    fare: &'static str,
    has_seats: bool,
    checked_in: bool,
    /// How long before day 0 it booked.
    booked_before: SignedDuration,
}

impl<'a> Party<'a> {
    fn new(network: &'a Network, itinerary: &'a Itinerary, place: u32, dice: &mut Dice) -> Self {
        let spec = &network.spec;
        let language = language(network, itinerary, dice);
        let checked_in = dice.percent(15);
        Self {
            network,
            itinerary,
            place,
            pnr: locator(spec.seed, itinerary.first + place),
            last_name: *dice.pick::<&'static str>(names::last(language)),
            language,
            fare: dice.weighted(&FARES),
            has_seats: checked_in || dice.percent(85),
            checked_in,
            booked_before: SignedDuration::from_secs(dice.between(3_600, 120 * 86_400)),
        }
    }

    fn traveller(&self, nth: u32, dice: &mut Dice) -> Result<Traveller, Impossible> {
        let number = self.itinerary.first + self.place + nth;
        let spec = &self.network.spec;
        let passenger_id = PassengerId::new(format!("{}-P{number:07}", prefix(spec)))?;
        let (email, sms, push) = dice.weighted(&WISHES);
        let area = dice.pick(&AREAS);
        let passenger = Passenger {
            passenger_id: passenger_id.clone(),
            first_name: (*dice.pick(names::first(self.language))).to_owned(),
            last_name: self.last_name.to_owned(),
            email: (!dice.percent(4)).then(|| format!("generated.{number:07}@example.com")),
            phone: (!dice.percent(6)).then(|| format!("+1{area}55501{:02}", number % 100)),
            rapid_rewards_number: Some(format!("9{number:08}")),
            tier: dice.weighted(&TIERS),
            notification_preferences: NotificationPreferences { email, sms, push },
            language: self.language,
        };
        let requests = dice.percent(REQUESTS_PERCENT).then(|| dice.weighted(&REQUESTS).to_owned());
        let bags = dice.between(0, 2) as u32;
        let (first, second) = self.itinerary.legs;
        let seats = self.itinerary.seats;
        let legs = [Some((first, seats.0)), second.map(|leg| (leg, seats.1))];
        let legs = legs.into_iter().flatten().enumerate();
        let bookings = legs.map(|(nth_leg, (leg, seat))| {
            let leg = &self.network.legs[leg];
            Ok(Booking {
                booking_id: BookingId::new(format!(
                    "{}-B{number:07}-{}",
                    prefix(spec),
                    nth_leg + 1
                ))?,
                passenger_id: passenger_id.clone(),
                flight_id: leg.flight_id.clone(),
                confirmation_number: Pnr::new(self.pnr.clone())?,
                seat: self.has_seats.then(|| seat_on(leg, seat + self.place + nth)),
                fare_class: Some(self.fare.to_owned()),
                booking_status: if self.checked_in {
                    BookingStatus::CheckedIn
                } else {
                    BookingStatus::Confirmed
                },
                checked_in: self.checked_in,
                bags_checked: bags,
                special_requests: requests.clone().into_iter().collect(),
                created_at: day_zero(spec)? - self.booked_before,
                flight_status_version: None,
                rebooking_version: None,
                passenger_count: 1,
            })
        });
        let bookings = bookings.collect::<Result<_, Impossible>>()?;
        Ok(Traveller { passenger, bookings })
    }
}

/// What the ids of a network begin with. Two networks of one seed and date are one network, unless
/// they are of different sizes, which whoever writes them must see to.
fn prefix(spec: &Spec) -> String {
    format!("GEN{}-{}", spec.seed, spec.date.strftime("%Y%m%d"))
}

fn day_zero(spec: &Spec) -> Result<Timestamp, Impossible> {
    Ok(spec.date.to_zoned(TimeZone::UTC)?.timestamp())
}

// Not all flights fill up from the front: each begins somewhere else and goes round.
fn seat_on(leg: &Leg, number: u32) -> String {
    let seats = leg.aircraft.seats;
    let begin = leg.departure.as_second().unsigned_abs() / 300 % u64::from(seats);
    leg.aircraft.seat((number + begin as u32) % seats)
}

/// The record locator of the party whose first member has this number: another for every number,
/// and of neighbours not alike. (An odd factor and a shift lose nothing of 30 bits.)
fn locator(seed: u32, number: u32) -> String {
    const BITS: u64 = (1 << 30) - 1;
    let mut word = (u64::from(number) ^ u64::from(seed).wrapping_mul(0x9e37_79b1)) & BITS;
    for factor in [0x2c1b_3c6d_u64, 0x297a_2d39] {
        word = word.wrapping_mul(factor) & BITS;
        word ^= word >> 15;
    }
    (0..6).rev().map(|at| char::from(LOCATOR[(word >> (5 * at) & 31) as usize])).collect()
}

/// The language of a party: of where they come from or where they go.
fn language(network: &Network, itinerary: &Itinerary, dice: &mut Dice) -> Language {
    use Language::{De, En, Es, Fr};
    let (first, second) = itinerary.legs;
    let ends =
        [(network.legs[first].origin, 60), (network.legs[second.unwrap_or(first)].destination, 40)];
    let home = dice.weighted(&ends);
    let shares = match (airport::country(home).unwrap_or_default(), home) {
        ("MX" | "CO" | "PE" | "ES", _) => [(Es, 82), (En, 16), (Fr, 1), (De, 1)],
        ("PR", _) => [(Es, 65), (En, 35), (Fr, 0), (De, 0)],
        ("FR", _) => [(Fr, 80), (En, 16), (Es, 2), (De, 2)],
        ("DE", _) => [(De, 80), (En, 17), (Es, 1), (Fr, 2)],
        ("CA", "YUL") => [(Fr, 62), (En, 35), (Es, 2), (De, 1)],
        ("US", "MIA" | "SAT" | "LAX" | "SAN" | "ABQ") => [(En, 72), (Es, 26), (Fr, 1), (De, 1)],
        _ => [(En, 88), (Es, 9), (Fr, 2), (De, 1)],
    };
    dice.weighted(&shares)
}
