//! What kind of input this is, whether it is a report about delivery at all, and what became of the message.

use crate::evidence::{Action, ErrorSeen, Facts, Label, Notice, Rank, Said, Source, Span};
use crate::intake::{Container, Document, PartKind, ReportType, decoded, lower};
use crate::order;
use crate::report::{InputKind, Outcome};
use crate::search::{self, has};

/// Subjects of delivery reports, lower case.
pub const SUBJECTS: &[&str] = &[
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "mail delivery",
    "failure notice",
    "returned mail",
    "delivery has failed",
    "delivery notification",
    "non remis",
    "no se puede entregar",
    "unzustellbar",
    "non recapitabile",
    "onbestelbaar",
    "retraso en la entrega",
    "delayed:",
    "warning: could not send",
    "warning: message",
    "mail system error",
    "message delivery",
    "nondeliverable",
    "delivery problem",
    "mail not delivered",
    "correo no entregado",
    "delivery report",
    "failed mail",
    "could not be delivered",
    "non-deliver",
    "mail failure",
    "mensaje no entregado",
    "fallo en la entrega",
    "devuelto",
];

/// Subjects of automatic replies, lower case: the original's own subject follows.
const ANSWERS: &[&str] = &[
    "automatic reply",
    "automatische antwort",
    "respuesta automática",
    "réponse automatique",
    "risposta automatica",
    "resposta automática",
    "automatisch antwoord",
    "out of office",
    "abwesenheit",
    "fuera de la oficina",
    "auto:",
    "auto-reply",
    "autoreply",
];

/// Local parts of systems that report.
pub const REPORTERS: &[&str] = &[
    "mailer-daemon",
    "postmaster",
    "mail delivery",
    "microsoftexchange",
    "mdaemon",
    "post_master",
    "mailerdaemon",
    "bounce",
    "mail-daemon",
];

/// Those of them that write nothing but reports.
const DAEMONS: &[&str] = &["mailer-daemon@", "mdaemon@", "mail delivery s"];

pub fn header_has(facts: &Facts, name: &str, words: &[&str]) -> bool {
    facts.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name)).any(|h| {
        let value = lower(&decoded(&h.value));
        words.iter().any(|w| has(&value, w))
    })
}

/// Addresses that a list has for itself. What goes there was not posted to the list, although Mailman marks it as its own.
const OFFICES: &[&str] = &["-admin@", "-bounces@", "-bounces+", "-owner@", "-request@", "owner-"];

/// Whether a mailing list or a newsletter sent the message.
pub fn is_from_list(facts: &Facts) -> bool {
    let listed = facts.header("List-Unsubscribe").is_some() || facts.header("List-Id").is_some();
    listed && !header_has(facts, "To", OFFICES)
}

/// Whether the input is a report about delivery, as far as its form tells.
pub fn is_report(document: &Document, facts: &Facts) -> bool {
    let marks = &facts.marks;
    if document.parts.iter().any(|p| p.kind == PartKind::DeliveryStatus)
        || facts.notices.iter().any(|n| n.action.is_some())
    {
        return true;
    }
    let said = || facts.notices.iter().flat_map(|n| &n.said);
    let is_error = |e: &ErrorSeen| e.reply.map_or(e.status.is_some_and(|s| s.0 > 2), |reply| reply >= 400);
    let errors = said().any(|s| s.errors.iter().any(is_error));
    if document.container != Container::Message {
        return marks.failed.is_some() || marks.delayed.is_some() || marks.program.is_some() || errors;
    }
    let placed = |s: &Said| s.host.is_some() || s.smtp_stage.is_some() || s.source == Source::Transcript;
    // What comes back with the words that it failed, and to whom.
    let returned = document.parts.iter().filter(|p| p.kind == PartKind::MessageHeaders).count() > 1;
    let daemon = header_has(facts, "From", DAEMONS);
    // No single sign proves it: a postmaster also writes letters, and a letter may quote a bounce's subject.
    let signs = [
        (header_has(facts, "From", REPORTERS) || header_has(facts, "Sender", REPORTERS), 1),
        (header_has(facts, "Subject", SUBJECTS), 2),
        (facts.header("X-Failed-Recipients").is_some(), 3),
        (facts.header("X-MS-Exchange-Message-Is-Ndr").is_some(), 3),
        (header_has(facts, "Return-Path", &["<>"]), 1),
        (facts.header("Auto-Submitted").is_some(), 1),
        (marks.failed.is_some() || marks.delayed.is_some(), 1),
        (marks.failed.is_some() && returned && facts.notices.iter().any(|n| n.recipient.is_some()), 2),
        (marks.program.is_some(), 2),
        (errors, 1),
        (said().any(|s| !s.errors.is_empty() && placed(s)), 1),
        (said().any(|s| s.source >= Source::Label && !s.errors.is_empty()), 3),
        (header_has(facts, "Subject", ANSWERS), -4),
        (daemon, 2),
        // A list also passes on to its owner what came back.
        (is_from_list(facts) && !daemon, -4),
    ];
    let sum = signs.iter().filter(|(stands, _)| *stands).map(|(_, weight)| weight).sum::<i32>();
    // A subject and a sentence may speak of a parcel.
    sum > 3 || sum == 3 && (errors || is_about_mail(document))
}

