//! Finds the personal data of an input and keeps it out of what is handed over: one placeholder for each value.

use super::handover::{Mask, MaskedRun};
use super::{Report, Run, Step, words::Words};
use crate::catalog::{W, say};
use crate::evidence::{Facts, Label, places};
use crate::intake::{Document, PartKind, lower};

/// Who reads what is handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reader {
    /// The administrators of the sender's own organisation.
    OwnIt,
    /// The administrator of the other organisation.
    Partner,
    #[default]
    Public,
}

macro_rules! kinds {
    ($($kind:ident = $word:literal, $noun:ident, own_it $own:literal, partner $partner:literal;)+) => {
        /// What a value is, which decides from whom it is kept.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind { $($kind),+ }

        impl Kind {
            /// The kind's stable word.
            pub const fn word(self) -> &'static str { match self { $(Kind::$kind => $word),+ } }
            /// Every kind, in declaration order.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind),+];
            /// What its placeholders are called.
            const fn noun(self) -> W { match self { $(Kind::$kind => say::$noun),+ } }
            /// Whether it is hidden until the user shows it. From the public everything is.
            pub fn is_hidden_from(self, reader: Reader) -> bool {
                match (reader, self) {
                    (Reader::Public, _) => true,
                    $((Reader::OwnIt, Kind::$kind) => $own, (Reader::Partner, Kind::$kind) => $partner,)+
                }
            }
        }
    };
}

kinds! {
    Recipient    = "recipient",     MASK_RECIPIENT,  own_it false, partner false;
    Sender       = "sender",        MASK_SENDER,     own_it false, partner true;
    Address      = "address",       MASK_ADDRESS,    own_it false, partner true;
    Name         = "name",          MASK_NAME,       own_it true,  partner true;
    Subject      = "subject",       MASK_SUBJECT,    own_it true,  partner true;
    MessageId    = "message_id",    MASK_MESSAGE_ID, own_it false, partner true;
    RemoteDomain = "remote_domain", MASK_DOMAIN,     own_it false, partner false;
    OwnDomain    = "own_domain",    MASK_DOMAIN,     own_it false, partner false;
    RemoteHost   = "remote_host",   MASK_SERVER,     own_it false, partner false;
    ServiceHost  = "service_host",  MASK_SERVER,     own_it false, partner false;
    OwnHost      = "own_host",      MASK_HOST,       own_it false, partner true;
    RemoteIp     = "remote_ip",     MASK_IP,         own_it false, partner false;
    OwnIp        = "own_ip",        MASK_IP,         own_it false, partner true;
    Text         = "text",          MASK_TEXT,       own_it true,  partner true;
}

/// Domains of services that everyone uses: they identify nobody. A name under them with a digit is one server.
const SERVICES: &[&str] = &[
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "office.com",
    "office365.com",
    "microsoft.com",
    "aka.ms",
    "exchangelabs.com",
    "microsoftonline.com",
    "gmail.com",
    "googlemail.com",
    "google.com",
    "googleapis.com",
    "yahoo.com",
    "yahoodns.net",
    "aol.com",
    "icloud.com",
    "apple.com",
    "me.com",
    "amazonses.com",
    "amazonaws.com",
    "amazon.com",
    "mimecast.com",
    "pphosted.com",
    "proofpoint.com",
    "barracudanetworks.com",
    "barracudacentral.org",
    "spamhaus.org",
    "spamcop.net",
    "abuseat.org",
    "sorbs.net",
    "uceprotect.net",
    "openspf.org",
    "open-spf.org",
    "messagelabs.com",
    "symanteccloud.com",
    "trendmicro.com",
    "sendgrid.net",
    "sendgrid.com",
    "mailgun.org",
    "mailgun.net",
    "mail.ru",
    "yandex.ru",
    "yandex.net",
    "yandex.com",
    "zoho.com",
    "gmx.net",
    "gmx.de",
    "web.de",
    "rfc-editor.org",
    "ietf.org",
    "iana.org",
    "postfix.org",
    "qmail.org",
    "cloudmark.com",
    "comcast.net",
    "att.net",
    "qq.com",
    "163.com",
    "netease.com",
    "gmx.com",
    "cloudflare.net",
    "cloudflare.com",
    "orange.fr",
    "t-online.de",
    "rambler.ru",
    "prodigy.net",
];

