//! Lists: their pages, their cursors, and what is refused.

use super::*;

async fn delayed(api: &Api<MemoryStore, MemorySecret>, count: i64) {
    for n in 0..count {
        let mut flight = flight(&format!("SW{n:03}"));
        flight.status = FlightStatus::Delayed;
        flight.scheduled_departure += SignedDuration::from_hours(n);
        api.store.put_flight(&flight).await.unwrap();
    }
}

async fn booked(api: &Api<MemoryStore, MemorySecret>, count: usize) {
    for n in 0..count {
        let booking = booking(&format!("B{n:03}"), "P001", "SW5678");
        api.store.put_booking(&booking).await.unwrap();
    }
}

/// The ids on each page, followed to the end.
async fn pages(api: &Api<MemoryStore, MemorySecret>, target: &str, id: &str) -> Vec<Vec<String>> {
    let (mut pages, mut asked) = (Vec::new(), get(target));
    loop {
        let got = ask(api, &asked).await;
        assert_eq!(got.status, 200, "{}", got.text);
        let body = got.body();
        let things = body.as_object().unwrap().values().find_map(Value::as_array).unwrap();
        assert_eq!(body["count"], things.len());
        pages.push(things.iter().map(|one| one[id].as_str().unwrap().to_owned()).collect());
        asked = get(target);
        match body["next"].as_str() {
            Some(next) => asked.query.push(("cursor".to_owned(), next.to_owned())),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn flights_come_in_pages_the_oldest_departure_first() {
    let (api, _) = parts().await;
    delayed(&api, 7).await;
    let found = pages(&api, "/flights?status=DELAYED&limit=3", "flight_id").await;
    let all: Vec<_> = found.concat();
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    assert_eq!(all, (0..7).map(|n| format!("SW{n:03}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn flights_of_a_window_are_those_that_leave_in_it() {
    let (api, _) = parts().await;
    delayed(&api, 7).await;
    // They leave each hour from 21:10 UTC on.
    for (window, expected) in [
        ("departs_from=2026-11-23T01:10:00Z", vec!["SW004", "SW005", "SW006"]),
        ("departs_before=2026-11-22T23:10:00Z", vec!["SW000", "SW001"]),
        (
            "departs_from=2026-11-22T23:10:00Z&departs_before=2026-11-23T02:10:00+01:00",
            vec!["SW002", "SW003"],
        ),
        ("departs_from=2026-11-24T00:00:00Z&departs_before=2026-11-23T00:00:00Z", vec![]),
    ] {
        let target = format!("/flights?status=DELAYED&limit=1&{window}");
        let found = pages(&api, &target, "flight_id").await.concat();
        assert_eq!(found, expected, "{window}");
    }
}

#[rstest]
#[case("/flights/SW5678/bookings")]
#[case("/passengers/P001/bookings")]
#[tokio::test]
async fn bookings_come_in_pages(#[case] path: &str) {
    let (api, _) = parts().await;
    booked(&api, 130).await;
    let found = pages(&api, path, "booking_id").await;
    assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 30]);
    let full = pages(&api, &format!("{path}?limit=100"), "booking_id").await;
    assert_eq!(full.concat(), (0..130).map(|n| format!("B{n:03}")).collect::<Vec<_>>());
}

#[tokio::test]
async fn notifications_come_newest_first() {
    let (api, _) = parts().await;
    for n in 2..=5 {
        let told = claim(&format!("N{n}"), "SW5678", "B001");
        let at = now() + SignedDuration::from_secs(n);
        api.store.mark_sent(&[told], "exec", at).await.unwrap();
    }
    for path in ["/flights/SW5678/notifications", "/bookings/B001/notifications"] {
        let found = pages(&api, &format!("{path}?limit=2"), "notification_id").await;
        assert_eq!(found, [vec!["N5", "N4"], vec!["N3", "N2"], vec!["N1"]]);
    }
}

#[rstest]
#[case("/flights?status=CANCELLED", "flights")]
#[case("/flights/SW1/bookings", "bookings")]
#[case("/passengers/P2/bookings", "bookings")]
#[case("/flights/SW1/notifications", "notifications")]
#[case("/bookings/B2/notifications", "notifications")]
#[tokio::test]
async fn a_list_may_be_empty(#[case] target: &str, #[case] name: &str) {
    let (api, secret) = parts().await;
    api.store.put_flight(&flight("SW1")).await.unwrap();
    api.store.put_passenger(&passenger("P2")).await.unwrap();
    let elsewhere = Booking { ..booking("B2", "P001", "SW9") };
    api.store.put_booking(&elsewhere).await.unwrap();
    let got = ask(&api, &get(target)).await;
    let expected = serde_json::json!({name: [], "count": 0, "next": null});
    assert_eq!((got.status, got.body(), secret.reads()), (200, expected, 0));
}

#[rstest]
#[case(
    "/flights",
    "status must be one of SCHEDULED, BOARDING, DELAYED, CANCELLED, DEPARTED, DIVERTED, ARRIVED."
)]
#[case("/flights?status=delayed", "status must be one of")]
#[case("/flights?status=DELAYED&status=DELAYED", "status must be given once.")]
#[case(
    "/flights?status=DELAYED&departs_from=tomorrow",
    "departs_from must be a time in the form of RFC 3339, as in"
)]
#[case("/flights?status=DELAYED&departs_before=2026-11-22", "departs_before must be a time")]
#[case("/flights?status=DELAYED&limit=101", "limit must be from 1 to 100.")]
#[case(
    "/flights?status=DELAYED&offset=5",
    "offset is no parameter here: this takes status, departs_from, departs_before, limit, cursor."
)]
#[case("/flights/SW5678?status=DELAYED", "status is no parameter here: this takes none.")]
#[case("/flights/SW5678/bookings?limit=0", "limit must be from 1 to 100.")]
#[case(
    "/flights/SW5678/bookings?cursor=",
    "cursor must be the `next` of an earlier answer to the same query."
)]
#[case("/flights/SW5678/bookings?cursor=B001", "cursor must be the `next`")]
#[tokio::test]
async fn what_cannot_be_is_a_400_that_says_what_can(#[case] target: &str, #[case] detail: &str) {
    let (api, secret) = parts().await;
    let got = ask(&api, &get(target)).await;
    assert_eq!((got.status, got.header("content-type")), (400, "application/problem+json"));
    assert!(got.body()["detail"].as_str().unwrap().starts_with(detail), "{}", got.text);
    // None of it needs the key of cursors.
    assert_eq!(secret.reads(), 0);
}

