//! Against a server on this machine that answers what it is told to.

use super::*;
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// A host that answers one connection with these bytes, and then says what it was asked.
async fn serving(answer: String) -> (HttpsKeyHost, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = HttpsKeyHost::new(&format!("http://{}/", listener.local_addr().unwrap()));
    let asked = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"\r\n\r\n") {
            request.push(stream.read_u8().await.unwrap());
        }
        // Whoever has read enough hangs up.
        let _ = stream.write_all(answer.as_bytes()).await;
        String::from_utf8(request).unwrap()
    });
    (host, asked)
}

fn answer(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
}

fn path() -> KeyPath {
    KeyPath::new("/prod/keys/key-1.pem").unwrap()
}

#[tokio::test]
async fn a_key_is_what_is_at_its_path() {
    let (host, asked) = serving(answer("200 OK", "", "the key")).await;
    assert_eq!(host.fetch(&path()).await.unwrap(), b"the key");
    let asked = asked.await.unwrap();
    assert!(asked.starts_with("GET /prod/keys/key-1.pem HTTP/1.1\r\n"), "{asked}");
    assert!(!asked.contains("content-length"), "{asked}");
}

#[rstest]
#[case("404 Not Found", Some(404))]
#[case("403 Forbidden", Some(403))]
#[case("500 Internal Server Error", None)]
#[case("503 Service Unavailable", None)]
#[case("429 Too Many Requests", None)]
#[case("204 No Content", None)]
#[tokio::test]
async fn none_for_good_is_told_from_none_just_now(
    #[case] status: &str,
    #[case] for_good: Option<u16>,
) {
    let (host, _) = serving(answer(status, "", "")).await;
    match (host.fetch(&path()).await.unwrap_err(), for_good) {
        (KeyError::NotThere(status), Some(expected)) => assert_eq!(status, expected),
        (KeyError::Unavailable(_), None) => {}
        (error, _) => panic!("{error}"),
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (elsewhere, asked) = serving(answer("200 OK", "", "another key")).await;
    let location = format!("location: {}/prod/keys/key-1.pem\r\n", elsewhere.base);
    let (host, _) = serving(answer("302 Found", &location, "")).await;
    assert_eq!(host.fetch(&path()).await, Err(KeyError::NotThere(302)));
    assert!(!asked.is_finished());
    asked.abort();
}

#[tokio::test]
async fn more_than_a_key_is_not_read() {
    let (host, _) = serving(answer("200 OK", "", &"k".repeat(MAX_BYTES))).await;
    assert_eq!(host.fetch(&path()).await.unwrap().len(), MAX_BYTES);
    let (host, _) = serving(answer("200 OK", "", &"k".repeat(MAX_BYTES + 1))).await;
    assert!(matches!(host.fetch(&path()).await, Err(KeyError::Unavailable(_))));
}

#[tokio::test]
async fn a_host_that_is_not_there_is_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let host = HttpsKeyHost::new(&format!("http://{address}"));
    let error = host.fetch(&path()).await.unwrap_err().to_string();
    assert!(error.contains("refused"), "{error}");
}

#[tokio::test]
async fn one_that_says_nothing_is_given_up() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = HttpsKeyHost::new(&format!("http://{}", listener.local_addr().unwrap()));
    let error = host.fetch(&path()).await.unwrap_err();
    assert_eq!(error, unavailable("it took longer than two seconds"));
}
