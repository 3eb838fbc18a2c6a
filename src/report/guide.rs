//! The catalogue as a guide to read without an error in hand: the static page, and a page per entry.

use super::{Lang, Note, Source, Step, fill::Values, steps, words::Words};
use crate::catalog::{ENTRIES, Entry, FAMILIES, NOTES, SOURCES};
use serde::Serialize;

/// A family of entries.
#[derive(Debug, Serialize)]
pub struct Family {
    pub id: &'static str,
    pub title: String,
    pub entries: Vec<Guide>,
}

/// An entry in full.
#[derive(Debug, Serialize)]
pub struct Guide {
    pub id: &'static str,
    /// Codes and ranges as they are written.
    pub codes: Vec<String>,
    pub dialects: Vec<&'static str>,
    pub category: &'static str,
    pub acts: super::Actor,
    pub stage: super::Stage,
    pub title: String,
    pub meaning: String,
    pub detail: String,
    pub causes: Vec<GuideCause>,
    pub steps: Vec<Step>,
    pub notes: Vec<Note>,
    pub confirm: String,
    pub sources: Vec<Source>,
}

#[derive(Debug, Serialize)]
pub struct GuideCause {
    pub text: String,
}

/// Every family, the connectors first.
pub fn guide(lang: Lang) -> Vec<Family> {
    let words = Words::of(lang);
    FAMILIES
        .iter()
        .enumerate()
        .map(|(nth, family)| Family {
            id: family.id,
            title: words.get(family.title),
            entries: ENTRIES.iter().filter(|e| usize::from(e.family) == nth).map(|e| entry(e, &words)).collect(),
        })
        .collect()
}

fn entry(e: &Entry, words: &Words) -> Guide {
    Guide {
        id: e.id,
        codes: e
            .codes
            .iter()
            .map(|c| match c.from == c.to {
                true => super::code(c.from),
                false => format!("{}–{}", super::code(c.from), super::code(c.to)),
            })
            .collect(),
        dialects: e.dialects.to_vec(),
        category: e.category,
        acts: e.acts,
        stage: e.stage,
        title: words.get(e.title),
        meaning: words.get(e.meaning),
        detail: words.get(e.detail),
        causes: e.causes.iter().map(|c| GuideCause { text: words.get(c.text) }).collect(),
        steps: steps::read(e.steps, words, &Values::default(), &[], &[]),
        notes: e
            .notes
            .iter()
            .map(|n| &NOTES[*n as usize])
            .map(|n| Note { id: n.id.into(), text: words.get(n.text) })
            .collect(),
        confirm: words.get(e.confirm),
        sources: e.sources.iter().map(|s| super::source(&SOURCES[*s as usize], words)).collect(),
    }
}
