//! What makes the catalogue whole: every rule that stops the build.

use crate::catalog::{Catalogue, Command, Entry, Id, In, Mistake, Step, Text};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};

const CATEGORIES: &[&str] = &[
    "user_unknown",
    "mailbox_full",
    "mailbox_unavailable",
    "address_syntax",
    "domain_unknown",
    "dns",
    "connection",
    "tls",
    "certificate",
    "loop",
    "expired",
    "size",
    "content",
    "spam",
    "reputation",
    "policy",
    "authentication",
    "sender_authentication",
    "relay",
    "permission",
    "rate_limit",
    "quota",
    "system",
    "protocol",
    "greylisting",
    "other",
];
const DIALECTS: &[&str] = &[
    "exchange_online",
    "exchange_server",
    "outlook_com",
    "gmail",
    "yahoo",
    "icloud",
    "postfix",
    "exim",
    "sendmail",
    "qmail",
    "amazon_ses",
    "mimecast",
    "proofpoint",
    "barracuda",
    "cloudflare",
    "other",
];
const STAGES: &[&str] = &["lookup", "connection", "encryption", "conversation", "mailbox", "none"];
const ACTORS: &[&str] = &["sender", "admin", "recipient_admin", "nobody"];
const SHELLS: &[&str] = &["exchange_online", "exchange_server", "powershell", "bash"];
const FACTS: &[&str] = &[
    "@private_address",
    "@no_host",
    "@ipv6",
    "@returned",
    "@retrying",
    "@wildcard_subject",
    "@several_recipients",
    "@microsoft_host",
];
const PLACEHOLDERS: &[&str] = &["host", "ip", "domain", "recipient", "sender_domain", "sending_ip"];
/// Verbs of cmdlets that change something. `New-Object` does not.
const CHANGING: &[&str] = &[
    "Add", "Clear", "Disable", "Enable", "Move", "New", "Remove", "Restart", "Resume", "Set", "Start", "Stop",
    "Suspend", "Update",
];
/// Programs that ask something of the network from the reader's own machine.
const ON_THE_NETWORK: &[&str] = &[
    "Resolve-DnsName",
    "Test-NetConnection",
    "TcpClient",
    "Invoke-RestMethod",
    "Invoke-WebRequest",
    "nslookup ",
    "dig ",
    "nc ",
    "curl ",
    "openssl s_client",
    "swaks ",
];

/// Checks the catalogue; every mistake is reported, not just the first.
pub fn check(c: &Catalogue) -> Result<(), Vec<Mistake>> {
    let mut check = Check { c, shapes: Shapes::new(), mistakes: Vec::new() };
    check.all();
    if check.mistakes.is_empty() { Ok(()) } else { Err(check.mistakes) }
}

/// The shapes of values that are not prose.
struct Shapes {
    day: Regex,
    https: Regex,
    code: Regex,
    placeholder: Regex,
    quoted: Regex,
    blank: Regex,
    cmdlet: Regex,
}

