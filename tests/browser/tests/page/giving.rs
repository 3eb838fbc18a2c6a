//! Every way of giving the page something to read: typing, pasting, dropping, choosing, and the examples.

use fantoccini::key::Key;
use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, corpus_bytes, home, plain, report, word};
use ndr_doctor_browser_tests::page::COMMAND;
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Context, Page, Result, ensure};
use serde_json::json;

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("typed_text_is_read_as_one_types", typed),
        Scenario::new("a_paste_anywhere_is_read", pasted_anywhere),
        Scenario::new("a_paste_of_a_shown_message_is_read", pasted_html),
        Scenario::new("a_paste_of_html_alone_is_read", pasted_html_alone),
        Scenario::new("a_dropped_file_is_read", dropped),
        Scenario::new("dropped_text_is_read", dropped_text),
        Scenario::new("a_chosen_file_is_read", chosen),
        Scenario::new("examples_en", |page| examples(page, Lang::En)),
        Scenario::new("examples_es", |page| examples(page, Lang::Es)),
        Scenario::new("several_problems_can_be_told_apart", several),
        Scenario::new("an_answer_chooses_the_steps", questions),
        Scenario::new("a_command_can_be_copied", copied_command),
        Scenario::new("an_answer_waits_for_the_hand", hand),
    ]
}

/// Waits until the answer is about a section.
async fn about(page: &Page, section: &str) -> Result<()> {
    page.until_shown(&format!("#answer .headline[data-section=\"{section}\"]")).await
}

async fn typed(page: Page) -> Result<()> {
    page.open("/").await?;
    page.click("#field").await?;
    page.write("450 4.4.315 Connection timed out").await?;
    about(&page, "4.4.315").await?;
    let focus: String = page.ask("return document.activeElement.id", ()).await?;
    ensure!(focus == "field", "the focus stays in the field while one types, and is not at `{focus}`");
    ensure!(page.shows("#field").await?, "the field stays while one types");
    // More of it changes the answer, and so does less.
    page.press(&[Key::Enter]).await?;
    page.write("[Message=Socket error code 10060]").await?;
    page.until_shown(".causes .indicated").await?;
    page.run("document.getElementById('field').select()", ()).await?;
    page.write("450 4.4.312 DNS query failed").await?;
    about(&page, "4.4.312").await?;
    // The keys that read at once go to the answer.
    page.chord(COMMAND, char_of(Key::Enter)).await?;
    page.read().await?;
    page.until_shown("#runs mark").await?;
    page.click("#edit").await?;
    ensure!(page.value("#field").await? == "450 4.4.312 DNS query failed", "the text can be edited again");
    page.press(&[Key::Backspace]).await?;
    page.run("document.getElementById('field').select()", ()).await?;
    page.press(&[Key::Delete]).await?;
    page.until_gone("#answer").await
}

fn char_of(key: Key) -> char {
    key.chars().next().expect("a key is a character")
}

async fn pasted_anywhere(page: Page) -> Result<()> {
    let text = corpus("ndr/classic_318_en.txt")?;
    page.open("/").await?;
    page.copy(&text).await?;
    page.run("document.activeElement.blur()", ()).await?;
    page.chord(COMMAND, 'v').await?;
    about(&page, "4.4.318").await?;
    page.until_focus("#answer-title").await?;
    // And again, while the answer is shown and the field is not.
    page.copy(&corpus("ndr/classic_320_en.txt")?).await?;
    page.run("document.activeElement.blur()", ()).await?;
    page.chord(COMMAND, 'v').await?;
    about(&page, "4.7.320").await?;
    page.click("#edit").await?;
    ensure!(page.value("#field").await?.contains("4.7.320"), "the field holds what was pasted last");
    Ok(())
}

async fn pasted_html(page: Page) -> Result<()> {
    let text = corpus("ndr/classic_312_en.txt")?;
    let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
    page.open("/").await?;
    page.copy_shown(&lines).await?;
    page.paste_into_field().await?;
    about(&page, "4.4.312").await?;
    page.until_shown("#runs mark").await?;
    let shown = page.text("#runs").await?;
    ensure!(!shown.contains("</p>") && !shown.contains("style="), "no markup is shown: {shown}");
    Ok(())
}

async fn pasted_html_alone(page: Page) -> Result<()> {
    page.open("/").await?;
    page.copy_html(
        "<p>Last error</p><p>450 4.4.316 Connection refused [Message=Socket error code 10061]</p>\
         <script>throw new Error('this ran')</script><img src=x onerror='throw new Error(\"this ran\")'>",
    )
    .await?;
    page.paste_into_field().await?;
    about(&page, "4.4.316").await?;
    let shown = page.text("#runs").await?;
    ensure!(shown.contains("Connection refused") && !shown.contains("this ran"), "its text is shown: {shown}");
    Ok(())
}

