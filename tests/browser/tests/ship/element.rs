//! <ndr-doctor> in pages of others: two on a page, under a strict policy, where WebAssembly is forbidden.

use std::fs;

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, plain, report};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Page, Result, Site, Stage, ensure};
use serde_json::Value;
use xtask::organisation::Organisation;
use xtask::server::Headers;
use xtask::{embed, paths, single};

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("element_two_in_two_languages_under_a_strict_policy", two).at(Site::Bare),
        Scenario::new("element_attributes_and_properties", attributes).at(Site::Bare),
        Scenario::new("element_where_webassembly_is_forbidden", forbidden).at(Site::Bare),
        Scenario::new("element_where_nothing_can_be_stored", unstored).at(Site::Bare),
        Scenario::new("element_is_described", described).at(Site::Bare),
        Scenario::new("element_and_single_file_of_an_organisation", organisation).at(Site::Bare),
    ]
}

/// Of a page that allows nothing inline, no sink, and only its own origin.
const STRICT: Headers = &[(
    "content-security-policy",
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self'; \
     base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
)];

/// As above, and no WebAssembly; frames of its own are allowed. Said in the page, for the frame has a policy of its own.
const NO_WASM: &str = "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; script-src 'self'; \
    connect-src 'self'; img-src 'self'; frame-src 'self'\">";

const NOTES: &str = "
window.faults = [];
window.heard = [];
for (const kind of ['error', 'securitypolicyviolation']) addEventListener(kind, (event) => window.faults.push(`${kind}: ${event.message ?? event.violatedDirective} ${event.blockedURI ?? ''} ${event.sample ?? ''}`));
for (const kind of ['ndr-diagnosis', 'ndr-error']) addEventListener(kind, (event) => window.heard.push({ kind, id: event.target.id, detail: JSON.parse(JSON.stringify(event.detail)) }));
window.globals = [];
window.globals = Object.keys(window);
";

fn host(body: &str) -> Result<Stage> {
    host_with("", body)
}

fn host_with(head: &str, body: &str) -> Result<Stage> {
    let integrity: Value = serde_json::from_slice(&fs::read(paths::root().join("dist/embed/integrity.json"))?)?;
    let html = format!(
        "<!doctype html><html lang=en><head><meta charset=utf-8>{head}<title>An intranet</title><script src=notes.js></script>\
         <script type=module src=embed/ndr-doctor.js integrity={}></script></head><body>{body}</body></html>",
        integrity["ndr-doctor.js"]
    );
    Stage::new()?.built("embed", "embed")?.page("notes.js", NOTES)?.page("index.html", &html)
}

const IN: &str = "const inside = (id) => document.getElementById(id).shadowRoot;";

async fn ready(page: &Page, id: &str) -> Result<()> {
    page.until(
        format!("<ndr-doctor id={id}> takes input"),
        &format!("{IN} return inside(arguments[0])?.getElementById('field')?.disabled === false"),
        [id],
    )
    .await
}

async fn type_into(page: &Page, id: &str, text: &str) -> Result<()> {
    page.run(
        &format!("{IN} const field = inside(arguments[0]).getElementById('field'); field.value = arguments[1]; field.dispatchEvent(new InputEvent('input', {{ bubbles: true, composed: true }}))"),
        [id, text],
    )
    .await
}

async fn until_title(page: &Page, id: &str, title: &str) -> Result<()> {
    page.until(
        format!("#{id} says “{title}”"),
        &format!("{IN} return inside(arguments[0]).getElementById('answer-title')?.textContent.replace(/\\s+/g, ' ').trim() === arguments[1]"),
        [id, title],
    )
    .await
}

