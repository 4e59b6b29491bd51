use super::*;
use rstest::rstest;

const NEW: &str = "the-newest-secret";
const OLD: &str = "the-older-secret";

fn sources(text: &str) -> Sources {
    Sources(serde_json::from_str(text).unwrap())
}

fn some() -> Sources {
    sources(
        r#"{"forwarder": "the-older-secret",
            "adobe": {"scheme": "adobe-io", "client_id": "C1"},
            "alloy": {"scheme": "adobe-io-legacy", "client_id": "C2", "secrets": ["the-older-secret"]}}"#,
    )
}

#[test]
fn what_is_shown_has_no_secret() {
    let mut all = some();
    all.rotate("forwarder", NEW).unwrap();
    let shown = all.lines().join("\n");
    insta::assert_snapshot!(shown);
    assert!(!shown.contains("secret-") && !shown.contains(OLD) && !shown.contains(NEW), "{shown}");
}

#[test]
fn a_secret_is_changed_in_two_steps_and_two_hold_at_most() {
    let mut all = some();
    all.rotate("forwarder", NEW).unwrap();
    let rotated = json!({"scheme": "flightpulse", "secrets": [NEW, OLD]});
    assert_eq!(all.0["forwarder"], rotated);
    all.rotate("forwarder", "another-secret-yet").unwrap();
    assert_eq!(all.0["forwarder"]["secrets"], json!(["another-secret-yet", NEW]));
    all.finish("forwarder").unwrap();
    assert_eq!(all.0["forwarder"]["secrets"], json!(["another-secret-yet"]));
    all.rotate("alloy", NEW).unwrap();
    assert_eq!(all.0["alloy"]["client_id"], "C2");
    assert!(all.rotate("adobe", NEW).unwrap_err().to_string().contains("has no secret"));
}

#[rstest]
#[case(Scheme::Flightpulse, None, Some(NEW), json!({"scheme": "flightpulse", "secrets": [NEW]}))]
#[case(Scheme::Bearer, None, Some(NEW), json!({"scheme": "bearer", "secrets": [NEW]}))]
#[case(Scheme::AdobeIo, Some("C9"), None, json!({"scheme": "adobe-io", "client_id": "C9"}))]
#[case(Scheme::AdobeIoLegacy, None, Some(NEW), json!({"scheme": "adobe-io-legacy", "secrets": [NEW]}))]
fn a_source_is_written_as_the_webhook_reads_it(
    #[case] scheme: Scheme,
    #[case] client_id: Option<&str>,
    #[case] secret: Option<&str>,
    #[case] written: Value,
) {
    let mut all = some();
    all.set("new", scheme, client_id, secret).unwrap();
    assert_eq!((all.0.len(), &all.0["new"]), (4, &written));
}

#[rstest]
#[case(Scheme::AdobeIo, None, None, "needs --client-id")]
#[case(Scheme::AdobeIo, Some("C"), Some(NEW), "no secret of ours")]
#[case(Scheme::Bearer, Some("C"), Some(NEW), "--client-id is for")]
#[case(Scheme::Flightpulse, None, None, "--generate")]
fn what_makes_no_source_gets_a_sentence(
    #[case] scheme: Scheme,
    #[case] client_id: Option<&str>,
    #[case] secret: Option<&str>,
    #[case] says: &str,
) {
    let mut all = some();
    let why = all.set("new", scheme, client_id, secret).unwrap_err().to_string();
    assert!(why.contains(says), "{why}");
    assert!(all == some());
}

// One source that the webhook cannot read shuts out all of them.
#[rstest]
#[case("new", Scheme::Flightpulse, None, Some("short"), "16 to 1024")]
#[case("new", Scheme::Flightpulse, None, Some("with a space in it"), "16 to 1024")]
#[case("new", Scheme::AdobeIo, Some("two words"), None, "client_id")]
#[case("two words", Scheme::Flightpulse, None, Some(NEW), "must have a name")]
fn what_the_webhook_could_not_read_is_not_written(
    #[case] name: &str,
    #[case] scheme: Scheme,
    #[case] client_id: Option<&str>,
    #[case] secret: Option<&str>,
    #[case] says: &str,
) {
    let mut all = some();
    all.text().unwrap();
    all.set(name, scheme, client_id, secret).unwrap();
    let why = all.text().unwrap_err().to_string();
    assert!(why.contains("is not written") && why.contains(says), "{why}");
    assert!(secret.is_none_or(|secret| !why.contains(secret)), "{why}");
}

fn signer(options: &SenderOptions) -> Result<Scheme, String> {
    some().signer(options).map(|signer| signer.scheme).map_err(|stop| stop.to_string())
}

fn named(source: &str) -> SenderOptions {
    SenderOptions { source: Some(source.to_owned()), ..SenderOptions::default() }
}

#[test]
fn a_source_is_played_as_it_is_configured() {
    assert_eq!(signer(&SenderOptions::default()), Ok(Scheme::Flightpulse));
    assert_eq!(signer(&named("alloy")), Ok(Scheme::AdobeIoLegacy));
    let legacy = SenderOptions { sign: Some(Scheme::AdobeIoLegacy), ..SenderOptions::default() };
    assert_eq!(signer(&legacy), Ok(Scheme::AdobeIoLegacy));
    // Whoever brings all that is needed may play anybody.
    let bearer = SenderOptions { sign: Some(Scheme::Bearer), ..SenderOptions::default() };
    let own = SenderOptions { secret: Some(NEW.to_owned()), ..bearer };
    assert_eq!(signer(&own), Ok(Scheme::Bearer));
}

#[rstest]
#[case(named("nobody"), "no source nobody")]
#[case(named("adobe"), "needs --private-key")]
#[case(SenderOptions { sign: Some(Scheme::Bearer), ..SenderOptions::default() }, "scheme bearer")]
#[case(SenderOptions { sign: Some(Scheme::Bearer), ..named("adobe") }, "has no secret")]
#[case(SenderOptions { secret_file: Some("no-such-file".into()), ..SenderOptions::default() }, "no-such-file")]
fn who_cannot_be_played_gets_a_sentence(#[case] options: SenderOptions, #[case] says: &str) {
    let why = signer(&options).unwrap_err();
    assert!(why.contains(says), "{why}");
}

#[test]
fn a_secret_is_given_made_or_read_from_a_file() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{NEW}\n")).unwrap();
    let of_file = NewSecret { secret_file: Some(file.path().to_owned()), ..NewSecret::default() };
    assert_eq!(new_secret(&of_file).unwrap(), Some((NEW.to_owned(), false)));
    let made = || new_secret(&NewSecret { generate: true, ..NewSecret::default() });
    let (one, other) = (made().unwrap().unwrap(), made().unwrap().unwrap());
    assert!(one.1 && one.0.len() == 64 && one != other);
    assert_eq!(new_secret(&NewSecret::default()).unwrap(), None);
}