/// Whether a text has a word of mail, of whatever language: what could not be delivered may be a parcel.
fn is_about_mail(document: &Document) -> bool {
    let words = "mail|messag|nachricht|mensaj|correo|courriel|mensage|bericht|server|transport|recipients|inactive|@";
    let read = document.parts.iter().filter(|p| matches!(p.kind, PartKind::Text | PartKind::Body));
    read.map(|p| p.text.text()).any(|text| {
        let lower = lower(&text[..text.floor_char_boundary(1024.min(text.len()))]);
        one_of(words, &|word| has(&lower, word))
    })
}

/// What is clearly something else, and how it is answered.
pub fn not_a_bounce(document: &Document, facts: &Facts) -> Option<(InputKind, &'static str)> {
    match document.report_type {
        ReportType::Feedback => return Some((InputKind::Arf, "arf")),
        // Dovecot refuses a message for a full mailbox in the form of a receipt.
        ReportType::Disposition if !holds(document, "automatically rejected") => {
            return Some((InputKind::Text, "read_receipt"));
        }
        _ => {}
    }
    if feedback_fields(document) {
        return Some((InputKind::Arf, "arf"));
    }
    if document.container == Container::Headers && facts.header("X-Failed-Recipients").is_none() {
        return Some((InputKind::Headers, "headers"));
    }
    let about = speaks_about(document, facts);
    if document.container == Container::Text
        && (about || !is_report(document, facts))
        && facts.marks.auto_reply.is_some()
    {
        return Some((InputKind::AutoReply, "auto_reply"));
    }
    // Queues that are all ready have nothing to tell, nor have messages that wait without a reason.
    let silent = || facts.notices.iter().flat_map(|n| &n.said).all(|s| s.errors.is_empty());
    let trouble = || one_of("Retry|Suspended|rror", &|word| holds(document, word));
    let ready = facts.marks.queue.is_some() && holds(document, " Ready ") && !trouble();
    if (ready || holds(document, "-Queue ID-") && !holds(document, "(")) && silent() {
        return Some((InputKind::Queue, "not_a_bounce"));
    }
    if about {
        return Some((InputKind::Text, "not_a_bounce"));
    }
    let success = document.container == Container::Text && !is_report(document, facts) && only_success(document);
    if success && facts.marks.delivered.is_none() || is_program(document) {
        return Some((InputKind::Text, "not_a_bounce"));
    }
    if document.container == Container::Message && !is_report(document, facts) {
        let automatic = facts.headers.iter().any(|h| {
            h.name.eq_ignore_ascii_case("Auto-Submitted")
                && (h.value.to_ascii_lowercase().starts_with("auto-replied")
                    || facts.header("X-Auto-Response-Suppress").is_some())
                || h.name.eq_ignore_ascii_case("X-Autoreply")
                || h.name.eq_ignore_ascii_case("X-Autorespond")
        });
        return Some(
            if automatic
                || facts.marks.auto_reply.is_some() && !header_has(facts, "List-Unsubscribe", &["http", "mailto"])
            {
                (InputKind::AutoReply, "auto_reply")
            } else {
                (InputKind::Text, "not_a_bounce")
            },
        );
    }
    None
}

