//! Hostile names in realistic reports: none reaches a command, a link, an attribute, a file name or a document unescaped.

mod fixtures;

use html5gum::{Token, Tokenizer};
use ndr_doctor::report::{Finding, Reader, Step, What, Written};
use ndr_doctor::{Form, Handover, HostCharsets, Lang, Options, Report, Wish, hand_over};
use pulldown_cmark::{Event, Parser, Tag};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

/// The names of `tests/fixtures/hostile.txt`.
fn names() -> Vec<String> {
    let file = std::fs::read_to_string(fixtures::project("tests/fixtures/hostile.txt")).expect("the names can be read");
    file.lines().filter(|line| !line.is_empty() && !line.starts_with("# ")).map(unescaped).collect()
}

fn unescaped(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = &rest[at + 1..];
        let (sign, length) = match escape.chars().next() {
            Some('n') => ('\n', 1),
            Some('r') => ('\r', 1),
            Some('t') => ('\t', 1),
            Some('u') => {
                let end = escape.find('}').expect("an escape ends");
                let number = u32::from_str_radix(&escape[2..end], 16).expect("an escape is a number");
                (char::from_u32(number).expect("an escape is a character"), end + 1)
            }
            Some(sign) => (sign, sign.len_utf8()),
            None => ('\\', 0),
        };
        out.push(sign);
        rest = &escape[length..];
    }
    out + rest
}

/// Reports in which a name stands wherever a system may write one.
fn reports_with(name: &str) -> Vec<String> {
    let exchange = |host: &str, recipient: &str| {
        format!(
            "Delivery has failed to these recipients or groups:\n\n{name} ({recipient})<mailto:{recipient}>\n\
             Your message wasn't delivered.\n\nSubject: {name}\n\nDiagnostic information for administrators:\n\n\
             Generating server: {host}\n\n{recipient}\n3/6/2026 8:57:02 AM - Server at {host} (192.0.2.7) returned '450 4.4.316 \
             Connection refused [Message=Socket error code 10061] [LastAttemptedServerName={host}] [LastAttemptedIP=192.0.2.7:25]'\n\n\
             Original message headers:\n\nFrom: \"{name}\" <ana@contoso.example>\nTo: <{recipient}>\nSubject: {name}\n\
             Message-ID: <{name}@contoso.example>\nReceived: from {host} (192.0.2.9) by {name} with ESMTP; Thu, 5 Mar 2026 09:12:02 +0000\n"
        )
    };
    let dsn = |host: &str, recipient: &str| {
        format!(
            "From: \"{name}\" <postmaster@contoso.example>\nTo: ana@contoso.example\nSubject: Undeliverable: {name}\n\
             MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n\
             --b\n\n<{recipient}>: host {host}[192.0.2.7] said: 550 5.1.1 <{recipient}>: {name} unknown\n\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; {host}\n\n\
             Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\nRemote-MTA: dns; {host}\n\
             Diagnostic-Code: smtp; 550 5.1.1 {name} <{recipient}>: unknown\n\n\
             --b\nContent-Type: message/rfc822\n\nFrom: {name} <ana@{host}>\nTo: {recipient}\nSubject: {name}\n\nHello\n--b--\n"
        )
    };
    vec![
        exchange(name, "ben@fabrikam.example"),
        exchange("mail.fabrikam.example", &format!("{name}@fabrikam.example")),
        exchange("mail.fabrikam.example", &format!("ben@{name}")),
        dsn(name, "ben@fabrikam.example"),
        dsn("mail.fabrikam.example", name),
        format!(
            "Received: from {name} (192.0.2.9) by {name} with ESMTP; Thu, 5 Mar 2026 13:12:02 +0000\n\
             Received: from client.{name} ([192.0.2.8]) by {name} with ESMTP; Thu, 5 Mar 2026 09:12:02 +0000\n\
             From: {name} <ana@contoso.example>\nTo: ben@fabrikam.example\nSubject: {name}\n\
             Authentication-Results: {name}; spf=pass smtp.mailfrom={name}\nX-Mailer: {name}\n"
        ),
        format!("550 5.7.1 Service unavailable; Client host [{name}] blocked; <{name}@{name}> {name}"),
    ]
}

/// What the project itself may write: the lines of its words, by language.
struct Own {
    lines: BTreeSet<&'static str>,
    /// Commands with a place to fill, as what they may be filled to.
    filled: Vec<Regex>,
}

