//! What kind of input this is, whether it is a report about delivery at all, and what became of the message.

use crate::evidence::{Action, ErrorSeen, Facts, Label, Notice, Said, Source, Span};
use crate::intake::{Container, Document, PartKind, ReportType, decoded, lower};
use crate::order;
use crate::report::{InputKind, Outcome};
use crate::search::has;

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

pub fn header_has(facts: &Facts, name: &str, words: &[&str]) -> bool {
    facts.headers.iter().filter(|h| h.name.eq_ignore_ascii_case(name)).any(|h| {
        let value = lower(&decoded(&h.value));
        words.iter().any(|w| has(&value, w))
    })
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
    let errors = said().any(|s| !s.errors.is_empty());
    if document.container != Container::Message {
        return marks.failed.is_some() || marks.delayed.is_some() || marks.program.is_some() || errors;
    }
    let placed = |s: &Said| s.host.is_some() || s.smtp_stage.is_some() || s.source == Source::Transcript;
    // What comes back with the words that it failed, and to whom.
    let returned = document.parts.iter().filter(|p| p.kind == PartKind::MessageHeaders).count() > 1;
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
        (header_has(facts, "List-Unsubscribe", &[""]) || header_has(facts, "List-Id", &[""]), -4),
    ];
    signs.iter().filter(|(stands, _)| *stands).map(|(_, weight)| weight).sum::<i32>() >= 3
}

