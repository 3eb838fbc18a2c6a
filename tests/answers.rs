//! What is answered before any error: a lure, a message that nobody here sent, a file without text, headers alone.

mod fixtures;

use fixtures::{Fixture, all};
use ndr_doctor::{Lang, Report};

fn report(name: &str) -> Report {
    let fixture = all().into_iter().find(|f| f.name == name);
    fixture.unwrap_or_else(|| panic!("no mail {name}")).report(Lang::En)
}

#[track_caller]
fn check(answers: &[(&str, &str)]) {
    for (name, answer) in answers {
        assert_eq!(report(name).answer.id, *answer, "{name}");
    }
}

/// The mails of the corpus whose answer is this one.
fn answered(id: &str) -> Vec<String> {
    let is = |f: &Fixture| f.report(Lang::En).answer.id == id;
    all().into_iter().filter(is).map(|f| f.name).collect()
}

#[test]
fn a_lure_is_answered_as_such_and_no_true_report_is() {
    let lures = [
        "fake/html_file.eml",
        "fake/release_messages_en.eml",
        "fake/same_password_pasted.txt",
        "fake/validate_mailbox_es.eml",
        "traps/fake_ndr_lure.eml",
        "traps/fake_ndr_lure_zip.eml",
    ];
    assert_eq!(answered("fake_ndr"), lures);
    for lure in lures {
        let report = report(lure);
        assert!(report.findings.is_empty() && report.answer.advice.len() == 3, "{lure}");
    }
}

#[test]
fn a_report_on_what_nobody_here_sent_is_answered_as_such_and_keeps_its_error() {
    let unsent = [
        "backscatter/reader_says_so.txt",
        "backscatter/received_spf_fail.eml",
        "backscatter/spf_fail.txt",
        "traps/backscatter_ndr.txt",
    ];
    assert_eq!(answered("backscatter"), unsent);
    for name in unsent {
        let report = report(name);
        assert!(!report.findings.is_empty() && !report.answer.advice.is_empty(), "{name}");
        assert!(report.notes.iter().all(|n| n.id != "backscatter"), "{name}: it is said twice");
    }
}

#[test]
fn a_file_without_text_is_answered_by_its_kind() {
    check(&[
        ("garbage/picture.png", "picture"),
        ("garbage/document.pdf", "pdf"),
        ("garbage/packed.zip", "archive"),
        ("garbage/letter.docx", "office"),
        ("garbage/mailbox.pst", "mailbox_file"),
    ]);
}

#[test]
fn headers_alone_are_answered_by_what_they_point_to() {
    check(&[
        ("headers/loop.txt", "headers_loop"),
        ("headers/slow_hop.txt", "headers_delay"),
        ("headers/spf_fail.txt", "headers_spf"),
        ("headers/dmarc_oreject.txt", "headers_dmarc_acted"),
        ("headers/dmarc_fail_arc_pass.txt", "headers_dmarc"),
        ("headers/sorted_as_spam.txt", "headers_spam"),
        ("headers/ndr_headers_only.txt", "headers_report"),
        ("headers/healthy_ptr.txt", "headers"),
    ]);
    let slow = report("headers/slow_hop.txt").answer.text;
    assert!(slow.contains("edge.contoso.example") && slow.contains("277 minutes"), "{slow}");
    let passed: Vec<_> = report("headers/dmarc_fail_arc_pass.txt").notes.into_iter().map(|n| n.id).collect();
    assert_eq!(passed, ["arc_passed"]);
}

#[test]
fn no_answer_leaves_a_place_to_fill() {
    for fixture in all() {
        for lang in Lang::ALL {
            let answer = fixture.report(lang).answer;
            let all = format!("{} {} {}", answer.title, answer.text, answer.advice.join(" "));
            assert!(!all.contains('{'), "{}: {all}", fixture.name);
        }
    }
}
