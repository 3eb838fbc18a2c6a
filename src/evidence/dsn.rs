//! Reads the machine-made half of a report: RFC 3464 `message/delivery-status`, whole or as a block inside text.

use std::net::IpAddr;

use super::{Action, Facts, Notice, Page, Said, Seen, Source, Span, dates, fold, places, said};
use crate::search::{self, has};

/// One field: its name, and its value with continuation lines.
struct Field<'a> {
    name: &'a str,
    value: &'a str,
    /// Where the value begins.
    at: usize,
}

/// Reads a `message/delivery-status` body; `base` is where `text` begins in its part.
pub fn read(part: usize, text: &str, base: usize, facts: &mut Facts) {
    let mut notice = Notice::default();
    let mut blank = false;
    for field in fields(text) {
        let Some(field) = field else {
            blank = true;
            continue;
        };
        let is = |name: &str| field.name.eq_ignore_ascii_case(name);
        // A blank line ends a recipient's fields; some systems forget it and begin the next one.
        let begins = (is("Final-Recipient") && notice.recipient.is_some())
            || (is("Original-Recipient")
                && (notice.original.is_some() || notice.recipient.is_some() && notice.status.is_some()));
        if (blank && (notice.recipient.is_some() || notice.action.is_some()) && notice.status.is_some()) || begins {
            facts.notices.push(std::mem::take(&mut notice));
        }
        if is("Action") && notice.recipient.is_none() && notice.original.is_some() {
            notice.recipient = notice.original.clone();
        }
        blank = false;
        let (value, at) = typed(&field);
        let at = Span::new(part, base + at, base + at + value.len());
        // Of what is no address, what stands before a line's end or any other control character.
        let text_seen = || {
            let line = value.split(char::is_control).next().unwrap_or(value).trim_end();
            Seen { value: line.to_string(), at: Span { end: Span::new(0, 0, line.len()).end + at.start, ..at } }
        };
        match field.name.to_ascii_lowercase().as_str() {
            "reporting-mta" if facts.reporting_mta.is_none() => facts.reporting_mta = host(value, at),
            "arrival-date" if facts.arrival.is_none() => {
                facts.arrival = dates::rfc5322(value).map(|value| Seen { value, at });
            }
            "final-recipient" => {
                notice.recipient = address(value, at).or_else(|| value.contains(char::is_alphanumeric).then(text_seen))
            }
            "original-recipient" => notice.original = address(value, at),
            "x-actual-recipient" if notice.recipient.is_none() => notice.recipient = address(value, at),
            "action" => notice.action = action(value).map(|value| Seen { value, at }),
            "status" => {
                let skip = value.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
                // "5.0.0_", as an emphasis leaves it
                let digits =
                    value[skip..].find(|c: char| !c.is_ascii_digit() && c != '.').map_or(value.len(), |n| skip + n);
                if let Some((code, end)) = super::codes::status_at(&value.as_bytes()[..digits], skip) {
                    let at = Span::new(part, at.start as usize + skip, at.start as usize + end);
                    notice.status = Some(Seen { value: code, at });
                } else if digits == 3 && value.len() > 3 {
                    // "553 Exceeded maximum message size"
                    notice.said.push(diagnostic(part, value, at.start as usize));
                }
            }
            "remote-mta" => {
                notice.remote_mta = host(value, at);
                notice.remote_ip = remote_ip(value, at.start as usize, part);
            }
            "last-attempt-date" => notice.last_attempt = dates::rfc5322(value).map(|value| Seen { value, at }),
            "will-retry-until" => notice.will_retry_until = dates::rfc5322(value).map(|value| Seen { value, at }),
            name if (name == "diagnostic-code" || name.ends_with("-supplementary-info"))
                && !value.trim().is_empty() =>
            {
                notice.said.push(diagnostic(part, value, at.start as usize));
            }
            _ => {}
        }
    }
    if notice.recipient.is_some() || notice.original.is_some() || notice.status.is_some() || !notice.said.is_empty() {
        facts.notices.push(notice);
    }
}

