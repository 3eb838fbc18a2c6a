//! For every eye and every screen: axe-core finds nothing, and nothing scrolls sideways on a narrow screen.

use std::fs;

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, home};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::site::file;
use ndr_doctor_browser_tests::{Context, Page, Result, Site, ensure};
use serde::Deserialize;
use serde_json::json;
use xtask::paths;

pub fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        for theme in ["light", "dark"] {
            all.push(Scenario::new(format!("axe_{}_{theme}", lang.tag()), move |page| axe(page, lang, theme)));
        }
        all.push(Scenario::new(format!("narrow_{}", lang.tag()), move |page| narrow(page, lang)));
    }
    all
}

const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    help: String,
    nodes: Vec<String>,
}

async fn axe(page: Page, lang: Lang, theme: &'static str) -> Result<()> {
    page.open(home(lang)).await?;
    page.element("#theme").await?.select_by_value(theme).await?;
    page.until("the theme is chosen", "return document.documentElement.dataset.theme === arguments[0]", [theme])
        .await?;
    let source = fs::read_to_string(paths::tools().join("node_modules/axe-core/axe.min.js"))
        .context("axe-core is not installed: run `cargo xtask setup`")?;
    page.run(&source, ()).await?;
    nothing_found(&page, "empty").await?;
    page.click("#read").await?;
    page.until_shown("#answer [data-answer=empty]").await?;
    nothing_found(&page, "read without a text").await?;
    page.click("#examples summary").await?;
    nothing_found(&page, "with the examples open").await?;
    page.click("#examples summary").await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#runs mark").await?;
    page.click("[data-step]").await?;
    nothing_found(&page, "answered").await?;
    page.click("[data-key=take]").await?;
    page.until_shown(".take .mask").await?;
    nothing_found(&page, "taken along").await?;
    page.click(".take .title-line button").await?;
    page.run("for (const one of document.querySelectorAll('details')) one.open = true", ()).await?;
    page.click("#open-guide").await?;
    nothing_found(&page, "answered, everything unfolded").await?;
    page.click("label[for=role-sender]").await?;
    page.click(".to-it > summary").await?;
    page.until(
        "the message is written",
        "return (document.querySelector('.to-it .preview')?.textContent.length ?? 0) > 100",
        (),
    )
    .await?;
    nothing_found(&page, "answered for a sender").await
}

async fn nothing_found(page: &Page, state: &str) -> Result<()> {
    let found: Vec<Violation> = page
        .ask_later(
            "const done = arguments[arguments.length - 1];
             window.axe.run(document, { runOnly: { type: 'tag', values: arguments[0] }, resultTypes: ['violations'] }).then(
               ({ violations }) => done(violations.map(({ id, help, nodes }) => ({
                 id, help, nodes: nodes.map((node) => `${node.target.join(' ')}: ${node.failureSummary.replace(/\\s+/g, ' ')}`) }))),
               (error) => done([{ id: 'axe', help: String(error), nodes: [] }]));",
            json!([TAGS]),
        )
        .await?;
    let list: Vec<String> =
        found.iter().map(|one| format!("{}: {}\n    {}", one.id, one.help, one.nodes.join("\n    "))).collect();
    ensure!(found.is_empty(), "axe-core finds in the page, {state}:\n  {}", list.join("\n  "));
    Ok(())
}

/// WCAG 1.4.10: 320 CSS pixels wide, and nothing but tables scrolls sideways. A frame is as narrow in every engine.
async fn narrow(page: Page, lang: Lang) -> Result<()> {
    let page = page.at(Site::Watched.serve_with(0, &[])?);
    page.go(&file("styles.css")?).await?;
    page.run(
        "const frame = document.createElement('iframe');
         frame.width = 320;
         frame.height = 640;
         frame.style.border = '0';
         frame.src = arguments[0];
         document.body.style.margin = '0';
         document.body.replaceChildren(frame);",
        [home(lang)],
    )
    .await?;
    page.client.enter_frame(0).await?;
    page.ready().await?;
    fits(&page, "empty").await?;
    page.drop_file(
        "a.eml",
        &ndr_doctor_browser_tests::expected::corpus_bytes("dsn/exo_317_subjectmismatch_whole.eml")?,
    )
    .await?;
    page.until_shown("#answer .headline[data-section=\"4.4.317\"]").await?;
    fits(&page, "answered").await?;
    page.run("for (const one of document.querySelectorAll('details')) one.open = true; document.getElementById('open-guide').click()", ()).await?;
    fits(&page, "answered, everything unfolded").await?;
    let order: bool = page
        .ask("return document.getElementById('answer').getBoundingClientRect().top < document.getElementById('pasted').getBoundingClientRect().top", ())
        .await?;
    ensure!(order, "on a narrow screen the answer comes first, the text under it");
    page.no_faults().await?;
    page.client.enter_parent_frame().await?;
    Ok(())
}

async fn fits(page: &Page, state: &str) -> Result<()> {
    let (width, wide): (f64, Vec<String>) = page
        .ask(
            "const scrolls = (one) => one !== null && (['auto', 'scroll'].includes(getComputedStyle(one).overflowX) || scrolls(one.parentElement));
             return [document.documentElement.scrollWidth, [...document.body.querySelectorAll('*')]
               .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 0.5
                 && !one.closest('.visually-hidden') && !scrolls(one.parentElement))
               .map((one) => `${one.outerHTML.slice(0, 100)} reaches ${one.getBoundingClientRect().right}`)]",
            (),
        )
        .await?;
    let inner: f64 = page.ask("return innerWidth", ()).await?;
    ensure!(inner == 320.0, "the frame is {inner} wide");
    ensure!(width <= 320.0 && wide.is_empty(), "{state}: the page is {width} wide:\n  {}", wide.join("\n  "));
    Ok(())
}
