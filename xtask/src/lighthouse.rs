//! Lighthouse on the built site, under its mobile setting: a slow telephone on a slow line.

use std::fs;

use anyhow::{Context, Result, anyhow, ensure};
use duct::cmd;
use serde_json::Value;

use crate::{browsers, paths, server};

/// What the page has to reach, of a hundred.
const AT_LEAST: [(&str, f64); 3] = [("performance", 98.0), ("accessibility", 100.0), ("best-practices", 100.0)];

/// Pages of the site.
const PAGES: [&str; 2] = ["/", "/es/"];

/// Measures the site as it stands in `dist/site`, and prints what it finds.
pub fn run() -> Result<()> {
    let program = install()?;
    let chromium = browsers::chromium().context("Lighthouse needs Chromium: run `cargo xtask setup`")?;
    let served = server::spawn_compressed(paths::site())?;
    println!("\nLighthouse, mobile");
    let mut short = Vec::new();
    for page in PAGES {
        let out = paths::target().join("lighthouse.json");
        let address = format!("http://{}{page}", served.addr);
        cmd!(
            "node",
            &program,
            &address,
            "--quiet",
            "--output=json",
            format!("--output-path={}", out.display()),
            "--only-categories=performance,accessibility,best-practices",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage --no-first-run",
        )
        .env("CHROME_PATH", &chromium.binary)
        .stdin_null()
        .stdout_null()
        .run()?;
        let report: Value = serde_json::from_str(&fs::read_to_string(&out)?)?;
        for (category, least) in AT_LEAST {
            let score = report["categories"][category]["score"].as_f64().context("a category has a score")? * 100.0;
            println!("  {page:<6} {category:<16} {score:>4.0}   (at least {least})");
            if score < least {
                short.push(format!("{page} {category}: {score:.0}, by {}", failed(&report, category).join(", ")));
            }
        }
    }
    ensure!(short.is_empty(), "Lighthouse asks for more:\n  {}", short.join("\n  "));
    Ok(())
}

/// The audits of a category that are not at their best.
fn failed(report: &Value, category: &str) -> Vec<String> {
    let listed = report["categories"][category]["auditRefs"].as_array().cloned().unwrap_or_default();
    let audits = listed.iter().filter_map(|audit| audit["id"].as_str()).map(|id| (id, &report["audits"][id]));
    let short = audits.filter(|(_, audit)| audit["score"].as_f64().is_some_and(|score| score < 0.9));
    short.map(|(id, audit)| format!("{id} {}", audit["displayValue"].as_str().unwrap_or_default())).collect()
}

/// Its packages are many and large, so they come only when they are asked for.
fn install() -> Result<std::path::PathBuf> {
    let folder = paths::tools().join("lighthouse");
    let program = folder.join("node_modules/lighthouse/cli/index.js");
    if !program.exists() {
        println!("setup: npm ci in tools/lighthouse/ (a minute, once)");
        let npm = which::which("npm").map_err(|_| anyhow!("npm is missing"))?;
        cmd!(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
            .dir(&folder)
            .stdin_null()
            .stdout_null()
            .run()?;
    }
    Ok(program)
}
