//! Finds SMTP replies (RFC 5321 §4.2) and enhanced status codes (RFC 3463) in text.

use crate::catalog::Code;
use crate::search::has;

/// How much the surroundings say that these digits are a code and not a version, a price or an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Digits of the right shape in running text.
    Weak,
    /// Set off as a code: in brackets, after `#`, after a word such as "error".
    Marked,
    /// A reply at the start of a line or quote, or a reply and a status side by side.
    Strong,
}

/// One code as it stands in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Byte range of the digits, both codes where there are two.
    pub start: usize,
    pub end: usize,
    pub reply: Option<u16>,
    pub status: Option<Code>,
    /// Where the status begins, for its own mark.
    pub status_start: usize,
    pub strength: Strength,
}

/// An enhanced status code at `at`: `(code, end)`.
pub fn status_at(bytes: &[u8], at: usize) -> Option<(Code, usize)> {
    let class = match bytes.get(at)? {
        b'2' => 2,
        b'4' => 4,
        b'5' => 5,
        _ => return None,
    };
    if bytes.get(at + 1) != Some(&b'.') {
        return None;
    }
    let (subject, end) = number(bytes, at + 2)?;
    if bytes.get(end) != Some(&b'.') {
        return None;
    }
    let (detail, end) = number(bytes, end + 1)?;
    match bytes.get(end) {
        // A word may be glued to it: "Status: 4.4.1Diagnostic-Code:".
        Some(b'A'..=b'Z') if bytes.get(end + 1).is_some_and(u8::is_ascii_lowercase) => {
            Some(((class, subject, detail), end))
        }
        Some(b) if b.is_ascii_alphanumeric() || *b == b'_' || *b == b'@' => None,
        Some(b'.' | b'-' | b'/') if bytes.get(end + 1).is_some_and(u8::is_ascii_digit) => None,
        _ => Some(((class, subject, detail), end)),
    }
}

/// Up to three digits; a leading zero stands alone.
fn number(bytes: &[u8], at: usize) -> Option<(u16, usize)> {
    let digits = bytes[at.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits > 3 || (digits > 1 && bytes[at] == b'0') {
        return None;
    }
    let value = bytes[at..at + digits].iter().fold(0, |n, b| n * 10 + u16::from(b - b'0'));
    Some((value, at + digits))
}

/// An SMTP reply code at `at`: 2yz to 5yz with y up to 5, and 3 digits alone.
fn reply_at(bytes: &[u8], at: usize) -> Option<u16> {
    let [a @ (b'2' | b'4' | b'5'), b @ b'0'..=b'5' | b @ b'7', c @ b'0'..=b'9'] =
        bytes.get(at..at + 3)?.first_chunk::<3>()?
    else {
        return None;
    };
    if bytes
        .get(at + 3)
        .is_some_and(|n| n.is_ascii_alphanumeric() || *n == b'.' && bytes.get(at + 4).is_some_and(u8::is_ascii_digit))
    {
        return None;
    }
    let reply = u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0');
    // 401 to 409 belong to the web, not to mail; Exchange writes 400.
    (!(401..=409).contains(&reply)).then_some(reply)
}

/// Every code in `text`, in order.
pub fn find(text: &str) -> Vec<Token> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = memchr::memchr3(b'2', b'4', b'5', &bytes[at..]) {
        let start = at + step;
        at = start + 1;
        let before = start.checked_sub(1).map(|i| bytes[i]);
        if before.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'@' | b'_' | b'/' | b'%' | b'+'))
            && !(before == Some(b'n') && start > 1 && bytes[start - 2] == b'\\')
        {
            continue;
        }
        // "1-2-4.4.1", dates and ranges
        if before == Some(b'-')
            && start > 1
            && bytes[start - 2].is_ascii_alphanumeric()
            && !after_reply(bytes, start - 1)
        {
            continue;
        }
        if let Some((code, end)) = status_at(bytes, start) {
            if code.0 != 2 || marked(bytes, start) {
                let strength = match marked(bytes, start) || alone_on_line(bytes, start, end) {
                    true => Strength::Marked,
                    false => Strength::Weak,
                };
                found.push(Token { start, end, reply: None, status: Some(code), status_start: start, strength });
            }
            at = end;
            continue;
        }
        let Some(reply) = reply_at(bytes, start) else { continue };
        let end = start + 3;
        // "550 5.1.1", "550-5.7.1", "550 #5.1.0", "554 (5.7.1)", "550 [5.1.1]", "550:5.2.1", "smtp;550 5.1.1"
        let mut next = end;
        while bytes
            .get(next)
            .is_some_and(|b| matches!(b, b' ' | b'-' | b'#' | b'(' | b'[' | b':' | b'\t' | b',' | b';'))
            && next < end + 5
        {
            next += 1;
        }
        // Zoho's "ERROR_CODE :550, ERROR_CODE :5.1.1"
        if bytes[next..].starts_with(b"ERROR_CODE :") {
            next += "ERROR_CODE :".len();
        }
        if next > end
            && let Some((code, status_end)) = status_at(bytes, next)
            && (u16::from(bytes[start] - b'0') == code.0 || reply >= 400 && code.0 >= 4)
        {
            let strength = Strength::Strong;
            found.push(Token {
                start,
                end: status_end,
                reply: Some(reply),
                status: Some(code),
                status_start: next,
                strength,
            });
            at = status_end;
            continue;
        }
        let strength = reply_strength(bytes, start, end);
        if strength > Strength::Weak {
            found.push(Token { start, end, reply: Some(reply), status: None, status_start: start, strength });
            at = end;
        }
    }
    found
}

