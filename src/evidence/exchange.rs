//! The diagnostic texts of Exchange: `Server at … returned '…'`, the `{LED=…};{MSG=…}` bundle in every broken form,
//! and the hash lines of older versions.

use super::{Page, Said, Seen, Source, When, dates, fold, places, said};
use crate::search::{self, Ranges, has};

/// The longest text that one `returned '…'` or bundle may take.
const LONGEST: usize = 6000;

/// Reads every Exchange diagnostic text of a page.
pub fn read(page: &Page<'_>, out: &mut Vec<Said>) {
    let first = out.len();
    for at in search::places(page.lower, "returned '") {
        returned(page, at, out);
    }
    bundles(page, out);
    let taken = Ranges::of(out[first..].iter().map(|s| (s.at.start as usize, s.at.end as usize)).collect());
    hash_lines(page, &taken, out);
}

fn blank(page: &Page<'_>, source: Source, start: usize, end: usize) -> Said {
    let text = &page.text[start..end];
    Said {
        source,
        at: page.span(start, end),
        text: fold(text),
        errors: said::errors(page.part, text, start, true),
        when: None,
        host: None,
        ip: None,
        port: None,
        smtp_stage: None,
    }
}

/// `[date - ](Remote Server|Server)[ at host[ (ip)]] returned 'reply'`.
fn returned(page: &Page<'_>, at: usize, out: &mut Vec<Said>) {
    let start = at + "returned '".len();
    if out
        .last()
        .is_some_and(|s| s.source == Source::Returned && s.at.part as usize == page.part && (s.at.end as usize) > at)
    {
        return;
    }
    let end = closing_quote(page.text, start);
    let mut said = blank(page, Source::Returned, start, end);
    // What stands before, on this line or since the last text that was returned.
    let line_start = page.line(at).0;
    let from = out
        .last()
        .filter(|s| s.at.part as usize == page.part && s.at.end as usize > line_start)
        .map_or(line_start, |s| s.at.end as usize)
        .min(at);
    // A wrapped line leaves "Server at" on the line above.
    let from = match has(&page.lower[from..at], "server") || line_start == 0 {
        true => from,
        false => page.line(line_start - 1).0,
    };
    let before = &page.text[from..at];
    let lower = &page.lower[from..at];
    said::place(page.part, &page.text[start..end], start, &mut said);
    if let Some(server) = search::last(lower, "server at ") {
        let name = from + server + "server at ".len();
        let rest = &page.text[name..at];
        let length = places::host_prefix(rest).or_else(|| places::ip_prefix(rest).map(|(_, length, _)| length));
        if let Some(length) = length {
            if !places::is_worker(&rest[..length]) && said.host.is_none() {
                said.host = Some(Seen { value: rest[..length].to_string(), at: page.span(name, name + length) });
            }
            let open = rest[length..].find('(').map(|n| length + n + 1).filter(|n| *n <= length + 3);
            if !places::is_worker(&rest[..length])
                && said.ip.is_none()
                && let Some(open) = open
                && let Some((ip, ip_length, port)) = places::ip_prefix(&rest[open..])
            {
                said.ip = Some(Seen { value: ip, at: page.span(name + open, name + open + ip_length) });
                said.port = port;
            }
        }
    }
    // "mx.fabrikam.example" on the line above, as classic reports write it.
    if said.host.is_none() && line_start > 0 {
        let (mut above, mut above_end) = page.line(line_start - 1);
        // Paragraphs leave a blank line between.
        if above > 0 && page.text[above..above_end].trim().is_empty() {
            (above, above_end) = page.line(above - 1);
        }
        let line = page.text[above..above_end].trim();
        if places::is_host(line) && !places::is_worker(line) {
            let at = above + (page.text[above..above_end].len() - page.text[above..above_end].trim_start().len());
            said.host = Some(Seen { value: line.to_string(), at: page.span(at, at + line.len()) });
        }
    }
    let date = before.char_indices().filter(|(_, c)| c.is_ascii_digit()).find_map(|(i, _)| {
        (i == 0 || !before.as_bytes()[i - 1].is_ascii_alphanumeric())
            .then(|| dates::slashed_at(before, i).map(|d| (i, d)))?
    });
    if let Some((i, date)) = date {
        said.when = Some(Seen { value: When::Slashed(date), at: page.span(from + i, from + date.end) });
    }
    said.when = said.when.take().or_else(|| stamp(page, start, end));
    out.push(said);
}

