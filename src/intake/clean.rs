//! Text as it is shown beside the same text as it is searched: quoting, odd spaces, smart quotes and undecoded
//! transfer encodings are smoothed out, and every place in the searched text leads back to the shown one.

use crate::search::{self, has};
use std::ops::Range;

/// A text in both forms.
#[derive(Debug, Default)]
pub struct Clean {
    shown: String,
    /// `None` where both forms are the same.
    searched: Option<Searched>,
}

#[derive(Debug)]
struct Searched {
    text: String,
    /// `(searched, shown)` offsets where the two part; between two entries they run in step.
    map: Vec<(u32, u32)>,
}

impl Clean {
    /// Cleans `shown` for searching.
    pub fn new(shown: String) -> Self {
        let ways = Ways::of(&shown);
        if !ways.any() {
            return Clean { shown, searched: None };
        }
        let searched = Some(search_form(&shown, &ways));
        Clean { shown, searched }
    }

    /// The text that is searched.
    pub fn text(&self) -> &str {
        self.searched.as_ref().map_or(&self.shown, |s| &s.text)
    }

    /// The text that is shown.
    pub fn shown(&self) -> &str {
        &self.shown
    }

    /// The place in the shown text of a place in the searched text, always on a character boundary.
    pub fn shown_at(&self, at: usize) -> usize {
        let Some(s) = &self.searched else { return at.min(self.shown.len()) };
        let nth = s.map.partition_point(|(searched, _)| *searched as usize <= at);
        let (searched, shown) = nth.checked_sub(1).map_or((0, 0), |n| s.map[n]);
        let limit = s.map.get(nth).map_or(self.shown.len(), |(_, next)| *next as usize);
        let mut place = (shown as usize + at - searched as usize).min(limit).min(self.shown.len());
        while !self.shown.is_char_boundary(place) {
            place -= 1;
        }
        place
    }

    /// Cuts in two at a place of the searched text.
    pub fn split_at(self, at: usize) -> (Clean, Clean) {
        let (left, right) = self.shown.split_at(self.shown_at(at));
        (Clean::new(left.to_string()), Clean::new(right.to_string()))
    }
}

/// Which smoothing this text asks for; each is decided once for the whole text.
#[derive(Default)]
struct Ways {
    odd_characters: bool,
    carriage_returns: bool,
    /// How many blanks every line begins with, as Markdown indents code.
    indent: usize,
    /// Tabs stand where blanks should.
    tabs: bool,
    /// The sign before most lines: `>` of a quote, `#` of a comment.
    quoted: Option<u8>,
    quoted_printable: bool,
    /// Soft line breaks whose line end became a blank.
    spaced_breaks: bool,
    escaped_markdown: bool,
    json: bool,
    /// `<http://host|host>`, as chat programs write links.
    chat_links: bool,
    /// `[host](http://host)`, as Markdown writes links.
    markdown_links: bool,
    /// `[EMAIL="ana@contoso.example"]ana@contoso.example[/EMAIL]`, as forums write how words look.
    forum_tags: bool,
    /// `Remote_host_said:_550_unknown`, as qmail's log writes blanks.
    underscores: bool,
    /// The width at which a console cut lines in the middle of words.
    columns: Option<usize>,
}

impl Ways {
    fn any(&self) -> bool {
        self.odd_characters
            || self.carriage_returns
            || self.indent > 0
            || self.tabs
            || self.quoted.is_some()
            || self.quoted_printable
            || self.escaped_markdown
            || self.json
            || self.chat_links
            || self.markdown_links
            || self.forum_tags
            || self.underscores
            || self.columns.is_some()
    }

