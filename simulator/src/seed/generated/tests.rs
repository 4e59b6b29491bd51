use super::*;
use flightpulse_store::memory::MemoryStore;
use flightpulse_store::{BookingReader, FlightReader};

const FLIGHTS: u32 = 12;
const PASSENGERS: u32 = 700;

fn network() -> Network {
    let date = "2026-11-21".parse().unwrap();
    Network::plan(Spec { seed: 3, flights: FLIGHTS, passengers: PASSENGERS, date }).unwrap()
}

fn writing<'a>(store: &'a MemoryStore, network: &'a Network) -> Writing<'a, MemoryStore> {
    let interrupt = Interrupt::listen();
    Writing { store, network, interrupt, pause: Duration::from_millis(1) }
}

fn seeding(written: u32) -> Seeding {
    Seeding {
        seed: 3,
        flights: FLIGHTS,
        passengers: PASSENGERS,
        date: "2026-11-21".parse().unwrap(),
        written,
        at: Timestamp::UNIX_EPOCH,
    }
}

/// Every flight has its bookings, every booking its passenger.
async fn is_whole(store: &MemoryStore, network: &Network) {
    let mut bookings = 0;
    for leg in &network.legs {
        let flight = store.flight(&leg.flight_id).await.unwrap().unwrap();
        let page = store.bookings_of_flight(&leg.flight_id, None, 500).await.unwrap();
        assert_eq!(page.bookings.len() as u32, flight.booked_passengers);
        let records = store.booking_records(&page.bookings).await.unwrap();
        assert!(records.iter().all(|one| one.booking.is_some() && one.passenger.is_some()));
        bookings += page.bookings.len() as u64;
    }
    assert_eq!(bookings, network.bookings());
}

#[tokio::test]
async fn all_of_a_network_is_written_and_noted() {
    let (store, network) = (MemoryStore::default(), network());
    let writing = writing(&store, &network);
    writing.write(seeding(0), 4).await.unwrap();
    is_whole(&store, &network).await;
    let noted = store.seedings().await.unwrap();
    assert!(matches!(&noted[..], [one] if one.is_done()), "{noted:?}");
}

#[tokio::test]
async fn what_was_begun_is_gone_on_with_wherever_it_stopped() {
    let network = network();
    for stopped in [0, 1, FLIGHTS - 1, FLIGHTS, FLIGHTS + 1, 333, FLIGHTS + PASSENGERS - 1] {
        let store = MemoryStore::default();
        // What a run that was killed has written: all up to the note, and some batches after it.
        let all: Vec<_> = batches(&network, 0).map(|batch| batch.unwrap()).collect();
        for (until, records) in &all {
            if *until <= stopped + 3 * RECORDS {
                store.put_records(records).await.unwrap();
            }
        }
        let writing = writing(&store, &network);
        writing.write(seeding(stopped), 3).await.unwrap();
        is_whole(&store, &network).await;
    }
}

#[test]
fn batches_go_on_from_any_record() {
    let network = network();
    let flat = |from: u32| -> Vec<Record> {
        batches(&network, from).flat_map(|batch| batch.unwrap().1).collect()
    };
    let all = flat(0);
    let is_counted = |record: &&Record| !matches!(record, Record::Booking(_));
    assert_eq!(all.iter().filter(is_counted).count() as u32, FLIGHTS + PASSENGERS);
    for from in [1, FLIGHTS, FLIGHTS + 7, 400] {
        let rest = flat(from);
        assert_eq!(rest[..], all[all.len() - rest.len()..]);
        let counted = rest.iter().filter(is_counted).count() as u32;
        assert_eq!(counted, FLIGHTS + PASSENGERS - from);
    }
    let last = batches(&network, 0).last().unwrap().unwrap().0;
    assert_eq!(last, FLIGHTS + PASSENGERS);
}

#[tokio::test]
async fn a_table_that_is_away_ends_it_with_what_to_do() {
    let (store, network) = (MemoryStore::default(), network());
    let writing = writing(&store, &network);
    store.put_records(&[]).await.unwrap();
    store.fail_with(Some("away"));
    let error = writing.put(batches(&network, 0).next().unwrap()).await.unwrap_err();
    assert!(error.to_string().contains("away"), "{error:#}");
}
