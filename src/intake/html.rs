//! HTML as plain text: blocks, cells and breaks become lines, everything that is not read is left out.
//! (mail-parser can do this too; its table of every named character is as large as the rest of the parser.)

use crate::search;

/// Elements that end a line, lower case.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

/// Elements whose content is not text.
const HIDDEN: &[&str] = &["head", "script", "style", "svg", "template", "title"];

/// Names of characters that mail programs write; all others come as numbers or as themselves.
const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("laquo", '«'),
    ("raquo", '»'),
    ("hellip", '…'),
    ("rarr", '→'),
    ("bull", '•'),
    ("middot", '·'),
    ("copy", '©'),
    ("reg", '®'),
    ("trade", '™'),
    ("euro", '€'),
    ("zwnj", '\u{200C}'),
    ("shy", '\u{AD}'),
    ("aacute", 'á'),
    ("eacute", 'é'),
    ("iacute", 'í'),
    ("oacute", 'ó'),
    ("uacute", 'ú'),
    ("ntilde", 'ñ'),
    ("Aacute", 'Á'),
    ("Eacute", 'É'),
    ("Iacute", 'Í'),
    ("Oacute", 'Ó'),
    ("Uacute", 'Ú'),
    ("Ntilde", 'Ñ'),
    ("uuml", 'ü'),
    ("ouml", 'ö'),
    ("auml", 'ä'),
    ("Uuml", 'Ü'),
    ("Ouml", 'Ö'),
    ("Auml", 'Ä'),
    ("szlig", 'ß'),
    ("agrave", 'à'),
    ("egrave", 'è'),
    ("igrave", 'ì'),
    ("ograve", 'ò'),
    ("ugrave", 'ù'),
    ("acirc", 'â'),
    ("ecirc", 'ê'),
    ("icirc", 'î'),
    ("ocirc", 'ô'),
    ("ucirc", 'û'),
    ("ccedil", 'ç'),
    ("atilde", 'ã'),
    ("otilde", 'õ'),
    ("iexcl", '¡'),
    ("iquest", '¿'),
    ("euml", 'ë'),
    ("iuml", 'ï'),
    ("Ccedil", 'Ç'),
    ("Egrave", 'È'),
    ("Agrave", 'À'),
];

/// The text that a reader of the HTML sees.
pub fn text(html: &str) -> String {
    let mut out = Lines { text: String::with_capacity(html.len() / 2), blank: true };
    let mut rest = html;
    let mut unclosed: Vec<String> = Vec::new();
    while let Some(at) = memchr::memchr2(b'<', b'&', rest.as_bytes()) {
        out.words(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            let (c, length) = character(rest);
            out.put(c);
            rest = &rest[length..];
            continue;
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = search::find(comment, "-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let name_start = 1 + usize::from(rest[1..].starts_with('/'));
        let length = rest[name_start..].bytes().take_while(u8::is_ascii_alphanumeric).count();
        let name = rest[name_start..name_start + length].to_ascii_lowercase();
        if name.is_empty() && !rest[1..].starts_with(['!', '?', '/']) {
            // "a < b", or an address in pointed brackets that was never escaped
            out.put('<');
            rest = &rest[1..];
            continue;
        }
        // An unescaped "<ana@contoso.example>" is text too.
        let end = memchr::memchr(b'>', rest.as_bytes()).map_or(rest.len(), |n| n + 1);
        if rest[..end].contains('@') && !rest[..end].contains('=') {
            out.words(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        if name_start == 1 && HIDDEN.contains(&name.as_str()) {
            rest = &rest[end..];
            // What is never closed is text, and what follows it is searched only once.
            if !unclosed.contains(&name) {
                match after_element(rest, &name) {
                    Some(after) => rest = after,
                    None => unclosed.push(name),
                }
            }
            continue;
        }
        if BLOCKS.contains(&name.as_str()) {
            out.end_line();
        }
        rest = &rest[end..];
    }
    out.words(rest);
    out.text
}

/// What follows the end tag of `name`.
fn after_element<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let at = search::places(rest, "</").find(|at| {
        rest.as_bytes()[at + 2..].get(..name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name.as_bytes()))
    })?;
    Some(memchr::memchr(b'>', &rest.as_bytes()[at..]).map_or("", |n| &rest[at + n + 1..]))
}

/// A character reference at the start of `text` and its length; `&` itself where it is none.
fn character(text: &str) -> (char, usize) {
    let end = text.bytes().take(12).position(|b| b == b';');
    let Some(name) = end.map(|end| &text[1..end]) else { return ('&', 1) };
    let number = |digits: &str| match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    };
    let c = match name.strip_prefix('#') {
        Some(digits) => number(digits).and_then(char::from_u32),
        None => NAMES.iter().find(|(known, _)| *known == name).map(|(_, c)| *c),
    };
    c.map_or(('&', 1), |c| (c, name.len() + 2))
}

/// Text whose white space is folded and whose empty lines never double.
struct Lines {
    text: String,
    /// The last line is still empty.
    blank: bool,
}

impl Lines {
    fn put(&mut self, c: char) {
        if c.is_ascii_whitespace() {
            if !self.blank && !self.text.ends_with(' ') {
                self.text.push(' ');
            }
        } else {
            self.text.push(c);
            self.blank = false;
        }
    }

    fn words(&mut self, words: &str) {
        words.chars().for_each(|c| self.put(c));
    }

    fn end_line(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        self.blank = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(html: &str, expected: &str) {
        assert_eq!(text(html).trim_end(), expected);
    }

    #[test]
    fn cells_and_blocks_are_lines() {
        check("<table><tr><td>Last error</td><td>450 4.4.316</td></tr></table>", "Last error\n\n450 4.4.316");
        check("<p>Server  de\n g&eacute;n&#233;ration&nbsp;: a</p>", "Server de génération : a");
    }

    #[test]
    fn styles_scripts_and_comments_are_not_text() {
        check("<head><style>p{}</style></head><!-- x --><script>550 5.1.1</script>550 <b>5.</b>1.1", "550 5.1.1");
    }

    #[test]
    fn addresses_in_pointed_brackets_stay() {
        check(
            "550 <ana@contoso.example> &lt;b@contoso.example&gt; 1 < 2",
            "550 <ana@contoso.example> <b@contoso.example> 1 < 2",
        );
    }
}