    fn of(text: &str) -> Ways {
        let bytes = text.as_bytes();
        let mut ways = Ways {
            odd_characters: !text.is_ascii() && text.chars().any(|c| !c.is_ascii() && replacement(c).is_some()),
            carriage_returns: memchr::memchr(b'\r', bytes).is_some(),
            indent: if text.starts_with("  ") { indent(text) } else { 0 },
            tabs: memchr::memchr_iter(b'\t', bytes).count() > 8 * memchr::memchr_iter(b' ', bytes).count(),
            ..Ways::default()
        };
        if memchr::memchr2(b'>', b'#', bytes).is_some() {
            let (mut lines, mut quoted, mut comments) = (0, 0, 0);
            for line in text.lines().map(str::trim_start).filter(|l| !l.is_empty()).take(400) {
                lines += 1;
                quoted += usize::from(line.starts_with('>') && !line.starts_with(">>>"));
                comments += usize::from(line.starts_with('#'));
            }
            // A few words of the reader's own may stand above.
            ways.quoted = if quoted * 10 > lines * 3 {
                Some(b'>')
            } else {
                (comments > 1 && comments * 10 > lines * 6).then_some(b'#')
            };
        }
        if memchr::memchr(b'=', bytes).is_some() {
            // "IP=203.0.113.25" is no "=20": only forms that nothing else writes count.
            let (mut soft, mut sure) = (0, 0);
            for at in memchr::memchr_iter(b'=', bytes) {
                match &bytes[at + 1..] {
                    // An encoded word of a header ends with "?=" (RFC 2047 §2).
                    [b'\n', ..] | [b'\r', b'\n', ..] if !bytes[..at].ends_with(b"?") => soft += 1,
                    [b'3', b'D' | b'd', ..] | [b'C', b'3', b'=', ..] | [b'E', b'2', b'=', b'8', b'0', ..] => sure += 1,
                    [b'2', b'0', b'\n', ..] | [b'2', b'0', b'\r', b'\n', ..] | [b'0', b'A', b'=', ..] => sure += 1,
                    [b'C', b'2', b'=', b'A', b'0', ..] => sure += 1,
                    _ => {}
                }
            }
            let told = || has(text, "Encoding: quoted-printable");
            ways.quoted_printable = (soft > 0 && (sure > 0 || told())) || sure > 1 || soft > 2;
            ways.spaced_breaks = ways.quoted_printable && soft == 0;
        }
        ways.chat_links = memchr::memchr(b'|', bytes).is_some() && (has(text, "<mailto:") || has(text, "<http"));
        ways.markdown_links = has(text, "](") && (has(text, "](http") || has(text, "](mailto:"));
        ways.forum_tags = search::places(text, "[/").any(|at| forum_tag(&text[at..]).is_some());
        ways.underscores = has(text, SAID);
        ways.columns = columns(text);
        if memchr::memchr(b'\\', bytes).is_some() {
            let escapes = ["\\[", "\\]", "\\_", "\\*", "\\#", "\\<", "\\(", "\\.", "\\-"];
            ways.escaped_markdown = escapes.iter().map(|e| search::places(bytes, e).count()).sum::<usize>() >= 2;
            let start = text.trim_start();
            // "\u003c" is JSON's wherever it stands: a log quotes what a server answered.
            ways.json =
                (start.starts_with(['{', '[']) || has(text, "\\r\\n")) && has(start, "\":") || has(text, "\\u003");
        }
        ways
    }
}

/// How many blanks every line that is not blank begins with.
fn indent(text: &str) -> usize {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| line.bytes().take_while(|b| *b == b' ').count()).min().unwrap_or(0)
}

/// What qmail's log writes before a reply.
const SAID: &str = "_host_said:_";

/// The end of the word that goes on at `at`, and whether its underscores stand for blanks: it holds such a reply.
fn blanks(shown: &str, at: usize) -> (usize, bool) {
    let from = shown.floor_char_boundary(at.saturating_sub(1024));
    let to = shown.floor_char_boundary((at + 1024).min(shown.len()));
    let start = shown[from..at].rfind(char::is_whitespace).map_or(from, |n| from + n);
    let end = shown[at..to].find(char::is_whitespace).map_or(to, |n| at + n);
    (end, has(&shown[start..end], SAID))
}

