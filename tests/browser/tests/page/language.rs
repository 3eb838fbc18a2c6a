//! The language and the theme: the right one at first, another one at once, and remembered.

use ndr_doctor::Lang;
use ndr_doctor_browser_tests::expected::{corpus, folded, guide, in_force, plain, report, word, words};
use ndr_doctor_browser_tests::run::Scenario;
use ndr_doctor_browser_tests::site::file;
use ndr_doctor_browser_tests::{Context, Page, Result, Site, Wishes, ensure};

pub fn scenarios() -> Vec<Scenario> {
    vec![
        Scenario::new("language_follows_the_browser", follows_the_browser).at(Site::SpanishReader),
        Scenario::new("language_follows_the_address", follows_the_address),
        Scenario::new("switching_language_reads_again", switch),
        Scenario::new("switching_language_leaves_no_word_behind", no_word_behind),
        Scenario::new("switching_language_while_typing_keeps_the_field", switch_while_typing),
        Scenario::new("theme_is_remembered", theme),
        Scenario::new("theme_follows_the_system", system_theme).with(Wishes { dark: true }),
    ]
}

async fn language(page: &Page) -> Result<String> {
    page.ask("return document.documentElement.lang", ()).await
}

async fn follows_the_browser(page: Page) -> Result<()> {
    page.go("/").await?;
    page.until(
        "the Spanish page",
        "return location.pathname === '/es/' && document.documentElement.classList.contains('ready')",
        (),
    )
    .await?;
    ensure!(language(&page).await? == "es", "a Spanish reader gets Spanish");
    // An anchor is kept on the way.
    page.go("/#4.4.318").await?;
    page.until("the Spanish page", "return location.pathname === '/es/' && location.hash === '#4.4.318'", ()).await?;
    page.ready().await?;
    // A choice wins over the browser.
    page.click("[data-lang=en]").await?;
    page.until("English", "return document.documentElement.lang === 'en'", ()).await?;
    page.go("/").await?;
    page.ready().await?;
    ensure!(language(&page).await? == "en" && page.address().await? == "/", "the choice is remembered");
    Ok(())
}

async fn follows_the_address(page: Page) -> Result<()> {
    page.open("/").await?;
    ensure!(language(&page).await? == "en", "an English reader gets English");
    page.open("/es/").await?;
    ensure!(page.address().await? == "/es/", "whoever opens the Spanish page gets it");
    ensure!(language(&page).await? == "es", "whoever opens the Spanish page gets it");
    page.until_text(".lead", word(Lang::Es, "page.lead")).await?;
    let title: String = page.ask("return document.title", ()).await?;
    ensure!(title == word(Lang::Es, "page.title"), "the title is “{title}”");
    Ok(())
}

async fn switch(page: Page) -> Result<()> {
    let text = corpus("ndr/classic_317_untrustedroot_en.txt")?;
    page.open("/").await?;
    page.paste(&text).await?;
    page.until_shown("#answer .headline[data-section=\"4.4.317\"]").await?;
    let step = page.attribute("[data-step]", "data-step").await?.unwrap_or_default();
    page.click("[data-step]").await?;

    let known = page.site.requests().len();
    page.click("[data-lang=es]").await?;
    page.until_text("#answer-title", &plain(report(&text, Lang::Es).findings[0].title)).await?;
    let spanish = report(&text, Lang::Es);
    let same = in_force(&spanish.findings[0].steps).into_iter().find(|one| one.id == step);
    let words = plain(same.context("the step has Spanish words")?.text);
    page.until_text(".checklist [data-step] + .step-words label", &words).await?;
    ensure!(language(&page).await? == "es", "the page says that it is Spanish");
    ensure!(page.checked(&format!("[data-step=\"{step}\"]")).await?, "the tick stays");
    page.until_focus("[data-lang=es]").await?;
    let current: Vec<String> = page
        .ask("return [...document.querySelectorAll('[data-lang][aria-current]')].map((one) => one.dataset.lang)", ())
        .await?;
    ensure!(current == ["es"], "the chosen language is marked: {current:?}");
    settled(&page, Lang::Es).await?;
    let mut asked = page.site.since(known);
    asked.sort();
    ensure!(
        asked == [file("later.js")?, file("page.es.json")?, file("words.es.txt")?],
        "the new language's words, and what writes the guide anew, are all it asks for: {asked:?}"
    );

    // Back again: nothing is asked for twice.
    let known = page.site.requests().len();
    page.click("[data-lang=en]").await?;
    page.until_text("#answer-title", &plain(report(&text, Lang::En).findings[0].title)).await?;
    settled(&page, Lang::En).await?;
    ensure!(page.site.since(known).is_empty(), "nothing is asked for twice: {:?}", page.site.since(known));
    page.click("#edit").await?;
    ensure!(page.value("#field").await? == text, "the text stays where it is");

    page.click("[data-lang=es]").await?;
    page.until("Spanish", "return document.documentElement.lang === 'es'", ()).await?;
    page.reload().await?;
    page.until("the Spanish page", "return location.pathname === '/es/'", ()).await?;
    page.ready().await?;
    ensure!(language(&page).await? == "es", "the choice is remembered after a reload");
    Ok(())
}

