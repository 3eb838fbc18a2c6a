//! The program `ndr-doctor` as a shell sees it: exit status, streams, options.

mod fixtures;

use serde_json::Value;
use std::io::Write;
use std::process::{Command, Stdio};

/// What a run left behind.
struct Run {
    status: i32,
    out: String,
    err: String,
}

/// Runs the program on `stdin`, in the folder of the corpus.
fn run(arguments: &[&str], stdin: &[u8]) -> Run {
    let mut child = Command::new(env!("CARGO_BIN_EXE_ndr-doctor"))
        .args(arguments)
        .current_dir(fixtures::project("tests/corpus"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    // A program that does not read its input closes it early.
    let _ = child.stdin.take().expect("it was piped").write_all(stdin);
    let output = child.wait_with_output().expect("the program ends");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
    Run { status: output.status.code().expect("no signal ends it"), out: text(output.stdout), err: text(output.stderr) }
}

const FAILED: &str = "ndr/classic_316_en.txt";
const DELAYED: &str = "trace/led_316_whole.txt";
const ORDINARY: &str = "wrongway/ordinary_es.eml";
const UNRECOGNISED: &str = "garbage/one_word.txt";
const MISSING: &str = "no/such/file.txt";

#[test]
fn the_exit_status_tells_the_worst_of_all_files() {
    for (files, status) in [
        (&[FAILED][..], 0),
        (&[DELAYED], 0),
        (&[ORDINARY], 0),
        (&[FAILED, DELAYED, ORDINARY], 0),
        (&[UNRECOGNISED], 1),
        (&[UNRECOGNISED, FAILED], 1),
        (&[FAILED, UNRECOGNISED, DELAYED], 1),
        (&[MISSING], 2),
        (&[MISSING, UNRECOGNISED], 2),
        (&[UNRECOGNISED, MISSING, FAILED], 2),
    ] {
        let run = run(files, b"");
        assert_eq!(run.status, status, "of {files:?}\n{}{}", run.out, run.err);
    }
}

#[test]
fn a_folder_cannot_be_read_and_the_other_files_still_are() {
    let run = run(&["ndr", FAILED], b"");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("ndr"), "{}", run.err);
    assert!(run.out.contains("5.4.316"), "{}", run.out);
}

#[test]
fn a_missing_file_is_named_on_standard_error() {
    let run = run(&[MISSING], b"");
    assert_eq!(run.out, "");
    assert!(run.err.starts_with("ndr-doctor: no/such/file.txt: "), "{}", run.err);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
}

#[test]
fn a_dash_is_standard_input() {
    let error = b"550 5.1.1 <ana@contoso.example>: user unknown";
    let piped = run(&["-", "--json"], error);
    assert_eq!(piped.status, 0, "{}", piped.err);
    let report: Value = serde_json::from_str(&piped.out).expect("one JSON object");
    assert_eq!(report["findings"][0]["status"], "5.1.1");
    assert_eq!(report["findings"][0]["recipients"][0]["final"], "ana@contoso.example");
    assert_eq!(run(&["-"], b"").status, 1, "nothing on standard input");
    assert_eq!(run(&["-"], b"\xFF\xFE\x00garbage\xFF").status, 1, "bytes that are no text");
}

#[test]
fn json_is_one_report_a_line_in_the_order_of_the_files() {
    let run = run(&["--json", DELAYED, FAILED, UNRECOGNISED], b"");
    let reports: Vec<Value> =
        run.out.lines().map(|line| serde_json::from_str(line).expect("every line is one JSON object")).collect();
    let verdicts: Vec<_> = reports.iter().map(|r| r["verdict"].as_str().expect("a word")).collect();
    assert_eq!(verdicts, ["delayed", "failed", "unrecognised"]);
    for report in &reports {
        assert_eq!((&report["schema"], &report["lang"]), (&Value::from(1), &Value::from("en")));
    }
    assert!(run.out.ends_with('\n'));
    assert_eq!(run.err, "");
}

#[test]
fn readable_text_says_what_failed_and_what_to_do() {
    let one = run(&[FAILED], b"");
    for word in ["4.4.316", "5.4.316", "smtp-in.fabrikam.example", "198.51.100.40", "bruno.salcedo@fabrikam.example"] {
        assert!(one.out.contains(word), "{word} is not in\n{}", one.out);
    }
    assert!(!one.out.contains("== "), "one file needs no heading\n{}", one.out);
    let two = run(&[FAILED, DELAYED], b"");
    for file in [FAILED, DELAYED] {
        assert!(two.out.contains(&format!("== {file} ==\n")), "several files each get a heading\n{}", two.out);
    }
}

#[test]
fn the_language_is_chosen_by_its_tag() {
    let [english, spanish, mexican] =
        [&[FAILED][..], &["--lang", "es", FAILED], &["--lang=es-MX", FAILED]].map(|arguments| run(arguments, b"").out);
    assert!(english.contains("The message did not arrive"), "{english}");
    assert!(spanish.contains("El mensaje no llegó"), "{spanish}");
    assert_eq!(spanish, mexican);
    let report: Value = serde_json::from_str(&run(&["--lang", "es", "--json", FAILED], b"").out).expect("JSON");
    assert_eq!(report["lang"], "es");
}

#[test]
fn answers_are_taken_by_id() {
    let question = |out: &str| -> Value {
        let report: Value = serde_json::from_str(out).expect("JSON");
        report["findings"][0]["questions"][0].clone()
    };
    let open = question(&run(&["--json", FAILED], b"").out);
    let id = open["answers"][0]["id"].as_str().expect("4.4.316 asks a question").to_string();
    let answered = question(&run(&["--json", "--answer", &id, FAILED], b"").out);
    assert_eq!((&open["answer"], &answered["answer"]), (&Value::Null, &Value::from(id)));
}

#[test]
fn what_it_does_not_know_is_named() {
    for (arguments, word) in [
        (&["--lang", "xx", FAILED][..], "en or es"),
        (&["--colour", FAILED], "--colour"),
        (&["-x", FAILED], "-x"),
        (&[], "FILE"),
    ] {
        let run = run(arguments, b"");
        assert_eq!(run.status, 2, "{arguments:?}");
        assert!(run.err.contains(word), "{arguments:?}: {word} is not in\n{}", run.err);
        assert!(run.err.contains("--help"), "{arguments:?}: no way on is shown\n{}", run.err);
        assert_eq!(run.out, "", "{arguments:?}");
    }
}

#[test]
fn help_names_every_option_and_exit_status() {
    let run = run(&["--help"], b"");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    for word in
        ["--lang", "--json", "--answer", "FILE", "standard input", "0 understood", "1 unrecognised", "2 could not read"]
    {
        let unwrapped = run.out.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(unwrapped.contains(word), "{word} is not in\n{}", run.out);
    }
}

#[test]
fn the_version_is_the_packages() {
    assert_eq!(run(&["--version"], b"").out, concat!("ndr-doctor ", env!("CARGO_PKG_VERSION"), "\n"));
}
