//! Messages: finds the parts of a MIME structure that speak.

use super::entity::{self, Entity, Valued};
use super::{Charsets, Clean, Container, Document, Part, PartKind, ReportType, html, msg, original};
use crate::search;
use std::borrow::Cow;

/// Containers deeper than this are not opened.
pub const DEEPEST: usize = 64;

/// Header fields that a message has and a paste that merely looks like one has not.
const TELLING: &[&str] = &[
    "received",
    "return-path",
    "message-id",
    "mime-version",
    "content-type",
    "date",
    "from",
    "to",
    "subject",
    "delivered-to",
    "x-failed-recipients",
    "authentication-results",
    "received-spf",
    "x-forefront-antispam-report",
    "dkim-signature",
    "auto-submitted",
    "arc-authentication-results",
    "x-ms-exchange-message-is-ndr",
    "arc-seal",
    "x-originatororg",
    "x-microsoft-antispam",
    "content-transfer-encoding",
    "arc-message-signature",
    "reply-to",
];

/// Whether the input begins with the header of a message (RFC 5322 §2.2), whole or only the header.
pub fn looks_like_message(bytes: &[u8]) -> bool {
    let bytes = skip_mbox_line(bytes);
    let (mut telling, mut fields) = (0, 0);
    for (nth, line) in bytes.split(|b| *b == b'\n').enumerate().take(400) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() || line.iter().all(|b| *b == b' ' || *b == b'\t') {
            if fields == 0 && nth < 8 {
                continue;
            }
            break;
        }
        if line[0] == b' ' || line[0] == b'\t' {
            if fields == 0 {
                return false;
            }
            continue;
        }
        let Some(colon) = line.iter().position(|b| *b == b':') else { break };
        let name = &line[..colon];
        if name.is_empty() || !name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-' || *b == b'_') {
            break;
        }
        fields += 1;
        telling += usize::from(TELLING.iter().any(|t| name.eq_ignore_ascii_case(t.as_bytes())));
        if name.len() > 15 && name.to_ascii_lowercase().starts_with(b"x-ms-exchange") {
            telling += 1;
        }
    }
    telling >= 2 || (telling >= 1 && fields == 1)
}

fn skip_mbox_line(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    let bytes = &bytes[start..];
    // Apple Mail's `.emlx` begins with the message's length.
    let line = memchr::memchr(b'\n', bytes).unwrap_or(0);
    let length = line > 0 && line < 12 && bytes[..line].iter().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'\r'));
    match bytes.starts_with(b"From ") || length {
        true => bytes.iter().position(|b| *b == b'\n').map_or(bytes, |n| &bytes[n + 1..]),
        false => bytes,
    }
}

/// Reads a message.
pub fn read(bytes: &[u8], charsets: &dyn Charsets) -> Document {
    let bytes = skip_mbox_line(bytes);
    let mut reader = Reader::new(charsets);
    for bytes in mailbox(bytes) {
        reader.whole(bytes, 0);
    }
    let mut document = reader.document;
    if document.parts.iter().all(|p| p.kind == PartKind::MessageHeaders) {
        document.container = Container::Headers;
    }
    document
}

/// A header's value with its encoded words (RFC 2047) as they read, those of other than Latin letters in UTF-8 only.
pub fn decoded(value: &str) -> Cow<'_, str> {
    entity::decoded(value, &|_, bytes| entity::latin(bytes))
}

/// The messages of one file (RFC 4155): each begins with a `From ` line after a blank one.
fn mailbox(bytes: &[u8]) -> Vec<&[u8]> {
    let mut messages = Vec::new();
    let mut start = 0;
    for at in search::places(bytes, "\nFrom ") {
        let blank = bytes[..at].ends_with(b"\n") || bytes[..at].ends_with(b"\n\r");
        let head = memchr::memchr(b'\n', &bytes[at + 1..]).map_or(bytes.len(), |n| at + 2 + n);
        if blank && head < bytes.len() && looks_like_message(&bytes[head..]) {
            messages.push(&bytes[start..at + 1]);
            start = head;
        }
    }
    messages.push(&bytes[start..]);
    messages
}

/// Puts a document together, part by part.
pub struct Reader<'a> {
    pub charsets: &'a dyn Charsets,
    pub document: Document,
    /// Whether a part has told of the failure, and one of the returned message.
    has_status: bool,
    has_original: bool,
}

impl<'a> Reader<'a> {
    pub fn new(charsets: &'a dyn Charsets) -> Self {
        Reader { charsets, document: super::empty(Container::Message), has_status: false, has_original: false }
    }

    /// Reads the bytes of a message; `depth` tells how many others carry it.
    fn whole(&mut self, bytes: &[u8], depth: usize) {
        let message = Entity::of(bytes);
        if !message.header.contains(&b':') {
            return self.part(PartKind::Text, String::from_utf8_lossy(bytes).into_owned());
        }
        let before = self.document.parts.len();
        self.message(message, depth, depth > 0);
        // A structure that is broken still holds its words.
        let speaks = |p: &Part| matches!(p.kind, PartKind::Body | PartKind::DeliveryStatus | PartKind::Attachment);
        if !self.document.parts[before..].iter().any(speaks) {
            let body = self.text(message.body, None);
            self.part(PartKind::Body, body);
        }
    }

