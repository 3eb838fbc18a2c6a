//! Which error decides, and which entry of the catalogue answers it.

use super::phrases::Kind;
use super::{Section, Texts, dialect};
use crate::catalog::{self, Code, ENTRIES, Entry};
use crate::evidence::{ErrorSeen, Facts, Label, Notice, Said, Seen, Source, Span};
use crate::order;
use crate::report::{Confidence, SmtpStage, Stage};

/// What decides.
pub struct Decided {
    pub section: Section,
    pub confidence: Confidence,
    pub error: Option<ErrorSeen>,
    pub dialect: &'static str,
    pub because: Vec<Span>,
}

/// The most errors that are told of one notice: with more it is no report but a list.
const LONGEST: usize = 100;

/// Every error of a notice, outermost first: the machine-made half, then what was returned (newest first), then text.
pub fn chain(notice: &Notice) -> Vec<ErrorSeen> {
    let mut said: Vec<_> = notice.said.iter().collect();
    // Of several attempts the one that ended it is the outermost, whatever order they are pasted in.
    let gave_up =
        |s: &Said| s.errors.first().and_then(|e| e.reply.map(|r| r / 100).or(e.status.map(|c| c.0))) == Some(5);
    order::sort(&mut said, |s| match s.source {
        Source::Diagnostic => 0,
        Source::Returned | Source::Bundle | Source::Label if gave_up(s) => 1,
        Source::Returned | Source::Bundle | Source::Label => 2,
        Source::Transcript => 3,
        Source::Line => 4,
    });
    let mut chain: Vec<ErrorSeen> = Vec::new();
    for error in said.iter().flat_map(|s| &s.errors) {
        let full = chain.len() == LONGEST;
        // A status alone is the same as with its reply.
        let known = chain.iter_mut().find(|e| {
            e.status == error.status && (e.reply == error.reply || error.reply.is_none() && error.status.is_some())
        });
        match known {
            // The longer telling of the same error is kept: the field often cuts it.
            Some(known) if error.text.len() > known.text.len() && error.text.starts_with(known.text.as_str()) => {
                known.text.clone_from(&error.text);
            }
            Some(_) => {}
            None if full => {}
            None => chain.push(error.clone()),
        }
    }
    chain
}

/// How well an entry fits an error; more is narrower.
fn fit(entry: &Entry, error: &ErrorSeen, texts: &Texts<'_>, spoken: &str) -> Option<(u8, Option<Span>)> {
    let mut score = 0;
    if !entry.codes.is_empty() {
        let code = error.status?;
        let range = entry.codes.iter().find(|r| r.from <= code && code <= r.to)?;
        score += if range.from == range.to { 2 } else { 1 };
    }
    if !entry.dialects.is_empty() {
        if !entry.dialects.contains(&spoken) {
            return None;
        }
        score += 4;
    }
    if !entry.replies.is_empty() {
        if !error.reply.is_some_and(|r| entry.replies.contains(&r)) {
            return None;
        }
        score += 1;
    }
    let mut place = None;
    if !entry.says.is_empty() {
        let own = texts.phrases(Kind::Says).filter(|(of, ..)| std::ptr::eq(*of, entry));
        let span = own.filter_map(|(_, phrase, hits)| Some((phrase.len(), texts.surest(hits, &error.at)?)));
        // Of two entries told by words, the longer words are the narrower.
        let (length, span) = span.max_by_key(|(length, _)| *length)?;
        score += 8 + (length.min(96) / 16) as u8;
        place = Some(span);
    } else if entry.codes.is_empty() {
        return None;
    }
    Some((score, place))
}

/// Whether a code says more than its class and subject.
fn is_specific(code: Option<Code>) -> bool {
    code.is_some_and(|(_, subject, detail)| subject != 0 && detail != 0)
}

