//! The built site behind a real server: as it is, or with a few lines put before one of its scripts.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use anyhow::{Context, Result, ensure};
use ndr_doctor::{Lang, catalog};
use tempfile::TempDir;
use xtask::paths;
use xtask::server::{self, HEADERS, Headers, Request, Server};

use crate::driver::free_port;

/// Which site a scenario gets. Its pages are the built ones, byte for byte; what the scenario wishes of the browser
/// and no driver can give is said in lines before the first script, in all engines alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Site {
    /// Notes what goes wrong, from the first script on (`watch.js`), in a browser without service workers: nothing is
    /// fetched behind a scenario's back.
    #[default]
    Watched,
    /// As it was built, service worker and all.
    Bare,
    /// For a browser that asks for Mexican Spanish first.
    SpanishReader,
    /// For a browser without WebAssembly.
    WithoutWasm,
    /// For a browser that refuses workers.
    WithoutWorker,
    /// For a browser that refuses to store anything.
    WithoutStorage,
    /// With an engine that breaks on a text that holds [`STUMBLE`].
    Stumbling,
}

/// The word on which the engine of [`Site::Stumbling`] breaks.
pub const STUMBLE: &str = "stumbling-block";

const WATCH: &str = include_str!("watch.js");

const NO_SERVICE_WORKER: &str = "delete Navigator.prototype.serviceWorker;\n";
const SPANISH: &str = r#"Object.defineProperty(Navigator.prototype, "languages", { get: () => ["es-MX", "es", "en"] });
"#;
const NO_WASM: &str = "delete window.WebAssembly;\n";
const NO_WORKER: &str = r#"window.Worker = class { constructor() { throw new Error("no workers here"); } };
"#;
const NO_STORAGE: &str = r#"for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, { get() { throw new DOMException("nothing is stored here", "SecurityError"); } });
}
"#;
// As after a panic: it answers with an error, and never again with anything else.
const STUMBLES: &str = r#"let broken = false;
addEventListener("message", (event) => {
  broken ||= JSON.stringify(event.data.parts ?? "").includes("stumbling-block");
  if (broken) {
    event.stopImmediatePropagation();
    postMessage({ id: event.data.id, error: "RuntimeError: unreachable" });
  }
});
"#;

impl Site {
    /// Scripts by name, and what is put before their first line.
    fn before(self) -> Vec<(&'static str, String)> {
        let early = |more: &str| ("early.js", format!("{WATCH}{NO_SERVICE_WORKER}{more}"));
        match self {
            Site::Watched => vec![early("")],
            Site::Bare => vec![],
            Site::SpanishReader => vec![early(SPANISH)],
            Site::WithoutWasm => vec![early(NO_WASM)],
            Site::WithoutWorker => vec![early(NO_WORKER)],
            Site::WithoutStorage => vec![early(NO_STORAGE)],
            Site::Stumbling => vec![early(""), ("worker.js", STUMBLES.into())],
        }
    }

    fn folder(self) -> Result<PathBuf> {
        let built = paths::site();
        let words = file("words.en.txt").and_then(|path| Ok(fs::read_to_string(built.join(&path[1..]))?));
        ensure!(
            words.is_ok_and(|words| words == catalog::words_file(Lang::En)),
            "{} is not built, or not from these sources: run `cargo xtask build`",
            built.display()
        );
        if self == Site::Bare {
            return Ok(built);
        }
        let mut made = MADE.lock().expect("no maker of sites panics");
        if let Some(dir) = made.get(&self) {
            return Ok(dir.path().to_owned());
        }
        let dir = TempDir::new()?;
        copy(&built, dir.path())?;
        for (script, lines) in self.before() {
            let path = dir.path().join(&file(script)?[1..]);
            let built = fs::read_to_string(&path).with_context(|| format!("the site has no {script}"))?;
            fs::write(path, lines + &built)?;
        }
        let path = dir.path().to_owned();
        made.insert(self, dir);
        Ok(path)
    }

    /// Serves it at an origin of its own, so that no scenario finds what another one stored.
    pub fn serve(self) -> Result<Served> {
        self.serve_with(0, HEADERS)
    }

    /// As [`Site::serve`]: at `port`, unless it is 0, and with other header fields.
    pub fn serve_with(self, port: u16, headers: Headers) -> Result<Served> {
        Served::of(&self.folder()?, port, headers)
    }
}

/// The path of a built file by the name of its source: `/assets/worker.0a1b2c3d4e.js`.
pub fn file(name: &str) -> Result<String> {
    let names: HashMap<String, String> = serde_json::from_slice(&fs::read(paths::names())?)?;
    let place = names.get(name).with_context(|| format!("the site has no {name}"))?;
    Ok(format!("/{place}"))
}

static MADE: LazyLock<Mutex<HashMap<Site, TempDir>>> = LazyLock::new(Mutex::default);

/// Deletes the copies that were made.
pub fn clean() {
    MADE.lock().expect("no maker of sites panics").clear();
}

pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let place = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &place)?;
        } else {
            fs::copy(entry.path(), place)?;
        }
    }
    Ok(())
}

/// A running server of a site; it stops when the last of its copies is dropped.
#[derive(Clone)]
pub struct Served {
    addr: SocketAddr,
    log: Arc<Mutex<Vec<Request>>>,
    server: Arc<Mutex<Option<Server>>>,
}

impl Served {
    /// Port 0 asks for one that was not used before.
    pub(crate) fn of(folder: &Path, port: u16, headers: Headers) -> Result<Served> {
        let port = if port == 0 { free_port()? } else { port };
        let server = server::spawn_with(folder, port, headers).with_context(|| format!("cannot serve at {port}"))?;
        let (addr, log) = (server.addr, server.log.clone());
        Ok(Served { addr, log, server: Arc::new(Mutex::new(Some(server))) })
    }

    /// `path` starts with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    pub fn port(&self) -> u16 {
        self.addr.port()
    }

    /// From now on nobody answers.
    pub fn stop(&self) {
        self.server.lock().expect("nobody panics while stopping a server").take();
    }

    /// Every request so far. Browsers fetch the icon of their tab and the manifest when they like, so these are left out.
    pub fn requests(&self) -> Vec<Request> {
        let log = self.log.lock().expect("no holder of the log panics");
        let own =
            |path: &str| path.ends_with("/icon.svg") || path.ends_with(".webmanifest") || path.contains("/icons/");
        log.iter().filter(|request| !own(&request.path)).cloned().collect()
    }

    /// The paths asked for since there were `known` requests.
    pub fn since(&self, known: usize) -> Vec<String> {
        self.requests().into_iter().skip(known).map(|request| request.path).collect()
    }
}
