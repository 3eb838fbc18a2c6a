//! For every eye and every screen: axe-core finds nothing, and nothing scrolls sideways on a narrow screen.

use std::fs;

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, home};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::site::file;
use ndr_doctor_browser_tests::{Context, Engine, Page, Result, Site, ensure};
use serde::Deserialize;
use serde_json::json;
use xtask::paths;

pub fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        for theme in ["light", "dark"] {
            let named = |state: &str| format!("axe_{state}{}_{theme}", lang.tag());
            all.push(Scenario::new(named(""), move |page| axe_at_first(page, lang, theme)));
            all.push(Scenario::new(named("answered_"), move |page| axe_answered(page, lang, theme)));
            all.push(Scenario::new(named("unfolded_"), move |page| axe_unfolded(page, lang, theme)));
            all.push(Scenario::new(named("sender_"), move |page| axe_sender(page, lang, theme)));
        }
        all.push(Scenario::new(format!("narrow_{}", lang.tag()), move |page| narrow(page, lang, 100)));
        all.push(Scenario::new(format!("large_text_{}", lang.tag()), move |page| narrow(page, lang, 200)));
        all.push(Scenario::new(format!("forced_colours_{}", lang.tag()), move |page| forced_colours(page, lang)));
        all.push(Scenario::new(format!("paper_{}", lang.tag()), move |page| paper(page, lang)));
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

/// The page in a theme, with axe-core in it.
async fn with_axe(page: &Page, lang: Lang, theme: &str) -> Result<()> {
    page.open(home(lang)).await?;
    page.element("#theme").await?.select_by_value(theme).await?;
    page.until("the theme is chosen", "return document.documentElement.dataset.theme === arguments[0]", [theme])
        .await?;
    let source = fs::read_to_string(paths::tools().join("node_modules/axe-core/axe.min.js"))
        .context("axe-core is not installed: run `cargo xtask setup`")?;
    page.run(&source, ()).await
}

async fn axe_at_first(page: Page, lang: Lang, theme: &'static str) -> Result<()> {
    with_axe(&page, lang, theme).await?;
    nothing_found(&page, "empty").await?;
    page.click("#read").await?;
    page.until_shown("#answer [data-answer=empty]").await?;
    nothing_found(&page, "read without a text").await?;
    page.click("#examples summary").await?;
    nothing_found(&page, "with the examples open").await
}

async fn axe_answered(page: Page, lang: Lang, theme: &'static str) -> Result<()> {
    with_axe(&page, lang, theme).await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#runs mark").await?;
    page.click("[data-step]").await?;
    nothing_found(&page, "answered").await?;
    page.click("[data-key=take]").await?;
    page.until_shown(".take .mask").await?;
    nothing_found(&page, "taken along").await
}

async fn axe_unfolded(page: Page, lang: Lang, theme: &'static str) -> Result<()> {
    with_axe(&page, lang, theme).await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#runs mark").await?;
    page.run("for (const one of document.querySelectorAll('details')) one.open = true", ()).await?;
    page.click("#open-guide").await?;
    nothing_found(&page, "answered, everything unfolded").await
}

