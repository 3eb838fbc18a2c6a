//! Whom a report is about: the recipients that running text names, and which diagnostic text belongs to whom.

use super::{Facts, Label, Notice, Page, Said, Seen, Source, Span, fold, headers, places, said};
use crate::intake::{Document, PartKind};
use crate::order::{self, Key};
use crate::search::{self, Firsts, Ranges, has, hash, starts};

/// How surely an address is a failed recipient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rank {
    /// It stands somewhere in the report.
    #[default]
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
    "mails to",
    "delivery to",
    "delivered to",
    "deliver to",
    "recipient",
    "recipients:",
    "recipient:",
    "addressed to",
    "sent to",
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
    "user:",
    "undeliverable to",
    "mailbox",
    "account",
    "address",
    "user",
    "userid:",
    "emailaddress\":",
    "recipient\":",
    "recipientaddress\":",
    "\"email\":",
    "to=",
    "addr=",
    "inactive addresses:",
    "entregado a",
    "entregar a",
    "\"recipient\" :",
    "\"to\":",
    "to =",
    "address:",
    "nachricht an",
    "permanently:",
    "收件人",
];

/// Local parts that speak for the system, not for a person.
const SYSTEM: &[&str] =
    &["postmaster", "mailer-daemon", "abuse", "noreply", "no-reply", "mail-noreply", "bounces", "support", "bounce"];

fn is_system(address: &str) -> bool {
    let local = address.split('@').next().unwrap_or_default();
    SYSTEM.iter().any(|name| local.eq_ignore_ascii_case(name))
}

/// Finds every address of a page and how it stands there.
pub fn read(
    page: &Page<'_>,
    claimed: &[(usize, usize)],
    labels: &[(Label, Seen<String>)],
    said: &[Said],
    out: &mut Vec<Named>,
) {
    let labelled = labels.iter().filter(|(label, _)| *label == Label::Recipient);
    out.extend(labelled.map(|(_, seen)| Named { seen: seen.clone(), rank: Rank::Listed }));
    let quoted = Ranges::of(said.iter().map(|s| (s.at.start as usize, s.at.end as usize)).collect());
    let ids = ["message-id", "message id", "messageid", "message_id", "smtp-id", "in-reply-to", "references:"];
    let ids: Vec<&str> = ids.into_iter().filter(|name| has(page.lower, name)).collect();
    for (start, end) in places::addresses(page.text) {
        if claimed.iter().any(|(s, e)| *s <= start && end <= *e) {
            continue;
        }
        // "wasn't delivered to ana@contoso.examplebecause the address": a copied table loses the blank.
        let end = start + page.lower[start..end].strip_suffix("because").map_or(end - start, str::len);
        let end = glued(page.text, start, end);
        let span = page.span(start, end);
        let value = page.text[start..end].to_string();
        let quoted = quoted.hold(start, end);
        let mut rank = rank(page, start, end, quoted);
        // "mail to ana@contoso.example and bo@contoso.example"
        if let Some(last) = out.last().filter(|last| last.rank == Rank::Told && rank < Rank::Told) {
            let between =
                page.text.get(last.seen.at.end as usize..start).map(|b| b.trim_matches([' ', '<', '>', '\n']));
            if between.is_some_and(|words| ["and", "y", "et", "und", "e", "en", ","].contains(&words)) {
                rank = Rank::Told;
            }
        }
        // So looks a message id, not a person: 0d5f6c3e-0d1b-4dd4-9a3e-9a5b1b0f1c22.
        let local = value.split('@').next().unwrap_or_default();
        let is_id = local.len() == 36 && local.bytes().filter(|b| *b == b'-').count() == 4;
        // A masked address says by itself not even whose it is.
        let masked = has(&value, "@*") && rank == Rank::Mentioned;
        if is_system(&value) && rank < Rank::Told || is_id || masked {
            continue;
        }
        // A message id is no address: `<20260305.AB12@mail…>` behind a "Message-ID:".
        let (line_start, _) = page.line(start);
        let before = &page.lower[near(page, line_start, start)..start];
        if ids.iter().any(|name| search::last(before, name).is_some_and(|n| !before[n..].contains(','))) {
            continue;
        }
        // Postfix names the list that an address came of, perhaps on the next line.
        if page.text[..start].trim_end_matches([' ', '\n', '<']).ends_with("(expanded from") {
            continue;
        }
        let near = &before[before.ceil_char_boundary(before.len().saturating_sub(40))..];
        // "to contact tosa@rx.t-online.de to clarify": whom to ask, not whom the message was for.
        let asked = before.trim_end_matches(['<', ' ']);
        // "<ana@contoso.example>: Sender address rejected" names the sender.
        let sender = page.lower[end..].starts_with(">: sender");
        if quoted && (sender || asked.ends_with("contact") || asked.ends_with("this error to")) {
            continue;
        }
        // Below "From: mailer-daemon@contoso.example" it says who was told.
        let told = before.trim_start().starts_with("to:") && {
            let above = &page.lower[page.text.floor_char_boundary(start.saturating_sub(240))..start];
            has(above, "from: mailer-daemon@")
        };
        if told
            || before.trim_start().starts_with("from:")
            || has(near, "sender")
            || has(near, "mail from")
            || has(near, "remitente")
            || near.ends_with("orig_to=<")
            || page.lower[end..].starts_with(" not allowed to send as")
            || has(near, "to send as")
        {
            rank = Rank::Mentioned;
        }
        out.push(Named { seen: Seen { value, at: span }, rank });
    }
}

