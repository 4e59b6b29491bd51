//! A host of keys over HTTPS.

use crate::{KeyError, KeyHost, KeyPath};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use std::error::Error;
use std::time::Duration;
use tokio::sync::OnceCell;

/// Bytes of an answer that are read; a key has some 450.
const MAX_BYTES: usize = 16 * 1_024;
const TIMEOUT: Duration = Duration::from_secs(2);

type HttpsClient = Client<HttpsConnector<HttpConnector>, String>;

/// A host of keys over HTTPS.
pub struct HttpsKeyHost {
    base: String,
    // Made when it is first needed: reading the machine's root certificates takes a while, and many
    // an instance never fetches a key.
    client: OnceCell<HttpsClient>,
}

impl HttpsKeyHost {
    /// The host of this address, as in `https://keys.example`. An `http://` one is for tests.
    #[must_use]
    pub fn new(base: &str) -> Self {
        Self { base: base.trim_end_matches('/').to_owned(), client: OnceCell::new() }
    }

    // A client of hyper's follows no redirect.
    async fn client(&self) -> Result<&HttpsClient, KeyError> {
        let made = self.client.get_or_try_init(|| async {
            let provider = rustls::crypto::ring::default_provider();
            let connector =
                HttpsConnectorBuilder::new().with_provider_and_native_roots(provider)?;
            let connector = connector.https_or_http().enable_http1().build();
            // A key is fetched once a day: a connection kept until then would be a dead one.
            Ok(Client::builder(TokioExecutor::new()).pool_max_idle_per_host(0).build(connector))
        });
        made.await.map_err(|error: std::io::Error| unavailable(error))
    }

    async fn answer(&self, path: &KeyPath) -> Result<Vec<u8>, KeyError> {
        let address = format!("{}{}", self.base, path.as_str());
        let request = Request::get(address).header("user-agent", "flightpulse");
        let request = request.body(String::new()).map_err(unavailable)?;
        let answer = self.client().await?.request(request).await.map_err(in_full)?;
        match answer.status() {
            StatusCode::OK => {}
            status if is_for_good(status) => return Err(KeyError::NotThere(status.as_u16())),
            status => return Err(unavailable(status)),
        }
        let body = Limited::new(answer.into_body(), MAX_BYTES).collect().await;
        Ok(body.map_err(unavailable)?.to_bytes().to_vec())
    }
}

// A redirect is not where a key is: Adobe names its keys by their own paths.
fn is_for_good(status: StatusCode) -> bool {
    let passing = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
    status.is_redirection() || (status.is_client_error() && !passing.contains(&status))
}

fn unavailable(error: impl std::fmt::Display) -> KeyError {
    KeyError::Unavailable(error.to_string())
}

// Hyper's error says that it was the connection; what was wrong with it is in its sources.
fn in_full(error: hyper_util::client::legacy::Error) -> KeyError {
    let all =
        std::iter::successors(Some(&error as &(dyn Error + 'static)), |error| (*error).source());
    KeyError::Unavailable(all.map(ToString::to_string).collect::<Vec<_>>().join(": "))
}

impl KeyHost for HttpsKeyHost {
    async fn fetch(&self, path: &KeyPath) -> Result<Vec<u8>, KeyError> {
        let answered = tokio::time::timeout(TIMEOUT, self.answer(path)).await;
        answered.unwrap_or_else(|_| Err(unavailable("it took longer than two seconds")))
    }
}

#[cfg(test)]
mod tests;
