//! Finds the catalogue's phrases in diagnostic texts: without regard to case, with white space folded.

use crate::catalog::{ENTRIES, Entry};
use crate::evidence::{Notice, Source, Span};
use crate::intake::{Document, PartKind, lower};
use crate::order::{self, Key};
use crate::search::{self, Needles};
use std::cell::OnceCell;
use std::sync::OnceLock;

/// The texts that a notice rests on, lower case, surest first, and the entries' phrases that stand in them.
pub struct Texts<'a> {
    own: Vec<Text>,
    /// The running text of the whole input, where nothing is said about the notice itself.
    running: Option<&'a Running>,
    /// By number of the phrase, then surest text first.
    hits: Vec<Hit>,
    spoken: OnceCell<Option<&'static str>>,
}

struct Text {
    span: Span,
    lower: String,
    /// A diagnostic text, not the sentences round it.
    diagnostic: bool,
}

/// One phrase of an entry in one text.
#[derive(Clone, Copy)]
pub struct Hit {
    /// The phrase's place in the index.
    phrase: u16,
    /// The text's place in the list.
    text: u32,
    pub at: Span,
}

/// The beginning of every part of running text; read once, and only where it is needed.
#[derive(Default)]
pub struct Running(OnceCell<(Vec<Text>, Vec<Hit>)>);

impl Running {
    fn get(&self, document: &Document) -> &(Vec<Text>, Vec<Hit>) {
        self.0.get_or_init(|| {
            let mut texts = Vec::new();
            for (n, part) in document.parts.iter().enumerate() {
                if matches!(part.kind, PartKind::Text | PartKind::Body) {
                    let text = part.text.text();
                    let end = text.floor_char_boundary(text.len().min(16 * 1024));
                    let lower = lower(&text[..end]);
                    texts.push(Text { span: Span::new(n, 0, end), lower, diagnostic: false });
                }
            }
            let hits = hits(&texts);
            (texts, hits)
        })
    }
}

impl<'a> Texts<'a> {
    pub fn new(document: &Document, notice: &Notice, running: &'a Running, alone: bool) -> Texts<'a> {
        let slice = |span: &Span| {
            let text = document.parts.get(span.part as usize)?.text.text();
            Some(lower(text.get(span.start as usize..span.end as usize)?))
        };
        let mut own: Vec<Text> = Vec::new();
        let mut said: Vec<_> = notice.said.iter().collect();
        order::sort(&mut said, |s| u128::MAX - s.source as u128);
        for s in said {
            if let Some(lower) = slice(&s.at) {
                // A bundle's keys stand outside its text; its text is what tells.
                own.push(Text { span: s.at, lower, diagnostic: s.source > Source::Line || !s.errors.is_empty() });
            }
        }
        // An address may tell too: a group's own mailbox has a name that only Exchange gives.
        for seen in notice.recipient.iter() {
            if let Some(lower) = slice(&seen.at).filter(|_| !own.is_empty()) {
                own.push(Text { span: seen.at, lower, diagnostic: true });
            }
        }
        let of_own = hits(&own);
        // A sentence that tells nothing gives way to the whole text, where that can speak of nobody else.
        let silent = || {
            let no_error = notice.status.is_none() && notice.said.iter().all(|s| s.errors.is_empty());
            alone && no_error && of_own.is_empty()
        };
        if own.is_empty() || silent() {
            let (_, hits) = running.get(document);
            return Texts { own, hits: hits.clone(), running: Some(running), spoken: OnceCell::new() };
        }
        Texts { own, hits: of_own, running: None, spoken: OnceCell::new() }
    }

    fn list(&self) -> &[Text] {
        let running = self.running.and_then(|running| running.0.get());
        running.map_or(&self.own, |(texts, _)| texts)
    }

    /// Where a phrase stands: the words from its first fragment to its last.
    pub fn find(&self, phrase: &str) -> Option<Span> {
        self.list().iter().find_map(|t| t.find(phrase))
    }

    /// Every phrase of this kind that stands in the texts: whose it is, the phrase, and its places, surest first.
    pub fn phrases(&self, kind: Kind) -> impl Iterator<Item = (&'static Entry, &'static str, &[Hit])> {
        let by_phrase = self.hits.chunk_by(|a, b| a.phrase == b.phrase);
        by_phrase.filter_map(move |hits| {
            let phrase = Index::get().phrases.get(usize::from(hits.first()?.phrase))?;
            (phrase.kind == kind).then_some((phrase.entry, phrase.text, hits))
        })
    }

    /// Of the places of one phrase the surest: inside or around `range`, else in any diagnostic text.
    pub fn surest(&self, hits: &[Hit], range: &Span) -> Option<Span> {
        let list = self.list();
        let text = |hit: &Hit| list.get(hit.text as usize);
        let near = hits.iter().find(|hit| text(hit).is_some_and(|t| t.span.holds(range) || range.holds(&t.span)));
        near.or_else(|| hits.iter().find(|hit| text(hit).is_some_and(|t| t.diagnostic))).map(|hit| hit.at)
    }

    /// The word that a paste is, and nothing else, with its place.
    pub fn only_word(&self) -> Option<(&str, Span)> {
        let [only] = self.list() else { return None };
        let word = only.lower.trim();
        let start = only.span.start + (only.lower.len() - only.lower.trim_start().len()) as u32;
        Some((word, Span { start, end: start + word.len() as u32, ..only.span }))
    }

    /// Whether these words stand anywhere.
    pub fn any(&self, words: &str) -> bool {
        self.list().iter().any(|t| search::has(&t.lower, words))
    }

    /// The system that the texts speak for, told by `judge` when it is first asked for.
    pub fn spoken(
        &self,
        judge: impl FnOnce(&mut dyn Iterator<Item = &str>) -> Option<&'static str>,
    ) -> Option<&'static str> {
        *self.spoken.get_or_init(|| judge(&mut self.list().iter().map(|t| t.lower.as_str())))
    }
}

