//! The page where it cannot run: without JavaScript, without WebAssembly. It still reads as the guide.

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{guide, home, in_force, plain, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::site::file;
use ndr_doctor_browser_tests::{Page, Result, Site, ensure};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        let tag = lang.tag();
        all.push(
            Scenario::new(format!("guide_without_javascript_{tag}"), move |page| without_javascript(page, lang))
                .at(Site::Bare),
        );
        all.push(
            Scenario::new(format!("guide_without_webassembly_{tag}"), move |page| without_wasm(page, lang))
                .at(Site::WithoutWasm),
        );
    }
    all.push(Scenario::new("languages_are_linked_without_javascript", linked).at(Site::Bare));
    all
}

/// Opens a frame in which no script runs; the driver's own run beside it.
async fn still(page: &Page, path: &str) -> Result<Page> {
    // The site's own header would let no page hold a frame; the policy in the page itself stays in force.
    let page = page.at(Site::Bare.serve_with(0, &[])?);
    page.go(&file("styles.css")?).await?;
    page.run(
        "const frame = document.createElement('iframe');
         frame.setAttribute('sandbox', 'allow-same-origin');
         frame.width = 1000;
         frame.height = 800;
         frame.src = arguments[0];
         document.body.replaceChildren(frame);",
        [path],
    )
    .await?;
    page.until(
        "the frame is loaded",
        "const inside = document.querySelector('iframe').contentDocument;
         return inside !== null && inside.URL !== 'about:blank' && inside.readyState === 'complete'",
        (),
    )
    .await?;
    Ok(page)
}

const INSIDE: &str = "
    const page = document.querySelector('iframe').contentDocument;
    const seen = (one) => one !== null && one.checkVisibility({ visibilityProperty: true });
    const text = (one) => one.textContent.replace(/\\s+/g, ' ').trim();";

async fn without_javascript(page: Page, lang: Lang) -> Result<()> {
    let page = still(&page, home(lang)).await?;
    let notes: Vec<String> = page
        .ask(&format!("{INSIDE} return [...page.querySelectorAll('main .note')].filter(seen).map(text)"), ())
        .await?;
    ensure!(notes == [word(lang, "page.no_script")], "it says what is missing, and nothing else: {notes:?}");
    let idle: Vec<String> = page
        .ask(&format!("{INSIDE} return [...page.querySelectorAll('button, textarea, input, select')].filter(seen).map((one) => one.outerHTML.slice(0, 80))"), ())
        .await?;
    ensure!(idle.is_empty(), "no control stands there that does nothing: {idle:?}");
    let spoken: String = page.ask(&format!("{INSIDE} return page.documentElement.lang + ' ' + page.title"), ()).await?;
    ensure!(spoken == format!("{} {}", lang.tag(), word(lang, "page.title")), "the page says {spoken}");
    reads(&page, lang, INSIDE).await
}

async fn without_wasm(page: Page, lang: Lang) -> Result<()> {
    page.go(home(lang)).await?;
    page.until("the page says so", "return document.documentElement.classList.contains('no-wasm')", ()).await?;
    page.until_text(".no-wasm-note", word(lang, "page.no_wasm")).await?;
    page.until_shown(".no-wasm-note").await?;
    ensure!(!page.shows("#desk").await?, "the field is not offered");
    ensure!(!page.shows("#trouble").await?, "nothing is said to have failed");
    let inside = INSIDE.replace("document.querySelector('iframe').contentDocument", "document");
    reads(&page, lang, &inside).await?;
    let asked = page.site.requests();
    ensure!(asked.iter().all(|one| !one.path.ends_with(".wasm")), "what cannot run is not fetched");
    // The other language is one click away.
    let other = if lang == Lang::En { Lang::Es } else { Lang::En };
    page.click(&format!("[data-lang={}]", other.tag())).await?;
    page.until(
        "the other page",
        "return location.pathname === arguments[0] && document.documentElement.lang === arguments[1]",
        [home(other), other.tag()],
    )
    .await
}

/// The guide is there in full, visible, and its list of contents leads to it.
async fn reads(page: &Page, lang: Lang, inside: &str) -> Result<()> {
    let entries = guide(lang);
    ensure!(entries.len() == 7, "the guide has seven sections");
    for entry in entries {
        let (shown, said): (bool, String) = page
            .ask(
                &format!(
                    "{inside} const one = page.getElementById(arguments[0]);
                     return [seen(one) && [...one.querySelectorAll('h3, li, p')].every(seen), one === null ? '' : text(one)]"
                ),
                [entry.id],
            )
            .await?;
        ensure!(shown, "the section {} can be seen", entry.id);
        let steps = in_force(&entry.steps);
        let causes = entry.causes.iter().map(|cause| &*cause.text);
        let notes = entry.notes.iter().map(|note| &*note.text);
        let steps = steps.iter().map(|step| step.text);
        for text in [&*entry.title, &entry.meaning, &entry.detail, &entry.confirm]
            .into_iter()
            .chain(causes)
            .chain(notes)
            .chain(steps)
        {
            ensure!(said.contains(&plain(text)), "the section {} lacks “{}”", entry.id, plain(text));
        }
        let linked: bool = page
            .ask(&format!("{inside} return seen(page.querySelector(`nav a[href=\"#${{arguments[0]}}\"]`))"), [entry.id])
            .await?;
        ensure!(linked, "the contents lead to {}", entry.id);
        for link in in_force(&entry.steps).iter().filter_map(|step| step.link.as_ref()) {
            let there: bool = page
                .ask(
                    &format!("{inside} return [...page.querySelectorAll('.guide a')].some((one) => one.getAttribute('href') === arguments[0])"),
                    json!([link.url]),
                )
                .await?;
            ensure!(there, "the section {} links to {}", entry.id, link.url);
        }
    }
    Ok(())
}

async fn linked(page: Page) -> Result<()> {
    let page = still(&page, "/").await?;
    let follow = |lang: Lang| {
        let page = page.clone();
        async move {
            page.run(&format!("{INSIDE} page.querySelector(`[data-lang=${{arguments[0]}}]`).click()"), [lang.tag()])
                .await?;
            page.until(
                format!("the page in {}", lang.tag()),
                "const inside = document.querySelector('iframe').contentDocument;
                 return inside.location.pathname === arguments[0] && inside.documentElement.lang === arguments[1]",
                [home(lang), lang.tag()],
            )
            .await
        }
    };
    follow(Lang::Es).await?;
    follow(Lang::En).await
}
