//! From the answer to the fix: the clock, the way, taking it along, links, the next error, and what is kept.

use fantoccini::key::Key;
use ndr_doctor::Lang;
use ndr_doctor::report::guide;
use ndr_doctor_browser_tests::expected::{corpus, corpus_bytes, home, in_force, plain, report, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::site::file;
use ndr_doctor_browser_tests::{Context, Page, Result, ensure};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        let tag = lang.tag();
        all.push(Scenario::new(format!("clock_{tag}"), move |page| clock(page, lang)));
        all.push(Scenario::new(format!("path_{tag}"), move |page| path(page, lang)));
        all.push(Scenario::new(format!("take_along_{tag}"), move |page| take_along(page, lang)));
        all.push(Scenario::new(format!("message_to_it_{tag}"), move |page| message_to_it(page, lang)));
        all.push(Scenario::new(format!("link_{tag}"), move |page| link(page, lang)));
        all.push(Scenario::new(format!("new_error_{tag}"), move |page| new_error(page, lang)));
        all.push(Scenario::new(format!("families_{tag}"), move |page| families(page, lang)));
        all.push(Scenario::new(format!("erase_{tag}"), move |page| erase(page, lang)));
    }
    all
}

/// Sets the present, and lets the page notice.
async fn at(page: &Page, now: &str) -> Result<()> {
    page.run(
        "const now = Date.parse(arguments[0]);
         window.Date.now = () => now;
         document.dispatchEvent(new Event('visibilitychange'));",
        [now],
    )
    .await
}

/// The part of the line that has passed, in percent.
async fn passed(page: &Page) -> Result<f64> {
    page.ask("return parseFloat(document.querySelector('.clock-line .passed').getAttribute('x2'))", ()).await
}

async fn clock(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    // It came on October 7 at 07:58:02, and will be returned a day later.
    at(&page, "2026-10-07T19:58:02Z").await?;
    page.drop_file("delay.eml", &corpus_bytes("traps/delay_exo_dsn.eml")?).await?;
    page.until_shown(".clock").await?;
    let left = |time: &str| word(lang, "clock.left").replace("{time}", time);
    page.until_text(".clock .left", &left("12 h")).await?;
    let utc: bool = page
        .ask(
            "const times = [...document.querySelectorAll('.clock time')];
             return times.length === 3 && times.every((one) => one.textContent.includes('UTC'))",
            (),
        )
        .await?;
    ensure!(utc, "each time is told in UTC too");
    ensure!((passed(&page).await? - 50.0).abs() < 1.0, "half of the time has passed");
    // It moves, and says nothing aloud.
    let said = page.text("#status").await?;
    at(&page, "2026-10-08T06:58:02Z").await?;
    page.until_text(".clock .left", &left("1 h")).await?;
    ensure!(page.text("#status").await? == said, "a moving clock does not chatter");
    ensure!(passed(&page).await? > 90.0, "the picture moves on");
    at(&page, "2026-10-08T09:58:02Z").await?;
    page.until_text(".clock .left", &word(lang, "clock.over").replace("{time}", "2 h")).await?;
    page.until_text("#status", word(lang, "clock.again")).await?;
    let first = page.text(".first").await?;
    let waiting = plain(&report(&corpus("traps/delay_exo_dsn.eml")?, lang).answer.text);
    ensure!(!waiting.is_empty() && !first.contains(&waiting), "it does not say any more that it waits: {first}");
    Ok(())
}

async fn path(page: Page, lang: Lang) -> Result<()> {
    let text = corpus("headers/slow_hop.txt")?;
    let answer = report(&text, lang);
    let hops = answer.hops;
    let slowest = hops.iter().position(|hop| hop.longest).context("the way to one of them is slow")?;
    let holder = hops[slowest - 1].by.as_deref().context("and the one before has a name")?;
    page.open(home(lang)).await?;
    page.paste(&text).await?;
    page.until_shown(".path").await?;
    let odd = page.text(".path .odd").await?;
    ensure!(odd.contains(word(lang, "path.longest")), "the slow one is named in words: {odd}");
    ensure!(odd.contains(holder), "it is the one that held it: {odd}");
    ensure!(answer.answer.text.contains(holder), "and the same as in the words: {}", answer.answer.text);
    let shapes: bool = page
        .ask("return document.querySelector('.path .odd .dot path') !== null && document.querySelector('.path li:not(.odd) .dot path') === null", ())
        .await?;
    ensure!(shapes, "and has a shape of its own");
    let widths: Vec<f64> =
        page.ask("return [...document.querySelectorAll('.path .bar rect')].map((one) => parseFloat(one.getAttribute('width')))", ()).await?;
    let delays: Vec<f64> = hops.iter().filter_map(|hop| hop.delay_s).map(|delay| delay as f64).collect();
    let most = delays.iter().copied().fold(1.0, f64::max);
    let scaled: Vec<f64> = delays.iter().map(|delay| delay / most * 100.0).collect();
    ensure!(widths.len() == scaled.len(), "each delay has its bar");
    ensure!(
        widths.iter().zip(&scaled).all(|(a, b)| (a - b).abs() < 0.1),
        "the bars are to scale: {widths:?}, {scaled:?}"
    );
    page.click("details[data-key=path-table] summary").await?;
    page.until_shown("details[data-key=path-table] table").await?;
    ensure!(page.count("details[data-key=path-table] tbody tr").await? == hops.len(), "the table holds every hop");
    Ok(())
}

