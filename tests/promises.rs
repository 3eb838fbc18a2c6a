//! The promises of `examine`, held over the whole corpus, over its cut mails, and over hostile input.

mod fixtures;

use fixtures::{Fixture, commands};
use ndr_doctor::report::{Evidence, Finding, Outcome, Verdict};
use ndr_doctor::{Form, HostCharsets, Lang, Options, Report, examine};
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};

/// Says every way in which a report breaks a promise; nothing when it keeps them all.
type Promise = fn(&Report) -> Vec<String>;

/// Every mail of the corpus and the report on it in both languages, examined once for all tests.
static READ: LazyLock<Vec<(Fixture, [Report; 2])>> = LazyLock::new(|| {
    let read = |fixture: Fixture| {
        let reports = Lang::ALL.map(|lang| fixture.report(lang));
        (fixture, reports)
    };
    fixtures::all().into_iter().map(read).collect()
});

/// Holds one promise to the report on every mail of the corpus, in both languages.
fn check(promise: Promise) {
    let mut broken = Vec::new();
    for (fixture, reports) in READ.iter() {
        for report in reports {
            let faults = promise(report);
            broken.extend(faults.into_iter().map(|fault| format!("{} ({}): {fault}", fixture.name, report.lang.tag())));
        }
    }
    assert!(broken.is_empty(), "{} faults:\n  {}", broken.len(), broken.join("\n  "));
}

/// All promises about one report.
const PROMISES: [Promise; 8] = [
    evidence_is_what_its_runs_say,
    numbers_lead_to_evidence,
    evidence_speaks_for_indicated_causes_only,
    findings_fit_the_verdict,
    reported_values_stand_in_the_text,
    commands_are_filled_with_strict_values_only,
    links_are_https,
    nothing_shown_can_disguise_itself,
];

/// The text of every part as it is shown, a blank line between parts.
fn shown(report: &Report) -> String {
    let part = |p: &ndr_doctor::report::Part| p.runs.iter().map(|r| r.text.as_str()).collect::<String>();
    report.parts.iter().map(part).collect::<Vec<_>>().join("\n\n")
}

fn evidence_is_what_its_runs_say(report: &Report) -> Vec<String> {
    let mut faults = Vec::new();
    for (nth, e) in report.evidence.iter().enumerate() {
        if e.n as usize != nth + 1 {
            faults.push(format!("evidence {} stands in place {}", e.n, nth + 1));
        }
        let runs = report.parts.iter().flat_map(|p| &p.runs).filter(|r| r.cites.contains(&e.n));
        let said: String = runs.map(|r| r.text.as_str()).collect();
        let cut = report.input.truncated && e.witness.starts_with(&said);
        if said != e.witness && !cut {
            faults.push(format!("the runs of evidence {} say {said:?}, its witness says {:?}", e.n, e.witness));
        }
        if e.witness.trim().is_empty() || e.says.trim().is_empty() || e.kind.is_empty() {
            faults.push(format!("evidence {} is empty: {e:?}", e.n));
        }
    }
    if report.parts.iter().any(|p| p.runs.is_empty() || p.runs.iter().any(|r| r.text.is_empty())) {
        faults.push("an empty run, or a part without runs".into());
    }
    faults
}

#[test]
fn the_runs_that_cite_evidence_are_its_words() {
    check(evidence_is_what_its_runs_say);
}

