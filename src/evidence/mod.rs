//! [`Document`] → [`Facts`]: everything the text says, each with its place. Knows no section and no language of the guide.

pub mod codes;
pub mod dates;
mod dsn;
mod exchange;
pub mod headers;
mod labels;
mod marks;
pub mod places;
mod recipients;
mod said;

use crate::catalog::Code;
use crate::intake::{Document, PartKind};
use crate::report::SmtpStage;
use std::net::IpAddr;

pub use headers::{HeaderSeen, HopSeen};
pub use labels::Label;
pub use marks::{Language, Marks};
pub use recipients::Rank;

/// A place in the searched text of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    pub part: u32,
    pub start: u32,
    pub end: u32,
}

impl crate::order::Key for Span {
    fn key(&self) -> u128 {
        u128::from(self.part) << 64 | u128::from(self.start) << 32 | u128::from(self.end)
    }
}

impl Span {
    pub fn new(part: usize, start: usize, end: usize) -> Span {
        Span { part: part as u32, start: start as u32, end: end as u32 }
    }

    pub fn holds(&self, other: &Span) -> bool {
        self.part == other.part && self.start <= other.start && other.end <= self.end
    }
}

/// A value and the words it was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<T> {
    pub value: T,
    pub at: Span,
}

/// What a report says became of the message (RFC 3464 §2.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Failed,
    Delayed,
    Delivered,
    Relayed,
    Expanded,
}

/// Where a diagnostic text stands, which tells how much it is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A line of running text.
    Line,
    /// An SMTP dialogue.
    Transcript,
    /// A labelled value: `Reported error:`, `Last error`.
    Label,
    /// `Server at … returned '…'`.
    Returned,
    /// `[{LED=…};{MSG=…};…]`.
    Bundle,
    /// `Diagnostic-Code:` (RFC 3464 §2.3.6).
    Diagnostic,
}

/// One error inside a diagnostic text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorSeen {
    pub reply: Option<u16>,
    pub status: Option<Code>,
    /// The digits.
    pub at: Span,
    /// The error's own words, white space folded, without what it quotes.
    pub text: String,
}

/// One diagnostic text: what a server said, or what was said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub source: Source,
    pub at: Span,
    /// White space folded.
    pub text: String,
    /// Outermost first; empty where the text brings no code.
    pub errors: Vec<ErrorSeen>,
    pub when: Option<Seen<When>>,
    pub host: Option<Seen<String>>,
    pub ip: Option<Seen<IpAddr>>,
    pub port: Option<u16>,
    pub smtp_stage: Option<SmtpStage>,
}

/// A time as far as the text settles it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum When {
    /// RFC 3339.
    At(String),
    /// `a/b/yyyy`, waiting for the order of its numbers.
    Slashed(dates::Slashed),
}

/// What is said about one recipient.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    pub recipient: Option<Seen<String>>,
    pub original: Option<Seen<String>>,
    pub action: Option<Seen<Action>>,
    /// The `Status` field.
    pub status: Option<Seen<Code>>,
    pub said: Vec<Said>,
    /// The `Remote-MTA` field.
    pub remote_mta: Option<Seen<String>>,
    /// The address that the field writes beside the name.
    pub remote_ip: Option<Seen<IpAddr>>,
    pub last_attempt: Option<Seen<String>>,
    pub will_retry_until: Option<Seen<String>>,
}

/// Everything that was found.
#[derive(Debug, Default)]
pub struct Facts {
    pub marks: Marks,
    pub notices: Vec<Notice>,
    /// How sure the recipients of running text are; fields are sure.
    pub surest: Rank,
    pub reporting_mta: Option<Seen<String>>,
    pub generating_server: Option<Seen<String>>,
    pub arrival: Option<Seen<String>>,
    pub labels: Vec<(Label, Seen<String>)>,
    /// Of each label the first.
    first_labels: Vec<(Label, Seen<String>)>,
    pub headers: Vec<HeaderSeen>,
    pub hops: Vec<HopSeen>,
    /// How `a/b/yyyy` is to be read here.
    pub order: Option<dates::Order>,
}

impl Facts {
    pub fn label(&self, wanted: Label) -> Option<&Seen<String>> {
        self.first_labels.iter().find(|(label, _)| *label == wanted).map(|(_, seen)| seen)
    }

    /// A header field of the report itself, by name.
    pub fn header(&self, name: &str) -> Option<&HeaderSeen> {
        self.headers.iter().find(|h| h.name.eq_ignore_ascii_case(name))
    }
}

/// White space folded to single spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_ascii_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.push_str(word);
    }
    folded
}

