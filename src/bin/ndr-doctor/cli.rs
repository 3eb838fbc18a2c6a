//! Arguments, and the examination of files as text or as one JSON object a line.

use crate::{check, hand_over};
use clap::{Parser, Subcommand};
use ndr_doctor::report::{Lang, Verdict, readable};
use ndr_doctor::{Form, HostCharsets, Options, examine};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Reads non-delivery reports and says what failed, why, and what to do next.
///
/// Exit status: 0 understood (failed, delayed, delivered, or clearly not a bounce), 1 unrecognised,
/// 2 could not read. For several files the worst.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
// A file may be called `help`; `--help` says the same.
#[command(disable_help_subcommand = true)]
struct Arguments {
    /// Language of the answer: en or es
    #[arg(long, default_value = "en", value_parser = |tag: &str| Lang::from_tag(tag).ok_or("en or es"))]
    lang: Lang,
    /// One JSON report a line
    #[arg(long)]
    json: bool,
    /// Answers to questions, by id
    #[arg(long = "answer", value_name = "ID")]
    answers: Vec<String>,
    /// Files to read; - is standard input, ./check a file of that name
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    hand_over: hand_over::Taken,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    // Its words stand beside its arguments.
    Check(check::Arguments),
}

pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match arguments.command {
        Some(Command::Check(check)) => check::run(&check),
        None => files(arguments),
    }
}

fn files(arguments: Arguments) -> ExitCode {
    let options = Options { lang: arguments.lang, answers: arguments.answers };
    let wish = arguments.hand_over.wish();
    let mut out = std::io::stdout().lock();
    let mut worst = 0;
    let several = arguments.files.len() > 1;
    for (nth, file) in arguments.files.iter().enumerate() {
        let bytes = match read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                eprintln!("ndr-doctor: {}: {error}", file.display());
                worst = 2;
                continue;
            }
        };
        let name = file.to_string_lossy();
        let form = [Form::file(&name, &bytes)];
        let report = examine(&form, &options, &HostCharsets);
        if report.verdict == Verdict::Unrecognised {
            worst = worst.max(1);
        }
        let handed_over = wish.as_ref().map(|wish| hand_over::text(&form, &options, wish));
        let text = match handed_over {
            Some(text) => text,
            None if arguments.json => serde_json::to_string(&report).expect("a report is plain data") + "\n",
            None if several => format!("{}== {name} ==\n{}", if nth > 0 { "\n" } else { "" }, readable(&report)),
            None => readable(&report),
        };
        // A reader that closes early (head, less) is no fault.
        if out.write_all(text.as_bytes()).is_err() {
            break;
        }
    }
    ExitCode::from(worst)
}

fn read(file: &Path) -> std::io::Result<Vec<u8>> {
    if file == Path::new("-") {
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        return Ok(bytes);
    }
    std::fs::read(file)
}