/// Words of mail systems: no name, no local part and no host is looked for by one of these alone.
const PLAIN: &str = " abuse account action address admin administrator administrador alert alerts and an at bounce bounces by cc com contact \
    contacto correo daemon data de del delivery domain error errors exchange failed failure for from gmail google gateway group has help \
    helpdesk host id info invalid is it la list local localhost mail mailbox mailer mailer-daemon main message messages microsoft mta mx \
    name net network no no-reply noreply not notice notification of office on online or org original outlook para para: postmaster queue recipient \
    recipients remote reply report return root sales sender sent server service smtp status subject subsystem support system team \
    test the this to undeliverable unknown user users ventas via was web webmaster will with your you nobody newsletter news office365 relay office ";

/// Last labels of host names beside those of two letters.
const TOP: &str = " com net org edu gov mil int info biz arpa local lan internal corp intra intranet home example test localdomain \
    private cloud online email site group tech company eu dev app io name pro mobi cat coop aero museum shop store agency solutions ";

/// Field names whose value is people, lower case, in the languages of reports.
const PEOPLE: &str = " from to cc bcc sender reply-to return-path delivered-to x-original-to de para von an cc kopie à a da van aan remitente \
    destinatario x-sender resent-from resent-to x-original-from ";

/// Field names whose value is a subject.
const SUBJECTS: &str = " subject asunto betreff objet oggetto assunto onderwerp thread-topic x-original-subject ";

fn is_listed(list: &str, word: &str) -> bool {
    !word.is_empty()
        && !word.contains(' ')
        && list.match_indices(word).any(|(at, _)| list[..at].ends_with(' ') && list[at + word.len()..].starts_with(' '))
}

/// A mask begins here; the next character is the number of the value.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';
const FIRST: u32 = 0xF_0000;

struct Value {
    kind: Kind,
    text: String,
    /// Its number among the placeholders of the same noun.
    nth: usize,
    hidden: bool,
}

struct Alias {
    /// Folded.
    text: String,
    value: usize,
    /// A single word: it is not looked for in commands.
    loose: bool,
}

/// What a pasted text of a report is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Recipient,
    RemoteHost,
    RemoteIp,
    OwnHost,
    /// A command or a sentence of the project's own, in which such values may stand.
    Command,
    /// Words of the input.
    Said,
}

/// Shows every pasted text of a report but the parts; what is new in a report and pasted belongs here.
pub fn visit(report: &mut Report, see: &mut dyn FnMut(Role, &mut String)) {
    fn maybe(role: Role, text: &mut Option<String>, see: &mut dyn FnMut(Role, &mut String)) {
        if let Some(text) = text {
            see(role, text);
        }
    }
    fn steps(list: &mut [Step], see: &mut dyn FnMut(Role, &mut String)) {
        for step in list {
            for command in &mut step.commands {
                see(Role::Command, command.text.to_mut());
                if let Some(undo) = &mut command.undo {
                    see(Role::Command, undo.to_mut());
                }
            }
            steps(&mut step.steps, see);
        }
    }
    for finding in &mut report.findings {
        for recipient in &mut finding.recipients {
            see(Role::Recipient, &mut recipient.final_);
            maybe(Role::Recipient, &mut recipient.original, see);
        }
        for link in &mut finding.chain {
            see(Role::Said, &mut link.text);
        }
        for attempt in &mut finding.attempts {
            maybe(Role::RemoteHost, &mut attempt.host, see);
            maybe(Role::RemoteIp, &mut attempt.ip, see);
        }
        maybe(Role::RemoteHost, &mut finding.remote.host, see);
        maybe(Role::RemoteIp, &mut finding.remote.ip, see);
        maybe(Role::OwnHost, &mut finding.reporting_mta, see);
        maybe(Role::OwnHost, &mut finding.generating_server, see);
        steps(&mut finding.steps, see);
    }
    // The project's own sentences, which may name a host.
    see(Role::Command, report.answer.text.to_mut());
    for advice in &mut report.answer.advice {
        see(Role::Command, advice.to_mut());
    }
    for note in &mut report.notes {
        see(Role::Command, note.text.to_mut());
    }
    for hop in &mut report.hops {
        maybe(Role::OwnHost, &mut hop.from, see);
        maybe(Role::OwnHost, &mut hop.by, see);
        maybe(Role::Said, &mut hop.with, see);
    }
    for header in &mut report.headers {
        see(Role::Said, &mut header.value);
    }
    for term in &mut report.terms {
        see(Role::Said, &mut term.term);
    }
    for evidence in &mut report.evidence {
        see(Role::Said, &mut evidence.witness);
        // It quotes the term.
        if evidence.kind == "term" {
            see(Role::Command, evidence.says.to_mut());
        }
    }
}

