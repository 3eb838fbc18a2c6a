//! The main job: each of the seven sections, in both languages, from the paste to a ticked checklist.

use std::slice::from_ref;

use ndr_doctor::Lang;
use ndr_doctor::report::{Actor, Finding, Outcome, Report, Stage, Standing, Step};
use ndr_doctor_browser_tests::expected::{corpus, folded, home, in_force, plain, report, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Page, Result, ensure};
use serde_json::json;

/// Section, language, and a file of the corpus in that language.
const SECTIONS: &[(&str, Lang, &str)] = &[
    ("4.4.312", Lang::En, "ndr/classic_312_en.txt"),
    ("4.4.312", Lang::Es, "ndr/classic_312_es.txt"),
    ("4.4.315", Lang::En, "ndr/classic_315_en.txt"),
    ("4.4.315", Lang::Es, "ndr/classic_315_es.txt"),
    ("4.4.316", Lang::En, "ndr/classic_316_en.txt"),
    ("4.4.316", Lang::Es, "queue/labels_316_es.txt"),
    ("4.4.317", Lang::En, "ndr/classic_317_untrustedroot_en.txt"),
    ("4.4.317", Lang::Es, "ndr/classic_317_es.txt"),
    ("4.4.318", Lang::En, "ndr/classic_318_en.txt"),
    ("4.4.318", Lang::Es, "ndr/classic_318_es.txt"),
    ("4.7.320", Lang::En, "ndr/classic_320_en.txt"),
    ("4.7.320", Lang::Es, "ndr/classic_320_es.txt"),
    ("other", Lang::En, "ndr/classic_other_en.txt"),
    ("other", Lang::Es, "queue/labels_other_es.txt"),
];

pub fn scenarios() -> Vec<Scenario> {
    let scenario = |&(section, lang, file): &(&'static str, Lang, &'static str)| {
        Scenario::new(format!("section_{section}_{}", lang.tag()), move |page| read_and_tick(page, section, lang, file))
    };
    SECTIONS.iter().map(scenario).collect()
}

async fn read_and_tick(page: Page, section: &'static str, lang: Lang, file: &'static str) -> Result<()> {
    let text = corpus(file)?;
    let expected = report(&text, lang);
    let finding = &expected.findings[0];
    ensure!(finding.section == section, "{file} is about {}", finding.section);

    page.open(home(lang)).await?;
    page.paste(&text).await?;
    page.until_shown(&format!(".headline[data-section=\"{section}\"]")).await?;
    headline(&page, &expected, finding, lang).await?;
    way(&page, finding, lang).await?;
    causes(&page, &expected, finding, lang).await?;
    checklist(&page, finding, lang).await?;
    shown_text(&page, &expected).await?;

    // Two ticks, by hand; the second may lie inside the first, and folded as long as a question is open.
    let steps = own(finding);
    page.run("for (const one of document.querySelectorAll('.checklist details')) one.open = true", ()).await?;
    let ticked = [steps[0].id, steps[steps.len() / 2].id];
    ensure!(ticked[0] != ticked[1], "the checklist of {section} is too short to tick two steps");
    for step in ticked {
        page.click(&tick(step)).await?;
        page.until_checked(&tick(step), true).await?;
    }
    progress(&page, lang, 2, steps.len()).await?;

    // A reload keeps the ticks, not the text.
    page.reload().await?;
    ensure!(page.value("#field").await?.is_empty(), "the text is gone after a reload");
    page.until_shown("#resume").await?;
    page.click("[data-key=resume]").await?;
    page.until_shown(&format!(".headline[data-section=\"{section}\"]")).await?;
    for step in ticked {
        ensure!(page.checked(&tick(step)).await?, "{step} is ticked when the checklist is continued");
    }

    // The text comes again, and the ticks are there.
    page.paste(&text).await?;
    page.until("the paste is read", "return document.querySelectorAll('#runs mark').length > 0", ()).await?;
    for step in ticked {
        ensure!(page.checked(&tick(step)).await?, "{step} is ticked after a reload");
    }
    progress(&page, lang, 2, steps.len()).await?;

    // Start afresh, take it back, start afresh for good.
    page.click("[data-key=afresh]").await?;
    progress(&page, lang, 0, steps.len()).await?;
    ensure!(!page.checked(&tick(ticked[0])).await?, "starting afresh clears the ticks");
    page.click("#undo [data-key=undo]").await?;
    progress(&page, lang, 2, steps.len()).await?;
    page.click("[data-key=afresh]").await?;
    progress(&page, lang, 0, steps.len()).await?;
    page.reload().await?;
    ensure!(!page.shows("#resume").await?, "nothing is left to continue");
    Ok(())
}