impl Shapes {
    fn new() -> Shapes {
        let shape = |pattern: &str| Regex::new(pattern).expect("a fixed pattern");
        const CODE: &str = "[245][.][0-9]{1,3}[.][0-9]{1,3}";
        Shapes {
            day: shape("^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
            https: shape(r#"^https://[a-z0-9.-]+(/[^ "<>]*)?$"#),
            code: shape(&format!("^{CODE}(-{CODE})?$")),
            placeholder: shape(r"\{([a-z_]+)\}"),
            quoted: shape(r#""[^"]*"|'[^']*'"#),
            blank: shape(r"\{[a-z_]+\}|<[a-z-]+>"),
            cmdlet: shape(r"(?-u:\b)([A-Z][a-z]+)-([A-Z][A-Za-z]+)"),
        }
    }

    /// The `{names}` in a text, sorted.
    fn placeholders(&self, text: &str) -> Vec<String> {
        let mut names: Vec<_> = self.placeholder.captures_iter(text).map(|found| found[1].to_string()).collect();
        names.sort();
        names
    }

    /// What a command changes: verb and noun of each cmdlet that is not a mere question.
    fn changes(&self, command: &str) -> Vec<(String, String)> {
        let cmdlets = self.cmdlet.captures_iter(command).map(|found| (found[1].to_string(), found[2].to_string()));
        cmdlets.filter(|(verb, noun)| CHANGING.contains(&verb.as_str()) && noun != "Object").collect()
    }
}

struct Check<'a> {
    c: &'a Catalogue,
    shapes: Shapes,
    mistakes: Vec<Mistake>,
}

impl<'a> Check<'a> {
    fn say(&mut self, file: usize, at: &Id, what: String, help: &str) {
        self.mistakes.push(self.c.mistake(file, at, what, help));
    }

    fn one_of(&mut self, file: usize, at: &Id, what: &str, allowed: &[&str]) {
        if !allowed.contains(&at.get_ref().as_str()) {
            self.say(file, at, format!("unknown {what} {:?}", at.get_ref()), &format!("one of {}", allowed.join(", ")));
        }
    }

    fn unique<'b>(&mut self, what: &str, ids: impl Iterator<Item = (usize, &'b Id)>) -> BTreeSet<&'b str> {
        let mut seen = BTreeSet::new();
        for (file, id) in ids {
            if !seen.insert(id.get_ref().as_str()) {
                self.say(file, id, format!("{what} {:?} stands twice", id.get_ref()), "an id is never reused");
            }
        }
        seen
    }

    fn known(&mut self, file: usize, at: &Id, what: &str, ids: &BTreeSet<&str>) {
        if !ids.contains(at.get_ref().as_str()) {
            self.say(file, at, format!("unknown {what} {:?}", at.get_ref()), "check the spelling, or add it");
        }
    }

    fn text(&mut self, file: usize, at: &Id, text: &Text) {
        if text.en.trim().is_empty() || text.es.trim().is_empty() {
            self.say(file, at, "a text is empty in one language".into(), "write it in both");
        }
        if self.shapes.placeholders(&text.en) != self.shapes.placeholders(&text.es) {
            let what = format!("placeholders differ between languages: {:?}", text.en);
            self.say(file, at, what, "both languages hold the same {names}");
        }
    }

    fn phrase(&mut self, file: usize, phrase: &Id) {
        let p = phrase.get_ref();
        if p.starts_with('@') {
            self.one_of(file, phrase, "fact", FACTS);
            return;
        }
        let longest = p.split(" * ").map(str::len).max().unwrap_or(0);
        let plain_word = p.chars().all(|ch| ch.is_ascii_lowercase() || ch == ' ');
        if longest < 3 || (plain_word && !p.contains(' ') && p.len() < 12) {
            let what = format!("phrase {p:?} is too short to stand alone");
            self.say(file, phrase, what, "add the words around it, as in \"blocked * using *\"");
        }
    }

    fn all(&mut self) {
        let c = self.c;
        let at =
            |list: &'a Vec<In<crate::catalog::Step>>| list.iter().filter_map(|s| Some((s.file, s.it.id.as_ref()?)));
        let steps = self.unique("shared step", at(&c.steps));
        let questions = self.unique("question", c.questions.iter().map(|q| (q.file, &q.it.id)));
        let answers =
            self.unique("answer", c.questions.iter().flat_map(|q| q.it.answers.iter().map(move |a| (q.file, &a.id))));
        let notes = self.unique("note", c.notes.iter().map(|n| (n.file, &n.it.id)));
        let links = self.unique("link", c.links.iter().map(|l| (l.file, &l.it.id)));
        let sources = self.unique("source", c.sources.iter().map(|s| (s.file, &s.it.id)));
        self.unique("family", c.families.iter().map(|f| (f.file, &f.it.id)));
        self.unique("entry", c.entries.iter().map(|(_, e)| (e.file, &e.it.id)));
        self.unique("term", c.terms.iter().map(|t| (t.file, &t.it.id)));
        self.unique("header", c.headers.iter().map(|h| (h.file, &h.it.name)));
        self.unique("string", c.page.iter().map(|p| (p.file, &p.it.0)));
        self.unique("string", c.report.iter().map(|p| (p.file, &p.it.0)));
        self.retired();

        for l in &c.links {
            self.text(l.file, &l.it.id, &l.it.title);
            self.https(l.file, &l.it.url);
        }
        for s in &c.sources {
            self.https(s.file, &s.it.url);
            let read = s.it.read.get_ref();
            if !self.shapes.day.is_match(read) {
                self.say(s.file, &s.it.read, format!("{read:?} is not a day"), "write it as 2026-11-23");
            }
        }
        for q in &c.questions {
            self.text(q.file, &q.it.id, &q.it.text);
            for a in &q.it.answers {
                self.text(q.file, &a.id, &a.text);
                a.evident_from.iter().for_each(|p| self.phrase(q.file, p));
            }
        }
        for s in &c.steps {
            self.step(s.file, &s.it, None, &steps, &answers, &links);
        }
        let (notes_list, terms, headers) = (&c.notes, &c.terms, &c.headers);
        notes_list.iter().for_each(|n| self.text(n.file, &n.it.id, &n.it.text));
        terms.iter().for_each(|t| self.text(t.file, &t.it.id, &t.it.text));
        headers.iter().for_each(|h| self.text(h.file, &h.it.name, &h.it.text));
        c.page.iter().chain(&c.report).for_each(|p| self.text(p.file, &p.it.0, &p.it.1));

        let mut claims: BTreeMap<String, &Id> = BTreeMap::new();
        for (_, In { file, it: e }) in &c.entries {
            let file = *file;
            self.one_of(file, &e.category, "category", CATEGORIES);
            self.one_of(file, &e.stage, "stage", STAGES);
            self.one_of(file, &e.acts, "actor", ACTORS);
            e.dialects.iter().for_each(|d| self.one_of(file, d, "dialect", DIALECTS));
            e.codes.iter().for_each(|code| self.code(file, code));
            e.says.iter().chain(&e.wording).for_each(|p| self.phrase(file, p));
            for t in [&e.title, &e.meaning, &e.detail, &e.confirm] {
                self.text(file, &e.id, t);
            }
            e.questions.iter().for_each(|q| self.known(file, q, "question", &questions));
            e.notes.iter().for_each(|n| self.known(file, n, "note", &notes));
            e.sources.iter().for_each(|s| self.known(file, s, "source", &sources));
            if e.sources.is_empty() {
                self.say(file, &e.id, "an entry without a source".into(), "name where its facts were read");
            }
            if e.codes.is_empty() && e.says.is_empty() && e.wording.is_empty() && e.id.get_ref() != "other" {
                self.say(file, &e.id, "an entry that nothing can match".into(), "give it codes, says or wording");
            }
            if e.examples.is_empty() || e.counter_examples.is_empty() {
                let help = "add [[entry.example]] and [[entry.counter_example]]";
                self.say(file, &e.id, "an entry without example and counter-example".into(), help);
            }
            if e.causes.is_empty() || e.steps.is_empty() {
                self.say(file, &e.id, "an entry without a cause or a step".into(), "add both");
            }
            self.unique("cause", e.causes.iter().map(|cause| (file, &cause.id)));
            for cause in &e.causes {
                self.text(file, &cause.id, &cause.text);
                cause.indicated_by.iter().chain(&cause.ruled_out_by).for_each(|p| self.phrase(file, p));
                if cause.cannot_tell != (cause.indicated_by.is_empty() && cause.ruled_out_by.is_empty()) {
                    let what = format!("cause {:?} has no evidence", cause.id.get_ref());
                    self.say(file, &cause.id, what, "indicated_by / ruled_out_by, or cannot_tell = true (not both)");
                }
            }
            self.unique("step", flat(&e.steps).into_iter().filter_map(|s| Some((file, s.id.as_ref()?))));
            e.steps.iter().for_each(|s| self.step(file, s, Some(&e.id), &steps, &answers, &links));
            self.questions(file, e);
            self.looked_before(file, e);
            let mut says: Vec<_> = e.says.iter().map(|s| s.get_ref().to_lowercase()).collect();
            says.sort();
            for code in &e.codes {
                let any = ["any".to_string()];
                let dialects: Vec<_> = e.dialects.iter().map(|d| d.get_ref().clone()).collect();
                for dialect in if dialects.is_empty() { &any[..] } else { &dialects[..] } {
                    let claim = format!("{dialect} {} {:?} {says:?}", code.get_ref(), e.replies);
                    if let Some(other) = claims.insert(claim, &e.id) {
                        let what = format!("{:?} claims {} like {:?}", e.id.get_ref(), code.get_ref(), other.get_ref());
                        self.say(file, code, what, "tell them apart by `dialects` or `says`");
                    }
                }
            }
        }
        for class in &c.classes {
            for t in [&class.it.title, &class.it.meaning, &class.it.detail] {
                self.text(class.file, &class.it.code, t);
            }
            class.it.steps.iter().for_each(|s| self.known(class.file, s, "shared step", &steps));
        }
        for subject in &c.subjects {
            let (file, s) = (subject.file, &subject.it);
            self.text(file, &s.code, &s.title);
            self.text(file, &s.code, &s.meaning);
            self.one_of(file, &s.category, "category", CATEGORIES);
            self.one_of(file, &s.stage, "stage", STAGES);
            self.one_of(file, &s.acts, "actor", ACTORS);
            s.steps_4.iter().chain(&s.steps_5).for_each(|s| self.known(file, s, "shared step", &steps));
        }
        self.nothing_lies_idle();
        self.unique("registered code", c.registered.iter().map(|r| (r.file, &r.it.code)));
        for r in &c.registered {
            self.text(r.file, &r.it.code, &r.it.title);
            self.text(r.file, &r.it.code, &r.it.meaning);
            if let Some(category) = &r.it.category {
                self.one_of(r.file, category, "category", CATEGORIES);
            }
        }
    }

    /// Ids that are gone stay gone.
    fn retired(&mut self) {
        let c = self.c;
        let gone = self.unique("retired id", c.retired.iter().map(|r| (r.file, &r.it.id)));
        for r in &c.retired {
            let on = r.it.on.get_ref();
            if !self.shapes.day.is_match(on) {
                self.say(r.file, &r.it.on, format!("{on:?} is not a day"), "write it as 2026-11-23");
            }
        }
        let help = "an id is never reused: links and stored checklists would mean something else; choose another";
        let answers = c.questions.iter().flat_map(|q| q.it.answers.iter().map(move |a| (q.file, &a.id)));
        let shared = c.steps.iter().filter_map(|s| Some((s.file, s.it.id.as_ref()?)));
        let entries = c.entries.iter().map(|(_, e)| (e.file, &e.it.id));
        for (file, id) in entries.chain(answers).chain(shared) {
            if gone.contains(id.get_ref().as_str()) {
                self.say(file, id, format!("{:?} is retired", id.get_ref()), help);
            }
        }
        for (_, In { file, it: e }) in &c.entries {
            let parts = flat(&e.steps).into_iter().filter_map(|s| s.id.as_ref()).chain(e.causes.iter().map(|k| &k.id));
            for id in parts {
                let whole = format!("{}/{}", e.id.get_ref(), id.get_ref());
                if gone.contains(whole.as_str()) {
                    self.say(*file, id, format!("{whole:?} is retired"), help);
                }
            }
        }
    }

    /// What entries share is there because something uses it.
    fn nothing_lies_idle(&mut self) {
        let c = self.c;
        let own = c.entries.iter().flat_map(|(_, e)| flat(&e.it.steps));
        let every: Vec<&Step> = own.chain(c.steps.iter().flat_map(|s| flat(std::slice::from_ref(&s.it)))).collect();
        let floor = c.classes.iter().flat_map(|k| &k.it.steps);
        let floor = floor.chain(c.subjects.iter().flat_map(|s| s.it.steps_4.iter().chain(&s.it.steps_5)));
        let used = |ids: &mut dyn Iterator<Item = &'a Id>| -> BTreeSet<&'a str> {
            ids.map(|id| id.get_ref().as_str()).collect()
        };
        let entries = || c.entries.iter().map(|(_, e)| &e.it);
        let steps = used(&mut every.iter().filter_map(|s| s.shared.as_ref()).chain(floor));
        let links = used(&mut every.iter().filter_map(|s| s.link.as_ref()));
        let questions = used(&mut entries().flat_map(|e| &e.questions));
        let notes = used(&mut entries().flat_map(|e| &e.notes));
        let sources = used(&mut entries().flat_map(|e| &e.sources));
        let idle = (c.steps.iter().filter_map(|s| Some(("shared step", s.file, s.it.id.as_ref()?, &steps))))
            .chain(c.links.iter().map(|l| ("link", l.file, &l.it.id, &links)))
            .chain(c.questions.iter().map(|q| ("question", q.file, &q.it.id, &questions)))
            .chain(c.notes.iter().map(|n| ("note", n.file, &n.it.id, &notes)))
            .chain(c.sources.iter().map(|s| ("source", s.file, &s.it.id, &sources)));
        for (what, file, id, used) in idle {
            if !used.contains(id.get_ref().as_str()) {
                let said = format!("nothing uses the {what} {:?}", id.get_ref());
                self.say(file, id, said, "refer to it, or take it out");
            }
        }
    }

    /// A step as it stands in an entry: its own, or the shared one that it refers to.
    fn body<'b>(&self, step: &'b Step) -> &'b Step
    where
        'a: 'b,
    {
        let Some(shared) = &step.shared else { return step };
        let c: &'a Catalogue = self.c;
        c.steps.iter().map(|s| &s.it).find(|s| s.id.as_ref().map(Id::get_ref) == Some(shared.get_ref())).unwrap_or(step)
    }

    /// Every step of an entry in its order, with the shared ones and what is nested in them.
    fn whole<'b>(&self, steps: &'b [Step]) -> Vec<(&'b Step, &'b Step)>
    where
        'a: 'b,
    {
        let each = steps.iter().map(|s| (s, self.body(s)));
        each.flat_map(|(s, body)| std::iter::once((s, body)).chain(self.whole(&body.steps))).collect()
    }

    /// What an entry asks has to change its steps, and what its steps depend on has to be asked.
    fn questions(&mut self, file: usize, e: &'a Entry) {
        let c = self.c;
        let wanted: BTreeSet<&str> = self
            .whole(&e.steps)
            .into_iter()
            .flat_map(|(s, body)| if s.only_if.is_empty() { &body.only_if } else { &s.only_if })
            .map(|answer| answer.get_ref().as_str())
            .collect();
        let mut asked = BTreeSet::new();
        for question in &e.questions {
            let known = c.questions.iter().find(|q| q.it.id.get_ref() == question.get_ref());
            let answers: Vec<_> =
                known.iter().flat_map(|q| q.it.answers.iter()).map(|a| a.id.get_ref().as_str()).collect();
            if !answers.iter().any(|a| wanted.contains(a)) {
                let what = format!("{:?} asks {:?} for nothing", e.id.get_ref(), question.get_ref());
                self.say(file, question, what, "give a step `only_if` with one of its answers, or do not ask");
            }
            asked.extend(answers);
        }
        for answer in wanted.into_iter().filter(|a| !asked.contains(a)) {
            let what = format!("{:?} never asks for {answer:?}, on which a step depends", e.id.get_ref());
            self.say(file, &e.id, what, "add its question to `questions`");
        }
    }

    /// Whoever changes a setting has seen and kept it before: `Get-X` stands before `Set-X`, in the same shell.
    fn looked_before(&mut self, file: usize, e: &'a Entry) {
        let commands: Vec<&Command> = self.whole(&e.steps).into_iter().flat_map(|(_, body)| &body.commands).collect();
        for (nth, command) in commands.iter().enumerate().filter(|(_, command)| command.changes_state) {
            for (_, noun) in self.shapes.changes(command.text.get_ref()) {
                let look = format!("Get-{noun}");
                let seen = commands[..nth].iter().any(|before| {
                    !before.changes_state
                        && before.shell.get_ref() == command.shell.get_ref()
                        && before
                            .text
                            .get_ref()
                            .split(|ch: char| !(ch.is_alphanumeric() || ch == '-'))
                            .any(|w| w == look)
                });
                if !seen {
                    let what = format!("{:?} changes {noun} without a look at it before", e.id.get_ref());
                    let help = format!("put a read-only command with `{look}` before it, in the same shell");
                    self.say(file, &command.text, what, &help);
                }
            }
        }
    }

    fn https(&mut self, file: usize, url: &Id) {
        if !self.shapes.https.is_match(url.get_ref()) {
            self.say(file, url, format!("{:?} is not an https link", url.get_ref()), "");
        }
    }

    fn code(&mut self, file: usize, code: &Id) {
        if !self.shapes.code.is_match(code.get_ref()) {
            self.say(
                file,
                code,
                format!("{:?} is not a code", code.get_ref()),
                "\"5.1.10\", or a range \"4.7.500-4.7.699\"",
            );
        }
    }

    fn step(
        &mut self,
        file: usize,
        step: &Step,
        entry: Option<&Id>,
        steps: &BTreeSet<&str>,
        answers: &BTreeSet<&str>,
        links: &BTreeSet<&str>,
    ) {
        let fallback = Id::new(0..0, String::new());
        let at = step.id.as_ref().or(step.shared.as_ref()).or(entry).unwrap_or(&fallback);
        step.only_if.iter().for_each(|a| self.known(file, a, "answer", answers));
        if let Some(shared) = &step.shared {
            self.known(file, shared, "shared step", steps);
            if step.text.is_some() || step.id.is_some() || !step.steps.is_empty() {
                self.say(file, shared, "`use` stands alone".into(), "only `only_if` may stand beside it");
            }
            return;
        }
        match (&step.who, &step.text) {
            (Some(who), Some(text)) => {
                self.one_of(file, who, "actor", ACTORS);
                self.text(file, at, text);
            }
            _ => self.say(file, at, "a step without `who` or `text`".into(), "or refer to a shared one with `use`"),
        }
        if let Some(link) = &step.link {
            self.known(file, link, "link", links);
        }
        step.commands.iter().for_each(|command| self.command(file, command));
        let asks = |shell: &str| {
            let here = step.commands.iter().filter(|k| k.shell.get_ref() == shell);
            here.filter(|k| ON_THE_NETWORK.iter().any(|p| k.text.get_ref().contains(p))).count()
        };
        if (asks("powershell") == 0) != (asks("bash") == 0) {
            let what = "a check of the network for one kind of machine only".into();
            self.say(file, at, what, "give it for `powershell` and for `bash`: not everybody sits at the same desk");
        }
        step.steps.iter().for_each(|s| self.step(file, s, Some(at), steps, answers, links));
    }
}