/// Where an address ends that the next sentence is glued to: `ana@contoso.exampleThe server said`.
fn glued(text: &str, start: usize, end: usize) -> usize {
    let last = text[start..end].rfind('.').map_or(end, |n| start + n);
    let bytes = &text.as_bytes()[last..end];
    let turn = bytes.windows(2).position(|two| two[0].is_ascii_lowercase() && two[1].is_ascii_uppercase());
    turn.filter(|turn| *turn > 1).map_or(end, |turn| last + turn + 1)
}

/// "ana@contoso.example on Thu, 29 Apr …", as old Exchange lists recipients.
fn is_dated(after: &str) -> bool {
    after
        .strip_prefix("on ")
        .is_some_and(|rest| rest.as_bytes().get(3) == Some(&b',') || rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// How much of a line is looked at for what it says of an address.
const LINE: usize = 400;

/// Where the line that begins at `line_start` is near enough to `at` to be looked at.
fn near(page: &Page<'_>, line_start: usize, at: usize) -> usize {
    page.text.floor_char_boundary(line_start.max(at.saturating_sub(LINE)))
}

fn rank(page: &Page<'_>, start: usize, end: usize, quoted: bool) -> Rank {
    let (line_start, line_end) = page.line(start);
    let line = &page.text[line_start..line_end];
    let address = &page.text[start..end];
    let before = page.lower[near(page, line_start, start)..start].trim_start();
    // Markdown's bold
    let after = page.text[end..line_end.min(page.text.ceil_char_boundary(end + LINE))]
        .trim_start_matches(['*', ' '])
        .trim_start();
    let opens = search::last(before, "-- ").map_or(before, |n| &before[n + 3..]);
    let opens = opens.trim_matches(['<', '>', '(', '*', '-', '•', ' ', '"', '\'', '[', '\t']).is_empty();
    if !quoted || opens {
        // The line holds the address, perhaps twice, and at most a name.
        let line = if line.len() > LINE { "x:" } else { line };
        let mut rest = search::replaced(line, address, " ");
        for prefix in ["mailto:", "smtp:", "rfc822;"] {
            if has(&rest, prefix) {
                rest = search::replaced(&rest, prefix, " ");
            }
        }
        let rest = rest.trim_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace() || c == '•');
        let repeated = search::places(line, address).count() > 1 || has(line, "mailto:");
        let words = rest.split_whitespace().count();
        if rest.is_empty() || (repeated && words <= 5 && !rest.contains(':')) {
            return Rank::Listed;
        }
        // "ana@box:~$ telnet" is a prompt.
        let colon = after.starts_with(">:")
            || (opens
                && (after.starts_with(':') && !after.starts_with(":~")
                    || after.starts_with(">, ")
                    || after.starts_with("> :")))
            || opens
                && (after.trim_start_matches(['>', ' ']).starts_with("(expanded from")
                    || after.starts_with("> (host '"));
        if opens
            && (colon
                // "ana@contoso.example" (EMAIL) failed permanently with error:
                || !quoted && line.ends_with(':')
                || after.starts_with(">...")
                || after.starts_with("...")
                || after.starts_with(", ERROR")
                || after.starts_with("Invalid Address, ERROR")
                || is_dated(after))
        {
            return Rank::Listed;
        }
    }
    // Python's {'ana@contoso.example': (550, …)}, and JSON's {"ana@contoso.example": {
    // "to ana@contoso.example: 550 5.1.1"
    // "- ana@contoso.example - 550 5.1.1", "ana@contoso.example 550 5.1.1" at the start of a line
    let reply = after.trim_start_matches([':', '-', ' ', '(']);
    let signed = reply.len() < after.len() || opens;
    let answered = signed && matches!(reply.as_bytes(), [b'4' | b'5', b'0'..=b'9' | b'.', b'0'..=b'9', ..]);
    if answered || after.starts_with("': (") || after.starts_with("\": {") {
        return Rank::Listed;
    }
    // Exim's log: "** ana@contoso.example: retry timeout exceeded"
    // X.400's "c=US;a= ;p=Contoso;dda:SMTP=ana@fabrikam.example;"
    if !opens && (before.ends_with(" ** ") || before.ends_with(" == ") || before.ends_with("dda:smtp=")) {
        return Rank::Listed;
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
    // The whole line is looked at only where this address stands between two signs of a list.
    let listed =
        (opens || before.trim_end().ends_with([',', ';'])) && (after.is_empty() || after.starts_with([',', ';']));
    if !quoted && listed && others.clone().count() > 1 && others.clone().all(places::is_address) {
        return Rank::Listed;
    }
    // A trace's or an accounting file's columns.
    if ["##", ",failed", ",bounced", "\",\"failed"].iter().any(|column| after.to_ascii_lowercase().starts_with(column))
    {
        return Rank::Listed;
    }
    let tail = before.trim_end_matches(['<', '(', '"', '\'', ' ', '[', '`', '*', '\t']);
    // "To             : ana@contoso.example"
    let label = tail.strip_suffix(':').map(|tail| format!("{}:", tail.trim_end()));
    let tail = label.as_deref().filter(|label| label.len() < 40).unwrap_or(tail);
    // Python's sendmail("app@contoso.example", ["ana@contoso.example"], …)
    let called = || tail.ends_with(',') && search::last(before, "sendmail(").is_some_and(|n| before[n..].contains('@'));
    let told = TOLD.iter().any(|words| tail.ends_with(words)) || called();
    let sentence = [
        "couldn't be delivered",
        "could not be delivered",
        "wasn't delivered",
        "no se pudo entregar",
        "has been blocked",
        "konnte nicht",
    ];
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
        // Sendmail's transcript: "554 <ana@contoso.example>... Remote protocol error"
        (_, true) if after.starts_with(">...") => Rank::Told,
        (_, true) => Rank::Quoted,
        _ => Rank::Mentioned,
    }
}

/// Gives every diagnostic text to the recipient it is about.
pub fn share_out(document: &Document, said: Vec<Said>, named: Vec<Named>, facts: &mut Facts) {
    // By their hashes, which sort as numbers do.
    let mut not_recipients: Vec<u32> = Vec::new();
    // A message that a person wrote, and that came back, was sent to the recipient.
    let outer = facts.headers.first().map(|h| h.at.part);
    let came_back = |part: u32| {
        let mut from = facts.headers.iter().filter(|h| h.at.part == part && h.name.eq_ignore_ascii_case("From"));
        let from = from.next().and_then(|h| headers::addresses(h).into_iter().next());
        Some(part) != outer && from.is_some_and(|from| !is_system(&from.value))
    };
    for name in ["To", "From", "Delivered-To", "Reply-To", "X-Original-To"] {
        for header in facts.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name) && !came_back(h.at.part)) {
            not_recipients.extend(headers::addresses(header).into_iter().map(|a| hash(&a.value)));
        }
    }
    not_recipients.extend(facts.label(Label::Sender).map(|s| hash(&s.value)));
    order::once(&mut not_recipients);
    let failed: Vec<Seen<String>> = facts.header("X-Failed-Recipients").map(headers::addresses).unwrap_or_default();

    // Exim's log sets two stars before an address that it has given up.
    let given_up = |named: &&Named| {
        document.parts[named.seen.at.part as usize].text.text()[..named.seen.at.start as usize].ends_with(" ** ")
    };
    if facts.marks.failed.is_none() {
        facts.marks.failed = named.iter().filter(|n| n.rank == Rank::Listed).find(given_up).map(|n| n.seen.at);
    }

    if facts.notices.is_empty() {
        let mut candidates: Vec<Named> =
            failed.iter().map(|seen| Named { seen: seen.clone(), rank: Rank::Listed }).collect();
        let best = |ranks: &[Rank]| {
            named
                .iter()
                .filter(|n| ranks.contains(&n.rank) && not_recipients.binary_search(&hash(&n.seen.value)).is_err())
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
        facts.surest = candidates.iter().map(|c| c.rank).max().unwrap_or_default();
        let mut known = Firsts::default();
        for candidate in candidates {
            let (value, notices) = (&candidate.seen.value, &facts.notices);
            let same = |nth: usize| {
                notices.get(nth).and_then(|n| n.recipient.as_ref()).is_some_and(|r| r.value.eq_ignore_ascii_case(value))
            };
            if known.find(hash(value), same).is_none() {
                known.put(hash(value), facts.notices.len());
                facts.notices.push(Notice { recipient: Some(candidate.seen), ..Notice::default() });
            }
        }
        let queues = facts.marks.queue.is_some() && said.len() > 1;
        if facts.notices.is_empty() && (queues || is_list(document, &said, facts)) {
            // One error a line, each of its own: a log, or what several devices said; a queue's server stands above it.
            let of_server = |s: &Said| {
                let mut above = facts.labels.iter().rev();
                let found = above.find(|(label, seen)| *label == Label::DestinationServer && seen.at < s.at);
                found.map(|(_, seen)| seen.clone())
            };
            let each =
                said.into_iter().map(|s| Notice { remote_mta: of_server(&s), said: vec![s], ..Notice::default() });
            facts.notices = each.collect();
            return;
        }
        if facts.notices.is_empty() {
            facts.notices.push(Notice::default());
        }
    } else {
        facts.surest = Rank::Listed;
        // Exim names the file or the command that it could not write to.
        let is_path = |seen: &Seen<String>| seen.value.starts_with(['/', '|']);
        if let [notice] = facts.notices.as_mut_slice()
            && notice.recipient.as_ref().is_none_or(is_path)
        {
            let told = || {
                let surest = named.iter().filter(|n| n.rank >= Rank::Quoted).rev().max_by_key(|n| n.rank);
                surest.map(|n| n.seen.clone())
            };
            notice.recipient = failed.first().cloned().or_else(told).or(notice.recipient.take());
        }
    }

    // A paste may end before the machine-made half has named everyone.
    let whole = document.parts.iter().any(|p| p.kind == PartKind::DeliveryStatus);
    if !whole {
        let postfix = facts.marks.program == Some("postfix");
        let mut known = ByName::new(&facts.notices);
        for listed in named.iter().filter(|n| n.rank == Rank::Listed) {
            let text = document.parts[listed.seen.at.part as usize].text.text();
            let is_known = known.find(&listed.seen.value, &facts.notices).is_some();
            let after = &text[listed.seen.at.end as usize..];
            // Stalwart: "<ana@contoso.example> (host 'mx' rejected …)"
            if !is_known && (postfix && after.starts_with(">:") || after.starts_with("> (host '")) {
                known.0.put(hash(&listed.seen.value), facts.notices.len());
                facts.notices.push(Notice { recipient: Some(listed.seen.clone()), ..Notice::default() });
            }
        }
    }
    // Where nobody is named, the returned message still tells whom it went to.
    if let [notice] = facts.notices.as_mut_slice()
        && notice.recipient.is_none()
        && (facts.marks.failed.is_some() || facts.marks.program.is_some() || notice.status.is_some())
    {
        notice.recipient = addressee(document);
    }

    let mut names: Vec<(u32, u32)> = named.iter().map(|n| (n.seen.at.part, n.seen.at.start)).collect();
    order::sort(&mut names, |(part, at)| u128::from(*part) << 32 | u128::from(*at));
    let notices = ByName::new(&facts.notices);
    let named: Vec<(Named, Option<usize>)> = named
        .into_iter()
        .map(|n| {
            let notice = notices.find(&n.seen.value, &facts.notices);
            (n, notice)
        })
        .collect();
    let owners = Owners::new(&named);
    let mut nobody_s = None;
    // One reason above a list of recipients is everyone's, though it names one of them.
    let only = if let [only] = said.as_slice() { Some(only.clone()) } else { None };
    for text in said {
        // A log's line that names nobody is about another message than the lines that do.
        if text.source == Source::Line && is_unnamed_log_line(document, &text, &names, &facts.notices) {
            continue;
        }
        let page = document.parts[text.at.part as usize].text.text();
        let owners = if facts.notices.len() == 1 { vec![0] } else { owners.of(&text, page, &facts.notices) };
        match owners.split_last() {
            Some((last, rest)) => {
                for owner in rest {
                    facts.notices[*owner].said.push(text.clone());
                }
                facts.notices[*last].said.push(text);
            }
            None => _ = nobody_s.get_or_insert(text),
        }
    }
    // About nobody in particular: about everyone of whom nothing is said.
    if let Some(text) = nobody_s {
        for notice in facts.notices.iter_mut().filter(|n| n.said.is_empty()) {
            notice.said.push(text.clone());
        }
    }
    // Words without a code still tell: "Host or domain name not found".
    for (n, notice) in &named {
        let Some(notice) = notice.and_then(|nth| facts.notices.get_mut(nth)) else { continue };
        let is_it = notice.recipient.as_ref().is_some_and(|r| r.value.eq_ignore_ascii_case(&n.seen.value));
        if notice.said.is_empty() && is_it {
            let rest = &document.parts[n.seen.at.part as usize].text.text()[n.seen.at.end as usize..];
            let next = rest.trim_start().lines().next().unwrap_or_default();
            let alone = rest.starts_with("\n\n") || rest.starts_with('\n') && said::is_heading(next);
            let shared = only.clone().filter(|_| alone);
            notice.said.extend(shared.or_else(|| words_after(document, n.seen.at)));
        }
    }
    // A short paste that lost its code is read as one text; of one whose recipient is masked, the server is.
    let program = facts.marks.program.is_some();
    for notice in facts.notices.iter_mut().filter(|n| n.status.is_none()) {
        match notice.said.as_mut_slice() {
            [] => notice.said.extend(whole_text(document)),
            [only] if program && only.errors.is_empty() && only.host.is_none() && only.ip.is_none() => {
                if let Some(whole) = whole_text(document) {
                    (only.host, only.ip, only.port) = (whole.host, whole.ip, whole.port);
                }
            }
            _ => {}
        }
    }
}

