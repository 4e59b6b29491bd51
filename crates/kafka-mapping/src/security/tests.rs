use std::collections::BTreeMap;

use rstest::rstest;

use super::*;

fn read(vars: &[(&str, &str)]) -> Result<Security, SecurityError> {
    let vars: BTreeMap<_, _> = vars.iter().copied().collect();
    Security::from_vars(|name| vars.get(name).map(|value| (*value).to_owned()))
}

const SETTINGS: [&str; 5] =
    ["security.protocol", "sasl.mechanism", "sasl.username", "sasl.password", "ssl.ca.location"];

/// What a client is set to. (Its map of settings hides passwords, so each is asked for.)
fn applied(security: &Security) -> BTreeMap<&'static str, String> {
    let mut config = ClientConfig::new();
    security.apply(&mut config);
    let set = SETTINGS.iter().filter_map(|name| Some((*name, config.get(name)?.to_owned())));
    set.collect()
}

const LOGIN: [(&str, &str); 2] = [("KAFKA_USERNAME", "ops"), ("KAFKA_PASSWORD", "top:secret")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    LOGIN.iter().chain(more).copied().collect()
}

#[test]
fn without_a_protocol_it_is_plaintext_whatever_else_is_there_for_others() {
    let security = read(&with(&[("KAFKA_CA_FILE", "/nowhere")])).unwrap();
    assert_eq!(security, Security::default());
    assert_eq!(applied(&security), BTreeMap::from([("security.protocol", "PLAINTEXT".to_owned())]));
}

#[rstest]
#[case("PLAIN")]
#[case("SCRAM-SHA-256")]
#[case("scram-sha-512")]
fn a_login_over_tls_reaches_the_client(#[case] mechanism: &str) {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, "-----BEGIN CERTIFICATE-----\n").unwrap();
    let ca = ca.to_str().unwrap();
    let vars = with(&[
        ("KAFKA_SECURITY_PROTOCOL", "sasl_ssl"),
        ("KAFKA_SASL_MECHANISM", mechanism),
        ("KAFKA_CA_FILE", ca),
    ]);
    let set = applied(&read(&vars).unwrap());
    assert_eq!(set["security.protocol"], "SASL_SSL");
    assert_eq!(set["sasl.mechanism"], mechanism.to_uppercase());
    assert_eq!((&*set["sasl.username"], &*set["sasl.password"]), ("ops", "top:secret"));
    assert_eq!(set["ssl.ca.location"], ca);
}

#[test]
fn without_a_ca_file_the_machines_own_are_looked_for() {
    let set = applied(&read(&[("KAFKA_SECURITY_PROTOCOL", "SSL")]).unwrap());
    assert_eq!(set["ssl.ca.location"], "probe");
}

#[test]
fn a_password_may_be_in_a_file_and_is_shown_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("password");
    std::fs::write(&file, "from file \n").unwrap();
    let security = read(&[
        ("KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT"),
        ("KAFKA_SASL_MECHANISM", "PLAIN"),
        ("KAFKA_USERNAME", "$ConnectionString"),
        ("KAFKA_PASSWORD_FILE", file.to_str().unwrap()),
    ])
    .unwrap();
    assert_eq!(applied(&security)["sasl.password"], "from file ");
    assert!(!format!("{security:?}").contains("from file"), "{security:?}");
}

#[rstest]
#[case::protocol(&[("KAFKA_SECURITY_PROTOCOL", "TLS")], "PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL")]
#[case::mechanism(&[("KAFKA_SECURITY_PROTOCOL", "SASL_SSL"), ("KAFKA_SASL_MECHANISM", "GSSAPI")], "SCRAM-SHA-512")]
#[case::no_mechanism(&[("KAFKA_SECURITY_PROTOCOL", "SASL_SSL")], "KAFKA_SASL_MECHANISM must be set")]
#[case::no_user(&[("KAFKA_SECURITY_PROTOCOL", "SASL_SSL"), ("KAFKA_SASL_MECHANISM", "PLAIN")], "KAFKA_USERNAME must be set")]
#[case::no_password(&[("KAFKA_SECURITY_PROTOCOL", "SASL_SSL"), ("KAFKA_SASL_MECHANISM", "PLAIN"), ("KAFKA_USERNAME", "ops")], "KAFKA_PASSWORD or KAFKA_PASSWORD_FILE must be set")]
#[case::two_passwords(&[("KAFKA_SECURITY_PROTOCOL", "SASL_SSL"), ("KAFKA_SASL_MECHANISM", "PLAIN"), ("KAFKA_USERNAME", "ops"), ("KAFKA_PASSWORD", "a"), ("KAFKA_PASSWORD_FILE", "b")], "both set")]
#[case::no_password_file(&[("KAFKA_SECURITY_PROTOCOL", "SASL_SSL"), ("KAFKA_SASL_MECHANISM", "PLAIN"), ("KAFKA_USERNAME", "ops"), ("KAFKA_PASSWORD_FILE", "/nowhere/at/all")], "KAFKA_PASSWORD_FILE names /nowhere/at/all")]
#[case::mechanism_alone(&[("KAFKA_SASL_MECHANISM", "PLAIN")], "KAFKA_SASL_MECHANISM is set, but KAFKA_SECURITY_PROTOCOL is PLAINTEXT")]
#[case::login_over_tls_alone(&[("KAFKA_SECURITY_PROTOCOL", "SSL"), ("KAFKA_USERNAME", "ops")], "KAFKA_USERNAME is set")]
#[case::ca_without_tls(&[("KAFKA_SECURITY_PROTOCOL", "PLAINTEXT"), ("KAFKA_CA_FILE", "/ca.pem")], "use SSL or SASL_SSL")]
#[case::no_ca_file(&[("KAFKA_SECURITY_PROTOCOL", "SSL"), ("KAFKA_CA_FILE", "/nowhere/ca.pem")], "KAFKA_CA_FILE names /nowhere/ca.pem")]
#[case::no_certificate(&[("KAFKA_SECURITY_PROTOCOL", "SSL"), ("KAFKA_CA_FILE", "Cargo.toml")], "no PEM certificate")]
fn what_contradicts_itself_is_refused_by_name(#[case] vars: &[(&str, &str)], #[case] says: &str) {
    let error = read(vars).unwrap_err().to_string();
    assert!(error.contains(says), "{error}");
}

#[test]
fn the_client_knows_what_it_is_given() {
    // What librdkafka was built without is refused when a client is made.
    let security = Security {
        protocol: Protocol::SaslSsl,
        login: Some(Login {
            mechanism: Mechanism::ScramSha512,
            username: "ops".into(),
            password: Password("secret".into()),
        }),
        ca_file: None,
    };
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", "127.0.0.1:1");
    security.apply(&mut config);
    let client: Result<rdkafka::producer::BaseProducer, _> = config.create();
    assert!(client.is_ok(), "{:?}", client.err());
}
