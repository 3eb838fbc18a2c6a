//! Without a mouse: from the first Tab to a ticked step, and the focus never out of sight.

use std::collections::HashSet;

use fantoccini::key::Key;
use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::corpus;
use ndr_doctor_browser_tests::page::COMMAND;
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::{Context, Page, Result, bail, ensure};
use serde::Deserialize;

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("keys_from_load_to_a_ticked_step", to_a_tick),
        Scenario::new("keys_reach_everything_and_are_seen", |page| everywhere(page, "body", None)),
        Scenario::new("keys_reach_an_unfolded_answer_and_are_seen", |page| {
            everywhere(page, "#answer", Some("#answer details:not(.checklist *)"))
        }),
        Scenario::new("keys_reach_an_unfolded_checklist_and_are_seen", |page| {
            everywhere(page, ".checklist", Some(".checklist details"))
        }),
        Scenario::new("keys_choose_an_example", example),
        Scenario::new("keys_skip_to_the_content", skip),
    ]
}

/// Where the focus is, and whether a reader sees it.
#[derive(Debug, Deserialize)]
struct Focus {
    /// A number of its own for each element.
    n: u32,
    what: String,
    id: String,
    step: Option<String>,
    /// It is drawn: the browser finds that it should be, and the style draws something.
    drawn: bool,
    inside: bool,
    /// What lies over it, if anything does.
    under: Option<String>,
    /// It is in the part of the page that is gone through.
    within: bool,
}

const FOCUS: &str = "
    const one = document.activeElement;
    if (one === null || one === document.body) return null;
    window.numbered ??= new Map();
    if (!window.numbered.has(one)) window.numbered.set(one, window.numbered.size);
    const style = getComputedStyle(one);
    const box = [...one.getClientRects()].find((rect) => rect.width > 0 && rect.height > 0) ?? one.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    const hit = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const name = (it) => `${it.localName}${it.id ? '#' + it.id : ''}${it.className ? '.' + it.className : ''} “${it.textContent.trim().slice(0, 40)}”`;
    const over = hit !== null && hit !== one && !one.contains(hit) && !hit.contains(one) && !(one.labels && [...one.labels].some((label) => label.contains(hit)));
    return {
      n: window.numbered.get(one),
      what: name(one),
      id: one.id,
      step: one.dataset.step ?? null,
      drawn: one.matches(':focus-visible') && style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
      inside: right - left > 1 && bottom - top > 1,
      under: over ? name(hit) : null,
      within: one.closest(window.within ?? 'body') !== null,
    };";

/// Once the page is drawn: until then, the focus may lie on what is about to go.
async fn focus(page: &Page) -> Result<Option<Focus>> {
    let script = format!(
        "const done = arguments[arguments.length - 1];
         const focus = () => {{ {FOCUS} }};
         requestAnimationFrame(() => requestAnimationFrame(() => done(focus())))"
    );
    page.ask_later(&script, ()).await
}

async fn tab(page: &Page) -> Result<Option<Focus>> {
    page.press(&[Key::Tab]).await?;
    let focus = focus(page).await?;
    if let Some(focus) = &focus {
        seen(focus)?;
    }
    Ok(focus)
}

fn seen(focus: &Focus) -> Result<()> {
    ensure!(focus.inside, "the focus is out of sight: {}", focus.what);
    ensure!(focus.drawn, "the focus is not drawn: {}", focus.what);
    ensure!(
        focus.under.is_none(),
        "{} lies over the focus: {}",
        focus.under.as_deref().unwrap_or_default(),
        focus.what
    );
    Ok(())
}

/// Presses Tab until the focus is where it is wanted.
async fn tab_to(page: &Page, what: &str, wanted: impl Fn(&Focus) -> bool) -> Result<Focus> {
    let mut way = Vec::new();
    for _ in 0..150 {
        match tab(page).await? {
            Some(focus) if wanted(&focus) => return Ok(focus),
            Some(focus) => way.push(focus.what),
            None => way.push("nothing".into()),
        }
    }
    bail!("Tab does not lead to {what}; it leads to {way:#?}")
}