/// As much of a text as is shown.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(text.len().min(256 * 1024))]
}

fn add_domain(domains: &mut Vec<String>, address: &str) {
    if let Some((_, domain)) = address.rsplit_once('@') {
        domains.push(lower(domain));
    }
}

fn is_from(name: &str) -> bool {
    is_listed(" from sender return-path reply-to ", name)
}

/// Every value that may be masked, and how it may be written.
pub struct Masks {
    values: Vec<Value>,
    /// Sorted.
    aliases: Vec<Alias>,
    nouns: Vec<&'static str>,
    /// What stands first in the text.
    pub sender: Option<String>,
    pub subject: Option<String>,
    pub message_id: Option<String>,
}

impl Masks {
    /// Finds them all.
    pub fn collect(document: &Document, facts: &Facts, report: &mut Report) -> Masks {
        let words = Words::of(report.lang);
        let mut masks = Masks {
            values: Vec::new(),
            aliases: Vec::new(),
            nouns: Vec::new(),
            sender: None,
            subject: None,
            message_id: None,
        };
        masks.put(Kind::Text, "…");
        let mut side = Side { remote: Vec::new(), own: Vec::new() };
        visit(report, &mut |role, text| {
            if role == Role::Recipient {
                masks.put(Kind::Recipient, text);
                add_domain(&mut side.remote, text);
            }
        });
        for (label, seen) in &facts.labels {
            if *label == Label::Sender {
                masks.sent_by(&seen.value, &mut side);
            }
        }
        // The report's own header is addressed to the sender; what is returned comes from the sender.
        let is_report = document.parts.len() > 1;
        let mut all = Vec::new();
        for part in &document.parts {
            let text = beginning(part.text.text());
            for (name, value) in fields(text) {
                let names_sender = match part.kind {
                    PartKind::Original => is_from(&name),
                    PartKind::MessageHeaders if is_report => name == "to",
                    PartKind::MessageHeaders => is_from(&name),
                    _ => false,
                };
                if names_sender {
                    masks.sent_by(&value, &mut side);
                }
                all.push((name, value, part.kind == PartKind::MessageHeaders && is_report));
            }
        }
        masks.sender = masks.values.iter().find(|v| v.kind == Kind::Sender).map(|v| v.text.clone());
        for (name, value, is_report) in all {
            masks.field(&name, &value, is_report);
        }
        visit(report, &mut |role, text| match role {
            Role::RemoteHost => masks.put_host(text, &side, true),
            Role::RemoteIp => masks.put(Kind::RemoteIp, text),
            Role::OwnHost => masks.put_host(text, &side, false),
            _ => {}
        });
        for part in &report.parts {
            let whole: String = part.runs.iter().map(|run| run.text.as_str()).collect();
            masks.scan(&whole, &side);
        }
        for part in &document.parts {
            masks.scan(beginning(part.text.text()), &side);
        }
        visit(report, &mut |role, text| {
            if role == Role::Said {
                masks.scan(text, &side);
            }
        });
        for value in &masks.values {
            masks.nouns.push(words.get(value.kind.noun()));
        }
        masks
    }

