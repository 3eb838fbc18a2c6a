//! Where a report stops speaking and begins to return the original message: what follows is never evidence.

use super::{Clean, Part, PartKind, lower};
use crate::search::{self, Beginnings, has, starts};
use std::sync::OnceLock;

/// Lines that open the returned message, lower case. A mark at the line's start is enough.
const MARKS: &[&str] = &[
    // Exchange, in the languages it speaks
    "original message headers",
    "encabezados de mensaje originales",
    "encabezados del mensaje original",
    "en-têtes de message d'origine",
    "en-têtes du message d'origine",
    "ursprüngliche nachrichtenkopfzeilen",
    "intestazioni originali del messaggio",
    "intestazioni messaggio originale",
    "cabeçalhos originais da mensagem",
    "cabeçalhos de mensagem originais",
    "oorspronkelijke berichtkoppen",
    "oorspronkelijke berichtkopteksten",
    // other systems
    "--- below this line is a copy of the message",
    "--- enclosed is a copy of the message",
    "--- original message follows",
    "----- original message follows",
    "----- unsent message follows",
    "----- message header follows",
    "----- original message -----",
    "----- original message headers",
    "---------- original message ----------",
    "----- message headers",
    "------ this is a copy of the message",
    "------ this is a copy of your message",
    "--- the header of the original message is following",
    "---- this is a copy of the message",
    "message headers follow",
    "the original message headers follow",
    "the header of the original message",
    "your message headers",
    "text of your message follows",
    "a copy of the original message below this line",
    "original message follows",
    "unsent message below",
    "-----original message",
    "--- message header follows",
    "the following is a copy of the message",
    "below is a copy of the original message",
    "---- start of returned message",
    "the first 50 lines of the original message",
    "[original message",
    "received message follows",
];

/// Cuts a report's text where the returned message begins.
pub fn split(text: Clean, kind: PartKind) -> Vec<Part> {
    match begins(text.text()) {
        Some(at) => {
            let (report, original) = text.split_at(at);
            vec![Part { kind, text: report }, Part { kind: PartKind::Original, text: original }]
        }
        None => vec![Part { kind, text }],
    }
}

/// Words that speak of a failure.
const SPEAKING: &[&str] = &[
    "returned '",
    "Final-Recipient:",
    "Generating server",
    "Delivery has failed",
    "Diagnostic-Code:",
    " said: ",
    "rejected your message",
    "be delivered",
    "wasn't delivered",
    "[Message=",
    "{LED=",
];

/// The last place where a text still speaks of the failure: before it, the report itself was passed on.
fn last_spoken(text: &str) -> usize {
    SPEAKING.iter().filter_map(|words| search::last(text, words)).max().unwrap_or(0)
}

/// Whether what stands above a mail program's line already speaks of a failure; else somebody passes a report on.
fn complains(above: &str) -> bool {
    let bytes = above.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let code = memchr::memchr2_iter(b'4', b'5', bytes).any(|at| {
        let (second, third) = (bytes.get(at + 1), bytes.get(at + 2));
        let alone = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        alone && (second == Some(&b'.') && digit(at + 2) || digit(at + 1) && third.is_some_and(u8::is_ascii_digit))
    });
    let lower = lower(&above[above.floor_char_boundary(above.len().saturating_sub(4096))..]);
    let words = ["deliver", "returned", "reject", "unknown", "entreg", "zustell", "remis", "recapit", "bezorg"];
    code || SPEAKING.iter().any(|words| has(above, words)) || words.iter().any(|word| has(&lower, word))
}

/// The place of the first line that opens the returned message.
fn begins(text: &str) -> Option<usize> {
    static BEGINNINGS: OnceLock<Beginnings> = OnceLock::new();
    let beginnings = BEGINNINGS.get_or_init(|| Beginnings::of(MARKS.iter().copied()));
    let (mut spoken, mut complained, mut asked) = (None, false, 0usize);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        let bare = start.trim_start_matches(['-', '_', '=', ' ', '*', '#']);
        // Every mark is short.
        if (12..160).contains(&start.len()) && (beginnings.may_open(start) || beginnings.may_open(bare)) {
            let lower = lower(start);
            let bare = &lower[start.len() - bare.len()..];
            // A mail program's own line also opens a report that somebody passes on.
            let passed_on = bare.starts_with("original message") && {
                // Each line asks only for what came since the last one.
                let since = text.floor_char_boundary(asked.saturating_sub(4096));
                complained = complained || complains(&text[since..at]);
                asked = at;
                !complained || at + line.len() <= *spoken.get_or_insert_with(|| last_spoken(text))
            };
            // A report copied with all its parts: the fields for machines stand below the announcement.
            let below = text.floor_char_boundary(text.len().min(at + 600));
            let fields = || has(&text[at..below], "\nReporting-MTA:");
            if !passed_on && MARKS.iter().any(|mark| starts(&lower, mark) || starts(bare, mark)) && !fields() {
                return Some(at);
            }
        }
        at += line.len();
    }
    None
}
