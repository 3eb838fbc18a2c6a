//! Whom a report is about: the recipients that running text names, and which diagnostic text belongs to whom.

use super::{Facts, Label, Notice, Page, Said, Seen, Source, Span, fold, headers, places, said};
use crate::intake::{Document, PartKind};

/// How surely an address is a failed recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It stands somewhere in the report.
    Mentioned,
    /// A diagnostic text names it.
    Quoted,
    /// A sentence says that mail to it failed.
    Told,
    /// A line or a label of its own.
    Listed,
}

/// An address in running text.
#[derive(Clone, Debug)]
pub struct Named {
    pub seen: Seen<String>,
    pub rank: Rank,
}

/// Words before an address that make it the recipient, lower case.
const TOLD: &[&str] = &[
    "message to",
    "mail to",
    "delivery to",
    "delivered to",
    "deliver to",
    "deliver mail to",
    "rcpt to:",
    "recipient",
    "recipients:",
    "recipient:",
    "addressed to",
    "sent to",
    "following address",
    "address(es):",
    "mensaje para",
    "mensaje a",
    "destinatario",
    "destinatario:",
    "reach",
    "for:",
    "to:",
    "intended for",
    "failed:",
    "email to",
    "user:",
    "undeliverable to",
    "the following user",
    "mailbox",
    "original-rcpt-to:",
    "account",
    "invalid address",
    "unknown user:",
    "address",
    "user",
    "userid:",
    "emailaddress\":",
    "recipient\":",
    "recipientaddress\":",
    "\"email\":",
    "to=",
    "entregado a",
    "entregar a",
    "\"recipient\" :",
];

/// Local parts that speak for the system, not for a person.
const SYSTEM: &[&str] =
    &["postmaster", "mailer-daemon", "abuse", "noreply", "no-reply", "mail-noreply", "bounces", "support", "bounce"];

/// Finds every address of a page and how it stands there.
pub fn read(page: &Page<'_>, claimed: &[(usize, usize)], facts: &Facts, said: &[Said], out: &mut Vec<Named>) {
    for (label, seen) in &facts.labels {
        if *label == Label::Recipient && seen.at.part as usize == page.part {
            out.push(Named { seen: seen.clone(), rank: Rank::Listed });
        }
    }
    for (start, end) in places::addresses(page.text) {
        if claimed.iter().any(|(s, e)| *s <= start && end <= *e) {
            continue;
        }
        // "wasn't delivered to ana@contoso.examplebecause the address": a copied table loses the blank.
        let end = start + page.lower[start..end].strip_suffix("because").map_or(end - start, str::len);
        let span = page.span(start, end);
        let value = page.text[start..end].to_string();
        let local = value.split('@').next().unwrap_or("").to_ascii_lowercase();
        let quoted = said.iter().any(|s| s.at.holds(&span));
        let mut rank = rank(page, start, end, quoted);
        // So looks a message id, not a person: 0d5f6c3e-0d1b-4dd4-9a3e-9a5b1b0f1c22.
        let is_id = local.len() == 36 && local.bytes().filter(|b| *b == b'-').count() == 4;
        if SYSTEM.contains(&local.as_str()) && rank < Rank::Told || is_id {
            continue;
        }
        // A message id is no address: `<20260305.AB12@mail…>` behind a "Message-ID:".
        let (line_start, _) = page.line(start);
        let before = &page.lower[line_start..start];
        let id = ["message-id", "message id", "messageid", "message_id", "smtp-id", "in-reply-to", "references:"];
        if id.iter().any(|name| before.rfind(name).is_some_and(|n| !before[n..].contains(','))) {
            continue;
        }
        let near = &before[before.ceil_char_boundary(before.len().saturating_sub(40))..];
        // "to contact tosa@rx.t-online.de to clarify": whom to ask, not whom the message was for.
        let asked = before.trim_end_matches(['<', ' ']);
        if quoted && (asked.ends_with("contact") || asked.ends_with("this error to")) {
            continue;
        }
        if before.trim_start().starts_with("from:")
            || near.contains("sender")
            || near.contains("mail from")
            || near.contains("remitente")
        {
            rank = Rank::Mentioned;
        }
        out.push(Named { seen: Seen { value, at: span }, rank });
    }
}

/// "ana@contoso.example on Thu, 29 Apr …", as old Exchange lists recipients.
fn is_dated(after: &str) -> bool {
    after.strip_prefix("on ").is_some_and(|rest| {
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].iter().any(|day| rest.starts_with(day))
            || rest.starts_with(|c: char| c.is_ascii_digit())
    })
}

