//! What must hold of every report, whatever was examined.

use ndr_doctor::{Handover, Lang, Report};
use serde_json::Value;
use std::net::IpAddr;

/// Every promise that this report breaks.
pub fn broken(report: &Report) -> Vec<String> {
    let mut broken = Vec::new();
    citations(report, &mut broken);
    values(report, &mut broken);
    broken
}

/// Runs that cite a piece of evidence are its words; every number cited is the number of one.
fn citations(report: &Report, broken: &mut Vec<String>) {
    for (nth, e) in report.evidence.iter().enumerate() {
        if e.n as usize != nth + 1 {
            broken.push(format!("evidence {} stands in place {}", e.n, nth + 1));
        }
        let runs = report.parts.iter().flat_map(|p| &p.runs).filter(|r| r.cites.contains(&e.n));
        let said: String = runs.map(|r| r.text.as_str()).collect();
        if said != e.witness && !(report.input.truncated && e.witness.starts_with(&said)) {
            broken.push(format!("the runs of evidence {} say {said:?}, its witness says {:?}", e.n, e.witness));
        }
        if e.witness.trim().is_empty() || e.says.trim().is_empty() || e.kind.is_empty() {
            broken.push(format!("evidence {} is empty: {e:?}", e.n));
        }
    }
    let runs = report.parts.iter().flat_map(|p| &p.runs).map(|r| &r.cites);
    let terms = report.terms.iter().map(|t| &t.cites);
    let findings = report.findings.iter().flat_map(|f| {
        let causes = f.causes.iter().map(|c| &c.because);
        causes.chain(f.questions.iter().map(|q| &q.answered_by)).chain([&f.because])
    });
    for n in runs.chain(terms).chain(findings).flatten() {
        if *n == 0 || *n as usize > report.evidence.len() {
            broken.push(format!("{n} is cited and is no evidence"));
        }
    }
    let bare = report.findings.iter().filter(|f| f.because.is_empty());
    broken.extend(bare.map(|f| format!("finding {} rests on nothing", f.section)));
    if report.parts.iter().any(|p| p.runs.is_empty() || p.runs.iter().any(|r| r.text.is_empty())) {
        broken.push("an empty run, or a part without runs".into());
    }
}

/// The text of all parts as it is shown.
fn shown(report: &Report) -> String {
    let part = |p: &ndr_doctor::report::Part| p.runs.iter().map(|r| r.text.as_str()).collect::<String>();
    report.parts.iter().map(part).collect::<Vec<_>>().join("\n\n")
}

/// Without all that can stand between the letters of a value: white space, quote marks, escapes.
fn squeezed(text: &str) -> String {
    let stays = |c: char| !c.is_whitespace() && !matches!(c, '>' | '|' | '\u{FFFD}' | '\u{AD}');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hex = |from: usize, to: usize| rest.get(from..to).and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let (read, length) = match c {
            '=' if rest.starts_with("=\n") || rest.starts_with("= ") => (None, 2),
            // What stands for a letter of several bytes is read as a whole.
            '=' if hex(1, 3).is_some() => {
                let bytes = (0..).map_while(|n| {
                    let is_next = rest.get(3 * n..3 * n + 1) == Some("=");
                    hex(3 * n + 1, 3 * n + 3).filter(|_| is_next).map(|byte| byte as u8)
                });
                let bytes: Vec<u8> = bytes.collect();
                // A control character is reported as the sign that is shown for it.
                let sign = |c: char| if c < ' ' { char::from_u32(0x2400 + c as u32).unwrap_or(c) } else { c };
                let letters =
                    String::from_utf8_lossy(&bytes).chars().filter(|c| stays(*c)).map(sign).collect::<String>();
                out.push_str(&letters);
                (None, 3 * bytes.len())
            }
            '\\' if rest.starts_with("\\u") && hex(2, 6).is_some() => (hex(2, 6).and_then(char::from_u32), 6),
            // RFC 6533 §3
            '\\' if rest.starts_with("\\x{") => {
                let digits = rest[3..].find('}').map(|end| &rest[3..3 + end]);
                let read = digits.and_then(|digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
                (read, if read.is_some() { 4 + digits.map_or(0, str::len) } else { 1 })
            }
            '\\' if rest.starts_with("\\n") || rest.starts_with("\\r") || rest.starts_with("\\t") => (None, 2),
            '\\' => (None, 1),
            '\u{2010}'..='\u{2014}' | '\u{2212}' => (Some('-'), c.len_utf8()),
            '\u{FF1A}' => (Some(':'), c.len_utf8()),
            '\u{2018}' | '\u{2019}' | '\u{201A}' | '\u{2032}' | '\u{B4}' => (Some('\''), c.len_utf8()),
            '\u{201C}'..='\u{201E}' | '\u{2033}' => (Some('"'), c.len_utf8()),
            c => (Some(c), c.len_utf8()),
        };
        out.extend(read.filter(|c| stays(*c)));
        rest = &rest[length..];
    }
    out.make_ascii_lowercase();
    out
}

