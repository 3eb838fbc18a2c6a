//! The npm package where files are fetched: on a page and in a worker.

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, report};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Page, Result, Site, Stage, ensure};
use serde_json::Value;

pub fn scenarios() -> Vec<Scenario> {
    vec![Scenario::new("package_on_a_page_and_in_a_worker", everywhere).at(Site::Bare)]
}

async fn everywhere(page: Page) -> Result<()> {
    let worker = "import { examine } from './npm/index.js';\n\
        addEventListener('message', async ({ data }) => postMessage(await examine(data, { lang: 'es' })));\n\
        postMessage('awake');";
    let html = "<!doctype html><html lang=en><title>A tool</title>";
    let stage = Stage::new()?.built("npm", "npm")?.page("worker.js", worker)?.page("index.html", html)?;
    let page = page.at(stage.serve(&[])?);
    page.go("/").await?;
    let text = corpus("ndr/classic_316_en.txt")?;
    let on_page: Value = page
        .ask_later("const done = arguments[arguments.length - 1]; import('/npm/index.js').then(({ examine }) => examine(arguments[0], { lang: 'en' })).then(done, (error) => done(String(error)))", [text.as_str()])
        .await?;
    ensure!(on_page == serde_json::to_value(report(&text, Lang::En))?, "the report is the host's: {on_page}");
    let in_worker: Value = page
        .ask_later("const done = arguments[arguments.length - 1]; const worker = new Worker('/worker.js', { type: 'module' }); worker.onerror = (event) => done(String(event.message)); worker.onmessage = ({ data }) => { if (data === 'awake') { worker.postMessage(arguments[0]); } else { done(data); } }", [text.as_str()])
        .await?;
    ensure!(in_worker == serde_json::to_value(report(&text, Lang::Es))?, "and so it is in a worker: {in_worker}");
    Ok(())
}
