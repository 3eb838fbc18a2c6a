//! Whose eyes the answer is for: everyone sees first what they can do themselves, and nothing is hidden without a word.

use fantoccini::key::Key;
use ndr_doctor::Lang;
use ndr_doctor::report::{Actor, Finding};
use ndr_doctor_browser_tests::expected::{corpus, home, in_force, plain, report, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Context, Page, Result, ensure};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    let mut all = Vec::new();
    for lang in Lang::ALL {
        all.push(Scenario::new(format!("roles_{}", lang.tag()), move |page| roles(page, lang)));
        all.push(Scenario::new(format!("platform_{}", lang.tag()), move |page| platform(page, lang)));
        all.push(Scenario::new(format!("an_answer_says_what_it_changes_{}", lang.tag()), move |page| {
            changes(page, lang)
        }));
    }
    all
}

fn file(lang: Lang) -> &'static str {
    if lang == Lang::En { "ndr/classic_316_en.txt" } else { "ndr/classic_317_es.txt" }
}

/// The first step in force of one of them.
fn first(finding: &Finding, who: Actor) -> Option<String> {
    in_force(&finding.steps).into_iter().find(|step| step.who == who).map(|step| step.id.to_string())
}

async fn roles(page: Page, lang: Lang) -> Result<()> {
    let text = corpus(file(lang))?;
    let expected = report(&text, lang);
    let finding = &expected.findings[0];
    let sender = first(finding, Actor::Sender).context("a sender can do something about it")?;
    let admin = first(finding, Actor::Admin).context("an administrator can do something about it")?;
    let code = finding.status.as_deref().or(finding.cause_status.as_deref()).context("it has a code")?;
    page.open(home(lang)).await?;
    page.paste(&text).await?;
    page.until_shown(".segments #role-admin").await?;

    // Who acts on this error is who is likely to read about it.
    ensure!(
        page.checked("#role-admin").await?,
        "the administrators of the sending side act, and so their list is shown"
    );
    ensure!(page.shows(&tick(&admin)).await? && !page.shows(&tick(&sender)).await?, "one's own steps first");
    let now = page.text(".now").await?;
    let step = page.text(".checklist .steps > li:first-child label").await?;
    ensure!(now.contains(&step), "the step to begin with, “{now}”, heads the list, and not “{step}”");
    let unsaid: usize = page
        .ask(
            "return [...document.querySelectorAll('.checklist .condition')].filter((one) =>
               !one.closest('.step').querySelector('input').getAttribute('aria-describedby')?.split(' ').includes(one.id)).length",
            (),
        )
        .await?;
    ensure!(page.count(".condition").await? > 0 && unsaid == 0, "{unsaid} ticks do not say under which condition");
    let said = page.text(".others summary").await?;
    ensure!(said.starts_with(word(lang, "checklist.others_sender")), "a word leads to the sender's steps: {said}");
    page.click(".others summary").await?;
    page.until_shown(&tick(&sender)).await?;

    // The sender's view is short.
    // By key: a click gives a radio button the focus in some engines only.
    page.run("document.getElementById('role-sender').focus()", ()).await?;
    page.press(&[Key::Space]).await?;
    page.until_shown(&tick(&sender)).await?;
    page.until_checked("#role-sender", true).await?;
    page.until_focus("#role-sender").await?;
    ensure!(!page.shows(&tick(&admin)).await?, "others' steps are folded");
    // The message to IT is for IT.
    let words: String = page
        .ask(
            "return [...document.querySelectorAll('#answer > :not(.to-it)')].map((one) => one.innerText).join(' ')",
            (),
        )
        .await?;
    ensure!(!words.contains(code), "a sender is not shown the code {code}");
    ensure!(!page.shows(".chain").await? && !page.shows(".stages").await?, "nor how the machines talked");
    let said = page.text(".for-admins > summary").await?;
    ensure!(said.starts_with(word(lang, "answer.for_admins")), "a word leads to the rest: {said}");
    page.click(".for-admins > summary").await?;
    page.until_shown(&tick(&admin)).await?;
    let words: String = page.ask("return document.getElementById('answer').innerText", ()).await?;
    ensure!(words.contains(code), "the code is there for those who unfold it");

    // The choice is kept with the case.
    page.reload().await?;
    page.paste(&text).await?;
    page.until_shown("#role-sender").await?;
    ensure!(page.checked("#role-sender").await?, "the role is remembered");

    // The receiving side sees its own list, or reads whose it is.
    page.click("label[for=role-recipient_admin]").await?;
    page.until_text(".checklist h3", word(lang, "checklist.title_recipient_admin")).await?;
    if first(finding, Actor::RecipientAdmin).is_none() {
        let says = word(lang, "checklist.idle").replace("{actor}", word(lang, "actor.admin_acts"));
        let shown = page.texts(".checklist > p").await?;
        ensure!(shown.contains(&says), "it says whose it is: {shown:?}");
        ensure!(page.shows(&tick(&admin)).await?, "and shows theirs");
    }
    Ok(())
}

