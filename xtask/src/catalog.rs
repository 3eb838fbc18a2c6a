//! Shows what the catalogue covers: the errors that Microsoft documents, those of other large receivers, the registered codes, the age of its sources,
//! its longest texts, and what its languages have not in common.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use ndr_doctor::report::{Finding, Guide, floor, guide};
use ndr_doctor::{Form, HostCharsets, Options, Report, examine};
use serde_json::Value;

use crate::words::Lang;

const MICROSOFT: &str = include_str!("../data/microsoft-codes.tsv");
const RECEIVERS: &str = include_str!("../data/receiver-codes.tsv");
const REGISTERED: &str = include_str!("../data/iana-codes.tsv");

/// An error that a system prints, and the entry that has to answer it.
struct Row {
    reply: Option<&'static str>,
    code: Option<&'static str>,
    by: &'static str,
    entry: &'static str,
    text: &'static str,
}

impl Row {
    /// The error as one line.
    fn line(&self) -> String {
        let said = [self.reply, self.code, Some(self.text)];
        said.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// The whole report that its system writes about it, and the bare line, since people paste either.
    fn pastes(&self) -> Vec<String> {
        let line = self.line();
        let report = |server: &str| {
            format!(
                "Delivery has failed to these recipients or groups:\n\nana@fabrikam.example\n\n\
                 Diagnostic information for administrators:\n\nGenerating server: {server}\n\nana@fabrikam.example\n\
                 Remote Server returned '{line}'\n\nOriginal message headers:\n"
            )
        };
        let said = |host: &str| {
            format!(
                "This is the mail system at host mx.contoso.example.\n\n<ana@fabrikam.example>: host {host} said: {line} \
                 (in reply to end of DATA command)"
            )
        };
        let whole = match self.by {
            "exchange_online" => Some(report("DB9PR01MB0001.eurprd01.prod.outlook.com")),
            "exchange_server" => Some(report("EX01.contoso.example")),
            "outlook_com" => Some(said("outlook-com.olc.protection.outlook.com[192.0.2.33]")),
            "gmail" => Some(said("gmail-smtp-in.l.google.com[192.0.2.26]")),
            "yahoo" => Some(said("mta7.am0.yahoodns.net[192.0.2.67]")),
            "icloud" => Some(said("mx01.mail.icloud.com[192.0.2.17]")),
            "any" => Some(said("mx.fabrikam.example[203.0.113.25]")),
            _ => None,
        };
        whole.into_iter().chain([line]).collect()
    }
}

/// Where the pastes of one row landed.
struct Landing {
    row: Row,
    /// The sections of every finding, or the verdict where there are none; one list a paste.
    sections: Vec<Vec<String>>,
}

impl Landing {
    fn is_right(&self) -> bool {
        self.sections.iter().all(|found| matches!(&found[..], [only] if only == self.row.entry))
    }
}

/// A registered code in one of its classes, and what it is told.
struct Told {
    code: String,
    name: &'static str,
    section: String,
    missing: Vec<&'static str>,
}

pub fn run() -> Result<()> {
    let landings = landings()?;
    let told = registered()?;
    print!("{}", coverage(&landings));
    print!("{}", registry(&told));
    print!("{}", ages());
    print!("{}", longest());
    print!("{}", differences());
    let wrong = landings.iter().filter(|l| !l.is_right()).count();
    let unsaid = told.iter().filter(|t| !t.missing.is_empty()).count();
    ensure!(
        wrong + unsaid == 0,
        "{wrong} documented errors land elsewhere, {unsaid} registered codes are not told in full"
    );
    Ok(())
}

/// The rows of a table under its comments and its head.
fn table(file: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    file.lines().filter(|line| !line.starts_with('#')).skip(1).map(|line| line.split('\t').collect())
}

fn rows() -> Result<Vec<Row>> {
    let some = |field: &'static str| Some(field).filter(|f| *f != "-");
    table(MICROSOFT)
        .chain(table(RECEIVERS))
        .map(|fields| match fields[..] {
            [reply, code, by, entry, text] => Ok(Row { reply: some(reply), code: some(code), by, entry, text }),
            _ => anyhow::bail!("xtask/data/*-codes.tsv: not five fields: {}", fields.join(" | ")),
        })
        .collect()
}

fn read(paste: &str) -> Report {
    examine(&[Form::text(paste)], &Options::default(), &HostCharsets)
}

fn landings() -> Result<Vec<Landing>> {
    let landed = |paste: &String| match read(paste) {
        report if report.findings.is_empty() => vec![format!("({})", report.verdict.word())],
        report => report.findings.into_iter().map(|f| f.section.into()).collect(),
    };
    Ok(rows()?.into_iter().map(|row| Landing { sections: row.pastes().iter().map(landed).collect(), row }).collect())
}

fn registered() -> Result<Vec<Told>> {
    let mut told = Vec::new();
    for fields in table(REGISTERED) {
        let [code, name] = fields[..] else { anyhow::bail!("xtask/data/iana-codes.tsv: not two fields: {fields:?}") };
        for (class, reply) in [("4", "450"), ("5", "550")] {
            let code = code.replacen('X', class, 1);
            let report = read(&format!("{reply} {code} {name}"));
            let finding = report.findings.first().with_context(|| format!("{code} gives no finding"))?;
            told.push(Told { section: finding.section.to_string(), missing: missing(finding), code, name });
        }
    }
    Ok(told)
}

fn missing(finding: &Finding) -> Vec<&'static str> {
    let parts = [
        ("title", finding.title.is_empty()),
        ("meaning", finding.meaning.is_empty()),
        ("steps", finding.steps.is_empty()),
    ];
    parts.into_iter().filter(|(_, empty)| *empty).map(|(part, _)| part).collect()
}

