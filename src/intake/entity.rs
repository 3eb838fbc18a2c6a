//! An entity of MIME (RFC 2045, RFC 2046): its header, its media type, what it carries and the parts of a multipart.

use crate::search;
use mail_parser::decoders::{base64::base64_decode, quoted_printable::quoted_printable_decode};
use std::borrow::Cow;

/// A message, or one part of it.
#[derive(Clone, Copy)]
pub struct Entity<'a> {
    pub header: &'a [u8],
    pub body: &'a [u8],
}

impl<'a> Entity<'a> {
    /// The header ends with the first empty line; where there is none, all is header.
    pub fn of(bytes: &'a [u8]) -> Self {
        let mut start = 0;
        while start < bytes.len() {
            let next = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len(), |n| start + n + 1);
            if matches!(&bytes[start..next], b"\n" | b"\r\n") {
                return Entity { header: &bytes[..start], body: &bytes[next..] };
            }
            start = next;
        }
        Entity { header: bytes, body: &[] }
    }

    /// The value of a header field in one line; of several the last.
    pub fn field(&self, name: &str) -> Option<String> {
        let (mut value, mut inside): (Option<String>, bool) = (None, false);
        let mut rest = self.header;
        while !rest.is_empty() {
            let (line, more) = rest.split_at(memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1));
            rest = more;
            let folded = matches!(line.first(), Some(b' ' | b'\t'));
            if let (true, Some(value)) = (inside && folded, &mut value) {
                value.push(' ');
                value.push_str(String::from_utf8_lossy(line).trim());
                continue;
            }
            let colon = memchr::memchr(b':', line).unwrap_or(0);
            inside = line[..colon].trim_ascii().eq_ignore_ascii_case(name.as_bytes());
            if inside {
                value = Some(String::from_utf8_lossy(&line[colon + 1..]).trim().to_string());
            }
        }
        value
    }

    pub fn media(&self) -> Option<Valued> {
        self.field("content-type").map(|value| Valued::read(&value))
    }

    /// The parts of a multipart, each with its own header.
    pub fn parts(&self, boundary: &str) -> Vec<Entity<'a>> {
        let (mut parts, mut start) = (Vec::new(), None);
        for at in self.delimiters(boundary) {
            let rest = &self.body[at + 2 + boundary.len()..];
            let line = memchr::memchr(b'\n', rest).map_or(rest.len(), |n| n + 1);
            let closes = rest.starts_with(b"--");
            if !closes && !rest[..line].trim_ascii().is_empty() {
                continue;
            }
            if let Some(start) = start {
                let part = self.body.get(start..at).unwrap_or_default();
                let part = part.strip_suffix(b"\n").unwrap_or(part);
                parts.push(Entity::of(part.strip_suffix(b"\r").unwrap_or(part)));
            }
            if closes {
                return parts;
            }
            start = Some(self.body.len() - rest.len() + line);
        }
        parts.extend(start.map(|start| Entity::of(&self.body[start..])));
        parts
    }

    /// What stands before the first part.
    pub fn preamble(&self, boundary: &str) -> &'a [u8] {
        let end = self.delimiters(boundary).next();
        &self.body[..end.unwrap_or(0)]
    }

    /// Where the lines are that begin with a boundary.
    fn delimiters(&self, boundary: &str) -> impl Iterator<Item = usize> {
        let first = Some(0).filter(|_| self.body.starts_with(b"--"));
        let all = first.into_iter().chain(search::places(self.body, "\n--").map(|at| at + 1));
        all.filter(move |at| self.body[at + 2..].starts_with(boundary.as_bytes()))
    }

    /// What the body carries, without its transfer encoding; as it stands where that is broken.
    pub fn content(&self) -> Cow<'a, [u8]> {
        let decoded = match self.field("content-transfer-encoding").as_deref() {
            Some(encoding) if encoding.eq_ignore_ascii_case("base64") => base64_decode(self.body),
            Some(encoding) if encoding.eq_ignore_ascii_case("quoted-printable") => quoted_printable_decode(self.body),
            _ => None,
        };
        decoded.map_or(Cow::Borrowed(self.body), Cow::Owned)
    }

    /// The name of the file that it is.
    pub fn name(&self) -> Option<String> {
        let of = |field, parameter| Valued::read(&self.field(field)?).parameter(parameter).map(str::to_string);
        of("content-disposition", "filename").or_else(|| of("content-type", "name"))
    }
}

/// A value with parameters, as media types and dispositions are written (RFC 2045 §5.1).
pub struct Valued {
    /// In lower case.
    pub value: String,
    parameters: Vec<(String, String)>,
}

