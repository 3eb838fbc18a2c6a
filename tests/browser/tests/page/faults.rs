//! When something breaks: the engine, the worker, the server. Nothing pasted is lost.

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, corpus_bytes, home, plain, report, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::site::{STUMBLE, file};
use ndr_doctor_browser_tests::{Page, Result, Site, ensure};
use xtask::server::HEADERS;

pub fn scenarios() -> Vec<Scenario> {
    let mut all = vec![
        Scenario::new("runs_without_a_worker", without_worker).at(Site::WithoutWorker),
        Scenario::new("a_lost_server_is_told_and_tried_again", lost_server),
        Scenario::new("what_hands_over_is_tried_again", lost_before_taking_along),
        Scenario::new("what_does_not_come_later_is_told_and_tried_again", lost_later),
    ];
    for lang in Lang::ALL {
        all.push(
            Scenario::new(format!("a_broken_engine_starts_again_{}", lang.tag()), move |page| broken(page, lang))
                .at(Site::Stumbling),
        );
        all.push(Scenario::new(format!("what_reads_outlooks_files_is_tried_again_{}", lang.tag()), move |page| {
            lost_before_outlook(page, lang)
        }));
    }
    all
}

async fn broken(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    let worker = file("worker.js")?;
    let engines = |page: &Page| page.site.requests().iter().filter(|one| one.path == worker).count();
    ensure!(engines(&page) == 1, "one engine runs");
    let text = format!("450 4.4.316 Connection refused {STUMBLE}");
    page.paste(&text).await?;
    page.until_shown("#answer [data-answer=broken]").await?;
    page.until_text("#answer-title", word(lang, "broken.title")).await?;
    ensure!(page.shows("#field").await? && page.value("#field").await? == text, "the text is still there");
    page.expect_fault("unreachable").await?;
    // A worker comes from the server again, or from what the browser kept.
    ensure!(engines(&page) <= 2, "one more engine at the most");
    page.paste("450 4.4.316 Connection refused").await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    // And once more.
    page.paste(&text).await?;
    page.until_shown("#answer [data-answer=broken]").await?;
    page.expect_fault("unreachable").await?;
    page.paste(&corpus("ndr/classic_312_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.312\"]").await
}

async fn without_worker(page: Page) -> Result<()> {
    page.open("/").await?;
    page.paste(&corpus("ndr/classic_317_es.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.317\"]").await?;
    page.click("[data-lang=es]").await?;
    page.until("Spanish", "return document.querySelector('.guide [data-section]').lang === 'es'", ()).await?;
    page.paste(&corpus("ndr/classic_318_es.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.318\"]").await?;
    page.click("[data-key=take]").await?;
    page.until_shown("dialog.take .preview .mask").await?;
    page.click(".take .title-line button").await?;
    page.drop_file("notice.msg", &corpus_bytes("msg/plain_body.msg")?).await?;
    page.until_shown("#answer .headline[data-section=\"5.2.2\"]").await?;
    let workers = [file("worker.js")?, file("whole_worker.js")?];
    ensure!(page.site.requests().iter().all(|one| !workers.contains(&one.path)), "no worker ran");
    Ok(())
}

/// The engine that hands over is fetched late, when the server may be gone.
async fn lost_before_taking_along(page: Page) -> Result<()> {
    page.open("/").await?;
    // An example brings the dialog, but not the engine that it asks.
    page.click("#examples summary").await?;
    page.click("[data-example=timeout]").await?;
    page.until_shown("[data-key=take]").await?;
    page.site.stop();
    page.click("[data-key=take]").await?;
    page.until_text("dialog.take .preview p", word(Lang::En, "take.trouble")).await?;
    ensure!(page.shows("dialog.take .buttons:disabled").await?, "nothing can be copied that is not written");
    page.run("window.faults = []", ()).await?;
    let page = page.at(Site::Watched.serve_with(page.site.port(), HEADERS)?);
    page.click("dialog.take .preview button").await?;
    page.until_shown("dialog.take .preview .mask").await?;
    ensure!(page.shows("dialog.take .buttons:enabled").await?, "now it can");
    Ok(())
}

/// What reads Outlook's files is fetched when the first one is given. Where it does not come, that is said, the file
/// stays, all else is read, and another try brings it.
async fn lost_before_outlook(page: Page, lang: Lang) -> Result<()> {
    let missing = "#answer [data-answer=part_missing]";
    page.open(home(lang)).await?;
    page.site.stop();
    page.drop_file("notice.msg", &corpus_bytes("msg/plain_body.msg")?).await?;
    page.until_shown(missing).await?;
    page.until_text("#answer-title", word(lang, "part_missing.title")).await?;
    page.until_text("#answer .meaning", word(lang, "part_missing.text")).await?;
    page.until_text("#answer [data-key=again]", word(lang, "page.retry")).await?;
    // Other input is read, by the engine that is there.
    page.paste(&corpus("ndr/classic_315_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.315\"]").await?;
    page.drop_file("notice.eml", &corpus_bytes("msg/attached.eml")?).await?;
    page.until_shown(missing).await?;
    // As long as nobody answers, another try says the same.
    page.run("document.getElementById('answer-title').textContent = ''", ()).await?;
    page.click("[data-key=again]").await?;
    page.until_text("#answer-title", word(lang, "part_missing.title")).await?;
    page.run("window.faults = []", ()).await?;

    let page = page.at(Site::Watched.serve_with(page.site.port(), HEADERS)?);
    page.click("[data-key=again]").await?;
    page.read().await?;
    page.until_shown("#answer .headline[data-section=\"5.1.1\"]").await?;
    page.until_shown("#runs mark").await?;
    let own = file("whole.wasm")?;
    ensure!(page.site.requests().iter().any(|one| one.path == own), "the whole engine came now");
    Ok(())
}

async fn lost_server(page: Page) -> Result<()> {
    page.open("/").await?;
    page.paste(&corpus("ndr/classic_315_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.315\"]").await?;
    page.site.stop();
    page.click("[data-lang=es]").await?;
    page.until_shown("#trouble").await?;
    page.until_text("#trouble p", word(Lang::En, "page.trouble")).await?;
    ensure!(page.shows("#answer .headline[data-section=\"4.4.315\"]").await?, "the answer stays");
    // What it has, works on.
    page.paste(&corpus("ndr/classic_318_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.318\"]").await?;
    page.run("window.faults = []", ()).await?;

    let page = page.at(Site::Watched.serve_with(page.site.port(), HEADERS)?);
    page.click("#trouble button").await?;
    page.until("Spanish", "return document.documentElement.lang === 'es'", ()).await?;
    page.until_gone("#trouble").await?;
    let text = corpus("ndr/classic_318_en.txt")?;
    page.until_text("#answer-title", &plain(report(&text, Lang::Es).findings[0].title)).await?;
    page.click("#edit").await?;
    ensure!(page.value("#field").await? == text, "the text is still there");
    Ok(())
}

/// What is fetched on use may not come; the answer stays, and another try brings it.
async fn lost_later(page: Page) -> Result<()> {
    page.open("/").await?;
    page.paste(&corpus("ndr/classic_315_en.txt")?).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.315\"]").await?;
    page.site.stop();
    for _ in 0..2 {
        // What the try before said is not taken for the answer to this one.
        page.run("document.querySelector('#trouble p')?.remove()", ()).await?;
        page.click("[data-key=take]").await?;
        page.until_shown("#trouble").await?;
        page.until_text("#trouble p", word(Lang::En, "page.trouble_part")).await?;
        page.until_focus("#trouble").await?;
    }
    ensure!(page.shows("#answer .headline[data-section=\"4.4.315\"]").await?, "the answer stays");
    page.run("window.faults = []", ()).await?;

    let page = page.at(Site::Watched.serve_with(page.site.port(), HEADERS)?);
    page.click("#trouble button").await?;
    page.until_shown("dialog.take .preview").await?;
    page.until_gone("#trouble").await
}