/// The time in the stamp of the server that tried: `[AM4….prod.outlook.com 2026-03-05T09:01:44.101Z 08DE…]`.
fn stamp(page: &Page<'_>, start: usize, end: usize) -> Option<Seen<When>> {
    let text = &page.text[start..end];
    memchr::memchr_iter(b'T', text.as_bytes()).find_map(|t| {
        let from = t.checked_sub(10)?;
        let at = dates::iso(text.get(from..)?)?;
        let length = text[from..].bytes().take_while(|b| !b.is_ascii_whitespace() && *b != b']').count();
        Some(Seen { value: When::At(at), at: page.span(start + from, start + from + length) })
    })
}

/// The date of the event that a trace's bundle belongs to: on its own row, or under `Date :` in the lines above.
fn event_date(page: &Page<'_>, bundle: usize) -> Option<Seen<When>> {
    let far = page.text.floor_char_boundary(bundle.saturating_sub(400));
    let near = &page.text[far..bundle];
    let from = search::last(near, "\n\n").map_or(0, |n| n + 2);
    let bytes = near.as_bytes();
    let dates = (from..near.len()).filter(|i| {
        bytes[*i].is_ascii_digit()
            && (*i == 0 || !(bytes[*i - 1].is_ascii_alphanumeric() || b"./:-".contains(&bytes[*i - 1])))
    });
    let (at, date) = dates.filter_map(|i| Some((far + i, dates::slashed_at(near, i)?))).next_back()?;
    Some(Seen { value: When::Slashed(date), at: page.span(at, far + date.end) })
}

/// The end of a quoted reply: a quote that ends a line or stands before the next attempt, not an apostrophe.
fn closing_quote(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let limit = (start + LONGEST).min(text.len());
    let mut at = start;
    while let Some(n) = memchr::memchr2(b'\'', b'\n', &bytes[at..limit]) {
        let here = at + n;
        if bytes[here] == b'\n' {
            // A blank line ends a text that was cut.
            let next = &text[here + 1..];
            if next.lines().next().is_none_or(|l| l.trim().is_empty()) {
                return here;
            }
            at = here + 1;
            continue;
        }
        let after = text[here + 1..].trim_start_matches([' ', '\t', '*', '"', ')', '.', '|']);
        let closes = after.is_empty()
            || after.starts_with('\n')
            || (text[here + 1..].starts_with(' ')
                && (after.starts_with(|c: char| c.is_ascii_digit()) && dates::slashed_at(after, 0).is_some()
                    || after.starts_with("Remote Server")
                    || after.starts_with("Server at")))
            || text[here + 1..].starts_with("<br");
        if closes {
            return here;
        }
        at = here + 1;
    }
    (start..=limit).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(start)
}

/// `[{LED=…};{MSG=…};{FQDN=…};{IP=…};{LRT=…}]`: keys in any order, any of them missing or cut.
fn bundles(page: &Page<'_>, out: &mut Vec<Said>) {
    let bytes = page.lower.as_bytes();
    let mut done = 0;
    // "{led", "[{led", "led=" or "{lrt"
    for at in memchr::memchr_iter(b'l', bytes) {
        let opens = bytes[..at].ends_with(b"{");
        let led = bytes[at..].starts_with(b"led") && (opens || bytes.get(at + 3) == Some(&b'='));
        if !(led || opens && bytes[at..].starts_with(b"lrt")) {
            continue;
        }
        let start = at - usize::from(opens) - usize::from(led && bytes[..at].ends_with(b"[{"));
        if start < done || key_at(page.lower, start).is_none() {
            continue;
        }
        let end = bundle_end(page, start);
        bundle(page, start, end, out);
        done = end.max(start + 4);
    }
}

