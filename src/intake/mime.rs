//! Messages: finds the parts of a MIME structure that speak, through `mail-parser`.

use super::{Charsets, Clean, Container, Document, Part, PartKind, ReportType, html, msg, original};
use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use mail_parser::{Encoding, Message, MessageParser, MessagePart, MimeHeaders, PartType};
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

/// A header's value with its encoded words (RFC 2047) as they read.
pub fn decoded(value: &str) -> Cow<'_, str> {
    let whole = |value: &str| {
        let field = format!("Subject: {value}\n\n");
        Some(MessageParser::new().header_text("Subject").parse(field.as_bytes())?.subject()?.to_string())
    };
    let words = if value.contains("=?") { whole(value) } else { None };
    words.map_or(Cow::Borrowed(value), Cow::Owned)
}

/// The messages of one file (RFC 4155): each begins with a `From ` line after a blank one.
fn mailbox(bytes: &[u8]) -> Vec<&[u8]> {
    let mut messages = Vec::new();
    let mut start = 0;
    for at in memchr::memmem::find_iter(bytes, b"\nFrom ") {
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
        let Some(message) = MessageParser::new().with_mime_headers().parse(bytes) else {
            return self.part(PartKind::Text, String::from_utf8_lossy(bytes).into_owned());
        };
        let before = self.document.parts.len();
        self.message(&message, depth, depth > 0);
        // A structure that is broken still holds its words.
        let speaks = |p: &Part| matches!(p.kind, PartKind::Body | PartKind::DeliveryStatus | PartKind::Attachment);
        if !self.document.parts[before..].iter().any(speaks)
            && let Some(root) = message.parts.first()
        {
            let body = self.text(bytes.get(root.offset_body as usize..).unwrap_or_default(), None);
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
    fn message(&mut self, message: &Message<'_>, depth: usize, inner: bool) {
        let Some(root) = message.parts.first() else { return };
        let header = raw(message, root.offset_header, root.offset_body);
        self.part(PartKind::MessageHeaders, self.text(header.trim_ascii_end(), None));
        let report_type = report_type(root);
        if report_type != ReportType::None || !inner {
            self.document.report_type = report_type;
        }
        self.tree(message, 0, depth, report_type != ReportType::None);
    }

    fn tree(&mut self, message: &Message<'_>, id: u32, depth: usize, in_report: bool) {
        let Some(part) = message.parts.get(id as usize) else { return };
        let media = part
            .content_type()
            .map(|c| (c.ctype().to_ascii_lowercase(), c.subtype().unwrap_or("").to_ascii_lowercase()));
        let (main, sub) = media.unwrap_or_default();
        match &part.body {
            PartType::Multipart(children) => {
                if depth >= DEEPEST {
                    self.document.notes.push("too_deep");
                    return;
                }
                let children: Vec<u32> = children.clone();
                // Of alternatives the plain one speaks; HTML only where there is no other.
                let has_plain = |ids: &[u32]| {
                    ids.iter().any(|c| {
                        message
                            .parts
                            .get(*c as usize)
                            .is_some_and(|p| matches!(&p.body, PartType::Text(t) if !t.trim().is_empty()))
                    })
                };
                let skip_html = sub == "alternative" && has_plain(&children);
                for child in children {
                    let html = message.parts.get(child as usize).is_some_and(|p| matches!(p.body, PartType::Html(_)));
                    if !(skip_html && html) {
                        self.tree(message, child, depth + 1, in_report || sub == "report");
                    }
                }
            }
            PartType::Message(inner) => {
                if in_report && self.has_status {
                    let header = inner
                        .parts
                        .first()
                        .map_or("".into(), |root| self.text(raw(inner, root.offset_header, root.offset_body), None));
                    self.part(PartKind::Original, header);
                } else if depth >= DEEPEST {
                    self.document.notes.push("too_deep");
                } else {
                    self.message(inner, depth + 1, true);
                }
            }
            PartType::Html(_) => {
                let html = self.decoded(message, part);
                self.part(PartKind::Body, html::text(&html));
            }
            PartType::Text(_) => {
                let text = self.decoded(message, part);
                let kind = match (main.as_str(), sub.as_str()) {
                    ("message", "delivery-status" | "global-delivery-status" | "feedback-report")
                    | ("message", "disposition-notification" | "global-disposition-notification" | "tracking-status") => {
                        PartKind::DeliveryStatus
                    }
                    ("text", "rfc822-headers") | ("message", _) => PartKind::Original,
                    ("text", "calendar" | "csv" | "vcard") => PartKind::Attachment,
                    _ if self.has_original && in_report => PartKind::Original,
                    _ => PartKind::Body,
                };
                self.part(kind, text);
            }
            PartType::Binary(bytes) | PartType::InlineBinary(bytes) => {
                // Some systems send the machine-made half under a type of their own, or base64 within it.
                let is_status = main == "message" && sub.ends_with("delivery-status");
                match std::str::from_utf8(bytes) {
                    Ok(text) if is_status => self.part(PartKind::DeliveryStatus, text.to_string()),
                    // A multipart that names no boundary is text after all.
                    Ok(text) if main == "multipart" => self.part(PartKind::Body, text.to_string()),
                    _ => {
                        let name = part.attachment_name().unwrap_or(sub.as_str()).to_string();
                        self.attached(bytes, &name, "", depth + 1);
                    }
                }
            }
        }
    }

    /// A text part's content in its own charset.
    fn decoded(&self, message: &Message<'_>, part: &MessagePart<'_>) -> String {
        let body = raw(message, part.offset_body, part.offset_end);
        let bytes = match part.encoding {
            Encoding::Base64 => base64_decode(body),
            Encoding::QuotedPrintable => quoted_printable_decode(body),
            Encoding::None => Some(body.to_vec()),
        };
        let charset = part.content_type().and_then(|c| c.attribute("charset"));
        match bytes {
            Some(bytes) => self.text(&bytes, charset),
            None => part.text_contents().unwrap_or_default().to_string(),
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

fn raw<'m>(message: &'m Message<'_>, from: u32, to: u32) -> &'m [u8] {
    message.raw_message.get(from as usize..to as usize).unwrap_or_default()
}

fn report_type(root: &MessagePart<'_>) -> ReportType {
    let Some(media) = root.content_type() else { return ReportType::None };
    if !media.ctype().eq_ignore_ascii_case("multipart")
        || !media.subtype().is_some_and(|s| s.eq_ignore_ascii_case("report"))
    {
        return ReportType::None;
    }
    match media.attribute("report-type").map(str::to_ascii_lowercase).as_deref() {
        Some("feedback-report") => ReportType::Feedback,
        Some("disposition-notification") => ReportType::Disposition,
        _ => ReportType::DeliveryStatus,
    }
}