#[tokio::test]
async fn a_cursor_goes_on_in_its_own_query_alone() {
    let (api, _) = parts().await;
    delayed(&api, 5).await;
    booked(&api, 5).await;
    let own = "/flights?status=DELAYED&departs_from=2026-11-22T00:00:00Z&limit=2";
    let cursor = ask(&api, &get(own)).await.body()["next"].as_str().unwrap().to_owned();
    let with = |target: &str| get(&format!("{target}&cursor={cursor}"));
    // The limit may differ, and the same time may be written otherwise.
    for same in [own, "/flights?status=DELAYED&departs_from=2026-11-22T01:00:00+01:00&limit=3"] {
        assert_eq!(ask(&api, &with(same)).await.body()["flights"][0]["flight_id"], "SW002");
    }
    for other in [
        "/flights?status=SCHEDULED&departs_from=2026-11-22T00:00:00Z",
        "/flights?status=DELAYED&departs_from=2026-11-22T00:00:01Z",
        "/flights?status=DELAYED&departs_before=2026-11-22T00:00:00Z",
        "/flights?status=DELAYED&limit=2",
        "/flights/SW5678/bookings?limit=2",
        "/passengers/P001/bookings?limit=2",
    ] {
        let got = ask(&api, &with(other)).await;
        let detail = "cursor must be the `next` of an earlier answer to the same query.";
        assert_eq!((got.status, &got.body()["detail"]), (400, &detail.into()), "{other}");
    }
    let of_flight = ask(&api, &get("/flights/SW5678/bookings?limit=2")).await;
    let cursor = of_flight.body()["next"].as_str().unwrap().to_owned();
    let of_passenger = get(&format!("/passengers/P001/bookings?limit=2&cursor={cursor}"));
    assert_eq!(ask(&api, &of_passenger).await.status, 400);
}

#[tokio::test]
async fn a_new_key_is_learned_and_a_forged_cursor_reads_it_seldom() {
    let (api, secret) = parts().await;
    booked(&api, 3).await;
    let first = get("/flights/SW5678/bookings?limit=1");
    let after = |minutes: i64| now() + SignedDuration::from_mins(minutes);
    let next = |response: Response<Body>| {
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        body["next"].as_str().unwrap().to_owned()
    };
    let old = next(respond(&api, &first, after(0)).await);
    secret.set(Some("fedcba9876543210fedcba9876543210"));
    let other = Api::new(api.store.clone(), secret.clone());
    let new = next(respond(&other, &first, after(0)).await);
    assert_eq!(secret.reads(), 2);
    let go_on = |cursor: &str| get(&format!("/flights/SW5678/bookings?limit=1&cursor={cursor}"));
    // Its key is a minute old at most: it is not doubted.
    assert_eq!(respond(&api, &go_on(&new), after(1)).await.status(), 400);
    assert_eq!(secret.reads(), 2);
    // Now it is, and the new one is known from then on.
    assert_eq!(respond(&api, &go_on(&new), after(2)).await.status(), 200);
    for _ in 0..3 {
        assert_eq!(respond(&api, &go_on(&old), after(2)).await.status(), 400);
    }
    assert_eq!(secret.reads(), 3);
}

#[rstest]
#[case(None)]
#[case(Some("too short"))]
#[tokio::test]
async fn without_a_key_there_is_no_next_page_but_all_else(#[case] key: Option<&str>) {
    let (api, secret) = parts().await;
    booked(&api, 3).await;
    secret.set(key);
    assert_eq!(ask(&api, &get("/flights/SW5678/bookings?limit=2")).await.status, 503);
    for target in ["/health", "/flights/SW5678", "/flights/SW5678/bookings?limit=3"] {
        assert_eq!(ask(&api, &get(target)).await.status, 200, "{target}");
    }
}

#[rstest]
#[case("/flights?status=SCHEDULED", 2)]
#[case("/flights/SW5678", 2)]
#[case("/flights/SW5678/operations?limit=100", 3)]
#[case("/bookings/B001", 1)]
#[case("/passengers/P001", 1)]
#[case("/flights/SW5678/notifications?limit=100", 2)]
#[case("/bookings/B001/notifications?limit=100", 2)]
#[case("/flights/SW5678/bookings?limit=100", 3)]
#[case("/passengers/P001/bookings?limit=100", 3)]
#[case("/health", 0)]
#[case("/openapi.json", 0)]
#[tokio::test]
async fn an_answer_takes_as_many_calls_however_much_is_in_it(
    #[case] target: &str,
    #[case] calls: usize,
) {
    let (api, _) = parts().await;
    booked(&api, 130).await;
    let before = api.store.calls();
    assert_eq!(ask(&api, &get(target)).await.status, 200);
    assert_eq!(api.store.calls() - before, calls);
}