impl Check<'_> {
    fn command(&mut self, file: usize, command: &Command) {
        self.one_of(file, &command.shell, "shell", SHELLS);
        self.text(file, &command.text, &command.good);
        self.text(file, &command.text, &command.bad);
        let text = command.text.get_ref();
        let changes = self.shapes.changes(text);
        match (command.changes_state, changes.is_empty()) {
            (true, true) => {
                let what = "a command said to change something, and nothing in it does".into();
                self.say(file, &command.text, what, "name the cmdlet that changes it, or take `changes_state` away");
            }
            (false, false) => {
                let help = "`changes_state = true` and the command that takes it back as `undo`";
                self.say(file, &command.text, "a command that changes something and does not say so".into(), help);
            }
            _ => {}
        }
        let undo = command.undo.as_deref().unwrap_or_default();
        if command.changes_state && undo.is_empty() {
            let help = "a state-changing command brings the one that takes it back";
            self.say(file, &command.text, "a command without `undo`".into(), help);
        } else if command.changes_state {
            let back = self.shapes.changes(undo);
            if let Some((_, noun)) = changes.iter().find(|(_, noun)| !back.iter().any(|(_, other)| other == noun)) {
                let what = format!("`undo` does not take the change of {noun} back");
                self.say(file, &command.text, what, "the same noun, with the value from before");
            }
        }
        for text in [text, undo] {
            for name in self.shapes.placeholders(text) {
                if !PLACEHOLDERS.contains(&name.as_str()) {
                    let help = format!("one of {}", PLACEHOLDERS.join(", "));
                    self.say(file, &command.text, format!("unknown placeholder {{{name}}}"), &help);
                }
            }
            let bare = self.shapes.quoted.replace_all(text, "").into_owned();
            if let Some(blank) = self.shapes.blank.find(&bare) {
                let what = format!("{} stands outside quotes", blank.as_str());
                self.say(file, &command.text, what, "put what is filled in between single quotes");
            }
        }
    }
}

fn flat(steps: &[Step]) -> Vec<&Step> {
    steps.iter().flat_map(|s| std::iter::once(s).chain(flat(&s.steps))).collect()
}