fn numbers_lead_to_evidence(report: &Report) -> Vec<String> {
    let known: BTreeSet<u32> = report.evidence.iter().map(|e| e.n).collect();
    let mut cited: Vec<(String, &[u32])> = Vec::new();
    for part in &report.parts {
        cited.extend(part.runs.iter().map(|r| (format!("run {:?}", r.text), &r.cites[..])));
    }
    cited.extend(report.terms.iter().map(|t| (format!("term {}", t.term), &t.cites[..])));
    for f in &report.findings {
        cited.push((format!("finding {}", f.section), &f.because));
        cited.extend(f.causes.iter().map(|c| (format!("cause {}", c.id), &c.because[..])));
        cited.extend(f.questions.iter().map(|q| (format!("question {}", q.id), &q.answered_by[..])));
    }
    let unknown = cited.into_iter().filter(|(_, numbers)| numbers.iter().any(|n| !known.contains(n)));
    let mut faults: Vec<_> =
        unknown.map(|(what, numbers)| format!("{what} cites {numbers:?}, not all known")).collect();
    for f in &report.findings {
        if f.because.is_empty() {
            faults.push(format!("finding {} rests on nothing", f.section));
        }
        // What is indicated or ruled out is so by words; what is merely possible needs none.
        let bare = f.causes.iter().filter(|c| c.standing.word() == "indicated" && c.because.is_empty());
        faults.extend(bare.map(|c| format!("cause {} is indicated by nothing", c.id)));
    }
    faults
        .extend(report.terms.iter().filter(|t| t.cites.is_empty()).map(|t| format!("term {} stands nowhere", t.term)));
    faults
}

#[test]
fn every_finding_names_the_evidence_it_rests_on() {
    check(numbers_lead_to_evidence);
}

fn evidence_speaks_for_indicated_causes_only(report: &Report) -> Vec<String> {
    let causes: Vec<_> = report.findings.iter().flat_map(|f| &f.causes).collect();
    let proves =
        |e: &Evidence, standing: &str| causes.iter().any(|c| c.text == e.says && c.standing.word() == standing);
    let wrong = report.evidence.iter().filter(|e| proves(e, "ruled_out") && !proves(e, "indicated"));
    wrong.map(|e| format!("{:?} is said to prove what it rules out: {}", e.witness, e.says)).collect()
}

#[test]
fn words_that_rule_a_cause_out_are_not_said_to_prove_it() {
    check(evidence_speaks_for_indicated_causes_only);
}

fn findings_fit_the_verdict(report: &Report) -> Vec<String> {
    let mut faults = Vec::new();
    let none = matches!(report.verdict, Verdict::NotABounce | Verdict::Unrecognised);
    let some = matches!(report.verdict, Verdict::Failed | Verdict::Delayed);
    if (none && !report.findings.is_empty()) || (some && report.findings.is_empty()) {
        faults.push(format!("{} with {} findings", report.verdict.word(), report.findings.len()));
    }
    let rank = |f: &Finding| match f.outcome {
        Outcome::Returned => 0,
        Outcome::Retrying | Outcome::Unknown => 1,
        Outcome::Relayed | Outcome::Delivered => 2,
    };
    if !report.findings.is_sorted_by_key(rank) {
        let outcomes: Vec<_> = report.findings.iter().map(|f| f.outcome.word()).collect();
        faults.push(format!("not the most serious first: {outcomes:?}"));
    }
    for f in &report.findings {
        let mut seen = BTreeSet::new();
        let twice = f.recipients.iter().filter(|r| !seen.insert(r.final_.to_ascii_lowercase()));
        faults.extend(twice.map(|r| format!("{} stands twice in one finding", r.final_)));
    }
    if report.schema != 1 {
        faults.push(format!("schema {}", report.schema));
    }
    faults
}

#[test]
fn findings_fit_the_verdict_and_come_most_serious_first() {
    check(findings_fit_the_verdict);
}

/// The shown text in the forms in which a value can stand in it, all in lower case.
struct Haystack {
    plain: String,
    /// Without line ends, quote marks, soft breaks, escapes and anything else that a paste puts between the letters.
    squeezed: String,
}

impl Haystack {
    fn of(report: &Report) -> Haystack {
        let plain = decoded(&shown(report).to_lowercase());
        let mut joined = String::new();
        for line in plain.lines() {
            joined += line.trim_start_matches(|c: char| c == '>' || c == '|' || c.is_whitespace()).trim_end();
            joined.push('\n');
        }
        // A soft break; its line end may have become a blank.
        let joined = joined.replace("=\n", "").replace("= ", "");
        let odd = |c: char| c.is_whitespace() || c == '\\' || c == '\u{FFFD}' || c == '\u{AD}';
        let same = joined.chars().map(|c| if c == '\u{2011}' || c == '\u{2013}' { '-' } else { c });
        Haystack { squeezed: same.filter(|c| !odd(*c)).collect(), plain }
    }

