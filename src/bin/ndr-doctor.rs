//! The examination on a command line, as text or as one JSON object a line.

#[cfg(not(target_family = "wasm"))]
mod cli {
    use clap::Parser;
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
    #[command(version)]
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
        /// Files to read; - is standard input
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    }

    pub fn run() -> ExitCode {
        let arguments = match Arguments::try_parse() {
            Ok(arguments) => arguments,
            Err(error) => {
                let _ = error.print();
                return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
            }
        };
        let options = Options { lang: arguments.lang, answers: arguments.answers };
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
            let report = examine(&[Form::file(&name, &bytes)], &options, &HostCharsets);
            if report.verdict == Verdict::Unrecognised {
                worst = worst.max(1);
            }
            let text = match arguments.json {
                true => serde_json::to_string(&report).expect("a report is plain data") + "\n",
                false if several => format!("{}== {name} ==\n{}", if nth > 0 { "\n" } else { "" }, readable(&report)),
                false => readable(&report),
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
}

#[cfg(not(target_family = "wasm"))]
fn main() -> std::process::ExitCode {
    cli::run()
}

#[cfg(target_family = "wasm")]
fn main() {}