fn words(document: &Document) -> usize {
    document.parts.iter().map(|p| p.text.text().split_ascii_whitespace().take(200).count()).sum()
}

/// Whether a paste is a letter: prose in Latin letters, and nothing in it that a mail system says.
pub fn is_letter(document: &Document, facts: &Facts) -> bool {
    let marks = &facts.marks;
    let silent = [marks.failed, marks.delayed, marks.exchange, marks.connector, marks.trace, marks.queue, marks.alert];
    let latin = |text: &str| text.chars().filter(char::is_ascii).count() * 10 > text.chars().count() * 9;
    document.container == Container::Text
        && silent.iter().all(Option::is_none)
        && marks.program.is_none()
        && facts.labels.is_empty()
        && words(document) >= 12
        && document.parts.iter().all(|p| latin(p.text.text()))
}

/// Whether a text is about errors: an article, a list or a letter that names their codes, and reports none.
fn speaks_about(document: &Document, facts: &Facts) -> bool {
    // A code and a few words are a question about it.
    if document.container != Container::Text || facts.surest >= Rank::Told || words(document) <= 12 {
        return false;
    }
    let text = |at: Span| document.parts[at.part as usize].text.text();
    let mut errors: Vec<&ErrorSeen> = Vec::new();
    let mut places = false;
    for notice in &facts.notices {
        for said in &notice.said {
            if said.source != Source::Line || said.host.is_some() {
                return false;
            }
            places |= said.ip.is_some();
            errors.extend(&said.errors);
        }
        if notice.action.is_some() {
            return false;
        }
    }
    let marks = &facts.marks;
    let machine = [marks.trace, marks.queue, marks.alert, marks.connector];
    // A report says in its first sentence that it is one; a page quotes it, or says what to do if it comes.
    let all = document.parts.first().map_or("", |p| p.text.text());
    let head = lower(&all[..all.floor_char_boundary(1024.min(all.len()))]);
    let says = |words: &str| one_of(words, &|words| has(&head, words));
    let listed = LISTS.split('|').filter_map(|words| search::find(&head, words)).min().unwrap_or(160) as u32;
    let announces =
        |mark: Option<Span>| mark.is_some_and(|at| at.start <= listed.min(160) && !is_quoted_or_supposed(text(at), at));
    let announced = marks.program.is_some()
        || machine.iter().any(Option::is_some)
        || announces(marks.failed)
        || announces(marks.delayed);
    let nobody = facts.notices.iter().all(|n| n.recipient.is_none()) || facts.surest == Rank::Mentioned;
    // A patch
    if holds(document, "\n@@ -") {
        return true;
    }
    // "I get this error: …"
    let own = tells_of_oneself(&all[..head.len()]);
    if own && says(QUOTES) {
        return false;
    }
    // What only a mail that failed has: a server, a recipient, a time, a program that reports.
    let concrete = places
        || facts.surest > Rank::Mentioned
        || facts.notices.iter().any(|n| n.recipient.is_some())
        || marks.program.is_some()
        || machine.iter().any(Option::is_some)
        || !facts.labels.is_empty()
        || has_time(all);
    // How many words of its own a server's reply has: both codes and a sentence stand in no page but as an example.
    let said = |e: &ErrorSeen| {
        let after = text(e.at)[e.at.end as usize..].trim_start_matches('-').trim_start_matches([' ', ':']);
        let own = after.split(['\n', '"', '\'', '`', '\u{201D}', '\u{BB}']).next().unwrap_or_default();
        if e.reply.is_some() && own.starts_with(|c: char| c.is_uppercase() || c == '<') {
            own.trim_end().split(' ').count()
        } else {
            0
        }
    };
    let whole = |e: &&ErrorSeen| e.status.is_some() && said(e) > 3;
    let lone = errors.len() == 1 && said(errors[0]) > 1;
    let in_marks = |e: &ErrorSeen| {
        let before = text(e.at)[..e.at.start as usize].trim_end();
        before.ends_with(['"', '\'', '`', '\u{201C}', '\u{201E}', '\u{AB}'])
    };
    let quoted = errors.iter().any(whole);
    // What could not be delivered was no mail.
    if errors.is_empty() && !concrete && marks.failed.or(marks.delayed).is_some() && !is_about_mail(document) {
        return true;
    }
    // One line is what a program says, where it begins with a reply or is a sentence.
    let line = !all.trim().contains('\n')
        && errors.first().map_or(words(document) < 40, |e| e.reply.is_some() && e.at.start == 0);
    let page = !concrete && !quoted && !line && (!lone || in_marks(errors[0]));
    if page && is_page(all, words(document), errors.is_empty(), announced || lone) {
        return true;
    }
    // Among many things in their spelling, `status`, a code is one of them.
    let inline = search::places(all, " `").count() > 3;
    if errors.is_empty() {
        // Many words about bounces, and none that only a report has: no code, recipient, server, label, time or value.
        let value = |two: &[u8]| two[1] == b'=' && two[0].is_ascii_alphanumeric();
        return nobody
            && !places
            && !announced
            && facts.labels.is_empty()
            && words(document) >= if has(all, "@") || is_report(document, facts) { 60 } else { 40 }
            && !has_time(all)
            && !one_of(": [E|xception| to = |;{|{\"", &|sign| has(all, sign))
            && (inline || !all.as_bytes().windows(2).any(value));
    }
    let number = |e: &&ErrorSeen| {
        e.status.map_or(u32::from(e.reply.unwrap_or(0)), |(class, subject, detail)| {
            u32::from(class) << 20 | u32::from(subject) << 10 | u32::from(detail)
        })
    };
    let mut codes: Vec<u32> = errors.iter().map(number).collect();
    order::once(&mut codes);
    if says(CHANGES) || !announced && (!quoted || codes.len() > 1 + usize::from(own)) && says(LISTS) {
        return true;
    }
    if !announced && errors.iter().all(|e| is_named(text(e.at), e.at, codes.len() > 1, inline)) {
        return true;
    }
    // A page that explains replies, or one that cites the standards, and names no recipient; but not a log of replies.
    let cites = || document.parts.iter().map(|p| search::places(p.text.text(), "RFC ").count()).sum::<usize>() > 1;
    let logged = facts.notices.len() > 1 && errors.iter().all(|e| e.reply.is_some() && e.status.is_some());
    nobody && !logged && (codes.len() > 3 || codes.len() > 2 && errors.iter().all(|e| e.status.is_none()) || cites())
}