async fn two(page: Page) -> Result<()> {
    let stage = host(
        "<ndr-doctor id=one lang=en><p slot=intro>Welcome</p></ndr-doctor><ndr-doctor id=two lang=es theme=dark><a slot=footer href=#help>Soporte</a></ndr-doctor>",
    )?;
    let page = page.at(stage.serve(STRICT)?);
    page.go("/").await?;
    ready(&page, "one").await?;
    ready(&page, "two").await?;
    let (en, es) = (corpus("ndr/classic_316_en.txt")?, corpus("queue/labels_316_es.txt")?);
    type_into(&page, "one", &en).await?;
    type_into(&page, "two", &es).await?;
    until_title(&page, "one", &plain(report(&en, Lang::En).findings[0].title)).await?;
    until_title(&page, "two", &plain(report(&es, Lang::Es).findings[0].title)).await?;
    // Chromium's driver leaves one of its own.
    let globals: Vec<String> = page
        .ask("return Object.keys(window).filter((name) => !window.globals.includes(name) && name !== 'ret_nodes')", ())
        .await?;
    ensure!(globals.is_empty(), "the page gets new globals: {globals:?}");
    let engines = page.site.requests().iter().filter(|one| one.path.ends_with(".wasm")).count();
    ensure!(engines == 1, "one engine serves both, not {engines}");
    let heard: Vec<Value> = page.ask("return window.heard", ()).await?;
    ensure!(heard.len() >= 2 && heard.iter().all(|one| one["kind"] == "ndr-diagnosis"), "{heard:?}");
    for one in &heard {
        ensure!(one["detail"]["section"] == "4.4.316" && one["detail"]["stage"] == "connection", "{one}");
        ensure!(
            one["detail"]["codes"].as_array().is_some_and(|codes| codes.iter().any(|code| code == "4.4.316")),
            "{one}"
        );
        ensure!(one["detail"].get("report").is_none(), "what was pasted stays inside: {one}");
        ensure!(!one.to_string().contains("contoso") && !one.to_string().contains('@'), "no word of it either: {one}");
    }
    let colours: Vec<String> = page
        .ask("return ['one', 'two'].map((id) => getComputedStyle(document.getElementById(id)).backgroundColor)", ())
        .await?;
    ensure!(colours[0] != colours[1], "each has a theme of its own: {colours:?}");
    let slots: Vec<String> = page.ask(&format!("{IN} return ['one', 'two'].map((id) => [...inside(id).querySelectorAll('slot')].flatMap((slot) => slot.assignedElements()).map((one) => one.textContent).join())"), ()).await?;
    ensure!(slots == ["Welcome", "Soporte"], "the slots are filled: {slots:?}");
    Ok(())
}

async fn attributes(page: Page) -> Result<()> {
    let stage = host("<ndr-doctor id=one lang=es code=4.4.316 share-report></ndr-doctor>")?;
    let page = page.at(stage.serve(STRICT)?);
    page.go("/").await?;
    ready(&page, "one").await?;
    until_title(&page, "one", &plain(report("4.4.316", Lang::Es).findings[0].title)).await?;
    let focus: String = page.ask("return document.activeElement.localName", ()).await?;
    ensure!(focus == "body", "a code from the page takes no focus: {focus}");
    let shared: bool = page.ask("return window.heard.at(-1).detail.report.lang === 'es'", ()).await?;
    ensure!(shared, "the report comes where the page asked for it");
    page.run("const one = document.getElementById('one'); one.code = '4.4.312'; one.lang = 'en'; one.shareReport = false; one.theme = 'dark'", ()).await?;
    until_title(&page, "one", &plain(report("4.4.312", Lang::En).findings[0].title)).await?;
    page.until(
        "the report is no longer shared",
        "return window.heard.at(-1).detail.report === undefined && window.heard.at(-1).detail.section === '4.4.312'",
        (),
    )
    .await?;
    let reflected: String = page.ask("const one = document.getElementById('one'); return [...one.attributes].map(({ name, value }) => `${name}=${value}`).sort().join(' ')", ()).await?;
    ensure!(reflected == "code=4.4.312 id=one lang=en theme=dark", "properties are attributes: {reflected}");
    // Moved within the page it works on; taken out and put in again it begins anew.
    page.run(
        "const one = document.getElementById('one'); one.remove(); setTimeout(() => document.body.append(one), 50)",
        (),
    )
    .await?;
    ready(&page, "one").await?;
    until_title(&page, "one", &plain(report("4.4.312", Lang::En).findings[0].title)).await
}

async fn forbidden(page: Page) -> Result<()> {
    let stage = host_with(NO_WASM, "<ndr-doctor id=one lang=es code=4.4.316></ndr-doctor>")?;
    let page = page.at(stage.serve(&[])?);
    page.go("/").await?;
    page.until(
        "something is shown",
        &format!("{IN} return inside('one')?.querySelector('iframe, #answer-title') !== null"),
        (),
    )
    .await?;
    let framed: bool = page.ask(&format!("{IN} return inside('one').querySelector('iframe') !== null"), ()).await?;
    if !framed {
        // WebKit enforces this part of a policy only since 2026; there the element simply runs.
        return until_title(&page, "one", &plain(report("4.4.316", Lang::Es).findings[0].title)).await;
    }
    let said: String = page.ask(&format!("{IN} return inside('one').querySelector('.note').textContent"), ()).await?;
    ensure!(said.contains("WebAssembly"), "it says why: {said}");
    let heard: Vec<Value> = page.ask("return window.heard", ()).await?;
    ensure!(
        heard.iter().any(|one| one["kind"] == "ndr-error" && one["detail"]["reason"] == "webassembly-refused"),
        "{heard:?}"
    );
    page.until(
        "the frame grows with what it shows",
        &format!("{IN} return Number.parseInt(inside('one').querySelector('iframe').style.height) > 600"),
        (),
    )
    .await?;
    // The frame asked with a query, as it should; what is left behind is looked at for what a page should not do.
    Ok(page.client.goto("about:blank").await?)
}

