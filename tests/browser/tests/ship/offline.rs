//! The site after one visit: without its server, in every language; and from one version to the next.

use std::collections::BTreeSet;
use std::fs;

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, corpus_bytes, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Context, Engine, Page, Result, Site, Stage, ensure, site};
use xtask::server::HEADERS;
use xtask::{files, paths};

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("service_workers_are_there_to_be_tested", there).at(Site::Bare),
        Scenario::new("offline_after_one_visit", after_one_visit).at(Site::Bare),
        Scenario::new("offline_under_a_folder", under_a_folder).at(Site::Bare),
        Scenario::new("a_new_version_waits_for_the_reader", new_version).at(Site::Bare),
        Scenario::new("a_site_that_changes_underway_is_not_kept", changes_underway).at(Site::Bare),
        Scenario::new("the_offline_copy_can_be_removed", removed).at(Site::Bare),
        Scenario::new("the_offline_copy_can_be_taken_from_everyone", taken_away).at(Site::Bare),
        Scenario::new("works_under_a_folder_without_service_workers", folder_without).at(Site::Watched),
    ]
}

/// Whether this engine has service workers at all under its driver; where not, the page must work all the same.
async fn has_service_workers(page: &Page) -> Result<bool> {
    page.ask("return navigator.serviceWorker !== undefined", ()).await
}

/// Where an engine has none, the scenarios below say little: only WebKit's may be without, and then it is said.
async fn there(page: Page) -> Result<()> {
    page.open("/").await?;
    let there = has_service_workers(&page).await?;
    ensure!(there || page.engine == Engine::WebKit, "{} has no service workers", page.engine.name());
    if !there {
        println!("{} has no service workers under its driver: nothing is tested offline in it", page.engine.name());
    }
    Ok(())
}

/// Waits until the browser has taken in the whole of the site.
async fn kept(page: &Page) -> Result<()> {
    page.until("the page says that it is kept", "return !document.getElementById('offline').hidden && document.querySelector('#offline [data-key=remove]') !== null", ()).await
}

/// A copy of the site that can be changed, once it is kept; none where the engine has no service workers.
async fn staged(page: Page) -> Result<Option<(Stage, Page)>> {
    let stage = Stage::new()?.built("site", "")?;
    let page = page.at(stage.serve(HEADERS)?);
    page.open("/").await?;
    if !has_service_workers(&page).await? {
        return Ok(None);
    }
    kept(&page).await?;
    Ok(Some((stage, page)))
}

async fn after_one_visit(page: Page) -> Result<()> {
    page.open("/").await?;
    if !has_service_workers(&page).await? {
        return works(&page, Lang::En).await;
    }
    let before = page.site.requests().len();
    kept(&page).await?;
    // What is fetched then are the site's own files, each once and by its name: what the service worker lists.
    let own: BTreeSet<String> = files::list(&paths::site())?.into_iter().map(|(name, _)| format!("/{name}")).collect();
    let fetched = page.site.requests().split_off(before);
    let foreign: Vec<_> = fetched.iter().filter(|one| one.query.is_some() || !own.contains(&one.path)).collect();
    ensure!(foreign.is_empty(), "only the site's own files are taken in, but also {foreign:?}");
    let pages = fetched.iter().filter(|one| one.path.contains("/codes/")).count();
    ensure!(pages == 0, "the reference comes as one file, not as {pages} pages");
    let known = page.site.requests().len();
    works(&page, Lang::En).await?;
    ensure!(page.site.since(known).is_empty(), "nothing is asked for after that: {:?}", page.site.since(known));

    page.site.stop();
    page.open("/").await?;
    works(&page, Lang::En).await?;
    // What reads Outlook's files and hands over was never asked for here.
    page.drop_file("notice.msg", &corpus_bytes("msg/plain_body.msg")?).await?;
    page.until_shown("#answer .headline[data-section=\"5.2.2\"]").await?;
    page.click("[data-key=take]").await?;
    page.until_shown("dialog.take .preview .mask").await?;
    page.click(".take .title-line button").await?;
    // The other language, by the switch and by its address; it was never spoken here before.
    page.click("[data-lang=es]").await?;
    page.until("Spanish", "return document.documentElement.lang === 'es'", ()).await?;
    page.open("/es/").await?;
    works(&page, Lang::Es).await?;
    page.go("/es/codes/4.4.316/").await?;
    page.until_shown("body.reference h1").await?;
    let lang: String = page.ask("return document.documentElement.lang", ()).await?;
    ensure!(lang == "es", "the reference's page is there in its language: {lang}");
    page.go("/codes/").await?;
    page.until_shown("#search").await
}

