//! How fast the engine is: on this machine and in wasm, over the corpus's whole reports and over inputs that grow.
//! Prints tables and judges nothing; only ratios of one run mean something elsewhere.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use duct::cmd;
use serde_json::{Value, json};

use crate::setup::{self, Need};
use crate::{npm, paths, wasm};

struct Input {
    set: &'static str,
    name: String,
    bytes: Vec<u8>,
}

/// What one pass over the reports, and one reading of each growing input, took.
struct Figures {
    /// Nanoseconds, in the order of the inputs.
    growth: Vec<f64>,
    reports: f64,
}

pub fn run() -> Result<()> {
    setup::ensure(Need::Build)?;
    npm::build(&wasm::build_whole()?)?;
    let mut inputs = reports()?;
    inputs.extend(growth());
    let folder = paths::target().join("bench");
    let list = write(&folder, &inputs)?;

    println!("measuring on this machine, for about a minute");
    let criterion = folder.join("criterion");
    let _ = fs::remove_dir_all(&criterion);
    // Criterion tells a program that is no terminal about every step.
    let measured = cmd!(
        paths::cargo(),
        "bench",
        "--quiet",
        "--package",
        "ndr-doctor-bench",
        "--bench",
        "examine",
        "--",
        "--quiet"
    )
    .dir(paths::root())
    .env("NDR_BENCH", &list)
    .env("CRITERION_HOME", &criterion)
    .stdin_null()
    .stderr_to_stdout()
    .stdout_capture()
    .unchecked()
    .run()?;
    ensure!(
        measured.status.success(),
        "the measurement on this machine failed:\n{}",
        String::from_utf8_lossy(&measured.stdout)
    );
    println!("measuring in wasm, for about a minute");
    let script = paths::tools().join("bench.mjs");
    let package = npm::folder();
    let node = |more: &[&str]| -> Result<Value> {
        let mut arguments = vec![script.as_os_str(), package.as_os_str(), list.as_os_str()];
        arguments.extend(more.iter().map(OsStr::new));
        let run = cmd("node", arguments).dir(paths::root()).stdin_null();
        Ok(serde_json::from_str(&run.read().context("the measurement in wasm failed")?)?)
    };
    let wasm = node(&[])?;
    // An engine starts once in a process.
    let starts = (0..9).map(|_| node(&["--start"])).collect::<Result<Vec<_>>>()?;

    let of = |set: &'static str| inputs.iter().filter(move |input| input.set == set);
    let host = Figures {
        growth: of("growth").map(|input| fastest(&criterion, "growth", &input.name)).collect::<Result<_>>()?,
        reports: fastest(&criterion, "reports", "examine")?,
    };
    let parse = fastest(&criterion, "reports", "parse")?;
    let number = |value: &Value| value.as_f64().context("bench.mjs returned no number");
    let wasm_figures = Figures {
        growth: wasm["growth"].as_array().into_iter().flatten().map(number).collect::<Result<_>>()?,
        reports: number(&wasm["reports"])?,
    };

    let (count, bytes) = of("reports").fold((0, 0), |(n, sum), input| (n + 1, sum + input.bytes.len()));
    println!("\n{count} whole reports, {} a piece", size(bytes / count));
    println!("{:<34} {:>9} {:>8} {:>12}", "", "a second", "MB/s", "of bare MIME");
    for (name, pass) in [
        ("this machine, one core", host.reports),
        ("wasm in Node, report to JavaScript", wasm_figures.reports),
        ("bare MIME on this machine", parse),
    ] {
        let a_second = count as f64 * 1e9 / pass;
        println!("{name:<34} {a_second:>9.0} {:>8.1} {:>10.0} %", speed(bytes, pass), 100.0 * parse / pass);
    }
    println!("wasm is {:.2} of this machine", host.reports / wasm_figures.reports);
    let quickest =
        |key: &str| starts.iter().filter_map(|start| start[key].as_f64()).fold(f64::INFINITY, f64::min) / 1e6;
    let (ready, first) = (quickest("ready"), quickest("first"));
    println!("wasm is ready {ready:.1} ms after its bytes are there, and gives its first answer {first:.1} ms later");

    println!("\n{:<34} {:>8} {:>10} {:>8} {:>10} {:>8}", "one input", "size", "host ms", "MB/s", "wasm ms", "MB/s");
    for (input, (host, wasm)) in of("growth").zip(host.growth.iter().zip(&wasm_figures.growth)) {
        let length = input.bytes.len();
        println!(
            "{:<34} {:>8} {:>10.3} {:>8.1} {:>10.3} {:>8.1}",
            input.name.replace('_', " "),
            size(length),
            host / 1e6,
            speed(length, *host),
            wasm / 1e6,
            speed(length, *wasm)
        );
    }
    Ok(())
}

/// Every complete message of the corpus that tells of a failure or a delay.
fn reports() -> Result<Vec<Input>> {
    let corpus = paths::root().join("tests/corpus");
    let table = fs::read_to_string(corpus.join("expected.tsv"))?;
    let rows = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let whole = |cells: &Vec<&str>| {
        cells[0].ends_with(".eml") && cells.get(2).is_some_and(|verdict| ["failed", "delayed"].contains(verdict))
    };
    let files: BTreeSet<String> = rows.filter(whole).map(|cells| cells[0].to_string()).collect();
    let read = |name: String| Ok(Input { set: "reports", bytes: fs::read(corpus.join(&name))?, name });
    files.into_iter().map(read).collect()
}

