//! The tie between the words of the text and what they prove: both ways, by mouse and by key.

use fantoccini::key::Key;
use ndr_doctor::Lang;
use ndr_doctor::report::Standing;
use ndr_doctor_browser_tests::expected::{corpus, report};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Context, Page, Result, ensure};

const FILE: &str = "ndr/classic_316_en.txt";

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("marks_lead_to_proofs_and_back", there_and_back),
        Scenario::new("marks_light_up_together", lit_together),
        Scenario::new("every_tie_has_two_ends", two_ends),
        Scenario::new("a_quotation_opens_the_text", from_the_field),
    ]
}

async fn answered(page: &Page) -> Result<()> {
    page.open("/").await?;
    page.paste(&corpus(FILE)?).await?;
    page.until_shown("#runs mark").await
}

async fn there_and_back(page: Page) -> Result<()> {
    let text = corpus(FILE)?;
    let expected = report(&text, Lang::En);
    let causes = &expected.findings[0].causes;
    let cause = causes.iter().find(|cause| cause.standing == Standing::Indicated).context("a cause is indicated")?;
    let n = cause.because[0];
    let witness = &expected.evidence.iter().find(|evidence| evidence.n == n).context("it is evidence")?.witness;

    answered(&page).await?;
    // A mark stands out for a moment only.
    page.run(
        "window.stoodOut = new Set();
         new MutationObserver((changes) => {
           for (const { target } of changes) if (target.classList.contains('found')) window.stoodOut.add(target);
         }).observe(document.body, { subtree: true, attributeFilter: ['class'] });",
        (),
    )
    .await?;
    let chip = format!("[data-cause=\"{}\"] .chip", cause.id);
    page.click(&chip).await?;
    page.until_focus("#runs mark *").await?;
    let (marked, cites): (String, String) =
        page.ask("const one = document.activeElement; return [one.textContent, one.dataset.cites ?? '']", ()).await?;
    ensure!(cites.split(' ').any(|one| one == n.to_string()), "the quotation leads to its mark, not to “{marked}”");
    ensure!(witness.contains(&marked) || marked.contains(witness.as_str()), "“{marked}” is not “{witness}”");
    page.until("the mark is in sight and found", IN_SIGHT, ()).await?;
    ensure!(page.ask::<bool>("return window.stoodOut.has(document.activeElement)", ()).await?, "the mark stands out");

    // Its proof is folded away until it is asked for.
    page.press(&[Key::Enter]).await?;
    page.until("the proof has the focus", "return /^proof-/.test(document.activeElement.id)", ()).await?;
    let id: String = page.ask("return document.activeElement.id", ()).await?;
    let shared: Vec<String> = cites.split(' ').map(|one| format!("proof-{one}")).collect();
    ensure!(shared.contains(&id), "{id} is not among {shared:?}");
    page.until("the proof is in sight", IN_SIGHT, ()).await?;
    let proof: u32 = id.trim_start_matches("proof-").parse()?;
    let says = &expected.evidence.iter().find(|evidence| evidence.n == proof).context("it is evidence")?.says;
    let said = page.text(&format!("#{id}")).await?;
    ensure!(said.contains(&**says), "the proof says “{said}”, not “{says}”");

    // And back to the text.
    page.click(&format!("#{id} .chip")).await?;
    page.until_focus("#runs mark *").await?;
    let back: String = page.ask("return document.activeElement.dataset.cites ?? ''", ()).await?;
    ensure!(back.split(' ').any(|one| one == proof.to_string()), "the proof's quotation leads back to its mark");
    ensure!(page.address().await? == "/", "the address stays as it is");
    Ok(())
}

async fn lit_together(page: Page) -> Result<()> {
    answered(&page).await?;
    let cites = page.attribute(".causes .chip", "data-cites").await?.context("a quotation says what it cites")?;
    ensure!(page.count(".lit").await? == 0, "nothing is lit before it is asked for");
    page.run("document.querySelector('.causes .chip').focus()", ()).await?;
    let lit = "const all = [...document.querySelectorAll(`[data-cites~=\"${arguments[0]}\"]`)];
               return all.some((one) => one.closest('mark')) && all.every((one) => one.classList.contains('lit'))
                 && document.querySelectorAll('.lit').length === all.length";
    page.until("the mark and all that rests on it are lit", lit, [cites.as_str()]).await?;
    // A pointer that lies elsewhere takes nothing from it.
    page.run("document.body.dispatchEvent(new PointerEvent('pointerover', { bubbles: true }))", ()).await?;
    page.until("they are still lit", lit, [cites.as_str()]).await?;
    page.run("document.getElementById('edit').focus()", ()).await?;
    page.until("nothing is lit any more", "return document.querySelector('.lit') === null", ()).await
}

async fn two_ends(page: Page) -> Result<()> {
    answered(&page).await?;
    let loose: Vec<String> = page
        .ask(
            "const ends = (href) => href.startsWith('#mark-')
               ? document.querySelector(`#runs mark a[data-cites~=\"${href.slice(6)}\"]`)
               : document.getElementById(href.slice(1));
             return [...document.querySelectorAll('#desk a[href^=\"#\"]')].map((one) => one.getAttribute('href')).filter((href) => !ends(href))",
            (),
        )
        .await?;
    ensure!(loose.is_empty(), "these lead nowhere: {loose:?}");
    let twice: Vec<String> = page
        .ask(
            "const ids = [...document.querySelectorAll('[id]')].map((one) => one.id);
             return ids.filter((id, at) => ids.indexOf(id) !== at)",
            (),
        )
        .await?;
    ensure!(twice.is_empty(), "ids that stand twice: {twice:?}");
    Ok(())
}

/// While one types, the field stays; a quotation turns it into the marked text.
async fn from_the_field(page: Page) -> Result<()> {
    page.open("/").await?;
    page.click("#field").await?;
    page.write("450 4.4.316 Connection refused [Message=Socket error code 10061]").await?;
    page.until_shown(".causes .indicated .chip").await?;
    ensure!(page.shows("#field").await?, "the field stays while one types");
    page.click(".causes .indicated .chip").await?;
    page.until("the mark has the focus", "return document.activeElement.closest('mark') !== null", ()).await?;
    page.press(&[Key::Escape]).await?;
    page.until_focus("#field").await?;
    let kept = page.value("#field").await?;
    ensure!(kept.starts_with("450 4.4.316"), "the text is kept: {kept}");
    Ok(())
}

const IN_SIGHT: &str = "const box = document.activeElement.getClientRects()[0];
    return box !== undefined && box.height > 0 && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth";
