//! Which system spoke. The same code means different things to different systems, so this is settled first.

use super::Texts;
use crate::evidence::{ErrorSeen, Facts, Seen, places};
use crate::search::Needles;
use std::sync::OnceLock;

/// Words in a diagnostic text that only one system writes, lower case.
const WORDS: &[(&str, &str)] = &[
    ("gsmtp", "gmail"),
    ("support.google.com", "gmail"),
    ("s3140", "outlook_com"),
    ("s3150", "outlook_com"),
    ("prod.outlook.com", "exchange_online"),
    ("protection.outlook.com", "exchange_online"),
    ("resolver.", "exchange_online"),
    ("smtpsend.", "exchange_online"),
    ("storedrv.", "exchange_online"),
    ("tenantattribution", "exchange_online"),
    ("tenantinboundattribution", "exchange_online"),
    ("transport.rules", "exchange_online"),
    ("lastattempted", "exchange_online"),
    ("aka.ms/", "exchange_online"),
    ("go.microsoft.com", "exchange_online"),
    ("[tss0", "yahoo"),
    ("[ipts0", "yahoo"),
    ("[ph0", "yahoo"),
    ("postmaster.yahooinc.com", "yahoo"),
    ("yahoo account", "yahoo"),
    ("yahoo.com account", "yahoo"),
    ("mud.yahoo.com", "yahoo"),
    ("yahoo requires", "yahoo"),
    ("yahoodns.net", "yahoo"),
    ("senders.yahooinc.com", "yahoo"),
    ("help.yahoo.com", "yahoo"),
    ("support.apple.com", "icloud"),
    ("icloud.com", "icloud"),
    ("mimecast", "mimecast"),
    ("proofpoint", "proofpoint"),
    ("pphosted", "proofpoint"),
    ("ppe-hosted", "proofpoint"),
    ("barracuda", "barracuda"),
    ("virtual mailbox table", "postfix"),
    ("local recipient table", "postfix"),
    ("relay recipient table", "postfix"),
    ("recipient address rejected", "postfix"),
    ("unrouteable address", "exim"),
    ("unroutable address", "exim"),
    ("sender verify failed", "exim"),
    ("(#5.", "qmail"),
];

/// Host name endings of systems, lower case.
const HOSTS: &[(&str, &str)] = &[
    ("olc.protection.outlook.com", "outlook_com"),
    ("hotmail.com", "outlook_com"),
    ("protection.outlook.com", "exchange_online"),
    ("prod.outlook.com", "exchange_online"),
    ("exchangelabs.com", "exchange_online"),
    ("google.com", "gmail"),
    ("googlemail.com", "gmail"),
    ("yahoodns.net", "yahoo"),
    ("yahoo.com", "yahoo"),
    ("aol.com", "yahoo"),
    ("icloud.com", "icloud"),
    ("mail.me.com", "icloud"),
    ("mimecast.com", "mimecast"),
    ("pphosted.com", "proofpoint"),
    ("ppe-hosted.com", "proofpoint"),
    ("barracudanetworks.com", "barracuda"),
    ("cloudflare.net", "cloudflare"),
    ("amazonses.com", "amazon_ses"),
    ("amazonaws.com", "amazon_ses"),
];

/// The first of `WORDS` that stands in a text.
fn by_words<'t>(texts: impl Iterator<Item = &'t str>) -> Option<&'static str> {
    static NEEDLES: OnceLock<Needles> = OnceLock::new();
    let needles = NEEDLES.get_or_init(|| Needles::new(WORDS.iter().map(|(words, _)| *words)));
    let first = texts.flat_map(|text| needles.find(text.as_bytes())).map(|(_, nth)| nth).min();
    first.map(|nth| WORDS[nth].1)
}

fn by_host(host: &str) -> Option<&'static str> {
    let host = host.to_ascii_lowercase();
    HOSTS.iter().find(|(suffix, _)| host.ends_with(suffix)).map(|(_, dialect)| *dialect)
}

/// The system that wrote the report.
pub fn of_report(facts: &Facts) -> &'static str {
    let names = [&facts.generating_server, &facts.reporting_mta];
    for name in names.into_iter().flatten() {
        if let Some(dialect) = by_host(&name.value) {
            return dialect;
        }
    }
    if let Some(program) = facts.marks.program
        && facts.marks.exchange.is_none()
    {
        return program;
    }
    if facts.marks.connector.is_some() || facts.marks.trace.is_some() || facts.marks.alert.is_some() {
        return "exchange_online";
    }
    // Another system's report may quote Exchange's words.
    if facts.marks.exchange.is_some() && (facts.generating_server.is_some() || facts.reporting_mta.is_none()) {
        return "exchange_server";
    }
    "unknown"
}

/// The system that uttered one error: its own words, then the host that said it, then the report's writer.
pub fn of_error(
    error: &ErrorSeen,
    texts: &Texts<'_>,
    host: Option<&Seen<String>>,
    reporter: &'static str,
) -> &'static str {
    let own = error.text.to_ascii_lowercase();
    if let Some(dialect) = by_words(std::iter::once(own.as_str())) {
        // Exchange's own words in a report of an Exchange Server are that server's.
        return if dialect == "exchange_online" && reporter == "exchange_server" { reporter } else { dialect };
    }
    // Codes with three digits at the end are Microsoft's invention.
    if error.status.is_some_and(|(_, subject, detail)| {
        (subject == 4 && (300..400).contains(&detail))
            || (subject == 7 && detail >= 500)
            || (subject == 1 && detail == 351)
    }) {
        return "exchange_online";
    }
    of_text(texts, host, reporter)
}

/// The system that the texts as a whole speak for.
pub fn of_text(texts: &Texts<'_>, host: Option<&Seen<String>>, reporter: &'static str) -> &'static str {
    if let Some(dialect) = host.and_then(|h| by_host(&h.value)) {
        return dialect;
    }
    if let Some(dialect) = texts.spoken(|texts| by_words(texts)) {
        return if dialect == "exchange_online" && reporter == "exchange_server" { reporter } else { dialect };
    }
    match host {
        // Another system's server answered; the report's writer only quotes it.
        Some(host) if reporter != "unknown" && !places::is_microsoft(&host.value) && reporter == "exchange_online" => {
            "unknown"
        }
        _ => reporter,
    }
}