async fn to_a_tick(page: Page) -> Result<()> {
    let text = corpus("ndr/classic_316_en.txt")?;
    page.open("/").await?;
    page.copy(&text).await?;
    page.run("document.activeElement.blur()", ()).await?;
    tab_to(&page, "the field", |focus| focus.id == "field").await?;
    page.chord(COMMAND, 'v').await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    // The answer takes the focus, so that the next Tab goes on from there.
    page.read().await?;
    let step = tab_to(&page, "a step", |focus| focus.step.is_some()).await?;
    page.press(&[Key::Space]).await?;
    let step = step.step.unwrap_or_default();
    page.until_checked(&format!("[data-step=\"{step}\"]"), true).await?;
    seen(&focus(&page).await?.expect("the focus stays on the step"))?;
    page.press(&[Key::Space]).await?;
    page.until_checked(&format!("[data-step=\"{step}\"]"), false).await?;
    page.press(&[Key::Space]).await?;
    page.until_checked(&format!("[data-step=\"{step}\"]"), true).await?;

    // After a reload, the checklist again.
    page.reload().await?;
    tab_to(&page, "the field", |focus| focus.id == "field").await?;
    page.chord(COMMAND, 'v').await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    ensure!(page.checked(&format!("[data-step=\"{step}\"]")).await?, "{step} is still ticked");

    // Escape leads back to the field.
    page.press(&[Key::Escape]).await?;
    page.until_focus("#field").await?;
    seen(&focus(&page).await?.expect("the field has the focus"))
}

/// Once through a part of the answered page, with some of it unfolded.
async fn everywhere(page: Page, part: &'static str, unfolded: Option<&'static str>) -> Result<()> {
    page.open("/").await?;
    page.paste(&corpus("ndr/classic_316_en.txt")?).await?;
    page.until_shown("#runs mark").await?;
    if let Some(unfolded) = unfolded {
        page.run("for (const one of document.querySelectorAll(arguments[0])) one.open = true", [unfolded]).await?;
    }
    page.run(
        "window.within = arguments[0];
         const all = 'a[href], button:not(:disabled), input:not([hidden]), select, textarea:not(:disabled), summary, [tabindex=\"0\"]';
         // Tab leads to one radio of a group.
         const ofGroup = (name) => document.querySelector(`[name=\"${name}\"]:checked`) ?? document.querySelector(`[name=\"${name}\"]`);
         window.wanted = [...document.querySelector(window.within).querySelectorAll(all)].filter((one) =>
           one.checkVisibility() && one.tabIndex >= 0 && (one.type !== 'radio' || one === ofGroup(one.name)));",
        [part],
    )
    .await?;
    // From the first one on; at the end of the page, a browser may go on in its own window.
    page.run("window.wanted[0].focus()", ()).await?;
    let first = focus(&page).await?.context("the first one takes the focus")?;
    let mut reached = HashSet::from([first.n]);
    while let Some(focus) = tab(&page).await? {
        if !focus.within || !reached.insert(focus.n) {
            break;
        }
    }
    let missed: Vec<String> = page
        .ask(
            "return window.wanted.filter((one) => !window.numbered.has(one)).map((one) => one.outerHTML.slice(0, 120))",
            (),
        )
        .await?;
    ensure!(missed.is_empty(), "Tab does not lead to {missed:#?}");
    Ok(())
}

async fn example(page: Page) -> Result<()> {
    page.open(ndr_doctor_browser_tests::expected::home(Lang::En)).await?;
    tab_to(&page, "the examples", |focus| focus.what.starts_with("summary")).await?;
    page.press(&[Key::Enter]).await?;
    page.until_shown("#example-list").await?;
    page.press(&[Key::Escape]).await?;
    page.until_gone("#example-list").await?;
    let back = focus(&page).await?.expect("something has the focus");
    ensure!(back.what.starts_with("summary"), "Escape leads back to the menu, not to {}", back.what);
    page.press(&[Key::Enter]).await?;
    page.until_shown("#example-list").await?;
    tab_to(&page, "the third example", |focus| focus.what.contains("5.4.316")).await?;
    page.press(&[Key::Enter]).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.316\"]").await?;
    page.read().await
}

async fn skip(page: Page) -> Result<()> {
    page.open("/").await?;
    let first = tab(&page).await?.expect("Tab leads into the page");
    ensure!(first.what.contains("skip"), "the first Tab leads to {}", first.what);
    page.press(&[Key::Enter]).await?;
    tab_to(&page, "the field", |focus| focus.id == "field").await?;
    let passed: bool = page.ask("return window.numbered.size <= 3", ()).await?;
    ensure!(passed, "the skip link leads past the header");
    Ok(())
}
