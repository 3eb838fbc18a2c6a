//! [`Facts`] → [`Diagnosis`]: which error decides, what became of the message, which entry answers, and which causes
//! the words indicate. Knows no language and no guide text.

mod causes;
mod dialect;
pub mod headers;
mod outcome;
mod phrases;
mod section;
mod unsent;

use crate::catalog::{self, Code, Entry};
use crate::evidence::{Action, ErrorSeen, Facts, Label, Notice, Said, Seen, Source, Span, When, dates, places};
use crate::intake::{Container, Document, Foreign, PartKind};
use crate::order;
use crate::report::{Confidence, ExpiresFrom, InputKind, Outcome, SmtpStage, Stage, Standing, Verdict};
use std::net::IpAddr;

use crate::search::{self, Firsts};
use phrases::{Running, Texts};

/// What was found out.
#[derive(Debug)]
pub struct Diagnosis {
    pub kind: InputKind,
    pub verdict: Verdict,
    /// Stable word of the answer: mostly the verdict's, or what makes it special.
    pub answer: &'static str,
    pub findings: Vec<Found>,
    pub notes: Vec<&'static str>,
}

/// Which entry answers.
#[derive(Clone, Copy, Debug)]
pub enum Section {
    Entry(&'static Entry),
    /// A code without an entry; its class is read.
    Unlisted,
}

impl Section {
    pub fn id(&self) -> &'static str {
        match self {
            Section::Entry(entry) => entry.id,
            Section::Unlisted => "unlisted",
        }
    }
}

/// One problem and everyone it concerns.
#[derive(Debug)]
pub struct Found {
    pub recipients: Vec<(Option<Seen<String>>, Seen<String>)>,
    pub section: Section,
    pub confidence: Confidence,
    pub stage: Stage,
    pub smtp_stage: Option<SmtpStage>,
    pub outcome: Outcome,
    pub status: Option<Code>,
    pub reply: Option<u16>,
    pub cause_status: Option<Code>,
    pub cause_reply: Option<u16>,
    pub chain: Vec<ErrorSeen>,
    pub attempts: Vec<Tried>,
    pub host: Option<Seen<String>>,
    pub ip: Option<Seen<IpAddr>>,
    pub port: Option<u16>,
    pub dialect: &'static str,
    pub arrived: Option<Seen<String>>,
    pub last_attempt: Option<Seen<String>>,
    pub expires: Option<(String, ExpiresFrom, Option<Span>)>,
    pub causes: Vec<(&'static catalog::Cause, Standing, Vec<Span>)>,
    pub questions: Vec<Asked>,
    /// The diagnostic texts, for marks and terms.
    pub said: Vec<Said>,
    /// The words the section rests on.
    pub because: Vec<Span>,
    pub action: Option<Seen<Action>>,
    pub status_field: Option<Seen<Code>>,
}

/// One attempt at delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    pub at: Option<(String, Span)>,
    pub host: Option<String>,
    pub ip: Option<IpAddr>,
    pub reply: Option<u16>,
    pub status: Option<Code>,
}

/// A question and the answer in force.
#[derive(Debug)]
pub struct Asked {
    pub question: &'static catalog::Question,
    pub answer: Option<&'static str>,
    pub answered_by: Vec<Span>,
}

