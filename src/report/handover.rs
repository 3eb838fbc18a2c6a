//! A report made to be taken along: as a ticket, a message or a document, with personal data masked.

use super::mask::{self, Masks, Reader, Role};
use super::words::Words;
use super::{Actor, Confidence, ExpiresFrom, Finding, Report, Stage, Standing, Step};
use crate::catalog::{W, say};
use serde::Serialize;

/// What is handed over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    /// A ticket for one's own IT.
    #[default]
    Ticket,
    /// A message to the administrator of the other organisation.
    Partner,
    /// The sender's message to their IT.
    ToIt,
    /// Everything.
    Report,
    /// A report that the answer is wrong.
    WrongAnswer,
}

/// The form it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Written {
    #[default]
    Markdown,
    Plain,
    /// One document that needs nothing else and asks for nothing.
    Html,
    /// The report itself, masked.
    Json,
}

impl What {
    pub const ALL: [(&'static str, What); 5] = [
        ("ticket", What::Ticket),
        ("partner", What::Partner),
        ("to_it", What::ToIt),
        ("report", What::Report),
        ("wrong_answer", What::WrongAnswer),
    ];
}

impl Written {
    pub const ALL: [(&'static str, Written); 4] =
        [("markdown", Written::Markdown), ("plain", Written::Plain), ("html", Written::Html), ("json", Written::Json)];
}

impl Reader {
    pub const ALL: [(&'static str, Reader); 3] =
        [("own_it", Reader::OwnIt), ("partner", Reader::Partner), ("public", Reader::Public)];
}

/// What the user wants to take along.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    pub what: What,
    pub form: Written,
    /// Decides what is masked until the user says otherwise.
    pub reader: Reader,
    /// The finding that it is about; without one all of them.
    pub finding: Option<usize>,
    /// Ids of masks that the user lifted.
    pub shown: Vec<String>,
    /// Ids of masks that the user added.
    pub hidden: Vec<String>,
    /// Ids of steps that are done.
    pub ticked: Vec<String>,
    /// The user's own words.
    pub note: String,
}

/// What is handed over, and what was kept out of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Handover {
    pub title: String,
    /// Letters, digits, dots and dashes; nothing pasted beyond the code.
    pub file_name: String,
    pub media_type: String,
    /// Joined, they are the text to copy or to save.
    pub runs: Vec<MaskedRun>,
    /// What in it may be hidden or shown, in the order of its first place.
    pub masks: Vec<Mask>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MaskedRun {
    pub text: String,
    /// The mask that these words are or could be hidden behind.
    pub mask: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Mask {
    /// Stable for an input: `recipient-1`, `own_host-2`.
    pub id: String,
    pub kind: String,
    /// The words of its placeholder.
    pub label: String,
    pub value: String,
    pub hidden: bool,
}

/// Makes JSON of a report, indented by two blanks: `serde_json` on the host, the browser's own in the page.
pub type ToJson<'a> = &'a dyn Fn(&Report) -> String;

const CSP: &str = "default-src 'none'; style-src 'sha256-";
/// The style of the HTML form, and its hash for the policy.
const STYLE: &str = include_str!("handover.css");
const STYLE_SHA256: &str = include_str!("handover.css.sha256");

/// Writes what is handed over.
pub fn write(report: Report, mut masks: Masks, wish: &Wish, to_json: ToJson<'_>) -> Handover {
    masks.decide(wish.reader, &wish.shown, &wish.hidden);
    let first = report.findings.get(wish.finding.unwrap_or(0)).or(report.findings.first());
    let title = first.map_or(&report.answer.title, |f| &f.title);
    let code = first.and_then(|f| f.cause_status.as_deref().or(f.status.as_deref())).unwrap_or_default();
    let title = [code, if code.is_empty() { "" } else { ": " }, title].concat();
    let (kind, media_type) = match wish.form {
        Written::Markdown => (".md", "text/markdown"),
        Written::Plain => (".txt", "text/plain"),
        Written::Html => (".html", "text/html"),
        Written::Json => (".json", "application/json"),
    };
    let file_name = ["ndr-doctor", if code.is_empty() { "" } else { "-" }, code, kind].concat();
    let marked = match wish.form {
        Written::Json => to_json(&masked(report, &masks)),
        _ => {
            let words = Words::of(report.lang);
            let mut page =
                Page { out: String::new(), form: wish.form, words: &words, masks: &masks, report: &report, wish };
            page.document(&title);
            page.out
        }
    };
    let (runs, masks) = masks.cut(&marked);
    Handover { title, file_name, media_type: media_type.to_string(), runs, masks }
}

/// The report with every pasted value marked.
fn masked(mut report: Report, masks: &Masks) -> Report {
    mask::visit(&mut report, &mut |role, text| *text = masks.mark(text, role == Role::Command));
    for part in &mut report.parts {
        let marked = masks.mark_runs(&part.runs);
        for (run, marked) in part.runs.iter_mut().zip(marked) {
            run.text = marked;
        }
    }
    report
}

/// A stretch of a document, and how each form begins and ends it: Markdown, plain text, HTML.
#[derive(Clone, Copy)]
enum El {
    Title,
    Heading,
    Line,
    List,
    Item,
}

impl El {
    const fn ends(self) -> [[&'static str; 2]; 3] {
        match self {
            El::Title => [["# ", "\n\n"], ["", "\n\n"], ["<h1>", "</h1>\n"]],
            El::Heading => [["\n## ", "\n\n"], ["\n", ":\n"], ["<h2>", "</h2>\n"]],
            El::Line => [["", "\n\n"], ["", "\n"], ["<p>", "</p>\n"]],
            El::List => [["", ""], ["", ""], ["<ul>\n", "</ul>\n"]],
            El::Item => [["- ", "\n"], ["- ", "\n"], ["<li>", "</li>\n"]],
        }
    }
}

struct Page<'a> {
    out: String,
    form: Written,
    words: &'a Words,
    masks: &'a Masks,
    report: &'a Report,
    wish: &'a Wish,
}

impl<'a> Page<'a> {
    fn raw(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// An empty line, where there is none.
    fn gap(&mut self) {
        if !self.out.ends_with("\n\n") {
            self.raw("\n");
        }
    }

    fn edge(&mut self, el: El, end: usize) {
        let text = el.ends()[self.form as usize][end];
        // One empty line is enough.
        let has_empty = self.out.is_empty() || self.out.ends_with("\n\n");
        self.raw(text.strip_prefix('\n').filter(|_| has_empty && end == 0).unwrap_or(text));
    }

    /// The project's own words, with their marks: `**name on screen**`, `` `literal` ``.
    fn own(&mut self, text: &str) {
        match self.form {
            Written::Markdown => self.raw(text),
            Written::Plain => self.raw(&text.replace("**", "").replace('`', "")),
            _ => {
                let text = escaped(text);
                for (nth, piece) in text.split('`').enumerate() {
                    if nth % 2 == 1 {
                        self.raw(&["<code>", piece, "</code>"].concat());
                        continue;
                    }
                    for (nth, piece) in piece.split("**").enumerate() {
                        match nth % 2 {
                            0 => self.raw(piece),
                            _ => self.raw(&["<strong>", piece, "</strong>"].concat()),
                        }
                    }
                }
            }
        }
    }

    fn say(&mut self, w: W) {
        let text = self.words.get(w);
        self.own(text);
    }

    /// Words in which nothing is a mark.
    fn inert(&mut self, marked: &str) {
        let text = match self.form {
            Written::Markdown => inert(marked),
            Written::Plain => marked.to_string(),
            _ => escaped(marked),
        };
        self.raw(&text);
    }

    /// Pasted words inside a line.
    fn pasted(&mut self, text: &str) {
        let folded = crate::evidence::fold(&super::runs::visible(text));
        let marked = self.masks.mark(&folded, false);
        match self.form {
            Written::Markdown => {
                let fence = "`".repeat(longest_ticks(&marked) + 1);
                let pad = if marked.chars().any(|c| c == '`') { " " } else { "" };
                self.raw(&[&fence, pad, &marked, pad, &fence].concat());
            }
            Written::Plain => self.raw(&marked),
            _ => self.raw(&["<code>", &escaped(&marked), "</code>"].concat()),
        }
    }

    /// Marked lines as a block of their own.
    fn block(&mut self, marked: &str, indent: &str) {
        let fence = "`".repeat(longest_ticks(marked).max(2) + 1);
        let before = match self.form {
            Written::Markdown => {
                self.raw(&[indent, &fence, "text\n"].concat());
                ""
            }
            Written::Plain => "  > ",
            _ => return self.raw(&["<pre>", &escaped(marked), "</pre>\n"].concat()),
        };
        for line in marked.split('\n') {
            self.raw(&[indent, before, line, "\n"].concat());
        }
        if self.form == Written::Markdown {
            self.raw(&[indent, &fence, "\n"].concat());
        }
    }

    fn line(&mut self, text: &str) {
        self.edge(El::Line, 0);
        self.own(text);
        self.edge(El::Line, 1);
    }

    fn heading(&mut self, w: W) {
        self.edge(El::Heading, 0);
        self.say(w);
        self.edge(El::Heading, 1);
    }

    fn label(&mut self, w: W) {
        self.edge(El::Item, 0);
        let label = ["**", self.words.get(w), ":** "].concat();
        self.own(&label);
    }

    /// A labelled line of pasted values; none where there is no value.
    fn field(&mut self, w: W, values: &[&str]) {
        if values.is_empty() {
            return;
        }
        self.label(w);
        for (nth, value) in values.iter().enumerate() {
            self.raw(if nth > 0 { ", " } else { "" });
            self.pasted(value);
        }
        self.edge(El::Item, 1);
    }

    /// A labelled line of the project's own words.
    fn fact(&mut self, w: W, text: &str) {
        self.label(w);
        self.own(text);
        self.edge(El::Item, 1);
    }

    /// The findings that it is about.
    fn findings(&self) -> &'a [Finding] {
        let all = &self.report.findings[..];
        self.wish.finding.and_then(|n| all.get(n)).map_or(all, std::slice::from_ref)
    }

    fn document(&mut self, title: &str) {
        let findings = self.findings();
        if self.form == Written::Html {
            let lang = self.report.lang.tag();
            let policy = [CSP, STYLE_SHA256.trim(), "'; base-uri 'none'; form-action 'none'"].concat();
            self.raw(
                &[
                    "<!doctype html>\n<html lang=\"",
                    lang,
                    "\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"",
                    &policy,
                    "\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
                    &escaped(title),
                    "</title>\n<style>",
                    STYLE,
                    "</style>\n</head>\n<body>\n<main>\n",
                ]
                .concat(),
            );
        }
        if matches!(self.wish.what, What::Partner | What::ToIt) {
            self.letter(findings);
        } else {
            self.edge(El::Title, 0);
            self.own(title);
            self.edge(El::Title, 1);
            if findings.is_empty() {
                // It may name a host of the input.
                let answer = self.masks.mark(&self.report.answer.text, true);
                self.edge(El::Line, 0);
                self.inert(&answer);
                self.edge(El::Line, 1);
            }
            for finding in findings {
                self.ticket(finding, findings.len() > 1);
            }
        }
        self.note();
        if self.wish.what == What::Report {
            self.appendix();
        }
        if self.wish.what == What::WrongAnswer {
            self.evidence();
        }
        if self.masks_anything() {
            self.gap();
            let text = self.words.get(say::HANDOVER_MASKED);
            self.line(text);
        }
        if self.form == Written::Html {
            self.raw("</main>\n</body>\n</html>\n");
        }
    }

    fn masks_anything(&self) -> bool {
        self.masks.cut(&self.out).1.iter().any(|mask| mask.hidden)
    }

    /// What is known of one finding as short lines.
    fn facts(&mut self, finding: &Finding, mine: bool) {
        self.edge(El::List, 0);
        let recipients: Vec<&str> = finding.recipients.iter().map(|r| r.final_.as_str()).collect();
        self.field(say::HANDOVER_RECIPIENT, &recipients);
        let code = |reply: Option<u16>, status: &Option<String>| {
            let both = [reply.map(|r| r.to_string()), status.clone()];
            both.into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let (last, cause) = (code(finding.reply, &finding.status), code(finding.cause_reply, &finding.cause_status));
        if !last.is_empty() {
            self.fact(say::HANDOVER_CODE, &last);
        }
        if !cause.is_empty() && cause != last {
            self.fact(say::HANDOVER_CAUSE_CODE, &cause);
        }
        let remote = &finding.remote;
        let port = remote.port.map(|p| p.to_string());
        let server: Vec<&str> = remote.names().chain(port.as_deref()).collect();
        self.field(say::HANDOVER_SERVER, &server);
        let from = finding.generating_server.as_deref().or(finding.reporting_mta.as_deref());
        self.field(say::HANDOVER_FROM, from.as_slice());
        if mine {
            let masks = self.masks;
            self.field(say::HANDOVER_SENDER, masks.sender.as_deref().as_slice());
            self.field(say::HANDOVER_SUBJECT, masks.subject.as_deref().as_slice());
            self.field(say::HANDOVER_MESSAGE_ID, masks.message_id.as_deref().as_slice());
        }
        let times = &finding.times;
        let expires = match times.expires_from {
            Some(ExpiresFrom::Policy) => say::HANDOVER_EXPIRES_POLICY,
            _ => say::HANDOVER_EXPIRES,
        };
        for (w, at) in [
            (say::HANDOVER_ARRIVED, &times.arrived),
            (say::HANDOVER_LAST_ATTEMPT, &times.last_attempt),
            (expires, &times.expires),
        ] {
            if let Some(at) = at {
                self.fact(w, &utc(at));
            }
        }
        if mine {
            let certainty = match finding.confidence {
                Confidence::Certain => say::CLI_CERTAIN,
                Confidence::Likely => say::CLI_LIKELY,
                Confidence::Possible => say::CLI_CONFIDENCE_POSSIBLE,
            };
            let certainty = self.words.get(certainty);
            self.fact(say::HANDOVER_CERTAINTY, certainty);
            let who = self.words.get(who(finding.acts));
            self.fact(say::HANDOVER_ACTS, who);
        }
        self.edge(El::List, 1);
    }

    fn ticket(&mut self, finding: &Finding, titled: bool) {
        if titled {
            self.edge(El::Heading, 0);
            self.own(finding.title);
            self.edge(El::Heading, 1);
        }
        self.line(&finding.meaning);
        if self.wish.what == What::Report {
            self.line(&finding.detail);
        }
        self.facts(finding, true);
        let likely: Vec<_> = finding.causes.iter().filter(|c| c.standing != Standing::RuledOut).collect();
        if !likely.is_empty() {
            self.heading(say::CLI_CAUSES);
            self.edge(El::List, 0);
            for cause in likely {
                let standing = match cause.standing {
                    Standing::Indicated => say::CLI_INDICATED,
                    _ => say::CLI_POSSIBLE,
                };
                self.fact(standing, cause.text);
                let mut quoted: Vec<&str> = Vec::new();
                for e in self.report.evidence.iter().filter(|e| cause.because.contains(&e.n)) {
                    if !quoted.contains(&e.witness.as_str()) {
                        quoted.push(&e.witness);
                    }
                }
                if !quoted.is_empty() {
                    // Behind the sentence, not under it.
                    let end = El::Item.ends()[self.form as usize][1];
                    self.out.truncate(self.out.len() - end.len());
                    self.raw(" (");
                    for (nth, words) in quoted.iter().enumerate() {
                        self.raw(if nth > 0 { ", " } else { "" });
                        self.pasted(words);
                    }
                    self.raw(")");
                    self.edge(El::Item, 1);
                }
            }
            self.edge(El::List, 1);
        }
        self.chain(finding);
        if self.wish.what == What::WrongAnswer {
            return;
        }
        if finding.steps.iter().any(|s| !s.dropped) {
            self.heading(say::CLI_STEPS);
            self.steps(&finding.steps, "");
            self.heading(say::CLI_CONFIRM);
            self.line(finding.confirm);
        }
        if !finding.sources.is_empty() {
            self.heading(say::CLI_SOURCES);
            self.edge(El::List, 0);
            for source in &finding.sources {
                self.edge(El::Item, 0);
                self.link(source.title, source.url);
                self.edge(El::Item, 1);
            }
            self.edge(El::List, 1);
        }
    }

    fn chain(&mut self, finding: &Finding) {
        let texts: Vec<String> = finding.chain.iter().map(|l| self.masks.mark(&l.text, false)).collect();
        if !texts.is_empty() {
            self.heading(say::CLI_ERRORS);
            self.block(&texts.join("\n"), "");
        }
    }

    fn link(&mut self, title: &str, url: &str) {
        match self.form {
            Written::Markdown => self.raw(&["[", title, "](", url, ")"].concat()),
            Written::Plain => self.raw(&[title, ": ", url].concat()),
            _ => self.raw(&["<a href=\"", &escaped(url), "\" rel=\"noreferrer\">", &escaped(title), "</a>"].concat()),
        }
    }

    fn steps(&mut self, steps: &[Step], indent: &str) {
        self.edge(El::List, 0);
        for step in steps.iter().filter(|s| !s.dropped) {
            let done = self.wish.ticked.iter().any(|id| *id == step.id);
            let deeper = [indent, "  "].concat();
            self.raw(match self.form {
                Written::Html => "<li>",
                _ => indent,
            });
            self.raw(match (self.form, done) {
                (Written::Markdown, false) => "- [ ] ",
                (Written::Markdown, true) => "- [x] ",
                (Written::Plain, false) => "[ ] ",
                (Written::Plain, true) => "[x] ",
                (_, false) => "\u{2610} ",
                (_, true) => "\u{2611} ",
            });
            let who = ["**", self.words.get(who(step.who)), ":** "].concat();
            self.own(&who);
            self.own(step.text);
            if let Some(link) = &step.link {
                self.raw(" ");
                self.link(link.title, link.url);
            }
            self.raw("\n");
            let long = self.wish.what == What::Report;
            for command in step.commands.iter().filter(|c| long || !c.changes_state) {
                let text = self.masks.mark(&command.text, true);
                self.block(&text, &deeper);
                if long {
                    for (w, text) in [(say::CLI_GOOD, &command.good), (say::CLI_BAD, &command.bad)] {
                        self.raw(if self.form == Written::Html { "" } else { &deeper });
                        self.edge(El::Line, 0);
                        self.say(w);
                        self.raw(": ");
                        self.own(text);
                        self.edge(El::Line, 1);
                    }
                    if let Some(undo) = &command.undo {
                        self.raw(if self.form == Written::Html { "" } else { &deeper });
                        let changes = self.words.get(say::CLI_CHANGES);
                        self.line(changes);
                        let undo = self.masks.mark(undo, true);
                        self.block(&undo, &deeper);
                    }
                }
            }
            if !step.steps.is_empty() {
                self.steps(&step.steps, &deeper);
            }
            if self.form == Written::Html {
                self.raw("</li>\n");
            }
        }
        self.edge(El::List, 1);
    }

    /// A message to somebody: in whole sentences, without what is only for us.
    fn letter(&mut self, findings: &[Finding]) {
        let to_it = self.wish.what == What::ToIt;
        let say = |w: W| self.words.get(w);
        let (hello, opening, asks, thanks) = match to_it {
            true => (say::HANDOVER_HELLO_IT, say::HANDOVER_OPENING_IT, say::HANDOVER_ASK_IT, say::HANDOVER_THANKS_IT),
            false => (
                say::HANDOVER_HELLO_PARTNER,
                say::HANDOVER_OPENING_PARTNER,
                say::HANDOVER_ASK_PARTNER,
                say::HANDOVER_THANKS_PARTNER,
            ),
        };
        let [hello, opening, asks, thanks] = [hello, opening, asks, thanks].map(say);
        self.line(hello);
        self.line(opening);
        for finding in findings {
            self.line(&finding.meaning);
            self.facts(finding, to_it);
            self.chain(finding);
            let asked: Vec<&Step> = flat(&finding.steps)
                .into_iter()
                .filter(|s| !s.dropped && s.who == if to_it { Actor::Admin } else { Actor::RecipientAdmin })
                .take(6)
                .collect();
            self.gap();
            self.line(asks);
            self.edge(El::List, 0);
            for step in &asked {
                self.edge(El::Item, 0);
                self.own(step.text);
                self.edge(El::Item, 1);
            }
            if asked.is_empty() {
                let ask = match finding.stage {
                    Stage::Lookup => say::HANDOVER_ASK_LOOKUP,
                    Stage::Connection => say::HANDOVER_ASK_CONNECTION,
                    Stage::Encryption => say::HANDOVER_ASK_ENCRYPTION,
                    Stage::Mailbox => say::HANDOVER_ASK_MAILBOX,
                    Stage::Conversation | Stage::None => say::HANDOVER_ASK_CONVERSATION,
                };
                self.edge(El::Item, 0);
                self.say(ask);
                self.edge(El::Item, 1);
            }
            self.edge(El::List, 1);
            self.gap();
        }
        self.line(thanks);
    }

    fn note(&mut self) {
        let note = self.wish.note.trim();
        if note.is_empty() {
            return;
        }
        self.heading(say::HANDOVER_NOTE);
        let marked = self.masks.mark(&super::runs::visible(note), false);
        for line in marked.lines() {
            self.edge(El::Line, 0);
            self.inert(line.trim());
            self.edge(El::Line, 1);
        }
    }

    fn evidence(&mut self) {
        self.heading(say::HANDOVER_ANSWERED);
        self.edge(El::List, 0);
        self.fact(say::CLI_SECTION, self.report.findings.first().map_or(self.report.answer.id, |f| f.section));
        self.fact(say::HANDOVER_KIND, self.report.input.kind.word());
        self.fact(say::HANDOVER_VERSION, env!("CARGO_PKG_VERSION"));
        self.edge(El::List, 1);
        self.heading(say::HANDOVER_EVIDENCE);
        let lines: Vec<String> =
            self.report.evidence.iter().map(|e| [e.kind, ": ", &self.masks.mark(&e.witness, false)].concat()).collect();
        self.block(&lines.join("\n"), "");
        self.text();
    }

    /// The pasted text; what proves nothing is one mask.
    fn text(&mut self) {
        self.heading(say::HANDOVER_TEXT);
        for part in &self.report.parts {
            let marked = self.masks.mark_runs(&part.runs).concat();
            self.block(&marked, "");
        }
    }

    fn appendix(&mut self) {
        if !self.report.hops.is_empty() {
            self.heading(say::HANDOVER_HOPS);
            self.edge(El::List, 0);
            for hop in &self.report.hops {
                self.edge(El::Item, 0);
                for (nth, name) in [&hop.from, &hop.by].into_iter().enumerate() {
                    self.raw(if nth > 0 { " \u{2192} " } else { "" });
                    self.pasted(name.as_deref().unwrap_or("?"));
                }
                if let Some(at) = &hop.at {
                    let at = utc(at);
                    self.raw(", ");
                    self.raw(&at);
                }
                if let Some(delay) = hop.delay_s {
                    self.raw(&[", +", &delay.to_string(), " s"].concat());
                }
                self.edge(El::Item, 1);
            }
            self.edge(El::List, 1);
        }
        if !self.report.headers.is_empty() {
            self.heading(say::HANDOVER_HEADERS);
            self.edge(El::List, 0);
            for header in &self.report.headers {
                self.edge(El::Item, 0);
                self.pasted(&header.name);
                self.raw(": ");
                self.pasted(&header.value);
                self.raw(". ");
                self.own(header.text);
                self.edge(El::Item, 1);
            }
            self.edge(El::List, 1);
        }
        self.text();
    }
}

fn who(actor: Actor) -> W {
    match actor {
        Actor::Sender => say::CLI_WHO_SENDER,
        Actor::Admin => say::CLI_WHO_ADMIN,
        Actor::RecipientAdmin => say::CLI_WHO_RECIPIENT_ADMIN,
        Actor::Nobody => say::CLI_WHO_NOBODY,
    }
}

/// Every step with those inside it.
fn flat(steps: &[Step]) -> Vec<&Step> {
    steps.iter().flat_map(|s| [s].into_iter().chain(flat(&s.steps))).collect()
}

/// An RFC 3339 time as people write it.
fn utc(at: &str) -> String {
    at.replace('T', " ").replace('Z', " UTC")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A line of Markdown in which nothing is a mark.
fn inert(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for (nth, c) in line.chars().enumerate() {
        let opens = nth == 0 && matches!(c, '-' | '+' | '=' | '#');
        if opens || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '#' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The longest run of backticks that a reader will see.
fn longest_ticks(marked: &str) -> usize {
    let (mut longest, mut run) = (0, 0);
    for c in marked.chars().filter(|c| !mask::is_sign(*c)) {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