/// What is clearly something else, and how it is answered.
pub fn not_a_bounce(document: &Document, facts: &Facts) -> Option<(InputKind, &'static str)> {
    match document.report_type {
        ReportType::Feedback => return Some((InputKind::Arf, "arf")),
        ReportType::Disposition => return Some((InputKind::Text, "read_receipt")),
        _ => {}
    }
    if feedback_fields(document) {
        return Some((InputKind::Arf, "arf"));
    }
    if document.container == Container::Headers && facts.header("X-Failed-Recipients").is_none() {
        return Some((InputKind::Headers, "headers"));
    }
    if document.container == Container::Text && !is_report(document, facts) && facts.marks.auto_reply.is_some() {
        return Some((InputKind::AutoReply, "auto_reply"));
    }
    // Queues that are all ready have nothing to tell.
    let says = |word: &&str| document.parts.iter().any(|p| p.text.text().contains(*word));
    let silent = || facts.notices.iter().flat_map(|n| &n.said).all(|s| s.errors.is_empty());
    let trouble = ["Retry", "Suspended", "rror"];
    if facts.marks.queue.is_some() && says(&" Ready ") && !trouble.iter().any(|word| says(&word)) && silent() {
        return Some((InputKind::Queue, "not_a_bounce"));
    }
    if speaks_about(document, facts) {
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
        && words(document) >= 40
        && document.parts.iter().all(|p| latin(p.text.text()))
}

/// Whether a text is about errors: an article or a list that names their codes as code, and reports none.
fn speaks_about(document: &Document, facts: &Facts) -> bool {
    let before = |at: Span| &document.parts[at.part as usize].text.text()[..at.start as usize];
    // A line that is one error in quotes is what a server said.
    let whole = |at: Span| {
        let rest = document.parts[at.part as usize].text.text()[at.end as usize..].lines().next().unwrap_or_default();
        before(at).ends_with("\n`") && rest.find('`').is_some_and(|n| n > 8 && n + 1 == rest.trim_end().len())
    };
    let quoted = |at: Span| before(at).ends_with('`') && !whole(at);
    // "answers with 550 5.1.1 instead of 450": a word of a sentence, not what a server said.
    let in_sentence = |at: Span| {
        let line = before(at).rsplit('\n').next().unwrap_or_default().trim_end();
        line.ends_with(char::is_alphabetic) && line.split_whitespace().count() > 2
    };
    let mut said = facts.notices.iter().flat_map(|n| &n.said).filter(|s| !s.errors.is_empty());
    // A page that explains replies, or one that cites the standards, and names no recipient.
    let nobody = facts.notices.iter().all(|n| n.recipient.is_none());
    let number = |e: &ErrorSeen| {
        e.status.map_or(u32::from(e.reply.unwrap_or(0)), |(class, subject, detail)| {
            u32::from(class) << 20 | u32::from(subject) << 10 | u32::from(detail)
        })
    };
    let mut codes: Vec<u32> = said.clone().flat_map(|s| &s.errors).map(number).collect();
    order::once(&mut codes);
    let cites = document.parts.iter().map(|p| p.text.text().matches("RFC ").count()).sum::<usize>();
    let listed = nobody && (codes.len() > 3 || cites > 1);
    let told = |at: Span| quoted(at) || nobody && codes.len() > 1 && in_sentence(at);
    document.container == Container::Text
        && facts.notices.iter().all(|n| n.recipient.as_ref().is_none_or(|r| quoted(r.at)) && n.action.is_none())
        && words(document) >= 40
        && if codes.is_empty() {
            // Many words about bounces, and none that only a report has: no code, recipient, server or label.
            let places = facts.notices.iter().flat_map(|n| &n.said).any(|s| s.host.is_some() || s.ip.is_some());
            let marks = &facts.marks;
            let machine = [marks.delayed, marks.trace, marks.queue, marks.alert, marks.connector];
            // A report says in its first sentence that it is one.
            nobody
                && !places
                && marks.failed.is_none_or(|failed| failed.start > 160)
                && marks.program.is_none()
                && facts.labels.is_empty()
                && machine.iter().all(Option::is_none)
                && words(document) >= 60
                && document.parts.iter().all(|p| {
                    let text = p.text.text();
                    !text.contains(['{', '[', '<', '=']) && !text.contains("xception")
                })
        } else {
            said.all(|s| {
                s.source == Source::Line && s.host.is_none() && (listed || s.errors.iter().all(|e| told(e.at)))
            })
        }
}

fn feedback_fields(document: &Document) -> bool {
    // Amazon's own form of a complaint.
    let amazon = |text: &str| memchr::memmem::find(text.as_bytes(), b"\"complainedRecipients\"").is_some();
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
    document.parts.iter().any(|p| {
        let text = p.text.text();
        ["250 2.", "status=sent", " 250 OK", "Completed", "250-"].iter().any(|sign| text.contains(sign))
    })
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
        let rest = &text[text.find(sign)? + 1..];
        rest.trim_start_matches(['{', '[', ' ', '\n']).starts_with('"').then_some(rest)
    };
    let start = opens("\n{\n").or_else(|| opens("\n[\n")).unwrap_or(start);
    if start.starts_with('{') || start.starts_with('[') && !start.starts_with("[{") {
        // JSON that quotes no diagnostic text
        let lower = text.to_ascii_lowercase();
        return start.contains("\":")
            && ![
                "led=",
                "diagnostic",
                "bounce",
                "smtp;",
                "lasterror",
                "last_error",
                "description",
                "message",
                "reason",
                "response",
                "error",
                "mailer-daemon",
                "delivery status",
            ]
            .iter()
            .any(|w| lower.contains(w));
    }
    // What a program said when it failed, or how it told of an error, is not the program.
    if ["Traceback (most recent", "\"diagnosticCode\":", "\"smtpReply\":"].iter().any(|sign| text.contains(sign)) {
        return false;
    }
    let comments = text.contains("/*");
    let is_call = |line: &str| {
        let name = line.bytes().take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')).count();
        name > 0 && line[name..].starts_with('(') && line.ends_with(')')
    };
    let (mut lines, mut code) = (0, 0);
    for line in text.lines().map(str::trim).filter(|l| !l.is_empty()).take(200) {
        lines += 1;
        let opens = [
            "import ",
            "from ",
            "def ",
            "fn ",
            "#[",
            "use ",
            "const ",
            "let ",
            "var ",
            "function ",
            "return ",
            "if ",
            "class ",
            "#include",
            "#define",
            "assert",
            "pub ",
            "public ",
            "private ",
            "static ",
            "//",
            "self.",
            "match ",
            "try {",
            "switch",
            "case ",
            "foreach",
            "else",
            "<?php",
        ];
        let closes = line.ends_with('{')
            || line.ends_with(");")
            || line == "}"
            || line.ends_with("};")
            || line.ends_with("):")
            || line.ends_with("),")
            || line.ends_with("},")
            || line.starts_with('`') && line.ends_with("`,")
            || line.starts_with('"') && line.ends_with("\",")
            || line.ends_with("})")
            || line.ends_with(';') && line.contains(" = ")
            || line.contains(" := ")
            || comments && line.starts_with(['*', '/'])
            || is_call(line);
        code += usize::from(closes) + usize::from(opens.iter().any(|o| line.starts_with(o)));
    }
    lines >= 3 && code * 2 >= lines
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
        // A report that says "failed" has given up, whatever the last error's class.
        _ if facts.marks.failed.is_some() && matches!(kind, InputKind::Ndr | InputKind::Dsn) => Outcome::Returned,
        _ if chain.iter().any(|e| class(e) == Some(4)) || field == Some(4) => Outcome::Retrying,
        _ if matches!(kind, InputKind::Queue | InputKind::Alert) => Outcome::Retrying,
        _ if facts.marks.delivered.is_some() => Outcome::Delivered,
        _ if facts.marks.failed.is_some() && is_report(document, facts) => Outcome::Returned,
        _ => Outcome::Unknown,
    }
}
