//! Browsers under WebDriver: a driver program at a free port, one session in it, both ended with the session.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};
use std::{env, thread};

use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::wd::{Capabilities, TimeoutConfiguration};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use xtask::browsers::{self, Browser};

use crate::run::LONGEST;

/// How long a driver may take to answer, and a browser to start.
const START: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    Chromium,
    Firefox,
    WebKit,
}

impl Engine {
    /// The engines to test: all that this system can have, or those that `NDR_BROWSERS` lists.
    pub fn chosen() -> Result<Vec<Engine>> {
        let mut all = vec![Engine::Chromium, Engine::Firefox];
        if cfg!(target_os = "linux") {
            all.push(Engine::WebKit);
        }
        let Ok(listed) = env::var("NDR_BROWSERS") else { return Ok(all) };
        let named = |name: &str| {
            let known = all.iter().copied().find(|engine| engine.name() == name);
            known.ok_or_else(|| anyhow!("NDR_BROWSERS names `{name}`; here are {}", Engine::names(&all)))
        };
        listed.split(',').map(str::trim).filter(|name| !name.is_empty()).map(named).collect()
    }

    fn names(engines: &[Engine]) -> String {
        engines.iter().map(|engine| engine.name()).collect::<Vec<_>>().join(", ")
    }

    pub fn name(self) -> &'static str {
        match self {
            Engine::Chromium => "chromium",
            Engine::Firefox => "firefox",
            Engine::WebKit => "webkit",
        }
    }

    fn browser(self) -> Result<Browser> {
        let (found, needs) = match self {
            Engine::Chromium => (browsers::chromium(), "Chromium and its driver (Debian: chromium, chromium-driver)"),
            Engine::Firefox => {
                (browsers::firefox(), "Firefox and geckodriver (Debian: firefox-esr; geckodriver from crates.io)")
            }
            Engine::WebKit => {
                (browsers::webkit(), "WebKitGTK's driver and a display (Debian: webkit2gtk-driver, xvfb)")
            }
        };
        found.with_context(|| format!("{} cannot be tested without {needs}: run `cargo xtask setup`", self.name()))
    }
}

/// What a session must be like. Sessions of equal wishes stand for one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// The system that the browser runs on is dark.
    pub dark: bool,
}

/// A browser with one window, its driver and what else they need.
pub struct Session {
    pub engine: Engine,
    pub wishes: Wishes,
    pub client: Client,
    // Ended in this order.
    _programs: Vec<Program>,
    _home: TempDir,
}

impl Session {
    /// Takes an idle session, or starts one.
    pub async fn take(engine: Engine, wishes: Wishes) -> Result<Session> {
        let idle = {
            let mut idle = IDLE.lock().expect("no holder of the pool panics");
            let place = idle.iter().position(|one| one.engine == engine && one.wishes == wishes);
            place.map(|at| idle.remove(at))
        };
        match idle {
            Some(session) => Ok(session),
            None => Session::start(engine, wishes).await,
        }
    }

    /// Gives it back for the next scenario.
    pub fn rest(self) {
        IDLE.lock().expect("no holder of the pool panics").push(self);
    }

    /// Starts a browser that nothing was done in.
    pub async fn start(engine: Engine, wishes: Wishes) -> Result<Session> {
        let browser = engine.browser()?;
        let home = TempDir::new()?;
        let mut programs = Vec::new();
        let port = free_port()?;
        let mut driver = Command::new(&browser.driver);
        driver.arg(format!("--port={port}"));
        // Nothing that the machine's owner chose may change what a page looks like. In the locale `C`, WebKit
        // asks for American English, as the others are told to.
        driver.env("HOME", home.path()).env("TZ", "Europe/Madrid").env("LC_ALL", "C");
        if engine == Engine::WebKit {
            let display = Program::display(home.path())?;
            gtk_settings(home.path(), wishes)?;
            if wishes.dark {
                driver.env("GTK_THEME", "Adwaita:dark");
            }
            driver.env("DISPLAY", &display.says).env_remove("WAYLAND_DISPLAY").env("GDK_BACKEND", "x11");
            driver.env("XDG_CONFIG_HOME", home.path()).env("LIBGL_ALWAYS_SOFTWARE", "1");
            programs.push(display);
        }
        let driver = Program::start(driver, &home.path().join("driver.log"))?;
        programs.insert(0, driver);
        let started = async {
            answers(port)?;
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities(engine, &browser, wishes, home.path()));
            let address = format!("http://127.0.0.1:{port}");
            let client = tokio::time::timeout(START, builder.connect(&address))
                .await
                .context("no session within a minute")??;
            // What a script waits for is bounded by the scenario's own time, on a slow machine too.
            client.update_timeouts(TimeoutConfiguration::new(Some(LONGEST), None, None)).await?;
            client.set_window_size(1280, 900).await?;
            Ok::<_, anyhow::Error>(client)
        };
        match started.await {
            Ok(client) => Ok(Session { engine, wishes, client, _programs: programs, _home: home }),
            Err(error) => {
                let log = fs::read_to_string(home.path().join("driver.log")).unwrap_or_default();
                let lines: Vec<&str> = log.lines().collect();
                let tail = lines[lines.len().saturating_sub(12)..].join("\n");
                Err(error.context(format!("{} did not start; its driver says:\n{}", engine.name(), tail)))
            }
        }
    }

    /// Closes the browser, then its driver.
    pub async fn end(self) {
        // A driver that is stuck must not keep the tests from ending.
        let _ = tokio::time::timeout(Duration::from_secs(10), self.client.clone().close()).await;
    }
}