/// Decides for one notice.
pub fn decide(
    facts: &Facts,
    notice: &Notice,
    chain: &[ErrorSeen],
    texts: &Texts<'_>,
    host: Option<&Seen<String>>,
) -> Decided {
    let reporter = dialect::of_report(facts);
    // An entry's own name asks for that entry.
    let asked = texts.only_word().and_then(|(word, place)| Some((ENTRIES.iter().find(|e| e.id == word)?, place)));
    if let Some((entry, place)) = asked {
        let (section, because) = (Section::Entry(entry), vec![place]);
        return Decided {
            section,
            confidence: Confidence::Certain,
            error: chain.first().cloned(),
            dialect: reporter,
            because,
        };
    }
    // A field alone is an error too: "Status: 5.1.1" without a diagnostic text.
    let field = notice.status.as_ref().filter(|_| chain.is_empty()).map(|s| ErrorSeen {
        reply: None,
        status: Some(s.value),
        at: s.at,
        text: String::new(),
    });
    let errors: Vec<&ErrorSeen> = chain.iter().chain(&field).collect();
    let structured = |error: &ErrorSeen| {
        notice.said.iter().any(|s| s.source >= Source::Label && s.at.holds(&error.at)) || chain.is_empty()
    };
    let mut best: Option<(u8, usize, Section, &'static str, Vec<Span>)> = None;
    let any_structured = errors.iter().any(|e| structured(e));
    for (nth, error) in errors.iter().enumerate() {
        if any_structured && !structured(error) {
            continue;
        }
        let spoken = dialect::of_error(error, texts, host, reporter);
        let entries = ENTRIES.iter().filter_map(|entry| {
            let (score, place) = fit(entry, error, texts, spoken)?;
            // An entry told by words alone speaks of codes only where no other claims the code.
            Some((score, entry, place))
        });
        let entry = entries.max_by_key(|(score, _, _)| *score);
        // Words that name the fault beat a code that says nothing, or that no entry knows.
        let vague = entry.as_ref().is_none_or(|(score, e, _)| *score < 8 && !e.decides_over_inner)
            && !is_specific(error.status)
            || error.status == Some((4, 4, 0));
        let by_wording = if vague || entry.is_none() { wording(texts) } else { None };
        let (rank, section, because) = match (entry, by_wording) {
            (Some((_, entry, place)), None) => {
                let rank = match entry {
                    Entry { wrapper: true, .. } => 2,
                    Entry { decides_over_inner: true, .. } => 12,
                    // What ended delivery weighs more than what went before.
                    _ => 8 + u8::from(ended(notice, chain, error)),
                };
                // Words prove a told-apart entry as much as its digits do.
                (rank, Section::Entry(entry), std::iter::once(error.at).chain(place).collect())
            }
            (_, Some((entry, place))) => {
                (if entry.decides_over_inner { 11 } else { 8 }, Section::Entry(entry), vec![error.at, place])
            }
            (None, None) => {
                let rank = match error.status {
                    Some(code) if is_specific(Some(code)) => 4 + u8::from(ended(notice, chain, error)),
                    Some(_) => 3,
                    None => 1,
                };
                (rank, Section::Unlisted, vec![error.at])
            }
        };
        // Of equals the inner one decides; the outer is a wrapper.
        if best.as_ref().is_none_or(|(known, ..)| rank >= *known) {
            best = Some((rank, nth, section, spoken, because));
        }
    }
    if let Some((_, nth, section, spoken, because)) = best {
        let section = match section {
            Section::Unlisted if has_connector(facts, notice) => other().map_or(Section::Unlisted, Section::Entry),
            section => section,
        };
        let confidence = match section {
            Section::Unlisted => Confidence::Possible,
            Section::Entry(entry) if entry.id == "other" => Confidence::Likely,
            Section::Entry(_) => Confidence::Certain,
        };
        let deciding = errors[nth];
        // A wrapper that decides still quotes the error that is the cause; a connector's code is itself the cause.
        let cause = match section {
            Section::Entry(entry) if connector(entry) => deciding,
            _ => innermost(notice, &errors, deciding),
        };
        return Decided { section, confidence, error: Some(cause.clone()), dialect: spoken, because };
    }
    // No code at all: the wording decides, with less confidence.
    let spoken = dialect::of_text(texts, host, reporter);
    let own = told_by_words(texts, spoken).filter(|(entry, _)| !entry.dialects.is_empty());
    let told = own.or_else(|| wording(texts)).or_else(|| told_by_words(texts, spoken));
    match told {
        Some((entry, place)) => Decided {
            section: Section::Entry(entry),
            confidence: Confidence::Likely,
            error: None,
            dialect: spoken,
            because: vec![place],
        },
        None => Decided {
            section: if has_connector(facts, notice) {
                other().map_or(Section::Unlisted, Section::Entry)
            } else {
                Section::Unlisted
            },
            confidence: Confidence::Possible,
            error: None,
            dialect: spoken,
            because: notice
                .said
                .first()
                .map(|s| s.at)
                .into_iter()
                .chain(notice.action.as_ref().map(|a| a.at))
                .collect(),
        },
    }
}

/// Whether an error stands in the same text as the one that ended delivery.
fn ended(notice: &Notice, chain: &[ErrorSeen], error: &ErrorSeen) -> bool {
    chain.first().is_some_and(|top| notice.said.iter().any(|s| s.at.holds(&top.at) && s.at.holds(&error.at)))
}

/// Whether an entry is about connectors: its code names the fault, whatever its message quotes.
fn connector(entry: &Entry) -> bool {
    entry.decides_over_inner && catalog::FAMILIES.get(usize::from(entry.family)).is_some_and(|f| f.id == "connectors")
}

/// The last error with a specific code that the deciding error's own text quotes.
fn innermost<'a>(notice: &Notice, errors: &[&'a ErrorSeen], deciding: &'a ErrorSeen) -> &'a ErrorSeen {
    let text = notice.said.iter().find(|s| s.at.holds(&deciding.at));
    let quoted = errors
        .iter()
        .rev()
        .find(|e| e.at.start > deciding.at.start && is_specific(e.status) && text.is_some_and(|s| s.at.holds(&e.at)));
    quoted.copied().unwrap_or(deciding)
}