    /// Whether a value stands here and is not the middle of a longer one.
    fn holds(&self, value: &str) -> bool {
        let value = value.to_lowercase();
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        let whole = |at: usize| {
            !inside(self.plain[..at].chars().next_back()) && !inside(self.plain[at + value.len()..].chars().next())
        };
        let squeezed: String = value.chars().filter(|c| !c.is_whitespace()).collect();
        self.plain.match_indices(&value).any(|(at, _)| whole(at)) || self.squeezed.contains(&squeezed)
    }

    fn holds_ip(&self, ip: &str) -> bool {
        let Ok(wanted) = ip.parse::<IpAddr>() else { return false };
        let token = |text: &str| {
            text.split(|c: char| !c.is_ascii_hexdigit() && c != '.' && c != ':').any(|t| {
                // An address may be followed by a full stop, a colon, or a colon and a port.
                let mut rest = t.trim_matches([':', '.']);
                let given = t.trim_end_matches('.');
                given.parse() == Ok(wanted)
                    || loop {
                        if rest.parse() == Ok(wanted) {
                            break true;
                        }
                        match rest.rsplit_once([':', '.']) {
                            Some((before, _)) => rest = before,
                            None => break false,
                        }
                    }
            })
        };
        token(&self.plain) || token(&self.squeezed) || self.squeezed.contains(&ip.to_lowercase())
    }
}

/// The text with `=3D` and `\\x{E9}` (RFC 6533 §3) as the characters they stand for.
fn decoded(text: &str) -> String {
    let text = text.replace("=3d", "=").replace("=2e", ".").replace("=40", "@");
    let mut pieces = text.split("\\x{");
    let mut decoded = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        let number = piece.split_once('}').and_then(|(n, rest)| Some((u32::from_str_radix(n, 16).ok()?, rest)));
        match number.and_then(|(n, rest)| Some((char::from_u32(n)?, rest))) {
            Some((c, rest)) => {
                decoded.push(c);
                decoded += rest;
            }
            None => decoded.extend(["\\x{", piece]),
        }
    }
    decoded
}

fn reported_values_stand_in_the_text(report: &Report) -> Vec<String> {
    if report.input.truncated {
        return Vec::new();
    }
    let text = Haystack::of(report);
    let mut faults = Vec::new();
    let mut whole = |what: &str, value: Option<&str>| {
        faults.extend(value.filter(|v| !text.holds(v)).map(|v| format!("{what} {v:?} stands nowhere in the text")));
    };
    let number = |n: Option<u16>| n.map(|n| n.to_string());
    for f in &report.findings {
        for r in &f.recipients {
            whole("recipient", Some(&r.final_));
            whole("original recipient", r.original.as_deref());
        }
        for (what, status) in [("status", &f.status), ("cause_status", &f.cause_status)] {
            whole(what, status.as_deref());
        }
        for (what, reply) in [("reply", f.reply), ("cause_reply", f.cause_reply), ("port", f.remote.port)] {
            whole(what, number(reply).as_deref());
        }
        for link in &f.chain {
            whole("status in the chain", link.status.as_deref());
            whole("reply in the chain", number(link.reply).as_deref());
        }
        for a in &f.attempts {
            whole("host of an attempt", a.host.as_deref());
            whole("status of an attempt", a.status.as_deref());
            whole("reply of an attempt", number(a.reply).as_deref());
        }
        whole("host", f.remote.host.as_deref());
        whole("reporting_mta", f.reporting_mta.as_deref());
        whole("generating_server", f.generating_server.as_deref());
    }
    for hop in &report.hops {
        whole("hop from", hop.from.as_deref());
        whole("hop by", hop.by.as_deref());
    }
    report.terms.iter().for_each(|t| whole("term", Some(&t.term)));
    let ips = report.findings.iter().flat_map(|f| f.attempts.iter().map(|a| &a.ip).chain([&f.remote.ip]));
    let missing = ips.flatten().filter(|ip| !text.holds_ip(ip));
    faults.extend(missing.map(|ip| format!("ip {ip} stands nowhere in the text")));
    faults
}

