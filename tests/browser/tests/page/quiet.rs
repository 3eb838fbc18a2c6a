//! What was pasted goes nowhere: not over the network, not into what the browser keeps.

use std::collections::BTreeSet;

use ndr_doctor::report::{Finding, Report, Step};
use ndr_doctor::{Form, HostCharsets, Lang, Options, examine};
use ndr_doctor_browser_tests::expected::{corpus, corpus_bytes, home, plain, report, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Page, Result, Site, ensure, site};
use serde_json::Value;
use xtask::size::{ON_USE, first_answer};

pub fn scenarios() -> Vec<Scenario> {
    let mut all = vec![
        Scenario::new("nothing_pasted_is_stored", stored),
        Scenario::new("works_where_nothing_can_be_stored", unstored).at(Site::WithoutStorage),
    ];
    for lang in Lang::ALL {
        all.push(Scenario::new(format!("no_request_once_ready_{}", lang.tag()), move |page| requests(page, lang)));
        all.push(Scenario::new(format!("an_outlook_file_is_read_{}", lang.tag()), move |page| outlook(page, lang)));
    }
    all
}

async fn requests(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    quiet(&page).await?;
    let known = page.site.requests();
    let twice: Vec<_> =
        known.iter().enumerate().filter(|(at, one)| known[..*at].contains(one)).map(|(_, one)| &one.path).collect();
    ensure!(twice.is_empty(), "asked for twice: {twice:?}");
    // One language's words, and nothing that `cargo xtask size` does not weigh.
    let weighed: Vec<_> =
        first_answer(lang).iter().map(|name| site::file(name).unwrap_or(format!("/{name}"))).collect();
    let more: Vec<_> =
        known.iter().map(|one| &one.path).filter(|path| !weighed.contains(path) && *path != home(lang)).collect();
    ensure!(more.is_empty(), "before it takes input, the page fetches what is weighed, but fetched {more:?}");

    for file in ["ndr/classic_312_en.txt", "ndr/classic_320_es.txt", "queue/labels_316_es.txt"] {
        page.paste(&corpus(file)?).await?;
        page.until_shown("#answer .headline[data-section] ~ .checklist").await?;
    }
    page.drop_file("a.eml", &corpus_bytes("dsn/exo_317_subjectmismatch_whole.eml")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.317\"]").await?;
    page.click("[data-step]").await?;
    page.click(".causes .chip").await?;
    page.run("for (const one of document.querySelectorAll('details')) one.open = true", ()).await?;
    page.click("#edit").await?;
    for nth in 1..=page.count("[data-example]").await? {
        if !page.shows("#examples").await? {
            page.click("#edit").await?;
        }
        page.run("document.querySelector('#examples').open = true", ()).await?;
        page.run(&format!("document.querySelector('#example-list li:nth-child({nth}) button').click()"), ()).await?;
        page.read().await?;
    }
    page.element("#theme").await?.select_by_value("dark").await?;
    page.click("#open-guide").await?;
    quiet(&page).await?;
    let asked = page.site.since(known.len());
    ensure!(asked == [site::file("later.js")?], "once ready, an answer asks for nothing, but asked for {asked:?}");

    // Taking something along is the one thing that fetches more: an engine of its own, once.
    page.paste(&corpus("ndr/classic_312_en.txt")?).await?;
    for _ in 0..2 {
        page.until_shown("[data-key=take]").await?;
        page.click("[data-key=take]").await?;
        page.until_shown("dialog.take .preview .mask").await?;
        page.click(".take .title-line button").await?;
        page.until_gone("dialog.take").await?;
    }
    quiet(&page).await?;
    let mut asked = page.site.since(known.len());
    asked.sort();
    let mut own = ON_USE.map(site::file).into_iter().collect::<Result<Vec<_>>>()?;
    own.sort();
    ensure!(asked == own, "the page fetches {own:?}, each once when it is first used, but fetched {asked:?}");
    Ok(())
}