async fn axe_sender(page: Page, lang: Lang, theme: &'static str) -> Result<()> {
    with_axe(&page, lang, theme).await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.click("label[for=role-sender]").await?;
    page.run("for (const one of document.querySelectorAll('#answer details:not(.to-it)')) one.open = true", ()).await?;
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
/// With the text at 200 % (1.4.4) nothing is cut either.
async fn narrow(page: Page, lang: Lang, percent: u32) -> Result<()> {
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
    page.run("document.documentElement.style.fontSize = `${arguments[0]}%`", json!([percent])).await?;
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
    let cut: Vec<String> = page
        .ask(
            "return [...document.body.querySelectorAll('*')].filter((one) => one.checkVisibility() && !one.closest('.visually-hidden, svg')
               && ['hidden', 'clip'].includes(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight + 1
               && !(one.clientWidth <= 1 && one.clientHeight <= 1)).map((one) => one.outerHTML.slice(0, 100))",
            (),
        )
        .await?;
    ensure!(cut.is_empty(), "{state}: text is cut in\n  {}", cut.join("\n  "));
    ensure!(width <= 320.0 && wide.is_empty(), "{state}: the page is {width} wide:\n  {}", wide.join("\n  "));
    Ok(())
}

/// Where the system forces its few colours, what colour says elsewhere is said by lines: only Chromium can pretend it.
async fn forced_colours(page: Page, lang: Lang) -> Result<()> {
    if page.engine != Engine::Chromium {
        return Ok(());
    }
    let forced = json!({ "features": [{ "name": "forced-colors", "value": "active" }] });
    page.chromium("Emulation.setEmulatedMedia", forced).await?;
    page.open(home(lang)).await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#runs mark").await?;
    page.until("the colours are forced", "return matchMedia('(forced-colors: active)').matches", ()).await?;
    let same: Vec<String> = page
        .ask(
            "const style = (query) => getComputedStyle(document.querySelector(query));
             const differ = [
               ['a chosen role', 'borderTopWidth', '.segments label:has(:checked)', '.segments label:not(:has(:checked))'],
               ['a mark', 'backgroundColor', '#runs mark a', '#runs'],
               ['the broken stage', 'fill', '.broken .shape', '.sign:not(.broken .sign) .shape'],
               ['what comes first', 'borderTopStyle', '#read', '.lead'],
             ];
             return differ.filter(([, what, one, other]) => style(one)[what] === style(other)[what]).map(([name]) => name)",
            (),
        )
        .await?;
    page.chromium("Emulation.setEmulatedMedia", json!({ "features": [] })).await?;
    ensure!(same.is_empty(), "nothing but colour tells {same:?}");
    Ok(())
}

/// On paper: the answer and one's own steps, whole; no control, nothing beyond the edge. Only Chromium can pretend it.
async fn paper(page: Page, lang: Lang) -> Result<()> {
    if page.engine != Engine::Chromium {
        return Ok(());
    }
    page.open(home(lang)).await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#answer .checklist").await?;
    page.chromium("Emulation.setEmulatedMedia", json!({ "media": "print" })).await?;
    page.run("dispatchEvent(new Event('beforeprint'))", ()).await?;
    let (controls, steps, wide): (Vec<String>, Vec<String>, Vec<String>) = page
        .ask(
            "const seen = (one) => one.checkVisibility();
             const name = (one) => one.outerHTML.slice(0, 100);
             const all = [...document.body.querySelectorAll('*')].filter(seen);
             return [
               all.filter((one) => one.matches('button, select, textarea, input:not([type=checkbox]), footer, nav')).map(name),
               [...document.querySelectorAll('.checklist > .steps [data-step]')].filter((one) => !seen(one)).map((one) => one.dataset.step),
               all.filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5 && !one.closest('.visually-hidden, svg')).map(name)]",
            (),
        )
        .await?;
    let there = page.shows("#answer-title").await? && page.shows(".causes").await?;
    page.run("dispatchEvent(new Event('afterprint'))", ()).await?;
    page.go(&format!("{}codes/4.4.316/", home(lang))).await?;
    let steps_of_reference = page.shows("article .guide-steps").await?;
    page.chromium("Emulation.setEmulatedMedia", json!({ "media": "" })).await?;
    ensure!(steps_of_reference, "a page of the reference is printed too");
    ensure!(there, "the answer is printed, with its causes");
    ensure!(controls.is_empty(), "no control is printed:\n  {}", controls.join("\n  "));
    ensure!(steps.is_empty(), "one's own steps are printed whole, but not {steps:?}");
    ensure!(wide.is_empty(), "nothing goes beyond the edge:\n  {}", wide.join("\n  "));
    Ok(())
}
