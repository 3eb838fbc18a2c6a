//! The single file: opened from the disk, beside a network that would answer, and not one request.

use std::fs;

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, plain, report, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Page, Result, Site, Stage, ensure};
use xtask::paths;
use xtask::server::{HEADERS, Headers};

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("single_file_from_the_disk", from_the_disk).at(Site::Bare),
        Scenario::new("single_file_keeps_nothing_unless_asked", kept_on_wish).at(Site::Bare),
        Scenario::new("single_file_from_a_server", from_a_server).at(Site::Bare),
        Scenario::new("single_file_in_a_sandbox", in_a_sandbox).at(Site::Bare),
        Scenario::new("single_file_without_webassembly", without_wasm).at(Site::Bare),
    ]
}

async fn from_the_disk(page: Page) -> Result<()> {
    let address = format!("file://{}", paths::single().display());
    page.client.goto(&address).await?;
    page.ready().await?;
    page.run("window.refused = []; addEventListener('securitypolicyviolation', (event) => window.refused.push(`${event.violatedDirective} ${event.blockedURI}`))", ()).await?;
    for (lang, file) in [(Lang::En, "ndr/classic_316_en.txt"), (Lang::Es, "queue/labels_316_es.txt")] {
        page.click(&format!("[data-lang={}]", lang.tag())).await?;
        page.until("the language", "return document.documentElement.lang === arguments[0]", [lang.tag()]).await?;
        let text = corpus(file)?;
        page.paste(&text).await?;
        page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
        page.until_text("#answer-title", &plain(report(&text, lang).findings[0].title)).await?;
        page.click("[data-step]").await?;
    }
    page.click("#open-guide").await?;
    page.until_shown("#guide [id=\"4.4.312\"]").await?;
    let links: Vec<String> = page
        .ask("return [...document.querySelectorAll('a[href]')].map((one) => one.getAttribute('href')).filter((href) => !/^(https:|mailto:|#)/.test(href))", ())
        .await?;
    ensure!(links.is_empty(), "no link leads to a file that is not there: {links:?}");
    let loaded: Vec<String> =
        page.ask("return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith('data:'))", ()).await?;
    ensure!(loaded.is_empty(), "nothing is loaded: {loaded:?}");
    let refused: Vec<String> = page.ask("return window.refused", ()).await?;
    ensure!(refused.is_empty(), "nothing is even tried: {refused:?}");
    // A network that would answer: the page may not reach it.
    let listening = Stage::new()?.page("hello.txt", "hello")?.serve(ANYONE)?;
    let reached: bool = page
        .ask_later(
            "const done = arguments[arguments.length - 1]; fetch(arguments[0]).then(() => done(true), () => done(false))",
            [listening.url("/hello.txt").as_str()],
        )
        .await?;
    ensure!(!reached && listening.requests().is_empty(), "its policy lets no request out");
    let version: String = page.text("footer").await?;
    ensure!(
        version.contains(env!("CARGO_PKG_VERSION")) || version.contains("NDR Doctor 0."),
        "the version is shown: {version}"
    );
    Ok(page.client.goto("about:blank").await?)
}

/// Ticks from the disk last as long as the page, until the reader wishes it otherwise.
async fn kept_on_wish(page: Page) -> Result<()> {
    const KEPT: &str = "return Object.keys(localStorage).filter((name) => name.startsWith('ndr-doctor.')).sort()";
    page.client.goto(&format!("file://{}", paths::single().display())).await?;
    page.ready().await?;
    for lang in ["es", "en"] {
        page.click(&format!("[data-lang={lang}]")).await?;
        page.until("the language", "return document.documentElement.lang === arguments[0]", [lang]).await?;
    }
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    let step = page.attribute("[data-step]", "data-step").await?.unwrap_or_default();
    page.click("[data-step]").await?;
    let kept: Vec<String> = page.ask(KEPT, ()).await?;
    ensure!(kept.is_empty(), "nothing is kept before the reader wishes it: {kept:?}");
    page.click("[data-key=keep]").await?;
    page.until_shown("[data-key=erase]").await?;
    let kept: Vec<String> = page.ask(KEPT, ()).await?;
    ensure!(
        kept == ["ndr-doctor.case", "ndr-doctor.keep", "ndr-doctor.lang"],
        "the case is kept from now on: {kept:?}"
    );

    page.client.refresh().await?;
    page.ready().await?;
    page.until_shown("[data-key=resume]").await?;
    page.click("[data-key=resume]").await?;
    page.until(
        "the tick is back",
        "return document.querySelector(`[data-step=\"${arguments[0]}\"]`)?.checked === true",
        [step.as_str()],
    )
    .await?;
    page.click("[data-key=erase]").await?;
    page.until_text("#status", word(Lang::En, "follow.erased")).await?;
    let kept: Vec<String> = page.ask(KEPT, ()).await?;
    ensure!(kept.is_empty(), "all of it can be erased: {kept:?}");
    Ok(page.client.goto("about:blank").await?)
}

const ANYONE: Headers = &[("access-control-allow-origin", "*")];

async fn from_a_server(page: Page) -> Result<()> {
    let stage = Stage::new()?.built("ndr-doctor.html", "ndr-doctor.html")?;
    let page = page.at(stage.serve(HEADERS)?);
    // A host's own policy adds to that of the page: this one allows no inline script, so the guide is what is left.
    page.go("/ndr-doctor.html").await?;
    page.until_shown("#guide [id=\"4.4.316\"]").await?;
    let page = page.at(stage.serve(&[])?);
    page.open("/ndr-doctor.html").await?;
    page.paste(&corpus("ndr/classic_312_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.312\"]").await?;
    let asked = page.site.requests();
    ensure!(asked.len() == 1, "one request, for the file itself: {asked:?}");
    Ok(())
}

async fn in_a_sandbox(page: Page) -> Result<()> {
    let html = "<!doctype html><title>A wiki</title><iframe sandbox='allow-scripts' src='ndr-doctor.html' width='900' height='700'></iframe>";
    let stage = Stage::new()?.built("ndr-doctor.html", "ndr-doctor.html")?.page("index.html", html)?;
    let page = page.at(stage.serve(&[])?);
    page.go("/").await?;
    page.client.enter_frame(0).await?;
    page.ready().await?;
    page.run("const field = document.getElementById('field'); field.value = '450 4.4.316 Connection refused'; field.dispatchEvent(new InputEvent('input', { bubbles: true }))", ()).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    page.client.enter_parent_frame().await?;
    Ok(())
}

async fn without_wasm(page: Page) -> Result<()> {
    // As under a policy that forgets 'wasm-unsafe-eval', and in browsers hardened against it.
    let html = fs::read_to_string(paths::single())?.replace("typeof WebAssembly", "typeof NoWebAssembly");
    let policy =
        html.split("script-src ").nth(1).and_then(|rest| rest.split(' ').next()).unwrap_or_default().to_string();
    let early = html.split("<script>").nth(1).and_then(|rest| rest.split("</script>").next()).unwrap_or_default();
    let html = html.replace(&policy, &format!("'{}'", xtask::files::sha256(early)));
    let stage = Stage::new()?.page("ndr-doctor.html", &html)?;
    let page = page.at(stage.serve(&[])?);
    page.go("/ndr-doctor.html").await?;
    page.until_text(".no-wasm-note", word(Lang::En, "page.no_wasm")).await?;
    page.until_shown("#guide [id=\"4.4.316\"]").await?;
    ensure!(!page.shows("#desk").await?, "the field is not offered");
    Ok(())
}