fn heading(text: &str) -> String {
    format!("\n{text}\n{}\n", "─".repeat(text.chars().count()))
}

/// Every documented error with its entry, then those that landed elsewhere.
fn coverage(landings: &[Landing]) -> String {
    let mut out = heading("Documented errors and the entries that answer them");
    for landing in landings {
        let Row { code, entry, text, .. } = landing.row;
        let sign = if landing.is_right() { "ok" } else { "NO" };
        let text: String = text.chars().take(70).collect();
        let _ = writeln!(out, "{sign} {:<9} {entry:<30} {text}", code.unwrap_or("–"));
    }
    out + &confusions(landings)
}

/// Which entries were taken for which others: a line each, with the errors that were.
fn confusions(landings: &[Landing]) -> String {
    let right = landings.iter().filter(|l| l.is_right()).count();
    let codes: BTreeSet<_> = landings.iter().filter_map(|l| l.row.code).collect();
    let mut out = format!(
        "\n{right} of {} documented errors ({} codes) land on their own entry and no other, as a whole report and as a line.\n",
        landings.len(),
        codes.len()
    );
    let mut confused: BTreeMap<(&str, String), Vec<String>> = BTreeMap::new();
    for landing in landings {
        for (found, paste) in landing.sections.iter().zip(landing.row.pastes()) {
            if found[..] != [landing.row.entry] {
                confused
                    .entry((landing.row.entry, found.join(" + ")))
                    .or_default()
                    .push(paste.replace('\n', "\n      "));
            }
        }
    }
    if !confused.is_empty() {
        let _ = writeln!(out, "Confusions (entry -> where it landed):");
    }
    for ((entry, landed), pastes) in confused {
        let _ = writeln!(out, "  {entry} -> {landed}: {}", pastes.len());
        for paste in pastes {
            let _ = writeln!(out, "      {paste}");
        }
    }
    out
}

fn registry(told: &[Told]) -> String {
    let mut out = heading("Registered codes and what answers them");
    for Told { code, name, section, missing } in told {
        let missing = if missing.is_empty() { String::new() } else { format!("  WITHOUT {}", missing.join(", ")) };
        let _ = writeln!(out, "{code:<7} {section:<30} {name}{missing}");
    }
    let general = told.iter().filter(|t| t.section == "unlisted").count();
    let whole = told.iter().filter(|t| t.missing.is_empty()).count();
    let _ = writeln!(
        out,
        "\n{whole} of {} have a title, a meaning and steps: {} by an entry, {general} by the general reading.",
        told.len(),
        told.len() - general
    );
    out
}

fn entries(lang: Lang) -> Vec<Guide> {
    guide(lang).into_iter().flat_map(|family| family.entries).collect()
}

/// Entries under the day on which their oldest source was read.
fn ages() -> String {
    let mut out = heading("Entries by the age of their oldest source");
    let mut days: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in entries(Lang::En) {
        let oldest = entry.sources.iter().map(|s| s.read.to_string()).min().unwrap_or_else(|| "no source".into());
        days.entry(oldest).or_default().push(entry.id.to_string());
    }
    for (day, ids) in days {
        let _ = writeln!(out, "{day}  {} entries: {}", ids.len(), ids.join(", "));
    }
    out
}

/// A text with its place, in every language.
struct Text {
    place: String,
    texts: Vec<String>,
}

/// Every text of the entries and of the floor, found by walking both languages at once.
fn texts() -> Vec<Text> {
    fn walk(place: &str, values: &[&Value], out: &mut Vec<Text>) {
        match values[0] {
            Value::String(_) => out.push(Text {
                place: place.into(),
                texts: values.iter().map(|v| v.as_str().unwrap_or_default().into()).collect(),
            }),
            Value::Array(items) => {
                for nth in 0..items.len() {
                    let each: Vec<_> = values.iter().map(|v| &v[nth]).collect();
                    let name = items[nth]["id"].as_str().map_or_else(|| (nth + 1).to_string(), String::from);
                    walk(&format!("{place}/{name}"), &each, out);
                }
            }
            Value::Object(fields) => {
                for key in
                    fields.keys().filter(|key| !["id", "phrases", "examples", "shown_by"].contains(&key.as_str()))
                {
                    let each: Vec<_> = values.iter().map(|v| &v[key]).collect();
                    walk(&format!("{place}/{key}"), &each, out);
                }
            }
            _ => {}
        }
    }
    let mut out = Vec::new();
    let of = |value: fn(Lang) -> serde_json::Result<Value>| -> Vec<Value> {
        Lang::ALL.iter().map(|lang| value(*lang).expect("plain data is JSON")).collect()
    };
    let entries = of(|lang| serde_json::to_value(entries(lang)));
    let floor = of(|lang| serde_json::to_value(floor(lang)));
    walk("", &entries.iter().collect::<Vec<_>>(), &mut out);
    walk("/floor", &floor.iter().collect::<Vec<_>>(), &mut out);
    out
}