/// The width at which a console folded a value: indented lines below lines of one same length.
fn columns(text: &str) -> Option<usize> {
    const INDENT: &str = "\n            ";
    if !has(text, INDENT) {
        return None;
    }
    let lines: Vec<&str> = text.lines().collect();
    let mut widths = lines.windows(2).filter(|w| w[1].starts_with(&INDENT[1..])).map(|w| w[0].chars().count());
    let first = widths.next().filter(|w| *w >= 60)?;
    let mut count = 1;
    for width in widths {
        if width.abs_diff(first) > 1 {
            return None;
        }
        count += 1;
    }
    (count > 1).then_some(first - 1)
}

/// What a character is searched as; `None` where it stands for itself, empty where it is left out.
fn replacement(c: char) -> Option<&'static str> {
    Some(match c {
        '\u{A0}' | '\u{202F}' | '\u{2007}' | '\u{2009}' | '\u{200A}' | '\u{2002}' | '\u{2003}' | '\u{3000}' => " ",
        '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{2032}' | '\u{00B4}' => "'",
        '\u{201C}' | '\u{201D}' | '\u{201E}' | '\u{2033}' => "\"",
        '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' | '\u{2014}' | '\u{2212}' => "-",
        '\u{2192}' => "->",
        '\u{FF1A}' => ":",
        '\u{2028}' | '\u{2029}' | '\u{85}' => "\n",
        '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' | '\u{AD}' => "",
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => "",
        _ => return None,
    })
}

struct Writer {
    text: String,
    map: Vec<(u32, u32)>,
}

impl Writer {
    /// Appends `piece`, which stands for `shown[from..to]`.
    fn put(&mut self, piece: &str, from: usize, to: usize) {
        self.note(from);
        self.text.push_str(piece);
        if piece.len() != to - from {
            self.note(to);
        }
    }

    /// Notes that the searched text goes on from `shown`.
    fn note(&mut self, shown: usize) {
        let in_step = self.map.last().is_some_and(|(s, o)| self.text.len() - *s as usize + *o as usize == shown);
        if !in_step {
            let here = (self.text.len() as u32, shown as u32);
            match self.map.last_mut() {
                Some(last) if last.0 == here.0 => *last = here,
                _ => self.map.push(here),
            }
        }
    }
}