fn tick(step: &str) -> String {
    format!("[data-step=\"{step}\"]")
}

/// Steps that an answer calls for come before those that another answer may yet call for.
async fn changes(page: Page, lang: Lang) -> Result<()> {
    let text = corpus(file(lang))?;
    let expected = report(&text, lang);
    let finding = &expected.findings[0];
    let depends = |answer: &str| finding.steps.iter().any(|step| step.only_if.contains(&answer));
    let open = finding.questions.iter().filter(|question| question.answer.is_none());
    let choice = open
        .take(2)
        .flat_map(|question| &question.answers)
        .filter(|answer| depends(answer.id))
        .last()
        .context("a step depends on an answer")?;
    page.open(home(lang)).await?;
    page.paste(&text).await?;
    page.until_shown(".questions").await?;
    ensure!(page.count(".questions > .choices").await? <= 2, "two questions at a time");
    page.click(&format!("label[for=\"answer-{}\"]", choice.id)).await?;
    page.until_shown(".questions .changed").await?;
    let said = page.text(".changed").await?;
    let form = word(lang, "question.changed");
    ensure!(said.starts_with(&form[..form.find('{').unwrap_or(0)]), "it says what changed: {said}");
    ensure!(page.text("#status").await? == said, "and says it aloud");

    let options = ndr_doctor::Options { lang, answers: vec![choice.id.to_string()] };
    let answered = ndr_doctor::examine(&[ndr_doctor::Form::text(&text)], &options, &ndr_doctor::HostCharsets);
    let finding = &answered.findings[0];
    let given: Vec<&str> = finding.questions.iter().filter_map(|question| question.answer).collect();
    let shown: Vec<String> =
        page.ask("return [...document.querySelectorAll('.checklist > .steps > li > .step > [data-step]')].map((box) => box.dataset.step)", ()).await?;
    let mut waiting = false;
    for id in &shown {
        let step = finding.steps.iter().find(|step| step.id == *id).with_context(|| format!("{id} is a step"))?;
        if step.only_if.is_empty() {
            continue;
        }
        let met = step.only_if.iter().all(|id| given.contains(id));
        ensure!(!(met && waiting), "{id} is called for and comes too late: {}", plain(step.text));
        waiting |= !met;
    }
    // What fell away is there, with the reason.
    let fell: usize = page.ask("return document.querySelectorAll('.dropped .why').length", json!([])).await?;
    ensure!(fell > 0, "what fell away says why");
    Ok(())
}

/// Of commands for Windows and for Linux or macOS, those of the platform chosen stand open, the others folded; the
/// choice outlives a reload.
async fn platform(page: Page, lang: Lang) -> Result<()> {
    // What of the first step with commands for both is seen, and what stands folded under a word.
    const SEEN: &str = "
        const fold = document.querySelector('.checklist [data-key^=\"elsewhere:\"]');
        const heads = (list) => [...list].map((one) => one.querySelector('.command-head > span').textContent);
        return [heads(fold.parentElement.querySelectorAll(':scope > .command')), heads(fold.querySelectorAll('.command')), fold.open, fold.querySelector('summary').textContent]";
    page.open(home(lang)).await?;
    page.paste(&corpus(file(lang))?).await?;
    page.until_shown("#platform-admin-windows").await?;
    let shells =
        |list: &[&str]| -> Vec<String> { list.iter().map(|one| word(lang, &format!("shell.{one}")).into()).collect() };
    let (windows, unix) = (shells(&["powershell"]), shells(&["bash"]));
    for (chosen, here, there, said) in
        [("windows", &windows, &unix, "platform.on_unix"), ("unix", &unix, &windows, "platform.on_windows")]
    {
        page.click(&format!("label[for=platform-admin-{chosen}]")).await?;
        page.until_checked(&format!("#platform-admin-{chosen}"), true).await?;
        let (seen, folded, open, summary): (Vec<String>, Vec<String>, bool, String) = page.ask(SEEN, ()).await?;
        ensure!(!seen.is_empty() && seen.iter().all(|one| here.contains(one)), "for {chosen}, {seen:?} are seen");
        ensure!(
            !folded.is_empty() && folded.iter().all(|one| there.contains(one)),
            "for {chosen}, {folded:?} are folded"
        );
        ensure!(!open && summary == word(lang, said), "a word leads to the others: {summary}");
    }
    page.click("label[for=platform-admin-windows]").await?;
    page.reload().await?;
    page.paste(&corpus(file(lang))?).await?;
    page.until_shown("#platform-admin-windows").await?;
    ensure!(page.checked("#platform-admin-windows").await?, "the choice is remembered");
    Ok(())
}