#[test]
fn every_code_host_address_and_recipient_reported_stands_in_the_text() {
    check(reported_values_stand_in_the_text);
}

/// The commands of the catalogue as they are written, with `{host}` and the like still in them.
fn templates() -> Vec<String> {
    let mut templates = Vec::new();
    for (_, path) in fixtures::files_under(&fixtures::project("catalog")) {
        let file = fs::read_to_string(path).expect("a file of the catalogue can be read");
        let commands = file.lines().filter_map(|l| l.strip_prefix("text = ").or_else(|| l.strip_prefix("undo = ")));
        templates.extend(commands.filter_map(|quoted| serde_json::from_str::<String>(quoted).ok()));
    }
    assert!(templates.len() > 20, "the catalogue has commands");
    templates
}

fn is_strict_host(text: &str) -> bool {
    let label = |l: &str| {
        !l.is_empty() && !l.starts_with('-') && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    text.len() <= 253 && text.trim_end_matches('.').split('.').all(label)
}

fn is_strict_address(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"@._+-".contains(&b);
    !text.starts_with('-') && text.matches('@').count() == 1 && text.bytes().all(plain)
}

/// Whether `command` is `template` with nothing in the place of its names but values that pass a strict check.
fn is_filled_strictly(template: &str, command: &str) -> bool {
    const NAMES: [&str; 6] = ["host", "ip", "domain", "recipient", "sender_domain", "sending_ip"];
    let placeholder = |name: &'static str| template.find(&format!("{{{name}}}")).map(|at| (at, name));
    let Some((at, name)) = NAMES.into_iter().filter_map(placeholder).min() else { return template == command };
    let Some(tail) = command.strip_prefix(&template[..at]) else { return false };
    let rest = &template[at + name.len() + 2..];
    (1..=tail.len()).filter(|end| tail.is_char_boundary(*end)).any(|end| {
        let value = &tail[..end];
        let valid = match name {
            "ip" | "sending_ip" => value.parse::<IpAddr>().is_ok(),
            "recipient" => is_strict_address(value),
            _ => is_strict_host(value),
        };
        (valid || value == format!("<{}>", name.replace('_', "-"))) && is_filled_strictly(rest, &tail[end..])
    })
}

fn commands_are_filled_with_strict_values_only(report: &Report) -> Vec<String> {
    static TEMPLATES: LazyLock<Vec<String>> = LazyLock::new(templates);
    let strict = |command: &str| TEMPLATES.iter().any(|template| is_filled_strictly(template, command));
    commands(report).into_iter().filter(|c| !strict(c)).map(|c| format!("filled with something else: {c}")).collect()
}

#[test]
fn commands_hold_only_names_and_addresses_that_passed_a_strict_check() {
    check(commands_are_filled_with_strict_values_only);
}

#[test]
fn what_counts_as_a_strictly_filled_command() {
    for (template, command, strict) in [
        ("dig {host} A @8.8.8.8", "dig mail.contoso.example A @8.8.8.8", true),
        ("dig {host} A @8.8.8.8", "dig <host> A @8.8.8.8", true),
        ("dig {host} A @8.8.8.8", "dig {host} A @8.8.8.8", false),
        ("dig {host} A @8.8.8.8", "dig -f A @8.8.8.8", false),
        ("dig {host} A @8.8.8.8", "dig a.example;id A @8.8.8.8", false),
        ("dig {host} A", "dig a.example\u{202E} A", false),
        ("-PTR {ip}", "-PTR 192.0.2.7", true),
        ("-PTR {ip}", "-PTR mail.contoso.example", false),
        ("x 'smtp:{recipient}'", "x 'smtp:ana+x@contoso.example'", true),
        ("x 'smtp:{recipient}'", "x 'smtp:ana'o@contoso.example'", false),
    ] {
        assert_eq!(is_filled_strictly(template, command), strict, "{template:?} filled as {command:?}");
    }
}

fn links_are_https(report: &Report) -> Vec<String> {
    fn walk(value: &Value, faults: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                let url = fields.get("url").and_then(Value::as_str);
                faults.extend(url.filter(|url| !url.starts_with("https://")).map(|url| format!("link {url:?}")));
                fields.values().for_each(|v| walk(v, faults));
            }
            Value::Array(items) => items.iter().for_each(|v| walk(v, faults)),
            _ => {}
        }
    }
    let mut faults = Vec::new();
    walk(&serde_json::to_value(report).expect("a report is plain data"), &mut faults);
    faults
}