/// The entry whose wording stands in the texts; the longest wins.
fn wording(texts: &Texts<'_>) -> Option<(&'static Entry, Span)> {
    let hits =
        texts.phrases(Kind::Wording).filter_map(|(entry, phrase, hits)| Some((phrase.len(), entry, hits.first()?)));
    hits.max_by_key(|(length, ..)| *length).map(|(_, entry, hit)| (entry, hit.at))
}

/// An entry without a code of its own, told by its words and the system that spoke.
fn told_by_words(texts: &Texts<'_>, spoken: &str) -> Option<(&'static Entry, Span)> {
    let fits = texts.phrases(Kind::Says).filter(|(e, ..)| e.dialects.is_empty() || e.dialects.contains(&spoken));
    let hits = fits.filter_map(|(entry, phrase, hits)| {
        let own = if entry.dialects.is_empty() { 0 } else { 64 };
        let length = phrase.len() + own + if entry.codes.is_empty() { 8 } else { 0 };
        Some((length, entry, hits.first()?))
    });
    hits.max_by_key(|(length, ..)| *length).map(|(_, entry, hit)| (entry, hit.at))
}

fn other() -> Option<&'static Entry> {
    ENTRIES.iter().find(|e| e.id == "other")
}

/// Whether the words speak of a connector or of Exchange Online's queue.
fn has_connector(facts: &Facts, notice: &Notice) -> bool {
    facts.marks.connector.is_some()
        || facts.marks.queue.is_some()
        || facts.marks.alert.is_some()
        || facts.label(Label::LastError).is_some() && facts.label(Label::DestinationServer).is_some()
        || notice
            .said
            .iter()
            .any(|s| s.source == Source::Bundle && s.errors.iter().any(|e| e.reply.is_some_and(|r| r < 500)))
}

/// Where delivery stopped, read from the code's subject or the SMTP command.
pub fn stage_of(code: Option<Code>, smtp_stage: Option<SmtpStage>) -> Stage {
    match smtp_stage {
        Some(SmtpStage::Connect) => return Stage::Connection,
        Some(SmtpStage::Starttls) => return Stage::Encryption,
        _ => {}
    }
    code.and_then(|(_, subject, _)| catalog::SUBJECTS.iter().find(|s| s.code == subject))
        .map_or(if smtp_stage.is_some() { Stage::Conversation } else { Stage::None }, |subject| subject.stage)
}
