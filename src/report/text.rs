//! A report as plain text for the command line.

use super::{Confidence, Report, Standing, Step, words::Words};
use crate::catalog::{W, say};
use std::fmt::Write;

/// The report in readable lines.
pub fn readable(report: &Report) -> String {
    let mut out = String::new();
    write_report(report, &mut out).expect("writing to a string succeeds");
    out
}

fn write_report(report: &Report, out: &mut String) -> std::fmt::Result {
    let words = Words::of(report.lang);
    let w = |text: W| words.get(text);
    writeln!(out, "{}", report.answer.title)?;
    writeln!(out, "{}", report.answer.text)?;
    for line in &report.answer.advice {
        writeln!(out, "  - {line}")?;
    }
    for finding in &report.findings {
        writeln!(out)?;
        let certainty = match finding.confidence {
            Confidence::Certain => w(say::CLI_CERTAIN),
            Confidence::Likely => w(say::CLI_LIKELY),
            Confidence::Possible => w(say::CLI_CONFIDENCE_POSSIBLE),
        };
        let code = |reply: Option<u16>, status: &Option<String>| {
            [reply.map(|r| r.to_string()), status.clone()].into_iter().flatten().collect::<Vec<_>>().join(" ")
        };
        let (last, cause) = (code(finding.reply, &finding.status), code(finding.cause_reply, &finding.cause_status));
        let codes = if last == cause || cause.is_empty() { last } else { format!("{last} <- {cause}") };
        writeln!(out, "# {} [{}]", finding.title, [codes.as_str(), certainty].join(", ").trim_start_matches(", "))?;
        writeln!(out, "{}", finding.meaning)?;
        writeln!(out, "{}", finding.detail)?;
        let list: Vec<&str> = finding.recipients.iter().map(|r| r.final_.as_str()).collect();
        if !list.is_empty() {
            writeln!(out, "{}: {}", w(say::CLI_RECIPIENTS), list.join(", "))?;
        }
        writeln!(out, "{}: {}", w(say::CLI_SECTION), finding.section)?;
        let remote = finding.remote.names().collect::<Vec<_>>().join(" ");
        if !remote.is_empty() {
            writeln!(out, "{}: {remote}", w(say::CLI_SERVER))?;
        }
        if !finding.causes.is_empty() {
            writeln!(out, "\n{}:", w(say::CLI_CAUSES))?;
        }
        for cause in &finding.causes {
            let standing = match cause.standing {
                Standing::Indicated => w(say::CLI_INDICATED),
                Standing::Possible => w(say::CLI_POSSIBLE),
                Standing::RuledOut => w(say::CLI_RULED_OUT),
            };
            write!(out, "  [{standing}] {}", cause.text)?;
            let mut quoted: Vec<&str> = Vec::new();
            for e in report.evidence.iter().filter(|e| cause.because.contains(&e.n)) {
                if !quoted.contains(&e.witness.as_str()) {
                    quoted.push(&e.witness);
                }
            }
            match quoted.is_empty() {
                true => writeln!(out)?,
                false => writeln!(out, " ({} “{}”)", w(say::CLI_BECAUSE), quoted.join("”, “"))?,
            }
        }
        let open: Vec<_> = finding.questions.iter().filter(|q| q.answer.is_none()).collect();
        if !open.is_empty() {
            writeln!(out, "\n{}:", w(say::CLI_QUESTIONS))?;
            for question in open {
                let answers: Vec<_> = question.answers.iter().map(|a| format!("{} ({})", a.text, a.id)).collect();
                writeln!(out, "  {} {}", question.text, answers.join(" / "))?;
            }
        }
        if !finding.steps.is_empty() {
            writeln!(out, "\n{}:", w(say::CLI_STEPS))?;
        }
        for step in &finding.steps {
            write_step(step, 1, &words, out)?;
        }
        for note in &finding.notes {
            writeln!(out, "\n{}", note.text)?;
        }
        writeln!(out, "\n{}: {}", w(say::CLI_CONFIRM), finding.confirm)?;
        if finding.chain.len() > 1 {
            writeln!(out, "\n{}:", w(say::CLI_ERRORS))?;
            for link in &finding.chain {
                writeln!(out, "  {}", link.text)?;
            }
        }
        if !finding.sources.is_empty() {
            writeln!(out, "\n{}:", w(say::CLI_SOURCES))?;
        }
        for source in &finding.sources {
            writeln!(out, "  {} ({}) {}", source.title, source.read, source.url)?;
        }
    }
    if report.findings.is_empty() {
        for header in &report.headers {
            writeln!(out, "\n{}: {}\n  {}", header.name, header.value, header.text)?;
        }
        for hop in &report.hops {
            let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "?".into());
            let delay = hop.delay_s.map_or(String::new(), |s| format!(" +{s} s"));
            writeln!(out, "{} -> {}{delay}", name(&hop.from), name(&hop.by))?;
        }
    }
    if !report.terms.is_empty() {
        writeln!(out, "\n{}:", w(say::CLI_TERMS))?;
    }
    for term in &report.terms {
        writeln!(out, "  {}: {}", term.term, term.text)?;
    }
    if !report.notes.is_empty() {
        writeln!(out, "\n{}:", w(say::CLI_NOTES))?;
    }
    for note in &report.notes {
        writeln!(out, "  {}", note.text)?;
    }
    Ok(())
}

fn write_step(step: &Step, depth: usize, words: &Words, out: &mut String) -> std::fmt::Result {
    let indent = "  ".repeat(depth);
    let who = match step.who {
        super::Actor::Sender => say::CLI_WHO_SENDER,
        super::Actor::Admin => say::CLI_WHO_ADMIN,
        super::Actor::RecipientAdmin => say::CLI_WHO_RECIPIENT_ADMIN,
        super::Actor::Nobody => say::CLI_WHO_NOBODY,
    };
    let dropped = if step.dropped { format!(" [{}]", words.get(say::CLI_NOT_APPLICABLE)) } else { String::new() };
    writeln!(out, "{indent}[ ] {}: {}{dropped}", words.get(who), step.text)?;
    if let Some(link) = &step.link {
        writeln!(out, "{indent}    {}: {}", link.title, link.url)?;
    }
    for command in &step.commands {
        writeln!(out, "{indent}    > {}", command.text)?;
        writeln!(out, "{indent}      {}: {}", words.get(say::CLI_GOOD), command.good)?;
        writeln!(out, "{indent}      {}: {}", words.get(say::CLI_BAD), command.bad)?;
        if let Some(undo) = &command.undo {
            writeln!(out, "{indent}      {} {undo}", words.get(say::CLI_CHANGES))?;
        }
    }
    for step in &step.steps {
        write_step(step, depth + 1, words, out)?;
    }
    Ok(())
}
