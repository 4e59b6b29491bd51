//! A small HTTP server on a port of its own.

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{HeaderMap, Method, Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::future::Future;
use std::net::SocketAddr;
use tokio::net::TcpListener;

/// A request, read whole.
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// What AWS's JSON protocols name the operation by; none of other requests.
    pub(crate) target: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    /// A header's text; none where there is none.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// An answer.
pub(crate) type Answer = Response<Full<Bytes>>;

/// Listens, and answers every request by `answer`, until the runtime ends. Answers its address.
pub(crate) async fn serve<F, A>(answer: F) -> std::io::Result<SocketAddr>
where
    F: Fn(Asked) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Answer> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            // What waits in a buffer for more would be counted as the function's time.
            let _ = stream.set_nodelay(true);
            let answer = answer.clone();
            let service = service_fn(move |request| {
                let answer = answer.clone();
                async move { Ok::<_, Infallible>(answer(read(request).await).await) }
            });
            // A connection that its function closes is none to speak of.
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    Ok(address)
}

async fn read(request: Request<Incoming>) -> Asked {
    let (head, body) = request.into_parts();
    let target = head.headers.get("x-amz-target").and_then(|name| name.to_str().ok());
    Asked {
        method: head.method,
        path: head.uri.path().to_owned(),
        target: target.map(str::to_owned),
        headers: head.headers,
        body: body.collect().await.map(|whole| whole.to_bytes()).unwrap_or_default(),
    }
}