/// Whether the three digits before `dash` are a reply: `550-5.7.1`.
fn after_reply(bytes: &[u8], dash: usize) -> bool {
    dash >= 3 && reply_at(bytes, dash - 3).is_some() && !(dash >= 4 && bytes[dash - 4].is_ascii_alphanumeric())
}

/// Words that stand before a code that is meant as one, lower case.
const WORDS_BEFORE: &[&str] = &[
    "code",
    "error",
    "status",
    "smtp;",
    "said:",
    "said",
    "returned",
    "state",
    "reply:",
    "response:",
    "responded:",
    "smtp:",
    "reason:",
    "fehler",
    "error:",
    "código",
    "code:",
    "code\":",
    " code=",
    "exception:",
    "status:",
    "dsn=",
    "stat=",
    "failed:",
    "dsn:",
    "was:",
    "server:",
    "mailer:",
    "smtp",
    "led=",
    "msg=",
    "message=",
    "error=",
    "transient:",
    "permanent:",
    "ndr",
    "detail:",
];

/// Whether a status code is set off from running text.
fn marked(bytes: &[u8], start: usize) -> bool {
    match start.checked_sub(1).map(|i| bytes[i]) {
        None => return true,
        Some(b'#' | b'(' | b'[' | b'"' | b'\'' | b'<' | b'{' | b'`') => return true,
        _ => {}
    }
    let line = line_start(bytes, start);
    let before = &bytes[line..start];
    if before.iter().all(|b| b.is_ascii_whitespace() || matches!(b, b'-' | b'*')) {
        return true;
    }
    let lower = before[before.len().saturating_sub(40)..].to_ascii_lowercase();
    let trimmed = lower.trim_ascii_end();
    // "The server replied: 5.1.1 <ana@contoso.example>: unknown", in any language.
    let addressed = || {
        let rest = &bytes[start..bytes.len().min(start + 16)];
        // "ana@contoso.example: 4.4.2 connection dropped"
        let word = trimmed.rsplit(|b| *b == b' ').next().unwrap_or_default();
        trimmed.ends_with(b":") && (word.contains(&b'@') || has(rest, " <"))
    };
    trimmed.ends_with(b"->") || addressed() || after_word(trimmed)
}

/// Whether a word that announces a code ends here: "code", "code:", "code :".
fn after_word(before: &[u8]) -> bool {
    let bare = before.strip_suffix(b" :").or(before.strip_suffix(b" =")).unwrap_or(before);
    WORDS_BEFORE.iter().any(|w| bare.ends_with(w.as_bytes()))
}

/// How much of a line is looked at before and behind a code.
const NEAR: usize = 512;

fn alone_on_line(bytes: &[u8], start: usize, end: usize) -> bool {
    let line = line_start(bytes, start);
    let near = bytes.len().min(end + NEAR);
    let line_end = memchr::memchr(b'\n', &bytes[end..near]).map_or(near, |n| end + n);
    bytes[line..start].iter().chain(&bytes[end..line_end]).all(|b| !b.is_ascii_alphanumeric())
}

/// Where the line of `at` begins, or what is near of it.
fn line_start(bytes: &[u8], at: usize) -> usize {
    let from = at.saturating_sub(NEAR);
    memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |n| from + n + 1)
}

