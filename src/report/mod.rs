//! `Diagnosis` + catalogue + language → [`Report`]: plain data, complete sentences, and the pasted text cut into runs.

mod fill;
#[cfg(not(target_family = "wasm"))]
mod guide;
mod handover;
mod mask;
mod model;
mod runs;
mod steps;
#[cfg(not(target_family = "wasm"))]
mod text;
mod words;

pub use handover::{Handover, Mask, MaskedRun, ToJson, What, Wish, Written, write as write_handover};
pub use mask::{Kind as MaskKind, Masks, Reader};
pub use model::*;

#[cfg(not(target_family = "wasm"))]
pub use guide::{Family, Floor, Guide, GuideAnswer, Reading, answers, floor, guide};
#[cfg(not(target_family = "wasm"))]
pub use text::readable;
pub use words::{load, place as place_of_words};

use crate::Options;
use crate::catalog::{self, Code, NOTES, SOURCES, Steps, W, say};
use crate::diagnosis::{Diagnosis, Found, Section, headers};
use crate::evidence::{Facts, Span};
use crate::intake::Document;
use crate::order::{self, Key};
use crate::search::{self, Needles};
use fill::Values;
use runs::{Citations, Witness};
use std::cell::OnceCell;
use std::sync::OnceLock;
use words::Words;

/// A code as it is written: `4.4.316`.
pub fn code(code: Code) -> String {
    format!("{}.{}.{}", code.0, code.1, code.2)
}

/// Writes the report.
pub fn write(document: &Document, facts: &Facts, diagnosis: &Diagnosis, options: &Options) -> Report {
    let words = Words::of(options.lang);
    let mut cited = Vec::new();
    for found in &diagnosis.findings {
        witnesses(found, facts, &words, &mut cited);
    }
    let terms = terms(document, diagnosis, &mut cited, &words);
    let citations = Citations::number(document, cited);
    let mut notes: Vec<Note> = diagnosis.notes.iter().map(|id| note(id, &words)).collect();
    let sender = OnceCell::new();
    let sender_domain = || sender.get_or_init(|| fill::sender_domain(document, facts)).clone();
    let findings: Vec<Finding> =
        diagnosis.findings.iter().map(|found| finding(found, facts, &sender_domain, &words, &citations)).collect();
    if diagnosis.findings.iter().any(|f| {
        matches!(f.section, Section::Entry(_)) && f.cause_status.is_none() && f.confidence == Confidence::Likely
    }) {
        notes.push(note("wording", &words));
    }
    if diagnosis.answer == Verdict::Failed.word() && matches!(diagnosis.kind, InputKind::Ndr | InputKind::Dsn) {
        notes.push(note("backscatter", &words));
    }
    let (parts, truncated) = citations.parts(document);
    if truncated {
        notes.push(note("truncated", &words));
    }
    Report {
        schema: 1,
        lang: options.lang,
        input: Input { kind: diagnosis.kind, truncated },
        verdict: diagnosis.verdict,
        answer: answer(diagnosis.answer, facts, &words),
        findings,
        hops: hops(facts),
        headers: explained(facts, &words),
        terms: terms
            .into_iter()
            .map(|(term, text, spans)| Term {
                term,
                text: words.get(text),
                cites: citations.numbers(&spans, "term", None),
            })
            .collect(),
        notes,
        parts,
        evidence: citations.into_evidence(),
    }
}

