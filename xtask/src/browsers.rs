//! Where this machine keeps the browsers that the tests drive, and their WebDriver programs.

use std::env;
use std::path::PathBuf;

use crate::paths;

/// A browser and the program that drives it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// `chromium`, `firefox`, `webkit`.
    pub name: &'static str,
    pub driver: PathBuf,
    pub binary: PathBuf,
}

/// Every browser that the tests drive on this system; WebKit has a driver of this kind on Linux only.
pub fn all() -> Option<Vec<Browser>> {
    let mut browsers = vec![chromium()?, firefox()?];
    if cfg!(target_os = "linux") {
        browsers.push(webkit()?);
    }
    Some(browsers)
}

/// `CHROMEDRIVER` and `CHROMIUM` name other places.
pub fn chromium() -> Option<Browser> {
    Some(Browser {
        name: "chromium",
        driver: find("CHROMEDRIVER", &["chromedriver"])?,
        binary: find("CHROMIUM", &["chromium", "chromium-browser", "google-chrome"])?,
    })
}

/// `GECKODRIVER` and `FIREFOX` name other places.
pub fn firefox() -> Option<Browser> {
    Some(Browser { name: "firefox", driver: geckodriver()?, binary: find("FIREFOX", &["firefox-esr", "firefox"])? })
}

/// WebKitGTK needs a display: run its driver under `xvfb-run`. `WEBKITDRIVER` and `MINIBROWSER` name other places.
pub fn webkit() -> Option<Browser> {
    Some(Browser {
        name: "webkit",
        driver: find("WEBKITDRIVER", &["WebKitWebDriver"])?,
        binary: named("MINIBROWSER").or_else(minibrowser)?,
    })
}

/// `cargo xtask setup` puts it into `target/tools`, because Debian has no package of it.
pub fn geckodriver() -> Option<PathBuf> {
    find("GECKODRIVER", &["geckodriver"])
        .or_else(|| Some(geckodriver_root().join("bin/geckodriver")).filter(|path| path.exists()))
}

pub(crate) fn geckodriver_root() -> PathBuf {
    paths::root().join("target/tools")
}

fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    named(variable).or_else(|| names.iter().find_map(|name| which::which(name).ok()))
}

fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from)
}

// Debian ships it inside libwebkit2gtk-4.1-0, which webkit2gtk-driver depends on.
fn minibrowser() -> Option<PathBuf> {
    ["x86_64", "aarch64"]
        .iter()
        .map(|arch| PathBuf::from(format!("/usr/lib/{arch}-linux-gnu/webkit2gtk-4.1/MiniBrowser")))
        .find(|path| path.exists())
}
