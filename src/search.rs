//! Finds many words in one pass over a text: a table leads from three bytes to the words that hold them.
//! (A general automaton would be a tenth of the whole engine.)

use crate::order::{self, Key};

const SLOTS: usize = 4096;

/// Words that are searched together.
pub struct Needles {
    /// For three bytes of text the word to look at first, counted from one; `next` leads on to others of the same slot.
    heads: Box<[u16; SLOTS]>,
    words: Vec<Needle>,
}

struct Needle {
    word: &'static str,
    /// The three bytes that stand for it: those that the fewest others hold.
    key: u32,
    /// Where in the word they are.
    at: u8,
    next: u16,
}

/// A text's three bytes one after the other, in one number.
fn join(before: u32, byte: u8) -> u32 {
    (before << 8 | u32::from(byte)) & 0xFF_FFFF
}

fn slot(three: u32) -> usize {
    (three ^ three >> 5 ^ three >> 10) as usize & (SLOTS - 1)
}

/// Every three bytes of a word, with their place.
fn threes(word: &str) -> impl Iterator<Item = (usize, u32)> {
    word.as_bytes().windows(3).enumerate().map(|(at, three)| (at, three.iter().fold(0, |before, b| join(before, *b))))
}

impl Needles {
    /// Words of three bytes and more; a shorter one is never found.
    pub fn new(words: impl Iterator<Item = &'static str>) -> Needles {
        let mut words: Vec<Needle> = words.map(|word| Needle { word, key: 0, at: 0, next: 0 }).collect();
        let mut held = Box::new([0u16; SLOTS]);
        for needle in &words {
            threes(needle.word).for_each(|(_, three)| held[slot(three)] += 1);
        }
        let mut heads = Box::new([0; SLOTS]);
        for (n, needle) in words.iter_mut().enumerate() {
            // A blank may be any white space in the text.
            let blank = |at: usize| needle.word.as_bytes()[at..at + 3].contains(&b' ');
            let keys = threes(needle.word).take(250);
            let Some((at, key)) = keys.min_by_key(|(at, three)| (blank(*at), held[slot(*three)])) else { continue };
            let next = std::mem::replace(&mut heads[slot(key)], n as u16 + 1);
            *needle = Needle { key, at: at as u8, next, ..*needle };
        }
        Needles { heads, words }
    }

    /// Every place where a word may stand, judged by what is between two blanks of it: `(where it would begin, which
    /// word)`. Begins before the text where it cannot be whole.
    pub fn candidates(&self, text: &[u8]) -> Vec<(isize, usize)> {
        let mut found = Vec::new();
        let mut three = 0;
        for (end, byte) in text.iter().enumerate() {
            three = join(three, *byte);
            let mut here = self.heads[slot(three)];
            while let Some(needle) = self.words.get(usize::from(here).wrapping_sub(1)) {
                if needle.key == three && end >= 2 && needle.may_stand(text, end - 2) {
                    found.push((end as isize - 2 - isize::from(needle.at), usize::from(here) - 1));
                }
                here = needle.next;
            }
        }
        found
    }

    /// Every place where a word stands: `(where it begins, which word)`.
    pub fn find(&self, text: &[u8]) -> Vec<(usize, usize)> {
        let stands = |(at, nth): (isize, usize)| {
            let at = usize::try_from(at).ok()?;
            text.get(at..)?.starts_with(self.words[nth].word.as_bytes()).then_some((at, nth))
        };
        self.candidates(text).into_iter().filter_map(stands).collect()
    }
}

impl Needle {
    /// Whether what is between two blanks of the word stands round its three bytes at `at`.
    fn may_stand(&self, text: &[u8], at: usize) -> bool {
        let ((before, behind), (left, right)) =
            (self.word.as_bytes().split_at(usize::from(self.at)), text.split_at(at));
        let same = |(a, b): (&u8, &u8)| a == b;
        behind.iter().take_while(|b| **b != b' ').zip(right).all(same)
            && before.iter().rev().take_while(|b| **b != b' ').zip(left.iter().rev()).all(same)
    }
}

/// Leads from a thing to the first that is the same, whatever their number.
#[derive(Default)]
pub struct Firsts {
    /// Places in `known`, counted from one; a power of two of them, at least half of them free.
    slots: Vec<u32>,
    /// Hash and number of each thing that was the first of its kind.
    known: Vec<(u32, u32)>,
}

