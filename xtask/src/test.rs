//! Every check there is, in one order, with a summary at the end.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use duct::{Expression, cmd};

use crate::organisation::Organisation;
use crate::setup::{self, Need};
use crate::{embed, outputs, parity, paths, size};

struct Check {
    name: &'static str,
    about: &'static str,
    needs_site: bool,
    run: fn() -> Result<()>,
}

const CHECKS: &[Check] = &[
    Check { name: "fmt", about: "the Rust sources are formatted", needs_site: false, run: fmt },
    Check { name: "clippy", about: "no lint of clippy's fires", needs_site: false, run: clippy },
    Check { name: "unit", about: "unit, corpus and catalogue tests on the host", needs_site: false, run: unit },
    Check { name: "doc", about: "the crate's documentation builds without a warning", needs_site: false, run: doc },
    Check { name: "package", about: "the crate can be published", needs_site: false, run: package },
    Check { name: "build", about: "all outputs build, twice alike", needs_site: false, run: build_again },
    Check { name: "size", about: "what a reader downloads keeps its budgets", needs_site: true, run: size::check },
    Check { name: "parity", about: "the npm package answers as the host does", needs_site: true, run: parity::check },
    Check { name: "types", about: "TypeScript finds no fault in the page's modules", needs_site: true, run: types },
    Check { name: "html", about: "the built pages are valid HTML", needs_site: true, run: html },
    Check { name: "browser", about: "the page works in Chromium, Firefox and WebKit", needs_site: true, run: browser },
];

pub fn list() {
    for check in CHECKS {
        println!("{:<8} {}", check.name, check.about);
    }
}

/// Runs the checks named in `only`, or all; goes on after a failure and ends with a table.
pub fn run(only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| !CHECKS.iter().any(|check| check.name == *name)) {
        bail!("there is no check `{unknown}`; `cargo xtask test --list` names them");
    }
    let chosen = |name: &str| only.is_empty() || only.iter().any(|other| other == name);
    if chosen("browser") {
        setup::ensure(Need::Test)?;
    }
    let begin = Instant::now();
    let mut site: Option<bool> = None;
    let mut results = Vec::new();
    for check in CHECKS.iter().filter(|check| chosen(check.name)) {
        println!("\n== {}: {}", check.name, check.about);
        let begin = Instant::now();
        if check.needs_site && site.is_none() {
            site = Some(said(build()).is_ok());
        }
        let result = match site {
            Some(false) if check.needs_site => said(Err(anyhow::anyhow!("there is no site to check"))),
            _ => said((check.run)()),
        };
        if check.name == "build" {
            site = Some(result.is_ok());
        }
        let took = begin.elapsed();
        println!("== {}: {} in {}", check.name, word(&result), seconds(took));
        results.push((check.name, result, took));
    }

    println!();
    for (name, result, took) in &results {
        println!("{:<7} {name:<8} {:>8}", word(result), seconds(*took));
    }
    let failed = results.iter().filter(|(_, result, _)| result.is_err()).count();
    println!("{} passed, {failed} failed in {}", results.len() - failed, seconds(begin.elapsed()));
    if failed > 0 {
        bail!("{failed} of {} checks failed", results.len());
    }
    Ok(())
}

fn said(result: Result<()>) -> Result<()> {
    result.inspect_err(|error| println!("{error:#}"))
}

fn word(result: &Result<()>) -> &'static str {
    if result.is_ok() { "ok" } else { "FAILED" }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f32())
}

fn run_here(command: Expression) -> Result<()> {
    command.dir(paths::root()).stdin_null().run()?;
    Ok(())
}

fn cargo(arguments: &[&str]) -> Result<()> {
    run_here(cmd(paths::cargo(), arguments))
}

fn fmt() -> Result<()> {
    cargo(&["fmt", "--all", "--check"]).context("run `cargo fmt --all`")
}

fn clippy() -> Result<()> {
    cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"])
}

fn unit() -> Result<()> {
    cargo(&["test", "--no-fail-fast", "--workspace", "--exclude", "ndr-doctor-browser-tests"])
}

fn doc() -> Result<()> {
    let command = cmd!(paths::cargo(), "doc", "--quiet", "--no-deps", "--package", "ndr-doctor");
    run_here(command.env("RUSTDOCFLAGS", "--deny warnings"))
}

// What is packed is also built by itself, away from the rest of the workspace.
fn package() -> Result<()> {
    cargo(&["package", "--quiet", "--allow-dirty", "--package", "ndr-doctor"])
}

fn build() -> Result<()> {
    outputs::build(&Organisation::default())
}

// Twice: the same sources make the same bytes.
fn build_again() -> Result<()> {
    build()?;
    let first = outputs::checksums()?;
    println!("and once more");
    build()?;
    let differ: Vec<_> = outputs::checksums()?.into_iter().filter(|one| !first.contains(one)).collect();
    ensure!(differ.is_empty(), "a second build of the same sources made other bytes: {differ:?}");
    Ok(())
}

fn types() -> Result<()> {
    run_here(cmd!("node", "tools/node_modules/typescript/bin/tsc", "--project", "tools/tsconfig.json"))
}

fn html() -> Result<()> {
    let program = "tools/node_modules/html-validate/bin/html-validate.mjs";
    for place in [paths::site(), paths::single(), embed::folder()] {
        run_here(cmd!("node", program, "--config", "tools/html-validate.json", "--ext", "html", place))?;
    }
    Ok(())
}

// Two browsers at a time; what fails on the page keeps nothing from being tried on what else is shipped.
fn browser() -> Result<()> {
    cargo(&["test", "--no-fail-fast", "--package", "ndr-doctor-browser-tests", "--", "--test-threads", "2"])
}
