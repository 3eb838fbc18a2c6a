//! Pictures of the page's main states, made by the browser tests' own hands.

use anyhow::Result;
use duct::cmd;

use crate::organisation::Organisation;
use crate::{paths, site};

/// Builds the site and takes the pictures whose names hold all `words`, into `dist/pictures/`.
pub fn take(words: &[String]) -> Result<()> {
    site::build(&Organisation::default())?;
    let mut arguments = vec!["run", "--quiet", "--package", "ndr-doctor-browser-tests", "--bin", "pictures", "--"];
    arguments.extend(words.iter().map(String::as_str));
    cmd(paths::cargo(), arguments).dir(paths::root()).run()?;
    Ok(())
}