fn answer(id: &'static str, facts: &Facts, words: &Words) -> Answer {
    let (title, text, advice): (W, W, &[W]) = match id {
        "failed" => (say::ANSWER_FAILED_TITLE, say::ANSWER_FAILED_TEXT, &[]),
        "delayed" => (say::ANSWER_DELAYED_TITLE, say::ANSWER_DELAYED_TEXT, &[]),
        "delivered" => (say::ANSWER_DELIVERED_TITLE, say::ANSWER_DELIVERED_TEXT, &[]),
        "fake_ndr" => (
            say::ANSWER_FAKE_NDR_TITLE,
            say::ANSWER_FAKE_NDR_TEXT,
            &[say::ANSWER_FAKE_NDR_ADVICE, say::ANSWER_FAKE_NDR_ADVICE_2, say::ANSWER_FAKE_NDR_ADVICE_3],
        ),
        "backscatter" => (
            say::ANSWER_BACKSCATTER_TITLE,
            say::ANSWER_BACKSCATTER_TEXT,
            &[say::ANSWER_BACKSCATTER_ADVICE, say::ANSWER_BACKSCATTER_ADVICE_2],
        ),
        "arf" => (say::ANSWER_ARF_TITLE, say::ANSWER_ARF_TEXT, &[say::ANSWER_ARF_ADVICE]),
        "auto_reply" => (say::ANSWER_AUTO_REPLY_TITLE, say::ANSWER_AUTO_REPLY_TEXT, &[say::ANSWER_AUTO_REPLY_ADVICE]),
        "read_receipt" => (say::ANSWER_READ_RECEIPT_TITLE, say::ANSWER_READ_RECEIPT_TEXT, &[]),
        "headers" => (say::ANSWER_HEADERS_TITLE, say::ANSWER_HEADERS_TEXT, &[say::ANSWER_HEADERS_ADVICE]),
        "headers_report" => {
            (say::ANSWER_HEADERS_REPORT_TITLE, say::ANSWER_HEADERS_REPORT_TEXT, &[say::ANSWER_HEADERS_ADVICE])
        }
        "headers_loop" => {
            (say::ANSWER_HEADERS_LOOP_TITLE, say::ANSWER_HEADERS_LOOP_TEXT, &[say::ANSWER_HEADERS_LOOP_ADVICE])
        }
        "headers_dmarc_acted" => {
            (say::ANSWER_HEADERS_DMARC_TITLE, say::ANSWER_HEADERS_DMARC_ACTED_TEXT, &[say::ANSWER_HEADERS_DMARC_ADVICE])
        }
        "headers_dmarc" => {
            (say::ANSWER_HEADERS_DMARC_TITLE, say::ANSWER_HEADERS_DMARC_TEXT, &[say::ANSWER_HEADERS_DMARC_ADVICE])
        }
        "headers_spf" => {
            (say::ANSWER_HEADERS_SPF_TITLE, say::ANSWER_HEADERS_SPF_TEXT, &[say::ANSWER_HEADERS_SPF_ADVICE])
        }
        "headers_spam" => {
            (say::ANSWER_HEADERS_SPAM_TITLE, say::ANSWER_HEADERS_SPAM_TEXT, &[say::ANSWER_HEADERS_SPAM_ADVICE])
        }
        "headers_delay" => {
            (say::ANSWER_HEADERS_DELAY_TITLE, say::ANSWER_HEADERS_DELAY_TEXT, &[say::ANSWER_HEADERS_DELAY_ADVICE])
        }
        "empty" => (say::ANSWER_EMPTY_TITLE, say::ANSWER_EMPTY_TEXT, &[]),
        "no_text" => (say::ANSWER_NO_TEXT_TITLE, say::ANSWER_NO_TEXT_TEXT, &[say::ANSWER_NO_TEXT_ADVICE]),
        "picture" => (
            say::ANSWER_PICTURE_TITLE,
            say::ANSWER_PICTURE_TEXT,
            &[say::ANSWER_PICTURE_ADVICE, say::ANSWER_SAVE_ADVICE],
        ),
        "pdf" => (say::ANSWER_PDF_TITLE, say::ANSWER_PDF_TEXT, &[say::ANSWER_PDF_ADVICE]),
        "archive" => (say::ANSWER_ARCHIVE_TITLE, say::ANSWER_ARCHIVE_TEXT, &[say::ANSWER_ARCHIVE_ADVICE]),
        "office" => (say::ANSWER_OFFICE_TITLE, say::ANSWER_OFFICE_TEXT, &[say::ANSWER_OFFICE_ADVICE]),
        "mailbox_file" => (
            say::ANSWER_MAILBOX_FILE_TITLE,
            say::ANSWER_MAILBOX_FILE_TEXT,
            &[say::ANSWER_MAILBOX_FILE_ADVICE, say::ANSWER_SAVE_ADVICE],
        ),
        "not_a_bounce" => {
            (say::ANSWER_NOT_A_BOUNCE_TITLE, say::ANSWER_NOT_A_BOUNCE_TEXT, &[say::ANSWER_NOT_A_BOUNCE_ADVICE])
        }
        _ => (
            say::ANSWER_UNRECOGNISED_TITLE,
            say::ANSWER_UNRECOGNISED_TEXT,
            &[say::ANSWER_UNRECOGNISED_ADVICE, say::ANSWER_UNRECOGNISED_ADVICE_2],
        ),
    };
    let advice = advice.iter().map(|w| words.get(*w).into()).collect();
    let mut text = Text::from(words.get(text));
    if let Some((host, minutes)) = headers::held_by(facts).filter(|_| id == "headers_delay") {
        let named = search::replaced(&text, "{host}", &runs::visible(&host));
        text = search::replaced(&named, "{minutes}", &minutes.to_string()).into();
    }
    Answer { id, title: words.get(title), text, advice }
}