async fn take_along(page: Page, lang: Lang) -> Result<()> {
    let text = corpus(if lang == Lang::En { "ndr/classic_316_en.txt" } else { "ndr/classic_317_es.txt" })?;
    page.open(home(lang)).await?;
    page.paste(&text).await?;
    page.until_shown("[data-key=take]").await?;
    let step = page.attribute(".checklist > .steps [data-step]", "data-step").await?.unwrap_or_default();
    page.click(&format!("[data-step=\"{step}\"]")).await?;
    page.click("[data-key=take]").await?;
    page.until_shown("dialog.take .preview .mask").await?;
    let modal: bool = page.ask("return document.querySelector('dialog.take').matches(':modal')", ()).await?;
    ensure!(modal, "nothing else can be reached meanwhile");

    // For anyone, all that is personal is masked; each mask can be lifted, and put back.
    page.click("label[for=take-reader-public]").await?;
    page.until_checked("#take-reader-public", true).await?;
    page.until_shown(".take .preview[aria-busy=false]").await?;
    page.until("all masks are on", "const all = [...document.querySelectorAll('.take .mask')]; return all.length > 2 && all.every((one) => one.getAttribute('aria-pressed') === 'true')", ()).await?;
    let recipient = report(&text, lang).findings[0].recipients[0].final_.clone();
    // Its domain is masked by itself.
    let address = recipient.split('@').next().unwrap_or_default().to_owned();
    let preview = page.text(".take .preview").await?;
    ensure!(!preview.contains(&address), "{address} is masked: {preview}");
    let mask =
        page.attribute(".take .mask[data-mask^=recipient]", "data-mask").await?.context("the recipient is masked")?;
    let place = format!(".take .mask[data-mask=\"{mask}\"]");
    page.click(&place).await?;
    page.until(
        "the recipient is shown",
        "return document.querySelector('.take .preview').textContent.includes(arguments[0])",
        [address.as_str()],
    )
    .await?;
    page.until_focus(&place).await?;
    page.click(&place).await?;
    page.until(
        "it is masked again",
        "return !document.querySelector('.take .preview').textContent.includes(arguments[0])",
        [address.as_str()],
    )
    .await?;

    // Saved as what it says it is.
    page.run(
        "window.saved = [];
         const make = URL.createObjectURL;
         URL.createObjectURL = (blob) => { blob.text().then((text) => window.saved.push([blob.type, text])); return make(blob); };
         HTMLAnchorElement.prototype.click = function () { window.saved.push(['name', this.download]); };",
        (),
    )
    .await?;
    for (key, kind) in
        [("save:json", "application/json"), ("save:html", "text/html"), ("save:markdown", "text/markdown")]
    {
        page.click(&format!(".take [data-key=\"{key}\"]")).await?;
        page.until(
            format!("{kind} is saved"),
            "return window.saved.some(([type, text]) => type.startsWith(arguments[0]) && text.length > 100 && !text.includes(arguments[1]))",
            json!([kind, address]),
        )
        .await?;
    }
    let json: bool = page.ask("const [, text] = window.saved.find(([type]) => type.startsWith('application/json')); return JSON.parse(text) !== null", ()).await?;
    ensure!(json, "the JSON can be read");

    // Copied as it is shown.
    let shown: String = page.ask("return document.querySelector('.take .preview').textContent", ()).await?;
    page.click_copy(".take [data-key=take-copy]", word(lang, "command.copied")).await?;
    page.click(".take .title-line button").await?;
    page.until_gone("dialog.take").await?;
    page.paste_into_field().await?;
    let pasted: String = page.ask("return document.getElementById('field').value", ()).await?;
    ensure!(pasted.trim_end() == shown.trim_end(), "what was copied is what was shown");
    Ok(())
}

