//! Diagnostic texts in running text and in SMTP dialogues, and what every diagnostic text tells: its errors, the
//! server it names, and the SMTP command that was answered.

use super::codes::{self, Strength, Token};
use super::{ErrorSeen, Label, Page, Said, Seen, Source, Span, fold, places};
use crate::order::{self, Key};
use crate::report::SmtpStage;
use crate::search::{self, Needles, Ranges, has};
use std::net::IpAddr;
use std::sync::OnceLock;

/// The longest diagnostic text that is taken from running text.
const LONGEST: usize = 1200;

/// The most errors that one diagnostic text may bring; what has more is no reply of a server.
const MOST: usize = 64;

/// The errors of one diagnostic text, outermost first. `base` is where `text` begins in its part; `whole` says that
/// the text is known to be a diagnostic, so that weak digits count where nothing better stands.
pub fn errors(part: usize, text: &str, base: usize, whole: bool) -> Vec<ErrorSeen> {
    let all = codes::find(text);
    let mut tokens: Vec<Token> = all.iter().copied().filter(|t| !is_success(t)).collect();
    // A report of success has nothing else.
    if tokens.is_empty() && whole {
        tokens.clone_from(&all);
    }
    if tokens.iter().any(|t| t.strength > Strength::Weak) || !whole {
        tokens.retain(|t| t.strength > Strength::Weak);
        // "550 Rejected by filter: 5.7.1 refused": the status stands further on in the reply's own words.
        if let [only] = tokens.as_mut_slice()
            && only.status.is_none()
            && let Some(status) = all.iter().find(|t| {
                t.start > only.end
                    && t.reply.is_none()
                    && t.status.is_some_and(|s| only.reply.is_some_and(|r| r / 100 == s.0))
            })
        {
            only.status = status.status;
        }
    }
    let mut kept: Vec<Token> = Vec::new();
    for token in tokens {
        match kept.last_mut() {
            // "550-5.7.26 first line 550 5.7.26 second line", "#5.7.1 smtp;530 5.7.1"
            Some(last) if same(last, &token) => {
                if last.reply.is_none() {
                    *last = token;
                }
            }
            _ => kept.push(token),
        }
    }
    let mut errors: Vec<ErrorSeen> = Vec::new();
    for (nth, token) in kept.iter().enumerate() {
        // "Mail rejected [506]": a number of the server's own.
        let in_brackets = text[..token.start].ends_with('[') && text[token.end..].starts_with(']');
        if in_brackets && token.status.is_none() && !errors.is_empty() {
            continue;
        }
        let end = kept.get(nth + 1).map_or(text.len(), |next| next.start);
        let words = fold(within_brackets(&text[token.start..end]));
        let words = words.trim_end_matches(['(', '[', '\'', '"', '<', '-', '>', ' ', '{', ';', ':', '#']);
        let words = words.strip_suffix("[Message=").unwrap_or(words).trim_end().to_string();
        // Old sendmail's "554 <ana@contoso.example>... 550 Host unknown": its own code only says that it gives up.
        if token.status.is_none() && words.ends_with("...") && nth + 1 < kept.len() {
            continue;
        }
        let error = ErrorSeen {
            reply: token.reply,
            status: token.status,
            at: Span::new(part, base + token.start, base + token.end),
            text: words,
        };
        // The same inner error is often repeated at the end, in brackets.
        let again = errors.iter().any(|e| e.reply == error.reply && e.status == error.status);
        if !again {
            errors.push(error);
        }
        if errors.len() == MOST {
            break;
        }
    }
    errors
}

fn is_success(token: &Token) -> bool {
    token.reply.is_some_and(|r| r < 400) || token.status.is_some_and(|s| s.0 == 2)
}

fn same(a: &Token, b: &Token) -> bool {
    (a.status == b.status && (a.reply == b.reply || a.reply.is_none()))
        || (a.reply.is_some() && a.reply == b.reply && (a.status.is_none() != b.status.is_none()) && b.status.is_none())
        || (a.reply == b.reply && a.status.is_some() && b.status.is_none())
}