static IDLE: Mutex<Vec<Session>> = Mutex::new(Vec::new());

/// Ends every session that is not in use.
pub async fn end_all() {
    let idle = std::mem::take(&mut *IDLE.lock().expect("no holder of the pool panics"));
    for session in idle {
        session.end().await;
    }
}

/// A program that lives as long as this value.
struct Program {
    child: Child,
    says: String,
}

impl Program {
    fn start(mut command: Command, log: &Path) -> Result<Program> {
        let log = File::create(log)?;
        command.stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
        let child = command.spawn().with_context(|| format!("cannot start {:?}", command.get_program()))?;
        Ok(Program { child, says: String::new() })
    }

    /// An X server without a screen; it says the display's name.
    fn display(home: &Path) -> Result<Program> {
        let log = File::create(home.join("display.log"))?;
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "1600x1200x24", "-nolisten", "tcp", "-noreset"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        let mut child = command.spawn().context("WebKit needs a display: install xvfb (`cargo xtask setup`)")?;
        let mut number = String::new();
        BufReader::new(child.stdout.take().expect("its output is a pipe")).read_line(&mut number)?;
        ensure!(!number.trim().is_empty(), "Xvfb did not start");
        Ok(Program { child, says: format!(":{}", number.trim()) })
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A port that was not given before, so that no browser remembers anything of it, and outside the range from which
/// systems take the ports of outgoing connections, so that a server can stop and come back at it.
pub(crate) fn free_port() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 20_000 + (process::id() % 900) as u16 * 10;
    for _ in 0..1000 {
        let port = first + NEXT.fetch_add(1, Ordering::Relaxed);
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(port);
        }
    }
    bail!("no port is free from {first} on")
}

fn answers(port: u16) -> Result<()> {
    let begin = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        ensure!(begin.elapsed() < START, "the driver does not listen at port {port}");
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

/// GTK's own settings: still pictures, and light or dark.
fn gtk_settings(home: &Path, wishes: Wishes) -> Result<()> {
    let folder = home.join("gtk-3.0");
    fs::create_dir_all(&folder)?;
    let settings = format!(
        "[Settings]\ngtk-enable-animations=0\ngtk-application-prefer-dark-theme={}\ngtk-theme-name=Adwaita\n",
        u8::from(wishes.dark)
    );
    fs::write(folder.join("settings.ini"), settings)?;
    Ok(())
}

fn capabilities(engine: Engine, browser: &Browser, wishes: Wishes, home: &Path) -> Capabilities {
    let of_engine = match engine {
        Engine::Chromium => json!({ "goog:chromeOptions": {
            "binary": browser.binary,
            "args": chromium_arguments(wishes, home),
            "prefs": { "intl.accept_languages": "en-US,en" },
        } }),
        Engine::Firefox => json!({ "moz:firefoxOptions": {
            "binary": browser.binary,
            "args": ["-headless"],
            "prefs": {
                "intl.accept_languages": "en-US,en",
                // As for its users; drivers loosen it.
                "security.fileuri.strict_origin_policy": true,
                "ui.prefersReducedMotion": 1,
                "ui.systemUsesDarkTheme": u8::from(wishes.dark),
            },
        } }),
        Engine::WebKit => json!({ "webkitgtk:browserOptions": {
            "binary": browser.binary,
            "args": ["--automation"],
        } }),
    };
    let Value::Object(map) = of_engine else { unreachable!("an object was written") };
    map
}

fn chromium_arguments(wishes: Wishes, home: &Path) -> Vec<String> {
    let mut arguments: Vec<String> = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
        "--no-default-browser-check",
        "--force-prefers-reduced-motion",
        "--hide-scrollbars",
    ]
    .map(String::from)
    .into();
    arguments.push(format!("--user-data-dir={}", home.join("profile").display()));
    if wishes.dark {
        arguments.push("--force-dark-mode".into());
    }
    arguments
}
