//! `ndr-doctor check`: holds what is found in a folder of mails against a table of what should be.

use ndr_doctor::report::Finding;
use ndr_doctor::{Form, HostCharsets, Options, Report, examine};
use std::fmt::Write as _;
use std::io::Write as _;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Compare what is found in a folder of mails with a table of what should be.
///
/// TABLE is tab separated, without quoting; its first line names the columns, and every other line is one
/// recipient of one mail:
///
///     file  recipient  status  reply  section
///
/// `file` is a path inside DIR. Every other column may be left out, and an empty field is not compared.
/// `verdict`, `kind`, `cause_status`, `cause_reply`, `host` and `ip` are compared too; other columns are not read.
/// A recipient's values are those of the first finding that names it, as the final or the original recipient;
/// without one, or without a recipient, those of the report's first finding. Letter case does not count.
///
/// Prints one line for each miss (file, recipient, column, expected, found; tab separated), then for each column
/// how many values were found.
///
/// Exit status: 0 everything found, 1 something missed, 2 the table or a mail could not be read.
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Arguments {
    /// Folder of the mails
    dir: PathBuf,
    /// What should be found in them
    #[arg(value_name = "TABLE.tsv")]
    table: PathBuf,
}

/// The columns that are compared, in the order of the score.
const COLUMNS: [&str; 10] =
    ["recipient", "verdict", "kind", "section", "status", "reply", "cause_status", "cause_reply", "host", "ip"];

/// What is expected of one recipient of one mail.
struct Row<'t> {
    file: &'t str,
    /// One for each of `COLUMNS`; empty where nothing is expected.
    expected: [&'t str; COLUMNS.len()],
}

/// How many values of a column there were, and how many of them were found.
#[derive(Clone, Copy, Default)]
struct Score {
    found: usize,
    all: usize,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    let complain = |path: &Path, error: &dyn std::fmt::Display| eprintln!("ndr-doctor: {}: {error}", path.display());
    let table = match std::fs::read_to_string(&arguments.table) {
        Ok(table) => table,
        Err(error) => {
            complain(&arguments.table, &error);
            return ExitCode::from(2);
        }
    };
    let rows = match rows(&table) {
        Ok(rows) => rows,
        Err(error) => {
            complain(&arguments.table, &error);
            return ExitCode::from(2);
        }
    };
    let mut out = String::new();
    let mut unread = false;
    let mut score = [Score::default(); COLUMNS.len()];
    // Rows of one mail mostly follow each other.
    let mut last: Option<(&str, Option<Report>)> = None;
    for row in &rows {
        if last.as_ref().is_none_or(|(file, _)| *file != row.file) {
            let path = arguments.dir.join(row.file);
            let bytes = std::fs::read(&path).inspect_err(|error| complain(&path, error));
            let read = |bytes: Vec<u8>| examine(&[Form::file(row.file, &bytes)], &Options::default(), &HostCharsets);
            last = Some((row.file, bytes.ok().map(read)));
        }
        let Some((_, Some(report))) = &last else {
            unread = true;
            continue;
        };
        compare(report, row, &mut score, &mut out);
    }
    for (column, score) in COLUMNS.iter().zip(score).filter(|(_, score)| score.all > 0) {
        let Score { found, all } = score;
        let _ = writeln!(out, "{column:<13} {found:>6} of {all:>6}  {:>5.1} %", 100.0 * found as f64 / all as f64);
    }
    let missed = score.iter().any(|score| score.found < score.all);
    // A reader that closes early (head, less) is no fault.
    let _ = std::io::stdout().lock().write_all(out.as_bytes());
    ExitCode::from(if unread { 2 } else { u8::from(missed) })
}

/// Counts what the report has of a row, and writes a line for each value that it has not.
fn compare(report: &Report, row: &Row<'_>, score: &mut [Score; COLUMNS.len()], out: &mut String) {
    let recipient = row.expected[0];
    let named = report.findings.iter().find(|finding| {
        let is_meant = |address: &str| address.eq_ignore_ascii_case(recipient);
        finding.recipients.iter().any(|r| is_meant(&r.final_) || r.original.as_deref().is_some_and(is_meant))
    });
    let finding = named.or(report.findings.first());
    for ((column, expected), score) in COLUMNS.iter().zip(row.expected).zip(score) {
        if expected.is_empty() {
            continue;
        }
        let found = match *column {
            "recipient" if named.is_some() => recipient.to_string(),
            "recipient" => {
                let all = report.findings.iter().flat_map(|f| &f.recipients).map(|r| r.final_.as_str());
                all.collect::<Vec<_>>().join(", ")
            }
            "verdict" => report.verdict.word().to_string(),
            "kind" => report.input.kind.word().to_string(),
            column => finding.and_then(|finding| value(finding, column)).unwrap_or_default(),
        };
        let is_right = match (*column, expected.parse::<IpAddr>()) {
            ("recipient", _) => named.is_some(),
            ("ip", Ok(expected)) => found.parse() == Ok(expected),
            _ => found.eq_ignore_ascii_case(expected),
        };
        score.all += 1;
        score.found += usize::from(is_right);
        if !is_right {
            let _ = writeln!(out, "{}\t{recipient}\t{column}\t{expected}\t{found}", row.file);
        }
    }
}

/// What a finding has in a column.
fn value(finding: &Finding, column: &str) -> Option<String> {
    let number = |value: Option<u16>| value.map(|number| number.to_string());
    match column {
        "section" => Some(finding.section.to_string()),
        "status" => finding.status.clone(),
        "reply" => number(finding.reply),
        "cause_status" => finding.cause_status.clone(),
        "cause_reply" => number(finding.cause_reply),
        "host" => finding.remote.host.clone(),
        "ip" => finding.remote.ip.clone(),
        _ => None,
    }
}

/// Reads the table. The format has no quoting, so that splitting at tabs is all there is to it.
fn rows(table: &str) -> Result<Vec<Row<'_>>, String> {
    let mut lines = table.strip_prefix('\u{FEFF}').unwrap_or(table).lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').map(str::trim).collect();
    let place = |name: &str| header.iter().position(|column| *column == name);
    let Some(file) = place("file") else {
        return Err("its first line names no column `file`".into());
    };
    let places = COLUMNS.map(place);
    let mut rows = Vec::new();
    for (nth, line) in lines.enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let cells: Vec<&str> = line.split('\t').map(str::trim).collect();
        let cell = |place: usize| cells.get(place).copied().unwrap_or_default();
        if cell(file).is_empty() {
            return Err(format!("line {} names no file", nth + 2));
        }
        rows.push(Row { file: cell(file), expected: places.map(|place| place.map(cell).unwrap_or_default()) });
    }
    // A check that checked nothing must not pass.
    if rows.iter().all(|row| row.expected.iter().all(|value| value.is_empty())) {
        return Err(format!("it expects nothing; the columns that are compared are {}", COLUMNS.join(", ")));
    }
    Ok(rows)
}