/// Words before a host name, lower case, surest first; a `[…]` key may have spaces round its `=`.
const BEFORE_HOST: &[&str] = &[
    "lastattemptedservername",
    "last attempted server name",
    "{fqdn",
    "talking to ",
    "connect to ",
    "host ",
    " by ",
    "refused by ",
    "timed out with ",
    "host name:",
    "host, port:",
    "remote server at ",
    "organization rejected your message: ",
    "last endpoint attempted was ",
    "server for the recipient domain ",
    "connected to ",
    "connecting to ",
    "smtp error from remote server ",
    "remote host ",
    "lost connection with ",
    "conversation with ",
    "error from remote mail server at ",
    "relay=",
    "connection to ",
    "connection with ",
    "with any hosts:",
    "open with ",
    "transferring to ",
    "failure,",
    "hostname = ",
    "mta: ",
    "server ",
    "dns;",
    "remote-mta: ",
    "response from ",
    "remote server ",
    "server: '",
    "servidor: '",
    "the server ",
    "host:",
    "host=",
    "host\"",
    "records\"",
    "<fqdn-",
    " h=",
];

/// Words before an address, lower case.
const BEFORE_IP: &[&str] = &[
    "lastattemptedip",
    "last attempted ip",
    "{ip",
    "last endpoint attempted was ",
    "remote host: ",
    "connected to ",
    "giving up on ",
    "remotemtaip\"",
    "host: ",
    "remote server ",
    "smtp server ",
    "dial tcp ",
    "address: ",
];

/// Words behind a server's name or address that make it the one which spoke, lower case. Of the last five three are
/// qmail's, one is Domino's (`MX.CONTOSO.EXAMPLE; SMTP Protocol Returned`), one Yahoo's.
const AFTER_HOST: &[&str] = &[
    "rcpt to failed",
    "said",
    "says",
    "replied",
    "respond",
    "a répondu",
    "refused to talk",
    "gives error",
    "rejected your message",
    "rejected the message",
    "#5.",
    "#4.",
    "does not like ",
    "failed after i sent",
    "failed on data",
    "; smtp",
    "[body]",
];

/// Words that name the SMTP command that was answered, lower case, surest first.
const STAGES: &[(&str, SmtpStage)] = &[
    ("end of data", SmtpStage::Data),
    ("reply to data", SmtpStage::Data),
    (">>> data", SmtpStage::Data),
    ("after pipelined data", SmtpStage::Data),
    ("after data", SmtpStage::Data),
    ("sending message body", SmtpStage::Data),
    ("reply to rcpt to", SmtpStage::Rcpt),
    ("after rcpt to", SmtpStage::Rcpt),
    ("after pipelined rcpt", SmtpStage::Rcpt),
    ("during rcpt", SmtpStage::Rcpt),
    (">>> rcpt to", SmtpStage::Rcpt),
    ("at rcpt to", SmtpStage::Rcpt),
    ("reply to mail from", SmtpStage::Mail),
    ("after mail from", SmtpStage::Mail),
    ("after pipelined mail", SmtpStage::Mail),
    ("during mail from", SmtpStage::Mail),
    (">>> mail from", SmtpStage::Mail),
    ("reply to auth", SmtpStage::Auth),
    ("authentication unsuccessful", SmtpStage::Auth),
    ("reply to starttls", SmtpStage::Starttls),
    ("starttls is required", SmtpStage::Starttls),
    ("tls negotiation failed", SmtpStage::Starttls),
    ("after starttls", SmtpStage::Starttls),
    ("subjectmismatch", SmtpStage::Starttls),
    ("certificateexpired", SmtpStage::Starttls),
    ("untrustedroot", SmtpStage::Starttls),
    ("reply to ehlo", SmtpStage::Ehlo),
    ("reply to helo", SmtpStage::Ehlo),
    ("after ehlo", SmtpStage::Ehlo),
    ("after helo", SmtpStage::Ehlo),
    (">>> ehlo", SmtpStage::Ehlo),
    ("while performing the ehlo handshake", SmtpStage::Ehlo),
    ("while performing the helo handshake", SmtpStage::Ehlo),
    ("initial connection", SmtpStage::Connect),
    ("initial server greeting", SmtpStage::Connect),
    ("failed to connect", SmtpStage::Connect),
    ("connection refused", SmtpStage::Connect),
    ("connection timed out", SmtpStage::Connect),
    ("socket error code 100", SmtpStage::Connect),
];

/// How many words stand before those of `STAGES` in the one list.
const BEFORE_STAGE: usize = BEFORE_HOST.len() + BEFORE_IP.len() + AFTER_HOST.len();