fn search_form(shown: &str, ways: &Ways) -> Searched {
    let mut w = Writer { text: String::with_capacity(shown.len()), map: Vec::new() };
    let bytes = shown.as_bytes();
    let mut at = 0;
    let mut line_start = true;
    let mut word = (0, false);
    while at < bytes.len() {
        if line_start && ways.indent > 0 {
            let end = at + bytes[at..].iter().take(ways.indent).take_while(|b| **b == b' ').count();
            w.put("", at, end);
            at = end;
            if at == bytes.len() {
                break;
            }
        }
        if line_start && let Some(sign) = ways.quoted {
            let mut end = at;
            while bytes.get(end).is_some_and(|b| *b == b' ' || *b == sign) {
                end += 1;
            }
            if bytes[at..end].contains(&sign) {
                w.put("", at, end);
                at = end;
                line_start = false;
                continue;
            }
        }
        line_start = false;
        match bytes[at] {
            b'\r' | b'\n' if ways.columns.is_some() && folded(shown, at, ways.columns).is_some() => {
                let end = folded(shown, at, ways.columns).unwrap_or(at + 1);
                w.put("", at, end);
                at = end;
            }
            b'\r' => {
                let end = if bytes.get(at + 1) == Some(&b'\n') { at + 2 } else { at + 1 };
                w.put("\n", at, end);
                at = end;
                line_start = true;
            }
            b'=' if ways.spaced_breaks && bytes.get(at + 1) == Some(&b' ') => {
                w.put("", at, at + 2);
                at += 2;
            }
            b'<' if ways.chat_links => at = chat_link(shown, at, &mut w),
            b'[' if ways.forum_tags
                && let Some(length) = forum_tag(&shown[at..]) =>
            {
                // What a tag parts must not read as one address or host.
                let part = |b: Option<&u8>| {
                    b.is_some_and(|b| b.is_ascii_alphanumeric() || !b.is_ascii() || b"@.-_+=".contains(b))
                };
                let apart = part(w.text.as_bytes().last()) && part(bytes.get(at + length));
                w.put(if apart { " " } else { "" }, at, at + length);
                at += length;
            }
            b'[' if ways.markdown_links => at = markdown_link(shown, at, &mut w),
            b'=' if ways.quoted_printable => at = quoted_printable(shown, at, &mut w),
            b'\\' if ways.json => at = json_escape(shown, at, &mut w),
            b'\\' if ways.escaped_markdown && bytes.get(at + 1).is_some_and(u8::is_ascii_punctuation) => {
                w.put(&shown[at + 1..at + 2], at, at + 2);
                at += 2;
            }
            b'\t' if ways.tabs => {
                w.put(" ", at, at + 1);
                at += 1;
            }
            b'_' if ways.underscores => {
                word = if at < word.0 { word } else { blanks(shown, at) };
                w.put(if word.1 { " " } else { "_" }, at, at + 1);
                at += 1;
            }
            b if b.is_ascii() => {
                // A run of plain characters is copied at once.
                let stop = |b: &u8| {
                    matches!(b, b'\r' | b'\n' | b'=' | b'\\' | b'<' | b'[' | b'\t')
                        || !b.is_ascii()
                        || ways.underscores && *b == b'_'
                };
                let run = bytes[at + 1..].iter().position(stop).map_or(bytes.len(), |n| at + 1 + n);
                let run = if b == b'\n' { at + 1 } else { run };
                w.put(&shown[at..run], at, run);
                line_start = b == b'\n';
                at = run;
            }
            _ => {
                let c = shown[at..].chars().next().unwrap_or('\u{FFFD}');
                let end = at + c.len_utf8();
                w.put(replacement(c).unwrap_or(&shown[at..end]), at, end);
                at = end;
            }
        }
    }
    w.note(shown.len());
    Searched { text: w.text, map: w.map }
}

/// Where a line goes on that a console cut at `at`: behind the line end and the indent.
fn folded(shown: &str, at: usize, columns: Option<usize>) -> Option<usize> {
    let start = memchr::memrchr(b'\n', &shown.as_bytes()[..at]).map_or(0, |n| n + 1);
    let next = at + if shown[at..].starts_with("\r\n") { 2 } else { 1 };
    let indent = shown[next..].bytes().take_while(|b| *b == b' ').count();
    (indent >= 12 && columns.is_some_and(|width| shown[start..at].chars().count() >= width)).then_some(next + indent)
}

/// `<http://host|host>` and `<mailto:a@b|a@b>` as the words that were shown; returns where to go on.
fn chat_link(shown: &str, at: usize, w: &mut Writer) -> usize {
    let rest = &shown[at + 1..];
    let is_link = ["http://", "https://", "mailto:"].iter().any(|scheme| rest.starts_with(scheme));
    let end =
        rest.bytes().take(2048).position(|b| matches!(b, b'>' | b' ' | b'\n')).filter(|n| rest.as_bytes()[*n] == b'>');
    if let (true, Some(end)) = (is_link, end)
        && let Some(bar) = rest[..end].find('|')
    {
        return link(shown, at, at + 1 + bar + 1..at + 1 + end, at + 1 + end + 1, w);
    }
    w.put("<", at, at + 1);
    at + 1
}

/// The length of the tag of a forum that a text begins with.
fn forum_tag(text: &str) -> Option<usize> {
    let name = text[1..].trim_start_matches('/');
    let is = |tag: &&str| name.get(..tag.len()).is_some_and(|name| name.eq_ignore_ascii_case(tag));
    let tag = ["email", "url", "font", "size", "color", "quote", "code", "b", "i", "u"].into_iter().find(is)?;
    let rest = &name.as_bytes()[tag.len()..];
    let end = rest.iter().take(256).position(|b| matches!(b, b']' | b'\n'))?;
    (rest[end] == b']' && (end == 0 || rest[0] == b'=')).then_some(text.len() - rest.len() + end + 1)
}

