//! Numbers the evidence and cuts the text into runs, so that no offset leaves the core.

use super::{Evidence, Part, Run, Text};
use crate::evidence::Span;
use crate::intake::{Document, PartKind};
use crate::order::{self, Key};

/// The most text that is shown.
const SHOWN: usize = 256 * 1024;
/// How much text round a place of evidence is kept when the whole is too long.
const AROUND: usize = 4 * 1024;

/// Words and what they prove.
pub struct Witness {
    pub at: Span,
    pub kind: &'static str,
    pub says: Text,
}

/// All evidence, numbered in the order of the text.
pub struct Citations {
    list: Vec<(Span, Evidence)>,
}

/// Control and direction characters as visible signs, so that pasted text cannot disguise itself.
pub fn visible(text: &str) -> String {
    // Not `all`, which looks at one byte at a time.
    if text.bytes().fold(true, |plain, b| plain & matches!(b, b' '..=b'~' | b'\n' | b'\t')) {
        return text.to_string();
    }
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            '\0'..='\u{1F}' => char::from_u32(0x2400 + c as u32).unwrap_or('\u{FFFD}'),
            '\u{7F}' => '\u{2421}',
            '\u{80}'..='\u{9F}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
            | '\u{E0000}'.. => '\u{FFFD}',
            c => c,
        })
        .collect()
}

impl Citations {
    /// Numbers the witnesses; the same words proving the same thing count once.
    pub fn number(document: &Document, mut witnesses: Vec<Witness>) -> Citations {
        witnesses.retain(|w| {
            let length = document.parts.get(w.at.part as usize).map_or(0, |p| p.text.text().len());
            w.at.start < w.at.end && w.at.end as usize <= length
        });
        // Never in the order of the words: it differs from language to language.
        // Four letters tell the kinds apart.
        let letters = |kind: &str| kind.bytes().take(4).fold(0, |all, b| all << 8 | u128::from(b));
        order::sort(&mut witnesses, |w| w.at.key() << 32 | letters(w.kind));
        let mut known: Vec<Witness> = Vec::with_capacity(witnesses.len());
        for w in witnesses {
            let mut beside = known.iter().rev().take_while(|k| (k.at, k.kind) == (w.at, w.kind));
            if !beside.any(|k| k.says == w.says) {
                known.push(w);
            }
        }
        let witnesses = known;
        // A mark that only says "these words decide" adds nothing where the same words prove something.
        let plain: Vec<bool> = witnesses
            .iter()
            .map(|w| {
                let first = witnesses.partition_point(|o| o.at < w.at);
                let mut here = witnesses[first..].iter().take_while(|o| o.at == w.at);
                w.kind == "phrase" && here.any(|o| o.kind != "phrase")
            })
            .collect();
        let kept = witnesses.into_iter().zip(plain).filter(|(_, plain)| !plain).map(|(w, _)| w);
        let list = kept
            .enumerate()
            .map(|(i, w)| {
                let part = &document.parts[w.at.part as usize].text;
                let (start, end) = (part.shown_at(w.at.start as usize), part.shown_at(w.at.end as usize));
                let witness = visible(part.shown().get(start..end).unwrap_or_default());
                let n = i as u32 + 1;
                (w.at, Evidence { n, kind: w.kind, says: w.says, witness })
            })
            .collect();
        Citations { list }
    }

    /// For each place the evidence of this kind that says this there; where there is none, the first that stands there.
    pub fn numbers(&self, spans: &[Span], kind: &str, says: Option<&str>) -> Vec<u32> {
        let mut numbers: Vec<u32> = spans
            .iter()
            .filter_map(|span| {
                let first = self.list.partition_point(|(at, _)| at < span);
                let here = || self.list[first..].iter().take_while(|(at, _)| at == span).map(|(_, e)| e);
                let fits = |e: &&Evidence| e.kind == kind && says.is_none_or(|says| e.says == says);
                here().find(fits).or_else(|| here().next()).map(|e| e.n)
            })
            .collect();
        order::once(&mut numbers);
        numbers
    }

    /// The parts as runs, and whether something was left out.
    pub fn parts(&self, document: &Document) -> (Vec<Part>, bool) {
        let total: usize = document.parts.iter().map(|p| p.text.shown().len()).sum();
        let whole = total <= SHOWN;
        let mut left = SHOWN;
        let mut parts = Vec::new();
        for (n, part) in document.parts.iter().enumerate() {
            let kind = match part.kind {
                PartKind::Text => "text",
                PartKind::MessageHeaders => "message_headers",
                PartKind::Body => "body",
                PartKind::DeliveryStatus => "delivery_status",
                PartKind::Original => "original_headers",
                PartKind::Attachment => "attachment",
            };
            let shown = part.text.shown();
            let first = self.list.partition_point(|(at, _)| (at.part as usize) < n);
            let mut marks: Vec<(usize, usize, u32)> = self.list[first..]
                .iter()
                .take_while(|(at, _)| at.part as usize == n)
                .map(|(at, e)| (part.text.shown_at(at.start as usize), part.text.shown_at(at.end as usize), e.n))
                .filter(|(start, end, _)| start < end)
                .collect();
            order::sort(&mut marks, |(start, end, _)| (*start, *end).key());
            let kept = if whole { vec![(0, shown.len())] } else { windows(shown, &marks, &mut left) };
            let runs = cut(shown, &kept, &marks);
            if !runs.is_empty() {
                parts.push(Part { kind, runs });
            }
        }
        (parts, !whole)
    }

    pub fn into_evidence(self) -> Vec<Evidence> {
        self.list.into_iter().map(|(_, e)| e).collect()
    }
}

/// The ranges of a long text that are shown: its beginning, and what stands round the evidence.
fn windows(shown: &str, marks: &[(usize, usize, u32)], left: &mut usize) -> Vec<(usize, usize)> {
    let mut windows = vec![(0, AROUND.min(shown.len()))];
    for (start, end, _) in marks {
        let (from, to) = (start.saturating_sub(AROUND), (end + AROUND).min(shown.len()));
        match windows.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => windows.push((from, to)),
        }
    }
    windows
        .into_iter()
        .map_while(|(from, to)| {
            let from = shown.floor_char_boundary(from);
            let to = shown.floor_char_boundary(to.min(from + *left));
            *left -= to - from;
            (from < to).then_some((from, to))
        })
        .collect()
}

/// Runs between all ends of marks, inside the ranges that are shown; overlapping marks share runs.
fn cut(shown: &str, kept: &[(usize, usize)], marks: &[(usize, usize, u32)]) -> Vec<Run> {
    let mut ends: Vec<usize> = kept.iter().flat_map(|(from, to)| [*from, *to]).collect();
    ends.extend(marks.iter().flat_map(|(start, end, _)| [*start, *end]));
    order::once(&mut ends);
    let (mut kept, mut next) = (kept.iter().peekable(), marks.iter().peekable());
    let mut open: Vec<(usize, u32)> = Vec::new();
    let mut runs = Vec::new();
    for (from, to) in ends.windows(2).map(|w| (w[0], w[1])) {
        open.retain(|(end, _)| *end > from);
        while let Some((_, end, n)) = next.next_if(|(start, ..)| *start <= from) {
            open.push((*end, *n));
        }
        while kept.next_if(|(_, end)| *end <= from).is_some() {}
        if kept.peek().is_some_and(|(start, _)| *start <= from) {
            runs.push(Run { text: visible(&shown[from..to]), cites: open.iter().map(|(_, n)| *n).collect() });
        }
    }
    runs
}