/// A key of the bundle at `at`: its name and where its value begins.
fn key_at(lower: &str, at: usize) -> Option<(&'static str, usize)> {
    let rest = lower[at..].trim_start_matches(['[', '{', ' ', '\n', '\t']);
    let name = [
        "led",
        "msg",
        "fqdn",
        "ip",
        "lrt",
        "last attempted server name",
        "lastattemptedservername",
        "last attempted ip",
        "lastattemptedip",
    ]
    .into_iter()
    .find(|name| rest.starts_with(name))?;
    let start = lower.len() - rest.len() + name.len();
    let after = lower[start..].trim_start();
    after.starts_with('=').then(|| (name, lower.len() - after.len() + 1))
}

fn bundle_end(page: &Page<'_>, start: usize) -> usize {
    let limit = (start + LONGEST).min(page.text.len());
    let limit = (start..=limit).rev().find(|i| page.text.is_char_boundary(*i)).unwrap_or(start);
    let text = &page.lower[start..limit];
    // The proxy's target follows and belongs to it; a blank line or the next bundle does not.
    let blank = search::find(text, "\n\n").unwrap_or(text.len());
    let again = text
        .get(4..)
        .and_then(|t| search::find(t, "[{led").or_else(|| search::find(t, "reason: [")))
        .map_or(text.len(), |n| n + 4);
    let closed = search::find(text, "}]").map_or(text.len(), |n| {
        let after = &text[n + 2..];
        let tail = after.find('\n').unwrap_or(after.len());
        n + 2 + if has(&after[..tail], "outboundproxytarget") { tail } else { after.ceil_char_boundary(1) }
    });
    // A console may print a blank line after each line: what closes still belongs to it.
    start + if closed < again { closed } else { blank.min(again) }
}