impl Firsts {
    /// The number of the first thing with this hash that `same` accepts.
    pub fn find(&self, hash: u32, same: impl Fn(usize) -> bool) -> Option<usize> {
        let mut slot = hash as usize;
        loop {
            // No slot at all, or a free one: nothing with this hash is known.
            let place = *self.slots.get(slot & self.slots.len().wrapping_sub(1))?;
            let (known, nth) = *self.known.get((place as usize).checked_sub(1)?)?;
            if known == hash && same(nth as usize) {
                return Some(nth as usize);
            }
            slot = slot.wrapping_add(1);
        }
    }

    /// Notes thing `nth`, which `find` did not find.
    pub fn put(&mut self, hash: u32, nth: usize) {
        self.known.push((hash, nth as u32));
        if self.slots.len() >= self.known.len() * 2 {
            self.place(self.known.len() - 1);
            return;
        }
        self.slots = vec![0; (self.known.len() * 4).next_power_of_two()];
        (0..self.known.len()).for_each(|n| self.place(n));
    }

    fn place(&mut self, n: usize) {
        let mask = self.slots.len() - 1;
        let mut slot = self.known[n].0 as usize & mask;
        while self.slots[slot] != 0 {
            slot = (slot + 1) & mask;
        }
        self.slots[slot] = n as u32 + 1;
    }
}

/// A hash (FNV-1a) that takes no notice of the case of ASCII letters.
pub fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, b| (hash ^ u32::from(b.to_ascii_lowercase())).wrapping_mul(0x0100_0193))
}

/// Whether a text starts with a word, told by the first byte in most cases: for lists of words, of which few stand.
pub fn starts(text: &str, word: &str) -> bool {
    text.as_bytes().first() == word.as_bytes().first() && text.starts_with(word)
}

/// Tells of most texts by their first two bytes that they begin with none of a list of words, whatever their case.
pub struct Beginnings([u64; 64]);

impl Beginnings {
    /// Words of two bytes and more.
    pub fn of(words: impl Iterator<Item = &'static str>) -> Beginnings {
        let mut bits = [0; 64];
        for (row, bit) in words.filter_map(Beginnings::place) {
            bits[row] |= bit;
        }
        Beginnings(bits)
    }

    /// Whether `text` may begin with one of the words.
    pub fn may_open(&self, text: &str) -> bool {
        Beginnings::place(text).is_some_and(|(row, bit)| self.0[row] & bit != 0)
    }

    fn place(text: &str) -> Option<(usize, u64)> {
        let [first, second, ..] = text.as_bytes() else { return None };
        // Case changes other letters in more than one byte.
        let fold = |byte: &u8| if byte.is_ascii() { byte.to_ascii_lowercase() & 63 } else { 0 };
        Some((usize::from(fold(first)), 1 << fold(second)))
    }
}

/// The first place where a word of one byte and more stands in a text. In the engine that loads first every search for
/// a word goes this way: a second one (memmem, std's with words for a pattern) would weigh more than it gains.
pub fn find(text: impl AsRef<[u8]>, word: impl AsRef<[u8]>) -> Option<usize> {
    find_in(text.as_ref(), word.as_ref())
}

fn find_in(text: &[u8], word: &[u8]) -> Option<usize> {
    // Of three bytes the one that the fewest texts hold leads to the word.
    let rarer = |a: usize, b: usize| if COMMON[usize::from(word[a])] > COMMON[usize::from(word[b])] { b } else { a };
    let last = word.len().checked_sub(1)?;
    let key = rarer(rarer(0, last), last / 2);
    let mut at = key;
    loop {
        at += memchr::memchr(word[key], text.get(at..)?)?;
        if text[at - key..].starts_with(word) {
            return Some(at - key);
        }
        at += 1;
    }
}

/// How common a byte is: a blank, then the letters, then the end of a line.
const COMMON: [u8; 256] = {
    let (mut common, order, mut at) = ([0; 256], b"\nzqjxkvwybfgmphdculrsntoaie ", 0);
    while at < order.len() {
        at += 1;
        common[order[at - 1] as usize] = at as u8;
    }
    common
};