/// Whether a text that names no server, recipient or time has the form of a page: lists, questions as headings, code,
/// patterns, or prose in which nobody tells of themselves.
fn is_page(all: &str, count: usize, silent: bool, told: bool) -> bool {
    let all = &all[..all.floor_char_boundary(6000.min(all.len()))];
    let is_item = |line: &str| {
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        line.starts_with(['-', '*', '|', '#', '\u{2022}', '\u{2013}'])
            || rest.len() < line.len() && rest.starts_with(['.', ')'])
    };
    let (mut lines, mut items, mut headings, mut code, mut asks, mut own) = (0, 0, 0, 0, false, false);
    for line in all.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let question = line.ends_with('?') && line.len() < 100 && (line.starts_with('#') || !has(line, ". "));
        asks |= question && lines == 0;
        own |= !question && tells_of_oneself(line);
        headings += usize::from(question);
        items += usize::from(is_item(line));
        code += usize::from(code_signs(line, false) > 0);
        lines += 1;
    }
    if own && !silent {
        return false;
    }
    let many = count > 30;
    // Nothing of what a program says when it fails.
    let plain = !one_of("http|rror|xception", &|sign| has(all, sign));
    many && (items > 2 && !has(all, "```") || lines > 1 && asks || headings > 1)
        || lines > 2 && code * 4 >= lines && plain
        || one_of("%s|%{|{0}|$1|$2|\\d|\\.|.*", &|sign| has(all, sign))
        || !told && !own && (count > 80 || plain && count > 40 || silent && count > 16)
}