/// What a phrase is to its entry.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The entry answers only where one of these stands.
    Says,
    /// Points to the entry where no code does.
    Wording,
}

struct Phrase {
    entry: &'static Entry,
    kind: Kind,
    text: &'static str,
}

/// Every phrase that tells entries apart, in the order of the entries.
struct Index {
    needles: Needles,
    phrases: Vec<Phrase>,
}

impl Index {
    fn get() -> &'static Index {
        static INDEX: OnceLock<Index> = OnceLock::new();
        INDEX.get_or_init(|| {
            let mut phrases = Vec::new();
            for entry in ENTRIES.iter() {
                for (kind, list) in [(Kind::Says, entry.says), (Kind::Wording, entry.wording)] {
                    phrases.extend(list.iter().map(|text| Phrase { entry, kind, text }));
                }
            }
            Index { needles: Needles::new(phrases.iter().map(|p| p.text)), phrases }
        })
    }
}

fn hits(texts: &[Text]) -> Vec<Hit> {
    let index = Index::get();
    let mut hits: Vec<Hit> = Vec::new();
    for (text, t) in texts.iter().enumerate() {
        let mut candidates: Vec<u16> =
            index.needles.candidates(t.lower.as_bytes()).into_iter().map(|(_, nth)| nth as u16).collect();
        order::once(&mut candidates);
        let stands = |phrase: u16| {
            Some(Hit { phrase, text: text as u32, at: t.find(index.phrases.get(usize::from(phrase))?.text)? })
        };
        hits.extend(candidates.into_iter().filter_map(stands));
    }
    order::sort(&mut hits, |hit| (usize::from(hit.phrase), hit.text as usize).key());
    hits
}

impl Text {
    fn find(&self, phrase: &str) -> Option<Span> {
        let (start, end) = find(&self.lower, phrase)?;
        let clip = |at: usize| (self.span.start as usize + at).min(self.span.end as usize) as u32;
        Some(Span { part: self.span.part, start: clip(start), end: clip(end) })
    }
}

/// The range of a phrase in lower-case text.
pub fn find(lower: &str, phrase: &str) -> Option<(usize, usize)> {
    let (fragment, mut left) = cut(phrase);
    let (start, mut end) = find_fragment(lower, 0, fragment)?;
    while let Some(phrase) = left {
        let (fragment, more) = cut(phrase);
        (_, end) = find_fragment(lower, end, fragment)?;
        left = more;
    }
    Some((start, end))
}

/// The first fragment of a phrase, and the others.
fn cut(phrase: &str) -> (&str, Option<&str>) {
    match search::find(phrase, " * ") {
        Some(at) => (&phrase[..at], Some(&phrase[at + 3..])),
        None => (phrase, None),
    }
}

/// The first place at or after `from` where the fragment stands, any white space counting as one space.
fn find_fragment(lower: &str, from: usize, fragment: &str) -> Option<(usize, usize)> {
    let first = &fragment[..memchr::memchr(b' ', fragment.as_bytes()).unwrap_or(fragment.len())];
    for start in search::places(&lower[from..], first).map(|at| from + at) {
        let mut at = start + first.len();
        if at == start + fragment.len() {
            return Some((start, at));
        }
        at = start;
        let mut words = fragment.split(' ');
        let whole = words.all(|word| {
            if at > start {
                at += lower[at..].len() - lower[at..].trim_start().len();
            }
            let stands = lower[at..].starts_with(word);
            at += if stands { word.len() } else { 0 };
            stands
        });
        if whole {
            return Some((start, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_folds_and_gaps_skip() {
        let text = "550 blocked\n   using zen, socket  error code 10061";
        assert_eq!(find(text, "blocked using"), Some((4, 20)));
        assert_eq!(find(text, "blocked * 10061"), Some((4, text.len())));
        assert_eq!(find(text, "10061 * blocked"), None);
    }
}