/// The steps in force of the administrators of the sending side, whose errors these are.
fn own(finding: &Finding) -> Vec<&Step> {
    finding.steps.iter().filter(|step| step.who == Actor::Admin).flat_map(|step| in_force(from_ref(step))).collect()
}

fn tick(step: &str) -> String {
    format!("[data-step=\"{step}\"]")
}

async fn progress(page: &Page, lang: Lang, done: usize, all: usize) -> Result<()> {
    let says = word(lang, "checklist.progress").replace("{done}", &done.to_string()).replace("{all}", &all.to_string());
    page.until_text(".progress", &says).await
}

async fn headline(page: &Page, report: &Report, finding: &Finding, lang: Lang) -> Result<()> {
    page.until_text("#answer-title", &plain(finding.title)).await?;
    page.until_text(".headline .verdict", &plain(report.answer.title)).await?;
    page.until_text(".headline .meaning", &plain(&finding.meaning)).await?;
    let facts = page.text(".headline .facts").await?;
    let certainty = word(lang, &format!("confidence.{}", finding.confidence.word()));
    let parts =
        [finding.status.as_deref(), finding.cause_status.as_deref(), finding.remote.host.as_deref(), Some(certainty)];
    for part in parts.into_iter().flatten() {
        ensure!(facts.contains(part), "the facts name {part}: {facts}");
    }
    let language: String = page.ask("return document.documentElement.lang", ()).await?;
    ensure!(language == lang.tag(), "the page is in {}, not in {language}", lang.tag());
    ensure!(page.text("#status").await?.contains(&plain(finding.title)), "the answer is announced");
    Ok(())
}

const STAGES: [Stage; 5] = [Stage::Lookup, Stage::Connection, Stage::Encryption, Stage::Conversation, Stage::Mailbox];

/// The picture marks the stage where it stopped, in words and shape too.
async fn way(page: &Page, finding: &Finding, lang: Lang) -> Result<()> {
    let Some(broken) = STAGES.iter().position(|stage| *stage == finding.stage) else {
        return Ok(());
    };
    let stuck = if finding.outcome == Outcome::Retrying { "stage.held" } else { "stage.broken" };
    let mut expected = Vec::new();
    for (at, stage) in STAGES.iter().enumerate() {
        let state = if at < broken {
            "stage.passed"
        } else if at == broken {
            stuck
        } else {
            "stage.ahead"
        };
        expected.push(format!("{}: {}", word(lang, &format!("stage.{}", stage.word())), word(lang, state)));
    }
    let said = page.texts(".stages > li").await?;
    ensure!(said == expected, "the picture says {said:?}, not {expected:?}");
    let shapes: Vec<String> = page
        .ask("return [...document.querySelectorAll('.stages > li .shape')].map((one) => one.localName)", ())
        .await?;
    let odd: Vec<usize> = (0..shapes.len()).filter(|at| shapes[*at] != "circle").collect();
    ensure!(odd == [broken], "only the broken stage has a shape of its own: {shapes:?}");
    Ok(())
}

