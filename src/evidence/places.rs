//! Host names, IP addresses and mail addresses: strict checks, and finding them in text.

use crate::search::has;
use std::net::IpAddr;

/// Whether `text` is a host name (RFC 1123 §2.1): dotted labels, the last one with a letter.
pub fn is_host(text: &str) -> bool {
    let labels = text.strip_suffix('.').unwrap_or(text);
    labels.len() <= 253
        && labels.contains('.')
        && labels.split('.').all(is_label)
        && labels.rsplit('.').next().is_some_and(|tld| tld.len() >= 2 && !tld.bytes().all(|b| b.is_ascii_digit()))
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// An address at the start of `text`, with its port: `192.0.2.7:25`, `[2001:db8::1]:25`, `2001:db8::1`.
pub fn ip_prefix(text: &str) -> Option<(IpAddr, usize, Option<u16>)> {
    let bracketed = text.starts_with('[');
    let body = text.strip_prefix('[').unwrap_or(text);
    let body = body.strip_prefix("IPv6:").unwrap_or(body);
    let skipped = text.len() - body.len();
    let mut end = body.bytes().take_while(|b| b.is_ascii_hexdigit() || matches!(b, b'.' | b':')).count();
    // A trailing dot or colon ends the sentence, not the address.
    while end > 0 && matches!(body.as_bytes()[end - 1], b'.' | b':') && !body[..end].ends_with("::") {
        end -= 1;
    }
    let candidate = &body[..end];
    let port_of = |text: &str| {
        text.strip_prefix(':').and_then(|p| {
            let digits = p.bytes().take_while(u8::is_ascii_digit).count();
            p[..digits].parse::<u16>().ok()
        })
    };
    let shape = |b: Option<u8>| b.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'-' && b != b'_');
    let ends_well = |end: usize| shape(body.as_bytes().get(end).copied());
    if let Ok(ip) = candidate.parse::<IpAddr>()
        && ends_well(end)
        && (candidate.contains('.') || candidate.matches(':').count() >= 2)
    {
        let mut rest = &body[end..];
        let mut length = skipped + end;
        if bracketed && rest.starts_with(']') {
            rest = &rest[1..];
            length += 1;
        }
        return Some((ip, length, port_of(rest)));
    }
    // IPv4 with its port
    let (host, port) = candidate.split_once(':')?;
    let ip = host.parse::<std::net::Ipv4Addr>().ok()?;
    let port = port.bytes().take_while(u8::is_ascii_digit).count();
    Some((ip.into(), skipped + host.len(), port_of(&candidate[host.len()..host.len() + 1 + port])))
}

/// Where the far address stands in `TCP|from|port|192.0.2.7|25`, which some systems print beside a host.
pub fn far_end(text: &str) -> Option<usize> {
    text.get(..4).filter(|start| start.eq_ignore_ascii_case("tcp|"))?;
    Some(text.match_indices('|').nth(2)?.0 + 1)
}

/// A host name at the start of `text`: its length.
pub fn host_prefix(text: &str) -> Option<usize> {
    let mut end = text.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_')).count();
    while end > 0 && matches!(text.as_bytes()[end - 1], b'.' | b'-') {
        end -= 1;
    }
    (is_host(&text[..end]) && text.as_bytes().get(end) != Some(&b'@')).then_some(end)
}

/// The part before an `@` (RFC 5321 atext and dots), or after it.
fn is_local(b: u8) -> bool {
    b.is_ascii_alphanumeric()
        || matches!(
            b,
            b'.' | b'_'
                | b'-'
                | b'+'
                | b'='
                | b'/'
                | b'!'
                | b'#'
                | b'$'
                | b'%'
                | b'&'
                | b'*'
                | b'?'
                | b'^'
                | b'`'
                | b'{'
                | b'}'
                | b'~'
                | b'\''
        )
        || b >= 0x80
}

/// Every mail address in `text`: `(start, end)`.
pub fn addresses(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    for at in memchr::memchr_iter(b'@', bytes) {
        if let Some(range) = address_around(text, at) {
            found.push(range);
        }
    }
    found
}

/// The longest local part that is read, longer than RFC 5321 §4.5.3.1.1 allows: so are Exchange's IMCEAEX addresses.
const LOCAL: usize = 256;