/// Every code, host and address that is reported stands in the text.
fn values(report: &Report, broken: &mut Vec<String>) {
    if report.input.truncated {
        return;
    }
    let plain = shown(report).to_ascii_lowercase();
    let squeezed_text = squeezed(&plain);
    let mut stands = |what: &str, value: Option<String>| {
        let Some(value) = value else { return };
        let lower = value.to_ascii_lowercase();
        // Joined over a line's end, `{IP=1` and `92.0.2.7` look like a byte in quoted-printable.
        let joined: String = lower.split_whitespace().collect();
        if !plain.contains(&lower) && ![joined, squeezed(&value)].iter().any(|value| squeezed_text.contains(value)) {
            broken.push(format!("{what} {value:?} stands nowhere in the text"));
        }
    };
    let number = |n: Option<u16>| n.map(|n| n.to_string());
    for f in &report.findings {
        for r in &f.recipients {
            stands("recipient", Some(r.final_.clone()));
            stands("original recipient", r.original.clone());
        }
        stands("status", f.status.clone());
        stands("cause_status", f.cause_status.clone());
        stands("reply", number(f.reply));
        stands("cause_reply", number(f.cause_reply));
        stands("port", number(f.remote.port));
        stands("host", f.remote.host.clone());
        stands("reporting_mta", f.reporting_mta.clone());
        stands("generating_server", f.generating_server.clone());
        for link in &f.chain {
            stands("status in the chain", link.status.clone());
            stands("reply in the chain", number(link.reply));
        }
        for a in &f.attempts {
            stands("host of an attempt", a.host.clone());
            stands("status of an attempt", a.status.clone());
            stands("reply of an attempt", number(a.reply));
        }
    }
    for hop in &report.hops {
        stands("hop from", hop.from.clone());
        stands("hop by", hop.by.clone());
    }
    for term in &report.terms {
        stands("term", Some(term.term.clone()));
    }
    let ips = report.findings.iter().flat_map(|f| f.attempts.iter().map(|a| &a.ip).chain([&f.remote.ip]));
    for ip in ips.flatten() {
        let Ok(wanted) = ip.parse::<IpAddr>() else {
            broken.push(format!("ip {ip} is none"));
            continue;
        };
        if !squeezed_text.contains(&ip.to_ascii_lowercase())
            && !spelled(&plain, wanted)
            && !spelled(&squeezed_text, wanted)
        {
            broken.push(format!("ip {ip} stands nowhere in the text"));
        }
    }
}

/// Whether an address stands in the text in any of its spellings (`2001:DB8:0:0::1`).
fn spelled(text: &str, wanted: IpAddr) -> bool {
    let tokens = text.split(|c: char| !c.is_ascii_hexdigit() && c != '.' && c != ':');
    tokens.filter(|t| t.len() > 1 && t.len() < 256).any(|token| {
        let ends = (0..=token.len().min(45))
            .flat_map(|from| (from + 2..=token.len().min(from + 45)).map(move |to| (from, to)));
        ends.into_iter().any(|(from, to)| token[from..to].parse() == Ok(wanted))
    })
}

/// Where words stand in a report: the last two names on the way to them. Everything else is the same in all languages.
const WORDS: [&str; 20] = [
    "report.lang",
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
    "sources.title",
];

/// Where two reports of one input differ in more than words.
pub fn differences(english: &Report, spanish: &Report) -> Vec<String> {
    let value = |report| serde_json::to_value(report).expect("a report is plain data");
    let mut found = Vec::new();
    compare("", "report", &value(english), &value(spanish), &mut found);
    found
}

fn compare(parent: &str, key: &str, a: &Value, b: &Value, found: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) if a.keys().eq(b.keys()) => {
            a.iter().for_each(|(name, value)| compare(key, name, value, &b[name], found));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| compare(parent, key, a, b, found));
        }
        (Value::String(a), Value::String(b)) if WORDS.contains(&format!("{parent}.{key}").as_str()) => {
            if a.is_empty() != b.is_empty() {
                found.push(format!("{parent}.{key} is empty in one language: {a:?}, {b:?}"));
            }
        }
        _ if a != b => found.push(format!("{parent}.{key}: {a} in English, {b} in Spanish")),
        _ => {}
    }
}

/// Pasted text without structure is shown as it was pasted.
pub fn shown_otherwise(report: &Report, pasted: &[u8]) -> Option<String> {
    let plain = report.parts.iter().all(|p| p.kind == "text" || p.kind == "original_headers");
    let pasted = std::str::from_utf8(pasted).ok()?;
    if !plain || report.input.truncated || report.parts.is_empty() || pasted.contains(['<', '\0']) {
        return None;
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (shown, pasted) = (letters(&shown(report)), letters(pasted));
    (shown != pasted).then(|| format!("shown as {shown:?}, pasted as {pasted:?}"))
}

/// Recipients that the public can read in what is handed over to it.
pub fn unmasked(report: &Report, handed_over: &Handover) -> Vec<String> {
    let text: String = handed_over.runs.iter().map(|r| r.text.as_str()).collect();
    let text = format!("{}\n{}\n{text}", handed_over.title, handed_over.file_name).to_lowercase();
    // The catalogue names addresses of its own.
    let ours = ndr_doctor::catalog::words_file(Lang::En).to_lowercase();
    let recipients = report.findings.iter().flat_map(|f| &f.recipients);
    let addresses = recipients.flat_map(|r| [Some(&r.final_), r.original.as_ref()]).flatten().map(|a| a.to_lowercase());
    let told =
        addresses.filter(|a| a.split_once('@').is_some_and(|(local, domain)| local.len() > 2 && domain.len() > 5));
    let out = told.filter(|address| text.contains(address.as_str()) && !ours.contains(address.as_str()));
    out.map(|address| format!("the public reads {address:?}")).collect()
}
