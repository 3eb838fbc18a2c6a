//! Bytes → [`Document`]: finds out what shape the input has and makes readable text of it. Knows no error and no section.

mod clean;
#[cfg(feature = "whole")]
mod compound;
mod entity;
mod foreign;
mod html;
mod mime;
#[cfg(feature = "whole")]
mod msg;
mod original;
#[cfg(feature = "whole")]
mod rtf;

pub use clean::Clean;
pub use foreign::Foreign;
pub use mime::decoded;

use crate::search;

/// Decodes a named charset; `encoding_rs` on the host, the browser's `TextDecoder` in the page.
pub trait Charsets {
    /// The text, malformed sequences replaced; `None` when the label is unknown.
    fn decode(&self, label: &str, bytes: &[u8]) -> Option<String>;
}

/// Lower case for comparing: ASCII and the Latin letters of the languages that reports come in, same length in bytes.
/// (The table for all of Unicode would be a fiftieth of the engine.)
pub fn lower(text: &str) -> String {
    let fold = |c: char| match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        'À'..='Ö' | 'Ø'..='Þ' => char::from_u32(c as u32 + 0x20).unwrap_or(c),
        c => c,
    };
    if text.is_ascii() { text.to_ascii_lowercase() } else { text.chars().map(fold).collect() }
}

/// How a form of the input came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormKind {
    /// Typed or pasted text.
    Text,
    /// The clipboard's HTML.
    Html,
    /// A file's bytes.
    File,
}

/// One form of the input.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    pub kind: FormKind,
    pub name: Option<&'a str>,
    pub bytes: &'a [u8],
}

impl<'a> Form<'a> {
    pub fn text(text: &'a str) -> Self {
        Form { kind: FormKind::Text, name: None, bytes: text.as_bytes() }
    }

    pub fn html(html: &'a str) -> Self {
        Form { kind: FormKind::Html, name: None, bytes: html.as_bytes() }
    }

    pub fn file(name: &'a str, bytes: &'a [u8]) -> Self {
        Form { kind: FormKind::File, name: Some(name), bytes }
    }
}

/// What a part of the input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// Pasted text of no known structure.
    Text,
    /// The header of the report itself.
    MessageHeaders,
    /// What the report says to people.
    Body,
    /// `message/delivery-status` (RFC 3464), or a feedback report's or a receipt's fields.
    DeliveryStatus,
    /// What is returned of the original message: never evidence of the fault.
    Original,
    /// A placeholder for anything that is not text.
    Attachment,
}

/// One part, in reading order.
#[derive(Debug)]
pub struct Part {
    pub kind: PartKind,
    pub text: Clean,
}

/// What the whole input is, as far as its container tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    Empty,
    Text,
    /// A whole message with a header.
    Message,
    /// Header fields without a body.
    Headers,
    /// A file that holds no text.
    Foreign(Foreign),
}

/// A message's media type as far as it tells what the message is (RFC 6522 `report-type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReportType {
    None,
    DeliveryStatus,
    /// A spam complaint (RFC 5965).
    Feedback,
    /// A read receipt (RFC 8098).
    Disposition,
}

/// Readable text of the input, part by part.
#[derive(Debug)]
pub struct Document {
    pub container: Container,
    pub report_type: ReportType,
    pub parts: Vec<Part>,
    /// Ids of notes: what was guessed, skipped or cut.
    pub notes: Vec<&'static str>,
}

/// Noted where a compound file stands in the input, by an engine that leaves these to the whole one.
#[cfg(not(feature = "whole"))]
pub const LEFT: &str = "left";

#[cfg(not(feature = "whole"))]
mod msg {
    /// Tells whether the bytes may be a `.msg` file.
    pub fn add(bytes: &[u8], reader: &mut super::mime::Reader<'_>, _: usize) -> bool {
        let compound = bytes.starts_with(super::foreign::COMPOUND);
        if compound {
            reader.document.notes.push(super::LEFT);
        }
        compound
    }
}

