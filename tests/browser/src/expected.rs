//! What the page should say, from the same core on this machine: no scenario repeats a sentence of the catalogue.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context, Result};
use ndr_doctor::report::{self, Guide, Report, Step};
use ndr_doctor::{Form, HostCharsets, Lang, Options, catalog, examine};
use xtask::paths;

/// A file of the corpus, as text. WebKit does not copy an empty line at the end, so there is none.
pub fn corpus(path: &str) -> Result<String> {
    let bytes = corpus_bytes(path)?;
    let text = String::from_utf8(bytes).with_context(|| format!("tests/corpus/{path} is not UTF-8"))?;
    Ok(text.trim_end().to_owned())
}

pub fn corpus_bytes(path: &str) -> Result<Vec<u8>> {
    fs::read(paths::root().join("tests/corpus").join(path)).with_context(|| format!("cannot read tests/corpus/{path}"))
}

/// The report on a pasted text.
pub fn report(text: &str, lang: Lang) -> Report {
    examine(&[Form::text(text)], &Options { lang, ..Options::default() }, &HostCharsets)
}

/// The entries of the static guide.
pub fn guide(lang: Lang) -> Vec<Guide> {
    let connectors = report::guide(lang).into_iter().find(|family| family.id == "connectors");
    connectors.map(|family| family.entries).unwrap_or_default()
}

/// A string of the page.
pub fn word(lang: Lang, key: &str) -> &'static str {
    words(lang).get(key).copied().unwrap_or_else(|| panic!("catalog/page.toml has no {key}"))
}

/// Every string of the page by its key.
pub fn words(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    catalog::page_words(lang).into_iter().collect()
}

/// As an element says it: without the catalogue's light markup, blanks folded.
pub fn plain(text: &str) -> String {
    folded(&text.replace("**", "").replace('`', ""))
}

/// Blanks folded, as the page's texts are compared.
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every step in force, those inside others included, in the order of the page.
pub fn in_force(steps: &[Step]) -> Vec<&Step> {
    steps.iter().filter(|step| !step.dropped).flat_map(|step| [vec![step], in_force(&step.steps)].concat()).collect()
}

/// The page's address in a language.
pub fn home(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "/",
        Lang::Es => "/es/",
    }
}
