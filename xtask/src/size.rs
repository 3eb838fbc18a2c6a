//! Weighs what a reader downloads before the first answer, and holds it against its budgets.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use walkdir::WalkDir;

use crate::words::Lang;
use crate::{paths, site};

struct Budget {
    name: &'static str,
    counts: fn(path: &str) -> bool,
    /// Brotli bytes at the best compression, for each language by itself.
    most: usize,
}

const BUDGETS: &[Budget] = &[
    Budget { name: "engine", counts: |path| path == "engine/ndr_doctor_bg.wasm", most: 180 * 1024 },
    Budget { name: "words", counts: |path| path.starts_with("words/"), most: 110 * 1024 },
    Budget { name: "first answer", counts: |path| !is_reference(path), most: 320 * 1024 },
];

/// Whether a file belongs to the reference pages, which nobody fetches for an answer.
fn is_reference(path: &str) -> bool {
    path.split('/').any(|part| part == "codes") || path.ends_with("search.js") || path.ends_with("reference.css")
}

struct Weight {
    path: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

pub fn run() -> Result<()> {
    site::build()?;
    let files = weigh(&paths::site())?;
    println!("{:>9} {:>9} {:>9}", "raw", "gzip", "brotli");
    for Weight { path, raw, gzip, brotli } in &files {
        println!("{raw:>9} {gzip:>9} {brotli:>9}  {path}");
    }
    let mut passed = Vec::new();
    for lang in Lang::ALL {
        println!("\n{}", lang.tag());
        for Budget { name, counts, most } in BUDGETS {
            let counted = files.iter().filter(|file| counts(&file.path) && !is_of_another(&file.path, lang));
            let brotli: usize = counted.map(|file| file.brotli).sum();
            println!("{brotli:>9} of {most:>7}  {name}");
            if brotli > *most {
                passed.push(format!("{name} ({}): {brotli} bytes, allowed {most}", lang.tag()));
            }
        }
    }
    ensure!(passed.is_empty(), "too heavy:\n  {}", passed.join("\n  "));
    Ok(())
}

/// Whether a file belongs to a language that is not `lang`.
fn is_of_another(path: &str, lang: Lang) -> bool {
    let page = if path == "index.html" { Some(Lang::default().tag()) } else { None };
    let mut tags = path.split(['/', '.']).chain(page);
    tags.any(|tag| Lang::ALL.iter().any(|other| *other != lang && tag == other.tag()))
}

fn weigh(dir: &Path) -> Result<Vec<Weight>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(dir).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            let bytes = fs::read(entry.path())?;
            files.push(Weight {
                path: entry.path().strip_prefix(dir)?.to_string_lossy().replace('\\', "/"),
                raw: bytes.len(),
                gzip: gzip(&bytes)?,
                brotli: brotli(&bytes)?,
            });
        }
    }
    Ok(files)
}

fn gzip(bytes: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len())
}

fn brotli(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    brotli::CompressorReader::new(bytes, 4096, 11, 22).read_to_end(&mut compressed)?;
    Ok(compressed.len())
}