    /// Reads an attached file where it is a message or a machine-made report; of any other only its name is kept.
    pub fn attached(&mut self, bytes: &[u8], name: &str, media_type: &str, depth: usize) {
        let is = |sub: &str| media_type.eq_ignore_ascii_case(sub);
        if depth < DEEPEST && (is("message/rfc822") || name.to_ascii_lowercase().ends_with(".eml")) {
            self.whole(skip_mbox_line(bytes), depth);
        } else if is("message/delivery-status") || is("message/global-delivery-status") {
            self.part(PartKind::DeliveryStatus, self.text(bytes, None));
        } else if depth >= DEEPEST || !msg::add(bytes, self, depth) {
            self.part(PartKind::Attachment, format!("[{name}]"));
        }
    }

    pub fn part(&mut self, kind: PartKind, text: String) {
        if !text.trim().is_empty() {
            let text = Clean::new(text);
            let first = self.document.parts.len();
            match kind {
                PartKind::Body => self.document.parts.extend(original::split(text, kind)),
                _ => self.document.parts.push(Part { kind, text }),
            }
            for part in &self.document.parts[first..] {
                self.has_status |= matches!(part.kind, PartKind::DeliveryStatus | PartKind::Body);
                self.has_original |= part.kind == PartKind::Original;
            }
        }
    }

    /// Reads a message and what it holds; `inner` is one that another message carries.
    fn message(&mut self, message: Entity<'_>, depth: usize, inner: bool) {
        self.part(PartKind::MessageHeaders, self.text(message.header.trim_ascii_end(), None));
        let media = message.media();
        let report_type = report_type(media.as_ref());
        if report_type != ReportType::None || !inner {
            self.document.report_type = report_type;
        }
        self.tree(message, media.as_ref(), "text/plain", depth, report_type != ReportType::None);
    }

    /// Reads what an entity holds, which is of the type `untyped` where it names none.
    fn tree(&mut self, part: Entity<'_>, media: Option<&Valued>, untyped: &str, depth: usize, in_report: bool) {
        let media_type = media.map_or(untyped, |media| &media.value);
        let (main, sub) = media_type.split_once('/').unwrap_or((media_type, ""));
        let parameter = |name| media.and_then(|media| media.parameter(name));
        let boundary = parameter("boundary").filter(|boundary| main == "multipart" && !boundary.is_empty());
        let children = boundary.map_or(Vec::new(), |boundary| part.parts(boundary));
        let children: Vec<_> = children.into_iter().map(|child| (child, child.media())).collect();
        if !children.is_empty() {
            if depth >= DEEPEST {
                self.document.notes.push("too_deep");
                return;
            }
            let untyped = if sub == "digest" { "message/rfc822" } else { "text/plain" };
            // Of alternatives the plain one speaks; HTML only where there is no other.
            let is = |media: &Option<Valued>, html: bool| {
                let media_type = media.as_ref().map_or(untyped, |media| &media.value);
                media_type.starts_with("text/") && (media_type == "text/html") == html
            };
            let mut plain = children.iter().filter(|(_, media)| is(media, false)).map(|(child, _)| child);
            let skip_html = sub == "alternative" && plain.any(|child| !child.content().trim_ascii().is_empty());
            let mut types = children.iter().filter_map(|(_, media)| media.as_ref());
            let in_report = in_report || sub == "report" || types.any(|media| media.value.ends_with("delivery-status"));
            // Courier's old releases wrote the notice before the first boundary.
            let speaks = children.iter().any(|(_, media)| {
                let media_type = media.as_ref().map_or(untyped, |media| &media.value);
                media_type.starts_with("text/") && !media_type.ends_with("rfc822-headers")
            });
            if in_report && !speaks {
                self.part(PartKind::Body, self.text(part.preamble(boundary.unwrap_or_default()), None));
            }
            for (child, media) in &children {
                if !(skip_html && is(media, true)) {
                    self.tree(*child, media.as_ref(), untyped, depth + 1, in_report);
                }
            }
            return;
        }
        let content = part.content();
        match (main, sub) {
            ("message", "rfc822" | "global") => {
                let inner = Entity::of(&content);
                if in_report && self.has_status {
                    self.part(PartKind::Original, self.text(inner.header, None));
                } else if depth >= DEEPEST {
                    self.document.notes.push("too_deep");
                } else {
                    self.message(inner, depth + 1, true);
                }
            }
            ("text", "html") => {
                let html = self.text(&content, parameter("charset"));
                self.part(PartKind::Body, html::text(&html));
            }
            // A multipart that names no boundary, or one that is not there, is text after all.
            ("text" | "multipart", _) => {
                let text = self.text(&content, parameter("charset"));
                let kind = match sub {
                    "rfc822-headers" => PartKind::Original,
                    "calendar" | "csv" | "vcard" => PartKind::Attachment,
                    _ if self.has_original && in_report => PartKind::Original,
                    _ => PartKind::Body,
                };
                self.part(kind, text);
            }
            // Some systems send the machine-made half under a type of their own, or base64 within it.
            ("message", sub) if sub.ends_with("delivery-status") => {
                self.part(PartKind::DeliveryStatus, self.text(&content, None));
            }
            _ => {
                let name = part.name().unwrap_or_else(|| sub.to_string());
                let name = entity::decoded(&name, &|label, bytes| self.text(&bytes, Some(label))).into_owned();
                self.attached(&content, &name, "", depth + 1);
            }
        }
    }

