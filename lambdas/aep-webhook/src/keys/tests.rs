use super::*;
use flightpulse_key_host::memory::MemoryKeyHost;

const KEY_1: &[u8] = include_bytes!("../../../../crates/authenticity/testdata/test-key-1.pem");
const KEY_2: &[u8] = include_bytes!("../../../../crates/authenticity/testdata/test-key-2.pem");

fn parts() -> (KnownKeys<MemoryKeyHost>, MemoryKeyHost) {
    let host = MemoryKeyHost::default();
    host.set("/k1.pem", Some(KEY_1));
    host.set("/k2.pem", Some(KEY_2));
    (KnownKeys::new(host.clone()), host)
}

fn path(text: &str) -> KeyPath {
    KeyPath::new(text).unwrap()
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_795_255_200 + second).unwrap()
}

const DAY: i64 = 86_400;

#[tokio::test]
async fn a_key_is_fetched_once_a_day() {
    let (keys, host) = parts();
    let one = keys.key(&path("/k1.pem"), at(0)).await.unwrap();
    for second in [1, DAY - 1, DAY] {
        assert_eq!(keys.key(&path("/k1.pem"), at(second)).await.unwrap(), one);
    }
    assert_eq!(host.asked(), ["/k1.pem"]);
    // What is another key by then is known to be.
    host.set("/k1.pem", Some(KEY_2));
    let two = keys.key(&path("/k1.pem"), at(DAY + 1)).await.unwrap();
    assert_eq!((two, host.asked().len()), (Arc::new(PublicKey::from_pem(KEY_2).unwrap()), 2));
}

#[tokio::test]
async fn an_older_key_serves_while_the_host_is_away() {
    let (keys, host) = parts();
    let known = keys.key(&path("/k1.pem"), at(0)).await.unwrap();
    host.away(true);
    assert_eq!(keys.key(&path("/k1.pem"), at(3 * DAY)).await, Ok(known.clone()));
    let none = keys.key(&path("/k2.pem"), at(3 * DAY)).await;
    assert!(matches!(none, Err(NoKey::Unavailable(_))));
    host.away(false);
    assert!(keys.key(&path("/k2.pem"), at(3 * DAY)).await.is_ok());
    // It was not taken for a new one meanwhile.
    let before = host.asked().len();
    assert_eq!(keys.key(&path("/k1.pem"), at(3 * DAY)).await, Ok(known));
    assert_eq!(host.asked().len(), before + 1);
}

#[tokio::test]
async fn a_key_that_was_withdrawn_is_none() {
    let (keys, host) = parts();
    keys.key(&path("/k1.pem"), at(0)).await.unwrap();
    host.set("/k1.pem", None);
    assert_eq!(keys.key(&path("/k1.pem"), at(DAY + 1)).await, Err(NoKey::NotThere));
    // Nor does it come back when the host is away.
    host.away(true);
    let none = keys.key(&path("/k1.pem"), at(DAY + 2)).await;
    assert!(matches!(none, Err(NoKey::Unavailable(_))));
}

#[tokio::test]
async fn what_is_no_key_is_not_kept() {
    let (keys, host) = parts();
    host.set("/page.html", Some(b"<html></html>"));
    assert_eq!(keys.key(&path("/page.html"), at(0)).await, Err(NoKey::NotThere));
    keys.key(&path("/k1.pem"), at(0)).await.unwrap();
    host.set("/k1.pem", Some(b"<html></html>"));
    // An odd answer in place of a known key withdraws nothing.
    assert!(keys.key(&path("/k1.pem"), at(DAY + 1)).await.is_ok());
}

#[tokio::test]
async fn whoever_names_paths_at_will_is_stopped_and_known_keys_serve() {
    let (keys, host) = parts();
    keys.key(&path("/k1.pem"), at(0)).await.unwrap();
    for n in 0..50 {
        let none = keys.key(&path(&format!("/made-up-{n}")), at(n / 10)).await;
        // The first nine are asked for; what the others are is not known.
        assert_eq!(none == Err(NoKey::NotThere), n < 9, "{n}");
    }
    assert_eq!(host.asked().len(), MAX_FETCHES);
    assert!(keys.key(&path("/k1.pem"), at(10)).await.is_ok());
    let unknown = keys.key(&path("/k2.pem"), at(10)).await;
    assert!(matches!(unknown, Err(NoKey::Unavailable(_))));
    assert!(keys.key(&path("/k2.pem"), at(61)).await.is_ok());
}

#[tokio::test]
async fn no_more_keys_are_kept_than_are_needed() {
    let (keys, host) = parts();
    for n in 0..20 {
        let name = format!("/k-{n}.pem");
        host.set(&name, Some(KEY_1));
        keys.key(&path(&name), at(n * 60)).await.unwrap();
    }
    assert_eq!(keys.state.lock().await.keys.len(), MAX_KEYS);
    // The newest are there, the oldest went.
    keys.key(&path("/k-19.pem"), at(1_300)).await.unwrap();
    assert_eq!(host.asked().len(), 20);
    keys.key(&path("/k-0.pem"), at(1_300)).await.unwrap();
    assert_eq!(host.asked().len(), 21);
}
