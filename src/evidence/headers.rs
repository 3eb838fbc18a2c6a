//! The header of a message (RFC 5322 §2.2): its fields, and the way it took (`Received`, RFC 5321 §4.4).

use super::{Facts, Language, Seen, Span, dates, places};
use crate::search;

/// One header field.
#[derive(Clone, Debug)]
pub struct HeaderSeen {
    pub name: String,
    /// Unfolded.
    pub value: String,
    pub at: Span,
}

/// One hop, oldest first.
#[derive(Clone, Debug)]
pub struct HopSeen {
    pub from: Option<String>,
    pub by: Option<String>,
    pub with: Option<String>,
    pub at: Option<String>,
}

/// Servers give up on a message that has passed a hundred others; what has more is no way.
const MOST_HOPS: usize = 512;

/// Reads the fields of a header part.
pub fn read(part: usize, text: &str, facts: &mut Facts) {
    let first = facts.headers.len();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let line = line.trim_end();
        if line.starts_with([' ', '\t']) {
            if let Some(last) = facts.headers.get_mut(first..).and_then(|h| h.last_mut()) {
                if last.value.len() < 16 * 1024 {
                    if !last.value.is_empty() {
                        last.value.push(' ');
                    }
                    last.value.push_str(line.trim());
                }
                last.at.end = (start + line.len()) as u32;
            }
            continue;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        let name = name.trim_end();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            continue;
        }
        facts.headers.push(HeaderSeen {
            name: name.to_string(),
            value: value.trim().to_string(),
            at: Span::new(part, start, start + line.len()),
        });
    }
    if first > 0 {
        return; // a carried message's header: the way is the outer one's
    }
    for header in &facts.headers {
        if header.name.eq_ignore_ascii_case("Received") && facts.hops.len() < MOST_HOPS {
            facts.hops.push(hop(&header.value));
        }
        if header.name.eq_ignore_ascii_case("Content-Language") {
            facts.marks.language = language(&header.value);
        }
    }
    facts.hops.reverse();
}

fn language(tag: &str) -> Option<Language> {
    Some(match tag.get(..2)?.to_ascii_lowercase().as_str() {
        "en" => Language::En,
        "es" => Language::Es,
        "fr" => Language::Fr,
        "de" => Language::De,
        "it" => Language::It,
        "pt" => Language::Pt,
        "nl" => Language::Nl,
        _ => return None,
    })
}

fn hop(value: &str) -> HopSeen {
    let (words, date) = value.rsplit_once(';').unwrap_or((value, ""));
    let lower = words.to_ascii_lowercase();
    let after = |word: &str| {
        let at = if lower.starts_with(&word[1..]) { word.len() - 1 } else { search::find(&lower, word)? + word.len() };
        let rest = words[at..].trim_start();
        let end = rest.find([' ', '(', ';', '"', '\t', '\n']).unwrap_or(rest.len());
        let name = rest[..end].trim_matches(['[', ']', '.']);
        (!name.is_empty()).then(|| name.to_string())
    };
    HopSeen { from: after(" from "), by: after(" by "), with: after(" with "), at: dates::rfc5322(date) }
}

/// The addresses of a header field.
pub fn addresses(header: &HeaderSeen) -> Vec<Seen<String>> {
    let found = places::addresses(&header.value);
    found.into_iter().map(|(start, end)| Seen { value: header.value[start..end].to_string(), at: header.at }).collect()
}
