//! Holds the promises of `examine` and `hand_over` against whatever libFuzzer thinks of.
//!
//! An input's last byte says how it comes in (as a file, as pasted text, as the clipboard's HTML), and whether its
//! bytes from 0x80 on stand for words of mail, so that single bytes reach deep states. A mail of `tests/corpus` ends
//! with a line end and so comes in as the file that it is.
#![no_main]

#[path = "../alphabet.rs"]
mod alphabet;
#[path = "../promises.rs"]
mod promises;

use libfuzzer_sys::fuzz_target;
use ndr_doctor::report::{Reader, What, Written};
use ndr_doctor::{Form, FormKind, HostCharsets, Lang, Options, Wish, examine, hand_over};

fuzz_target!(|data: &[u8]| {
    let Some((&last, _)) = data.split_last() else { return };
    let kind = match last % 3 {
        1 => FormKind::File,
        2 => FormKind::Text,
        _ => FormKind::Html,
    };
    let bytes = if last >= 0x80 { alphabet::spell(data) } else { data.to_vec() };
    // Text reaches the core as UTF-8; only a file can be anything.
    let bytes = match kind {
        FormKind::File => bytes,
        _ => String::from_utf8_lossy(&bytes).into_owned().into_bytes(),
    };
    let form = Form { kind, name: Some("input.eml"), bytes: &bytes };
    let report = |lang| examine(&[form], &Options { lang, ..Options::default() }, &HostCharsets);
    let english = report(Lang::En);
    let mut broken = promises::broken(&english);
    // A second language doubles the time, and what it could break hangs on the entry more than on the input.
    if data.len().is_multiple_of(4) {
        broken.extend(promises::differences(&english, &report(Lang::Es)));
    }
    // So does what is handed over: the length picks one of all that can be wished for.
    if data.len() % 4 == 1 {
        let nth = data.len() / 4;
        let wish = Wish {
            what: What::ALL[nth % 5].1,
            form: Written::ALL[nth / 5 % 4].1,
            reader: Reader::ALL[nth / 20 % 3].1,
            ..Wish::default()
        };
        let handed_over = hand_over(&[form], &Options::default(), &HostCharsets, &wish);
        if wish.reader == Reader::Public {
            broken.extend(promises::unmasked(&english, &handed_over));
        }
    }
    if kind == FormKind::Text {
        broken.extend(promises::shown_otherwise(&english, &bytes));
    }
    if !broken.is_empty() {
        eprintln!("{kind:?}: {}", String::from_utf8_lossy(&bytes));
        panic!("{} promises broken:\n  {}", broken.len(), broken.join("\n  "));
    }
});