async fn message_to_it(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#role-sender").await?;
    page.click("label[for=role-sender]").await?;
    page.click(".to-it > summary").await?;
    page.until(
        "the message is written",
        "return (document.querySelector('.to-it .preview')?.textContent.length ?? 0) > 100",
        (),
    )
    .await?;
    let message = page.text(".to-it .preview").await?;
    ensure!(message.contains("5.4.316"), "IT reads the code: {message}");
    let address = page.attribute(".to-it a.button", "href").await?.context("a mail can be started")?;
    ensure!(address == "mailto:?subject=550%205.4.316", "a mail holds the code and nothing else: {address}");
    Ok(())
}

/// A link holds the section, role, language and answers; it opens the checklist where nothing was pasted.
async fn link(page: Page, lang: Lang) -> Result<()> {
    let text = corpus("ndr/classic_316_en.txt")?;
    let finding = &report(&text, lang).findings[0];
    let question = finding.questions.iter().find(|one| one.answer.is_none()).context("something is left to ask")?;
    let answer = question.answers[0].id;
    page.open(home(lang)).await?;
    page.paste(&text).await?;
    page.until_shown("[data-key=take]").await?;
    page.click(&format!("label[for=\"answer-{answer}\"]")).await?;
    page.until_shown(".changed").await?;
    page.click("[data-key=take]").await?;
    page.until_shown("dialog.take .preview .mask").await?;
    page.click_copy(".take [data-key=take-link]", word(lang, "command.copied")).await?;
    page.click(".take .title-line button").await?;
    page.paste_into_field().await?;
    let link = page.value("#field").await?;
    let fragment = link.split_once('#').context("it has a fragment")?.1;
    for part in ["section=4.4.316", "role=admin", &format!("lang={}", lang.tag()), answer] {
        ensure!(fragment.contains(part), "the link holds {part}: {link}");
    }
    for secret in ["fabrikam", "contoso", "198.51.100", "Bruno", "Presupuesto"] {
        ensure!(!link.contains(secret), "the link does not hold {secret}: {link}");
    }

    // In a browser that knows nothing, at the other language's address.
    page.run("localStorage.clear()", ()).await?;
    page.go(&file("styles.css")?).await?;
    let other = if lang == Lang::En { "/es/" } else { "/" };
    page.open(&format!("{other}#{fragment}")).await?;
    page.until_shown(".headline[data-section=\"4.4.316\"]").await?;
    page.until_text("#answer-title", &plain(finding.title)).await?;
    ensure!(page.checked(&format!("#answer-{answer}")).await?, "the answer came along");
    ensure!(page.checked("#role-admin").await?, "and the role");
    page.until_text("#answer .note", word(lang, "answer.linked")).await?;
    ensure!(page.value("#field").await?.is_empty(), "no text came along");
    Ok(())
}

async fn new_error(page: Page, lang: Lang) -> Result<()> {
    let before = corpus("ndr/classic_316_en.txt")?;
    let after = corpus("ndr/classic_317_untrustedroot_en.txt")?;
    page.open(home(lang)).await?;
    page.paste(&before).await?;
    page.until_shown("[data-key=paste-new]").await?;
    let finding = &report(&before, lang).findings[0];
    let cause =
        finding.causes.iter().find(|cause| cause.standing.word() == "indicated").context("a cause is indicated")?;
    page.click("[data-key=paste-new]").await?;
    let kept: String = page.ask("return localStorage.getItem('ndr-doctor.case')", ()).await?;
    for secret in ["fabrikam", "contoso", "198.51.100", "bruno"] {
        ensure!(!kept.to_lowercase().contains(secret), "only codes and ids are kept: {kept}");
    }
    // Even after a reload.
    page.reload().await?;
    page.until_shown("#resume [data-key=resume-new]").await?;
    page.click("#resume [data-key=resume-new]").await?;
    page.paste(&after).await?;
    page.until_shown(".compared").await?;
    let lines = page.texts(".compared li").await?;
    ensure!(lines[0].contains("4.4.316") && lines[0].contains("4.4.317"), "both codes are named: {lines:?}");
    let further = word(lang, "compare.further").replace("{stage}", word(lang, "stage.encryption"));
    ensure!(lines.contains(&further), "it says that the message gets further: {lines:?}");
    let out = plain(&word(lang, "compare.ruled_out").replace("{cause}", cause.text));
    ensure!(lines.contains(&out), "it says which cause is ruled out: {lines:?}");
    // The same once more.
    page.click("[data-key=paste-new]").await?;
    page.paste(&after).await?;
    page.until("it is the same error", "return document.querySelectorAll('.compared li').length === 1", ()).await?;
    let asks = page.attribute("#field", "placeholder").await?;
    ensure!(asks.as_deref() == Some(word(lang, "entry.placeholder")), "the field no longer asks for the new error");
    Ok(())
}

