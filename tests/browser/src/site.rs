//! The built site behind a real server: as it is, or with a few lines put before one of its scripts.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use xtask::server::{self, HEADERS, Headers, Request, Server};
use xtask::paths;

/// Which site a scenario gets. In all of them the pages are the built ones, byte for byte.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Site {
    /// Notes what goes wrong, from the first script on. `window.faults` holds it.
    #[default]
    Watched,
    /// As it was built.
    Bare,
    /// In a browser without WebAssembly.
    WithoutWasm,
    /// In a browser that refuses workers.
    WithoutWorker,
    /// With an engine that breaks on a text that holds [`STUMBLE`].
    Stumbling,
}

/// The word on which the engine of [`Site::Stumbling`] breaks.
pub const STUMBLE: &str = "stumbling-block";

const WATCH: &str = include_str!("watch.js");

impl Site {
    /// Lines put before the first line of a script, by the script's name.
    fn before(self) -> Vec<(&'static str, String)> {
        match self {
            Site::Watched => vec![("early.js", WATCH.into())],
            Site::Bare => vec![],
            Site::WithoutWasm => vec![("early.js", format!("{WATCH}delete window.WebAssembly;\n"))],
            Site::WithoutWorker => vec![(
                "early.js",
                format!("{WATCH}window.Worker = class {{ constructor() {{ throw new Error(\"no workers here\"); }} }};\n"),
            )],
            Site::Stumbling => vec![
                ("early.js", WATCH.into()),
                (
                    "worker.js",
                    // As after a panic: it answers with an error, and never again with anything else.
                    format!(
                        "let broken = false;\naddEventListener(\"message\", (event) => {{\n  \
                         broken ||= JSON.stringify(event.data.parts ?? \"\").includes(\"{STUMBLE}\");\n  \
                         if (broken) {{\n    event.stopImmediatePropagation();\n    \
                         postMessage({{ id: event.data.id, error: \"RuntimeError: unreachable\" }});\n  }}\n}});\n"
                    ),
                ),
            ],
        }
    }

    fn folder(self) -> Result<PathBuf> {
        static MADE: LazyLock<Mutex<HashMap<Site, TempDir>>> = LazyLock::new(Mutex::default);
        let built = paths::site();
        ensure!(built.join("index.html").exists(), "there is no built site: run `cargo xtask build`");
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
            let path = dir.path().join(script);
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
        Ok(Served { server: Arc::new(server::spawn_with(self.folder()?, port, headers)?) })
    }
}

fn copy(from: &Path, to: &Path) -> Result<()> {
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

/// A running server of the site.
#[derive(Clone)]
pub struct Served {
    server: Arc<Server>,
}

impl Served {
    pub fn url(&self, path: &str) -> String {
        self.server.url(path)
    }

    pub fn port(&self) -> u16 {
        self.server.addr.port()
    }

    /// Every request so far.
    pub fn requests(&self) -> Vec<Request> {
        self.server.log.lock().expect("no holder of the log panics").clone()
    }

    /// The paths asked for since there were `known` requests.
    pub fn since(&self, known: usize) -> Vec<String> {
        self.requests().into_iter().skip(known).map(|request| request.path).collect()
    }
}