/// Waits until the guide, which is translated last, is in the language.
async fn settled(page: &Page, lang: Lang) -> Result<()> {
    page.until(
        format!("the guide is in {}", lang.tag()),
        "const all = [...document.querySelectorAll('.guide [data-section]')];
         return all.length > 0 && all.every((one) => one.lang === arguments[0])",
        [lang.tag()],
    )
    .await
}

async fn no_word_behind(page: Page) -> Result<()> {
    page.open("/").await?;
    page.click("[data-lang=es]").await?;
    settled(&page, Lang::Es).await?;
    let spanish = words(Lang::Es);
    let said: Vec<(String, String)> = page
        .ask(
            "return [...document.querySelectorAll('[data-t]')].map((one) => [one.dataset.t, one.textContent])
               .concat([...document.querySelectorAll('[data-t-label]')].map((one) => [one.dataset.tLabel, one.getAttribute('aria-label')]))",
            (),
        )
        .await?;
    ensure!(said.len() > 20, "the page marks its strings: {}", said.len());
    // The names of the families are not the page's own strings.
    for (key, text) in said.iter().filter(|(key, _)| !key.starts_with("family.")) {
        ensure!(
            Some(text.as_str()) == spanish.get(key.as_str()).map(|text| plain(text)).as_deref(),
            "{key} says “{text}”"
        );
    }
    // Whatever is said in English elsewhere on the page was not marked.
    let english = words(Lang::En);
    let seen: String =
        page.ask("return document.body.innerText + document.getElementById('field').placeholder", ()).await?;
    let seen = folded(&seen);
    for (key, text) in english.iter().filter(|(key, text)| text.len() > 12 && spanish[*key] != **text) {
        ensure!(!seen.contains(&plain(text)), "{key} is still said in English");
    }
    // The guide says what the Spanish page's own says.
    for entry in guide(Lang::Es) {
        let section = format!(".guide [data-section=\"{}\"]", entry.id);
        let said = page.text(&section).await?;
        let steps = in_force(&entry.steps);
        let texts = entry.causes.iter().map(|cause| &*cause.text).chain(steps.iter().map(|step| step.text));
        for text in [&*entry.title, &entry.meaning, &entry.detail].into_iter().chain(texts) {
            ensure!(said.contains(&plain(text)), "the guide to {} lacks “{}”", entry.id, plain(text));
        }
    }
    Ok(())
}

async fn switch_while_typing(page: Page) -> Result<()> {
    page.open("/").await?;
    page.click("#field").await?;
    page.write("450 4.7.320 Certificate validation failed").await?;
    page.until_shown("#answer .headline[data-section=\"4.7.320\"]").await?;
    page.click("[data-lang=es]").await?;
    let text = "450 4.7.320 Certificate validation failed";
    page.until_text("#answer-title", &plain(report(text, Lang::Es).findings[0].title)).await?;
    ensure!(page.shows("#field").await?, "the field stays");
    ensure!(page.value("#field").await? == text, "and so does its text");
    settled(&page, Lang::Es).await
}

async fn colours(page: &Page) -> Result<(String, String)> {
    page.ask("const style = getComputedStyle(document.body); return [style.backgroundColor, style.colorScheme]", ())
        .await
}

async fn theme(page: Page) -> Result<()> {
    page.open("/").await?;
    let light = colours(&page).await?;
    ensure!(light.1 == "light", "a light system gets a light page: {light:?}");
    choose_theme(&page, "dark").await?;
    let dark = colours(&page).await?;
    ensure!(dark.1 == "dark" && dark.0 != light.0, "the dark theme is dark: {dark:?}");
    page.reload().await?;
    ensure!(colours(&page).await? == dark, "the theme is remembered");
    ensure!(page.value("#theme").await? == "dark", "and the control says so");
    choose_theme(&page, "auto").await?;
    ensure!(colours(&page).await? == light, "the system's choice is back");
    page.reload().await?;
    ensure!(colours(&page).await? == light && page.value("#theme").await? == "auto", "and stays");
    Ok(())
}

/// Chooses as a driver lets one: the option is clicked.
async fn choose_theme(page: &Page, value: &str) -> Result<()> {
    page.element("#theme").await?.select_by_value(value).await?;
    page.until(
        format!("the theme is {value}"),
        "return document.getElementById('theme').value === arguments[0] && (document.documentElement.dataset.theme ?? 'auto') === arguments[0]",
        [value],
    )
    .await
}

async fn system_theme(page: Page) -> Result<()> {
    page.open("/").await?;
    ensure!(page.value("#theme").await? == "auto", "nothing was chosen");
    page.until("a dark system gets a dark page", "return getComputedStyle(document.body).colorScheme === 'dark'", ())
        .await?;
    let dark = colours(&page).await?;
    choose_theme(&page, "light").await?;
    let light = colours(&page).await?;
    ensure!(light.1 == "light" && light.0 != dark.0, "the choice wins over the system: {light:?}");
    Ok(())
}
