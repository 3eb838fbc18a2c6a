//! Takes pictures of the page's main states, in Chromium, into `dist/pictures/`: for the README and for a critical eye.
//! Words on the command line choose among them: `cargo xtask pictures refused narrow dark`.

use std::process::ExitCode;
use std::{env, fs};

use anyhow::Result;
use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, home};
use ndr_doctor_browser_tests::{Engine, Page, run};
use serde_json::json;
use xtask::paths;

/// Pixels of a picture of a whole page, at the most.
const TALLEST: u32 = 12_000;

/// Name and size of a screen in CSS pixels.
const SCREENS: [(&str, u32, u32); 2] = [("narrow", 360, 780), ("wide", 1440, 1000)];

/// A state of the page: its name, what is pasted in each language, and what is selected then.
struct State {
    name: &'static str,
    texts: Option<(&'static str, &'static str)>,
    clicks: &'static [&'static str],
}

const REFUSED: Option<(&str, &str)> = Some(("ndr/classic_316_en.txt", "ndr/classic_317_es.txt"));
const SLOW: Option<(&str, &str)> = Some(("headers/slow_hop.txt", "headers/slow_hop.txt"));

const STATES: [State; 8] = [
    State { name: "empty", texts: None, clicks: &[] },
    State { name: "refused", texts: REFUSED, clicks: &[] },
    State { name: "sender", texts: REFUSED, clicks: &["label[for=role-sender]"] },
    State { name: "answered", texts: REFUSED, clicks: &[".questions > .choices .choice"] },
    State { name: "take", texts: REFUSED, clicks: &["[data-key=take]"] },
    State { name: "delay", texts: Some(("traps/delay_exo_dsn.eml", "traps/delay_exo_dsn.eml")), clicks: &[] },
    State { name: PAPER, texts: REFUSED, clicks: &[] },
    State { name: "path", texts: SLOW, clicks: &[] },
];

/// The state that is printed.
const PAPER: &str = "paper";

/// The present in every picture, so that clocks stand still.
const NOW: &str = "const now = Date.parse('2026-10-07T19:40:00Z'); Date.now = () => now";

fn main() -> ExitCode {
    match run::alone(Engine::Chromium, take) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn take(page: Page) -> Result<()> {
    let wanted: Vec<String> = env::args().skip(1).collect();
    let folder = paths::root().join("dist/pictures");
    fs::create_dir_all(&folder)?;
    for (screen, width, height) in SCREENS {
        screen_of(&page, width, height).await?;
        for theme in ["light", "dark"] {
            for lang in Lang::ALL {
                for State { name: state, texts, clicks } in STATES {
                    let name = format!("{state}-{screen}-{theme}-{}", lang.tag());
                    if !wanted.iter().all(|word| name.split('-').any(|part| part == word)) {
                        continue;
                    }
                    page.chromium("Emulation.setEmulatedMedia", json!({ "media": "" })).await?;
                    // A role or an answer given in the picture before would be remembered.
                    page.go(home(lang)).await?;
                    page.run("localStorage.clear()", ()).await?;
                    page.open(home(lang)).await?;
                    page.element("#theme").await?.select_by_value(theme).await?;
                    page.run(NOW, ()).await?;
                    if let Some((en, es)) = texts {
                        page.paste(&corpus(if lang == Lang::En { en } else { es })?).await?;
                        page.until_shown("#answer .headline").await?;
                    }
                    for click in clicks {
                        page.click(click).await?;
                    }
                    let media = if state == PAPER { "print" } else { "" };
                    page.chromium("Emulation.setEmulatedMedia", json!({ "media": media })).await?;
                    if state == PAPER {
                        page.run("dispatchEvent(new Event('beforeprint'))", ()).await?;
                    }
                    page.run("document.activeElement.blur(); scrollTo(0, 0)", ()).await?;
                    fs::write(folder.join(format!("{name}.png")), page.client.screenshot().await?)?;
                    let whole: u32 = page.ask("return document.documentElement.scrollHeight", ()).await?;
                    screen_of(&page, width, whole.min(TALLEST)).await?;
                    fs::write(folder.join(format!("{name}-whole.png")), page.client.screenshot().await?)?;
                    screen_of(&page, width, height).await?;
                }
            }
        }
    }
    println!("{}", folder.display());
    Ok(())
}

/// No window of Chromium's is as narrow as a telephone; a screen of any size can be pretended to it.
async fn screen_of(page: &Page, width: u32, height: u32) -> Result<()> {
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    page.chromium("Emulation.setDeviceMetricsOverride", metrics).await
}