/// Whether a log's line names nobody, or, of one recipient, somebody who has no address; `names` are the places of all
/// addresses, in order.
fn is_unnamed_log_line(document: &Document, said: &Said, names: &[(u32, u32)], notices: &[Notice]) -> bool {
    let text = document.parts[said.at.part as usize].text.text();
    let (start, _) = super::line(text, said.at.start as usize);
    let next = names.partition_point(|name| *name < (said.at.part, start as u32));
    let names_one = names.get(next).is_some_and(|(part, at)| *part == said.at.part && *at < said.at.end);
    let line = &text[start..said.at.end as usize];
    let logged = |seen: &Seen<String>| seen.at.part == said.at.part && text[..seen.at.start as usize].ends_with("to=<");
    let others = notices.len() > 1 || has(line, " to=") && notices.iter().flat_map(|n| &n.recipient).any(logged);
    !names_one && others && said::is_log_line(line)
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

/// Whether a paste is nothing but errors, one a line, perhaps under a line that announces them.
fn is_list(document: &Document, said: &[Said], facts: &Facts) -> bool {
    let lines = |p: &crate::intake::Part| {
        let mut lines = p.text.text().lines().filter(|l| !l.trim().is_empty()).peekable();
        let title = lines.next_if(|first| first.ends_with(':'));
        lines.count().max(usize::from(title.is_some()))
    };
    let marks = &facts.marks;
    said.len() > 1
        && document.parts.iter().all(|p| p.kind == PartKind::Text && lines(p) == said.len())
        && said.iter().all(|s| s.source == Source::Line && !s.errors.is_empty())
        && marks.failed.is_none()
        && marks.program.is_none()
}

/// Leads from an address to the first notice that names it as its recipient, final or original.
struct ByName(Firsts);

impl ByName {
    fn new(notices: &[Notice]) -> ByName {
        let mut by_name = ByName(Firsts::default());
        for (nth, notice) in notices.iter().enumerate() {
            for seen in [&notice.recipient, &notice.original].into_iter().flatten() {
                if by_name.find(&seen.value, notices).is_none() {
                    by_name.0.put(hash(&seen.value), nth);
                }
            }
        }
        by_name
    }

    fn find(&self, value: &str, notices: &[Notice]) -> Option<usize> {
        self.0.find(hash(value), |nth| {
            let named = notices.get(nth).into_iter().flat_map(|n| [&n.recipient, &n.original]);
            named.flatten().any(|seen| seen.value.eq_ignore_ascii_case(value))
        })
    }
}

/// The addresses that belong to notices, in the order of the text.
struct Owners {
    /// Where the address stands, and its notice.
    places: Vec<(Span, usize)>,
    /// For each place, that of the last address up to here that is said to have failed.
    listed: Vec<Option<usize>>,
}

impl Owners {
    fn new(named: &[(Named, Option<usize>)]) -> Owners {
        let mut of: Vec<(Span, usize, bool)> =
            named.iter().filter_map(|(n, notice)| Some((n.seen.at, (*notice)?, n.rank >= Rank::Told))).collect();
        order::sort(&mut of, |(at, ..)| at.key() >> 32);
        let mut last = None;
        let listed = of.iter().enumerate().map(|(nth, (.., told))| {
            last = if *told { Some(nth) } else { last };
            last
        });
        Owners { listed: listed.collect(), places: of.into_iter().map(|(at, notice, _)| (at, notice)).collect() }
    }

    /// The notices that a diagnostic text belongs to: those it names, else the one listed last before it.
    fn of(&self, said: &Said, page: &str, notices: &[Notice]) -> Vec<usize> {
        let first = self.places.partition_point(|(at, _)| (at.part, at.start) < (said.at.part, said.at.start));
        let inside =
            self.places[first..].iter().take_while(|(at, _)| (at.part, at.start) < (said.at.part, said.at.end));
        let mut inside: Vec<usize> = inside.filter(|(at, _)| said.at.holds(at)).map(|(_, notice)| *notice).collect();
        order::once(&mut inside);
        if !inside.is_empty() {
            return inside;
        }
        // Old sendmail's "550 contoso.example (smtp)... 550 Host unknown" is about everyone there.
        if let Some(host) = deferred_host(&said.text) {
            let there =
                |notice: &Notice| notice.recipient.as_ref().is_some_and(|r| r.value.rsplit('@').next() == Some(host));
            return (0..notices.len()).filter(|nth| there(&notices[*nth])).collect();
        }
        // "<<< 501 no access" and under it "554 <ana@contoso.example>... Remote protocol error"
        if said.source == Source::Transcript
            && let Some((at, notice)) = self.places.get(first)
            && let Some(between) = page.get(said.at.end as usize..at.start as usize)
            && between.len() < 16
            && matches!(between.as_bytes(), [b'\n', b'4' | b'5', .., b'<'])
        {
            return vec![*notice];
        }
        // Several addresses may be named in one breath above one text: "ana@contoso.example and bo@contoso.example".
        let before = first.checked_sub(1).and_then(|n| self.listed[n]);
        let Some(last) = before.filter(|n| self.places[*n].0.part == said.at.part) else { return Vec::new() };
        let near = |n: &usize| {
            let (this, next) = (self.places[*n].0, self.places[*n + 1].0);
            this.part == next.part && this.end <= next.start && next.start - this.end < 6 && self.listed[*n] == Some(*n)
        };
        (0..last).rev().take_while(near).chain([last]).map(|n| self.places[n].1).collect()
    }
}

/// The host that a line of old sendmail speaks of: `421 contoso.example (smtp)... Deferred: timed out`.
fn deferred_host(line: &str) -> Option<&str> {
    let rest = line.get(4..)?;
    let (host, rest) = rest.split_at(places::host_prefix(rest)?);
    rest.trim_start_matches([' ', '('])
        .trim_start_matches(|c: char| c.is_ascii_lowercase() || c == ')')
        .starts_with("...")
        .then_some(host)
}

/// What stands behind a listed recipient: the rest of its line and the lines under it.
fn words_after(document: &Document, at: Span) -> Option<Said> {
    let part = document.parts.get(at.part as usize).filter(|p| matches!(p.kind, PartKind::Text | PartKind::Body))?;
    let text = part.text.text();
    let rest = text.get(at.end as usize..)?;
    let (line, _) = super::line(text, at.start as usize);
    let before = &text[line..at.end as usize];
    // A queue listing says it in brackets on the line above.
    let above = text[..line].trim_end();
    let (above_at, _) = super::line(text, above.len());
    let above = &above[above_at..];
    if before.trim_matches([' ', '\t', '<']).len() == (at.end - at.start) as usize
        && above.trim_start().starts_with('(')
    {
        return Some(without_code(at.part as usize, above, above_at));
    }
    let skipped = rest.len()
        - rest.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '>' | ':' | ')' | '.' | '<' | '`')).len();
    let start = at.end as usize + skipped;
    let body = &text[start..text.floor_char_boundary((start + 1024).min(text.len()))];
    let mut end = 0;
    for (nth, line) in body.split_inclusive('\n').enumerate() {
        // A blank line ends it, and so does the next recipient.
        // "because:" introduces the reason; Gmail tells how long it tries before the "Technical details".
        let goes_on = || {
            let next = body[end..].trim_start();
            body[..end].trim_end().ends_with(':') || starts(next, "Technical details") || starts(next, "The response ")
        };
        let over = nth > 0 && (line.trim().is_empty() && !goes_on() || said::is_heading(line.trim()));
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
    let mut said = without_code(at.part as usize, words, start);
    // "Host contoso.example is not responding" stands above all recipients.
    let from = text.floor_char_boundary(line.saturating_sub(600));
    let heading = &text[from..line];
    if said.host.is_none() && (has(heading, " is not responding") || has(heading, " rejected ")) {
        said::place(at.part as usize, heading, from, &mut said);
    }
    // Exim's log tells of the attempt, and names its server, on the line above; both lines bear the message's id.
    let id = before.split(' ').skip(2).take(2).find(|id| id.len() > 15);
    if said.host.is_none() && id.is_some_and(|id| has(above, id)) {
        said::place(at.part as usize, above, above_at, &mut said);
    }
    Some(said)
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
