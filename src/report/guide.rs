//! The catalogue as a guide to read without an error in hand: the static page, and a page per entry.

use super::{Command, Lang, Link, Note, Source, Step, fill::Values, words::Words};
use crate::catalog::{ENTRIES, Entry, FAMILIES, LINKS, NOTES, SOURCES, Step as CatalogStep};
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
        steps: e.steps.iter().map(|s| step(s, words)).collect(),
        notes: e.notes.iter().map(|n| &NOTES[*n as usize]).map(|n| Note { id: n.id.into(), text: words.get(n.text) }).collect(),
        confirm: words.get(e.confirm),
        sources: e.sources.iter().map(|s| super::source(&SOURCES[*s as usize])).collect(),
    }
}

fn step(s: &CatalogStep, words: &Words) -> Step {
    let values = Values::default();
    Step {
        id: s.id.to_string(),
        who: s.who,
        text: words.get(s.text),
        only_if: s.only_if.iter().map(|a| (*a).to_string()).collect(),
        dropped: false,
        link: s.link.map(|l| &LINKS[l as usize]).map(|l| Link { title: words.get(l.title), url: l.url.into() }),
        steps: s.steps.iter().map(|s| step(s, words)).collect(),
        commands: s
            .commands
            .iter()
            .map(|c| Command {
                shell: c.shell.into(),
                text: values.fill(c.text),
                good: words.get(c.good),
                bad: words.get(c.bad),
                changes_state: c.changes_state,
                undo: c.undo.map(|u| values.fill(u)),
            })
            .collect(),
    }
}
