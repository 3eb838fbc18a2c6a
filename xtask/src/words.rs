//! What the page says, from the catalogue that is compiled into this program.

use std::collections::BTreeMap;

use minijinja::value::{Serde, Value};
pub use ndr_doctor::Lang;
use ndr_doctor::{catalog, report};

/// The table of words that the engine loads for one language.
pub fn engine(lang: Lang) -> &'static str {
    catalog::words_file(lang)
}

/// The page's own strings by their keys.
pub fn page(lang: Lang) -> BTreeMap<&'static str, &'static str> {
    catalog::page_words(lang).into_iter().collect()
}

/// What the page fetches: its own strings, and the names of the families as `family.<id>`.
pub fn fetched(lang: Lang) -> BTreeMap<String, String> {
    let own = catalog::page_words(lang).into_iter().map(|(key, text)| (key.into(), text.into()));
    own.chain(report::guide(lang).into_iter().map(|family| (format!("family.{}", family.id), family.title))).collect()
}

/// Every entry by its family: ids, codes and titles.
pub fn families(lang: Lang) -> Value {
    Value::from(Serde(report::guide(lang)))
}

/// The catalogue's entries about connectors, as the page shows them before anything is pasted.
pub fn guide(lang: Lang) -> Value {
    let connectors = report::guide(lang).into_iter().find(|family| family.id == "connectors");
    Value::from(Serde(connectors.map(|family| family.entries).unwrap_or_default()))
}
