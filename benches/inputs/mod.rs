//! What is measured: the corpus's whole reports, and inputs of growing size. `cargo xtask bench` writes the same ones
//! to files for Node.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// One input and the name that a table gives it.
pub struct Input {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Every complete message of the corpus that tells of a failure or a delay.
pub fn reports() -> Vec<Input> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join(if cfg!(xtask) { "../tests/corpus" } else { "tests/corpus" });
    let table = fs::read_to_string(corpus.join("expected.tsv")).expect("the corpus has a table");
    let columns = |line: &'static str| line;
    let _ = columns;
    let files: BTreeSet<&str> = table
        .lines()
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|cells| cells[0].ends_with(".eml") && ["failed", "delayed"].contains(&cells[2]))
        .map(|cells| cells[0])
        .collect();
    let read = |file: &str| Input {
        name: file.to_string(),
        bytes: fs::read(corpus.join(file)).expect("the table names files of the corpus"),
    };
    files.into_iter().map(read).collect()
}
