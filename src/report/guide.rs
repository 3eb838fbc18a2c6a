//! The catalogue as a guide to read without an error in hand: the static page, and a page per entry.

use super::{Lang, Note, Source, Step, fill::Values, steps, words::Words};
use crate::catalog::{
    self, CLASSES, ENTRIES, EXAMPLES, Entry, FAMILIES, NOTES, Phrases, QUESTIONS, REGISTERED, REPLIES, SOURCES,
    SUBJECTS,
};
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
    /// Words of an error that lead here, without those that stand for facts.
    pub phrases: Vec<String>,
    /// Errors that land here, as a system prints them.
    pub examples: &'static [&'static str],
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
    /// Words of an error that point to this cause.
    pub shown_by: Vec<String>,
}

/// An answer that some steps wait for.
#[derive(Debug, Serialize)]
pub struct GuideAnswer {
    pub id: &'static str,
    pub question: String,
    pub text: String,
}

/// The general reading of any code, part by part.
#[derive(Debug, Serialize)]
pub struct Floor {
    pub classes: Vec<Reading>,
    pub subjects: Vec<Reading>,
    pub registered: Vec<Reading>,
    pub replies: Vec<Reading>,
}

/// What one part of a code says.
#[derive(Debug, Serialize)]
pub struct Reading {
    /// `4`, `4.4.316` with `X` for what is left open, or `550`.
    pub code: String,
    pub title: String,
    pub meaning: String,
    pub detail: String,
    pub steps: Vec<Step>,
}

/// Every family, the connectors first.
pub fn guide(lang: Lang) -> Vec<Family> {
    let words = Words::of(lang);
    FAMILIES
        .iter()
        .enumerate()
        .map(|(nth, family)| Family {
            id: family.id,
            title: words.get(family.title).into(),
            entries: ENTRIES.iter().filter(|e| usize::from(e.family) == nth).map(|e| entry(e, &words)).collect(),
        })
        .collect()
}

/// Every answer that can be given, with its question.
pub fn answers(lang: Lang) -> Vec<GuideAnswer> {
    let words = Words::of(lang);
    let of = |q: &'static catalog::Question| q.answers.iter().map(move |a| (q, a));
    QUESTIONS
        .iter()
        .flat_map(of)
        .map(|(q, a)| GuideAnswer { id: a.id, question: words.get(q.text).into(), text: words.get(a.text).into() })
        .collect()
}

/// The general reading of codes that have no entry of their own.
pub fn floor(lang: Lang) -> Floor {
    let words = Words::of(lang);
    let steps = |list| steps::read(list, &words, &Values::default(), &[], &[]);
    let reading = |code, title, meaning| Reading {
        code,
        title: words.get(title).into(),
        meaning: words.get(meaning).into(),
        detail: String::new(),
        steps: Vec::new(),
    };
    Floor {
        classes: CLASSES
            .iter()
            .map(|c| Reading {
                detail: words.get(c.detail).into(),
                steps: steps(c.steps),
                ..reading(format!("{}.X.X", c.code), c.title, c.meaning)
            })
            .collect(),
        subjects: SUBJECTS
            .iter()
            .map(|s| Reading { steps: steps(s.steps_5), ..reading(format!("X.{}.X", s.code), s.title, s.meaning) })
            .collect(),
        registered: REGISTERED
            .iter()
            .map(|r| reading(format!("X.{}.{}", r.code.0, r.code.1), r.title, r.meaning))
            .collect(),
        replies: REPLIES.iter().map(|r| reading(r.code.to_string(), r.title, r.meaning)).collect(),
    }
}

/// Phrases as a reader would meet them. The tables keep them in lower case; where an example has them, it lends its letters.
fn literal(phrases: Phrases, examples: &[&str]) -> Vec<String> {
    let cased = |part: &str| {
        let found = examples.iter().find_map(|e| {
            let at = e.to_ascii_lowercase().find(part)?;
            e.get(at..at + part.len())
        });
        found.unwrap_or(part).to_string()
    };
    let facts = |phrase: &&str| !phrase.starts_with('@');
    phrases.iter().filter(facts).map(|p| p.split(" * ").map(cased).collect::<Vec<_>>().join(" … ")).collect()
}

fn entry(e: &Entry, words: &Words) -> Guide {
    let examples = EXAMPLES.iter().find(|x| x.entry == e.id).map_or(&[][..], |x| x.examples);
    Guide {
        id: e.id,
        phrases: [e.says, e.wording].into_iter().flat_map(|p| literal(p, examples)).collect(),
        examples,
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
        title: words.get(e.title).into(),
        meaning: words.get(e.meaning).into(),
        detail: words.get(e.detail).into(),
        causes: e
            .causes
            .iter()
            .map(|c| GuideCause { text: words.get(c.text).into(), shown_by: literal(c.indicated_by, examples) })
            .collect(),
        steps: steps::read(e.steps, words, &Values::default(), &[], &[]),
        notes: e
            .notes
            .iter()
            .map(|n| &NOTES[*n as usize])
            .map(|n| Note { id: n.id, text: words.get(n.text).into() })
            .collect(),
        confirm: words.get(e.confirm).into(),
        sources: e.sources.iter().map(|s| super::source(&SOURCES[*s as usize], words)).collect(),
    }
}