impl Valued {
    fn read(text: &str) -> Self {
        let mut fields = pieces(text).into_iter();
        let value = fields.next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut parameters: Vec<(String, String)> = Vec::new();
        for field in fields {
            let Some((name, value)) = field.split_once('=') else { continue };
            let name = name.trim().to_ascii_lowercase();
            // RFC 2231: `name*0`, `name*1` … are one, and a star at the end says that it is encoded.
            let (base, more) = name.split_once('*').map_or((name.as_str(), None), |(base, more)| (base, Some(more)));
            let first = more.is_none_or(|more| more.trim_end_matches('*').parse().unwrap_or(0) == 0);
            let value = match more.is_some_and(|more| more.is_empty() || more.ends_with('*')) {
                true => unescaped(if first { value.splitn(3, '\'').last().unwrap_or(value) } else { value }),
                false => value.trim().to_string(),
            };
            match parameters.iter_mut().find(|(known, _)| known == base) {
                Some((_, known)) if !first => known.push_str(&value),
                _ => parameters.push((base.to_string(), value)),
            }
        }
        Valued { value, parameters }
    }

    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What stands between semicolons, without quotes and comments.
fn pieces(text: &str) -> Vec<String> {
    let (mut pieces, mut quoted, mut comments) = (vec![String::new()], false, 0);
    let mut signs = text.chars();
    while let Some(sign) = signs.next() {
        let plain = match sign {
            '\\' if quoted || comments > 0 => signs.next().filter(|_| comments == 0),
            '"' if comments == 0 => {
                quoted = !quoted;
                None
            }
            '(' if !quoted => {
                comments += 1;
                None
            }
            ')' if comments > 0 => {
                comments -= 1;
                None
            }
            ';' if !quoted && comments == 0 => {
                pieces.push(String::new());
                None
            }
            sign => (comments == 0).then_some(sign),
        };
        if let (Some(sign), Some(piece)) = (plain, pieces.last_mut()) {
            piece.push(sign);
        }
    }
    pieces
}

/// `%20` and its like as they read.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.trim().as_bytes();
    while let [first, more @ ..] = rest {
        let pair = more.get(..2).filter(|_| *first == b'%').and_then(|pair| std::str::from_utf8(pair).ok());
        let code = pair.and_then(|pair| u8::from_str_radix(pair, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &more[2..] } else { more };
    }
    latin(bytes)
}

/// A text with its encoded words (RFC 2047) as they read. `text` makes text of a charset's label and bytes.
pub fn decoded<'t>(value: &'t str, text: &dyn Fn(&str, Vec<u8>) -> String) -> Cow<'t, str> {
    let (mut read, mut rest, mut after_word) = (String::new(), value, false);
    while let Some(at) = search::find(rest, "=?") {
        let (before, word) = (&rest[..at], &rest[at + 2..]);
        if let Some((label, bytes, left)) = encoded_word(word) {
            // White space between two of them is no part of the text.
            if !(after_word && before.trim().is_empty()) {
                read.push_str(before);
            }
            read.push_str(&text(label, bytes));
            (rest, after_word) = (left, true);
        } else {
            read.push_str(&rest[..at + 2]);
            (rest, after_word) = (word, false);
        }
    }
    if read.is_empty() {
        return Cow::Borrowed(value);
    }
    read.push_str(rest);
    Cow::Owned(read)
}

/// `utf-8?Q?caf=C3=A9?=`, and what is left after it.
fn encoded_word(text: &str) -> Option<(&str, Vec<u8>, &str)> {
    let (label, text) = text.split_once('?')?;
    let (encoding, text) = text.split_once('?')?;
    let (data, left) = search::parted(text, "?=")?;
    let bytes = match encoding {
        "B" | "b" => base64_decode(data.as_bytes()),
        "Q" | "q" => quoted_printable_decode(data.replace('_', " ").as_bytes()),
        _ => None,
    };
    Some((label.split('*').next().unwrap_or(label), bytes?, left))
}

