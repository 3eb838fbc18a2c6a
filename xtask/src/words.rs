//! What the page says, from the catalogue that is compiled into this program.

use std::collections::BTreeMap;

use minijinja::value::{Serde, Value};
pub use ndr_doctor::Lang;
use ndr_doctor::{catalog, report};

use crate::organisation::Organisation;

/// The table of words that the engine loads for one language.
pub fn engine(lang: Lang) -> &'static str {
    catalog::words_file(lang)
}

/// The page's own strings by their keys.
pub fn page(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    catalog::page_words(lang).into_iter().collect()
}

/// What the page fetches: its own strings, the names of the families as `family.<id>`, and what an organisation says.
pub fn fetched(lang: Lang, organisation: &Organisation) -> BTreeMap<String, String> {
    let own = page(lang).into_iter().map(|(key, text)| (key.into(), text.into()));
    let families = report::guide(lang).into_iter().map(|family| (format!("family.{}", family.id), family.title));
    let theirs = organisation.words(lang).into_iter().map(|(key, text)| (key.into(), text.into()));
    own.chain(families).chain(theirs).collect()
}

/// Every entry by its family: ids, codes and titles.
pub fn families(lang: Lang, organisation: &Organisation) -> Value {
    let mut families = report::guide(lang);
    families.iter_mut().for_each(|family| family.entries.retain(|entry| !organisation.hides(entry.id)));
    families.retain(|family| !family.entries.is_empty());
    Value::from(Serde(families))
}

/// The catalogue's entries about connectors, as the page shows them before anything is pasted.
pub fn guide(lang: Lang, organisation: &Organisation) -> Value {
    let connectors = report::guide(lang).into_iter().find(|family| family.id == "connectors");
    let mut entries = connectors.map(|family| family.entries).unwrap_or_default();
    entries.retain(|entry| !organisation.hides(entry.id));
    Value::from(Serde(entries))
}
