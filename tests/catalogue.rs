//! The catalogue tests itself: every example lands where it belongs, and every text reads as it should.

use ndr_doctor::catalog::{self, EXAMPLES};
use ndr_doctor::{Form, HostCharsets, Options, examine};

/// Where a pasted error lands: the sections of its findings, most serious first, or the verdict where there are none.
fn landing(says: &str) -> Vec<String> {
    let report = examine(&[Form::text(says)], &Options::default(), &HostCharsets);
    match report.findings.is_empty() {
        true => vec![format!("({})", report.verdict.word())],
        false => report.findings.into_iter().map(|f| f.section).collect(),
    }
}

/// Fails with a table of the misses, if there are any.
fn check_table(what: &str, misses: &[[String; 3]]) {
    if misses.is_empty() {
        return;
    }
    let mut table = format!("{} {what}:\n", misses.len());
    for [entry, landed, says] in misses {
        table.push_str(&format!("  {entry:<28} -> {landed:<28} {says}\n"));
    }
    panic!("{table}");
}

#[test]
fn every_example_lands_on_its_entry() {
    let misses: Vec<_> = EXAMPLES
        .iter()
        .flat_map(|e| e.examples.iter().map(move |says| (e.entry, *says)))
        .map(|(entry, says)| (entry, landing(says), says))
        .filter(|(entry, landed, _)| landed[0] != *entry)
        .map(|(entry, landed, says)| [entry.to_string(), landed.join(", "), says.trim().replace('\n', "\n      ")])
        .collect();
    check_table("examples land elsewhere", &misses);
}

#[test]
fn no_counter_example_lands_on_the_entry() {
    let misses: Vec<_> = EXAMPLES
        .iter()
        .flat_map(|e| e.counter_examples.iter().map(move |says| (e.entry, *says)))
        .map(|(entry, says)| (entry, landing(says), says))
        .filter(|(entry, landed, _)| landed.iter().any(|l| l == entry))
        .map(|(entry, landed, says)| [entry.to_string(), landed.join(", "), says.trim().replace('\n', "\n      ")])
        .collect();
    check_table("counter-examples land on the entry that they speak against", &misses);
}

#[test]
fn every_entry_brings_its_proof() {
    let ids: Vec<_> = catalog::ENTRIES.iter().map(|e| e.id).collect();
    let proofs: Vec<_> = EXAMPLES.iter().map(|e| e.entry).collect();
    assert_eq!(ids, proofs);
}