async fn works(page: &Page, lang: Lang) -> Result<()> {
    let file = if lang == Lang::En { "ndr/classic_316_en.txt" } else { "queue/labels_316_es.txt" };
    page.paste(&corpus(file)?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    let spoken: String = page.ask("return document.documentElement.lang", ()).await?;
    ensure!(spoken == lang.tag(), "it speaks {}", lang.tag());
    Ok(())
}

async fn under_a_folder(page: Page) -> Result<()> {
    let stage = Stage::new()?.built("site", "tools/ndr")?;
    let page = page.at(stage.serve(HEADERS)?);
    page.open("/tools/ndr/").await?;
    if has_service_workers(&page).await? {
        kept(&page).await?;
        page.site.stop();
        page.open("/tools/ndr/es/").await?;
        works(&page, Lang::Es).await?;
        page.go("/tools/ndr/codes/4.4.316/").await?;
        page.until_shown("body.reference h1").await?;
    }
    Ok(())
}

async fn folder_without(page: Page) -> Result<()> {
    let stage = Stage::new()?.built("site", "tools/ndr")?;
    let early = site::file("early.js")?;
    let path = format!("tools/ndr{early}");
    let script = fs::read_to_string(stage.path().join(&path))?;
    stage.write(&path, &format!("delete Navigator.prototype.serviceWorker;\n{script}"))?;
    let page = page.at(stage.serve(HEADERS)?);
    page.open("/tools/ndr/").await?;
    works(&page, Lang::En).await?;
    let link: String = page.ask("return document.querySelector('#answer a[href*=codes]')?.pathname ?? ''", ()).await?;
    ensure!(link == "/tools/ndr/codes/4.4.316/", "the link to the error's page stays in the folder: {link}");
    ensure!(!page.shows("#offline").await?, "it does not say that it is kept");
    let outside: Vec<_> = page.site.requests().into_iter().filter(|one| !one.path.starts_with("/tools/ndr/")).collect();
    ensure!(outside.is_empty(), "nothing is asked for outside of the folder: {outside:?}");
    Ok(())
}

/// Makes another version of the site: another word in the page, and a service worker that knows of it.
fn next_version(stage: &Stage) -> Result<()> {
    let page = fs::read_to_string(stage.path().join("index.html"))?;
    let changed = page.replace("<span>NDR Doctor</span>", "<span>NDR Doctor, newer</span>");
    ensure!(page != changed, "the page has a name");
    let script = fs::read_to_string(stage.path().join("service-worker.js"))?;
    let (old, new) = (files::sha256(&page), files::sha256(&changed));
    ensure!(script.contains(&old), "the service worker knows the page by its digest");
    stage.write("index.html", &changed)?;
    // The version is a digest of the list, so it changes with it.
    let version = version(&script)?;
    stage.write("service-worker.js", &script.replace(&old, &new).replace(&version, "fedcba9876543210"))
}

fn version(script: &str) -> Result<String> {
    let is_version = |piece: &&str| piece.len() == 16 && piece.chars().all(|one| one.is_ascii_hexdigit());
    Ok(script.split('"').find(is_version).context("the service worker has a version")?.to_string())
}

async fn new_version(page: Page) -> Result<()> {
    let Some((stage, page)) = staged(page).await? else { return Ok(()) };
    next_version(&stage)?;
    // The visit after that still gets the old version, and learns of the new one.
    page.open("/").await?;
    let name = "return document.querySelector('h1').textContent.trim()";
    ensure!(page.ask::<String>(name, ()).await? == "NDR Doctor", "the version that was kept is shown");
    page.until_shown("#newer [data-key=reload]").await?;
    page.until_text("#newer p", word(Lang::En, "offline.newer")).await?;
    // What is in the field would be lost: the reader is asked.
    let text = corpus("ndr/classic_316_en.txt")?;
    page.paste(&text).await?;
    page.click("#newer [data-key=reload]").await?;
    page.until_text("#newer p", word(Lang::En, "offline.loses")).await?;
    page.click("#edit").await?;
    ensure!(page.value("#field").await? == text, "the text is still there");
    // The old version still works in the other language: its files are those that it began with.
    page.site.stop();
    page.click("[data-lang=es]").await?;
    page.until_text("#newer p", word(Lang::Es, "offline.loses")).await?;
    page.click("[data-lang=en]").await?;
    page.until_text("#newer p", word(Lang::En, "offline.loses")).await?;
    page.click("#newer [data-key=reload]").await?;
    let newer = "return document.querySelector('h1')?.textContent.trim() === 'NDR Doctor, newer' && document.documentElement.classList.contains('ready')";
    page.until("the new version", newer, ()).await?;
    ensure!(!page.shows("#newer").await?, "there is no newer one");
    works(&page, Lang::En).await?;
    page.open("/").await?;
    page.until("still the new version", newer, ()).await
}

/// Asks anew each time, and answers what the last asking found.
const GIVEN_UP: &str = "if (!window.asking) {
        window.asking = true;
        const empty = (one) => one === undefined || (one.installing === null && one.active === null && one.waiting === null);
        Promise.all([navigator.serviceWorker.getRegistration(), caches.keys()]).then(([one, names]) => {
            window.givenUp = empty(one) && names.length === 0;
            window.asking = false;
        });
    }
    return window.givenUp === true";