/// Judges everything that was found.
pub fn diagnose(document: &Document, facts: &Facts, answers: &[String]) -> Diagnosis {
    let mut notes: Vec<&'static str> = document.notes.clone();
    let refused = |kind, verdict, answer| Diagnosis {
        kind,
        verdict,
        answer,
        findings: Vec::new(),
        notes: document.notes.clone(),
    };
    match document.container {
        Container::Empty => return refused(InputKind::Empty, Verdict::Unrecognised, "empty"),
        Container::Foreign(kind) => {
            let answer = match kind {
                Foreign::Picture => "picture",
                Foreign::Pdf => "pdf",
                Foreign::Archive => "archive",
                Foreign::Office => "office",
                Foreign::Mailbox => "mailbox_file",
                Foreign::Other => "no_text",
            };
            return refused(InputKind::Text, Verdict::Unrecognised, answer);
        }
        _ => {}
    }
    if unsent::is_fake(document, facts) {
        return refused(InputKind::Text, Verdict::NotABounce, "fake_ndr");
    }
    if let Some((kind, answer)) = outcome::not_a_bounce(document, facts) {
        if answer == "headers" {
            let (answer, more) = headers::told(facts);
            notes.extend(more);
            return Diagnosis { notes, ..refused(kind, Verdict::NotABounce, answer) };
        }
        return refused(kind, Verdict::NotABounce, answer);
    }
    let kind = outcome::kind(document, facts);
    if outcome::has_arrived(document, facts) {
        return refused(kind, Verdict::Delivered, "delivered");
    }
    let mut findings: Vec<Found> = Vec::new();
    let running = Running::default();
    let mut problems = Firsts::default();
    for notice in &facts.notices {
        let found = judge(document, &running, facts, notice, kind, answers);
        let Some(found) = found else { continue };
        let hash = problem(&found);
        match problems.find(hash, |nth| findings.get(nth).is_some_and(|f| same_problem(f, &found))) {
            Some(known) => {
                let known = &mut findings[known];
                known.recipients.extend(found.recipients);
                known.because.extend(found.because);
                known.said.extend(found.said);
            }
            None => {
                problems.put(hash, findings.len());
                findings.push(found);
            }
        }
    }
    let weight = |f: &Found| match f.outcome {
        Outcome::Returned => 0,
        Outcome::Retrying => 1,
        Outcome::Unknown => 2,
        Outcome::Relayed => 3,
        Outcome::Delivered => 4,
    };
    order::sort(&mut findings, weight);
    if facts.order == Some(dates::Order::Unknown)
        && findings.iter().any(|f| {
            f.said.iter().any(|s| matches!(&s.when, Some(w) if matches!(&w.value, When::Slashed(d) if d.a != d.b)))
        })
    {
        notes.push("date_order");
    }
    // The machine-made half cuts the reason off; the half for people has it.
    let cut = |f: &Found| {
        matches!(f.section, Section::Entry(e) if e.decides_over_inner)
            && causes::has_expired(&f.chain)
            && f.said.iter().all(|s| s.source == Source::Diagnostic)
    };
    if findings.iter().any(cut) {
        notes.push("text_part");
    }
    let verdict = match findings.first().map(|f| f.outcome) {
        Some(Outcome::Returned) => Verdict::Failed,
        Some(Outcome::Retrying) => Verdict::Delayed,
        Some(Outcome::Delivered | Outcome::Relayed) => Verdict::Delivered,
        Some(Outcome::Unknown) if outcome::is_report(document, facts) => Verdict::Failed,
        Some(Outcome::Unknown) => Verdict::Unrecognised,
        None if facts.marks.is_delay() => Verdict::Delayed,
        None if facts.marks.failed.is_some() && outcome::is_report(document, facts) => Verdict::Failed,
        None => Verdict::Unrecognised,
    };
    if verdict == Verdict::Unrecognised {
        findings.clear();
    }
    // A report that leaves open what became of the message reports its failure.
    if verdict == Verdict::Failed {
        findings.iter_mut().filter(|f| f.outcome == Outcome::Unknown).for_each(|f| f.outcome = Outcome::Returned);
    }
    // Pages of prose without a word of a mail system are a letter.
    if verdict == Verdict::Unrecognised && outcome::is_letter(document, facts) {
        return refused(InputKind::Text, Verdict::NotABounce, "not_a_bounce");
    }
    let answer = match verdict {
        Verdict::Unrecognised if document.container == Container::Headers => "headers",
        Verdict::Failed | Verdict::Delayed if unsent::is_backscatter(document, facts) => "backscatter",
        _ => verdict.word(),
    };
    Diagnosis { kind, verdict, answer, findings, notes }
}