/// `[host](http://host)` as its words; returns where to go on.
fn markdown_link(shown: &str, at: usize, w: &mut Writer) -> usize {
    let rest = &shown[at + 1..];
    let line = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len()).min(2048);
    let line = &rest[..rest.floor_char_boundary(line)];
    let words = line.find([']', '[']).unwrap_or(line.len());
    let is_link = ["](http://", "](https://", "](mailto:"].iter().any(|open| line[words..].starts_with(open));
    match line[words..].find([')', ' ']).filter(|n| is_link && line.as_bytes()[words + n] == b')') {
        Some(close) => link(shown, at, at + 1..at + 1 + words, at + 1 + words + close + 1, w),
        None => {
            w.put("[", at, at + 1);
            at + 1
        }
    }
}

/// Puts a link's `words`, apart from a word that it touches: together they might read as another address or host.
fn link(shown: &str, at: usize, words: Range<usize>, end: usize, w: &mut Writer) -> usize {
    let joins: &[u8] = if shown[words.clone()].contains('@') { b"!#$%&'*+-./=?^_`{}~" } else { b"-._" };
    let apart = |b: Option<&u8>| match b {
        Some(b) if b.is_ascii_alphanumeric() || !b.is_ascii() || joins.contains(b) => " ",
        _ => "",
    };
    w.put(apart(w.text.as_bytes().last()), at, words.start);
    w.put(&shown[words.clone()], words.start, words.end);
    let behind = shown.as_bytes().get(end).filter(|b| !b.is_ascii_punctuation());
    w.put(apart(behind), words.end, end);
    end
}

/// Undoes quoted-printable that was pasted undecoded (RFC 2045 §6.7); returns where to go on.
fn quoted_printable(shown: &str, at: usize, w: &mut Writer) -> usize {
    let rest = &shown.as_bytes()[at..];
    if rest.starts_with(b"=\n") || rest.starts_with(b"=\r\n") {
        let end = at + if rest[1] == b'\n' { 2 } else { 3 };
        w.put("", at, end);
        return end;
    }
    let mut decoded = Vec::new();
    let mut end = at;
    while let [b'=', a, b, ..] = &shown.as_bytes()[end..] {
        let hex = |b: &u8| (*b as char).to_digit(16);
        let (Some(high), Some(low)) = (hex(a), hex(b)) else { break };
        decoded.push((high * 16 + low) as u8);
        end += 3;
    }
    if decoded.is_empty() {
        w.put("=", at, at + 1);
        return at + 1;
    }
    let text: String = String::from_utf8_lossy(&decoded)
        .chars()
        .map(|c| replacement(c).map_or_else(|| c.to_string(), str::to_string))
        .collect();
    w.put(&text, at, end);
    end
}