/// Words that only one who tells of themselves needs, in the languages of reports.
const ONESELF: &str = "I my me we our us ich mein mir wir uns unser mi mis nos nuestr recib je j mon nous notre mio mia \
    miei nostr ricevo meu minha nosso recebo ik mijn wij onze";

fn tells_of_oneself(text: &str) -> bool {
    text.split('"').step_by(2).flat_map(|t| t.split(|c: char| !c.is_alphabetic())).any(|word| {
        let small = lower(word);
        let is = |own: &str| own == if own == "I" { word } else { &small } || own.len() > 3 && small.starts_with(own);
        ONESELF.split(' ').any(is)
    })
}

/// Whether these words stand in a part of the input.
fn holds(document: &Document, words: &str) -> bool {
    document.parts.iter().any(|p| has(p.text.text(), words))
}

/// Whether one of the words, which bars part, is so.
fn one_of(words: &str, is: &dyn Fn(&str) -> bool) -> bool {
    words.split('|').any(is)
}

/// Words before an error that is named as one of many, lower case.
const NAMES: &str = "for example|e.g.|such as|instead|por ejemplo|en lugar|par exemple|au lieu|zum beispiel|z. b.|z.b.|\
    statt|if you|when you|si usted|si vous|wenn sie";

/// Words between two quoted replies, or before one that is named beside other things.
const JOINS: &str = "or|and|like|as|no|o|y|como|ou|et|comme|oder|und|wie";

/// Words of a change to a program, or of an incident that is over, lower case.
const CHANGES: &str = "this pr |fix(|feat(|este pr |cette pr |incident has been res|incidente ha quedado res";

/// Words of a page that lists errors, lower case.
const LISTS: &str = "error codes|common error|frequent error|fehlercodes|h\u{E4}ufige fehler|h\u{E4}ufigsten fehler|\
    c\u{F3}digos de err|errores m\u{E1}s|erros m|errors m\u{E9}s|codes d'err|erreurs les plus|codici di err|\
    errore pi\u{F9}|errori pi\u{F9}|errori st|typische fehler";

/// Words before what one quotes, lower case.
const QUOTES: &str = "error:|fehlermeldung:|erreur :|erreur:|errore:";

/// Words before what only may be, lower case.
const SUPPOSES: &str = "if |when |wenn |falls |si |cuando |quand |quando |should ";

/// Whether a text holds a time of day, as logs do.
fn has_time(text: &str) -> bool {
    text.as_bytes().windows(4).any(|w| w[0] == b':' && w[3] == b':' && w[1].is_ascii_digit() && w[2].is_ascii_digit())
}

