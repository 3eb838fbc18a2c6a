//! The corpus: every mail gives what `tests/corpus/expected.tsv` says, in both languages and with any line ends.

mod fixtures;

use fixtures::{Fixture, Row};
use ndr_doctor::report::Finding;
use ndr_doctor::{Lang, Report};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// The finding that speaks of a recipient; without one the most serious.
fn finding_of<'r>(report: &'r Report, recipient: &str) -> Option<&'r Finding> {
    let speaks_of = |f: &&Finding| {
        f.recipients.iter().any(|r| {
            let named = |address: &str| address.eq_ignore_ascii_case(recipient);
            named(&r.final_) || r.original.as_deref().is_some_and(named)
        })
    };
    report.findings.iter().find(speaks_of)
}

/// What the report has in a column of the table.
fn value(report: &Report, finding: Option<&Finding>, column: &str) -> String {
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    let number = |value: Option<u16>| value.map(|n| n.to_string()).unwrap_or_default();
    match column {
        "verdict" => report.verdict.word().to_string(),
        "kind" => report.input.kind.word().to_string(),
        "section" => finding.map_or("", |f| f.section).to_string(),
        "status" => text(finding.and_then(|f| f.status.as_ref())),
        "reply" => number(finding.and_then(|f| f.reply)),
        "cause_status" => text(finding.and_then(|f| f.cause_status.as_ref())),
        "cause_reply" => number(finding.and_then(|f| f.cause_reply)),
        "host" => text(finding.and_then(|f| f.remote.host.as_ref())),
        "ip" => text(finding.and_then(|f| f.remote.ip.as_ref())),
        other => panic!("no column {other:?}"),
    }
}

/// Every column in which the report differs from the row: its name, what was expected, what was found.
fn misses(report: &Report, row: &Row) -> Vec<(&'static str, String, String)> {
    let mut misses = Vec::new();
    let named = finding_of(report, &row.recipient);
    if !row.recipient.is_empty() && named.is_none() {
        let all: Vec<_> = report.findings.iter().flat_map(|f| &f.recipients).map(|r| r.final_.as_str()).collect();
        misses.push(("recipient", row.recipient.clone(), all.join(", ")));
    }
    let finding = named.or(report.findings.first());
    for (column, wanted) in row.fields.iter().filter(|(_, wanted)| !wanted.is_empty()) {
        let found = value(report, finding, column);
        if !found.eq_ignore_ascii_case(wanted) {
            misses.push((column, wanted.clone(), found));
        }
    }
    misses
}

#[test]
fn every_mail_gives_what_its_row_says() {
    let fixtures: BTreeMap<_, _> = fixtures::all().into_iter().map(|f| (f.name.clone(), f)).collect();
    let rows = fixtures::expected();
    let mut table = String::new();
    let (mut missed, mut missed_rows) = (0, 0);
    let mut score: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for row in &rows {
        // A row without a file is the business of the test below.
        let Some(fixture) = fixtures.get(&row.file) else { continue };
        let english = misses(&fixture.report(Lang::En), row);
        let spanish = misses(&fixture.report(Lang::Es), row);
        for (column, _) in row.fields.iter().filter(|(_, wanted)| !wanted.is_empty()) {
            let (right, all) = score.entry(column).or_default();
            *all += 1;
            *right += usize::from(!english.iter().any(|(c, ..)| c == column));
        }
        let only_spanish = spanish.iter().filter(|m| !english.contains(m));
        let both = english.iter().map(|m| ("  ", m)).chain(only_spanish.map(|m| ("es", m)));
        let before = missed;
        for (lang, (column, wanted, found)) in both {
            missed += 1;
            let found = if found.is_empty() { "-" } else { found };
            let _ = writeln!(table, "  {:<46} {lang} {column:<13} {wanted:<34} {found}", row.file);
        }
        if missed > before {
            missed_rows += 1;
            let _ = writeln!(table, "      {}", row.why);
        }
    }
    let score: String = score.iter().map(|(column, (right, all))| format!("  {column:<13} {right}/{all}\n")).collect();
    let all = rows.len();
    assert!(
        missed == 0,
        "{missed} values missed in {missed_rows} of {all} rows\n  (file, column, expected, found)\n{table}\n{score}"
    );
}

#[test]
fn every_mail_has_a_row_and_every_row_its_mail() {
    let files: BTreeSet<_> = fixtures::all().into_iter().map(|f| f.name).collect();
    let rows: BTreeSet<_> = fixtures::expected().into_iter().map(|r| r.file).collect();
    let without_row: Vec<_> = files.difference(&rows).collect();
    let without_file: Vec<_> = rows.difference(&files).collect();
    assert!(without_row.is_empty(), "files of tests/corpus without a row in expected.tsv: {without_row:#?}");
    assert!(without_file.is_empty(), "rows of expected.tsv without a file: {without_file:#?}");
    assert!(files.len() >= 250, "the corpus holds {} mails", files.len());
}

#[test]
fn no_row_stands_twice() {
    let mut seen = BTreeSet::new();
    for row in fixtures::expected() {
        assert!(seen.insert((row.file.clone(), row.recipient.clone())), "two rows for {} {}", row.file, row.recipient);
    }
}

/// Files whose meaning hangs on their line ends, each with the reason.
const LINE_ENDS_MATTER: [(&str, &str); 1] =
    [("garbage/random_bytes.txt", "bytes without sense: a line end in them is one only by chance")];

/// All that the table can hold of a report, without words.
fn core(report: &Report) -> Vec<String> {
    let mut core = vec![report.verdict.word().to_string(), report.input.kind.word().to_string()];
    for f in &report.findings {
        let columns = ["section", "status", "reply", "cause_status", "cause_reply", "host", "ip"];
        core.extend(f.recipients.iter().map(|r| r.final_.clone()));
        core.push(columns.map(|column| value(report, Some(f), column)).join(" "));
    }
    core
}

#[test]
fn line_ends_change_nothing() {
    let is_text = |f: &Fixture| f.name.ends_with(".txt") || f.name.ends_with(".eml");
    let mut misses = String::new();
    for fixture in fixtures::all().iter().filter(|f| is_text(f) && !f.is_utf16()) {
        if LINE_ENDS_MATTER.iter().any(|(name, _)| *name == fixture.name) {
            continue;
        }
        let as_it_is = core(&fixture.report(Lang::En));
        for (name, end) in [("LF", &b"\n"[..]), ("CRLF", b"\r\n"), ("CR", b"\r")] {
            let report = fixtures::report(&fixture.name, &with_line_ends(&fixture.bytes, end), Lang::En);
            if core(&report) != as_it_is {
                let _ = writeln!(misses, "  {} with {name}\n    {as_it_is:?}\n    {:?}", fixture.name, core(&report));
            }
        }
    }
    assert!(misses.is_empty(), "line ends change the report (as it is, then with the other line ends):\n{misses}");
}

/// The same lines, each with this end.
fn with_line_ends(bytes: &[u8], end: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    let mut rest = bytes;
    while let Some((&first, tail)) = rest.split_first() {
        rest = match (first, tail) {
            (b'\r', [b'\n', tail @ ..]) => {
                out.extend_from_slice(end);
                tail
            }
            (b'\r' | b'\n', tail) => {
                out.extend_from_slice(end);
                tail
            }
            (byte, tail) => {
                out.push(byte);
                tail
            }
        };
    }
    out
}
