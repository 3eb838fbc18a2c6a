//! Finds the catalogue's phrases in diagnostic texts: without regard to case, with white space folded.

use crate::evidence::{Notice, Source, Span};
use crate::intake::{Document, PartKind, lower};

/// The texts that a notice rests on, lower case, surest first.
pub struct Texts {
    texts: Vec<Text>,
}

struct Text {
    span: Span,
    lower: String,
    /// A diagnostic text, not the sentences round it.
    diagnostic: bool,
}

impl Texts {
    pub fn new(document: &Document, notice: &Notice) -> Texts {
        let slice = |span: &Span| {
            let text = document.parts.get(span.part as usize)?.text.text();
            Some(lower(text.get(span.start as usize..span.end as usize)?))
        };
        let mut texts: Vec<Text> = Vec::new();
        let mut said: Vec<_> = notice.said.iter().collect();
        said.sort_by_key(|s| std::cmp::Reverse(s.source));
        for s in said {
            if let Some(lower) = slice(&s.at) {
                // A bundle's keys stand outside its text; its text is what tells.
                texts.push(Text { span: s.at, lower, diagnostic: s.source > Source::Line || !s.errors.is_empty() });
            }
        }
        // An address may tell too: a group's own mailbox has a name that only Exchange gives.
        for seen in notice.recipient.iter() {
            if let Some(lower) = slice(&seen.at).filter(|_| !texts.is_empty()) {
                texts.push(Text { span: seen.at, lower, diagnostic: true });
            }
        }
        if texts.is_empty() {
            for (n, part) in document.parts.iter().enumerate() {
                if matches!(part.kind, PartKind::Text | PartKind::Body) {
                    let text = part.text.text();
                    let end = text.floor_char_boundary(text.len().min(16 * 1024));
                    let lower = lower(&text[..end]);
                    texts.push(Text { span: Span::new(n, 0, end), lower, diagnostic: false });
                }
            }
        }
        Texts { texts }
    }

    /// Where a phrase stands: the words from its first fragment to its last.
    pub fn find(&self, phrase: &str) -> Option<Span> {
        self.texts.iter().find_map(|t| t.find(phrase))
    }

    /// As `find`, in diagnostic texts only.
    pub fn find_diagnostic(&self, phrase: &str) -> Option<Span> {
        self.texts.iter().filter(|t| t.diagnostic).find_map(|t| t.find(phrase))
    }

    /// As `find`, inside one range.
    pub fn find_within(&self, phrase: &str, range: &Span) -> Option<Span> {
        self.texts.iter().filter(|t| t.span.holds(range) || range.holds(&t.span)).find_map(|t| t.find(phrase))
    }

    /// The place of a paste that is this word and nothing else.
    pub fn is_exactly(&self, word: &str) -> Option<Span> {
        let [only] = self.texts.as_slice() else { return None };
        let start = only.lower.len() - only.lower.trim_start().len();
        (only.lower.trim() == word).then(|| Span {
            start: only.span.start + start as u32,
            end: only.span.start + (start + word.len()) as u32,
            ..only.span
        })
    }

    /// Everything at once, for the rules that tell who spoke.
    pub fn any(&self, words: &str) -> bool {
        self.texts.iter().any(|t| t.lower.contains(words))
    }
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
    let mut from = 0;
    let mut start = None;
    for fragment in phrase.split(" * ") {
        let (a, b) = find_fragment(lower, from, fragment)?;
        start.get_or_insert(a);
        from = b;
    }
    start.map(|start| (start, from))
}

/// The first place at or after `from` where the fragment stands, any white space counting as one space.
fn find_fragment(lower: &str, from: usize, fragment: &str) -> Option<(usize, usize)> {
    let first = fragment.split(' ').next()?;
    for found in memchr::memmem::find_iter(&lower.as_bytes()[from..], first) {
        let start = from + found;
        let mut at = start;
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