/// Whether a code is named, in a sentence, a table or as code, and not what a server said: `several` codes stand in the text.
fn is_named(text: &str, at: Span, several: bool, inline: bool) -> bool {
    let (start, end) = (at.start as usize, at.end as usize);
    let from = text.floor_char_boundary(start.saturating_sub(240));
    let before = text[from..start].rsplit('\n').next().unwrap_or_default();
    let after = text[end..text.floor_char_boundary((end + 80).min(text.len()))].split('\n').next().unwrap_or_default();
    let bare = before.trim_end();
    let next = after.chars().find(|c| !matches!(c, ' ' | ')' | ']'));
    let wordless = next.is_none_or(|c| matches!(c, '"' | '\'' | '`' | '\u{201D}' | '\u{BB}' | ',' | '|'));
    let Some(last) = bare.chars().next_back() else {
        // "5.1.1 - the address is unknown"
        return several && begins_a_cell(after, next);
    };
    let lower = lower(before);
    match last {
        _ if has_time(before) => false,
        '"' | '\'' | '`' | '\u{201C}' | '\u{201E}' | '\u{AB}' => {
            let quoting = lower[..lower.trim_end().len() - last.len_utf8()].trim_end();
            let word = quoting.rsplit(' ').next().unwrap_or_default();
            let code = last == '`' && !quoting.is_empty() && (several || inline && wordless);
            // Reply('451', '4.3.0 …, but what an exception brings is told
            let argument = quoting.rsplit_once('(').is_some_and(|(name, others)| {
                others.starts_with(['"', '\'']) && name.ends_with(|c: char| c.is_ascii_alphanumeric())
            }) && !one_of("rror|xception", &|told| has(quoting, told));
            code || argument
                || inline && several && end - start == 3
                || one_of("instead of \"|instead of `|en lugar de \"|au lieu de \"", &|words| has(after, words))
                || wordless && several && !quoting.ends_with("\":")
                || one_of(JOINS, &|join| word == join)
                || one_of(NAMES, &|words| has(&lower, words))
        }
        _ if !bare.bytes().any(|b| b.is_ascii_alphanumeric()) => several && begins_a_cell(after, next),
        ':' | '|' | '=' => wordless && (several || inline && before.contains('`')),
        _ if one_of(NAMES, &|words| has(&lower, words)) || has(after, " instead ") => true,
        // "answers with 550 5.1.1 when the address is unknown": a word of a sentence. What a server says begins large.
        _ if last.is_alphanumeric() || matches!(last, ',' | '(' | ')') => {
            let joined = one_of(JOINS, &|join| lower.trim_end().rsplit(' ').next() == Some(join));
            let few = bare.split(' ').count() < 3 && !joined;
            !(few && (next.is_none() || last.is_alphabetic() && !several))
                && !next.is_some_and(|c| c.is_uppercase() || matches!(c, '<' | '[' | ':'))
        }
        _ => false,
    }
}

/// Whether a code at the start of a line is set off from its explanation, or stands alone.
fn begins_a_cell(after: &str, next: Option<char>) -> bool {
    after.starts_with(':')
        || next.is_none_or(|c| after.starts_with(' ') && matches!(c, '-' | '\u{2013}' | '\u{2014}' | '|'))
}

/// Whether words of a report are quoted, or stand behind an "if".
fn is_quoted_or_supposed(text: &str, at: Span) -> bool {
    let start = at.start as usize;
    let before = lower(&text[text.floor_char_boundary(start.saturating_sub(120))..start]);
    let paragraph = search::last(&before, "\n\n").map_or(before.as_str(), |n| &before[n + 2..]);
    let from = paragraph.bytes().rposition(|b| matches!(b, b'.' | b'?' | b'!')).unwrap_or(0);
    let sentence = paragraph[from..].replace('\n', " ");
    one_of("\"|'|`|\u{201C}|\u{201E}|\u{AB}", &|sign| before.ends_with(sign))
        || one_of(SUPPOSES, &|word| sentence.starts_with(word) || has(&sentence, " ".to_string() + word))
}

fn feedback_fields(document: &Document) -> bool {
    // Amazon's own form of a complaint.
    let amazon = |text: &str| has(text, "\"complainedRecipients\"");
    document.parts.iter().any(|p| matches!(p.kind, PartKind::Body | PartKind::Text) && amazon(p.text.text()))
        || document.parts.iter().any(|p| {
            matches!(p.kind, PartKind::DeliveryStatus | PartKind::Text) && {
                let text = p.text.text();
                text.lines()
                    .take(12)
                    .any(|l| l.len() > 14 && l.get(..14).is_some_and(|s| s.eq_ignore_ascii_case("feedback-type:")))
            }
        })
}

/// Whether a trace or a log tells of delivery and of no error at all.
pub fn has_arrived(document: &Document, facts: &Facts) -> bool {
    document.container == Container::Text && facts.marks.delivered.is_some() && !is_report(document, facts)
}

/// Whether a text has replies of success and none of failure: a log of what went well.
fn only_success(document: &Document) -> bool {
    one_of("250 2.|status=sent| 250 OK|Completed|250-", &|sign| holds(document, sign))
}