    fn sent_by(&mut self, text: &str, side: &mut Side) {
        for (start, end) in places::addresses(text) {
            self.put(Kind::Sender, &text[start..end]);
            add_domain(&mut side.own, &text[start..end]);
        }
    }

    /// Takes a value into the list, once.
    fn put(&mut self, kind: Kind, text: &str) {
        let text = text.trim();
        let folded = lower(&crate::evidence::fold(text));
        let is_loose = matches!(kind, Kind::Name | Kind::Subject | Kind::Text);
        if folded.is_empty() || !self.alias(&folded, self.values.len(), is_loose) {
            return;
        }
        let value = self.values.len();
        let noun = kind.noun();
        let nth = 1 + self.values.iter().rev().find(|v| v.kind.noun() == noun).map_or(0, |v| v.nth);
        self.values.push(Value { kind, text: text.to_string(), nth, hidden: false });
        let mut parts: Vec<&str> = Vec::new();
        match kind {
            Kind::Recipient | Kind::Sender | Kind::Address => {
                parts.extend(folded.rsplit_once('@').map(|(local, _)| local))
            }
            Kind::Name => parts.extend(folded.split(' ').filter(|w| w.chars().count() > 2)),
            Kind::OwnHost => {
                let first = folded.split('.').next().unwrap_or_default();
                parts.extend(Some(first).filter(|f| f.bytes().any(|b| b.is_ascii_digit())));
            }
            _ => {}
        }
        for part in parts {
            let part = part.trim_matches(['"', '\'', '.', ',']);
            let is_word = part.len() > 2 && part.bytes().any(|b| !b.is_ascii_digit());
            if is_word && !is_listed(PLAIN, part) && part != folded {
                self.alias(part, value, true);
            }
        }
    }

    /// Another way to write a value; whether it was not known.
    fn alias(&mut self, text: &str, value: usize, loose: bool) -> bool {
        let at = self.aliases.partition_point(|a| a.text.as_str() < text);
        match self.aliases.get_mut(at) {
            // What was a word of something is a value of its own.
            Some(known) if known.text == text => {
                let is_new = known.loose && !loose;
                if is_new {
                    (known.value, known.loose) = (value, false);
                }
                is_new
            }
            _ => {
                self.aliases.insert(at, Alias { text: text.to_string(), value, loose });
                true
            }
        }
    }

    fn put_host(&mut self, host: &str, side: &Side, is_remote: bool) {
        let folded = lower(host);
        if host.len() > 2
            && !is_listed(PLAIN, &folded)
            && host.parse::<std::net::IpAddr>().is_err()
            && let Some(kind) = side.kind(&folded, is_remote)
        {
            self.put(kind, host);
        }
    }

    /// A header field or a labelled line.
    fn field(&mut self, name: &str, value: &str, is_report: bool) {
        if is_listed(SUBJECTS, name) {
            let subject = match value.split_once(": ") {
                Some((_, tail)) if is_report => tail,
                None if is_report => return,
                _ => value,
            };
            if subject.chars().count() > 2 {
                self.put(Kind::Subject, subject);
                self.subject.get_or_insert_with(|| subject.to_string());
                if let Some((_, tail)) = subject.split_once(": ").filter(|(_, tail)| tail.len() > 3) {
                    self.put(Kind::Subject, tail);
                }
            }
        } else if name.contains("message-id") || name.contains("in-reply-to") || name == "references" {
            for id in value.split([' ', '\t', ',']) {
                let id = id.trim_matches(['<', '>']);
                if id.len() > 7 {
                    self.put(Kind::MessageId, id);
                    if name == "message-id" && !is_report {
                        self.message_id.get_or_insert_with(|| id.to_string());
                    }
                }
            }
        } else if is_listed(PEOPLE, name) {
            for person in value.split([',', ';']) {
                let name = person.split(['<', '(', '[']).next().unwrap_or_default();
                let name = name.trim().trim_matches(['"', '\'']);
                let words = name.split(' ').count();
                if !name.contains('@') && words < 6 && name.chars().any(char::is_alphabetic) {
                    self.person(name);
                }
            }
        }
    }