async fn changes_underway(page: Page) -> Result<()> {
    let stage = Stage::new()?.built("site", "")?;
    // The list is of one version, the page already of the next.
    let html = fs::read_to_string(stage.path().join("es/index.html"))?;
    stage.write("es/index.html", &html.replace("NDR Doctor", "NDR Doctor 2"))?;
    let page = page.at(stage.serve(HEADERS)?);
    page.open("/").await?;
    if !has_service_workers(&page).await? {
        return Ok(());
    }
    // Before the browser has asked for the false file, there is as little to be seen as after it gave up.
    page.until_asked("/es/index.html").await?;
    page.until("the service worker is given up, and half a version is not kept", GIVEN_UP, ()).await?;
    ensure!(!page.shows("#offline").await?, "and it is not said to be");
    works(&page, Lang::En).await
}

const STATE: &str = "const done = arguments[arguments.length - 1];
    Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(([all, names]) => done(`${all.length} ${names.length}`))";

async fn removed(page: Page) -> Result<()> {
    page.open("/").await?;
    if !has_service_workers(&page).await? {
        return Ok(());
    }
    kept(&page).await?;
    page.click("#offline [data-key=remove]").await?;
    page.until_text("#offline:not([hidden]) [data-key=keep]", word(Lang::En, "offline.keep")).await?;
    let state: String = page.ask_later(STATE, ()).await?;
    ensure!(state == "0 0", "no service worker and nothing of what it kept: {state}");
    // It stays so.
    page.open("/").await?;
    page.until_text("#offline:not([hidden]) [data-key=keep]", word(Lang::En, "offline.keep")).await?;
    let state: String = page.ask_later(STATE, ()).await?;
    ensure!(state == "0 0", "it is not kept again by itself: {state}");
    page.click("#offline [data-key=keep]").await?;
    kept(&page).await
}

async fn taken_away(page: Page) -> Result<()> {
    let Some((stage, page)) = staged(page).await? else { return Ok(()) };
    stage.write("service-worker.js", &fs::read_to_string(stage.path().join("remove-service-worker.js"))?)?;
    page.open("/").await?;
    page.until(
        "it is gone",
        "if (window.asking === undefined) { window.asking = true; Promise.all([navigator.serviceWorker.getRegistrations(), caches.keys()]).then(([all, names]) => { window.gone = all.length === 0 && names.length === 0; delete window.asking; }); } return window.gone === true",
        (),
    )
    .await
}
