//! The words of a language: loaded by the page, embedded everywhere else.

use super::Lang;
use crate::catalog::{FINGERPRINT, W, WORD_COUNT};
use std::ops::Range;
use std::sync::RwLock;

static LOADED: RwLock<[Option<&'static [&'static str]>; Lang::ALL.len()]> = RwLock::new([None; Lang::ALL.len()]);

/// Takes a file of words into use, once per language for the life of the program.
///
/// # Errors
/// When the file was made with other tables: versions are never mixed.
pub fn load(lang: Lang, file: &'static str) -> Result<(), &'static str> {
    let mut lines = file.lines();
    if lines.next() != Some(FINGERPRINT) {
        return Err("these words belong to another version");
    }
    let list: Vec<&'static str> = lines.collect();
    if list.len() != WORD_COUNT {
        return Err("these words are cut");
    }
    let mut loaded = LOADED.write().unwrap_or_else(|poisoned| poisoned.into_inner());
    loaded[lang as usize].get_or_insert(Box::leak(list.into_boxed_slice()));
    Ok(())
}

/// Where in memory the words of a language stand, for the life of the program.
pub fn place(lang: Lang) -> Range<usize> {
    let list = Words::of(lang).list;
    let start = list.first().map_or(0, |line| line.as_ptr() as usize);
    start..list.last().map_or(start, |line| line.as_ptr() as usize + line.len())
}

/// The words of one language.
pub struct Words {
    list: &'static [&'static str],
}

impl Words {
    /// The words in force for `lang`; empty texts where the page has not brought them.
    pub fn of(lang: Lang) -> Words {
        let loaded = |lang: Lang| LOADED.read().unwrap_or_else(|poisoned| poisoned.into_inner())[lang as usize];
        #[cfg(not(target_family = "wasm"))]
        if loaded(lang).is_none() {
            load(lang, crate::catalog::words_file(lang)).expect("the embedded words fit the embedded tables");
        }
        Words { list: loaded(lang).unwrap_or_default() }
    }

    /// Lines that are not texts: the structure that is fetched with the words.
    pub fn lines(&self, first: u16, count: u16) -> &'static [&'static str] {
        self.list.get(first as usize..first as usize + count as usize).unwrap_or_default()
    }

    pub fn get(&self, w: W) -> &'static str {
        self.list.get(w.0 as usize).copied().unwrap_or_default()
    }
}