fn note(id: &'static str, words: &Words) -> Note {
    let text = match id {
        "date_order" => say::NOTE_DATE_ORDER,
        "too_deep" => say::NOTE_TOO_DEEP,
        "utf16" => say::NOTE_UTF16,
        "wording" => say::NOTE_WORDING,
        "text_part" => say::NOTE_TEXT_PART,
        "backscatter" => say::NOTE_BACKSCATTER,
        "arc_passed" => say::NOTE_ARC_PASSED,
        _ => say::NOTE_TRUNCATED,
    };
    Note { id, text: words.get(text).into() }
}

/// A sentence with the value that it tells.
fn filled(sentence: &'static str, value: &str) -> Text {
    const HERE: &str = "{value}";
    match search::find(sentence, HERE) {
        Some(at) => [&sentence[..at], value, &sentence[at + HERE.len()..]].concat().into(),
        None => sentence.into(),
    }
}

/// Every place that a finding cites, with what it proves.
fn witnesses(found: &Found, facts: &Facts, words: &Words, out: &mut Vec<Witness>) {
    let mut put = |at: Span, kind: &'static str, template: W, value: &str| {
        out.push(Witness { at, kind, says: filled(words.get(template), value) });
    };
    for error in found.said.iter().flat_map(|s| &s.errors) {
        let value = match (error.reply, error.status) {
            (Some(reply), Some(status)) => format!("{reply} {}", code(status)),
            (Some(reply), None) => reply.to_string(),
            (None, Some(status)) => code(status),
            (None, None) => continue,
        };
        put(error.at, "error", say::EVIDENCE_ERROR, &value);
    }
    if let Some(status) = &found.status_field {
        put(status.at, "status", say::EVIDENCE_ERROR, &code(status.value));
    }
    if let Some(action) = &found.action {
        put(action.at, "action", say::EVIDENCE_OUTCOME, found.outcome.word());
    }
    for (original, last) in &found.recipients {
        for seen in original.iter().chain([last]) {
            put(seen.at, "recipient", say::EVIDENCE_RECIPIENT, &seen.value);
        }
    }
    if let Some(host) = &found.host {
        put(host.at, "host", say::EVIDENCE_HOST, &host.value);
    }
    if let Some(ip) = &found.ip {
        put(ip.at, "ip", say::EVIDENCE_IP, "");
    }
    for (_, at) in found.attempts.iter().filter_map(|t| t.at.as_ref()) {
        put(*at, "time", say::EVIDENCE_TIME, "");
    }
    if let Some((_, _, Some(at))) = &found.expires {
        put(*at, "time", say::EVIDENCE_EXPIRES, "");
    }
    if let Some(arrived) = &found.arrived {
        put(arrived.at, "time", say::EVIDENCE_ARRIVED, "");
    }
    for server in facts.generating_server.iter().chain(&facts.reporting_mta) {
        put(server.at, "reporter", say::EVIDENCE_REPORTER, "");
    }
    for (cause, standing, spans) in &found.causes {
        for at in spans {
            match standing {
                Standing::RuledOut => put(*at, "against", say::EVIDENCE_AGAINST, words.get(cause.text)),
                _ => put(*at, "cause", say::EVIDENCE_CAUSE, words.get(cause.text)),
            }
        }
    }
    for asked in &found.questions {
        for at in &asked.answered_by {
            put(*at, "answer", say::EVIDENCE_ANSWER, words.get(asked.question.text));
        }
    }
    for at in &found.because {
        put(*at, "phrase", say::EVIDENCE_PHRASE, "");
    }
}