/// Finds the far server and the SMTP command in `text`, which begins at `base` of its part.
pub fn place(part: usize, text: &str, base: usize, said: &mut Said) {
    let lower = text.to_ascii_lowercase();
    let span = |start: usize, end: usize| Span::new(part, base + start, base + end);
    let (anchors, words) = anchors();
    // By anchor, surest first, then in the order of the text.
    let mut found: Vec<(usize, usize)> =
        anchors.find(lower.as_bytes()).into_iter().map(|(at, nth)| (nth, at)).collect();
    order::sort(&mut found, Key::key);
    let of = |from: usize, count: usize| {
        let first = found.partition_point(|(nth, _)| *nth < from);
        let end = found.partition_point(|(nth, _)| *nth < from + count);
        found[first..end].chunk_by(|a, b| a.0 == b.0)
    };
    for places in of(0, BEFORE_HOST.len()) {
        if said.host.is_some() && said.ip.is_some() {
            break;
        }
        let anchor = words[places[0].0];
        let key = anchor.ends_with("name") || anchor.starts_with('{');
        for &(_, found) in places {
            let before = found.checked_sub(1).map(|i| lower.as_bytes()[i]);
            if !anchor.starts_with([' ', '{']) && before.is_some_and(|b| b.is_ascii_alphanumeric()) {
                continue;
            }
            // "Client host [192.0.2.7] blocked" speaks of the sender's own server.
            // "Client host" is the near one, and so is `"reportingMTA": "dns; …"`.
            let near = |words: &str| lower[..found].trim_end_matches(['"', ' ', ':']).ends_with(words);
            if anchor == "host " && near("client") || near("reportingmta") {
                continue;
            }
            // What sends its log as GELF names itself.
            if anchor == "host\"" && has(&lower, "\"short_message\"") {
                continue;
            }
            // "S3_ALIAS_HOST=" is a setting of something else; Exim's "H=(desk)" is what a client calls itself.
            if before == Some(b'_') && anchor.starts_with("host") && !near("smtp_") && !near("mail_")
                || lower[found..].starts_with(" h=(")
            {
                continue;
            }
            let Some(at) = value_at(text, found + anchor.len(), key) else { continue };
            let rest = &text[at..];
            // JavaMail's "host: mailhub, port: 25" and "host, port: mailhub, 25"
            let single = || {
                let end = rest.find(|c| !is_name(c)).filter(|n| *n > 0 && anchor.starts_with("host"))?;
                [", port: ", ", 25;", ", 587;"].iter().any(|port| rest[end..].starts_with(port)).then_some(end)
            };
            let host = places::host_prefix(rest).or_else(single);
            if host.is_none() && !key {
                // "connect to [192.0.2.7]:25", "host 192.0.2.7[192.0.2.7] said"
                if let Some((ip, length, port)) =
                    places::ip_prefix(rest).filter(|_| said.ip.is_none() && anchor != "server ")
                {
                    said.ip = Some(Seen { value: ip, at: span(at, at + length) });
                    said.port = port.or(said.port);
                    // "192.0.2.7 (mx.contoso.example)"
                    if let Some(name) = rest[length..].strip_prefix(" (")
                        && let Some(named) = places::host_prefix(name).filter(|_| said.host.is_none())
                    {
                        let at = at + length + 2;
                        said.host = Some(Seen { value: name[..named].to_string(), at: span(at, at + named) });
                    }
                }
                continue;
            }
            let Some(length) = host.or_else(|| places::ip_prefix(rest).map(|(_, length, _)| length)) else { continue };
            // A name that a line end cuts is not whole.
            if key && rest[length..].trim_start_matches('.').starts_with('\n') {
                continue;
            }
            if said.host.is_none() && !(anchor.len() < 9 && anchor.ends_with(' ') && !tells_host(&lower, at + length)) {
                said.host = Some(Seen { value: rest[..length].to_string(), at: span(at, at + length) });
                let gap =
                    rest[length..].len() - rest[length..].trim_start_matches(['.', ' ', '(', '[', ':', '*']).len();
                let after = &rest.as_bytes()[length..];
                let key = rest[length + gap..].starts_with("ip=");
                let bracket = after[..gap].iter().any(|b| matches!(b, b'(' | b'[')) || key;
                let gap = gap + places::far_end(&rest[length + gap..]).unwrap_or(if key { 3 } else { 0 });
                if said.ip.is_none()
                    && bracket
                    && let Some((ip, ip_length, port)) = places::ip_prefix(&rest[length + gap..])
                {
                    let start = at + length + gap;
                    said.ip = Some(Seen { value: ip, at: span(start, start + ip_length) });
                    said.port = port.or_else(|| port_after(&rest[length + gap + ip_length..]));
                }
            }
        }
    }
    for (nth, found) in of(BEFORE_HOST.len(), BEFORE_IP.len()).flatten().copied() {
        let anchor = words[nth];
        if let Some(at) = value_at(text, found + anchor.len(), !anchor.ends_with(' '))
            && let Some((ip, length, port)) = places::ip_prefix(&text[at..])
        {
            // A key such as LastAttemptedIP says it outright.
            if said.ip.is_none() || anchor.starts_with("last") {
                // A bare IPv6 address with its port: "2001:db8::1:25".
                let bare = &text[at..at + length];
                let split = bare
                    .strip_suffix(":25")
                    .filter(|_| ip.is_ipv6() && !bare.starts_with('['))
                    .and_then(|b| Some((b.parse().ok()?, b.len())));
                let (ip, length, port) = split.map_or((ip, length, port), |(ip, length)| (ip, length, Some(25)));
                said.ip = Some(Seen { value: ip, at: span(at, at + length) });
                said.port = port.or(said.port);
            }
            break;
        }
    }
    for (_, at) in of(BEFORE_HOST.len() + BEFORE_IP.len(), AFTER_HOST.len()).flatten() {
        if said.host.is_none() || said.ip.is_none() {
            speaker(text, *at, &span, said);
        }
    }
    if said.host.is_none() || said.ip.is_none() {
        in_brackets(text, &span, said);
    }
    if said.host.is_none() {
        with_port(text, &span, said);
    }
    if said.smtp_stage.is_none() {
        let first = of(BEFORE_STAGE, STAGES.len()).next();
        said.smtp_stage = first.map(|places| STAGES[places[0].0 - BEFORE_STAGE].1);
    }
}

