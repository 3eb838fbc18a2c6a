//! `ndr-doctor check` as a shell sees it: misses, score and exit status.

mod fixtures;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// What a run left behind.
struct Run {
    status: i32,
    out: String,
    err: String,
}

/// Runs the program in the folder of the corpus.
fn run(arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_ndr-doctor"))
        .args(arguments)
        .current_dir(fixtures::project("tests/corpus"))
        .output()
        .expect("the program starts");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("it writes UTF-8");
    Run { status: output.status.code().expect("no signal ends it"), out: text(output.stdout), err: text(output.stderr) }
}

/// Writes a table of this test's own and checks the corpus against it.
fn check(name: &str, table: &str) -> Run {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}.tsv"));
    fs::write(&path, table).expect("the table can be written");
    run(&["check", ".", path.to_str().expect("the path is UTF-8")])
}

const FILE: &str = "ndr/classic_316_en.txt";
const RECIPIENT: &str = "bruno.salcedo@fabrikam.example";

#[test]
fn the_corpus_passes_by_its_own_table() {
    let run = run(&["check", ".", "expected.tsv"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""), "{}", run.out);
    for column in ["recipient", "verdict", "kind", "section", "status", "reply", "cause_status", "host", "ip"] {
        let score = run.out.lines().find(|line| line.split_whitespace().next() == Some(column));
        assert!(score.is_some_and(|line| line.ends_with("100.0 %")), "{column} in\n{}", run.out);
    }
}

#[test]
fn a_value_that_is_not_found_is_printed_and_counted() {
    let table = format!("file\trecipient\tstatus\treply\n{FILE}\t{RECIPIENT}\t5.1.1\t550\n");
    let run = check("miss", &table);
    assert_eq!(run.status, 1, "{}", run.err);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines[0], format!("{FILE}\t{RECIPIENT}\tstatus\t5.1.1\t5.4.316"));
    let score: Vec<Vec<&str>> = lines[1..].iter().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(
        score,
        [
            ["recipient", "1", "of", "1", "100.0", "%"],
            ["status", "0", "of", "1", "0.0", "%"],
            ["reply", "1", "of", "1", "100.0", "%"]
        ]
    );
}

#[test]
fn a_recipient_that_is_not_found_is_a_miss() {
    let run = check("recipient", &format!("file\trecipient\n{FILE}\tana@contoso.example\n"));
    assert_eq!(run.status, 1, "{}", run.err);
    assert!(
        run.out.starts_with(&format!("{FILE}\tana@contoso.example\trecipient\tana@contoso.example\t{RECIPIENT}\n")),
        "{}",
        run.out
    );
}

#[test]
fn columns_may_stand_in_any_order_be_empty_absent_or_unknown() {
    for (nth, table) in [
        format!("why\tstatus\tfile\nx\t5.4.316\t{FILE}\n"),
        format!("file\trecipient\tstatus\treply\tsection\n{FILE}\t\t5.4.316\t\t\n"),
        format!("file\trecipient\tstatus\treply\tsection\n{FILE}\t{}\n", RECIPIENT.to_uppercase()),
        format!("\u{FEFF}file\tsection\r\n{FILE}\t4.4.316\r\n\r\n"),
        format!("file\treply\tquote\n{FILE}\t550\t\"not closed\n"),
        format!("file\thost\tip\n{FILE}\tSMTP-IN.fabrikam.example\t198.51.100.40\n"),
    ]
    .iter()
    .enumerate()
    {
        let run = check(&format!("columns{nth}"), table);
        assert_eq!((run.status, run.err.as_str()), (0, ""), "of {table:?}\n{}", run.out);
    }
}

#[test]
fn what_cannot_be_read_is_named() {
    for (nth, (table, says)) in [
        ("file\tstatus\nno/such.eml\t5.1.1\n", "no/such.eml"),
        ("status\n5.1.1\n", "`file`"),
        ("", "`file`"),
        ("file\tstatus\n\t5.1.1\n", "line 2"),
        ("file\tstatus\n", "nothing"),
        ("file\tcolour\nx.eml\tred\n", "nothing"),
    ]
    .into_iter()
    .enumerate()
    {
        let run = check(&format!("unread{nth}"), table);
        assert_eq!(run.status, 2, "of {table:?}\n{}", run.out);
        assert!(run.err.contains(says), "{says} is not in\n{}", run.err);
    }
    let run = run(&["check", ".", "no/such.tsv"]);
    assert_eq!(run.status, 2);
    assert!(run.err.contains("no/such.tsv"), "{}", run.err);
}

#[test]
fn a_mail_that_cannot_be_read_leaves_the_others_their_score() {
    let run = check("partly", &format!("file\tstatus\nno/such.eml\t5.1.1\n{FILE}\t5.4.316\n"));
    assert_eq!(run.status, 2);
    assert!(run.out.contains("100.0 %"), "{}", run.out);
}

#[test]
fn files_of_any_name_are_still_read() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("names");
    fs::create_dir_all(&folder).expect("a folder can be made");
    for name in ["check", "help", "checks", "chek"] {
        fs::copy(fixtures::project("tests/corpus").join(FILE), folder.join(name)).expect("a file can be copied");
    }
    for arguments in [
        &["./check"][..],
        &["help"],
        &["chek"],
        &["checks", "help"],
        &["--", "check"],
        &["--json", "check"],
        &["help", "check"],
        &["help", "check", "check"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_ndr-doctor"))
            .args(arguments)
            .current_dir(&folder)
            .output()
            .expect("the program starts");
        let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{out}{err}");
        assert!(out.contains(RECIPIENT), "{arguments:?}\n{out}");
    }
}

#[test]
fn help_says_what_a_table_looks_like() {
    let run = run(&["check", "--help"]);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    for word in
        ["recipient  status  reply  section", "cause_status", "tab separated", "1 something missed", "TABLE.tsv"]
    {
        assert!(run.out.contains(word), "{word} is not in\n{}", run.out);
    }
}