/// The first of Outlook's files fetches the engine that reads them, and no other does. What is taken along then needs
/// no more of it.
async fn outlook(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    quiet(&page).await?;
    let known = page.site.requests().len();
    // On a slow line, the page says that it reads.
    page.run(
        "const { fetch } = window;
         window.fetch = (...asked) => new Promise((resolve) => { window.comes = () => { window.fetch = fetch; resolve(fetch(...asked)); }; });",
        (),
    )
    .await?;
    page.let_fall("report.msg", &corpus_bytes("msg/report_item.msg")?).await?;
    page.until_shown(&format!("#field[placeholder=\"{}\"]", word(lang, "entry.reading"))).await?;
    page.until("the engine is asked for", "return window.comes !== undefined", ()).await?;
    page.run("window.comes()", ()).await?;
    page.read().await?;
    page.until_shown("#answer .headline[data-section=\"5.1.1\"]").await?;
    page.click("#edit").await?;
    page.until_shown(&format!("#field[placeholder=\"{}\"]", word(lang, "entry.placeholder"))).await?;
    for (file, section) in [
        ("msg/report_item.msg", "5.1.1"),
        ("ndr/classic_312_en.txt", "4.4.312"),
        ("msg/attached.eml", "5.1.1"),
        ("dsn/exo_315_whole.eml", "4.4.315"),
        ("msg/plain_body.msg", "5.2.2"),
    ] {
        page.drop_file(file, &corpus_bytes(file)?).await?;
        page.until_shown(&format!("#answer .headline[data-section=\"{section}\"] ~ .checklist")).await?;
        page.until_shown("#runs mark").await?;
    }
    let title = corpus_bytes("msg/plain_body.msg").map(|bytes| {
        let options = Options { lang, ..Options::default() };
        examine(&[Form::file("plain_body.msg", &bytes)], &options, &HostCharsets).findings[0].title
    })?;
    page.until_text("#answer-title", &plain(title)).await?;
    quiet(&page).await?;
    let mut asked = page.site.since(known);
    asked.sort();
    let engine = ["whole.wasm", "whole_worker.js"].map(site::file).into_iter().collect::<Result<Vec<_>>>()?;
    ensure!(asked == engine, "Outlook's files fetch {engine:?}, each once, but fetched {asked:?}");
    let known = page.site.requests().len();
    page.click("[data-key=take]").await?;
    page.until_shown("dialog.take .preview .mask").await?;
    quiet(&page).await?;
    let asked = page.site.since(known);
    ensure!(asked == [site::file("later.js")?], "the engine is there, but asked was for {asked:?}");
    Ok(())
}

/// Waits until whatever was asked for before has come: a request of our own is answered last, and then left out.
async fn quiet(page: &Page) -> Result<()> {
    let done: bool = page
        .ask_later("const done = arguments[arguments.length - 1]; fetch(new URL('/icon.svg', location)).then((answer) => done(answer.ok), () => done(false))", ())
        .await?;
    ensure!(done, "the server answers");
    Ok(())
}

const DUMP: &str = "
    const done = arguments[arguments.length - 1];
    (async () => {
      const kept = [location.href, document.cookie, window.name, JSON.stringify(history.state), document.referrer];
      for (const store of [localStorage, sessionStorage]) {
        for (let at = 0; at < store.length; at += 1) kept.push(store.key(at), store.getItem(store.key(at)));
      }
      for (const base of (await indexedDB.databases?.()) ?? []) kept.push(`database ${base.name}`);
      for (const name of (await window.caches?.keys()) ?? []) {
        for (const request of await (await caches.open(name)).keys()) kept.push(`cache ${request.url}`);
      }
      for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) kept.push(`service worker ${one.scope}`);
      done(kept.map(String));
    })().catch((error) => done([`dump: ${error}`]));";