/// All words that `place` looks for, in one list: before a host, before an address, behind either, of a command.
fn anchors() -> &'static (Needles, Vec<&'static str>) {
    static ANCHORS: OnceLock<(Needles, Vec<&'static str>)> = OnceLock::new();
    ANCHORS.get_or_init(|| {
        let stages = STAGES.iter().map(|(words, _)| words);
        let words = BEFORE_HOST.iter().chain(BEFORE_IP).chain(AFTER_HOST).chain(stages);
        let words: Vec<&'static str> = words.copied().collect();
        (Needles::new(words.iter().copied()), words)
    })
}

/// The server that stands before the word at `end`: `mx.example[192.0.2.7] said`, `<mx.example #5.7.1`.
fn speaker(text: &str, end: usize, span: &dyn Fn(usize, usize) -> Span, said: &mut Said) {
    let trim = |text: &str| text.trim_end_matches([' ', '\n', '.', '\'', '"', ':']).len();
    let mut at = trim(&text[..end]);
    if at == end && !text[end..].starts_with(';') {
        return;
    }
    let mut found = None;
    if let Some(inner) = text[..at].strip_suffix([']', ')'])
        && let Some(open) = inner.rfind(['[', '('])
    {
        let address = places::ip_prefix(&text[open + 1..at]);
        found = address.map(|(ip, length, _)| Seen { value: ip, at: span(open + 1, open + 1 + length) });
        at = trim(&text[..open]);
    }
    let start =
        text[..at].rfind(|c: char| !is_name(c)).map_or(0, |n| n + text[n..].chars().next().map_or(1, char::len_utf8));
    let word = &text[start..at];
    let before = text[..start].chars().next_back();
    if let Ok(ip) = word.parse() {
        found = found.or(Some(Seen { value: IpAddr::V4(ip), at: span(start, at) }));
    } else if said.host.is_none() && places::is_host(word) && !matches!(before, Some('@' | '/')) {
        said.host = Some(Seen { value: word.to_string(), at: span(start, at) });
    }
    // An address belongs to the name beside it.
    if said.ip.is_none() && said.host.as_ref().is_none_or(|h| h.value == word) {
        said.ip = found;
    }
}

/// What a host's name is made of.
fn is_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_')
}