type TermSeen = (String, W, Vec<Span>);

/// Glossary words that stand in the diagnostic texts; the longest match wins.
fn terms(document: &Document, diagnosis: &Diagnosis, cited: &mut Vec<Witness>, words: &Words) -> Vec<TermSeen> {
    let mut terms: Vec<TermSeen> = Vec::new();
    let mut spans: Vec<Span> = diagnosis.findings.iter().flat_map(|f| &f.said).map(|s| s.at).collect();
    order::once(&mut spans);
    for span in spans {
        let text = document.parts[span.part as usize].text.text();
        let text = &text[span.start as usize..span.end as usize];
        let mut hits: Vec<(usize, usize, W)> = Vec::new();
        let (needles, patterns) = patterns();
        let bytes = text.as_bytes();
        let mut places: Vec<(usize, usize)> = needles.find(bytes).into_iter().map(|(at, nth)| (nth, at)).collect();
        order::sort(&mut places, Key::key);
        // A pattern counts where it first stands.
        places.dedup_by_key(|(nth, _)| *nth);
        for (nth, start) in places {
            let Pattern { literal, open, meaning } = patterns[nth];
            let is_word = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
            let mut end = start + literal.len();
            if start > 0 && literal.starts_with(|c: char| c.is_alphanumeric()) && is_word(bytes.get(start - 1)) {
                continue;
            }
            if open {
                while is_word(bytes.get(end)) || (bytes.get(end) == Some(&b'.') && is_word(bytes.get(end + 1))) {
                    end += 1;
                }
            } else if literal.ends_with(|c: char| c.is_alphanumeric()) && is_word(bytes.get(end)) {
                continue;
            }
            hits.push((start, end, meaning));
        }
        order::sort(&mut hits, |(start, end, _)| (*start, usize::MAX - *end).key());
        let mut last = 0;
        for (start, end, meaning) in hits {
            if start < last {
                continue;
            }
            last = end;
            let at = Span { part: span.part, start: span.start + start as u32, end: span.start + end as u32 };
            let term = text[start..end].to_string();
            cited.push(Witness { at, kind: "term", says: filled(words.get(say::EVIDENCE_TERM), &term) });
            match terms.iter_mut().find(|(_, known, _)| *known == meaning) {
                Some((_, _, spans)) => spans.push(at),
                None => terms.push((term, meaning, vec![at])),
            }
        }
    }
    terms
}

/// One pattern of the glossary; `open` at its end it takes the rest of the word.
#[derive(Clone, Copy)]
struct Pattern {
    literal: &'static str,
    open: bool,
    meaning: W,
}