#[test]
fn every_link_is_https() {
    check(links_are_https);
}

fn nothing_shown_can_disguise_itself(report: &Report) -> Vec<String> {
    fn walk(at: &str, value: &Value, faults: &mut Vec<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, v)| walk(key, v, faults)),
            Value::Array(items) => items.iter().for_each(|v| walk(at, v, faults)),
            Value::String(text) => {
                let unseen = |c: char| {
                    (c.is_control() && c != '\n' && c != '\t')
                        || "\u{200B}\u{200E}\u{200F}\u{202A}\u{202E}\u{2066}\u{2069}\u{FEFF}".contains(c)
                };
                if let Some(c) = text.chars().find(|c| unseen(*c)) {
                    faults.push(format!("{at} shows {c:?} as it is: {text:?}"));
                }
            }
            _ => {}
        }
    }
    let mut faults = Vec::new();
    walk("report", &serde_json::to_value(report).expect("a report is plain data"), &mut faults);
    faults
}

#[test]
fn control_and_direction_characters_are_made_visible() {
    check(nothing_shown_can_disguise_itself);
}

/// Where words stand in a report: the last two names on the way to them. Everything else is the same in all languages.
const WORDS: [&str; 22] = [
    "answer.title",
    "answer.text",
    "answer.advice",
    "findings.title",
    "findings.meaning",
    "findings.detail",
    "findings.confirm",
    "causes.text",
    "questions.text",
    "answers.text",
    "steps.text",
    "link.title",
    "commands.good",
    "commands.bad",
    "notes.text",
    "headers.text",
    "terms.text",
    "evidence.says",
    "report.lang",
    // Named once in the catalogue, and so the same in both, unless a source is ever translated.
    "sources.title",
    "sources.url",
    "link.url",
];

/// Takes the words out and returns them.
fn take_words(parent: &str, key: &str, value: &mut Value, words: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.iter_mut().for_each(|(name, v)| take_words(key, name, v, words)),
        Value::Array(items) => items.iter_mut().for_each(|v| match v {
            Value::Object(fields) => fields.iter_mut().for_each(|(name, v)| take_words(key, name, v, words)),
            other => take_words(parent, key, other, words),
        }),
        Value::String(text) if WORDS.contains(&format!("{parent}.{key}").as_str()) => words.push(std::mem::take(text)),
        _ => {}
    }
}

/// The paths at which two values differ.
fn differences(at: &str, a: &Value, b: &Value, out: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(key, value)| differences(&format!("{at}.{key}"), value, &b[key], out));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(n, (a, b))| differences(&format!("{at}[{n}]"), a, b, out));
        }
        _ if a != b => out.push(format!("{at}: {a} in English, {b} in Spanish")),
        _ => {}
    }
}

