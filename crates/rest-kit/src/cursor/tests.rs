use super::*;
use proptest::prelude::*;

fn key() -> CursorKey {
    CursorKey::new(&[7; 64]).unwrap()
}

proptest! {
    #[test]
    fn a_cursor_gives_back_its_position(position in "\\PC{1,80}", part in "\\PC{0,40}") {
        let scope = Scope::new("listFlights").and(&part);
        prop_assert_eq!(key().open(&scope, &key().seal(&scope, &position)), Ok(position));
    }

    #[test]
    fn any_flipped_bit_is_refused(position in "[ -~]{1,80}", at in any::<prop::sample::Index>(), bit in 0..8u8) {
        let scope = Scope::new("listFlights").and("DELAYED");
        let mut bytes = URL_SAFE_NO_PAD.decode(key().seal(&scope, &position)).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        prop_assert_eq!(key().open(&scope, &URL_SAFE_NO_PAD.encode(bytes)), Err(Forged));
    }

    #[test]
    fn any_changed_character_is_refused(position in "[ -~]{1,80}", at in any::<prop::sample::Index>(), to in "[ -~]") {
        let scope = Scope::new("listFlights").and("DELAYED");
        let cursor = key().seal(&scope, &position);
        let at = at.index(cursor.len());
        let mut changed = cursor.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != cursor);
        prop_assert_eq!(key().open(&scope, &changed), Err(Forged));
    }

    #[test]
    fn a_cursor_of_another_query_is_refused(one in "[A-Z#]{0,4}", two in "[A-Z#]{0,4}", three in "[A-Z#]{0,4}", four in "[A-Z#]{0,4}") {
        let (own, other) = (Scope::new("listX").and(&one).and(&two), Scope::new("listX").and(&three).and(&four));
        let cursor = key().seal(&own, "B001");
        prop_assert_eq!(key().open(&other, &cursor).is_ok(), own == other);
        prop_assert_eq!(own == other, (one, two) == (three, four));
    }

    #[test]
    fn whatever_is_sent_is_refused_and_harmless(cursor in "\\PC{0,600}") {
        prop_assert_eq!(key().open(&Scope::new("listFlights"), &cursor), Err(Forged));
    }
}

#[test]
fn what_is_cut_short_or_made_longer_is_refused() {
    let scope = Scope::new("listFlights");
    let cursor = key().seal(&scope, "B001");
    for end in 0..cursor.len() {
        assert_eq!(key().open(&scope, &cursor[..end]), Err(Forged));
    }
    for more in ["A", "=", "AA", "AAAA", " "] {
        assert_eq!(key().open(&scope, &format!("{cursor}{more}")), Err(Forged));
    }
}

#[test]
fn another_key_makes_another_cursor() {
    let (scope, other) = (Scope::new("listFlights"), CursorKey::new(&[8; 64]).unwrap());
    assert_eq!(other.open(&scope, &key().seal(&scope, "B001")), Err(Forged));
}

#[test]
fn a_short_key_is_refused() {
    assert!(CursorKey::new(&[7; 31]).is_err() && CursorKey::new(&[7; 32]).is_ok());
}

// The form is a promise to clients that keep a cursor over a deployment.
#[test]
fn a_cursor_looks_like_this() {
    let scope = Scope::new("listFlightBookings").and("SW5678");
    insta::assert_snapshot!(key().seal(&scope, "B001"));
}