async fn dropped(page: Page) -> Result<()> {
    page.open("/").await?;
    page.drop_file("exo_316_whole.eml", &corpus_bytes("dsn/exo_316_whole.eml")?).await?;
    about(&page, "4.4.316").await?;
    let said = page.text("#pasted-about").await?;
    ensure!(said.contains("exo_316_whole.eml"), "the file's name is said: {said}");
    ensure!(page.count("#runs .runs").await? > 1, "the message's parts are shown apart");
    page.until_focus("#answer-title").await?;
    ensure!(page.count("#frame.dropping").await? == 0, "the page no longer waits for a drop");
    // Another one takes its place.
    page.drop_file("exo_320_whole.eml", &corpus_bytes("dsn/exo_320_whole.eml")?).await?;
    about(&page, "4.7.320").await
}

async fn dropped_text(page: Page) -> Result<()> {
    page.open("/").await?;
    page.run(
        "const transfer = new DataTransfer();
         transfer.setData('text/plain', arguments[0]);
         document.getElementById('main').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));",
        [corpus("ndr/classic_315_en.txt")?.as_str()],
    )
    .await?;
    about(&page, "4.4.315").await
}

async fn chosen(page: Page) -> Result<()> {
    let file = tempfile::Builder::new().prefix("report").suffix(".eml").tempfile()?;
    std::fs::write(file.path(), corpus_bytes("dsn/exo_318_es_whole.eml")?)?;
    let path = file.path().to_str().context("the temporary folder's name is UTF-8")?;
    page.open("/").await?;
    page.element("#file").await?.send_keys(path).await.context("cannot choose a file")?;
    about(&page, "4.4.318").await?;
    let name = file.path().file_name().and_then(|name| name.to_str()).context("it has a name")?;
    let said = page.text("#pasted-about").await?;
    ensure!(said.contains(name), "the file's name is said: {said}");
    // The same file again, after something else, is read again.
    page.paste(&corpus("ndr/classic_315_en.txt")?).await?;
    about(&page, "4.4.315").await?;
    page.element("#file").await?.send_keys(path).await.context("cannot choose a file twice")?;
    about(&page, "4.4.318").await
}

/// Each example lands where its name says.
const EXAMPLES: &[(&str, &str, &str)] = &[
    ("dns", "data-section", "4.4.312"),
    ("timeout", "data-section", "4.4.315"),
    ("refused", "data-section", "4.4.316"),
    ("certificate", "data-section", "4.4.317"),
    ("closed", "data-section", "4.4.318"),
    ("validation", "data-section", "4.7.320"),
    ("other", "data-section", "other"),
    ("delay", "data-answer", "delayed"),
    ("unknown_user", "data-section", "5.1.10"),
    ("headers", "data-answer", "headers"),
];

async fn examples(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    let there: Vec<String> = page
        .ask("return [...document.querySelectorAll('[data-example]')].map((one) => one.dataset.example)", ())
        .await?;
    let known: Vec<&str> = EXAMPLES.iter().map(|(id, ..)| *id).collect();
    ensure!(there == known, "the examples are {there:?}, not {known:?}");
    for (id, attribute, value) in EXAMPLES {
        if !page.shows("#examples").await? {
            page.click("#edit").await?;
        }
        page.click("#examples summary").await?;
        page.until_text(&format!("[data-example={id}]"), word(lang, &format!("example.{id}"))).await?;
        page.click(&format!("[data-example={id}]")).await?;
        page.read().await?;
        page.until_shown(&format!("#answer .headline[{attribute}=\"{value}\"]"))
            .await
            .with_context(|| format!("the example `{id}`"))?;
        ensure!(!page.shows("#example-list").await?, "the menu closes after a choice");
        ensure!(!page.value("#field").await?.is_empty(), "the example `{id}` is put into the field");
    }
    Ok(())
}

async fn several(page: Page) -> Result<()> {
    let text = corpus("trace/led_two_recipients.txt")? + "\n" + &corpus("ndr/classic_317_es.txt")?;
    let expected = report(&text, Lang::En);
    ensure!(expected.findings.len() > 1, "this text holds several problems");
    page.open("/").await?;
    page.paste(&text).await?;
    page.until_shown(".several").await?;
    let names: Vec<String> = expected.findings.iter().map(|finding| plain(finding.title)).collect();
    ensure!(page.texts(".several-name").await? == names, "each problem is named: {names:?}");
    let last = expected.findings.len() - 1;
    page.click(&format!(".several li:nth-child({}) button", last + 1)).await?;
    page.until_text("#answer-title", &names[last]).await?;
    page.until_focus(&format!("[data-key=\"finding:{last}\"]")).await?;
    ensure!(page.count(".several [aria-current=true]").await? == 1, "one problem is marked as shown");
    Ok(())
}

/// The steps of the first level that fell away, one's own and those of others.
const DROPPED: &str = ":is(.checklist, .checklist > .others > .fold-inside) > .steps > .dropped > .fold > .fold-inside > ul > .dropped-step";

