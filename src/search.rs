//! Finds many words in one pass over a text: a table leads from three bytes to the words that hold them.
//! (A general automaton would be a tenth of the whole engine.)

const SLOTS: usize = 4096;

/// Words that are searched together.
pub struct Needles {
    /// For three bytes of text the word to look at first, counted from one; `next` leads on to others of the same slot.
    heads: Box<[u16; SLOTS]>,
    next: Vec<u16>,
    /// The words, and which three of their bytes stand for them: those that the fewest others hold.
    words: Vec<(&'static str, u8)>,
}

fn slot(bytes: &[u8]) -> usize {
    (usize::from(bytes[0]) ^ usize::from(bytes[1]) << 3 ^ usize::from(bytes[2]) << 6) & (SLOTS - 1)
}

impl Needles {
    /// Words of three bytes and more; a shorter one is never found.
    pub fn new(words: impl Iterator<Item = &'static str>) -> Needles {
        let mut words: Vec<(&'static str, u8)> = words.map(|word| (word, 0)).collect();
        let mut held = Box::new([0u16; SLOTS]);
        for (word, _) in &words {
            word.as_bytes().windows(3).for_each(|three| held[slot(three)] += 1);
        }
        let mut needles = Needles { heads: Box::new([0; SLOTS]), next: vec![0; words.len()], words: Vec::new() };
        for (n, (word, key)) in words.iter_mut().enumerate() {
            // A blank may be any white space in the text.
            let keys = word.as_bytes().windows(3).take(250).enumerate();
            let Some((at, three)) = keys.min_by_key(|(_, three)| (three.contains(&b' '), held[slot(three)])) else {
                continue;
            };
            *key = at as u8;
            needles.next[n] = std::mem::replace(&mut needles.heads[slot(three)], n as u16 + 1);
        }
        needles.words = words;
        needles
    }

    /// Every place where a word may stand, judged by three bytes of it: `(where it would begin, which word)`.
    /// Begins before the text where it cannot be whole.
    pub fn candidates<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (isize, usize)> + 't {
        text.windows(3).enumerate().flat_map(move |(at, three)| {
            let mut here = usize::from(self.heads[slot(three)]);
            std::iter::from_fn(move || {
                let nth = here.checked_sub(1)?;
                here = usize::from(self.next[nth]);
                Some((at as isize - isize::from(self.words[nth].1), nth))
            })
        })
    }

    /// Every place where a word stands: `(where it begins, which word)`.
    pub fn find<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = (usize, usize)> + 't {
        self.candidates(text).filter_map(move |(at, nth)| {
            let at = usize::try_from(at).ok()?;
            text.get(at..)?.starts_with(self.words[nth].0.as_bytes()).then_some((at, nth))
        })
    }
}