fn patterns() -> &'static (Needles, Vec<Pattern>) {
    static PATTERNS: OnceLock<(Needles, Vec<Pattern>)> = OnceLock::new();
    PATTERNS.get_or_init(|| {
        let all = catalog::TERMS.iter().flat_map(|term| term.matches.iter().map(move |pattern| (pattern, term.text)));
        let patterns: Vec<Pattern> = all
            .map(|(pattern, meaning)| match pattern.strip_suffix('*') {
                Some(literal) => Pattern { literal, open: true, meaning },
                None => Pattern { literal: pattern, open: false, meaning },
            })
            .collect();
        (Needles::new(patterns.iter().map(|p| p.literal)), patterns)
    })
}

fn finding(
    found: &Found,
    facts: &Facts,
    sender_domain: &dyn Fn() -> Option<String>,
    words: &Words,
    citations: &Citations,
) -> Finding {
    let reply_status = |r: Option<u16>, s: Option<Code>| (r, s.map(code));
    let mut because: Vec<Span> = found.because.clone();
    because.extend(found.recipients.iter().map(|(_, last)| last.at));
    because.extend(found.action.iter().map(|a| a.at));
    if because.is_empty() {
        because.extend(found.said.first().map(|s| s.at));
    }
    let told = told(found, words);
    let values = Values::of(found, sender_domain);
    let answers: Vec<&str> = found.questions.iter().filter_map(|q| q.answer).collect();
    let open: Vec<(&str, &str)> = found
        .questions
        .iter()
        .filter_map(|q| q.answer.map(|given| (q, given)))
        .flat_map(|(q, given)| q.question.answers.iter().filter(move |a| a.id != given).map(move |a| (a.id, given)))
        .collect();
    Finding {
        recipients: found
            .recipients
            .iter()
            .map(|(original, last)| Recipient {
                original: original.as_ref().map(|o| runs::visible(&o.value)),
                final_: runs::visible(&last.value),
            })
            .collect(),
        section: found.section.id(),
        title: told.title,
        meaning: told.meaning,
        detail: told.detail,
        confidence: found.confidence,
        category: told.category,
        stage: found.stage,
        smtp_stage: found.smtp_stage,
        outcome: found.outcome,
        acts: told.acts,
        status: found.status.map(code),
        reply: found.reply,
        cause_status: found.cause_status.map(code),
        cause_reply: found.cause_reply,
        chain: found
            .chain
            .iter()
            .map(|e| {
                let (reply, status) = reply_status(e.reply, e.status);
                ChainLink { reply, status, text: runs::visible(&e.text) }
            })
            .collect(),
        attempts: found
            .attempts
            .iter()
            .map(|t| {
                let (reply, status) = reply_status(t.reply, t.status);
                let at = t.at.as_ref().map(|(at, _)| at.clone());
                Attempt { at, host: t.host.clone(), ip: t.ip.map(|ip| ip.to_string()), reply, status }
            })
            .collect(),
        remote: Remote {
            host: found.host.as_ref().map(|h| h.value.clone()),
            ip: found.ip.as_ref().map(|ip| ip.value.to_string()),
            port: found.port,
        },
        reporting_mta: facts.reporting_mta.as_ref().map(|s| s.value.clone()),
        generating_server: facts.generating_server.as_ref().map(|s| s.value.clone()),
        dialect: found.dialect,
        times: Times {
            arrived: found.arrived.as_ref().map(|a| a.value.clone()),
            last_attempt: found.last_attempt.as_ref().map(|a| a.value.clone()),
            expires: found.expires.as_ref().map(|(at, ..)| at.clone()),
            expires_from: found.expires.as_ref().map(|(_, from, _)| *from),
        },
        causes: found
            .causes
            .iter()
            .map(|(cause, standing, spans)| Cause {
                id: format!("{}/{}", found.section.id(), cause.id),
                text: words.get(cause.text),
                standing: *standing,
                because: match standing {
                    Standing::RuledOut => {
                        let says = filled(words.get(say::EVIDENCE_AGAINST), words.get(cause.text));
                        citations.numbers(spans, "against", Some(&says))
                    }
                    _ => citations.numbers(spans, "cause", Some(words.get(cause.text))),
                },
            })
            .collect(),
        questions: found
            .questions
            .iter()
            .map(|asked| Question {
                id: asked.question.id,
                text: words.get(asked.question.text),
                answers: asked
                    .question
                    .answers
                    .iter()
                    .map(|a| AnswerChoice { id: a.id, text: words.get(a.text) })
                    .collect(),
                answered_by: citations.numbers(&asked.answered_by, "answer", None),
                answer: asked.answer,
            })
            .collect(),
        steps: told.steps.iter().flat_map(|list| steps::read(*list, words, &values, &answers, &open)).collect(),
        notes: told.notes,
        confirm: told.confirm,
        sources: told.sources,
        because: citations.numbers(&because, "error", None),
    }
}