impl Own {
    fn of(lang: Lang) -> Own {
        let lines: BTreeSet<&'static str> = ndr_doctor::catalog::words_file(lang).lines().collect();
        let label = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
        let host = format!("({label}\\.)+{label}\\.?");
        let fills = [
            ("{host}", "<host>", host.clone()),
            ("{ip}", "<ip>", "[0-9a-f:.]{2,45}".to_string()),
            ("{domain}", "<domain>", host.clone()),
            ("{recipient}", "<recipient>", format!("[A-Za-z0-9._+][A-Za-z0-9._+-]*@{host}")),
            ("{sender_domain}", "<sender-domain>", host.clone()),
            ("{sending_ip}", "<sending-ip>", "[0-9.]{7,15}".to_string()),
        ];
        let (open, lines): (BTreeSet<_>, BTreeSet<_>) =
            lines.into_iter().partition(|line| fills.iter().any(|(field, ..)| line.contains(field)));
        let filled = open.into_iter().map(|line| {
            let pattern = fills.iter().fold(regex::escape(line), |pattern, (field, placeholder, value)| {
                pattern.replace(&regex::escape(field), &format!("({value}|{placeholder})"))
            });
            Regex::new(&format!("^{pattern}$")).expect("an escaped line is a pattern")
        });
        Own { filled: filled.collect(), lines }
    }

    fn is_command(&self, text: &str) -> bool {
        self.lines.contains(text) || self.filled.iter().any(|command| command.is_match(text))
    }

    fn is_url(&self, url: &str) -> bool {
        url.starts_with("https://") && self.lines.contains(url)
    }
}

fn steps(finding: &Finding) -> Vec<&Step> {
    fn under(steps: &[Step]) -> Vec<&Step> {
        steps.iter().flat_map(|step| [step].into_iter().chain(under(&step.steps))).collect()
    }
    under(&finding.steps)
}

/// Commands that are not the catalogue's, strictly filled; links that are not the catalogue's. Counts the commands.
fn faults_of_report(report: &Report, own: &Own, seen: &mut usize) -> Vec<String> {
    let mut faults = Vec::new();
    for step in report.findings.iter().flat_map(steps) {
        for command in &step.commands {
            for text in [Some(&command.text), command.undo.as_ref()].into_iter().flatten() {
                *seen += 1;
                if !own.is_command(text) {
                    faults.push(format!("command {text:?}"));
                }
            }
        }
        faults.extend(step.link.iter().filter(|l| !own.is_url(l.url)).map(|l| format!("link {:?}", l.url)));
    }
    let sources = report.findings.iter().flat_map(|f| &f.sources);
    faults.extend(sources.filter(|s| !own.is_url(s.url)).map(|s| format!("source {:?}", s.url)));
    faults
}

/// Characters that turn text about or cannot be seen.
fn disguises(text: &str) -> Option<char> {
    text.chars().find(|c| {
        c.is_control() && !matches!(c, '\n' | '\t')
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
            || matches!(c, '\u{61C}' | '\u{180E}' | '\u{2028}' | '\u{2029}' | '\u{E000}'..='\u{F8FF}' | '\u{E0000}'..)
    })
}

fn faults_of_handover(handed_over: &Handover, own: &Own) -> Vec<String> {
    let text: String = handed_over.runs.iter().map(|run| run.text.as_str()).collect();
    let mut faults = Vec::new();
    faults.extend(disguises(&text).map(|c| format!("a character that cannot be seen: {c:?}")));
    let name =
        Regex::new("^ndr-doctor(-[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3})?\\.(md|txt|html|json)$").expect("a pattern");
    if !name.is_match(&handed_over.file_name) {
        faults.push(format!("file name {:?}", handed_over.file_name));
    }
    if let Some(mask) =
        handed_over.masks.iter().find(|m| !m.id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'))
    {
        faults.push(format!("mask {:?}", mask.id));
    }
    match handed_over.media_type.as_str() {
        "text/html" => faults.extend(faults_of_html(&text, own)),
        "text/markdown" => faults.extend(faults_of_markdown(&text, own)),
        "application/json" => {
            faults.extend(serde_json::from_str::<serde_json::Value>(&text).err().map(|error| format!("JSON: {error}")));
        }
        _ => {}
    }
    faults
}

/// Elements and attributes that the template has, in the order of a document.
const ELEMENTS: [(&str, &[&str]); 17] = [
    ("html", &["lang"]),
    ("head", &[]),
    ("meta", &["charset", "content", "http-equiv", "name"]),
    ("title", &[]),
    ("style", &[]),
    ("body", &[]),
    ("main", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("p", &[]),
    ("ul", &[]),
    ("li", &[]),
    ("strong", &[]),
    ("code", &[]),
    ("pre", &[]),
    ("a", &["href", "rel"]),
    ("br", &[]),
];

fn faults_of_html(text: &str, own: &Own) -> Vec<String> {
    let known: BTreeMap<&str, &[&str]> = ELEMENTS.into_iter().collect();
    let mut faults = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut metas = 0;
    for token in Tokenizer::new(text).flatten() {
        let string = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        match token {
            Token::StartTag(tag) => {
                let name = string(&tag.name);
                let Some(attributes) = known.get(name.as_str()) else {
                    faults.push(format!("element <{name}>"));
                    continue;
                };
                for (attribute, value) in &tag.attributes {
                    let (attribute, value) = (string(attribute), string(value));
                    if !attributes.contains(&attribute.as_str()) || attribute == "href" && !own.is_url(&value) {
                        faults.push(format!("<{name} {attribute}={value:?}>"));
                    }
                }
                match name.as_str() {
                    "meta" => metas += 1,
                    "br" => {}
                    _ => open.push(name),
                }
            }
            Token::EndTag(tag) => {
                let name = string(&tag.name);
                if open.pop().as_ref() != Some(&name) {
                    faults.push(format!("</{name}> closes nothing"));
                }
            }
            Token::Comment(_) => faults.push("a comment".into()),
            Token::Error(error) => faults.push(format!("HTML: {error:?}")),
            Token::String(_) | Token::Doctype(_) => {}
        }
    }
    if !open.is_empty() || metas != 3 {
        faults.push(format!("open at the end: {open:?}; {metas} meta elements"));
    }
    faults
}

fn faults_of_markdown(text: &str, own: &Own) -> Vec<String> {
    let mut faults = Vec::new();
    for event in Parser::new_ext(text, pulldown_cmark::Options::all()) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => faults.push(format!("HTML {html:?}")),
            Event::Start(Tag::Link { dest_url, .. }) if !own.is_url(&dest_url) => {
                faults.push(format!("link {dest_url:?}"))
            }
            Event::Start(Tag::Image { dest_url, .. }) => faults.push(format!("image {dest_url:?}")),
            Event::Start(
                tag @ (Tag::Table(_) | Tag::FootnoteDefinition(_) | Tag::BlockQuote(_) | Tag::MetadataBlock(_)),
            ) => {
                faults.push(format!("{tag:?}"));
            }
            Event::FootnoteReference(name) => faults.push(format!("footnote {name:?}")),
            _ => {}
        }
    }
    faults
}

