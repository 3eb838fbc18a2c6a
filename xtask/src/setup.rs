//! Finds what the other chores need, and installs what is missing: the wasm32 target, Node and its packages, the browsers.

use std::path::{Path, PathBuf};
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use duct::cmd;

use crate::{browsers, paths};

/// What to set up. Each takes in the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum Need {
    /// What `build`, `serve` and `size` need
    Build,
    /// What `test` needs: the browsers and their drivers too
    Test,
}

/// A compiler for wasm32-unknown-unknown.
#[derive(Clone, Debug)]
pub enum WasmCompiler {
    /// The toolchain that runs this program has the target.
    Host,
    /// Debian's rustc-web under `/usr/bin`, which builds the standard library from rust-web-src.
    Debian { linker: PathBuf },
}

/// Makes sure that all is there; silent unless something has to be installed.
pub fn ensure(need: Need) -> Result<()> {
    let mut packages = missing_packages(need);
    if wasm_compiler().is_none() && !rustup_adds_target() {
        packages.extend(["rustc-web", "cargo-web", "rust-web-src", "lld"].map(String::from));
    }
    if !packages.is_empty() {
        install(packages, need)?;
    }
    node_packages()?;
    if need >= Need::Test {
        if browsers::geckodriver().is_none() {
            install_geckodriver()?;
        }
        browsers::all().context("a browser or its driver is still missing")?;
    }
    Ok(())
}

/// As [`ensure`], and says what was found.
pub fn report(need: Need) -> Result<()> {
    ensure(need)?;
    match wasm_compiler().context("still no compiler for wasm32-unknown-unknown")? {
        WasmCompiler::Host => println!("wasm32     the target of this toolchain"),
        WasmCompiler::Debian { linker } => println!("wasm32     /usr/bin/rustc with {}", linker.display()),
    }
    println!("node       {}", which::which("node")?.display());
    println!("packages   {}", paths::tools().join("node_modules").display());
    if need >= Need::Test {
        for browser in browsers::all().into_iter().flatten() {
            println!("{:<10} {}, driven by {}", browser.name, browser.binary.display(), browser.driver.display());
        }
    }
    Ok(())
}

/// The compiler to build the page's engine with, if there is one.
pub fn wasm_compiler() -> Option<WasmCompiler> {
    if sysroot()?.join("lib/rustlib/wasm32-unknown-unknown/lib").is_dir() {
        return Some(WasmCompiler::Host);
    }
    let library = Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml");
    let cargo = Path::new("/usr/bin/cargo");
    if !library.exists() || !cargo.exists() || !new_enough(Path::new("/usr/bin/rustc")) {
        return None;
    }
    Some(WasmCompiler::Debian { linker: newest_linker()? })
}

/// Where the compiler's own libraries lie.
pub fn sysroot() -> Option<PathBuf> {
    cmd!("rustc", "--print", "sysroot").dir(paths::root()).read().ok().map(|folder| PathBuf::from(folder.trim()))
}

// Debian's plain rustc lives under the same name and is years older.
fn new_enough(rustc: &Path) -> bool {
    let minor = |version: &str| version.split('.').nth(1)?.parse::<u32>().ok();
    let Ok(says) = cmd!(rustc, "--version").env_remove("RUSTUP_TOOLCHAIN").stderr_null().read() else { return false };
    minor(&says) >= minor(env!("CARGO_PKG_RUST_VERSION"))
}

fn newest_linker() -> Option<PathBuf> {
    let version = |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix("wasm-ld-")?.parse::<u32>().ok();
    let programs = fs::read_dir("/usr/bin").ok()?.flatten().map(|entry| entry.path());
    programs.filter(|path| version(path).is_some()).max_by_key(version)
}

// Without a way out, rustup does not fail: it waits.
fn rustup_adds_target() -> bool {
    let Ok(rustup) = which::which("rustup") else { return false };
    println!("setup: rustup target add wasm32-unknown-unknown");
    let command = cmd!(rustup, "target", "add", "wasm32-unknown-unknown").dir(paths::root()).stdin_null().unchecked();
    let Ok(handle) = command.start() else { return false };
    match handle.wait_timeout(Duration::from_secs(25)) {
        Ok(Some(output)) if output.status.success() => true,
        Ok(Some(_)) => false,
        _ => {
            println!("setup: rustup did not answer within 25 s");
            let _ = handle.kill();
            false
        }
    }
}

/// Debian's packages whose programs are not there.
fn missing_packages(need: Need) -> Vec<String> {
    let on_path = |name: &str| which::which(name).is_ok();
    let mut packages = vec![("nodejs", on_path("node")), ("npm", on_path("npm"))];
    if need >= Need::Test {
        let (chromium, firefox) = (browsers::chromium().is_some(), on_path("firefox-esr") || on_path("firefox"));
        packages.extend([("chromium", chromium), ("chromium-driver", chromium), ("firefox-esr", firefox)]);
        if cfg!(target_os = "linux") {
            packages.extend([
                ("webkit2gtk-driver", browsers::webkit().is_some()),
                ("xvfb", on_path("xvfb-run")),
                ("xauth", on_path("xauth")),
                ("fonts-dejavu-core", Path::new("/usr/share/fonts").is_dir()),
            ]);
        }
    }
    packages.into_iter().filter(|(_, there)| !there).map(|(package, _)| package.to_owned()).collect()
}

