//! The files of a build: named by what they hold, compressed beside themselves, packed into one archive.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use flate2::write::GzEncoder;
use flate2::{Compression, GzBuilder};
use sha2::{Digest, Sha256, Sha384};
use walkdir::WalkDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::paths;

/// Where files lie whose names hold a digest: whoever has one never has to ask for it again.
pub const ASSETS: &str = "assets";

/// Files under the names of the sources (`app.js`), and where they lie in the site (`assets/app.0a1b2c3d4e.js`).
#[derive(Clone, Debug, Default)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Writes a file under a name with a digest of its bytes.
    pub fn put(&mut self, to: &Path, name: &str, bytes: impl AsRef<[u8]>) -> Result<()> {
        let digest: String = Sha256::digest(&bytes).iter().take(5).map(|byte| format!("{byte:02x}")).collect();
        let (stem, kind) = name.rsplit_once('.').context("a file's name has an ending")?;
        let place = format!("{ASSETS}/{stem}.{digest}.{kind}");
        put(&to.join(&place), bytes)?;
        self.0.insert(name.into(), place);
        Ok(())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The names that modules ask with, and the files as they lie beside the modules.
    pub fn beside(&self) -> serde_json::Value {
        let beside = |place: &String| place.rsplit('/').next().unwrap_or_default().to_string();
        self.0.iter().map(|(name, place)| (name.clone(), serde_json::Value::from(beside(place)))).collect()
    }

    pub fn to_json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(&self.0)?)
    }
}

#[cfg(test)]
impl<'a> FromIterator<&'a str> for Names {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        Names(names.into_iter().map(|name| (name.into(), name.into())).collect())
    }
}

pub fn put(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

/// `sha256-…`, as policies and service workers name what they let pass.
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))
}

/// `sha384-…`, as the attribute `integrity` usually has it.
pub fn sha384(bytes: impl AsRef<[u8]>) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

/// The digest that programs such as `sha256sum` print.
pub fn checksum(bytes: impl AsRef<[u8]>) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Every file under `dir`, by its path from there with slashes, in order.
pub fn list(dir: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(dir) {
        let entry = entry?;
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(dir)?.to_string_lossy().replace('\\', "/");
            files.push((name, entry.into_path()));
        }
    }
    files.sort();
    Ok(files)
}

/// Puts `….br` and `….gz` beside every file that gains by it. What was compressed in an earlier build is taken from there.
pub fn compress(dir: &Path) -> Result<()> {
    let files = list(dir)?;
    let waiting = Mutex::new(files.into_iter());
    let work = || -> Result<()> {
        loop {
            let next = waiting.lock().map_err(|_| anyhow!("another thread panicked"))?.next();
            let Some((name, path)) = next else { return Ok(()) };
            let gains = [".html", ".js", ".css", ".wasm", ".txt", ".json", ".svg", ".webmanifest", ".d.ts"];
            if !gains.iter().any(|ending| name.ends_with(ending)) {
                continue;
            }
            let bytes = fs::read(&path)?;
            for (ending, compressed) in [("br", brotli(&bytes)?), ("gz", gzip(&bytes)?)] {
                if compressed.len() < bytes.len() {
                    fs::write(format!("{}.{ending}", path.display()), compressed)?;
                }
            }
        }
    };
    thread::scope(|scope| {
        let count = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..count).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("compressing panicked"))?)
    })
}

/// At the best level. It takes seconds for a megabyte, so results are kept from build to build.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let kept = paths::target().join("compressed").join(format!("{}.br", checksum(bytes)));
    if let Ok(compressed) = fs::read(&kept) {
        return Ok(compressed);
    }
    let mut compressed = Vec::new();
    brotli::CompressorReader::new(bytes, 4096, 11, 22).read_to_end(&mut compressed)?;
    put(&kept, &compressed)?;
    Ok(compressed)
}

/// Without a name or a time inside, so that the same bytes give the same bytes.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder: GzEncoder<Vec<u8>> = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// Packs every file under `dir` into a folder `inside`, all with the same time.
pub fn archive(dir: &Path, inside: &str) -> Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for (name, path) in list(dir)? {
        archive.start_file(format!("{inside}/{name}"), options)?;
        archive.write_all(&fs::read(path)?)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_a_digest_of_the_bytes() {
        let folder = std::env::temp_dir().join(format!("ndr-doctor-names-{}", std::process::id()));
        let mut names = Names::default();
        names.put(&folder, "words.en.txt", "one").expect("it can be written");
        let one = names.get("words.en.txt").expect("it is known").to_string();
        names.put(&folder, "words.en.txt", "two").expect("it can be written");
        let two = names.get("words.en.txt").expect("it is known");
        assert_ne!(one, two);
        assert!(one.starts_with("assets/words.en.") && one.ends_with(".txt"), "{one}");
        assert_eq!(fs::read_to_string(folder.join(&one)).expect("it is there"), "one");
        let _ = fs::remove_dir_all(folder);
    }

    #[test]
    fn the_same_files_make_the_same_archive() {
        let folder = std::env::temp_dir().join(format!("ndr-doctor-archive-{}", std::process::id()));
        put(&folder.join("b/c.txt"), "second").expect("it can be written");
        put(&folder.join("a.txt"), "first").expect("it can be written");
        let one = archive(&folder, "site").expect("it can be packed");
        let two = archive(&folder, "site").expect("it can be packed");
        assert_eq!(one, two);
        let mut read = zip::ZipArchive::new(Cursor::new(one)).expect("it is an archive");
        assert_eq!(read.len(), 2);
        let mut text = String::new();
        read.by_name("site/b/c.txt").expect("it is there").read_to_string(&mut text).expect("it is text");
        assert_eq!(text, "second");
        let _ = fs::remove_dir_all(folder);
    }
}
