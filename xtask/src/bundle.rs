//! Scripts and styles as they ship: each with all that it imports, made small.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use duct::cmd;
use serde::Serialize;
use serde_json::Value;

use crate::paths;

/// One script or style sheet to be made.
#[derive(Serialize)]
pub struct Job {
    entry: String,
    format: Option<&'static str>,
    define: BTreeMap<&'static str, String>,
}

impl Job {
    /// A module, by its path from the workspace's folder.
    pub fn module(entry: &str) -> Job {
        Job { entry: entry.into(), format: Some("esm"), define: BTreeMap::new() }
    }

    /// A classic script, which also runs where modules do not.
    pub fn script(entry: &str) -> Job {
        Job { format: Some("iife"), ..Job::module(entry) }
    }

    pub fn styles(entry: &str) -> Job {
        Job { format: None, ..Job::module(entry) }
    }

    /// Puts a value in place of a name that the sources leave open.
    pub fn with(mut self, name: &'static str, value: &Value) -> Job {
        self.define.insert(name, value.to_string());
        self
    }
}

/// The results, in the order of the jobs. `engine` is the folder of the generated bindings.
pub fn make(engine: &Path, jobs: &[Job]) -> Result<Vec<String>> {
    let script = paths::tools().join("bundle.mjs");
    let told = serde_json::to_vec(jobs)?;
    let made = cmd!("node", script, engine.join("ndr_doctor.js"))
        .dir(paths::root())
        .stdin_bytes(told)
        .read()
        .context("the bundler failed")?;
    Ok(serde_json::from_str(&made)?)
}