    fn person(&mut self, name: &str) {
        let folded = lower(name);
        let is_system = folded.split([' ', '-']).all(|word| is_listed(PLAIN, word));
        if name.chars().count() > 2 && !is_system && !places::is_host(name) && name.parse::<std::net::IpAddr>().is_err()
        {
            self.put(Kind::Name, name);
        }
    }

    /// Everything in a text that has the shape of an address, a host, an IP address or an id.
    fn scan(&mut self, text: &str, side: &Side) {
        for (start, end) in places::addresses(text) {
            let address = &text[start..end];
            self.put(Kind::Address, address);
            let domain = address.rsplit('@').next().unwrap_or_default();
            if places::is_host(domain) {
                let kind = match side.kind(&lower(domain), false) {
                    Some(Kind::RemoteHost) => Kind::RemoteDomain,
                    Some(Kind::OwnHost) if side.own.contains(&lower(domain)) => Kind::OwnDomain,
                    Some(kind) => kind,
                    None => continue,
                };
                self.put(kind, domain);
            }
            // `Ana López <ana@…>`, `ana@… (Ana López)`
            if text[..start].ends_with('<') {
                self.named_before(&text[..start - 1]);
            } else if let Some(inner) = text[end..].strip_prefix(" (").and_then(|rest| rest.split([')', '\n']).next())
                && !inner.contains('@')
                && inner.len() < 60
                && inner.split(' ').all(is_capital)
            {
                self.person(inner);
            }
        }
        for (at, _) in text.match_indices('@') {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '=');
            let start = text[..at].rfind(|c: char| !is_part(c)).map_or(0, |n| text.ceil_char_boundary(n + 1));
            let end = text[at + 1..].find(|c: char| !is_part(c)).map_or(text.len(), |n| at + 1 + n);
            let domain = text[at + 1..end].trim_end_matches('.');
            if start < at && places::is_host(domain) {
                self.put(Kind::Address, &text[start..at + 1 + domain.len()]);
            }
        }
        let is_part =
            |c: char| matches!(c, '0'..='9' | 'A'..='Z' | 'a'..='z' | '.' | '-' | '_' | ':' | '\u{C0}'..='\u{1FFF}');
        let mut at = 0;
        for token in text.split(|c| !is_part(c)) {
            // What separates two tokens is one character.
            let start = at;
            at += token.len();
            at += text[at..].chars().next().map_or(0, char::len_utf8);
            for at in (0..token.len()).filter(|at| *at == 0 || matches!(token.as_bytes()[at - 1], b'-' | b'_' | b':')) {
                if let Some((ip, length, _)) = token.get(at..).and_then(places::ip_prefix) {
                    self.put(Kind::OwnIp, &ip.to_string());
                    self.put(Kind::OwnIp, &token[at..at + length]);
                    break;
                }
            }
            for name in token.split(':') {
                let name = name.trim_matches(['.', '-', '_']);
                if let Some((_, top)) = name.rsplit_once('.') {
                    let is_top =
                        top.len() == 2 && top.bytes().all(|b| b.is_ascii_alphabetic()) || is_listed(TOP, &lower(top));
                    if is_top && (places::is_host(name) || !name.is_ascii() && !name.contains("..")) {
                        self.put_host(name, side, false);
                    }
                } else if is_guid(name) {
                    self.put(Kind::MessageId, name);
                } else if name.len() > 3 && text[..start].ends_with("CN=") {
                    // A certificate names its machine.
                    self.put(Kind::RemoteHost, name);
                }
            }
        }
        // What a client called itself.
        for (at, _) in text.match_indices(">: Helo") {
            if let Some(start) = text[..at].rfind('<').filter(|start| at - start < 80) {
                self.put_host(&text[start + 1..at], side, false);
            }
        }
        // Exchange's own names of mailboxes.
        for (start, _) in text.match_indices("IMCEA").chain(text.match_indices("/o=")).chain(text.match_indices("/O="))
        {
            let end = text[start..].find(['<', '>', '"', '\'', '\n', ';', ',', ']']).map_or(text.len(), |n| start + n);
            let name = &text[start..end];
            let name = if name.starts_with('I') { name.split(' ').next().unwrap_or_default() } else { name };
            if name.len() < 512 {
                self.put(Kind::Address, name);
            }
        }
    }

    /// The capitalised words that end a text: whose address follows.
    fn named_before(&mut self, before: &str) {
        let line = before.rsplit('\n').next().unwrap_or_default().trim_end();
        if let Some(quoted) = line.strip_suffix(['"', '\'']) {
            if let Some(at) = quoted.rfind(['"', '\'']) {
                self.person(&quoted[at + 1..]);
            }
            return;
        }
        let mut start = line.len();
        for (at, word) in line.rmatch_indices(' ').map(|(at, _)| (at + 1, &line[at + 1..])).chain([(0, line)]).take(5) {
            let word = word.split(' ').next().unwrap_or_default();
            if is_capital(word) {
                start = at;
            } else if !["de", "del", "la", "von", "van", "der", "da", "dos", "y"].contains(&word) {
                break;
            }
        }
        self.person(&line[start..]);
    }

    /// Decides what is hidden: by the reader, then by what the user showed and hid.
    pub fn decide(&mut self, reader: Reader, shown: &[String], hidden: &[String]) {
        for value in 0..self.values.len() {
            let id = self.id(value);
            let by_default = self.values[value].kind.is_hidden_from(reader);
            self.values[value].hidden = by_default && !shown.contains(&id) || hidden.contains(&id);
        }
    }

    fn id(&self, value: usize) -> String {
        let Value { kind, nth, .. } = &self.values[value];
        [kind.word(), "-", &nth.to_string()].concat()
    }

    /// The placeholder's words.
    fn label(&self, value: usize) -> String {
        let noun = self.nouns.get(value).copied().unwrap_or_default();
        match self.values[value].kind {
            Kind::Text => noun.to_string(),
            _ => [noun, " ", &self.values[value].nth.to_string()].concat(),
        }
    }

    /// Cuts a marked text into runs, and lists the masks that stand in it.
    pub fn cut(&self, marked: &str) -> (Vec<MaskedRun>, Vec<Mask>) {
        let (mut runs, mut masks): (Vec<MaskedRun>, Vec<Mask>) = (Vec::new(), Vec::new());
        let mut put = |text: &str, mask: Option<String>| {
            if !text.is_empty() {
                runs.push(MaskedRun { text: text.to_string(), mask });
            }
        };
        let mut rest = marked;
        while let Some(open) = rest.find(OPEN) {
            put(&rest[..open], None);
            let inside = &rest[open + OPEN.len_utf8()..];
            let close = inside.find(CLOSE).unwrap_or(inside.len());
            let mut chars = inside[..close].chars();
            if let Some(number) = chars.next().map(|c| (c as u32).wrapping_sub(FIRST) as usize)
                && let Some(Value { kind, text, hidden, .. }) = self.values.get(number)
            {
                let id = self.id(number);
                if !masks.iter().any(|mask| mask.id == id) {
                    masks.push(Mask {
                        id: id.clone(),
                        kind: kind.word().to_string(),
                        label: self.label(number),
                        value: text.clone(),
                        hidden: *hidden,
                    });
                }
                put(chars.as_str(), Some(id));
            }
            rest = inside.get(close + CLOSE.len_utf8()..).unwrap_or_default();
        }
        put(rest, None);
        (runs, masks)
    }

    /// What was pasted, with every value marked. In a command only whole addresses and hosts are looked for.
    pub fn mark(&self, text: &str, command: bool) -> String {
        let mut out = String::with_capacity(text.len() + 16);
        self.put_between(text, 0, text.len(), &self.places(text, command), &mut out);
        out
    }

    /// The runs of a part, marked. Those that prove nothing are one mask. A value may begin in one run and end in another.
    pub fn mark_runs(&self, runs: &[Run]) -> Vec<String> {
        let whole: String = runs.iter().map(|run| run.text.as_str()).collect();
        let places = self.places(&whole, false);
        let mut end = 0;
        let one = |run: &Run| {
            let start = end;
            end += run.text.len();
            let mut out = String::new();
            match run.cites.is_empty() && self.values[0].hidden && !run.text.trim().is_empty() {
                true => self.wrap(0, &["[", &self.label(0), "]"].concat(), &mut out),
                false => self.put_between(&whole, start, end, &places, &mut out),
            }
            out
        };
        runs.iter().map(one).collect()
    }

    /// Where values stand in a text: start, end, value.
    fn places(&self, text: &str, command: bool) -> Vec<(usize, usize, usize)> {
        let folded = lower(text);
        let mut places = Vec::new();
        let mut at = 0;
        while at < text.len() {
            let inside = is_word(text[..at].chars().next_back()) && is_word(text[at..].chars().next());
            let found = if inside { None } else { self.at(&folded, at, command) };
            match found {
                Some((value, end)) => {
                    places.push((at, end, value));
                    at = end;
                }
                None => at = text.ceil_char_boundary(at + 1),
            }
        }
        places
    }

    /// A stretch of a text. What begins in it is put whole, what began before it is left out.
    fn put_between(&self, text: &str, start: usize, end: usize, places: &[(usize, usize, usize)], out: &mut String) {
        let mut plain = start;
        for &(from, to, value) in places {
            if from < start {
                plain = plain.max(to);
            } else if from < end {
                push(&text[plain..from], out);
                self.put_mark(value, &text[from..to], out);
                plain = to;
            }
        }
        push(text.get(plain..end).unwrap_or_default(), out);
    }

    fn put_mark(&self, value: usize, text: &str, out: &mut String) {
        let is_hidden = self.values[value].hidden;
        if let (false, Some((local, domain))) = (is_hidden, text.rsplit_once('@')) {
            // Of an address that is shown, the domain may still be hidden.
            let hides =
                self.at(&lower(domain), 0, true).filter(|(v, end)| *end == domain.len() && self.values[*v].hidden);
            if let Some((hides, _)) = hides {
                self.wrap(value, local, out);
                out.push('@');
                self.put_mark(hides, domain, out);
                return;
            }
        }
        match is_hidden {
            true => self.wrap(value, &["[", &self.label(value), "]"].concat(), out),
            false => self.wrap(value, text, out),
        }
    }

    fn wrap(&self, value: usize, text: &str, out: &mut String) {
        out.push(OPEN);
        out.push(char::from_u32(FIRST + value as u32).unwrap_or(CLOSE));
        push(text, out);
        out.push(CLOSE);
    }

    /// The longest alias that stands at a place: its value and where it ends.
    fn at(&self, text: &str, at: usize, command: bool) -> Option<(usize, usize)> {
        let first = *text.as_bytes().get(at)?;
        let from = self.aliases.partition_point(|a| a.text.as_bytes()[0] < first);
        let mut longest = None;
        for alias in &self.aliases[from..] {
            if alias.text.as_bytes()[0] != first {
                break;
            }
            if command && alias.loose {
                continue;
            }
            if let Some(end) = stands(&alias.text, text, at)
                && longest.is_none_or(|(_, known)| known < end)
            {
                longest = Some((alias.value, end));
            }
        }
        longest
    }
}