/// A host and its address side by side: `[mx.example 192.0.2.7: timed out]`, `mx.example:[192.0.2.7]`, `mx.example[192.0.2.7]:25`.
fn in_brackets(text: &str, span: &dyn Fn(usize, usize) -> Span, said: &mut Said) {
    let bytes = text.as_bytes();
    // The sign between the two: a bracket, or a blank inside a bracket.
    for at in memchr::memchr3_iter(b'[', b'(', b' ', bytes) {
        let mut end = at;
        while end > 0 && matches!(bytes[end - 1], b' ' | b':' | b'.' | b',') && at - end < 2 {
            end -= 1;
        }
        let start = (0..end).rev().take_while(|i| is_name(bytes[*i].into())).last().unwrap_or(end);
        let host = &text[start..end];
        let Some((ip, length, port)) = places::ip_prefix(&text[at + 1..]).filter(|_| places::is_host(host)) else {
            continue;
        };
        let after = &text[at + 1 + length..];
        let closes = match bytes[at] {
            b' ' if text[..start].ends_with(['[', '(']) => after.starts_with([':', ']', ')']),
            b' ' => after.starts_with(": "),
            _ => after.starts_with([']', ')']),
        };
        // "<mx.contoso.example[192.0.2.7]>: Client host rejected" names the sender's own server, as does "mx.contoso.example
        // [192.0.2.7]:38229": a client's port is a high one.
        let client = after.starts_with("]>: Client host") || port_after(after).is_some_and(|port| port > 30_000);
        if !closes || text[..start].ends_with('@') || client {
            continue;
        }
        if said.host.is_none() {
            said.host = Some(Seen { value: host.to_string(), at: span(start, end) });
        }
        if said.ip.is_none() && said.host.as_ref().is_some_and(|h| h.value == host) {
            said.ip = Some(Seen { value: ip, at: span(at + 1, at + 1 + length) });
            said.port = port.or_else(|| port_after(after));
        }
        return;
    }
}

/// A host or an address with a port of SMTP: `smtp.example:587`, as a device or a script notes it.
fn with_port(text: &str, span: &dyn Fn(usize, usize) -> Span, said: &mut Said) {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b':', bytes) {
        let digits = bytes[at + 1..].iter().take_while(|b| b.is_ascii_digit()).count();
        let port = &text[at + 1..at + 1 + digits];
        if !["25", "465", "587", "2525"].contains(&port) {
            continue;
        }
        let start = (0..at).rev().take_while(|i| is_name(bytes[*i].into())).last().unwrap_or(at);
        let word = &text[start..at];
        let ip = word.parse().ok().filter(|_| said.ip.is_none());
        if let Some(ip) = ip {
            said.ip = Some(Seen { value: IpAddr::V4(ip), at: span(start, at) });
        } else if places::is_host(word) {
            said.host = Some(Seen { value: word.to_string(), at: span(start, at) });
        } else {
            continue;
        }
        said.port = port.parse().ok();
        return;
    }
}

/// Whether the words after a host say that it is the far server, for anchors that are common words.
fn tells_host(lower: &str, after: usize) -> bool {
    let rest = lower[after..].trim_start_matches(['.', '\'', '"', '>']);
    let words = rest.trim_start();
    // "server mx.contoso.example odpověděl: 550 …": a reply follows, in whatever language.
    let near = rest.lines().next().unwrap_or_default();
    let reply = search::parted(near, ": ")
        .is_some_and(|(words, reply)| words.split_whitespace().count() < 3 && reply.starts_with(['2', '4', '5']));
    [" [", " (", "[", ":25"].iter().any(|sign| rest.starts_with(sign))
        || ["said", "says", "refused", "rejected", "answered", "replied", "is not responding"]
            .iter()
            .any(|verb| words.starts_with(verb))
        || reply
}

/// The place of a value after its key: past `=`, `:` and spaces. A key must have one, a word need not.
fn value_at(text: &str, at: usize, key: bool) -> Option<usize> {
    let rest = &text[at..];
    let skipped = rest.len() - rest.trim_start_matches([' ', '=', ':', '\n', '\t', '[', '<', '(', '"', '\'']).len();
    let had_sign = rest[..skipped].contains(['=', ':']);
    if key && !had_sign {
        return None;
    }
    // ip_prefix wants the bracket of an IPv6 address
    Some(at + skipped)
}

fn port_after(rest: &str) -> Option<u16> {
    let digits = rest.trim_start_matches([']', ')']).strip_prefix(':')?;
    digits[..digits.bytes().take_while(u8::is_ascii_digit).count()].parse().ok()
}