/// A hash of what tells problems apart.
fn problem(found: &Found) -> u32 {
    let host = found.host.as_ref().map_or("", |h| &h.value);
    search::hash(found.section.id())
        ^ search::hash(host)
        ^ found.cause_status.map_or(0, |(a, b, c)| u32::from(a) << 20 ^ u32::from(b) << 10 ^ u32::from(c))
}

fn same_problem(a: &Found, b: &Found) -> bool {
    a.section.id() == b.section.id()
        && (a.status, a.reply, a.cause_status, a.cause_reply, a.outcome)
            == (b.status, b.reply, b.cause_status, b.cause_reply, b.outcome)
        && a.host.as_ref().map(|h| &h.value) == b.host.as_ref().map(|h| &h.value)
}

/// One notice judged; `None` where nothing is said about anyone.
fn judge(
    document: &Document,
    running: &Running,
    facts: &Facts,
    notice: &Notice,
    kind: InputKind,
    answers: &[String],
) -> Option<Found> {
    let texts = Texts::new(document, notice, running, facts.notices.len() == 1);
    let chain = section::chain(notice);
    let mut outcome = outcome::of(document, facts, notice, &chain, kind);
    // A field that says less than the text gives way to it.
    let field = notice.status.as_ref().map(|s| s.value);
    let specific = |c: Code| (c.1 != 0 || c.2 != 0, c.2 != 0);
    // "451 4.4.0 Primary target IP address responded with: …": the outer error is the queue's, the inner its cause.
    let queue = chain.first().filter(|e| e.text.ends_with("responded with")).and_then(|e| e.status);
    let told = queue.or(chain.iter().filter_map(|e| e.status).rev().max_by_key(|c| specific(*c)));
    // The machine-made text is nearer to the server's words than the field that sums it up.
    let diagnostic = notice.said.iter().find(|s| s.source == Source::Diagnostic).and_then(|s| s.errors.first()?.status);
    let status = match (field, told) {
        // What the server itself said of this recipient, however little.
        (Some(field), _) if field.1 != 0 && diagnostic == Some(field) => Some(field),
        (Some(field), Some(said)) if specific(said) > specific(field) && said.0 == field.0 => Some(said),
        (Some(field), _) if diagnostic.is_some_and(|d| specific(d) == specific(field) && d.0 == field.0) => diagnostic,
        (Some(field), _) => Some(field),
        (None, told) => told,
    };
    let reply = chain
        .iter()
        .find(|e| e.status.is_some() && e.status == status && e.reply.is_some())
        .or_else(|| {
            chain.iter().find(|e| e.reply.is_some() && status.is_none_or(|s| e.reply.is_some_and(|r| r / 100 == s.0)))
        })
        .or_else(|| chain.iter().find(|e| e.reply.is_some()))
        .and_then(|e| e.reply);
    let host = remote_host(facts, notice);
    let decided = section::decide(facts, notice, &chain, &texts, host.as_ref());
    let bare = chain.is_empty() && notice.status.is_none() && notice.action.is_none() && notice.recipient.is_none();
    if bare && matches!(decided.section, Section::Unlisted) && outcome == Outcome::Unknown {
        return None;
    }
    if let (Outcome::Unknown, None, Section::Entry(entry)) = (outcome, &decided.error, &decided.section) {
        // Words without a code: what is called temporary may still end well, unless a program met it, which asks once.
        let temporary = |codes: &catalog::Codes| codes.from.0 == 4;
        let soon = ["timed out", "timeout", "defer", "tempor", "later", "again", "retry", "delay", "greylist"];
        let once = [
            "exception",
            "econnrefused",
            "etimedout",
            "dial tcp",
            "[errno",
            "smtp connect()",
            "could not be established",
            "could not connect",
            "resending your message",
        ];
        let says = |words: &[&str]| words.iter().any(|words| texts.any(words));
        let may_pass = entry.codes.first().is_some_and(temporary) || entry.codes.iter().any(temporary) && says(&soon);
        let final_ = !may_pass || says(&once);
        outcome = if final_ || texts.any("expired,") || matches!(kind, InputKind::Ndr | InputKind::Dsn) {
            Outcome::Returned
        } else {
            Outcome::Retrying
        };
    }
    let (cause_status, cause_reply) = match &decided.error {
        Some(error) => {
            let reply_twin = chain.iter().find(|e| e.status == error.status && e.reply.is_some()).and_then(|e| e.reply);
            match error.status {
                Some(code) => (Some(code), error.reply.or(reply_twin)),
                // The inner words bring only a reply: the wrapper's code still names the fault.
                None => (status, error.reply),
            }
        }
        None => (status, reply),
    };
    // Where only the field brings a code, the reply belongs to it.
    let cause_reply = cause_reply.or(if cause_status == status { reply } else { None });
    let smtp_stage = notice.said.iter().rev().find_map(|s| s.smtp_stage);
    let stage = match decided.section {
        Section::Entry(entry) if entry.id != "other" => entry.stage,
        _ => section::stage_of(cause_status, smtp_stage),
    };
    let mut ip = notice.said.iter().rev().find_map(|s| s.ip.clone());
    let mut port = notice.said.iter().rev().find_map(|s| s.port);
    if ip.is_none() {
        ip = notice.remote_ip.clone().or_else(|| label_ip(facts));
    }
    if ip.is_none() {
        ip = host.as_ref().and_then(|h| Some(Seen { value: h.value.parse().ok()?, at: h.at }));
    }
    if let (None, Some(host)) = (&ip, &host)
        && facts.notices.len() < 32
    {
        ip = ip_beside(document, &host.value);
    }
    // A name that did not resolve has no address; what is printed beside it is another machine's.
    if stage == Stage::Lookup {
        (ip, port) = (None, None);
    }
    // A server that is known by its address alone is named by it.
    let host = host.or_else(|| ip.as_ref().map(|ip| Seen { value: ip.value.to_string(), at: ip.at }));
    let mut attempts = attempts(facts, notice);
    if stage == Stage::Lookup {
        attempts.iter_mut().for_each(|tried| tried.ip = None);
    }
    let dialect = decided.dialect;
    let arrived = facts.arrival.clone().or_else(|| label_time(facts, Label::Created));
    let last_attempt = notice.last_attempt.clone().or_else(|| {
        let latest = attempts.iter().filter_map(|t| t.at.clone()).max_by(|a, b| a.0.cmp(&b.0))?;
        Some(Seen { value: latest.0, at: latest.1 })
    });
    if attempts.is_empty()
        && let Some(last) = &notice.last_attempt
    {
        let host = host.as_ref().map(|h| h.value.clone());
        let at = Some((last.value.clone(), last.at));
        attempts.push(Tried { at, host, ip: ip.as_ref().map(|i| i.value), reply, status });
    }
    let expires = expires(document, facts, notice, outcome, arrived.as_ref(), last_attempt.as_ref(), dialect);
    let situation = causes::Situation {
        ip: ip.as_ref().map(|i| (i.value, i.at)),
        host: host.as_ref().map(|h| (h.value.as_str(), h.at)),
        told_by: notice
            .action
            .as_ref()
            .map(|a| a.at)
            .or(chain.first().map(|e| e.at))
            .or(if outcome == Outcome::Retrying { facts.marks.delayed } else { facts.marks.failed })
            .or(notice.said.first().map(|s| s.at)),
        returned: outcome == Outcome::Returned,
        retrying: outcome == Outcome::Retrying,
        several_recipients: facts.notices.len() > 1,
    };
    let entry = match decided.section {
        Section::Entry(entry) => Some(entry),
        Section::Unlisted => None,
    };
    let causes = entry.map(|e| causes::judge(e, &texts, &situation)).unwrap_or_default();
    let questions = entry.map(|e| causes::questions(e, &texts, &situation, answers)).unwrap_or_default();
    let recipients = notice
        .recipient
        .iter()
        .map(|r| (notice.original.clone().filter(|o| !o.value.eq_ignore_ascii_case(&r.value)), r.clone()));
    Some(Found {
        recipients: recipients.collect(),
        section: decided.section,
        confidence: decided.confidence,
        stage,
        smtp_stage,
        outcome,
        status,
        reply,
        cause_status,
        cause_reply,
        attempts,
        host,
        ip,
        port,
        dialect,
        arrived,
        last_attempt,
        expires,
        causes,
        questions,
        said: notice.said.clone(),
        because: match decided.because.is_empty() {
            true => {
                let failed = facts.header("X-Failed-Recipients").map(|header| header.at);
                let marks = &facts.marks;
                let signs = [marks.failed, marks.delayed, failed, marks.connector, marks.queue, marks.alert];
                let label = facts.label(Label::LastError).map(|seen| seen.at);
                // A mail that is cut off after its header says so in its subject.
                let subject = facts.header("Subject").map(|header| header.at);
                signs.into_iter().chain([label, marks.trace, marks.exchange, subject]).flatten().take(1).collect()
            }
            false => decided.because,
        },
        chain,
        action: notice.action.clone(),
        status_field: notice.status.clone(),
    })
}