async fn stored(page: Page) -> Result<()> {
    page.open("/").await?;
    let mut given = Vec::new();
    for file in ["ndr/classic_316_en.txt", "ndr/classic_318_es.txt", "trace/led_312_whole.txt"] {
        let text = corpus(file)?;
        page.paste(&text).await?;
        page.until_shown("#answer .headline[data-section] ~ .checklist").await?;
        page.until("it is read", "return document.querySelectorAll('#runs mark').length > 0", ()).await?;
        page.click("[data-step]").await?;
        if page.count(".questions > .choices").await? > 0 {
            page.click(".questions > .choices .choice").await?;
        }
        given.push(text);
    }
    let bytes = corpus_bytes("dsn/exo_315_whole.eml")?;
    page.drop_file("secret-report.eml", &bytes).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.315\"]").await?;
    page.click("[data-step]").await?;
    given.push(String::from_utf8_lossy(&bytes).into_owned() + " secret-report");
    page.click("[data-lang=es]").await?;
    page.until("Spanish", "return document.documentElement.lang === 'es'", ()).await?;

    let kept: Vec<String> = page.ask_later(DUMP, ()).await?;
    let kept = kept.join("\n");
    ensure!(kept.contains("ndr-doctor.case"), "the ticks are kept: {kept}");
    ensure!(
        !kept.contains("dump:") && !kept.contains("database") && !kept.contains("cache"),
        "nothing else is kept: {kept}"
    );
    // Of the case, ids of the catalogue and a random one of its own.
    let case: Value = page.ask("return JSON.parse(localStorage.getItem('ndr-doctor.case'))", ()).await?;
    let random = case["id"].as_str().unwrap_or_default();
    ensure!(
        random.len() >= 32 && random.chars().all(|one| one.is_ascii_hexdigit() || one == '-'),
        "the case's id is {random}"
    );
    let mut strings = Vec::new();
    collect(&case, &mut strings);
    let known: BTreeSet<String> = given.iter().flat_map(|text| ids(&report(text, Lang::En))).collect();
    let unknown: Vec<&str> =
        strings.into_iter().filter(|one| !one.is_empty() && *one != random && !known.contains(*one)).collect();
    ensure!(unknown.is_empty(), "the case holds {unknown:?}, which are no ids of the catalogue: {case}");
    // Of the rest, no word that was pasted.
    let rest = kept.replace(&case.to_string(), "").to_lowercase();
    let rest = rest.lines().filter(|line| !line.starts_with("{\"id\"")).collect::<Vec<_>>().join("\n");
    let words = given.iter().flat_map(|text| text.split(|one: char| !one.is_alphanumeric() && !".@-".contains(one)));
    let found: BTreeSet<&str> = words.filter(|word| word.len() >= 5 && rest.contains(&word.to_lowercase())).collect();
    ensure!(found.is_empty(), "of what was pasted, {found:?} is kept in\n{rest}");
    // Neither does a reload bring any of it back.
    page.reload().await?;
    ensure!(page.value("#field").await?.is_empty(), "the field is empty after a reload");
    let address = page.address().await?;
    ensure!(address == "/es/", "the address is {address}");
    Ok(())
}

/// Every string in a value, the names of fields left out.
fn collect<'a>(value: &'a Value, into: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => into.push(text),
        Value::Array(list) => list.iter().for_each(|one| collect(one, into)),
        Value::Object(map) => map.values().for_each(|one| collect(one, into)),
        _ => {}
    }
}

/// The ids of the catalogue that a report speaks of: sections, steps, answers.
fn ids(report: &Report) -> Vec<String> {
    fn of_steps(steps: &[Step]) -> Vec<String> {
        steps.iter().flat_map(|step| [vec![step.id.to_string()], of_steps(&step.steps)].concat()).collect()
    }
    let of = |finding: &Finding| {
        let answers =
            finding.questions.iter().flat_map(|question| &question.answers).map(|answer| answer.id.to_string());
        [vec![finding.section.to_string()], of_steps(&finding.steps), answers.collect()].concat()
    };
    report.findings.iter().flat_map(of).collect()
}

async fn unstored(page: Page) -> Result<()> {
    page.open("/").await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    page.click("[data-step]").await?;
    page.click("[data-lang=es]").await?;
    page.until("Spanish", "return document.documentElement.lang === 'es'", ()).await?;
    page.until("the answer is Spanish", "return document.querySelector('.checklist [data-step]').checked", ()).await?;
    page.element("#theme").await?.select_by_value("dark").await?;
    page.until("dark", "return document.documentElement.dataset.theme === 'dark'", ()).await
}