async fn unstored(page: Page) -> Result<()> {
    let stage = host("<ndr-doctor id=one></ndr-doctor>")?;
    stage.write("notes.js", &format!("{NOTES} for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name, {{ get() {{ throw new DOMException('nothing is stored here', 'SecurityError'); }} }});"))?;
    let page = page.at(stage.serve(STRICT)?);
    page.go("/").await?;
    ready(&page, "one").await?;
    let text = corpus("ndr/classic_312_en.txt")?;
    type_into(&page, "one", &text).await?;
    until_title(&page, "one", &plain(report(&text, Lang::En).findings[0].title)).await?;
    page.run(&format!("{IN} inside('one').querySelector('[data-step]').click()"), ()).await
}

async fn described(page: Page) -> Result<()> {
    let stage = host("<ndr-doctor id=one></ndr-doctor>")?;
    let page = page.at(stage.serve(STRICT)?);
    page.go("/").await?;
    ready(&page, "one").await?;
    let manifest: Value = serde_json::from_slice(&fs::read(paths::root().join("dist/embed/custom-elements.json"))?)?;
    let class = &manifest["modules"][0]["declarations"][0];
    let names = |list: &str| -> Vec<String> {
        let mut names: Vec<_> = class[list]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["name"].as_str().map(String::from))
            .collect();
        names.sort();
        names
    };
    let observed: Vec<String> =
        page.ask("return customElements.get('ndr-doctor').observedAttributes.sort()", ()).await?;
    ensure!(names("attributes") == observed, "the attributes: {observed:?}");
    let mut parts: Vec<String> = page
        .ask(
            &format!(
                "{IN} return [...inside('one').querySelectorAll('[part]')].map((one) => one.getAttribute('part'))"
            ),
            (),
        )
        .await?;
    parts.extend(["contact".into(), "frame".into()]);
    parts.sort();
    ensure!(names("cssParts") == parts, "the parts: {parts:?}");
    let properties: Vec<String> = page
        .ask("const own = getComputedStyle(document.getElementById('one')); return arguments[0].filter((name) => own.getPropertyValue(name) === '')", serde_json::json!([names("cssProperties")]))
        .await?;
    ensure!(properties.is_empty(), "these properties mean nothing: {properties:?}");
    Ok(())
}

async fn organisation(page: Page) -> Result<()> {
    let file = Organisation::read(&paths::root().join("docs/organisation.toml"))?;
    let stage = host("<ndr-doctor id=one lang=es code=4.4.316></ndr-doctor>")?;
    embed::write(&stage.path().join("embed"), &paths::engine(), &file)?;
    let html = fs::read_to_string(stage.path().join("index.html"))?;
    let integrity = html.split("integrity=").nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default();
    stage.write("index.html", &html.replace(&format!(" integrity={integrity}"), ""))?;
    stage.write("single.html", &single::page(&paths::engine(), &file)?)?;
    let contact =
        "¿Sigue sin resolverse? El centro de soporte atiende en la extensión 4444, de lunes a viernes de 8 a 17 h.";
    let step = "Consulte el calendario de cambios del cortafuegos: puede haber una regla nueva para el puerto 25.";
    let page = page.at(stage.serve(&[])?);
    page.go("/").await?;
    ready(&page, "one").await?;
    until_title(&page, "one", &plain(report("4.4.316", Lang::Es).findings[0].title)).await?;
    let said: String =
        page.ask(&format!("{IN} return inside('one').querySelector('[part=contact]').textContent"), ()).await?;
    ensure!(said.contains(contact) && said.contains("Abrir una incidencia"), "whom to ask: {said}");
    let steps: String =
        page.ask(&format!("{IN} return inside('one').querySelector('.checklist').textContent"), ()).await?;
    ensure!(steps.contains(step), "the organisation's own step stands in the checklist: {steps}");

    page.open("/single.html").await?;
    page.click("[data-lang=es]").await?;
    page.until_text("footer .contact span", contact).await?;
    page.paste("450 4.4.316 Connection refused").await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    ensure!(page.text("#answer .checklist").await?.contains(step), "and here too");
    // Of other errors it says nothing.
    page.paste("450 4.4.312 DNS query failed").await?;
    page.until_shown("#answer .headline[data-section=\"4.4.312\"]").await?;
    ensure!(
        !page.text("#answer .checklist").await?.contains(step),
        "the step belongs to the errors that the file names"
    );
    Ok(())
}