/// The address that the report prints beside a server's name: `mx.example [192.0.2.7]`.
fn ip_beside(document: &Document, host: &str) -> Option<Seen<IpAddr>> {
    let parts = document.parts.iter().enumerate();
    let mut read = parts.filter(|(_, p)| matches!(p.kind, PartKind::Text | PartKind::Body | PartKind::DeliveryStatus));
    // Asked for every recipient, so that only the beginning can be read each time.
    let mut left = 64 * 1024;
    read.find_map(|(part, it)| {
        let text = it.text.text();
        let text = &text[..text.floor_char_boundary(text.len().min(left))];
        left -= text.len();
        search::places(text, host).find_map(|found| {
            let after = found + host.len();
            let rest = &text[after..];
            let gap = rest.len() - rest.trim_start_matches([' ', '.', '>']).len();
            let open = after + gap + 1;
            let open = open + text.get(open..).and_then(places::far_end).unwrap_or(0);
            let (ip, length, _) = places::ip_prefix(text.get(open..).filter(|_| rest[gap..].starts_with(['[', '(']))?)?;
            let closes = text[open + length..].starts_with([']', ')', ':', ',', '|']);
            closes.then(|| Seen { value: ip, at: Span::new(part, open, open + length) })
        })
    })
}

/// The far server: the one that the most telling text names, then the report's field, then a label.
fn remote_host(facts: &Facts, notice: &Notice) -> Option<Seen<String>> {
    let far = |h: &&Seen<String>| {
        !places::is_worker(&h.value)
            && facts.generating_server.as_ref().is_none_or(|g| !g.value.eq_ignore_ascii_case(&h.value))
    };
    let by_source = |structured: bool| {
        notice
            .said
            .iter()
            .filter(|s| (s.source >= Source::Label) == structured)
            .rev()
            .find_map(|s| s.host.as_ref().filter(far))
    };
    by_source(true)
        .or(notice.remote_mta.as_ref())
        .or_else(|| by_source(false))
        .or_else(|| facts.label(Label::DestinationServer))
        .or_else(|| facts.label(Label::RemoteServer))
        .or_else(|| {
            facts
                .labels
                .iter()
                .find(|(l, s)| *l == Label::ReceivingServer && !places::is_microsoft(&s.value))
                .map(|(_, s)| s)
                .filter(far)
        })
        .or_else(|| notice.said.iter().rev().find_map(|s| s.host.as_ref()))
        .cloned()
}