/// How sure it is that three digits are a reply: what stands before and after decides.
fn reply_strength(bytes: &[u8], start: usize, end: usize) -> Strength {
    let line = line_start(bytes, start);
    let before = &bytes[line..start];
    let lower = before[before.len().saturating_sub(60)..].to_ascii_lowercase();
    let trimmed = lower.trim_ascii_end();
    let follows = bytes.get(end).copied();
    let text_follows = match follows {
        None | Some(b'\n' | b'\r') => true,
        Some(b' ' | b'-' | b'\t') => {
            bytes[end + 1..]
            .iter()
            .find(|b| !b.is_ascii_whitespace() && **b != b'-')
            .is_none_or(|b| !b.is_ascii_digit() && !matches!(b, b',' | b'/' | b'%' | b'x'))
            // "451-192.0.2.7 may not send"
            || follows == Some(b'-') && bytes[end + 1..].iter().take(4).any(|b| *b == b'.')
            // A reply that passes on another: "550 550 relay not permitted"
            || follows == Some(b' ') && bytes[end + 1..].starts_with(&bytes[start..end])
            // Yahoo's "554 30 Sorry, your message …", "552 1 Requested mail action aborted"
            || matches!(bytes[end..], [b' ', _, b' ', b'A'..=b'Z', ..] | [b' ', _, _, b' ', b'A'..=b'Z', ..])
        }
        Some(b'\'' | b'"' | b')' | b']' | b':' | b',' | b';' | b'<' | b'.' | b'}') => true,
        _ => false,
    };
    if !text_follows {
        return Strength::Weak;
    }
    let quote_start = trimmed.is_empty()
        || trimmed == "•".as_bytes()
        // Mimecast's "-- 550 Rejected by …", and a title that is the error.
        || trimmed == b"--"
        || trimmed == b"#"
        || trimmed.ends_with(b"<<<")
        || trimmed.ends_with(b"<--")
        || trimmed.ends_with(b"->")
        || trimmed.ends_with(b"]:")
        || trimmed.ends_with(b"],")
        || trimmed.ends_with(b"):")
        || trimmed.ends_with(b">:")
        || trimmed.ends_with(b">...:")
        || trimmed.ends_with(b"...")
        || (lower.ends_with(b"'") || lower.ends_with(b"\"") || lower.ends_with(b"("))
        || trimmed.ends_with(b"`")
        || trimmed.ends_with(b"] -")
        || trimmed.ends_with(b") -")
        // "sendmail[411]:" is a process.
        || lower.ends_with(b"[") && (follows != Some(b']') || trimmed.len() < 2 || !trimmed[trimmed.len() - 2].is_ascii_alphanumeric())
        || trimmed.ends_with(b"with")
        || after_word(trimmed);
    // A line of numbers and nothing else is a table, not a reply.
    let reads_as_reply = !matches!(follows, Some(b'.' | b'}')) || trimmed.ends_with(b"=");
    match quote_start && reads_as_reply {
        true => Strength::Strong,
        false if trimmed.ends_with(b":") && matches!(follows, Some(b' ' | b'-')) => Strength::Marked,
        // IronPort's "5.3.0 - Other mail system problem 550-'No such user'"
        false if bytes[end..].starts_with(b"-'") => Strength::Marked,
        // Words of a language without blanks run into the reply.
        false if lower.last() >= Some(&0x80) && bytes.get(end + 1).is_some_and(u8::is_ascii_alphabetic) => {
            Strength::Marked
        }
        false => Strength::Weak,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The codes of the first line as drawn under it: `^` a reply, `*` a status.
    #[track_caller]
    fn check(drawing: &str) {
        let (text, marks) = drawing.trim_matches('\n').split_once('\n').unwrap_or((drawing, ""));
        let mut drawn = vec![b' '; text.len()];
        for token in find(text).into_iter().filter(|t| t.strength > Strength::Weak) {
            if token.reply.is_some() {
                drawn[token.start..token.start + 3].fill(b'^');
            }
            if token.status.is_some() {
                drawn[token.status_start..token.end].fill(b'*');
            }
        }
        assert_eq!(String::from_utf8(drawn).unwrap().trim_end(), marks.trim_end(), "{text}");
    }

    #[test]
    fn reply_and_status_share_a_line() {
        check("550 5.1.1 el buzón no existe\n^^^ *****");
        check("smtp;550-5.7.26 blocked\n     ^^^ ******");
    }

    #[test]
    fn a_status_alone_is_set_off() {
        check("mail.contoso.example #<x #5.7.1 smtp;530 5.7.1 no>\n                          *****      ^^^ *****");
        check("Status code 5.7.606\n            *******");
        check("(#5.1.1)\n  *****");
    }

    #[test]
    fn versions_addresses_and_prices_are_not_codes() {
        check("Postfix 5.4.1 on 192.0.2.5, id 5.1.1.8, v4.4.316, 4.4.316b, 550 users, 5.0.0-beta");
        check("see 10.4.4.7 and http://x.example/550/5.1.1 and 450,000");
    }

    #[test]
    fn a_reply_alone_opens_a_line_or_a_quote() {
        check("<<< 550 no such user\n    ^^^");
        check("host mx.fabrikam.example[192.0.2.7] said: 452 later\n                                          ^^^");
        check("The 550 people who came");
    }
}
