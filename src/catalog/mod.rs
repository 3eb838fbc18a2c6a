//! The catalogue's tables and their types; no logic. `build.rs` makes the tables from `catalog/*.toml`.

mod entries;

use crate::report::{Actor, Stage};
use std::sync::LazyLock;

/// Every error that the catalogue tells of. Kept as text until it is first asked for: its tables would weigh three
/// times as much in the engine.
pub static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| entries::read(ENTRY_LINES));

/// The number of a text in the words of every language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct W(pub u16);

/// Phrases, lower case, with tabs between; ` * ` stands for any words between, a fact starts with `@`.
#[derive(Clone, Copy, Debug)]
pub struct Phrases(pub &'static str);

impl Phrases {
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(self) -> impl Iterator<Item = &'static str> {
        self.0.split('\t').filter(|p| !p.is_empty())
    }
}

/// An enhanced status code as numbers: 4.4.316 is `(4, 4, 316)`.
pub type Code = (u16, u16, u16);

/// A range of codes, both ends included; a single code is a range of one.
#[derive(Debug)]
pub struct Codes {
    pub from: Code,
    pub to: Code,
}

#[derive(Debug)]
pub struct Family {
    pub id: &'static str,
    pub title: W,
}

#[derive(Debug)]
pub struct Entry {
    pub id: &'static str,
    pub family: u8,
    pub codes: Vec<Codes>,
    pub replies: Vec<u16>,
    pub dialects: Vec<&'static str>,
    pub says: Phrases,
    pub wording: Phrases,
    /// An error quoted inside explains this one and does not decide instead.
    pub decides_over_inner: bool,
    /// Says only that waiting ended or another server refused: any error that stands beside it decides.
    pub wrapper: bool,
    pub category: &'static str,
    pub stage: Stage,
    pub acts: Actor,
    pub title: W,
    pub meaning: W,
    pub detail: W,
    pub confirm: W,
    pub causes: Vec<Cause>,
    /// Places in `QUESTIONS`.
    pub questions: Vec<u16>,
    pub steps: Steps,
    /// Places in `NOTES`.
    pub notes: Vec<u16>,
    /// Places in `SOURCES`.
    pub sources: Vec<u16>,
}

#[derive(Debug)]
pub struct Cause {
    pub id: &'static str,
    pub text: W,
    pub indicated_by: Phrases,
    pub ruled_out_by: Phrases,
}

/// Steps and their commands, as lines of the words file.
#[derive(Clone, Copy, Debug)]
pub struct Steps {
    pub first: u16,
    pub count: u16,
}

#[derive(Debug)]
pub struct Question {
    pub id: &'static str,
    pub text: W,
    pub answers: &'static [Answer],
}

#[derive(Debug)]
pub struct Answer {
    pub id: &'static str,
    pub text: W,
    pub evident_from: Phrases,
}

#[derive(Debug)]
pub struct Note {
    pub id: &'static str,
    pub text: W,
}

#[derive(Debug)]
pub struct Link {
    pub url: W,
    pub title: W,
}

#[derive(Debug)]
pub struct Source {
    pub title: W,
    pub url: W,
    pub read: W,
}

/// The first number of any code: what it implies for the sender.
#[derive(Debug)]
pub struct Class {
    pub code: u16,
    pub title: W,
    pub meaning: W,
    pub detail: W,
    pub steps: Steps,
}

/// The second number of any code.
#[derive(Debug)]
pub struct Subject {
    pub code: u16,
    pub category: &'static str,
    pub stage: Stage,
    pub acts: Actor,
    pub title: W,
    pub meaning: W,
    pub steps_4: Steps,
    pub steps_5: Steps,
}

/// A code of the IANA registry, `X.y.z` as `(y, z)`.
#[derive(Debug)]
pub struct Registered {
    pub code: (u16, u16),
    pub title: W,
    pub meaning: W,
    pub category: Option<&'static str>,
}

/// An SMTP reply code (RFC 5321 §4.2.3).
#[derive(Debug)]
pub struct Reply {
    pub code: u16,
    pub title: W,
    pub meaning: W,
}

#[derive(Debug)]
pub struct Term {
    /// As they stand in reports, in capitals and all.
    pub matches: Phrases,
    pub text: W,
}

#[derive(Debug)]
pub struct Header {
    pub name: &'static str,
    pub text: W,
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

#[cfg(not(target_family = "wasm"))]
mod host {
    //! What only build-time programs, tests and the command line use: the browser fetches it or never needs it.

    use crate::report::Lang;

    /// An entry's own proof.
    pub struct Examples {
        pub entry: &'static str,
        pub examples: &'static [&'static str],
        pub counter_examples: &'static [&'static str],
    }

    include!(concat!(env!("OUT_DIR"), "/host.rs"));

    /// The file of words of one language: a fingerprint line, then one text a line.
    pub fn words_file(lang: Lang) -> &'static str {
        match lang {
            Lang::En => include_str!(concat!(env!("OUT_DIR"), "/words.en.txt")),
            Lang::Es => include_str!(concat!(env!("OUT_DIR"), "/words.es.txt")),
        }
    }

    /// Every string of the page in one language, by key.
    pub fn page_words(lang: Lang) -> Vec<(&'static str, &'static str)> {
        PAGE.iter().map(|(key, texts)| (*key, texts[lang as usize])).collect()
    }
}

#[cfg(not(target_family = "wasm"))]
pub use host::{EXAMPLES, Examples, page_words, words_file};