/// Reads what stands in running text and transcripts, outside the `claimed` ranges and the texts found before.
pub fn read(
    page: &Page<'_>,
    claimed: &[(usize, usize)],
    labels: &[(Label, Seen<String>)],
    first: usize,
    out: &mut Vec<Said>,
) {
    let found = out[first..].iter().map(|s| (s.at.start as usize, s.at.end as usize));
    let mut taken = Ranges::of(claimed.iter().copied().chain(found).collect());
    for (label, seen) in labels {
        let (start, end) = (seen.at.start as usize, seen.at.end as usize);
        if matches!(label, Label::LastError | Label::ReportedError) && !within(&taken, start) {
            out.push(make(page, Source::Label, start, end, (start, end)));
            taken.add(start, end);
        }
    }
    for token in codes::find(page.text) {
        // A success is no error.
        if token.strength == Strength::Weak || is_success(&token) || within(&taken, token.start) {
            continue;
        }
        let (start, end) = extent(page, &token, &taken);
        // ">>> RCPT" is what was asked, not what was answered.
        if page.lower[start..end].starts_with(">>>") {
            continue;
        }
        let context = (paragraph_start(page, start), end);
        let asked = page.lower[..start].trim_end();
        // InterScan turns the signs round.
        let source = match asked.ends_with("<<<") || asked.ends_with("received >>>") {
            true => Source::Transcript,
            false => Source::Line,
        };
        out.push(make(page, source, start, end, context));
        taken.add(start, end);
    }
}

fn within(taken: &Ranges, at: usize) -> bool {
    taken.hold(at, at + 1)
}

fn make(page: &Page<'_>, source: Source, start: usize, end: usize, context: (usize, usize)) -> Said {
    let text = &page.text[start..end];
    let mut said = Said {
        source,
        at: page.span(start, end),
        text: fold(text),
        errors: errors(page.part, text, start, true),
        when: None,
        host: None,
        ip: None,
        port: None,
        smtp_stage: None,
    };
    // The line itself first: the one above may be about another server.
    let line = page.line(start).0.max(context.0);
    place(page.part, &page.text[line..context.1], line, &mut said);
    if said.host.is_none() || said.ip.is_none() && line > context.0 {
        // An address belongs to the name beside it: "554 no name for 192.0.2.7" tells of another than the host above.
        let (ip, port) = if said.host.is_none() { (said.ip.take(), said.port.take()) } else { (None, None) };
        let mut wider = said.clone();
        place(page.part, &page.text[context.0..context.1], context.0, &mut wider);
        if said.host.is_none() || wider.host == said.host {
            said = wider;
        }
        if said.ip.is_none() {
            (said.ip, said.port) = (ip, port.or(said.port));
        }
    }
    // "ana@contoso.example: [192.0.2.7], 550 No such user"
    let before = page.text[line..start].trim_end_matches([' ', ',', ':', ']']);
    let word = before.rfind(' ').map_or(0, |n| n + 1);
    let skipped = usize::from(before[word..].starts_with('['));
    if said.host.is_none()
        && said.ip.is_none()
        && let Ok(ip) = before[word + skipped..].parse()
    {
        said.ip = Some(Seen { value: ip, at: page.span(line + word + skipped, line + before.len()) });
    }
    // Telnet names the address on a line above the name.
    let tried =
        |page: &Page<'_>| has(&page.lower[page.text.floor_char_boundary(start.saturating_sub(1024))..start], "trying ");
    if (said.host.is_none() || said.ip.is_none() && tried(page)) && page.text.len() < SESSION {
        let mut opened = Said { host: None, ip: None, ..said.clone() };
        session(page, start, &mut opened);
        // An address belongs to the name beside it.
        let same = said.ip.is_none() && opened.host == said.host;
        if said.host.is_none() || same {
            said = Said { ip: said.ip.or(opened.ip), host: opened.host, port: said.port.or(opened.port), ..said };
        }
    }
    // A server signs what it answers: "… AS(201806281) [AM7EUR03FT021.eop-EUR03.prod.protection.outlook.com]"
    if said.host.is_none()
        && let Some(end) = text.rfind(']')
        && let Some(open) = text[..end].rfind('[')
        && !text[end + 1..].trim_start().starts_with(|c: char| c.is_alphanumeric())
    {
        // Beside the time, where Gmail passes on what a server of Microsoft's answered.
        let all = &text[open + 1..end];
        let asked = || {
            has(&page.lower[page.text.floor_char_boundary(start.saturating_sub(120))..start], "the remote server was")
        };
        let name = search::parted(all, " 20").filter(|_| asked()).map_or(all, |(name, _)| name);
        let end = open + 1 + name.len();
        said.host = (places::is_host(name) && name.split('.').count() > 2)
            .then(|| Seen { value: name.to_string(), at: page.span(start + open + 1, start + end) })
            .filter(|_| !["for", "from", "host", "domain"].iter().any(|word| text[..open].trim_end().ends_with(word)));
    }
    said
}