/// A letter or a digit. Signs of other scripts stand beside names without a space.
fn is_word(c: Option<char>) -> bool {
    c.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '\u{C0}'..='\u{1FFF}'))
}

fn is_capital(word: &str) -> bool {
    word.starts_with(|c: char| c.is_uppercase())
}

fn is_guid(text: &str) -> bool {
    let mut groups = text.split('-');
    [8, 4, 4, 4, 12]
        .iter()
        .all(|n| groups.next().is_some_and(|g| g.len() == *n && g.bytes().all(|b| b.is_ascii_hexdigit())))
        && groups.next().is_none()
}

/// Where an alias ends that stands at `at`; a space may be any white space, any character `%XX`, `=XX` or `+XX`,
/// and the `@` of a bounce address is `=`.
fn stands(alias: &str, text: &str, mut at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let space = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_whitespace);
    for b in alias.bytes() {
        match bytes.get(at)? {
            _ if b == b' ' && space(at) => {
                while space(at) {
                    at += 1;
                }
            }
            t if *t == b => at += 1,
            b'%' | b'=' | b'+' if escaped(bytes, at) == Some(b) => at += 3,
            b'=' if b == b'@' => at += 1,
            _ => return None,
        }
    }
    let ends = !(is_word(alias.chars().next_back()) && is_word(text.get(at..)?.chars().next()));
    ends.then_some(at)
}