/// The sentences of a finding, from its entry or composed from its code.
struct Told {
    title: &'static str,
    meaning: Text,
    detail: Text,
    confirm: &'static str,
    category: &'static str,
    acts: Actor,
    steps: Vec<Steps>,
    notes: Vec<Note>,
    sources: Vec<Source>,
}

fn told(found: &Found, words: &Words) -> Told {
    match found.section {
        Section::Entry(entry) => Told {
            title: words.get(entry.title),
            meaning: words.get(entry.meaning).into(),
            detail: words.get(entry.detail).into(),
            confirm: words.get(entry.confirm),
            category: entry.category,
            acts: entry.acts,
            steps: vec![entry.steps],
            notes: entry
                .notes
                .iter()
                .map(|n| &NOTES[*n as usize])
                .map(|n| Note { id: n.id, text: words.get(n.text).into() })
                .collect(),
            sources: entry.sources.iter().map(|s| source(&SOURCES[*s as usize], words)).collect(),
        },
        Section::Unlisted => composed(found, words),
    }
}

fn source(s: &catalog::Source, words: &Words) -> Source {
    Source { title: words.get(s.title), url: words.get(s.url), read: words.get(s.read) }
}

/// The general reading of a code: class × subject × registered detail, or what the reply alone says.
fn composed(found: &Found, words: &Words) -> Told {
    let code = found.cause_status.or(found.status);
    let reply = found.cause_reply.or(found.reply);
    let class_digit = code.map(|c| c.0).or(reply.map(|r| r / 100)).unwrap_or(match found.outcome {
        Outcome::Returned => 5,
        Outcome::Retrying => 4,
        _ => 0,
    });
    let class = catalog::CLASSES.iter().find(|c| c.code == class_digit);
    let subject = code.and_then(|c| catalog::SUBJECTS.iter().find(|s| s.code == c.1));
    let registered = code.and_then(|c| catalog::REGISTERED.iter().find(|r| r.code == (c.1, c.2)));
    let plain = reply.and_then(|r| catalog::REPLIES.iter().find(|p| p.code == r));
    let title = match (registered, subject, plain) {
        (Some(r), ..) if r.code != (0, 0) => words.get(r.title),
        (_, Some(s), _) if s.code != 0 => words.get(s.title),
        (.., Some(p)) => words.get(p.title),
        _ if found.outcome == Outcome::Retrying => words.get(say::UNLISTED_DELAYED_TITLE),
        _ if matches!(found.outcome, Outcome::Delivered | Outcome::Relayed) => words.get(say::UNLISTED_DELIVERED_TITLE),
        _ => words.get(say::UNLISTED_NO_CODE_TITLE),
    };
    let first = match (registered, subject, plain) {
        (Some(r), ..) if r.code != (0, 0) => words.get(r.meaning),
        (_, Some(s), _) if s.code != 0 => words.get(s.meaning),
        (.., Some(p)) => words.get(p.meaning),
        _ if found.outcome == Outcome::Retrying => words.get(say::UNLISTED_DELAYED_MEANING),
        _ if matches!(found.outcome, Outcome::Delivered | Outcome::Relayed) => words.get(say::ANSWER_DELIVERED_TEXT),
        _ => words.get(say::UNLISTED_NO_CODE_MEANING),
    };
    let has_code = code.is_some() || reply.is_some();
    let second = class.filter(|_| has_code).map(|c| words.get(c.meaning)).unwrap_or_default();
    let meaning = if second.is_empty() { first.into() } else { Text::from([first, second].join(" ")) };
    let detail: Text = match (class, has_code) {
        (Some(class), true) => [words.get(class.detail), words.get(say::UNLISTED_GENERAL)].join(" ").into(),
        _ if found.outcome == Outcome::Retrying => words.get(say::UNLISTED_DELAYED_DETAIL).into(),
        _ => words.get(say::UNLISTED_NO_CODE_DETAIL).into(),
    };
    let mut steps: Vec<Steps> = Vec::new();
    let delivered = matches!(found.outcome, Outcome::Delivered | Outcome::Relayed);
    if !delivered {
        let of_subject = subject.map(|s| if class_digit == 4 { s.steps_4 } else { s.steps_5 });
        steps.extend(of_subject);
        if let Some(class) = class {
            let repeats = of_subject.is_some_and(|list| {
                let known = steps::ids(list, words);
                steps::ids(class.steps, words).iter().any(|id| known.contains(id))
            });
            if !repeats {
                steps.push(class.steps);
            }
        }
    }
    Told {
        title,
        meaning,
        detail,
        confirm: words.get(say::UNLISTED_CONFIRM),
        category: registered.and_then(|r| r.category).or(subject.map(|s| s.category)).unwrap_or("other"),
        acts: if delivered { Actor::Nobody } else { subject.map_or(Actor::Sender, |s| s.acts) },
        steps,
        notes: Vec::new(),
        sources: SOURCES
            .iter()
            .filter(|s| {
                let url = words.get(s.url);
                has_code
                    && (url.starts_with("https://www.iana.org/assignments/smtp-enhanced") || url.ends_with("/rfc3463"))
            })
            .map(|s| source(s, words))
            .collect(),
    }
}