/// Every place where a word of one byte and more stands in a text.
pub fn places<'t>(
    text: &'t (impl AsRef<[u8]> + ?Sized),
    word: &'t (impl AsRef<[u8]> + ?Sized),
) -> impl Iterator<Item = usize> + 't {
    let (text, word, mut from) = (text.as_ref(), word.as_ref(), 0);
    std::iter::from_fn(move || {
        let at = from + find_in(text.get(from..)?, word)?;
        from = at + word.len();
        Some(at)
    })
}

/// Whether a word stands in a text.
pub fn has(text: impl AsRef<[u8]>, word: impl AsRef<[u8]>) -> bool {
    word.as_ref().is_empty() || find(text, word).is_some()
}

/// The last place where a word stands in a text.
pub fn last(text: impl AsRef<[u8]>, word: impl AsRef<[u8]>) -> Option<usize> {
    places(text.as_ref(), word.as_ref()).last()
}

/// What stands before a word and behind it.
pub fn parted<'t>(text: &'t str, word: &str) -> Option<(&'t str, &'t str)> {
    let at = find(text, word)?;
    Some((&text[..at], &text[at + word.len()..]))
}

/// A text with other words in the place of one.
pub fn replaced(text: &str, word: &str, with: &str) -> String {
    let (mut out, mut from) = (String::new(), 0);
    for at in places(text, word) {
        out.push_str(&text[from..at]);
        out.push_str(with);
        from = at + word.len();
    }
    out.push_str(&text[from..]);
    out
}

/// Ranges of a text, in order and apart.
#[derive(Default)]
pub struct Ranges(Vec<(usize, usize)>);

impl Ranges {
    pub fn of(mut ranges: Vec<(usize, usize)>) -> Ranges {
        order::sort(&mut ranges, Key::key);
        let mut apart = Ranges::default();
        ranges.into_iter().for_each(|(start, end)| apart.add(start, end));
        apart
    }

    /// Adds a range; what it touches becomes one with it. Quick at the end of the text.
    pub fn add(&mut self, mut start: usize, mut end: usize) {
        let first = self.0.partition_point(|(_, e)| *e < start);
        let behind = self.0.partition_point(|(s, _)| *s <= end);
        if let [from, .., to] | [from @ to] = &self.0[first..behind] {
            (start, end) = (start.min(from.0), end.max(to.1));
        }
        self.0.splice(first..behind, [(start, end)]);
    }

    /// Whether one of them takes the whole of `start..end`.
    pub fn hold(&self, start: usize, end: usize) -> bool {
        let nth = self.0.partition_point(|(s, _)| *s <= start);
        nth.checked_sub(1).is_some_and(|n| end <= self.0[n].1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_every_word_is_found() {
        let needles = Needles::new(["full", "mailbox full", "box", "full stop"].into_iter());
        let mut found = needles.find(b"the mailbox full stop, full");
        found.sort_unstable();
        assert_eq!(found, [(4, 1), (8, 2), (12, 0), (12, 3), (23, 0)]);
    }

    #[test]
    fn a_text_that_begins_with_none_is_told_by_two_bytes() {
        let beginnings = Beginnings::of(["last error", "último error"].into_iter());
        assert!(["LAST ERROR: 4.4.7", "Último error", "lasting"].iter().all(|text| beginnings.may_open(text)));
        assert!(["Error: 4.4.7", "l", "", "Long"].iter().all(|text| !beginnings.may_open(text)));
    }

    #[test]
    fn the_first_of_many_is_found() {
        let mut firsts = Firsts::default();
        // Three different things share each hash.
        for n in 0..3000 {
            assert_eq!(firsts.find(n / 3, |known| known == n as usize), None);
            firsts.put(n / 3, n as usize);
        }
        assert!((0..3000).all(|n| firsts.find(n / 3, |known| known == n as usize) == Some(n as usize)));
    }

    #[test]
    fn ranges_join_where_they_touch() {
        let mut ranges = Ranges::of(vec![(10, 20), (0, 3), (15, 30)]);
        assert!(ranges.hold(12, 28) && ranges.hold(0, 3) && !ranges.hold(3, 4) && !ranges.hold(29, 31));
        ranges.add(2, 11);
        assert!(ranges.hold(0, 30));
    }
}