/// Undoes a JSON string escape (RFC 8259 §7); returns where to go on.
fn json_escape(shown: &str, at: usize, w: &mut Writer) -> usize {
    let rest = &shown.as_bytes()[at..];
    let (piece, length): (String, usize) = match rest.get(1) {
        Some(b'n') => ("\n".into(), 2),
        Some(b't') => (" ".into(), 2),
        Some(b'r') => (String::new(), 2),
        Some(b'u') => {
            let number = shown.get(at + 2..at + 6).and_then(|hex| u32::from_str_radix(hex, 16).ok());
            match number.and_then(char::from_u32) {
                Some(c) => (replacement(c).map_or_else(|| c.to_string(), str::to_string), 6),
                None => ("\\".into(), 1),
            }
        }
        Some(b) if b.is_ascii_punctuation() => ((*b as char).to_string(), 2),
        _ => ("\\".into(), 1),
    };
    w.put(&piece, at, at + length);
    at + length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(shown: &str, searched: &str) {
        let clean = Clean::new(shown.to_string());
        assert_eq!(clean.text(), searched);
        let mut last = 0;
        for at in 0..=clean.text().len() {
            let place = clean.shown_at(at);
            assert!(place >= last && clean.shown().is_char_boundary(place), "{at} leads to {place} after {last}");
            last = place;
        }
        assert_eq!(clean.shown_at(clean.text().len()), shown.len());
    }

    #[test]
    fn plain_text_stays_as_it_is() {
        check("550 5.1.1 unknown\nnext", "550 5.1.1 unknown\nnext");
    }

    #[test]
    fn odd_spaces_quotes_and_arrows_are_smoothed() {
        check("Serveur de génération\u{A0}: a \u{2192} \u{201C}b\u{201D}", "Serveur de génération : a -> \"b\"");
    }

    #[test]
    fn quote_marks_go_where_most_lines_have_them() {
        check("> 550 5.1.1\n> > no\n", "550 5.1.1\nno\n");
        check(
            ">>> RCPT To:<a>\n<<< 550 no\n554 5.0.0 failed\nline\n",
            ">>> RCPT To:<a>\n<<< 550 no\n554 5.0.0 failed\nline\n",
        );
    }

    #[test]
    fn undecoded_transfer_encodings_are_read() {
        check("[Message=3DSocket error=\n code 10061] caf=C3=A9", "[Message=Socket error code 10061] café");
    }

    #[test]
    fn links_of_markdown_are_read_as_their_words() {
        check("To: [a@b.example](mailto:a@b.example) [IP=1]", "To: a@b.example [IP=1]");
        check("[mx.example](http://mx.example/). (192.0.2.7", "mx.example. (192.0.2.7");
        check("[x](http://open and [y", "[x](http://open and [y");
        // A line is looked at only so far, and never cut inside a character.
        for blanks in 0..2 {
            let long = format!("[a](http://a) [{}{}](http://b)", " ".repeat(blanks), "é".repeat(2000));
            check(&long, &long.replacen("[a](http://a)", "a", 1));
        }
    }

    #[test]
    fn a_console_s_columns_are_joined() {
        let indent = " ".repeat(26);
        let width = |text: &str| format!("{text}{}", "x".repeat(80 - text.len()));
        let (first, second) = (width("RecipientStatus         : {"), width(&indent));
        check(&format!("{first}\n{second}\n{indent}end}}"), &format!("{first}{}end}}", second.trim_start()));
    }

    #[test]
    fn a_chat_s_links_become_their_words() {
        check(
            "Server at <http://mx.contoso.example|mx.contoso.example> (192.0.2.7) <mailto:a@b.example|a@b.example>",
            "Server at mx.contoso.example (192.0.2.7) a@b.example",
        );
        check(
            "2\u{d1}<mailto:a@b.example|a@b.example>x=<http://c.example|c.example>.",
            "2\u{d1} a@b.example x=c.example.",
        );
    }

    #[test]
    fn underscores_of_a_qmail_log_become_blanks() {
        check(
            "to a_b@c.example\n192.0.2.7_fails./Remote_host_said:_550_no/",
            "to a_b@c.example\n192.0.2.7 fails./Remote host said: 550 no/",
        );
    }

    #[test]
    fn line_ends_become_one_kind() {
        check("a\r\nb\rc\n", "a\nb\nc\n");
    }

    #[test]
    fn escapes_of_json_and_markdown_go() {
        check(r#"{"a":"x \"y\" \u003cz\u003e"}"#, "{\"a\":\"x \"y\" <z>\"}");
        check(
            r"450 4.4.316 \[Message=a\] \[LastAttemptedIP=192.0.2.7:25\]",
            "450 4.4.316 [Message=a] [LastAttemptedIP=192.0.2.7:25]",
        );
    }

    #[test]
    fn a_place_leads_back_to_the_shown_words() {
        let clean = Clean::new("a\u{A0}\u{200B}b\u{2192}c550".to_string());
        let at = clean.text().find("550").unwrap();
        assert_eq!(&clean.shown()[clean.shown_at(at)..], "550");
    }
}