/// The longest text that is taken for one session by hand.
const SESSION: usize = 64 * 1024;

/// The server of a session, which stands in the lines that opened it: `Connected to mx.contoso.example.` (telnet,
/// curl, swaks), `openssl s_client -connect mx.contoso.example:465`, `Connecting to 192.0.2.7:25`; or it greets.
fn session(page: &Page<'_>, start: usize, said: &mut Said) {
    let from = page.text.floor_char_boundary(start.saturating_sub(4096));
    let block = search::last(&page.lower[from..start], "\n\n").map_or(from, |n| from + n);
    let opening = ["connected to ", "connection to ", "connecting to ", "trying ", "-connect ", "opening to ", "host "];
    for anchor in opening.into_iter().chain(["220 ", "250-"]) {
        let (mut host, mut ip) = (None, None);
        for found in search::places(&page.lower[from..start], anchor) {
            let found = from + found;
            let before = &page.lower[page.line(found).0..found];
            let opens = found >= block || anchor.starts_with('-') || before.bytes().all(|b| !b.is_ascii_alphanumeric());
            let Some(at) = value_at(page.text, found + anchor.len(), false).filter(|_| opens) else { continue };
            let rest = &page.text[at..];
            if let Some(length) = places::host_prefix(rest) {
                host = Some(Seen { value: rest[..length].to_string(), at: page.span(at, at + length) });
            } else if let Some((value, length, port)) = places::ip_prefix(rest) {
                ip = Some((Seen { value, at: page.span(at, at + length) }, port));
            }
        }
        said.host = said.host.take().or(host);
        if let (None, Some((ip, port))) = (&said.ip, ip) {
            (said.ip, said.port) = (Some(ip), port);
        }
    }
}

/// Where the diagnostic text round a code begins and ends.
fn extent(page: &Page<'_>, token: &Token, taken: &Ranges) -> (usize, usize) {
    let (line_start, line_end) = page.line(token.start);
    let before = page.text[line_start..token.start].trim();
    // "Sorry, no mailbox here by that name. (#5.1.1)": the words stand before the code.
    // A log has one delivery on a line.
    let start = if before.ends_with("dsn=") {
        line_start
    } else if token.reply.is_none() && before.len() > 3 && !before.ends_with(':') {
        let mut start = line_start;
        while start > 0 && line_start - start < 300 {
            let (previous, previous_end) = page.line(start - 1);
            let line = page.text[previous..previous_end].trim();
            if line.is_empty() || line.ends_with(':') || is_heading(line) {
                break;
            }
            start = previous;
        }
        start
    } else {
        token.start
    };
    let mut end = line_end;
    while end < page.text.len() && end - start < LONGEST {
        let (next, next_end) = page.line(end + 1);
        let line = &page.text[next..next_end];
        let trimmed = line.trim();
        // "550-first line" goes on; "550 5.1.1" under "550 5.7.1" is another error.
        let open = page.text.as_bytes().get(token.start + 3) == Some(&b'-');
        let next_code = codes::find(line).into_iter().next();
        let multi_line = token.reply.is_some_and(|r| trimmed.starts_with(&r.to_string()))
            && (open || next_code.is_some_and(|t| t.status.is_none() || t.status == token.status));
        // "said: 451 4.3.0\n    <ana@contoso.example>: Temporary lookup failure": the reply repeats its recipient.
        let repeats = search::parted(trimmed, ">: ").is_some_and(|(name, _)| {
            name.starts_with('<') && has(&page.text[paragraph_start(page, token.start)..token.start], name)
        });
        let stop = trimmed.is_empty()
            || within(taken, next)
            || is_heading(trimmed) && !repeats
            || trimmed.starts_with("---")
            || trimmed.starts_with("<<<")
            || trimmed.starts_with(">>>")
            || trimmed.starts_with("...")
            // The next queue of a table: "MBX01\\15 Retry"
            || trimmed.split(' ').next().is_some_and(|word| word.contains('\\'))
            || names_server(trimmed)
            || (!multi_line
                && codes::find(line).iter().any(|t| {
                    let name = line[..t.start].trim();
                    let other = name.contains('@') || (t.reply, t.status) != (token.reply, token.status);
                    t.strength == Strength::Strong && (name.is_empty() || other && is_item(name) && is_item(before))
                }));
        if stop {
            break;
        }
        end = next_end;
        if end == page.text.len() {
            break;
        }
    }
    (start, end.min(page.text.len()))
}

