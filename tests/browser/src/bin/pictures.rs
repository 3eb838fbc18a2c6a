//! Takes pictures of the page's main states, in Chromium, into `dist/pictures/`: for the README and for a critical eye.
//! Words on the command line choose among them: `cargo xtask pictures refused narrow dark`.

use std::process::ExitCode;
use std::{env, fs};

use anyhow::Result;
use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, corpus_bytes, home};
use ndr_doctor_browser_tests::{Engine, Page, run};
use serde_json::json;
use xtask::paths;

/// Pixels of a picture of a whole page, at the most.
const TALLEST: u32 = 12_000;

/// Name and size of a screen in CSS pixels.
const SCREENS: [(&str, u32, u32); 2] = [("narrow", 360, 780), ("wide", 1440, 1000)];

/// A state of the page: its name, and what a reader does to come there.
struct State {
    name: &'static str,
    acts: &'static [Act],
}

enum Act {
    /// Pastes a mail of the corpus, one in each language.
    Paste {
        en: &'static str,
        es: &'static str,
    },
    /// Drops a file of the corpus.
    Drop(&'static str),
    Click(&'static str),
    /// Types into the element with the focus.
    Write(&'static str),
    /// Opens a page of the same language.
    Open(&'static str),
    /// Waits for what an act brings.
    See(&'static str),
}

use Act::{Click, Drop, Open, Paste, See, Write};

const REFUSED: Act = Paste { en: "ndr/classic_316_en.txt", es: "ndr/classic_317_es.txt" };
const DELAYED: Act = Paste { en: "traps/delay_exo_dsn.eml", es: "traps/delay_exo_dsn.eml" };

const STATES: [State; 16] = [
    State { name: "empty", acts: &[] },
    State { name: "refused", acts: &[REFUSED] },
    State { name: "sender", acts: &[REFUSED, Click("label[for=role-sender]")] },
    State {
        name: "to_it",
        acts: &[REFUSED, Click("label[for=role-sender]"), Click(".to-it > summary"), See(".to-it .buttons:enabled")],
    },
    State { name: "answered", acts: &[REFUSED, Click(".questions > .choices .choice")] },
    State { name: "take", acts: &[REFUSED, Click("[data-key=take]"), See(".take .mask")] },
    State { name: "delay", acts: &[DELAYED] },
    State { name: "compare", acts: &[DELAYED, Click("[data-key=paste-new]"), REFUSED, See(".compared")] },
    State { name: PAPER, acts: &[REFUSED] },
    State { name: "path", acts: &[Paste { en: "headers/slow_hop.txt", es: "headers/slow_hop.txt" }] },
    State { name: "not_a_bounce", acts: &[Paste { en: "wrongway/oof_exchange_en.eml", es: "wrongway/oof_es.eml" }] },
    State { name: "unrecognised", acts: &[Paste { en: "garbage/lorem.txt", es: "garbage/lorem.txt" }] },
    State { name: "picture", acts: &[Drop("garbage/picture.png")] },
    State { name: "reference", acts: &[Open("codes/4.4.316/"), See("article")] },
    State { name: "index", acts: &[Open("codes/"), See("#search")] },
    State {
        name: "look_up",
        acts: &[Open("codes/"), See("#search"), Click("#query"), Write("5.7.1"), See("#hits li")],
    },
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
                for State { name: state, acts } in STATES {
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
                    for act in acts {
                        play(&page, lang, act).await?;
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

async fn play(page: &Page, lang: Lang, act: &Act) -> Result<()> {
    match act {
        Paste { en, es } => {
            page.paste(&corpus(if lang == Lang::En { en } else { es })?).await?;
            page.until_shown("#answer .headline").await
        }
        Drop(file) => {
            page.drop_file(file, &corpus_bytes(file)?).await?;
            page.until_shown("#answer .headline").await
        }
        Click(css) => page.click(css).await,
        Write(words) => page.write(words).await,
        Open(path) => page.go(&format!("{}{path}", home(lang))).await,
        See(css) => page.until_shown(css).await,
    }
}

/// No window of Chromium's is as narrow as a telephone; a screen of any size can be pretended to it.
async fn screen_of(page: &Page, width: u32, height: u32) -> Result<()> {
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    page.chromium("Emulation.setDeviceMetricsOverride", metrics).await
}