#[test]
fn no_hostile_name_gets_through() {
    let names = names();
    assert!(names.len() >= 200, "{} names", names.len());
    let own = Lang::ALL.map(Own::of);
    let mut faults = BTreeSet::new();
    let (mut commands, mut documents) = (0, 0);
    for (nth, name) in names.iter().enumerate() {
        for (kind, text) in reports_with(name).iter().enumerate() {
            // Languages and readers take turns: what differs between them is not how text is escaped.
            let lang = Lang::ALL[(nth + kind) % 2];
            let own = &own[lang as usize];
            let options = Options { lang, ..Options::default() };
            let form = [if kind == 3 || kind == 4 { Form::file("x.eml", text.as_bytes()) } else { Form::text(text) }];
            let report = ndr_doctor::examine(&form, &options, &HostCharsets);
            let mut of_name = faults_of_report(&report, own, &mut commands);
            for (turn, (_, form_word)) in Written::ALL.into_iter().enumerate() {
                let (_, what) = [What::ALL[3], What::ALL[(nth + kind + turn) % 5]][(nth + turn) % 2];
                let (_, reader) = Reader::ALL[(nth + turn) % 3];
                let wish = Wish {
                    what,
                    form: form_word,
                    reader,
                    shown: vec!["text-1".into()],
                    note: format!("{name}\n{name} {name}"),
                    ..Wish::default()
                };
                let handed_over = hand_over(&form, &options, &HostCharsets, &wish);
                documents += 1;
                of_name.extend(
                    faults_of_handover(&handed_over, own).into_iter().map(|f| format!("{what:?} {form_word:?}: {f}")),
                );
            }
            faults.extend(of_name.into_iter().map(|fault| format!("{name:?} in report {kind}: {fault}")));
        }
    }
    let list: Vec<_> = faults.iter().take(60).map(String::as_str).collect();
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), list.join("\n  "));
    assert!(commands > 1000, "only {commands} commands were seen: the reports above are no longer understood");
    assert!(documents > 5000, "{documents} documents");
}

/// The checks above can fail.
#[test]
fn what_is_a_fault() {
    let own = Own::of(Lang::En);
    for bad in
        ["<script>x</script>", "<p>x</b>", "<a href=\"https://evil.example\">x</a>", "<p onclick=x>y</p>", "<!-- x -->"]
    {
        assert!(!faults_of_html(bad, &own).is_empty(), "{bad}");
    }
    for bad in [
        "[x](https://evil.example)",
        "![x](y)",
        "a <b>c</b>",
        "<https://evil.example>",
        "[x]\n\n[x]: https://evil.example",
    ] {
        assert!(!faults_of_markdown(bad, &own).is_empty(), "{bad}");
    }
    assert!(own.is_command("Test-NetConnection 'mail.contoso.example' -Port 25"));
    for bad in [
        "Test-NetConnection 'mail.contoso.example;id' -Port 25",
        "Test-NetConnection '-f.contoso.example' -Port 25",
        "Test-NetConnection '{host}' -Port 25",
        "Remove-Mailbox ana",
    ] {
        assert!(!own.is_command(bad), "{bad}");
    }
    assert!(disguises("a\u{202E}b").is_some() && disguises("a\u{0}b").is_some() && disguises("añb\n").is_none());
}
