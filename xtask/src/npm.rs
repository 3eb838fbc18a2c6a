//! The npm package `dist/npm`: the engine, its words and types, behind two functions.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use duct::cmd;

use crate::files::put;
use crate::words::{self, Lang};
use crate::{paths, site};

/// `engine` is the folder of the generated bindings.
pub fn build(engine: &Path) -> Result<()> {
    site::replace(&folder(), |new| {
        for (name, path) in crate::files::list(&paths::root().join("npm"))? {
            let text = fs::read_to_string(path)?;
            put(&new.join(name), text.replace("\"0.0.0\"", &format!("\"{}\"", env!("CARGO_PKG_VERSION"))))?;
        }
        for lang in Lang::ALL {
            put(&new.join(format!("words.{}.txt", lang.tag())), words::engine(lang))?;
        }
        // The types of a report refer to nothing else.
        put(&new.join("report.d.ts"), fs::read(paths::root().join("www/report.d.ts"))?)?;
        put(&new.join("engine.js"), fs::read(engine.join("ndr_doctor.js"))?)?;
        put(&new.join("engine.d.ts"), fs::read(engine.join("ndr_doctor.d.ts"))?)?;
        put(&new.join("ndr_doctor.wasm"), fs::read(engine.join("ndr_doctor_bg.wasm"))?)?;
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            put(&new.join(licence), fs::read(paths::root().join(licence))?)?;
        }
        Ok(())
    })
}

pub fn folder() -> PathBuf {
    paths::root().join("dist/npm")
}

/// Packs it and installs what was packed, as its users would. Returns the folder of one who depends on it.
pub fn installed() -> Result<PathBuf> {
    let consumer = paths::target().join("npm/consumer");
    let _ = fs::remove_dir_all(&consumer);
    put(&consumer.join("package.json"), r#"{ "private": true, "type": "module" }"#)?;
    let npm = which::which("npm").context("npm is missing")?;
    let packed = cmd!(&npm, "pack", "--silent", "--pack-destination", &consumer, folder()).stdin_null().read();
    let packed = packed.context("npm pack failed")?;
    let archive = consumer.join(packed.lines().last().context("npm pack names the archive")?);
    let install = ["install", "--silent", "--offline", "--no-audit", "--no-fund"];
    cmd(&npm, install.map(Into::into).into_iter().chain([archive.into_os_string()]))
        .dir(&consumer)
        .stdin_null()
        .stdout_null()
        .run()
        .context("what npm packed cannot be installed")?;
    Ok(consumer)
}
