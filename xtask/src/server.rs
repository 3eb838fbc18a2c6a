//! Serves a folder on this machine under the headers that a host of the page should send, and notes every request.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::extract;
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{self, Next};
use axum::response::Response;
use tokio::runtime;
use tokio::sync::oneshot;
use tower_http::services::ServeDir;

use crate::site::POLICY;

/// Header fields by name and value.
pub type Headers = &'static [(&'static str, &'static str)];

/// What a host of the page should send. `no-store` keeps a developer from reading yesterday's file.
pub const HEADERS: Headers = &[
    ("content-security-policy", POLICY),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-store"),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub query: Option<String>,
}

/// Stops serving, and breaks every open connection, when dropped.
pub struct Server {
    pub addr: SocketAddr,
    /// Every request so far, in the order of arrival.
    pub log: Arc<Mutex<Vec<Request>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Serves `dir` at a free port of 127.0.0.1 with [`HEADERS`].
pub fn spawn(dir: impl AsRef<Path>) -> io::Result<Server> {
    spawn_with(dir, 0, HEADERS)
}

/// As a host does that hands out the compressed files beside the others.
pub fn spawn_compressed(dir: impl AsRef<Path>) -> io::Result<Server> {
    serve(ServeDir::new(dir).precompressed_br().precompressed_gzip(), 0, HEADERS)
}

/// Port 0 asks for any free one.
pub fn spawn_with(dir: impl AsRef<Path>, port: u16, headers: Headers) -> io::Result<Server> {
    serve(ServeDir::new(dir), port, headers)
}

fn serve(files: ServeDir, port: u16, headers: Headers) -> io::Result<Server> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let addr = listener.local_addr()?;
    let log = Arc::new(Mutex::new(Vec::new()));
    let app = app(files, headers, log.clone());
    let (stop, stopped) = oneshot::channel();
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let thread = thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener).expect("the listener is non-blocking");
            tokio::select! {
                _ = axum::serve(listener, app) => {}
                _ = stopped => {}
            }
        });
    });
    Ok(Server { addr, log, stop: Some(stop), thread: Some(thread) })
}

impl Server {
    /// `path` starts with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn app(files: ServeDir, headers: Headers, log: Arc<Mutex<Vec<Request>>>) -> Router {
    let around = move |request: extract::Request, next: Next| {
        let log = log.clone();
        async move {
            log.lock().expect("no holder of the log panics").push(Request {
                method: request.method().to_string(),
                path: request.uri().path().to_owned(),
                query: request.uri().query().map(str::to_owned),
            });
            let mut response: Response = next.run(request).await;
            for (name, value) in headers {
                response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            response
        }
    };
    Router::new().fallback_service(files).layer(middleware::from_fn(around))
}