fn install(mut packages: Vec<String>, need: Need) -> Result<()> {
    if !Path::new("/etc/debian_version").exists() || !is_root() {
        bail!(by_hand(&packages, need));
    }
    println!("setup: apt-get update");
    if apt(&["update", "--quiet=2"]).is_err() {
        println!("setup: going on with the package lists that are here");
    }
    // The linker's package carries a version in its name.
    for package in packages.iter_mut().filter(|package| *package == "lld") {
        *package = newest_lld()?;
    }
    println!("setup: apt-get install {}", packages.join(" "));
    let mut arguments = vec!["install", "--quiet=2", "--yes", "--no-install-recommends"];
    arguments.extend(packages.iter().map(String::as_str));
    apt(&arguments)?;
    ensure!(
        wasm_compiler().is_some(),
        "the packages are installed, yet there is no compiler for wasm32-unknown-unknown"
    );
    Ok(())
}

fn apt(arguments: &[&str]) -> Result<()> {
    cmd("apt-get", arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin_null()
        .stdout_null()
        .run()
        .with_context(|| format!("apt-get {} failed", arguments.join(" ")))?;
    Ok(())
}

fn newest_lld() -> Result<String> {
    let known = cmd!("apt-cache", "search", "--names-only", "^lld-[0-9]+$").read()?;
    let versions = known.lines().filter_map(|line| line.split(' ').next()?.strip_prefix("lld-")?.parse::<u32>().ok());
    let newest = versions.max().context("apt knows no package lld-NN, which holds the wasm linker")?;
    Ok(format!("lld-{newest}"))
}

#[cfg(unix)]
fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}

#[cfg(not(unix))]
fn is_root() -> bool {
    false
}

/// The commands for a reader whose machine this program must not, or cannot, change.
fn by_hand(packages: &[String], need: Need) -> String {
    let debian = Path::new("/etc/debian_version").exists();
    let mut text = format!("missing: {}\n", packages.join(", "));
    if debian {
        let lld = newest_lld().unwrap_or_else(|_| "lld-19".into());
        let named: Vec<_> =
            packages.iter().map(|package| if package == "lld" { &lld } else { package }.as_str()).collect();
        text += &format!("as root:\n  apt-get update\n  apt-get install --no-install-recommends {}\n", named.join(" "));
    } else {
        let by_system = |mac, windows, other| match env::consts::OS {
            "macos" => mac,
            "windows" => windows,
            _ => other,
        };
        text += by_system(
            "node:\n  brew install node\n",
            "node:\n  winget install OpenJS.NodeJS.LTS\n",
            "node:\n  install Node 20 or newer with npm\n",
        );
        if need >= Need::Test {
            text += by_system(
                "browsers:\n  brew install --cask chromium chromedriver firefox\n",
                "browsers:\n  winget install Google.Chrome Chromium.ChromeDriver Mozilla.Firefox\n",
                "browsers:\n  install Chromium, ChromeDriver, Firefox, WebKitGTK's WebDriver, Xvfb and xauth\n",
            );
        }
    }
    if packages.iter().any(|package| package == "rustc-web") {
        let other = if debian {
            "or, instead of the packages named rustc-web, cargo-web, rust-web-src and lld-…"
        } else {
            "the wasm target"
        };
        text += &format!("{other}:\n  rustup target add wasm32-unknown-unknown\n");
    }
    text
}

fn node_packages() -> Result<()> {
    let tools = paths::tools();
    let modified = |path: PathBuf| fs::metadata(path).and_then(|meta| meta.modified());
    // npm writes this file last.
    let installed = modified(tools.join("node_modules/.package-lock.json"));
    if installed.is_ok_and(|installed| modified(tools.join("package-lock.json")).is_ok_and(|lock| lock <= installed)) {
        return Ok(());
    }
    println!("setup: npm ci in tools/");
    let npm = which::which("npm").context("npm is missing")?;
    cmd!(npm, "ci", "--no-audit", "--no-fund", "--loglevel=error").dir(tools).stdin_null().stdout_null().run()?;
    Ok(())
}

// A driver spends its time waiting: a debug build does, and takes half the time to compile.
fn install_geckodriver() -> Result<()> {
    println!("setup: cargo install geckodriver (a few minutes, once)");
    let root = browsers::geckodriver_root();
    let build = root.join("build");
    cmd!(
        paths::cargo(),
        "install",
        "geckodriver",
        "--version",
        "0.37.1",
        "--locked",
        "--debug",
        "--quiet",
        "--root",
        &root,
        "--target-dir",
        &build
    )
    .stdin_null()
    .run()
    .context("geckodriver could not be installed; put it on the path, or name it in GECKODRIVER")?;
    fs::remove_dir_all(build)?;
    Ok(())
}
