//! Serves the site on this machine and rebuilds it whenever a source changes.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use duct::cmd;
use notify::{Event, RecursiveMode, Watcher};

use crate::organisation::Organisation;
use crate::server::{self, HEADERS};
use crate::{paths, site};

const FOLDERS: &[&str] = &["src", "catalog", "www", "build", "xtask/templates"];
const FILES: &[&str] = &["index.html", "build.rs", "Cargo.toml"];

/// Runs until it is interrupted.
pub fn run(port: u16, open_browser: bool) -> Result<()> {
    let server = match server::spawn_with(paths::site(), port, HEADERS) {
        Err(error) if error.kind() == ErrorKind::AddrInUse => {
            bail!("port {port} is taken; choose another: cargo xtask serve --port {}", port.wrapping_add(1))
        }
        server => server?,
    };
    site::build(&Organisation::default())?;
    let url = server.url("/");
    println!("{url}");
    if open_browser {
        // Where there is no browser, the address above is enough.
        let _ = open::that_detached(&url);
    }

    let root = paths::root();
    let (change, changed) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| alters_a_source(&event)) {
            let _ = change.send(());
        }
    })?;
    // An editor may replace a file rather than write to it, so the folder is watched, not the file.
    watcher.watch(root, RecursiveMode::NonRecursive)?;
    for folder in FOLDERS {
        watcher
            .watch(&root.join(folder), RecursiveMode::Recursive)
            .with_context(|| format!("cannot watch {folder}/"))?;
    }
    while changed.recv().is_ok() {
        // One save is several events.
        while changed.recv_timeout(Duration::from_millis(200)).is_ok() {}
        rebuild();
    }
    Ok(())
}

// The build itself reads every source, and that is an event too.
fn alters_a_source(event: &Event) -> bool {
    let is_source = |path: &PathBuf| {
        let Ok(path) = path.strip_prefix(paths::root()) else { return false };
        FOLDERS.iter().any(|folder| path.starts_with(folder)) || FILES.iter().any(|file| path == Path::new(file))
    };
    !event.kind.is_access() && event.paths.iter().any(is_source)
}

// The catalogue's words are compiled into this program, so a newer one has to do it.
fn rebuild() {
    let begin = Instant::now();
    let mut arguments = vec!["run", "--quiet", "--package", "xtask"];
    // Windows does not let cargo replace a program that runs.
    if cfg!(windows) {
        arguments.extend(["--target-dir", "target/serve"]);
    }
    arguments.extend(["--", "build", "--site-only"]);
    match cmd(paths::cargo(), arguments).dir(paths::root()).stdin_null().run() {
        Ok(_) => println!("rebuilt in {:.1} s", begin.elapsed().as_secs_f32()),
        Err(_) => println!("not rebuilt; still serving the last good site"),
    }
}