/// Whether a paste is source code or configuration, in which codes stand as data.
fn is_program(document: &Document) -> bool {
    if document.container != Container::Text || document.parts.len() > 1 {
        return false;
    }
    let text = document.parts.first().map_or("", |p| p.text.text());
    let start = text.trim_start();
    // A question may stand above what an interface answered.
    let opens = |sign| {
        let rest = &text[search::find(text, sign)? + 1..];
        rest.trim_start_matches(['{', '[', ' ', '\n']).starts_with('"').then_some(rest)
    };
    let start = opens("\n{\n").or_else(|| opens("\n[\n")).unwrap_or(start);
    if start.starts_with('{') || start.starts_with('[') && !start.starts_with("[{") {
        // JSON that quotes no diagnostic text
        let lower = text.to_ascii_lowercase();
        let quotes = "led=|diagnostic|bounce|smtp;|lasterror|last_error|description|message|reason|response|error|delay|\
            mailer-daemon|delivery status";
        return has(start, "\":") && !one_of(quotes, &|word| has(&lower, word));
    }
    // What a program said when it failed, or how it told of an error, is not the program.
    let told = "Traceback (most recent|\"diagnosticCode\":|\"smtpReply\":";
    if one_of(told, &|sign| has(text, sign)) {
        return false;
    }
    let comments = has(text, "/*");
    let (mut lines, mut code) = (0, 0);
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with("# ")).take(200) {
        lines += 1;
        code += code_signs(line, comments);
    }
    lines >= 3 && code * 2 >= lines
}

/// How many signs of code a line has: as it opens, and as it closes.
#[inline(never)]
fn code_signs(line: &str, comments: bool) -> usize {
    // "smtpd_soft_bounce = no", "deny message = …": a setting.
    let is_setting = |line: &str| {
        search::parted(line, " =").is_some_and(|(name, _)| {
            let name = name.trim_end();
            let plain = |b: u8| b.is_ascii_lowercase() || matches!(b, b'_' | b' ' | b'!');
            !name.is_empty() && name.len() < 48 && name.bytes().all(plain)
        })
    };
    let is_call = |line: &str| {
        let name = line.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        name > 0 && line[name..].starts_with('(') && line.ends_with(')')
    };
    let opens = "import |from |def |fn |#[|use |const |let |var |function |return |if (|if |class |#include|#define|\
            assert|pub |public |private |static |//|self.|match |try {|switch|case |foreach|else|<?php|echo \"|Mock |It '|$r";
    let closes = "{|);|});|};|):|),|},|})|\\| REJECT| OK| DUNNO";
    let closes = one_of(closes, &|end| line.ends_with(end))
        || matches!(line, "}" | "end")
        || line.starts_with('`') && line.ends_with("`,")
        || line.starts_with('"') && line.ends_with("\",") && !has(line, "\":")
        || line.ends_with(';') && has(line, " = ")
        || has(line, " := ")
        || comments && line.starts_with(['*', '/'])
        || is_setting(line)
        || is_call(line);
    usize::from(closes) + usize::from(one_of(opens, &|word| line.starts_with(word)))
}