#[test]
fn english_and_spanish_differ_in_words_only() {
    let mut faults = Vec::new();
    for (fixture, reports) in READ.iter() {
        let [(english, en_words), (spanish, es_words)] = reports.each_ref().map(|report| {
            let mut value = serde_json::to_value(report).expect("a report is plain data");
            let mut words = Vec::new();
            take_words("", "report", &mut value, &mut words);
            (value, words)
        });
        let mut different = Vec::new();
        differences("report", &english, &spanish, &mut different);
        faults.extend(different.into_iter().map(|d| format!("{}: {d}", fixture.name)));
        if en_words == es_words {
            faults.push(format!("{}: both languages say the same words", fixture.name));
        }
        let empty = en_words.iter().chain(&es_words).filter(|w| w.trim().is_empty()).count();
        if empty > 0 {
            faults.push(format!("{}: {empty} texts are empty", fixture.name));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

/// Names that would do harm in a command, a link or on the page.
const HOSTILE: [&str; 22] = [
    "mail.contoso.example;id",
    "mail.contoso.example$(id)",
    "$(id).contoso.example",
    "`id`.contoso.example",
    "mail.contoso.example\"; Remove-Mailbox x #",
    "mail.contoso.example'; Remove-Mailbox x #",
    "mail.contoso.example|sh",
    "mail.contoso.example&calc",
    "mail.contoso.example>out",
    "mail.contoso.example\nid",
    "mail.contoso.example\r\nid",
    "mail.contoso.example\0",
    "mail.contoso.example\u{202E}moc",
    "mail\u{200B}.contoso.example",
    "máil.contoso.example",
    "-oProxyCommand=id.contoso.example",
    "--help.contoso.example",
    "{recipient}.contoso.example",
    "{ip}",
    "../../etc/passwd",
    "javascript:alert(1)",
    "<img src=x onerror=alert(1)>.example",
];

/// Otherwise valid errors with a name in the place of the host, the recipient, the recipient's domain or the sender.
fn errors_with(name: &str) -> Vec<String> {
    vec![
        format!(
            "450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName={name}] \
             [LastAttemptedIP=192.0.2.7:25]"
        ),
        format!("450 4.4.312 DNS query failed [Message=InfoNoRecords] [LastAttemptedServerName={name}]"),
        format!("{{LED=450 4.4.315 Connection timed out}};{{MSG=}};{{FQDN={name}}};{{IP=192.0.2.7}};{{LRT=}}"),
        format!(
            "Reporting-MTA: dns; {name}\n\nFinal-Recipient: rfc822; ana@{name}\nAction: failed\nStatus: 5.4.316\n\
             Remote-MTA: dns; {name}\nDiagnostic-Code: smtp; 550 5.4.316 Message expired, connection refused\n"
        ),
        format!(
            "Final-Recipient: rfc822; {name}@contoso.example\nAction: failed\nStatus: 5.1.10\n\
             Diagnostic-Code: smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {name}@contoso.example not found\n"
        ),
        format!(
            "From: postmaster@contoso.example\nTo: eva@{name}\nSubject: Undeliverable: x\n\n\
             ana@contoso.example\nRemote Server at {name} (192.0.2.7) returned '550 5.7.26 Unauthenticated email'\n"
        ),
    ]
}

#[test]
fn a_hostile_name_reaches_no_command() {
    let mut faults = Vec::new();
    let mut filled = 0;
    for name in HOSTILE {
        for text in errors_with(name) {
            for report in [fixtures::paste(&text), fixtures::report("x.eml", text.as_bytes(), Lang::Es)] {
                filled += commands(&report).len();
                let promises =
                    [commands_are_filled_with_strict_values_only, links_are_https, nothing_shown_can_disguise_itself];
                let broken = promises.iter().flat_map(|promise| promise(&report));
                faults.extend(broken.map(|fault| format!("{name:?}: {fault}")));
            }
        }
    }
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
    assert!(filled > 200, "only {filled} commands were seen: the errors above are no longer understood");
}

#[test]
fn a_good_name_does_reach_the_commands() {
    let [first, ..] = &errors_with("mail.contoso.example")[..] else { unreachable!("there are several") };
    let report = fixtures::paste(first);
    let commands = commands(&report);
    assert!(commands.iter().any(|c| c.contains("mail.contoso.example")), "{commands:#?}");
}

/// Runs `work` on every fixture, on every core, and returns what it says.
fn on_every_fixture(work: impl Fn(&Fixture) -> Vec<String> + Sync) -> Vec<String> {
    let fixtures = fixtures::all();
    let (next, said) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(fixture) = fixtures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut of_one = work(fixture);
                    said.lock().expect("no worker panics").append(&mut of_one);
                }
            });
        }
    });
    said.into_inner().expect("no worker panics")
}

/// Every length up to 4 KB and prime strides beyond in a release build; a debug build takes larger prime strides.
fn lengths(whole: usize) -> Vec<usize> {
    let (fine, coarse) = if cfg!(debug_assertions) { (509, 4093) } else { (1, 509) };
    let mut lengths: Vec<_> = (0..whole.min(4096)).step_by(fine).chain((4096..whole).step_by(coarse)).collect();
    lengths.push(whole);
    lengths
}