/// UTF-8 where it is valid, else as ISO 8859-1.
pub fn latin(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| error.as_bytes().iter().map(|b| char::from(*b)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(field: &str, value: &str, parameters: &[(&str, &str)]) {
        let read = Valued::read(field);
        assert_eq!(read.value, value);
        let parameters: Vec<_> = parameters.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        assert_eq!(read.parameters, parameters);
    }

    #[test]
    fn parameters_are_read_however_they_are_written() {
        check("Text/Plain", "text/plain", &[]);
        check("text/plain; Charset=utf-8 (as ever)", "text/plain", &[("charset", "utf-8")]);
        check(r#"multipart/mixed; boundary="a;b=\"c\"(d)""#, "multipart/mixed", &[("boundary", r#"a;b="c"(d)"#)]);
        check("attachment; filename*=UTF-8''caf%C3%A9.txt", "attachment", &[("filename", "café.txt")]);
        check(
            "attachment; filename*0*=iso-8859-1'en'caf%E9; filename*1=.txt; x",
            "attachment",
            &[("filename", "café.txt")],
        );
        check("", "", &[]);
    }

    #[test]
    fn a_field_is_unfolded_and_the_last_of_its_name_counts() {
        let message = Entity::of(b"Subject: one\r\nX: y\r\nsubject:  two\r\n\tand more\r\n\r\nSubject: body");
        assert_eq!(message.field("Subject").as_deref(), Some("two and more"));
        assert_eq!(message.body, b"Subject: body");
        assert_eq!(message.field("to"), None);
    }

    #[test]
    fn parts_stand_between_lines_of_their_own_boundary() {
        let body = b"\nbefore\n--b\n\none\n\n--bb\nstill one --b\n--b \r\nA: b\n\ntwo\n--b--\nafter";
        let parts = Entity::of(body).parts("b");
        let bodies: Vec<_> = parts.iter().map(|part| String::from_utf8_lossy(part.body)).collect();
        assert_eq!(bodies, ["one\n\n--bb\nstill one --b", "two"]);
        assert_eq!(parts[1].header, b"A: b\n");
        assert_eq!(Entity::of(b"\n--b\n\ncut off").parts("b")[0].body, b"cut off");
        assert!(Entity::of(b"\nnothing").parts("b").is_empty());
        assert_eq!(Entity::of(body).preamble("b"), b"before\n");
        assert!(Entity::of(b"\n--b\n\none\n--b--\n").preamble("b").is_empty());
    }

    #[test]
    fn what_is_badly_encoded_stays_as_it_is() {
        let content = |entity: &'static [u8]| Entity::of(entity).content();
        assert_eq!(&*content(b"Content-Transfer-Encoding: BASE64\n\naGVs\nbG8="), b"hello");
        assert_eq!(&*content(b"Content-Transfer-Encoding: quoted-printable\n\nh=65l=\nlo"), b"hello");
        assert_eq!(&*content(b"Content-Transfer-Encoding: base64\n\n<no base64>"), b"<no base64>");
    }

    #[test]
    fn encoded_words_read_as_one_text() {
        let read = |text| decoded(text, &|_, bytes| latin(bytes)).into_owned();
        assert_eq!(read("=?UTF-8?Q?Un_caf=C3=A9?= =?utf-8*fr?b?IMOgIGVtcG9ydGVy?= now"), "Un café à emporter now");
        assert_eq!(read("Re: =?iso-8859-1?q?R=E9ponse?="), "Re: Réponse");
        assert_eq!(read("a =?b?c?d"), "a =?b?c?d");
        assert_eq!(read("plain"), "plain");
    }

    /// The media type of every part that is no container, and its content without blanks around it.
    type Leaves = Vec<(String, Vec<u8>)>;

    fn leaves(entity: &Entity<'_>, untyped: &str, found: &mut Leaves) {
        let media = entity.media();
        let media_type = media.as_ref().map_or(untyped, |media| &media.value);
        let boundary = media.as_ref().and_then(|media| media.parameter("boundary"));
        let parts = boundary.map_or(Vec::new(), |boundary| entity.parts(boundary));
        for part in &parts {
            leaves(part, if media_type == "multipart/digest" { "message/rfc822" } else { "text/plain" }, found);
        }
        let content = entity.content();
        match media_type {
            _ if !parts.is_empty() => {}
            "message/rfc822" | "message/global" => leaves(&Entity::of(&content), "text/plain", found),
            _ => found.push((media_type.to_string(), content.trim_ascii().to_vec())),
        }
    }

    fn leaves_by_library(message: &mail_parser::Message<'_>, found: &mut Leaves) {
        use mail_parser::{MimeHeaders, PartType};
        for part in &message.parts {
            let raw = &message.raw_message[part.offset_body as usize..part.offset_end as usize];
            match &part.body {
                PartType::Multipart(_) => {}
                PartType::Message(inner) => leaves_by_library(inner, found),
                _ => {
                    let media = part.content_type();
                    let sub = |media: &mail_parser::ContentType<'_>| format!("/{}", media.subtype().unwrap_or(""));
                    let media_type = media.map_or("text/plain".to_string(), |m| m.ctype().to_string() + &sub(m));
                    // The library makes UTF-8 of text: what a text part carries is taken before that.
                    let content = match part.encoding {
                        mail_parser::Encoding::Base64 => base64_decode(raw),
                        mail_parser::Encoding::QuotedPrintable => quoted_printable_decode(raw),
                        mail_parser::Encoding::None => None,
                    };
                    let content = content.unwrap_or_else(|| raw.to_vec());
                    found.push((media_type.to_ascii_lowercase(), content.trim_ascii().to_vec()));
                }
            }
        }
    }

    #[test]
    fn the_structure_of_every_mail_is_the_one_that_the_library_sees() {
        let (mut mails, mut differ) = (0, Vec::new());
        let mut folders = vec![std::path::PathBuf::from("tests/corpus")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ending| ending == "eml") {
                    let bytes = std::fs::read(&path).unwrap();
                    let (mut ours, mut theirs) = (Leaves::new(), Leaves::new());
                    leaves(&Entity::of(&bytes), "text/plain", &mut ours);
                    leaves_by_library(&mail_parser::MessageParser::new().parse(&bytes).unwrap(), &mut theirs);
                    mails += 1;
                    if ours != theirs {
                        differ.push(path);
                    }
                }
            }
        }
        assert!(mails > 200, "{mails}");
        assert!(differ.is_empty(), "{differ:#?}");
    }
}