fn rank(page: &Page<'_>, start: usize, end: usize, quoted: bool) -> Rank {
    let (line_start, line_end) = page.line(start);
    let line = &page.text[line_start..line_end];
    let address = &page.text[start..end];
    let before = page.lower[line_start..start].trim_start();
    let after = page.text[end..line_end].trim_start();
    let opens = before.trim_matches(['<', '(', '*', '-', '•', ' ', '"', '\'', '[', '\t']).is_empty();
    if !quoted || opens {
        // The line holds the address, perhaps twice, and at most a name.
        let rest = line.replace(address, " ").replace("mailto:", " ").replace("smtp:", " ").replace("rfc822;", " ");
        let rest = rest.trim_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace() || c == '•');
        let repeated = line.matches(address).count() > 1 || line.contains("mailto:");
        let words = rest.split_whitespace().count();
        if rest.is_empty() || (repeated && words <= 5 && !rest.contains(':')) {
            return Rank::Listed;
        }
        let colon = after.starts_with(">:")
            || (opens && (after.starts_with(':') || after.starts_with(">, ") || after.starts_with("> :")));
        if opens
            && (colon
                || after.starts_with(">...")
                || after.starts_with("...")
                || after.starts_with(" ...")
                || after.starts_with('\t')
                || is_dated(after))
        {
            return Rank::Listed;
        }
    }
    // "Ana <ana@contoso.example>: unknown"
    if after.starts_with(">:") && before.ends_with('<') && !before.contains(|c: char| c == ':' || c.is_ascii_digit()) {
        return Rank::Listed;
    }
    // A table's cell; of two in a row the sender stands first, and the other is the recipient.
    let (cell, next) = after.split_once('|').unwrap_or((if before.ends_with('|') { after } else { "-" }, ""));
    let next = next.split('|').next().unwrap_or_default().trim();
    if cell.trim().is_empty() && !next.contains('@') && (opens || before.ends_with('|') || before.ends_with("| ")) {
        return Rank::Listed;
    }
    // "… to the following recipients: a@contoso.example, b@contoso.example"
    let others = line.split([',', ';']).map(str::trim).filter(|word| !word.is_empty());
    if !quoted && others.clone().count() > 1 && others.clone().all(places::is_address) {
        return Rank::Listed;
    }
    // A trace's or an accounting file's columns.
    if ["##", ",failed", "\",\"failed"].iter().any(|column| after.to_ascii_lowercase().starts_with(column)) {
        return Rank::Listed;
    }
    let tail = before.trim_end_matches(['<', '(', '"', '\'', ' ', '[', '`']);
    // "To             : ana@contoso.example"
    let label = tail.strip_suffix(':').map(|tail| format!("{}:", tail.trim_end()));
    let tail = label.as_deref().filter(|label| label.len() < 40).unwrap_or(tail);
    let told = TOLD.iter().any(|words| tail.ends_with(words));
    let sentence = ["couldn't be delivered", "could not be delivered", "wasn't delivered", "no se pudo entregar"];
    if told && !quoted && sentence.iter().any(|words| after.trim_start_matches(['>', ')', ' ']).starts_with(words)) {
        return Rank::Listed;
    }
    match (told, quoted) {
        (true, false) => Rank::Told,
        (true, true)
            if ["rcpt to:", "\":", "to=", "entregado a", "delivered to"].iter().any(|words| tail.ends_with(words)) =>
        {
            Rank::Told
        }
        (_, true) => Rank::Quoted,
        _ => Rank::Mentioned,
    }
}