fn longest() -> String {
    let mut out = heading("Longest texts, in characters");
    let texts = texts();
    let mut lengths: Vec<_> = texts
        .iter()
        .flat_map(|t| {
            t.texts.iter().zip(Lang::ALL).map(|(text, lang)| (text.chars().count(), lang.tag(), &t.place, text))
        })
        .collect();
    lengths.sort_by_key(|(length, tag, place, _)| (std::cmp::Reverse(*length), *tag, *place));
    // A command is as long as it has to be. A shared step stands in many entries and counts once.
    lengths.retain(|(_, _, place, _)| !(place.contains("/commands/") && place.ends_with("/text")));
    let mut seen = BTreeSet::new();
    for (length, tag, place, _) in lengths.into_iter().filter(|(.., text)| seen.insert(*text)).take(15) {
        let _ = writeln!(out, "{length:>5} {tag}  {}", place.trim_start_matches('/'));
    }
    out
}

/// Numbers, codes, literals and addresses that stand in one language of a text only.
fn differences() -> String {
    let mut out = heading("Words that stand in one language only");
    let mut seen = BTreeSet::new();
    let all = texts();
    let mut count = 0;
    for text in all.iter().filter(|t| seen.insert(&t.texts)) {
        let has: Vec<_> = text.texts.iter().map(|t| same_everywhere(t)).collect();
        let common = has.iter().skip(1).fold(has[0].clone(), |common, other| &common & other);
        for (words, lang) in has.iter().zip(Lang::ALL).filter(|(words, _)| **words != common) {
            count += 1;
            let only: Vec<_> = words.difference(&common).cloned().collect();
            let _ = writeln!(out, "{} {}: {}", lang.tag(), text.place.trim_start_matches('/'), only.join(" "));
        }
    }
    let _ = writeln!(out, "{count} in {} texts.", seen.len());
    out
}

/// What reads the same in every language: literals in backticks, addresses, numbers and codes.
fn same_everywhere(text: &str) -> BTreeSet<String> {
    let mut same = BTreeSet::new();
    let mut plain = String::new();
    for (nth, piece) in text.split('`').enumerate() {
        match nth % 2 {
            0 => plain.push_str(piece),
            _ => {
                same.insert(format!("`{piece}`"));
            }
        }
    }
    for word in plain.split([' ', '\u{A0}', '(', ')', '“', '”', '«', '»', '–', '/', '-']) {
        let number = word.trim_matches(|c: char| !c.is_ascii_digit());
        if word.contains("://") {
            same.insert(word.trim_end_matches(['.', ',', ';', ':']).to_string());
        } else if !number.is_empty() {
            // Thousands are grouped by a comma in English, by a full stop or a blank in Spanish.
            let mut groups = number.split([',', '.']);
            let grouped = groups.next().is_some_and(|g| g.len() <= 3) && groups.all(|g| g.len() == 3);
            same.insert(if grouped { number.replace([',', '.'], "") } else { number.replace(',', ".") });
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_error_lands_on_its_own_entry_and_no_other() {
        let landings = landings().expect("the table can be read");
        assert!(landings.len() > 250, "only {} documented errors", landings.len());
        assert!(landings.iter().all(Landing::is_right), "{}", confusions(&landings));
    }

    #[test]
    fn every_documented_error_names_an_entry_that_exists() {
        let ids: BTreeSet<_> = entries(Lang::En).iter().map(|e| e.id).collect();
        for row in rows().expect("the table can be read") {
            assert!(ids.contains(row.entry), "xtask/data/*-codes.tsv: no entry {:?}", row.entry);
        }
    }

    #[test]
    fn every_registered_code_is_told_in_full() {
        let told = registered().expect("every code gives a finding");
        assert!(told.len() > 150, "only {} codes", told.len());
        let gaps: Vec<_> = told.iter().filter(|t| !t.missing.is_empty()).map(|t| (&t.code, &t.missing)).collect();
        assert!(gaps.is_empty(), "codes without a part: {gaps:?}");
    }

    #[test]
    fn the_languages_differ_in_words_only() {
        let differences = differences();
        assert!(differences.contains("\n0 in "), "{differences}");
    }
}