#[test]
fn a_mail_cut_anywhere_does_not_panic() {
    let faults = on_every_fixture(|fixture| {
        let panics = |length: &usize| {
            let cut = &fixture.bytes[..*length];
            catch_unwind(|| fixtures::report(&fixture.name, cut, Lang::En)).is_err()
        };
        // One place is enough to find the fault of one file.
        let first = lengths(fixture.bytes.len()).into_iter().find(panics);
        first.map(|length| format!("{} cut at {length} panics", fixture.name)).into_iter().collect()
    });
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

#[test]
fn a_cut_mail_keeps_the_promises() {
    let faults = on_every_fixture(|fixture| {
        let stride = if cfg!(debug_assertions) { 1021 } else { 61 };
        let broken = |length| {
            let report = fixtures::report(&fixture.name, &fixture.bytes[..length], Lang::Es);
            let faults: Vec<_> = PROMISES.iter().flat_map(|promise| promise(&report)).collect();
            (!faults.is_empty()).then(|| format!("{} cut at {length}: {}", fixture.name, faults.join("; ")))
        };
        (stride..fixture.bytes.len()).step_by(stride).find_map(broken).into_iter().collect()
    });
    assert!(faults.is_empty(), "{} faults:\n  {}", faults.len(), faults.join("\n  "));
}

#[test]
fn a_wide_character_in_any_place_does_not_panic() {
    let texts = [
        "{ana@contoso.example;2;2;[{LRT=11/10/2026 9:10:00 AM};{LED=450 4.4.315 Connection timed out \
         [LastAttemptedIP=192.0.2.7:25]};{FQDN=mx.contoso.example};{IP=192.0.2.7}]}",
        "3/17/2026 3:30:52 PM - Server at mx.contoso.example (192.0.2.7) returned '550 5.0.350 Remote server returned \
         an error -> 550 5.1.1 <ana@contoso.example>: unknown'",
        "Reporting-MTA: dns; mx.contoso.example\nArrival-Date: Tue, 17 Mar 2026 15:30:52 +0000\n\n\
         Final-Recipient: rfc822; ana@contoso.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550-5.1.1 no\n",
        "Received: from a.example ([192.0.2.7]) by b.example with ESMTPS; Tue, 17 Mar 2026 15:30:52 +0000\n\
         Authentication-Results: b.example; dmarc=fail action=oreject\nSubject: =?utf-8?Q?x=3D?=\n",
        "> <td>450&nbsp;4.4.317 Cannot=20connect [Message=3DUntrustedRoot]=\n</td> <http://mx.example|mx.example> \\u003c",
    ];
    let mut faults = Vec::new();
    for text in texts {
        for (at, _) in text.char_indices() {
            for wide in ["é", "\u{FFFD}", "\u{1F4E7}"] {
                let text = format!("{}{wide}{}", &text[..at], &text[at..]);
                if catch_unwind(|| fixtures::paste(&text)).is_err() {
                    faults.push(text);
                }
            }
        }
    }
    assert!(faults.is_empty(), "{} texts make it panic, the first is\n{}", faults.len(), faults[0]);
}

/// Examines a text as a paste and as a file and holds every promise to both reports.
fn check_survives(what: &str, text: &str) {
    let forms = [Form::text(text), Form::file("input.eml", text.as_bytes()), Form::html(text)];
    for form in forms {
        let examined = catch_unwind(AssertUnwindSafe(|| examine(&[form], &Options::default(), &HostCharsets)));
        let report = examined.unwrap_or_else(|_| panic!("{what} makes it panic"));
        let faults: Vec<_> = PROMISES.iter().flat_map(|promise| promise(&report)).collect();
        assert!(faults.is_empty(), "{what}:\n  {}", faults.join("\n  "));
        let shown: usize = report.parts.iter().flat_map(|p| &p.runs).map(|r| r.text.len()).sum();
        // Control characters grow to three bytes when they are made visible.
        assert!(shown <= 3 * 256 * 1024, "{what}: {shown} bytes are shown");
        assert_eq!(
            report.input.truncated,
            text.len() > 300 * 1024 && shown < text.len() / 2 && shown > 0,
            "{what}: truncated"
        );
    }
}

const ERROR: &str = "550 5.1.1 <ana@contoso.example>: user unknown";

#[test]
fn a_hundred_nested_parts_are_survived() {
    let mut text = String::from("From: a@contoso.example\nTo: b@contoso.example\nSubject: x\nMIME-Version: 1.0\n");
    for n in 0..100 {
        text += &format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\n\n--b{n}\n");
    }
    text += &format!("Content-Type: text/plain\n\n{ERROR}\n");
    for n in (0..100).rev() {
        text += &format!("--b{n}--\n");
    }
    check_survives("100 nested multiparts", &text);
}

#[test]
fn a_hundred_nested_messages_are_survived() {
    let mut text = String::new();
    for n in 0..100 {
        text +=
            &format!("From: a{n}@contoso.example\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n");
    }
    text += &format!("From: b@contoso.example\nSubject: x\n\n{ERROR}\n");
    check_survives("100 nested messages", &text);
}

/// A debug build is some forty times slower: it reads less, and what is quadratic shows there all the same.
const MEGABYTE: usize = if cfg!(debug_assertions) { 1 << 16 } else { 1 << 20 };

/// `piece` as often as it takes.
fn filled(piece: &str, size: usize) -> String {
    piece.repeat(size / piece.len())
}

#[test]
fn a_line_of_ten_megabytes_is_survived() {
    check_survives("one line of 10 MB", &(filled("lorem ipsum ", 10 * MEGABYTE) + ERROR));
}

#[test]
fn a_line_of_nothing_but_beginnings_is_survived() {
    for piece in ["x", "550 5.1.1 ", "a@b.example ", "<div>", "=3D", "> ", "4.4.316", "[", "{LED=", "www.", "'", "->"] {
        check_survives(&format!("one line of {piece:?}"), &(filled(piece, MEGABYTE / 8) + ERROR));
    }
}

#[test]
fn a_paste_of_a_megabyte_is_survived() {
    let prose = filled("Lorem ipsum dolor sit amet.\n", MEGABYTE / 2);
    check_survives("1 MB of prose around an error", &format!("{prose}{ERROR}\n{prose}"));
    check_survives("1 MB of errors", &filled(&format!("{ERROR}\n"), MEGABYTE));
    let hop = "Received: from a.example by b.example; Mon, 1 Jan 2024 00:00:00 +0000\n";
    check_survives("1 MB of headers", &filled(hop, MEGABYTE));
}

#[test]
fn nothing_at_all_is_an_answer() {
    for forms in
        [&[][..], &[Form::text("")], &[Form::file("", b"")], &[Form::html(" ")], &[Form::text("\n"), Form::html("")]]
    {
        let report = examine(forms, &Options::default(), &HostCharsets);
        assert_eq!(report.verdict, Verdict::Unrecognised, "{forms:?}");
        assert_eq!(report.input.kind.word(), "empty", "{forms:?}");
    }
}

#[test]
fn pasted_text_is_shown_as_it_was_pasted() {
    let mut faults = Vec::new();
    for fixture in fixtures::all().iter().filter(|f| f.name.ends_with(".txt") && !f.is_utf16()) {
        let Ok(text) = std::str::from_utf8(&fixture.bytes) else { continue };
        let report = fixtures::paste(text);
        // A whole message's structure is read, not shown.
        let is_plain = report.parts.iter().all(|p| p.kind == "text" || p.kind == "original_headers");
        let unseen =
            |c: char| c.is_whitespace() || c.is_control() || ('\u{2400}'..='\u{2421}').contains(&c) || c == '\u{FFFD}';
        let invisible = |c: char| "\u{200B}\u{200C}\u{200D}\u{200E}\u{200F}\u{2060}\u{FEFF}".contains(c);
        let signs = |text: &str| text.chars().filter(|c| !unseen(*c) && !invisible(*c)).collect::<String>();
        if is_plain && signs(&shown(&report)) != signs(text) {
            faults.push(fixture.name.clone());
        }
    }
    assert!(faults.is_empty(), "shown otherwise than pasted:\n  {}", faults.join("\n  "));
}