const KB: usize = 1 << 10;
const MB: usize = 1 << 20;

const ERROR: &str = "550 5.1.1 <ana@contoso.example>: Recipient address rejected: User unknown";
const PROSE: &str = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod tempor incididunt.\n";
const REPORT: &str = "From: MAILER-DAEMON@mx.contoso.example (Mail Delivery System)\n\
    To: eva@fabrikam.example\n\
    Subject: Undelivered Mail Returned to Sender\n\
    Date: Mon, 23 Nov 2026 10:02:03 +0100\n\
    MIME-Version: 1.0\n";

/// Inputs from 1 KB to 25 MB. A time that grows faster than the size shows as a falling MB/s.
fn growth() -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut put = |name: String, text: String| {
        inputs.push(Input { set: "growth", name: name.replace(' ', "_"), bytes: text.into_bytes() });
    };
    for length in [KB, 10 * KB, 100 * KB, MB, 10 * MB, 25 * MB] {
        let half = PROSE.repeat(length / 2 / PROSE.len());
        put(format!("paste of {}", size(length)), format!("{half}{ERROR}\n{half}"));
    }
    for length in [10 * KB, 100 * KB, MB, 25 * MB] {
        let line = "TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQsIGNvbnNlY3RldHVyIGFkaXBpc2NpbmcgZWxpdCwg\n";
        let attachment = line.repeat(length / line.len());
        put(
            format!("eml with attachment of {}", size(length)),
            format!(
                "{REPORT}Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n{PROSE}\n{ERROR}\n\n\
                 --b\nContent-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64\n\n{attachment}\n--b--\n"
            ),
        );
    }
    for depth in [10, 100] {
        let open: String =
            (0..depth).map(|n| format!("Content-Type: multipart/mixed; boundary=\"b{n}\"\n\n--b{n}\n")).collect();
        let close: String = (0..depth).rev().map(|n| format!("--b{n}--\n")).collect();
        put(format!("{depth} nested parts"), format!("{REPORT}{open}Content-Type: text/plain\n\n{ERROR}\n{close}"));
    }
    for length in [10 * KB, 100 * KB, MB] {
        let parts = (0..length / 80)
            .map(|n| format!("--b\nContent-Type: text/plain\n\n550 5.1.1 <ana{n}@contoso.example>: no such user\n"));
        let parts: String = parts.collect();
        put(
            format!("{} of parts", size(length)),
            format!("{REPORT}Content-Type: multipart/mixed; boundary=b\n\n{parts}--b--\n"),
        );
    }
    for length in [100 * KB, MB, 10 * MB] {
        put(format!("one line of {}", size(length)), PROSE.trim_end().repeat(length / PROSE.len()) + ERROR);
    }
    for length in [10 * KB, 100 * KB, MB] {
        let errors = (0..length / 80)
            .map(|n| format!("550 5.1.1 <ana{n}@contoso.example>: Recipient address rejected: no such user\n"));
        put(format!("{} of different errors", size(length)), errors.collect());
    }
    for length in [10 * KB, 100 * KB, MB] {
        put(format!("one line of {} of addresses", size(length)), "a@b.example ".repeat(length / 12));
        let listed = (0..length / 20).map(|n| format!("ana{n}@contoso.example\n"));
        put(format!("{} of listed addresses", size(length)), listed.collect());
    }
    inputs
}

/// Writes the inputs as files and returns the list of them.
fn write(folder: &Path, inputs: &[Input]) -> Result<PathBuf> {
    fs::create_dir_all(folder.join("inputs"))?;
    let path = folder.join("inputs.jsonl");
    let mut list = BufWriter::new(File::create(&path)?);
    for (nth, input) in inputs.iter().enumerate() {
        let file = folder.join(format!("inputs/{nth}"));
        fs::write(&file, &input.bytes)?;
        serde_json::to_writer(&mut list, &json!({ "set": input.set, "name": input.name, "path": file }))?;
        writeln!(list)?;
    }
    list.flush()?;
    Ok(path)
}

/// The fastest sample that criterion took, in nanoseconds: what else the machine does can only slow the others.
fn fastest(criterion: &Path, group: &str, name: &str) -> Result<f64> {
    let path = criterion.join(group).join(name).join("new/sample.json");
    let text = fs::read_to_string(&path).with_context(|| format!("criterion left no {}", path.display()))?;
    let sample: Value = serde_json::from_str(&text)?;
    let list = |key: &str| sample[key].as_array().into_iter().flatten().filter_map(Value::as_f64).collect::<Vec<_>>();
    let each = list("times").into_iter().zip(list("iters")).map(|(time, passes)| time / passes);
    each.reduce(f64::min).context("criterion's file has no samples")
}

fn speed(bytes: usize, nanoseconds: f64) -> f64 {
    bytes as f64 / nanoseconds * 1e3
}

fn size(bytes: usize) -> String {
    match bytes {
        0..KB => format!("{bytes} B"),
        KB..MB => format!("{} KB", (bytes + KB / 2) / KB),
        _ => format!("{} MB", (bytes + MB / 2) / MB),
    }
}
