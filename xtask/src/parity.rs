//! Holds the npm package, and so the whole engine in wasm, and the lean engine against the same code on this machine,
//! over the whole corpus. Of Outlook's files the lean engine says that they are not for it.

use std::fs::{self, File};
use std::io::{BufWriter, Write};

use anyhow::{Context, Result};
use duct::cmd;
use ndr_doctor::report::{Reader, What, Written};
use ndr_doctor::{Form, HostCharsets, Options, Wish, examine, hand_over};
use serde_json::json;
use walkdir::WalkDir;

use crate::files::put;
use crate::words::Lang;
use crate::{npm, paths};

/// Needs what is built. A JavaScript program reads what is expected, one JSON object a line, and asks the package for the same.
pub fn check() -> Result<()> {
    let expected = paths::target().join("parity.jsonl");
    let mut lines = BufWriter::new(File::create(&expected)?);
    let corpus = paths::root().join("tests/corpus");
    let mut turn = 0;
    // Beside the folders lies what is expected of them, which is no input.
    for entry in WalkDir::new(&corpus).min_depth(2).sort_by_file_name() {
        let entry = entry?;
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.file_name().to_string_lossy();
        let bytes = fs::read(entry.path())?;
        for lang in Lang::ALL {
            let options = Options { lang, ..Options::default() };
            let form = [Form::file(&name, &bytes)];
            let report = examine(&form, &options, &HostCharsets);
            // What is wished for takes turns, so that the corpus sees every document, form and reader.
            turn += 1;
            let (what_word, what) = What::ALL[turn % What::ALL.len()];
            let (form_word, written) = Written::ALL[turn / 2 % Written::ALL.len()];
            let (reader_word, reader) = Reader::ALL[turn / 3 % Reader::ALL.len()];
            let wish = Wish { what, form: written, reader, note: "a `note`\n* more".into(), ..Wish::default() };
            let handed_over = hand_over(&form, &options, &HostCharsets, &wish);
            let wish = json!({
                "what": what_word, "form": form_word, "reader": reader_word, "finding": null,
                "shown": [], "hidden": [], "ticked": [], "note": wish.note,
            });
            serde_json::to_writer(
                &mut lines,
                &json!({
                    "path": entry.path(), "name": name, "lang": lang, "report": report,
                    "wish": wish, "handed_over": handed_over,
                }),
            )?;
            writeln!(lines)?;
        }
    }
    lines.flush()?;
    let script = paths::tools().join("parity.mjs");
    let consumer = npm::installed()?;
    // There a package's file says that scripts are modules.
    for file in ["ndr_doctor.js", "ndr_doctor_bg.wasm"] {
        put(&consumer.join("lean").join(file), fs::read(paths::lean_engine().join(file))?)?;
    }
    // Node is what the workspace needs anyway; the others are asked where they are installed.
    for (program, arguments) in [("node", &[][..]), ("deno", &["run", "--allow-read"][..]), ("bun", &[][..])] {
        let Ok(program) = which::which(program) else {
            println!("parity: {program} is not installed, and so not asked");
            continue;
        };
        let given = [script.as_os_str(), consumer.as_os_str(), expected.as_os_str()];
        cmd(&program, arguments.iter().map(AsRef::as_ref).chain(given))
            .dir(paths::root())
            .stdin_null()
            .run()
            .with_context(|| format!("the package under {} and the host differ", program.display()))?;
    }
    Ok(())
}