/// What stands before one of several replies, each on a line of its own: a device, a recipient, a number, a list's sign.
fn is_item(name: &str) -> bool {
    name.len() < 48
        && (matches!(name.chars().next_back(), Some(':' | '.' | ')' | '-' | '*' | '\u{2022}' | '"'))
            || places::is_address(name))
}

/// A line of a system's log: it begins with its date, or tells Postfix's recipient; it is a whole of its own.
pub fn is_log_line(line: &str) -> bool {
    let months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
    let stamp = |line: &str| line.get(..3).is_some_and(|m| has(months, m)) && line.as_bytes().get(3) == Some(&b' ');
    // A container's name may stand before it.
    let line = search::find(line, "| ").filter(|at| *at < 40).map_or(line, |at| &line[at + 2..]);
    let iso = |head: &str| head.starts_with("20") && head[4..].starts_with('-') && head[13..].starts_with(':');
    line.get(..16).is_some_and(|head| head.is_ascii() && iso(head))
        || stamp(line) && line.get(..16).is_some_and(|head| head.matches(':').count() == 2)
        || has(line, ": to=<")
}

/// A reply's words up to where the bracket closes that it stands in: `421 4.3.2 Not available] [LastAttempted…`.
fn within_brackets(words: &str) -> &str {
    let mut open = 0;
    let close = words.bytes().position(|b| {
        open += i32::from(matches!(b, b'[' | b'{')) - i32::from(matches!(b, b']' | b'}'));
        open < 0
    });
    let words = &words[..close.unwrap_or(words.len())];
    words.strip_suffix(')').filter(|_| !words.contains('(')).unwrap_or(words)
}

/// A line that names a recipient or a label, and so opens something new.
pub fn is_heading(line: &str) -> bool {
    let bare = line.trim_matches(['<', '>', ':', ' ', '(', ')', '\'', '"', '*']);
    let first = line.split_whitespace().next().unwrap_or("");
    places::is_address(bare)
        || line.starts_with("[Status: ")
        || line.starts_with("DSN ")
        // Chasquid's `- "ana@contoso.example" (EMAIL) failed permanently with error:`
        || line.starts_with("- ") && line.ends_with(':')
        // GroupWise's "ana@contoso.example (550 no such user)"
        || (has(line, " Address, ERROR_CODE ") || line[first.len()..].starts_with(" (")) && places::is_address(first)
        || (first.ends_with([':', ',']) && places::is_address(first.trim_matches(['<', '>', ':', ',', '(', ')', '*'])))
        || (line.starts_with('<') && line.ends_with(">:"))
        || line.contains('|') && line.split('|').any(|cell| places::is_address(cell.trim()))
        || is_log_line(line)
        || search::find(line, ": ").is_some_and(|at| {
            let name = &line[..at];
            name.len() < 30
                && name.contains('-')
                && !name.contains(' ')
                && name.bytes().next().is_some_and(|b| b.is_ascii_uppercase())
        })
}

/// Sendmail's line above the replies of one server: `... while talking to mx.contoso.example.:`.
fn names_server(line: &str) -> bool {
    has(line, "hile talking to ")
}

/// The beginning of the paragraph that a diagnostic text belongs to: where its server is named.
fn paragraph_start(page: &Page<'_>, at: usize) -> usize {
    let mut start = page.line(at).0;
    let mut lines = 0;
    while start > 0 && lines < 10 && at - start < 900 {
        let (previous, previous_end) = page.line(start - 1);
        let line = page.text[previous..previous_end].trim();
        let blank = line.is_empty();
        // "The error that the other server returned was:" stands apart from the sentence that names the server.
        // "host mx.contoso.example[192.0.2.7] said:" names it itself.
        let above = page.text[start..page.line(at).0].trim_end();
        let introduced = blank && lines == 1 && above.ends_with(':') && !above.ends_with("said:");
        // A transcript's "while talking to" stands above its replies.
        if blank && lines > 0 && !introduced {
            break;
        }
        start = previous;
        lines += usize::from(!blank);
        // What stands above a recipient's own line is about another.
        if names_server(line) || places::is_address(line) {
            break;
        }
    }
    start
}
