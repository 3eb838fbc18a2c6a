//! Folders that a scenario serves: built outputs put together with pages of its own.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use tempfile::TempDir;
use xtask::paths;
use xtask::server::Headers;

use crate::site::{Served, copy};

/// A folder to be served.
pub struct Stage(TempDir);

impl Stage {
    pub fn new() -> Result<Stage> {
        Ok(Stage(TempDir::new()?))
    }

    /// Puts a built output (`site`, `embed`, `ndr-doctor.html`) at a path.
    pub fn built(self, output: &str, at: &str) -> Result<Stage> {
        let from = paths::root().join("dist").join(output);
        let to = self.0.path().join(at);
        if from.is_dir() {
            copy(&from, &to).with_context(|| format!("dist/{output} is not built: run `cargo xtask build`"))?;
        } else {
            fs::create_dir_all(to.parent().context("a file lies in a folder")?)?;
            fs::copy(&from, to).with_context(|| format!("dist/{output} is not built: run `cargo xtask build`"))?;
        }
        Ok(self)
    }

    /// Writes a page of the scenario's own.
    pub fn page(self, at: &str, text: &str) -> Result<Stage> {
        self.write(at, text)?;
        Ok(self)
    }

    pub fn write(&self, at: &str, text: &str) -> Result<()> {
        let place = self.0.path().join(at);
        fs::create_dir_all(place.parent().context("a file lies in a folder")?)?;
        Ok(fs::write(place, text)?)
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn serve(&self, headers: Headers) -> Result<Served> {
        self.serve_at(0, headers)
    }

    /// Port 0 asks for any free one.
    pub fn serve_at(&self, port: u16, headers: Headers) -> Result<Served> {
        Served::of(self.0.path(), port, headers)
    }
}