/// Gives every diagnostic text to the recipient it is about.
pub fn share_out(document: &Document, said: Vec<Said>, named: Vec<Named>, facts: &mut Facts) {
    let mut not_recipients: Vec<String> = Vec::new();
    for name in ["To", "From", "Delivered-To", "Reply-To", "X-Original-To"] {
        for header in facts.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name)) {
            not_recipients.extend(headers::addresses(header).into_iter().map(|a| a.value.to_ascii_lowercase()));
        }
    }
    not_recipients.extend(facts.label(Label::Sender).map(|s| s.value.to_ascii_lowercase()));
    let failed: Vec<Seen<String>> = facts.header("X-Failed-Recipients").map(headers::addresses).unwrap_or_default();

    if facts.notices.is_empty() {
        let mut candidates: Vec<Named> =
            failed.iter().map(|seen| Named { seen: seen.clone(), rank: Rank::Listed }).collect();
        let best = |ranks: &[Rank]| {
            named
                .iter()
                .filter(|n| ranks.contains(&n.rank) && !not_recipients.contains(&n.seen.value.to_ascii_lowercase()))
                .cloned()
                .collect::<Vec<_>>()
        };
        for ranks in [&[Rank::Listed][..], &[Rank::Told], &[Rank::Quoted]] {
            if candidates.is_empty() {
                candidates = best(ranks);
            }
        }
        // One's own address may fail too: a test to oneself.
        if candidates.is_empty() {
            candidates = named.iter().filter(|n| n.rank >= Rank::Told).cloned().collect();
        }
        if candidates.is_empty() {
            candidates = best(&[Rank::Mentioned]);
            let first = candidates.first().map(|c| c.seen.value.clone());
            if candidates.iter().any(|c| Some(&c.seen.value) != first.as_ref()) {
                candidates.clear();
            }
        }
        for candidate in candidates {
            let known = facts
                .notices
                .iter()
                .any(|n| n.recipient.as_ref().is_some_and(|r| r.value.eq_ignore_ascii_case(&candidate.seen.value)));
            if !known {
                facts.notices.push(Notice { recipient: Some(candidate.seen), ..Notice::default() });
            }
        }
        if facts.notices.is_empty() && is_list(document, &said, facts) {
            // One error a line, each of its own: a log, or what several devices said.
            facts.notices.extend(said.into_iter().map(|s| Notice { said: vec![s], ..Notice::default() }));
            return;
        }
        if facts.notices.is_empty() {
            facts.notices.push(Notice::default());
        }
    } else if facts.notices.len() == 1 && facts.notices[0].recipient.is_none() {
        facts.notices[0].recipient =
            failed.first().cloned().or_else(|| named.iter().find(|n| n.rank >= Rank::Told).map(|n| n.seen.clone()));
    }

    // A paste may end before the machine-made half has named everyone.
    let whole = document.parts.iter().any(|p| p.kind == PartKind::DeliveryStatus);
    if !whole && facts.marks.program == Some("postfix") {
        for listed in named.iter().filter(|n| n.rank == Rank::Listed) {
            let text = document.parts[listed.seen.at.part as usize].text.text();
            let known = facts.notices.iter().flat_map(|n| n.recipient.iter().chain(&n.original));
            let known = known.clone().any(|r| r.value.eq_ignore_ascii_case(&listed.seen.value));
            if !known && text[listed.seen.at.end as usize..].starts_with(">:") {
                facts.notices.push(Notice { recipient: Some(listed.seen.clone()), ..Notice::default() });
            }
        }
    }
    // Where nobody is named, the returned message still tells whom it went to.
    if let [notice] = facts.notices.as_mut_slice()
        && notice.recipient.is_none()
        && (facts.marks.failed.is_some() || notice.status.is_some())
    {
        notice.recipient = addressee(document);
    }

    let holders: Vec<Vec<usize>> = said.iter().map(|s| owners(s, &named, facts)).collect();
    for (text, owners) in said.into_iter().zip(holders) {
        // A log's line that names nobody is about another message than the lines that do.
        if text.source == Source::Line && facts.notices.len() > 1 && is_unnamed_log_line(document, &text, &named) {
            continue;
        }
        match owners.split_last() {
            Some((last, rest)) => {
                for owner in rest {
                    facts.notices[*owner].said.push(text.clone());
                }
                facts.notices[*last].said.push(text);
            }
            None => {
                // Nobody in particular: everyone for whom nothing is said.
                for notice in facts.notices.iter_mut().filter(|n| n.said.is_empty()) {
                    notice.said.push(text.clone());
                }
            }
        }
    }
    // Words without a code still tell: "Host or domain name not found".
    for notice in &mut facts.notices {
        if notice.said.is_empty()
            && let Some(recipient) = &notice.recipient
        {
            let places =
                named.iter().filter(|n| n.seen.value.eq_ignore_ascii_case(&recipient.value)).map(|n| n.seen.at);
            notice.said.extend(places.filter_map(|at| words_after(document, at)).next());
        }
    }
    // A short paste that lost its code is read as one text.
    for notice in facts.notices.iter_mut().filter(|n| n.said.is_empty() && n.status.is_none()) {
        notice.said.extend(whole_text(document));
    }
}

fn is_unnamed_log_line(document: &Document, said: &Said, named: &[Named]) -> bool {
    let text = document.parts[said.at.part as usize].text.text();
    let start = memchr::memrchr(b'\n', &text.as_bytes()[..said.at.start as usize]).map_or(0, |n| n + 1);
    let end = said.at.end as usize;
    said::is_log_line(&text[start..end])
        && !named.iter().any(|n| n.seen.at.part == said.at.part && (start..end).contains(&(n.seen.at.start as usize)))
}

/// The one address that the returned message was sent to; `None` where there are several.
fn addressee(document: &Document) -> Option<Seen<String>> {
    let mut originals = document.parts.iter().enumerate().filter(|(_, p)| p.kind == PartKind::Original);
    let (part, original) = originals.next()?;
    let text = original.text.text();
    let mut found = None;
    let mut at = 0;
    for line in text.split_inclusive('\n').take(200) {
        let head = line.get(..3).unwrap_or_default();
        for (start, end) in places::addresses(line) {
            if head.eq_ignore_ascii_case("to:") {
                let seen = Seen { value: line[start..end].to_string(), at: Span::new(part, at + start, at + end) };
                if found.replace(seen).is_some() {
                    return None;
                }
            } else if head.eq_ignore_ascii_case("cc:") {
                return None;
            }
        }
        at += line.len();
    }
    found
}