fn escaped(text: &[u8], at: usize) -> Option<u8> {
    let digits = std::str::from_utf8(text.get(at + 1..at + 3)?).ok()?;
    u8::from_str_radix(digits, 16).ok().map(|b| b.to_ascii_lowercase())
}

/// Pasted text may not hold the signs that masks are marked with.
fn push(text: &str, out: &mut String) {
    out.extend(text.chars().map(|c| if is_sign(c) { '\u{FFFD}' } else { c }));
}

/// A sign that marks a mask: it is no part of the text.
pub fn is_sign(c: char) -> bool {
    matches!(c, OPEN | CLOSE) || c as u32 >= FIRST
}

/// Header fields and labelled lines, unfolded: the name in lower case, and the value.
fn fields(text: &str) -> Vec<(String, String)> {
    let mut list: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in text.split('\n') {
        let line = line.trim_end();
        if open && line.starts_with([' ', '\t']) {
            if let Some((_, value)) = list.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
            continue;
        }
        let line = line.trim_start_matches([' ', '\t', '>', '*', '|']);
        open = false;
        if let Some((name, value)) = line.split_once(':').filter(|(name, _)| name.len() < 48) {
            open = true;
            list.push((lower(name.trim_end_matches([' ', '*'])), value.trim_matches([' ', '*', '\t']).to_string()));
        }
    }
    list
}

/// Whose a host is, by the domains of the two sides.
struct Side {
    remote: Vec<String>,
    own: Vec<String>,
}

impl Side {
    /// What a host is; nothing where it identifies nobody.
    fn kind(&self, host: &str, is_remote: bool) -> Option<Kind> {
        let host = host.trim_end_matches('.');
        let under = |domain: &str| host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
        let tenant = |domains: &[String]| {
            let first = host.split('.').next().unwrap_or_default();
            domains.iter().any(|d| under(d) || first == d.replace('.', "-"))
        };
        let is_tenant = host.ends_with(".mail.protection.outlook.com") || host.ends_with(".onmicrosoft.com");
        if SERVICES.iter().any(|s| under(s)) && !is_tenant {
            let has_digit = host.split('.').next().is_some_and(|f| f.bytes().any(|b| b.is_ascii_digit()));
            return (has_digit && !SERVICES.contains(&host)).then_some(Kind::ServiceHost);
        }
        if is_remote || tenant(&self.remote) {
            return Some(Kind::RemoteHost);
        }
        Some(Kind::OwnHost)
    }
}