async fn questions(page: Page) -> Result<()> {
    let text = corpus("ndr/classic_316_en.txt")?;
    let expected = report(&text, Lang::En);
    let finding = &expected.findings[0];
    let question = finding.questions.iter().find(|one| one.answer.is_none()).context("something is left to ask")?;
    // An answer that takes steps away.
    let drops = |answer: &str| {
        let options = ndr_doctor::Options { lang: Lang::En, answers: vec![answer.to_owned()] };
        let report = ndr_doctor::examine(&[ndr_doctor::Form::text(&text)], &options, &ndr_doctor::HostCharsets);
        let steps = &report.findings[0].steps;
        (steps.iter().filter(|step| step.dropped).count(), ndr_doctor_browser_tests::expected::in_force(steps).len())
    };
    let (answer, (dropped, left)) = question
        .answers
        .iter()
        .map(|one| (&one.id, drops(one.id)))
        .max_by_key(|(_, (dropped, _))| *dropped)
        .context("a question has answers")?;
    ensure!(dropped > 0, "an answer to {} takes steps away", question.id);

    page.open("/").await?;
    page.paste(&text).await?;
    about(&page, "4.4.316").await?;
    page.click(&format!("label[for=\"answer-{answer}\"]")).await?;
    page.until(
        "its steps are folded",
        "return document.querySelectorAll(arguments[0]).length === arguments[1]",
        json!([DROPPED, dropped]),
    )
    .await?;
    ensure!(page.count(".checklist :not(.dropped *)[data-step]").await? == left, "the other steps stay");
    ensure!(page.count(".dropped + .dropped").await? == 0, "neighbours are folded together");
    let marked: String = page
        .ask("return document.getElementById('answer').innerText.split('\\n').filter((line) => /`|\\*\\*/.test(line)).join('\\n')", ())
        .await?;
    ensure!(marked.is_empty(), "no markup is left as it is written: {marked}");
    let settled = page.text(".questions .settled summary").await?;
    ensure!(settled.contains(&plain(question.text)), "the question is settled: {settled}");

    // The answer survives a reload, as the ticks do.
    page.reload().await?;
    page.until_shown("#resume").await?;
    page.paste(&text).await?;
    about(&page, "4.4.316").await?;
    ensure!(page.checked(&format!("#answer-{answer}")).await?, "the answer is remembered");
    ensure!(page.count(DROPPED).await? == dropped, "and its steps are folded");

    // Another answer undoes it.
    let other = question.answers.iter().find(|one| one.id != *answer).context("there is another answer")?;
    page.click(".questions .settled summary").await?;
    page.click(&format!("label[for=\"answer-{}\"]", other.id)).await?;
    let (dropped, _) = drops(other.id);
    page.until(
        "the other answer's steps are folded",
        "return document.querySelectorAll(arguments[0]).length === arguments[1]",
        json!([DROPPED, dropped]),
    )
    .await
}

/// What is pressed while the next answer comes is not drawn anew before it is let go: the click counts.
async fn hand(page: Page) -> Result<()> {
    page.open("/").await?;
    page.click("#field").await?;
    page.write("450 4.4.316 Connection refused").await?;
    about(&page, "4.4.316").await?;
    page.run(
        "// However slow this machine is, the hand is not taken for one that rests.
         const { setTimeout } = window;
         window.setTimeout = (act, ms) => (ms === 1000 ? 0 : setTimeout(act, ms));
         // The engine's answers are counted as they come.
         window.answers = 0;
         const { postMessage } = Worker.prototype;
         Worker.prototype.postMessage = function (...given) {
           this.addEventListener('message', () => { window.answers += 1; }, { once: true });
           return postMessage.apply(this, given);
         };",
        (),
    )
    .await?;
    let step = page.attribute(".checklist [data-step]", "data-step").await?.context("there is a step")?;
    let tick = format!("[data-step=\"{step}\"]");
    page.press_on(&tick).await?;
    page.run(
        "const field = document.getElementById('field');
         field.value += ' [Message=Socket error code 10061]';
         field.dispatchEvent(new InputEvent('input', { bubbles: true }));",
        (),
    )
    .await?;
    page.until("the next answer has come", "return window.answers > 0", ()).await?;
    page.let_go().await?;
    page.until_shown(".causes .indicated").await?;
    page.until_checked(&tick, true).await
}

async fn copied_command(page: Page) -> Result<()> {
    page.open("/").await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    about(&page, "4.4.316").await?;
    page.run("for (const one of document.querySelectorAll('.checklist details')) one.open = true", ()).await?;
    let command = page.text(".checklist .command code").await?;
    page.until(
        "each button to copy is described by its own line",
        "const lines = [...document.querySelectorAll('.checklist .command-head')];
        const described = ([button, shown]) => document.getElementById(button.getAttribute('aria-describedby')) === shown;
        return lines.length > 1 && lines
            .map((head) => [head.querySelector('button'), head.nextElementSibling.querySelector('code')])
            .every(described)",
        (),
    )
    .await?;
    page.click_copy(".checklist .command button", word(Lang::En, "command.copied")).await?;
    page.paste_into_field().await?;
    page.until(
        "the command is pasted",
        "return document.getElementById('field').value === arguments[0]",
        [command.as_str()],
    )
    .await
}