/// Reads a delivery-status block that stands inside other text; returns the range it takes.
pub fn read_embedded(page: &Page<'_>, facts: &mut Facts) -> Vec<(usize, usize)> {
    const FIRST: &[&str] = &["reporting-mta:", "original-envelope-id:", "final-recipient:", "original-recipient:"];
    let line_start = |at: usize| at == 0 || page.text.as_bytes()[at - 1] == b'\n';
    let Some(start) = FIRST.iter().filter_map(|name| search::places(page.lower, name).find(|at| line_start(*at))).min()
    else {
        return Vec::new();
    };
    if !has(&page.lower[start..], "final-recipient:") && !has(&page.lower[start..], "original-recipient:") {
        return Vec::new();
    }
    // The block ends with the last line that is a field, a continuation or a blank.
    let mut end = start;
    let mut at = start;
    for line in page.text[start..].split_inclusive('\n') {
        at += line.len();
        let field = line.split_once(':').is_some_and(|(name, _)| is_name(name));
        if field || line.starts_with([' ', '\t']) && !line.trim().is_empty() {
            end = at;
        } else if !line.trim().is_empty() {
            break;
        }
    }
    read(page.part, &page.text[start..end], start, facts);
    vec![(start, end)]
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() < 60 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// Fields in order; `None` for a blank line.
fn fields(text: &str) -> impl Iterator<Item = Option<Field<'_>>> {
    let mut at = 0;
    let bytes = text.as_bytes();
    std::iter::from_fn(move || {
        while at < bytes.len() {
            let line_end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |n| at + n);
            let line = &text[at..line_end];
            if line.trim().is_empty() {
                at = line_end + 1;
                return Some(None);
            }
            // Mimecast sets a blank before the colon.
            let Some((name, _)) = line.split_once(':').filter(|(name, _)| is_name(name.trim_end())) else {
                at = line_end + 1;
                continue;
            };
            let start = at + name.len() + 1;
            let name = name.trim_end();
            let mut end = line_end;
            // Continuation lines begin with white space; a diagnostic text often goes on without.
            while end < bytes.len() {
                let next = end + 1;
                let next_end = memchr::memchr(b'\n', &bytes[next.min(bytes.len())..]).map_or(bytes.len(), |n| next + n);
                let line = text.get(next..next_end).unwrap_or("");
                let names = line.split_once(':').map(|(name, _)| name.trim_end()).filter(|name| is_name(name));
                let folded = line.starts_with([' ', '\t']) && !line.trim().is_empty();
                let runs_on = name.eq_ignore_ascii_case("Diagnostic-Code")
                    && !line.trim().is_empty()
                    && !names.is_some_and(|n| {
                        n.contains('-') || n.eq_ignore_ascii_case("Status") || n.eq_ignore_ascii_case("Action")
                    });
                // "Status:" with its value on the next line
                let below = text[start..end].trim().is_empty() && !line.trim().is_empty() && names.is_none();
                if !folded && !runs_on && !below {
                    break;
                }
                end = next_end;
            }
            at = end + 1;
            return Some(Some(Field { name, value: &text[start..end], at: start }));
        }
        None
    })
}

/// A `type; value` field's value (RFC 3464 §2.1.2) and where it begins; any field's value without white space around.
fn typed<'a>(field: &Field<'a>) -> (&'a str, usize) {
    let mut value = field.value;
    let mut at = field.at;
    let name = field.name.to_ascii_lowercase();
    if ["-mta", "-recipient", "-code"].iter().any(|end| name.ends_with(end))
        && let Some((kind, rest)) = value.split_once(';')
        && kind.trim().len() < 24
        && !kind.contains('@')
    {
        at += kind.len() + 1;
        value = rest;
    }
    at += value.len() - value.trim_start().len();
    (value.trim(), at)
}

fn action(value: &str) -> Option<Action> {
    let word = value.split(|c: char| !c.is_ascii_alphabetic()).find(|w| !w.is_empty())?;
    Some(match word.to_ascii_lowercase().as_str() {
        "failed" | "failure" => Action::Failed,
        "delayed" => Action::Delayed,
        "delivered" => Action::Delivered,
        "relayed" => Action::Relayed,
        "expanded" => Action::Expanded,
        _ => return None,
    })
}

/// The first host name of a value, as `mx.example (192.0.2.7)` or `mx.example`.
fn host(value: &str, at: Span) -> Option<Seen<String>> {
    let value = value.trim_start_matches(['[', '<', ' ']);
    let length = places::host_prefix(value).or_else(|| places::ip_prefix(value).map(|(_, length, _)| length));
    let word = match length {
        Some(length) => &value[..length],
        // A single label is a host here: the field says so.
        None => value.split(|c: char| c.is_whitespace() || matches!(c, '(' | '>' | ']' | ',' | ';')).next()?,
    };
    let well =
        !word.is_empty() && word.len() < 254 && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:".contains(&b));
    well.then(|| Seen { value: word.trim_end_matches('.').to_string(), at })
}

/// The address that stands beside a host: `mx.example (192.0.2.7)`, `[192.0.2.7]`, `(TCP|from|port|192.0.2.7|25)`.
fn remote_ip(value: &str, base: usize, part: usize) -> Option<Seen<IpAddr>> {
    let start = match search::find(value, "(TCP|") {
        Some(tcp) => tcp + 1 + places::far_end(&value[tcp + 1..])?,
        None => value
            .find(|c: char| c.is_ascii_digit())
            .filter(|n| *n == 0)
            .or_else(|| value.find(['(', '[', '<']).map(|n| n + 1))?,
    };
    let (ip, length, _) = places::ip_prefix(value.get(start..)?)?;
    Some(Seen { value: ip, at: Span::new(part, base + start, base + start + length) })
}

/// The address of a recipient field; RFC 6533 escapes are undone.
fn address(value: &str, at: Span) -> Option<Seen<String>> {
    let value = unescape(value);
    let found = places::addresses(&value);
    let (start, end) = *found.first()?;
    Some(Seen { value: value[start..end].to_string(), at })
}

/// `\x{HEX}` of RFC 6533 §3.
fn unescape(value: &str) -> String {
    let mut text = String::new();
    let mut rest = value;
    while let Some((before, after)) = search::parted(rest, "\\x{") {
        text.push_str(before);
        match after
            .split_once('}')
            .and_then(|(hex, rest)| Some((char::from_u32(u32::from_str_radix(hex, 16).ok()?)?, rest)))
        {
            Some((c, after)) => {
                text.push(c);
                rest = after;
            }
            None => {
                text.push_str("\\x{");
                rest = after;
            }
        }
    }
    text + rest
}

fn diagnostic(part: usize, value: &str, at: usize) -> Said {
    let mut said = Said {
        source: Source::Diagnostic,
        at: Span::new(part, at, at + value.len()),
        text: fold(value),
        errors: said::errors(part, value, at, true),
        when: None,
        host: None,
        ip: None,
        port: None,
        smtp_stage: None,
    };
    said::place(part, value, at, &mut said);
    said
}