async fn erase(page: Page, lang: Lang) -> Result<()> {
    let text = corpus("ndr/classic_316_en.txt")?;
    page.open(home(lang)).await?;
    page.paste(&text).await?;
    page.until_shown(".follow").await?;
    let finding = report(&text, lang).findings.remove(0);
    let step =
        in_force(&finding.steps).into_iter().find(|step| step.who == finding.acts).context("there is a step")?.id;
    page.click(&format!("[data-step=\"{step}\"]")).await?;
    page.click("details[data-key=note] summary").await?;
    page.click("#note").await?;
    page.write("rang the partner").await?;
    page.run("document.activeElement.blur()", ()).await?;
    page.reload().await?;
    page.paste(&text).await?;
    page.until_shown("#note").await?;
    ensure!(page.value("#note").await? == "rang the partner", "the note is kept");
    ensure!(page.checked(&format!("[data-step=\"{step}\"]")).await?, "the tick is kept");
    page.click("[data-key=erase]").await?;
    page.until_text("#status", word(lang, "follow.erased")).await?;
    let left: usize = page
        .ask("return Object.keys(localStorage).filter((name) => name.startsWith('ndr-doctor.')).length", ())
        .await?;
    ensure!(left == 0, "{left} things are still kept");
    ensure!(!page.checked(&format!("[data-step=\"{step}\"]")).await?, "the tick is gone");
    ensure!(page.value("#note").await?.is_empty(), "the note is gone");

    // Where the offer to go on disappears under the focus, the field takes it over.
    page.click(&format!("[data-step=\"{step}\"]")).await?;
    page.reload().await?;
    page.until_shown("#resume").await?;
    page.run("document.querySelector('[data-key=resume-afresh]').focus()", ()).await?;
    page.press(&[Key::Enter]).await?;
    page.until_gone("#resume").await?;
    page.until_text("#status", word(lang, "undo.afresh")).await?;
    let focus: String = page.ask("return document.activeElement.id", ()).await?;
    ensure!(focus == "field", "the focus goes to the field, and not to `{focus}`");
    Ok(())
}

/// Every family is named in the language of the moment, and leads to its errors in the reference.
async fn families(page: Page, lang: Lang) -> Result<()> {
    let other = if lang == Lang::En { Lang::Es } else { Lang::En };
    page.open(home(other)).await?;
    page.click(&format!("[data-lang={}]", lang.tag())).await?;
    let families = guide(lang);
    let names: Vec<String> =
        families.iter().map(|family| format!("{} {}", plain(&family.title), family.entries.len())).collect();
    page.until(
        "every family is named in the language chosen",
        "return JSON.stringify([...document.querySelectorAll('.families li')].map((one) =>
           one.textContent.replace(/\\s+/g, ' ').trim())) === arguments[0]
           && [...document.querySelectorAll('.guide [data-section]')].every((one) => one.lang === arguments[1])",
        json!([serde_json::to_string(&names)?, lang.tag()]),
    )
    .await?;
    page.click(".families li:nth-child(2) a").await?;
    page.until("the reference opens", "return document.querySelector('.reference h1') !== null", ()).await?;
    ensure!(page.attribute("html", "lang").await?.as_deref() == Some(lang.tag()), "in the same language");
    let family = &families[1];
    let (title, entries): (String, Vec<String>) = page
        .ask(
            "const place = document.getElementById(decodeURIComponent(location.hash.slice(1)));
             return [place.textContent, [...place.closest('section').querySelectorAll('.entries a')].map((one) => one.textContent)]",
            (),
        )
        .await?;
    let known: Vec<String> = family.entries.iter().map(|entry| plain(&entry.title)).collect();
    ensure!(title == plain(&family.title) && entries == known, "{title} lists {entries:?}");
    Ok(())
}
