//! Weighs what a reader downloads, and holds it against its budgets.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result, ensure};

use crate::files::{self, brotli, gzip};
use crate::organisation::Organisation;
use crate::words::Lang;
use crate::{outputs, paths};

const KB: usize = 1024;

/// What the site's page fetches in one language before it takes input, by the names of the sources. A browser test
/// holds the list against what the server was asked for.
pub fn first_answer(lang: Lang) -> Vec<String> {
    let tag = lang.tag();
    let page = if lang == Lang::default() { "index.html".to_string() } else { format!("{tag}/index.html") };
    let words = [format!("words.{tag}.txt"), format!("page.{tag}.json")];
    let rest = ["early.js", "app.js", "worker.js", "ndr_doctor.wasm", "styles.css", "icon.svg"].map(String::from);
    [page].into_iter().chain(words).chain(rest).collect()
}

/// What the page fetches later, each when it is first used.
pub const ON_USE: [&str; 3] = ["later.js", "whole.wasm", "whole_worker.js"];

struct Weight {
    raw: usize,
    gzip: usize,
    brotli: usize,
}

fn weigh(bytes: &[u8]) -> Result<Weight> {
    Ok(Weight { raw: bytes.len(), gzip: gzip(bytes)?.len(), brotli: brotli(bytes)?.len() })
}

pub fn run() -> Result<()> {
    outputs::build(&Organisation::default())?;
    check()
}

/// Weighs what is built, and fails when a budget is passed.
pub fn check() -> Result<()> {
    let names: BTreeMap<String, String> = serde_json::from_slice(&fs::read(paths::names())?)?;
    let mut over = Vec::new();
    let mut hold = |name: String, bytes: usize, most: usize| {
        println!("{bytes:>9} of {most:>7}  {name}");
        if bytes > most {
            over.push(format!("{name}: {bytes} bytes, allowed {most}"));
        }
    };
    println!("{:>9} {:>9} {:>9}", "raw", "gzip", "brotli");
    let mut sums = Vec::new();
    for lang in Lang::ALL {
        let mut weights = BTreeMap::new();
        for name in first_answer(lang) {
            let place = names.get(&name).unwrap_or(&name);
            let bytes = fs::read(paths::site().join(place)).with_context(|| format!("{place} is not built"))?;
            let weight = weigh(&bytes)?;
            println!("{:>9} {:>9} {:>9}  {place}", weight.raw, weight.gzip, weight.brotli);
            weights.insert(name, weight.brotli);
        }
        for name in ON_USE {
            let place = names.get(name).with_context(|| format!("{name} is not built"))?;
            let weight = weigh(&fs::read(paths::site().join(place))?)?;
            println!("{:>9} {:>9} {:>9}  {place}, on use", weight.raw, weight.gzip, weight.brotli);
        }
        sums.push((lang.tag(), weights));
        println!();
    }
    for (tag, weights) in sums {
        let sum = |begins: &[&str]| {
            weights.iter().filter(|(name, _)| begins.iter().any(|one| name.starts_with(one))).map(|(_, one)| one).sum()
        };
        hold(format!("engine ({tag}, brotli)"), sum(&["ndr_doctor"]), 180 * KB);
        hold(format!("words ({tag}, brotli)"), sum(&["words", "page"]), 110 * KB);
        hold(format!("everything for a first answer ({tag}, brotli)"), sum(&[""]), 320 * KB);
    }
    let second = names.get("whole.wasm").context("whole.wasm is not built")?;
    let second = weigh(&fs::read(paths::site().join(second))?)?;
    hold("the second engine, when it is first needed (brotli)".into(), second.brotli, 210 * KB);
    let single = fs::metadata(paths::single())?.len();
    hold("the single file, as it is".into(), usize::try_from(single)?, 900 * KB);
    let kept =
        files::list(&paths::site())?.into_iter().filter(|(name, _)| !name.ends_with(".br") && !name.ends_with(".gz"));
    let mut offline = 0;
    for (name, path) in kept.filter(|(name, _)| !name.split('/').any(|folder| folder == "codes" || folder == "icons")) {
        offline += if name.ends_with(".pack") { fs::read(path)?.len() } else { brotli(&fs::read(path)?)?.len() };
    }
    println!("{offline:>9}             everything that is kept for use offline (brotli)");
    ensure!(over.is_empty(), "too heavy:\n  {}", over.join("\n  "));
    Ok(())
}