fn label_ip(facts: &Facts) -> Option<Seen<IpAddr>> {
    let seen = facts.label(Label::LastIp)?;
    let (ip, length, _) = places::ip_prefix(&seen.value)?;
    let at = Span { end: seen.at.start + length as u32, ..seen.at };
    Some(Seen { value: ip, at })
}

fn time(facts: &Facts, when: &When, utc: bool) -> Option<String> {
    let text = match when {
        When::At(text) => text.clone(),
        When::Slashed(date) => date.rfc3339(facts.order.unwrap_or(dates::Order::Unknown))?,
    };
    // Exchange Online writes its times in UTC; others write their own clock's.
    Some(if utc && !text.ends_with('Z') { text + "Z" } else { text })
}

/// Whether the report comes from Exchange Online, whose times are UTC and whose queue gives up after a day.
fn from_exchange_online(facts: &Facts) -> bool {
    let names = [&facts.generating_server, &facts.reporting_mta];
    names.into_iter().flatten().any(|s| places::is_microsoft(&s.value))
        || facts.marks.connector.is_some()
        || facts.marks.trace.is_some()
}

fn label_time(facts: &Facts, label: Label) -> Option<Seen<String>> {
    let seen = facts.label(label)?;
    let when = When::Slashed(dates::slashed_at(&seen.value, 0)?);
    Some(Seen { value: time(facts, &when, from_exchange_online(facts))?, at: seen.at })
}

