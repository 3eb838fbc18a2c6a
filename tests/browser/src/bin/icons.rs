//! Makes the pictures that an installed page is shown by, in Chromium, into `www/icons/`: its icon in the sizes that
//! systems ask for, and two views of it.

use std::fs;
use std::process::ExitCode;

use anyhow::Result;
use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, home};
use ndr_doctor_browser_tests::{Engine, Page, Stage, run};
use serde_json::json;
use xtask::paths;

fn main() -> ExitCode {
    match run::alone(Engine::Chromium, make) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn make(page: Page) -> Result<()> {
    let folder = paths::root().join("www/icons");
    fs::create_dir_all(&folder)?;
    let icon = fs::read_to_string(paths::root().join("www/icon.svg"))?;
    // A system may cut a maskable icon to any shape: the picture keeps to the middle, its ground fills the square.
    let flat = icon.replace(" rx=\"7\"", "");
    for (name, size, inner, svg, ground) in [
        ("192", 192, 192, &icon, "transparent"),
        ("512", 512, 512, &icon, "transparent"),
        ("maskable", 512, 400, &flat, "#0b6470"),
    ] {
        let html = format!(
            "<!doctype html><title>icon</title><style>body {{ margin: 0; height: {size}px; display: grid; place-items: center; \
             background: {ground} }} img {{ width: {inner}px; height: {inner}px }}</style><img src=icon.svg alt=''>"
        );
        let stage = Stage::new()?.page("index.html", &html)?.page("icon.svg", svg)?;
        let page = page.at(stage.serve(&[])?);
        page.chromium(
            "Emulation.setDefaultBackgroundColorOverride",
            json!({ "color": { "r": 0, "g": 0, "b": 0, "a": 0 } }),
        )
        .await?;
        screen(&page, size, size).await?;
        page.go("/").await?;
        page.until("the picture is there", "return document.images[0].complete", ()).await?;
        fs::write(folder.join(format!("{name}.png")), page.client.screenshot().await?)?;
    }
    page.chromium("Emulation.setDefaultBackgroundColorOverride", json!({})).await?;
    for (form, width, height) in [("wide", 1280, 800), ("narrow", 390, 844)] {
        screen(&page, width, height).await?;
        for lang in Lang::ALL {
            page.open(home(lang)).await?;
            let file = if lang == Lang::En { "ndr/classic_316_en.txt" } else { "queue/labels_316_es.txt" };
            page.paste(&corpus(file)?).await?;
            page.until_shown("#answer .headline[data-section]").await?;
            page.run("document.activeElement.blur(); scrollTo(0, 0)", ()).await?;
            fs::write(folder.join(format!("{form}.{}.png", lang.tag())), page.client.screenshot().await?)?;
        }
    }
    println!("{}", folder.display());
    Ok(())
}

async fn screen(page: &Page, width: u32, height: u32) -> Result<()> {
    let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    page.chromium("Emulation.setDeviceMetricsOverride", metrics).await
}