    fn text(&self, bytes: &[u8], charset: Option<&str>) -> String {
        let label = charset.unwrap_or("").trim();
        let unicode = label.is_empty() || label.eq_ignore_ascii_case("utf-8") || label.eq_ignore_ascii_case("us-ascii");
        match std::str::from_utf8(bytes) {
            // ISO-2022-JP is ASCII bytes with escapes.
            Ok(text) if unicode || (bytes.is_ascii() && !bytes.contains(&0x1B)) => text.to_string(),
            _ if unicode => super::text_of(bytes, self.charsets),
            _ => self.charsets.decode(label, bytes).unwrap_or_else(|| super::text_of(bytes, self.charsets)),
        }
    }
}

fn report_type(media: Option<&Valued>) -> ReportType {
    let Some(media) = media.filter(|media| media.value == "multipart/report") else {
        return ReportType::None;
    };
    match media.parameter("report-type").map(str::to_ascii_lowercase).as_deref() {
        Some("feedback-report") => ReportType::Feedback,
        Some("disposition-notification") => ReportType::Disposition,
        _ => ReportType::DeliveryStatus,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever the label: it stands for a browser that knows it.
    struct AsLatin;

    impl Charsets for AsLatin {
        fn decode(&self, _: &str, bytes: &[u8]) -> Option<String> {
            Some(entity::latin(bytes.to_vec()))
        }
    }

    #[track_caller]
    fn check(mail: &str, parts: &[(PartKind, &str)]) {
        let read = read(mail.as_bytes(), &AsLatin);
        let read: Vec<_> = read.parts.iter().map(|part| (part.kind, part.text.shown().trim())).collect();
        assert_eq!(read, parts);
    }

    #[test]
    fn a_message_beside_a_status_is_returned_whatever_the_multipart_is_called() {
        check(
            "Content-Type: multipart/alternative; boundary==b\n\n\
             --=b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\n\
             Fall=F3.\n--=b\nContent-Type: message/delivery-status\n\nAction: failed\n\
             --=b\nContent-Type: message/rfc822\n\nSubject: Hello\n",
            &[
                (PartKind::MessageHeaders, "Content-Type: multipart/alternative; boundary==b"),
                (PartKind::Body, "Falló."),
                (PartKind::DeliveryStatus, "Action: failed"),
                (PartKind::Original, "Subject: Hello"),
            ],
        );
    }

    #[test]
    fn of_alternatives_the_plain_one_speaks_and_html_where_it_is_empty() {
        let mail = |plain: &str| {
            format!(
                "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n{plain}\n\
                 --b\nContent-Type: text/html\n\n<p>In HTML.</p>\n--b--\n"
            )
        };
        let header = (PartKind::MessageHeaders, "Content-Type: multipart/alternative; boundary=b");
        check(&mail("Plain."), &[header, (PartKind::Body, "Plain.")]);
        check(&mail(" "), &[header, (PartKind::Body, "In HTML.")]);
    }

    #[test]
    fn a_message_in_another_is_read_also_where_it_is_encoded_or_has_no_type() {
        let header = "Content-Type: multipart/digest; boundary=b";
        check(
            &format!(
                "{header}\n\n--b\n\nSubject: one\n\nFirst.\n--b\nContent-Type: message/rfc822\n\
                      Content-Transfer-Encoding: base64\n\nU3ViamVjdDogdHdvCgpTZWNvbmQu\n--b--\n"
            ),
            &[
                (PartKind::MessageHeaders, header),
                (PartKind::MessageHeaders, "Subject: one"),
                (PartKind::Body, "First."),
                (PartKind::MessageHeaders, "Subject: two"),
                (PartKind::Body, "Second."),
            ],
        );
    }

    #[test]
    fn a_boundary_that_is_nowhere_leaves_a_text_and_a_file_its_name() {
        let header = "Content-Type: multipart/mixed; boundary=b";
        check(
            &format!("{header}\n\nOnly text.\n"),
            &[(PartKind::MessageHeaders, header), (PartKind::Body, "Only text.")],
        );
        check(
            &format!("{header}\n\n--b\nContent-Type: image/png; name=\"=?iso-8859-1?Q?=E9.png?=\"\n\nx\n--b--\n"),
            &[(PartKind::MessageHeaders, header), (PartKind::Attachment, "[é.png]")],
        );
    }
}
