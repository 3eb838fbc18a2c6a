//! Everything that is built: the site, and the other forms that people use it in.

use std::fs;

use anyhow::{Context, Result};

use crate::files::{self, put};
use crate::organisation::Organisation;
use crate::{embed, npm, paths, single, site};

/// Builds all of it, and says what a reader can hold it against.
pub fn build(organisation: &Organisation) -> Result<()> {
    let engine = site::build(organisation)?.whole;
    let archive = paths::root().join("dist/site.zip");
    put(&archive, files::archive(&paths::site(), "ndr-doctor")?)?;
    files::compress(&paths::site())?;
    put(&paths::single(), single::page(&engine, organisation)?)?;
    let integrity = embed::build(&engine, organisation)?;
    npm::build(&engine)?;

    for path in [archive, paths::single(), embed::folder().join("embed.html")] {
        let bytes = fs::read(&path)?;
        let name = path.strip_prefix(paths::root()).context("what is built lies in the workspace")?;
        println!("{:>9}  {}  sha256 {}", bytes.len(), name.display(), files::checksum(&bytes));
    }
    for (name, integrity) in integrity {
        println!("{:>9}  dist/embed/{name}  {integrity}", fs::metadata(embed::folder().join(name))?.len());
    }
    Ok(())
}

/// Every file that was built, and its digest.
pub fn checksums() -> Result<Vec<(String, String)>> {
    let files = files::list(&paths::root().join("dist"))?;
    let ours = files.into_iter().filter(|(name, _)| !name.starts_with('.') && !name.starts_with("pictures/"));
    ours.map(|(name, path)| Ok((name, files::checksum(fs::read(path)?)))).collect()
}