/// Reads the best of the forms.
pub fn read(forms: &[Form<'_>], charsets: &dyn Charsets) -> Document {
    let mut notes = Vec::new();
    let form = forms
        .iter()
        .find(|f| f.kind == FormKind::File && !f.bytes.is_empty())
        .or_else(|| forms.iter().find(|f| f.kind == FormKind::Text && !f.bytes.is_empty()))
        .or_else(|| forms.iter().find(|f| f.kind == FormKind::Html && !f.bytes.is_empty()));
    let Some(form) = form else {
        return empty(Container::Empty);
    };
    if form.kind == FormKind::File {
        let mut reader = mime::Reader::new(charsets);
        if msg::add(form.bytes, &mut reader, 0) {
            return reader.document;
        }
        if let Some(foreign) = foreign::kind(form.bytes) {
            return empty(Container::Foreign(foreign));
        }
    }
    let bytes = form.bytes;
    let utf16 = utf16_label(bytes);
    let decoded;
    let mut bytes = match utf16 {
        Some(label) => {
            decoded = charsets.decode(label, bytes).unwrap_or_default().into_bytes();
            notes.push("utf16");
            &decoded[..]
        }
        None => bytes,
    };
    bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    // Bare carriage returns leave no line that a parser would see.
    let unified;
    if memchr::memchr(b'\n', bytes).is_none() && memchr::memchr(b'\r', bytes).is_some() {
        unified = bytes.iter().map(|b| if *b == b'\r' { b'\n' } else { *b }).collect::<Vec<_>>();
        bytes = &unified;
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return empty(Container::Empty);
    }
    if mime::looks_like_message(bytes) {
        let mut document = mime::read(bytes, charsets);
        document.notes.extend(notes);
        return document;
    }
    let text = text_of(bytes, charsets);
    let text = match form.kind == FormKind::Html || looks_like_html(&text) {
        true => html::text(&text),
        false => text,
    };
    // HTML beside plain text is used when it holds table cells or lines that the plain form lost.
    let text = match forms.iter().find(|f| f.kind == FormKind::Html && form.kind == FormKind::Text) {
        Some(html) => richer(text, &html::text(&text_of(html.bytes, charsets))),
        None => text,
    };
    let parts = original::split(Clean::new(text), PartKind::Text);
    Document { container: Container::Text, report_type: ReportType::None, parts, notes }
}

fn empty(container: Container) -> Document {
    Document { container, report_type: ReportType::None, parts: Vec::new(), notes: Vec::new() }
}

/// UTF-8 where it is valid, else the code page that most mail without a label is in.
fn text_of(bytes: &[u8], charsets: &dyn Charsets) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_string(),
        Err(_) => charsets.decode("windows-1252", bytes).unwrap_or_else(|| String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn utf16_label(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xFF, 0xFE, ..] => Some("utf-16le"),
        [0xFE, 0xFF, ..] => Some("utf-16be"),
        [first, 0, second, 0, ..] if first.is_ascii() && second.is_ascii() && *first != 0 => Some("utf-16le"),
        [0, first, 0, second, ..] if first.is_ascii() && second.is_ascii() && *first != 0 => Some("utf-16be"),
        _ => None,
    }
}

fn looks_like_html(text: &str) -> bool {
    let start: String = text.trim_start().chars().take(64).collect::<String>().to_ascii_lowercase();
    start.starts_with("<!doctype html") || start.starts_with("<html") || {
        let lower = text.get(..text.len().min(4096)).unwrap_or_default().to_ascii_lowercase();
        ["<div", "<br", "<p>", "<td", "<span", "<table"].iter().filter(|tag| search::has(&lower, tag)).count() >= 2
    }
}

/// The HTML's text where it has clearly more lines than the plain form.
fn richer(plain: String, html: &str) -> String {
    let lines = |t: &str| t.lines().filter(|l| !l.trim().is_empty()).count();
    if lines(html) > lines(&plain) * 2 && html.len() + 64 > plain.len() { html.to_string() } else { plain }
}