/// Reads all parts.
pub fn extract(document: &Document) -> Facts {
    let mut facts = Facts::default();
    for (part, it) in document.parts.iter().enumerate() {
        if it.kind == PartKind::MessageHeaders {
            headers::read(part, it.text.text(), &mut facts);
        }
    }
    let mut said = Vec::new();
    let mut named = Vec::new();
    for (part, it) in document.parts.iter().enumerate() {
        let text = it.text.text();
        match it.kind {
            PartKind::DeliveryStatus => dsn::read(part, text, 0, &mut facts),
            PartKind::Text | PartKind::Body => {
                let lower = text.to_ascii_lowercase();
                let page = Page { part, text, lower: &lower };
                marks::read(&page, &mut facts.marks);
                let claimed = dsn::read_embedded(&page, &mut facts);
                let (first_label, first) = (facts.labels.len(), said.len());
                labels::read(&page, &mut facts);
                exchange::read(&page, &mut said);
                let labels = &facts.labels[first_label..];
                said::read(&page, &claimed, labels, first, &mut said);
                recipients::read(&page, &claimed, labels, &said[first..], &mut named);
            }
            PartKind::MessageHeaders | PartKind::Original | PartKind::Attachment => {}
        }
    }
    for (label, seen) in &facts.labels {
        if !facts.first_labels.iter().any(|(known, _)| known == label) {
            facts.first_labels.push((*label, seen.clone()));
        }
    }
    recipients::share_out(document, said, named, &mut facts);
    facts.order = Some(order(document, &facts));
    facts
}

/// A text part with its lower-case twin, same offsets.
pub struct Page<'a> {
    pub part: usize,
    pub text: &'a str,
    pub lower: &'a str,
}

impl Page<'_> {
    pub fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.part, start, end)
    }

    /// The line that holds `at`: `(start, end)` without its line end. Of a line without end, what stands near.
    pub fn line(&self, at: usize) -> (usize, usize) {
        line(self.text, at)
    }
}

/// How far a line is read before and behind the place in question: mail ends its lines after 998 bytes
/// (RFC 5322 §2.1.1), a paste perhaps never.
const LINE: usize = 4096;

/// The line of `text` that holds `at`, as far as it is near.
fn line(text: &str, at: usize) -> (usize, usize) {
    let bytes = text.as_bytes();
    let (from, to) = (at.saturating_sub(LINE), (at + LINE).min(bytes.len()));
    let start =
        memchr::memrchr(b'\n', &bytes[from..at]).map_or_else(|| text.floor_char_boundary(from), |n| from + n + 1);
    let end = memchr::memchr(b'\n', &bytes[at..to]).map_or_else(|| text.ceil_char_boundary(to), |n| at + n);
    (start, end)
}

/// The order of day and month: an unambiguous date of the same kind, else the nearest certain time, else the language.
fn order(document: &Document, facts: &Facts) -> dates::Order {
    use dates::Order;
    let mut slashed = Vec::new();
    let mut certain = Vec::new();
    let budget = 64 * 1024;
    for part in &document.parts {
        let text = part.text.text();
        let text = &text[..text.floor_char_boundary(budget.min(text.len()))];
        let bytes = text.as_bytes();
        for at in memchr::memchr_iter(b'/', bytes) {
            let mut start = at;
            while start > 0 && bytes[start - 1].is_ascii_digit() && at - start < 2 {
                start -= 1;
            }
            if start < at && (start == 0 || !bytes[start - 1].is_ascii_digit() && bytes[start - 1] != b'/') {
                slashed.extend(dates::slashed_at(text, start));
            }
        }
        if slashed.is_empty() {
            continue;
        }
        for at in memchr::memchr_iter(b'T', bytes) {
            if at >= 10 && text.is_char_boundary(at - 10) && certain.len() < 32 {
                certain.extend(dates::iso(&text[at - 10..]).and_then(|t| dates::timestamp(&t)));
            }
        }
        for line in text.split('\n').filter(|l| l.contains(':') && l.len() < 200) {
            if certain.len() >= 32 {
                break;
            }
            let date = line.rsplit(';').next().unwrap_or(line);
            let date = date.strip_prefix("Date:").or_else(|| date.strip_prefix("Arrival-Date:")).unwrap_or(date);
            // "Thu, 29 Oct 2026 …"
            if date.trim_start().as_bytes().get(3) == Some(&b',') {
                certain.extend(dates::rfc5322(date).and_then(|t| dates::timestamp(&t)));
            }
        }
    }
    if let Some(proof) = slashed.iter().map(dates::Slashed::proves).find(|o| *o != Order::Unknown) {
        return proof;
    }
    let distance = |order: Order| {
        let times = slashed.iter().filter_map(|s| dates::timestamp(&s.rfc3339(order)?));
        times.flat_map(|t| certain.iter().map(move |c| (t - c).abs())).min()
    };
    const NEAR: i64 = 4 * 86_400;
    match (distance(Order::DayFirst), distance(Order::MonthFirst)) {
        (Some(day), Some(month)) if day < NEAR && month >= NEAR => return Order::DayFirst,
        (Some(day), Some(month)) if month < NEAR && day >= NEAR => return Order::MonthFirst,
        _ => {}
    }
    match facts.marks.language {
        Some(Language::En) | None => Order::Unknown,
        Some(_) => Order::DayFirst,
    }
}