/// Every cause stands under its heading, with the words that it rests on.
async fn causes(page: &Page, report: &Report, finding: &Finding, lang: Lang) -> Result<()> {
    for cause in &finding.causes {
        let class = match cause.standing {
            Standing::Indicated => "indicated",
            Standing::Possible => "possible",
            Standing::RuledOut => "ruled_out",
        };
        let place = format!("li.{class}[data-cause=\"{}\"]", cause.id);
        let text = page.text(&format!("{place} > p:first-child")).await?;
        ensure!(text == plain(cause.text), "{}: {text}", cause.id);
        let quoted = page.texts(&format!("{place} .chip")).await?;
        let mut expected: Vec<String> = Vec::new();
        for evidence in cause.because.iter().filter_map(|n| report.evidence.iter().find(|evidence| evidence.n == *n)) {
            let quote = folded(&word(lang, "answer.quote").replace("{text}", &evidence.witness));
            // The same words are quoted once, however often they stand there.
            if !expected.contains(&quote) {
                expected.push(quote);
            }
        }
        ensure!(quoted == expected, "{} quotes {quoted:?}, not {expected:?}", cause.id);
        let folded_away: bool = page
            .ask(
                "return document.querySelector(arguments[0]).closest('details:not([open])') !== null",
                [place.as_str()],
            )
            .await?;
        ensure!(
            folded_away == (cause.standing == Standing::RuledOut),
            "only what is ruled out is folded: {}",
            cause.id
        );
    }
    let order: Vec<String> = page.texts(".causes h4").await?;
    ensure!(finding.causes.is_empty() == order.is_empty(), "the causes have headings: {order:?}");
    Ok(())
}

/// Every step in force is there once, with a box of its own to tick: one's own first, then those of others, folded.
async fn checklist(page: &Page, finding: &Finding, lang: Lang) -> Result<()> {
    let steps = in_force(&finding.steps);
    let mut said: Vec<(String, String, bool)> = page
        .ask(
            "return [...document.querySelectorAll('.checklist [data-step]:not(.dropped *)')].map((box) =>
               [box.dataset.step, box.labels[0].textContent.replace(/\\s+/g, ' ').trim(), box.checked])",
            (),
        )
        .await?;
    let mut expected: Vec<_> = steps.iter().map(|step| (step.id.to_string(), plain(step.text), false)).collect();
    // Those under a condition change places among themselves.
    said.sort();
    expected.sort();
    ensure!(said == expected, "the checklist is\n{said:#?}\nnot\n{expected:#?}");
    let folded: Vec<String> = page
        .ask("return [...document.querySelectorAll('.others [data-step]')].map((box) => box.dataset.step)", ())
        .await?;
    let own = own(finding);
    for step in &steps {
        let mine = own.iter().any(|one| one.id == step.id);
        ensure!(
            folded.iter().any(|id| id == step.id) != mine,
            "the steps of others are folded, one's own are not: {}",
            step.id
        );
    }
    let links = steps.iter().filter_map(|step| step.link.as_ref());
    for link in links {
        let there: bool = page
            .ask(
                "return [...document.querySelectorAll('.checklist a')].some((one) => one.getAttribute('href') === arguments[0])",
                json!([link.url]),
            )
            .await?;
        ensure!(there, "the checklist links to {}", link.url);
    }
    progress(page, lang, 0, own.len()).await
}

/// The pasted text, whole, beside the answer.
async fn shown_text(page: &Page, report: &Report) -> Result<()> {
    let shown: Vec<String> =
        page.ask("return [...document.querySelectorAll('#runs .runs')].map((one) => one.textContent)", ()).await?;
    let expected: Vec<String> =
        report.parts.iter().map(|part| part.runs.iter().map(|run| run.text.as_str()).collect()).collect();
    ensure!(shown == expected, "the text shown is\n{shown:#?}\nnot\n{expected:#?}");
    let marked: Vec<String> =
        page.ask("return [...document.querySelectorAll('#runs mark')].map((one) => one.textContent)", ()).await?;
    let cited: Vec<String> = report
        .parts
        .iter()
        .flat_map(|part| &part.runs)
        .filter(|run| !run.cites.is_empty())
        .map(|run| run.text.clone())
        .collect();
    ensure!(!marked.is_empty() && marked == cited, "the marks are {marked:?}, not {cited:?}");
    Ok(())
}
