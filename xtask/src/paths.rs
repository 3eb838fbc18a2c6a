//! Where things lie in this workspace.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The workspace's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

/// What was built: the page and all that it fetches.
pub fn site() -> PathBuf {
    root().join("dist/site")
}

/// The whole engine with its bindings, once it is built.
pub fn engine() -> PathBuf {
    target().join("wasm/engine")
}

/// The engine without `hand_over`, with its bindings.
pub fn lean_engine() -> PathBuf {
    target().join("lean/engine")
}

/// The page as one file that needs nothing else.
pub fn single() -> PathBuf {
    root().join("dist/ndr-doctor.html")
}

/// Where the site's files lie, by the names of their sources.
pub fn names() -> PathBuf {
    root().join("dist/site.json")
}

/// TypeScript's view of the generated bindings, in the place where `www/` looks for them.
pub fn types() -> PathBuf {
    root().join("dist/types")
}

/// Node packages and the scripts that use them.
pub fn tools() -> PathBuf {
    root().join("tools")
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root().join(dir),
        None => root().join("target"),
    }
}

/// The cargo that started this program, or the one on the path.
pub fn cargo() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}
