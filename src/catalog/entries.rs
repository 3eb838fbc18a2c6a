//! Reads the entries from the lines that `build/emit.rs` wrote.

use super::{Cause, Code, Codes, Entry, Phrases, Steps, W};
use crate::report::{Actor, Stage};

/// An entry is a line of fields with `|` between, and a line for each of its causes, which begins with `-`.
pub fn read(lines: &'static str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut last = 0;
    for line in lines.lines() {
        match (line.strip_prefix('-'), entries.last_mut()) {
            (Some(line), Some(entry)) => entry.causes.push(cause(line, &mut last)),
            _ => entries.push(entry(line, &mut last)),
        }
    }
    entries
}

fn entry(line: &'static str, last: &mut i32) -> Entry {
    let mut fields = line.split('|');
    let mut field = || fields.next().unwrap_or_default();
    let id = field();
    let codes = field().split_whitespace().map(codes).collect();
    let [replies, dialects, says, wording, flags] = [field(), field(), field(), field(), field()];
    let [category, stage, acts, family] = [field(), field(), field(), field()];
    let mut texts = field().split(',');
    let [title, meaning, detail, confirm] = [(); 4].map(|()| W(apart(texts.next(), last)));
    let (first, count) = field().split_once(',').unwrap_or_default();
    Entry {
        id,
        family: family.parse().unwrap_or(0),
        codes,
        replies: numbers(replies),
        dialects: dialects.split_whitespace().collect(),
        says: Phrases(says),
        wording: Phrases(wording),
        decides_over_inner: flags.contains('i'),
        wrapper: flags.contains('w'),
        category,
        stage: Stage::ALL.iter().copied().find(|s| s.word() == stage).unwrap_or(Stage::None),
        acts: Actor::ALL.iter().copied().find(|a| a.word() == acts).unwrap_or(Actor::Admin),
        title,
        meaning,
        detail,
        confirm,
        causes: Vec::new(),
        steps: Steps { first: apart(Some(first), last), count: count.parse().unwrap_or(0) },
        questions: numbers(field()),
        notes: numbers(field()),
        sources: numbers(field()),
    }
}

fn cause(line: &'static str, last: &mut i32) -> Cause {
    let mut fields = line.split('|');
    let id = fields.next().unwrap_or_default();
    let text = W(apart(fields.next(), last));
    let mut phrases = || Phrases(fields.next().unwrap_or_default());
    Cause { id, text, indicated_by: phrases(), ruled_out_by: phrases() }
}

/// A number written as how far it lies from the one before; nothing stands for the next.
fn apart(field: Option<&str>, last: &mut i32) -> u16 {
    *last += field.and_then(|f| f.parse::<i32>().ok()).unwrap_or(1);
    *last as u16
}

fn numbers(field: &str) -> Vec<u16> {
    field.split_whitespace().filter_map(|n| n.parse().ok()).collect()
}

/// `4.4.316` or `4.7.500-4.7.699`.
fn codes(range: &str) -> Codes {
    let (from, to) = range.split_once('-').unwrap_or((range, range));
    Codes { from: code(from), to: code(to) }
}

fn code(text: &str) -> Code {
    let mut numbers = text.split('.').map(|n| n.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    (next(), next(), next())
}