fn hops(facts: &Facts) -> Vec<Hop> {
    let loops = headers::go_round(&facts.hops);
    let longest = headers::longest(&facts.hops).map(|(nth, _)| nth);
    let hops = facts.hops.iter().zip(headers::delays(&facts.hops)).enumerate();
    hops.map(|(nth, (hop, delay_s))| {
        let name = |name: &Option<String>| name.as_deref().map(runs::visible);
        Hop {
            from: name(&hop.from),
            by: name(&hop.by),
            with: name(&hop.with),
            at: hop.at.clone(),
            delay_s,
            longest: longest == Some(nth),
            loops: loops[nth],
        }
    })
    .collect()
}

/// The header fields that the glossary explains, each once; the longest name wins.
fn explained(facts: &Facts, words: &Words) -> Vec<Header> {
    /// The most that are explained; a message has a few dozen fields.
    const MOST: usize = 200;
    let mut headers: Vec<Header> = Vec::new();
    for seen in &facts.headers {
        if headers.len() == MOST {
            break;
        }
        if seen.name.eq_ignore_ascii_case("Received") || headers.iter().any(|h| h.name.eq_ignore_ascii_case(&seen.name))
        {
            continue;
        }
        let own = seen.name.as_bytes();
        let fits = |name: &str| match name.as_bytes() {
            [prefix @ .., b'*'] => own.get(..prefix.len()).is_some_and(|p| p.eq_ignore_ascii_case(prefix)),
            whole => own.eq_ignore_ascii_case(whole),
        };
        if let Some(entry) = catalog::HEADERS.iter().filter(|h| fits(h.name)).max_by_key(|h| h.name.len()) {
            headers.push(Header {
                name: seen.name.clone(),
                value: runs::visible(&seen.value),
                text: words.get(entry.text),
            });
        }
    }
    headers
}