fn attempts(facts: &Facts, notice: &Notice) -> Vec<Tried> {
    let utc = from_exchange_online(facts);
    let mut tried: Vec<Tried> = notice
        .said
        .iter()
        .filter(|s| matches!(s.source, Source::Returned | Source::Bundle) && !s.errors.is_empty())
        .map(|s| Tried {
            at: s.when.as_ref().and_then(|w| Some((time(facts, &w.value, utc)?, w.at))),
            host: s.host.as_ref().map(|h| h.value.clone()),
            ip: s.ip.as_ref().map(|i| i.value),
            reply: s.errors[0].reply,
            status: s.errors[0].status,
        })
        .collect();
    tried.dedup();
    tried
}

/// When a report says that the system will stop trying: counted from the report, or from when the message arrived.
fn retried_for(
    document: &Document,
    facts: &Facts,
    arrived: Option<&Seen<String>>,
    last: Option<&Seen<String>>,
) -> Option<(String, ExpiresFrom, Option<Span>)> {
    let delayed = facts.marks.delayed?;
    let text = document.parts[delayed.part as usize].text.text();
    let near = &text[..text.floor_char_boundary(text.len().min(4096))];
    let words = ["next ", "próximos ", "siguientes ", "retry for ", "retried for ", "message is ", "it is "];
    let (words, start, (seconds, length)) = words.iter().find_map(|words| {
        let mut places = search::places(near, words).map(|at| at + words.len());
        places.find_map(|start| Some((words, start, dates::duration(&near[start..])?)))
    })?;
    let dated = facts.header("Date").and_then(|header| dates::rfc5322(&header.value));
    let from = if words.ends_with("is ") { arrived?.value.clone() } else { dated.or(last.map(|l| l.value.clone()))? };
    let until = dates::from_timestamp(dates::timestamp(&from)? + seconds)?;
    let until = if from.ends_with('Z') { until } else { until.trim_end_matches('Z').to_string() };
    let at = Span::new(delayed.part as usize, start, start + length);
    Some((until, ExpiresFrom::Stated, Some(at)))
}

fn expires(
    document: &Document,
    facts: &Facts,
    notice: &Notice,
    outcome: Outcome,
    arrived: Option<&Seen<String>>,
    last: Option<&Seen<String>>,
    dialect: &str,
) -> Option<(String, ExpiresFrom, Option<Span>)> {
    if let Some(stated) = &notice.will_retry_until {
        return Some((stated.value.clone(), ExpiresFrom::Stated, Some(stated.at)));
    }
    if let Some(stated) = label_time(facts, Label::OldestExpires) {
        return Some((stated.value, ExpiresFrom::Stated, Some(stated.at)));
    }
    if outcome != Outcome::Retrying {
        return None;
    }
    let told = retried_for(document, facts, arrived, last);
    if told.is_some() {
        return told;
    }
    let arrived = arrived?;
    let days = match () {
        () if from_exchange_online(facts) => 1,
        () if dialect == "exchange_server" => 2,
        () => return None,
    };
    let until = dates::from_timestamp(dates::timestamp(&arrived.value)? + days * 86_400)?;
    let until = if arrived.value.ends_with('Z') { until } else { until.trim_end_matches('Z').to_string() };
    Some((until, ExpiresFrom::Policy, None))
}