/// Whether a paste is nothing but errors, one a line.
fn is_list(document: &Document, said: &[Said], facts: &Facts) -> bool {
    let lines = |p: &crate::intake::Part| p.text.text().lines().filter(|l| !l.trim().is_empty()).count();
    let marks = &facts.marks;
    said.len() > 1
        && document.parts.iter().all(|p| p.kind == PartKind::Text && lines(p) == said.len())
        && said.iter().all(|s| s.source == Source::Line && !s.errors.is_empty())
        && marks.failed.is_none()
        && marks.program.is_none()
}

/// The notices that a diagnostic text belongs to: those it names, else the one listed last before it.
fn owners(said: &Said, named: &[Named], facts: &Facts) -> Vec<usize> {
    if facts.notices.len() == 1 {
        return vec![0];
    }
    let index = |value: &str| {
        facts.notices.iter().position(|n| {
            [&n.recipient, &n.original].into_iter().flatten().any(|r| r.value.eq_ignore_ascii_case(value))
        })
    };
    let mut inside: Vec<usize> =
        named.iter().filter(|n| said.at.holds(&n.seen.at)).filter_map(|n| index(&n.seen.value)).collect();
    inside.dedup();
    if !inside.is_empty() {
        inside.sort_unstable();
        inside.dedup();
        return inside;
    }
    // Several addresses may be listed one under the other above one text.
    let before = named.iter().filter(|n| n.seen.at.part == said.at.part && n.seen.at.start < said.at.start);
    let Some(last) =
        before.filter(|n| index(&n.seen.value).is_some() && n.rank >= Rank::Told).max_by_key(|n| n.seen.at.start)
    else {
        return Vec::new();
    };
    index(&last.seen.value).into_iter().collect()
}

/// What stands behind a listed recipient: the rest of its line and the lines under it.
fn words_after(document: &Document, at: Span) -> Option<Said> {
    let part = document.parts.get(at.part as usize).filter(|p| matches!(p.kind, PartKind::Text | PartKind::Body))?;
    let text = part.text.text();
    let rest = text.get(at.end as usize..)?;
    let line = memchr::memrchr(b'\n', &text.as_bytes()[..at.start as usize]).map_or(0, |n| n + 1);
    let before = &text[line..at.end as usize];
    // A queue listing says it in brackets on the line above.
    let above = text[..line].trim_end();
    let start = memchr::memrchr(b'\n', above.as_bytes()).map_or(0, |n| n + 1);
    if before.trim().len() == (at.end - at.start) as usize && above[start..].trim_start().starts_with('(') {
        return Some(without_code(at.part as usize, &above[start..], start));
    }
    let skipped = rest.len()
        - rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | ':' | ')' | '.' | '<')).len();
    let start = at.end as usize + skipped;
    let body = &text[start..];
    let mut end = 0;
    for (nth, line) in body.split_inclusive('\n').enumerate() {
        // A blank line ends it, and so does the next recipient.
        let over = nth > 0 && (line.trim().is_empty() || said::is_heading(line.trim()));
        if over || end > 600 {
            break;
        }
        end += line.len();
    }
    let end = body.floor_char_boundary(end.min(600));
    let words = body[..end].trim_end();
    if words.is_empty() {
        // "Unknown user: wes@alpine.example" says it before the address.
        return (before.trim().len() > (at.end - at.start) as usize + 2)
            .then(|| without_code(at.part as usize, before, line));
    }
    Some(without_code(at.part as usize, words, start))
}

/// The longest paste that is read as one text when it holds no code.
const WHOLE: usize = 8 * 1024;

fn whole_text(document: &Document) -> Option<Said> {
    let mut parts = document.parts.iter().enumerate().filter(|(_, p)| p.kind == PartKind::Text);
    let (n, part) = parts.next().filter(|_| parts.next().is_none())?;
    let text = part.text.text();
    (text.len() <= WHOLE && !text.trim().is_empty()).then(|| without_code(n, text, 0))
}

/// Words without a code as a diagnostic text.
fn without_code(part: usize, words: &str, start: usize) -> Said {
    let mut said = Said {
        source: Source::Line,
        at: Span::new(part, start, start + words.len()),
        text: fold(words),
        errors: Vec::new(),
        when: None,
        host: None,
        ip: None,
        port: None,
        smtp_stage: None,
    };
    said::place(part, words, start, &mut said);
    said
}
