//! The page for frames, in a parent of another origin.

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{plain, report};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Page, Result, Site, Stage, ensure};

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("frame_of_another_origin", |page| framed(page, "")).at(Site::Bare),
        Scenario::new("frame_of_another_origin_in_a_sandbox", |page| framed(page, "sandbox='allow-scripts'"))
            .at(Site::Bare),
        Scenario::new("frame_tells_nothing_where_nobody_asked", silent).at(Site::Bare),
    ]
}

async fn framed(page: Page, sandbox: &str) -> Result<()> {
    let folder = Stage::new()?.built("embed", "")?;
    let inner = folder.serve(&[])?;
    let outer = Stage::new()?.built("embed/embed-parent.js", "embed-parent.js")?;
    let outer_page = page.at(outer.serve(&[])?);
    let origin = outer_page.site.url("");
    let address = inner.url(&format!("/embed.html?lang=es&theme=dark&code=4.4.316&parent={origin}"));
    outer.write("index.html", &format!("<!doctype html><html lang=en><meta charset=utf-8><title>A wiki</title><script src=embed-parent.js></script><script>window.heard = []; addEventListener('message', ({{ data }}) => window.heard.push(data))</script><iframe data-ndr-doctor {sandbox} title='NDR Doctor' src='{address}' width=900 height=300></iframe>"))?;
    let page = outer_page;
    page.go("/").await?;
    let height = "return Number.parseInt(document.querySelector('iframe').style.height)";
    page.until(
        "the frame is as high as what it shows",
        "return Number.parseInt(document.querySelector('iframe').style.height) > 600",
        (),
    )
    .await?;
    page.client.enter_frame(0).await?;
    page.until_text("#answer-title", &plain(report("4.4.316", Lang::Es).findings[0].title)).await?;
    let theme: String = page.ask("return document.documentElement.dataset.theme", ()).await?;
    ensure!(theme == "dark", "the theme is {theme}");
    page.client.enter_parent_frame().await?;
    // A code may be sent in, and only a code.
    page.run(
        "document.querySelector('iframe').contentWindow.postMessage({ to: 'ndr-doctor', code: '4.4.312' }, '*')",
        (),
    )
    .await?;
    page.client.enter_frame(0).await?;
    page.until_text("#answer-title", &plain(report("4.4.312", Lang::Es).findings[0].title)).await?;
    page.client.enter_parent_frame().await?;
    page.run("document.querySelector('iframe').contentWindow.postMessage({ to: 'ndr-doctor', code: 'ana@contoso.example was refused' }, '*')", ()).await?;
    page.run(
        "document.querySelector('iframe').contentWindow.postMessage({ to: 'ndr-doctor', code: '4.4.318' }, '*')",
        (),
    )
    .await?;
    page.client.enter_frame(0).await?;
    page.until_text("#answer-title", &plain(report("4.4.318", Lang::Es).findings[0].title)).await?;
    page.client.enter_parent_frame().await?;
    let told: Vec<serde_json::Value> = page.ask("return window.heard", ()).await?;
    let plain_heights =
        told.iter().all(|one| one.as_object().is_some_and(|map| map.len() == 2) && one["height"].is_number());
    ensure!(!told.is_empty() && plain_heights, "heights are all that leaves the frame: {told:?}");
    ensure!(page.ask::<f64>(height, ()).await? > 600.0, "the frame is still high enough");
    leave(&page).await
}

async fn silent(page: Page) -> Result<()> {
    let folder = Stage::new()?.built("embed", "")?;
    let inner = folder.serve(&[])?;
    let outer = Stage::new()?;
    let address = inner.url("/embed.html?lang=en&code=4.4.316");
    outer.write("index.html", &format!("<!doctype html><html lang=en><title>A wiki</title><script>window.heard = []; addEventListener('message', ({{ data }}) => window.heard.push(data))</script><iframe title='NDR Doctor' src='{address}'></iframe>"))?;
    let page = page.at(outer.serve(&[])?);
    page.go("/").await?;
    page.client.enter_frame(0).await?;
    page.until_text("#answer-title", &plain(report("4.4.316", Lang::En).findings[0].title)).await?;
    page.client.enter_parent_frame().await?;
    let told: Vec<serde_json::Value> = page.ask("return window.heard", ()).await?;
    ensure!(told.is_empty(), "nothing is told to a page that did not ask: {told:?}");
    // Neither does it take orders.
    page.run(
        "document.querySelector('iframe').contentWindow.postMessage({ to: 'ndr-doctor', code: '4.4.312' }, '*')",
        (),
    )
    .await?;
    page.client.enter_frame(0).await?;
    page.until_text("#answer-title", &plain(report("4.4.316", Lang::En).findings[0].title)).await?;
    page.client.enter_parent_frame().await?;
    leave(&page).await
}

/// A page that holds a frame of another origin has asked elsewhere, as it should.
async fn leave(page: &Page) -> Result<()> {
    Ok(page.client.goto("about:blank").await?)
}