fn bundle(page: &Page<'_>, start: usize, end: usize, out: &mut Vec<Said>) {
    let lower = &page.lower[..end];
    // Keys stand after `{` or at the very start.
    let mut keys = Vec::new();
    let mut at = start;
    while at < end {
        let opens = at == start || lower.as_bytes()[at] == b'{';
        if opens && let Some((name, value)) = key_at(lower, at).filter(|(_, value)| *value <= end) {
            keys.push((name, value, at));
            at = value;
        } else {
            at += 1;
        }
    }
    let value_end = |value: usize, nth: usize, keys: &[(&str, usize, usize)]| {
        let next = keys.get(nth + 1).map_or(end, |(_, _, at)| *at);
        let text = page.text[value..next].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '{' | ';' | '['));
        let text = text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '}' | ';'));
        // The last value ends at its brace, whatever is pasted behind.
        let stop = if keys.get(nth + 1).is_none() { text.find('}').unwrap_or(text.len()) } else { text.len() };
        value + stop
    };
    let Some(led) = keys.iter().position(|(name, ..)| *name == "led") else { return };
    let (_, led_start, _) = keys[led];
    let led_end = value_end(led_start, led, &keys);
    let proxy = search::find(&lower[led_start..led_end], "outboundproxytarget").map_or(led_end, |n| led_start + n);
    let trimmed = page.text[led_start..proxy].trim_end();
    let led_end = led_start + trimmed.len();
    let mut said = blank(page, Source::Bundle, led_start, led_end);
    said::place(page.part, &page.text[led_start..led_end], led_start, &mut said);
    for (nth, (name, value, _)) in keys.iter().enumerate() {
        let text = &page.text[*value..value_end(*value, nth, &keys).max(*value)];
        let skip = text.len() - text.trim_start().len();
        let (text, value) = (text.trim(), value + skip);
        match *name {
            "fqdn" | "last attempted server name" | "lastattemptedservername" if said.host.is_none() => {
                let (text, value) = text.strip_prefix('[').map_or((text, value), |bare| (bare, value + 1));
                if let Some(length) = places::host_prefix(text).or_else(|| places::ip_prefix(text).map(|(_, l, _)| l)) {
                    said.host = Some(Seen { value: text[..length].to_string(), at: page.span(value, value + length) });
                }
            }
            "ip" | "last attempted ip" | "lastattemptedip" if said.ip.is_none() => {
                if let Some((ip, length, port)) = places::ip_prefix(text) {
                    said.ip = Some(Seen { value: ip, at: page.span(value, value + length) });
                    said.port = port.or(said.port);
                }
            }
            "lrt" if said.when.is_none() => {
                if let Some(date) = dates::slashed_at(text, 0) {
                    said.when = Some(Seen { value: When::Slashed(date), at: page.span(value, value + date.end) });
                } else if let Some(at) = dates::iso(text) {
                    said.when = Some(Seen { value: When::At(at), at: page.span(value, value + text.len().min(20)) });
                }
            }
            // The inner reply, where the LED did not bring it.
            "msg" if said.errors.is_empty() => said.errors = said::errors(page.part, text, value, true),
            _ => {}
        }
    }
    let behind = &page.lower[led_end..end];
    if said.host.is_none()
        && let Some(n) = search::find(behind, "outboundproxytargethostname:")
    {
        let at = led_end + n + "outboundproxytargethostname:".len();
        let at = at + (page.text[at..].len() - page.text[at..].trim_start().len());
        if let Some(length) = places::host_prefix(&page.text[at..end.max(at)]) {
            said.host = Some(Seen { value: page.text[at..at + length].to_string(), at: page.span(at, at + length) });
        }
    }
    if said.ip.is_none()
        && let Some(n) = search::find(behind, "outboundproxytargetip:")
    {
        let at = led_end + n + "outboundproxytargetip:".len();
        let at = at + (page.text[at..].len() - page.text[at..].trim_start().len());
        if let Some((ip, length, _)) = places::ip_prefix(&page.text[at..end.max(at)]) {
            said.ip = Some(Seen { value: ip, at: page.span(at, at + length) });
        }
    }
    said.when = said.when.take().or_else(|| stamp(page, start, end)).or_else(|| event_date(page, start));
    out.push(said);
}

/// `#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##` and `host #<host #5.7.1 smtp;530 5.7.1 …> #SMTP#`.
fn hash_lines(page: &Page<'_>, taken: &Ranges, out: &mut Vec<Said>) {
    let mut at = 0;
    for line in page.text.split_inclusive('\n') {
        let trimmed = line.trim();
        let is_hash = (trimmed.starts_with('#') && trimmed.ends_with('#') && trimmed.len() > 8)
            || (trimmed.ends_with('#') && has(trimmed, "#<"))
            || places::host_prefix(trimmed).is_some_and(|n| [" #4", " #5"].iter().any(|c| trimmed[n..].starts_with(c)))
            || (trimmed.starts_with('<') && trimmed.ends_with('>') && has(trimmed, " #5."))
            || (trimmed.starts_with('#') && trimmed.len() > 8 && trimmed.as_bytes()[1].is_ascii_digit());
        if is_hash && !taken.hold(at, at + 1) {
            let start = at + (line.len() - line.trim_start().len());
            let mut said = blank(page, Source::Returned, start, start + trimmed.len());
            if !said.errors.is_empty() {
                let bare = trimmed.trim_start_matches(['<', ' ']);
                if let Some(length) = places::host_prefix(bare) {
                    let skip = trimmed.len() - bare.len();
                    let host = &trimmed[skip..skip + length];
                    said.host =
                        Some(Seen { value: host.to_string(), at: page.span(start + skip, start + skip + length) });
                }
                out.push(said);
            }
        }
        at += line.len();
    }
}