/// The shape of the input.
pub fn kind(document: &Document, facts: &Facts) -> InputKind {
    let marks = &facts.marks;
    let actions: Vec<Action> = facts.notices.iter().filter_map(|n| n.action.as_ref().map(|a| a.value)).collect();
    if !actions.is_empty() {
        return if actions.iter().all(|a| *a == Action::Delayed) { InputKind::Delay } else { InputKind::Dsn };
    }
    let returned = facts.notices.iter().any(|n| n.said.iter().any(|s| s.source == Source::Returned));
    if marks.alert.is_some() && !returned {
        return InputKind::Alert;
    }
    if document.container == Container::Message {
        return if marks.is_delay() {
            InputKind::Delay
        } else if document.report_type == ReportType::DeliveryStatus {
            InputKind::Dsn
        } else {
            InputKind::Ndr
        };
    }
    let labelled = facts.label(Label::LastError).is_some() && facts.label(Label::DestinationServer).is_some();
    if marks.queue.is_some() || labelled {
        return InputKind::Queue;
    }
    if marks.trace.is_some() || marks.delivered.is_some() && !returned && marks.failed.is_none() {
        return InputKind::Trace;
    }
    if marks.is_delay() {
        return InputKind::Delay;
    }
    if returned
        || marks.failed.is_some()
        || marks.exchange.is_some() && facts.generating_server.is_some()
        || marks.program.is_some()
    {
        return InputKind::Ndr;
    }
    let text: String = document.parts.iter().map(|p| p.text.text()).collect();
    let words = text.split_whitespace().count();
    let prose = text.split_whitespace().filter(|w| w.chars().any(char::is_alphabetic)).count();
    if marks.connector.is_some() {
        return InputKind::Validation;
    }
    let errors = facts.notices.iter().flat_map(|n| &n.said).flat_map(|s| &s.errors).count();
    match errors {
        0 => InputKind::Text,
        _ if words <= 3 && prose <= 1 => InputKind::Code,
        _ => InputKind::SmtpReply,
    }
}

/// What became of the message for one recipient.
pub fn of(document: &Document, facts: &Facts, notice: &Notice, chain: &[ErrorSeen], kind: InputKind) -> Outcome {
    match notice.action.as_ref().map(|a| a.value) {
        Some(Action::Failed) => return Outcome::Returned,
        Some(Action::Delayed) => return Outcome::Retrying,
        Some(Action::Delivered | Action::Expanded) => return Outcome::Delivered,
        Some(Action::Relayed) => return Outcome::Relayed,
        None => {}
    }
    // Exim's log tells of deferrals before it gives up.
    if notice.said.iter().any(|s| s.text.starts_with("retry timeout exceeded")) {
        return Outcome::Returned;
    }
    let field = notice.status.as_ref().map(|s| s.value.0);
    let class = |e: &ErrorSeen| e.reply.map(|r| r / 100).or(e.status.map(|s| s.0));
    let permanent = chain.iter().find_map(class) == Some(5);
    // A log of deferrals and the report that came of them may stand in one paste.
    let ended = permanent && facts.marks.failed.is_some();
    if kind == InputKind::Delay && field != Some(5) && !ended {
        return Outcome::Retrying;
    }
    // A trace goes on after a deferral: what it says last counts.
    let later = |s: &Said| facts.marks.delivered.is_some_and(|d| d.part == s.at.part && d.start > s.at.end);
    if kind == InputKind::Trace && !notice.said.is_empty() && notice.said.iter().all(later) {
        return Outcome::Delivered;
    }
    match (permanent, field) {
        (true, _) | (_, Some(5)) => Outcome::Returned,
        (_, Some(2)) => Outcome::Delivered,
        _ if facts.header("X-Failed-Recipients").is_some() && chain.is_empty() => Outcome::Returned,
        _ if header_has(facts, "Subject", &["returned mail"]) => Outcome::Returned,
        _ if notice.recipient.as_ref().is_some_and(|r| {
            let text = document.parts[r.at.part as usize].text.text();
            let (before, after) = text.split_at(r.at.start as usize);
            // Exim's log, which may have given up another's mail.
            before.ends_with(" == ")
                && !has(&after[..after.floor_char_boundary(8192.min(after.len()))], format!("** {}", r.value))
        }) =>
        {
            Outcome::Retrying
        }
        // A report that says "failed" has given up, whatever the last error's class.
        _ if facts.marks.failed.is_some() && matches!(kind, InputKind::Ndr | InputKind::Dsn) => Outcome::Returned,
        _ if chain.iter().any(|e| class(e) == Some(4)) || field == Some(4) => Outcome::Retrying,
        _ if matches!(kind, InputKind::Queue | InputKind::Alert) => Outcome::Retrying,
        _ if facts.marks.delivered.is_some() => Outcome::Delivered,
        _ if facts.marks.failed.is_some() && is_report(document, facts) => Outcome::Returned,
        _ => Outcome::Unknown,
    }
}