fn address_around(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let quoted = at > 0 && bytes[at - 1] == b'"';
    let start = if quoted {
        // A quoted local part stands on one line (RFC 5321 §4.1.2), and no local part is longer.
        let from = at.saturating_sub(LOCAL);
        let start = from + memchr::memrchr(b'"', &bytes[from..at - 1])?;
        if bytes[start..at].contains(&b'\n') {
            return None;
        }
        start
    } else {
        let mut start = at;
        while start > 0 && at - start <= LOCAL && is_local(bytes[start - 1]) {
            start -= 1;
        }
        // A log writes to=ana@contoso.example.
        for key in ["to", "from", "orig_to", "rcpt", "recipient", "email", "sender", "SMTP"] {
            if bytes[start..at].strip_prefix(key.as_bytes()).is_some_and(|rest| rest.starts_with(b"=")) {
                start += key.len();
            }
        }
        // Python writes u'ana@contoso.example'.
        if matches!(bytes[start..at], [b'u' | b'b' | b'r', b'\'', ..])
            || matches!(bytes[start..at], [b'{', _, b'\'', ..])
        {
            start += 2;
        }
        // Neither an encoded word nor what X.400 writes as "/S=ana/O=contoso/@contoso.example" loses its first sign.
        let whole = |rest: &[u8]| rest.starts_with(b"=?") || rest[0] == b'/' && rest.contains(&b'=');
        while start < at
            && matches!(bytes[start], b'\'' | b'.' | b'*' | b'`' | b'=' | b'&' | b'/' | b'{' | b'|')
            && !whole(&bytes[start..at])
        {
            start += 1;
        }
        start
    };
    // A report that masks its people writes a***@***.example.
    let mut end = at + 1 + bytes[at + 1..].iter().take_while(|b| **b == b'*').count();
    if bytes.get(end) != Some(&b'.') {
        end = at + 1;
    }
    while end < bytes.len()
        && (bytes[end].is_ascii_alphanumeric() || matches!(bytes[end], b'.' | b'-' | b'_') || bytes[end] >= 0x80)
    {
        end += 1;
    }
    while end > at + 1 && matches!(bytes[end - 1], b'.' | b'-') {
        end -= 1;
    }
    if bytes.get(at + 1) == Some(&b'[') {
        let literal = &bytes[at + 1..bytes.len().min(at + 64)];
        let close = memchr::memchr2(b']', b'\n', literal).filter(|n| literal[*n] == b']')?;
        end = at + 1 + close + 1;
    }
    let domain = text.get(at + 1..end)?.trim_start_matches('*');
    let domain = domain.strip_prefix('.').filter(|_| bytes[at + 1] == b'*').unwrap_or(domain);
    let well = domain.is_ascii() && (domain.split('.').all(is_label) || domain.starts_with('['))
        || !domain.is_ascii()
            && domain.contains('.')
            && domain.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-');
    // `"ana@home"@contoso.example` is one address.
    let inner = start > 0 && bytes[start - 1] == b'"' && bytes[end..].starts_with(b"\"@");
    (start < at && at - start <= LOCAL && well && !inner && text.is_char_boundary(start)).then_some((start, end))
}

/// Whether `text` is one mail address and nothing else, with a dotted domain.
pub fn is_address(text: &str) -> bool {
    text.len() <= 254
        && text.is_ascii()
        && text.find('@').is_some_and(|at| address_around(text, at) == Some((0, text.len())))
        && text.rsplit('@').next().is_some_and(is_host)
        && !text.starts_with('"')
}

/// Whether an address can only be reached from inside a network (RFC 1918, RFC 4193, link-local, loopback).
pub fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.segments()[0] & 0xFE00 == 0xFC00 || v6.segments()[0] & 0xFFC0 == 0xFE80
        }
    }
}

/// Whether a host only speaks for the service; the door that an organization's mail comes in by is a far end.
pub fn is_worker(host: &str) -> bool {
    is_microsoft(host)
        && (has(host, "outbound") || !host.to_ascii_lowercase().ends_with(".mail.protection.outlook.com"))
}

/// Whether a host is one of Microsoft's own mail servers: it speaks for the service, it is not the far end.
pub fn is_microsoft(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    // A tenant's own MX name, "contoso-com.mail.protection.outlook.com", is a far end like any other.
    if let Some(name) = host.strip_suffix(".mail.protection.outlook.com") {
        return !name.contains('-') || has(name, "outbound");
    }
    // So is a consumer domain's, "outlook-com.olc.protection.outlook.com".
    if host.ends_with(".olc.protection.outlook.com") {
        return false;
    }
    [".prod.outlook.com", ".exchangelabs.com", ".protection.outlook.com", ".outlook.office365.com"]
        .iter()
        .any(|suffix| host.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_checked_strictly() {
        for good in ["mail.contoso.example", "a-b.c_d.example", "xn--bcher-kva.example", "mail.contoso.example."] {
            assert!(is_host(good), "{good}");
        }
        for bad in
            ["contoso", "mail..example", "-a.example", "a b.example", "a;b.example", "1.2.3.4", "a.b$.example", ""]
        {
            assert!(!is_host(bad), "{bad}");
        }
    }

    #[test]
    fn addresses_with_and_without_port() {
        let check = |text: &str, ip: &str, port: Option<u16>| {
            let (found, _, found_port) = ip_prefix(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.to_string().as_str(), found_port), (ip, port), "{text}");
        };
        check("192.0.2.7:25]", "192.0.2.7", Some(25));
        check("192.0.2.7.", "192.0.2.7", None);
        check("[192.0.2.7]:25", "192.0.2.7", Some(25));
        check("[2001:db8::1]:25", "2001:db8::1", Some(25));
        check("2001:db8::1)", "2001:db8::1", None);
        assert!(ip_prefix("72.x.x.x.:25").is_none());
        assert!(ip_prefix("10:30").is_none());
        assert!(ip_prefix("1.2.3.4.5").is_none() && ip_prefix("5.1.1").is_none());
    }

    #[test]
    fn mail_addresses_stand_in_text() {
        let text = "to <ana@contoso.example>, 'b.c@d.example'; x@y (smtp:e+f@fabrikam.example).";
        let found: Vec<_> = addresses(text).into_iter().map(|(s, e)| &text[s..e]).collect();
        assert_eq!(found, ["ana@contoso.example", "b.c@d.example", "x@y", "e+f@fabrikam.example"]);
        assert_eq!(addresses("ana@[192.0.2.7\n] b@[192.0.2.7]").len(), 1, "none stands across two lines");
        assert!(is_address("ana@contoso.example") && !is_address("ana@contoso") && !is_address("a b@contoso.example"));
    }
}
