//! What the page answers when there is nothing to answer, and how one gets back.

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, home, plain, report, word};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Page, Result, ensure};

pub fn scenarios() -> Vec<Scenario> {
    let mut all =
        vec![Scenario::new("clear_can_be_undone", clear), Scenario::new("clear_of_a_file_can_be_undone", clear_file)];
    for lang in Lang::ALL {
        all.push(Scenario::new(format!("helpful_answers_{}", lang.tag()), move |page| helpful(page, lang)));
        all.push(Scenario::new(format!("too_large_{}", lang.tag()), move |page| too_large(page, lang)));
    }
    all
}

/// Text, and the answer that it gets.
const ANSWERS: &[(&str, &str)] = &[
    ("Good morning,\n\nthe drawings for the north roof are ready. Shall we meet on Tuesday?\n\nAna\n", ""),
    ("zzz qqq 17", "unrecognised"),
    ("   \n\n ", "empty"),
];

async fn helpful(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    // Nothing at all.
    page.click("#read").await?;
    expect(&page, &report("", lang), "empty").await?;
    for (text, id) in ANSWERS {
        page.paste(text).await?;
        // The answer to the paste has the focus already; that to the button is another one.
        page.run("document.getElementById('answer-title').dataset.before = ''", ()).await?;
        page.click("#read").await?;
        page.until_focus("#answer-title:not([data-before])").await?;
        expect(&page, &report(text, lang), id).await?;
        ensure!(page.value("#field").await? == *text, "the text stays where it is");
    }
    // Only a delay, and a message that arrived.
    let delay =
        corpus(if lang == Lang::En { "delay/en_with_starttls_reason.txt" } else { "lang_es/delay_exchange.txt" })?;
    page.paste(&delay).await?;
    page.until_shown("#answer [data-answer=delayed]").await?;
    page.until_text(".verdict", &plain(report(&delay, lang).answer.title)).await?;
    let headers = corpus("headers/slow_hop.txt")?;
    page.paste(&headers).await?;
    let expected = report(&headers, lang);
    ensure!(expected.verdict.word() == "not_a_bounce", "these headers are no bounce");
    expect(&page, &expected, expected.answer.id).await
}

async fn expect(page: &Page, report: &ndr_doctor::Report, id: &str) -> Result<()> {
    let answer = &report.answer;
    ensure!(id.is_empty() || answer.id == id, "the answer is `{}`, not `{id}`", answer.id);
    page.until_shown(&format!("#answer [data-answer=\"{}\"]", answer.id)).await?;
    page.until_text("#answer-title", &plain(answer.title)).await?;
    let advice: Vec<String> = answer.advice.iter().map(|line| plain(line)).collect();
    ensure!(page.texts("#answer .advice li").await? == advice, "the advice is {advice:?}");
    ensure!(!answer.text.is_empty() || !advice.is_empty(), "`{}` helps", answer.id);
    page.until_text("#status", &plain(answer.title)).await
}

async fn too_large(page: Page, lang: Lang) -> Result<()> {
    page.open(home(lang)).await?;
    page.run(
        "const transfer = new DataTransfer();
         transfer.items.add(new File([new Uint8Array(31 * 1024 * 1024)], 'large.eml'));
         document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));",
        (),
    )
    .await?;
    page.until_shown("#answer [data-answer=too_large]").await?;
    page.until_text("#answer-title", word(lang, "too_large.title")).await?;
    ensure!(page.texts("#answer .advice li").await?.len() == 2, "it says what to do instead");
    // A file that the browser cannot read.
    page.run(
        "File.prototype.arrayBuffer = Blob.prototype.arrayBuffer = () => Promise.reject(new DOMException('a folder', 'NotReadableError'));",
        (),
    )
    .await?;
    page.drop_file("folder", b"").await?;
    page.until_text("#answer-title", word(lang, "unreadable.title")).await?;
    // And the page goes on.
    page.paste("450 4.4.316 Connection refused").await?;
    page.until_shown("#answer [data-section=\"4.4.316\"]").await
}

async fn clear(page: Page) -> Result<()> {
    let text = corpus("ndr/classic_316_en.txt")?;
    page.open("/").await?;
    ensure!(!page.shows(".entry .clear").await?, "there is nothing to clear yet");
    page.paste(&text).await?;
    page.until_shown("#runs mark").await?;
    page.click(".pasted .clear").await?;
    page.until_gone("#answer").await?;
    ensure!(page.value("#field").await?.is_empty(), "the field is empty");
    ensure!(page.text("#runs").await?.is_empty() || !page.shows("#runs").await?, "the text is no longer shown");
    page.until_focus("#field").await?;
    page.until_shown("#undo").await?;
    page.click("#undo [data-key=undo]").await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    page.until_shown("#runs mark").await?;
    ensure!(!page.shows("#undo").await?, "the offer is used up");
    page.click("#edit").await?;
    ensure!(page.value("#field").await? == text, "the text is back");
    // Something new makes the offer go.
    page.click(".entry .clear").await?;
    page.until_shown("#undo").await?;
    page.paste("450 4.4.315 Connection timed out").await?;
    page.until_shown("#answer .headline[data-section=\"4.4.315\"]").await?;
    page.until_gone("#undo").await
}

async fn clear_file(page: Page) -> Result<()> {
    page.open("/").await?;
    page.drop_file("a.eml", b"450 4.4.318 Connection was closed abruptly (SuspiciousRemoteServerError)").await?;
    page.until_shown("#answer .headline[data-section=\"4.4.318\"]").await?;
    page.click(".pasted .clear").await?;
    page.until_gone("#answer").await?;
    page.click("#undo [data-key=undo]").await?;
    page.until_shown("#answer .headline[data-section=\"4.4.318\"]").await?;
    let said = page.text("#pasted-about").await?;
    ensure!(said.contains("a.eml"), "the file's name is back: {said}");
    Ok(())
}
