//! How fast `examine` is on this machine. `cargo xtask bench` makes the inputs, runs this and reads its figures.

use std::fs;
use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, SamplingMode, criterion_group, criterion_main};
use mail_parser::MessageParser;
use ndr_doctor::{Form, HostCharsets, Options, examine};
use serde_json::Value;

struct Input {
    name: String,
    bytes: Vec<u8>,
}

/// The inputs of one set, as the list that `NDR_BENCH` names has them: an object `{ set, name, path }` a line.
fn inputs(set: &str) -> Vec<Input> {
    let Ok(list) = std::env::var("NDR_BENCH") else { panic!("the inputs are made by `cargo xtask bench`") };
    let list = fs::read_to_string(list).expect("the list can be read");
    let lines = list.lines().map(|line| serde_json::from_str::<Value>(line).expect("a line is JSON"));
    let field = |line: &Value, key: &str| line[key].as_str().expect("a line has this field").to_string();
    lines
        .filter(|line| line["set"] == set)
        .map(|line| Input {
            name: field(&line, "name"),
            bytes: fs::read(field(&line, "path")).expect("the list names files"),
        })
        .collect()
}

fn read(input: &Input) {
    black_box(examine(&[Form::file("input.eml", &input.bytes)], &Options::default(), &HostCharsets));
}

/// One pass over all reports, and the same pass by a parser of MIME that does nothing else.
fn reports(criterion: &mut Criterion) {
    let reports = inputs("reports");
    let mut group = criterion.benchmark_group("reports");
    group.measurement_time(Duration::from_secs(8));
    group.bench_function("examine", |b| b.iter(|| reports.iter().for_each(read)));
    let parser = MessageParser::default();
    let parse = |input: &Input| drop(black_box(parser.parse(&input.bytes)));
    group.bench_function("parse", |b| b.iter(|| reports.iter().for_each(parse)));
    group.finish();
}

/// Inputs of growing size, each by itself.
fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("growth");
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    for input in inputs("growth") {
        group.bench_function(&input.name, |b| b.iter(|| read(&input)));
    }
    group.finish();
}

criterion_group!(benches, reports, growth);
criterion_main!(benches);
