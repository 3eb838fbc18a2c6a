//! The catalogue tests itself: every example lands where it belongs, and every text reads as it should.

mod fixtures;

use ndr_doctor::Lang;
use ndr_doctor::catalog::{self, ENTRIES, EXAMPLES};
use ndr_doctor::report::{Step, guide};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

/// One `key = "value"` of the catalogue.
struct Line {
    /// `catalog/policy.toml:41`
    place: String,
    /// The block it stands in: `entry.step.command`, `question`, or the group of a string.
    block: String,
    /// The entry it belongs to; empty for what entries share.
    entry: String,
    key: String,
    value: String,
}

/// Every line of `catalog/*.toml` that gives a text.
fn lines() -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, path) in fixtures::files_under(&fixtures::project("catalog")) {
        if !name.ends_with(".toml") {
            continue;
        }
        let file = fs::read_to_string(path).expect("a file of the catalogue can be read");
        let (mut block, mut entry) = (String::new(), String::new());
        for (nth, line) in file.lines().enumerate() {
            if line.starts_with('[') {
                block = line.trim_matches(['[', ']']).to_string();
                if !block.starts_with("entry.") {
                    entry.clear();
                }
                continue;
            }
            let Some((key, value)) = line.split_once(" = \"").filter(|_| !line.starts_with('#')) else { continue };
            // TOML's basic strings are written like JSON's.
            let quoted = format!("\"{}\"", value.rsplit_once('"').map_or(value, |(inside, _)| inside));
            let place = format!("catalog/{name}:{}", nth + 1);
            let value: String = serde_json::from_str(&quoted).unwrap_or_else(|error| panic!("{place}: {error}"));
            if (block.as_str(), key) == ("entry", "id") {
                entry.clone_from(&value);
            }
            lines.push(Line { place, block: block.clone(), entry: entry.clone(), key: key.to_string(), value });
        }
    }
    lines
}

/// A text and its translation, which stands on the next line.
fn pairs(lines: &[Line]) -> Vec<(&Line, &Line)> {
    let pairs: Vec<_> = lines.windows(2).filter(|w| w[0].key.ends_with(".en")).map(|w| (&w[0], &w[1])).collect();
    for (en, es) in &pairs {
        assert_eq!(en.key.replace(".en", ".es"), es.key, "{}: English, then Spanish on the next line", en.place);
    }
    pairs
}

/// Where a pasted error lands: the sections of its findings, most serious first, or the verdict where there are none.
fn landing(says: &str) -> Vec<String> {
    let report = fixtures::paste(says);
    match report.findings.is_empty() {
        true => vec![format!("({})", report.verdict.word())],
        false => report.findings.into_iter().map(|f| f.section.into()).collect(),
    }
}

/// Examines the `says` of every entry and fails with a confusion table of those that land wrong.
fn check_landings(block: &str, what: &str, wrong: fn(entry: &str, landed: &[String]) -> bool) {
    let mut table = String::new();
    let (mut misses, mut all) = (0, 0);
    for line in lines().iter().filter(|l| l.block == block && l.key == "says") {
        all += 1;
        let landed = landing(&line.value);
        if wrong(&line.entry, &landed) {
            misses += 1;
            let (says, landed) = (line.value.trim().replace('\n', "\n        "), landed.join(", "));
            let _ = writeln!(table, "  {:<28} -> {landed:<28} {}\n        {says}", line.entry, line.place);
        }
    }
    assert!(all >= ENTRIES.len(), "{all} {block} for {} entries", ENTRIES.len());
    assert!(misses == 0, "{misses} of {all} {what}\n  (entry -> where it landed)\n{table}");
}

#[test]
fn every_example_lands_on_its_entry() {
    check_landings("entry.example", "examples land elsewhere", |entry, landed| landed[0] != entry);
}

#[test]
fn no_counter_example_lands_on_the_entry() {
    let what = "counter-examples land on the entry that they speak against";
    check_landings("entry.counter_example", what, |entry, landed| landed.iter().any(|l| l == entry));
}

#[test]
fn every_entry_brings_an_example_and_a_counter_example() {
    let ids: Vec<_> = ENTRIES.iter().map(|e| e.id).collect();
    let proven: Vec<_> = EXAMPLES.iter().map(|e| e.entry).collect();
    assert_eq!(ids, proven);
    for e in EXAMPLES {
        assert!(!e.examples.is_empty() && !e.counter_examples.is_empty(), "{} proves nothing", e.entry);
    }
}

#[test]
fn every_id_stands_for_one_thing() {
    let mut owners: BTreeMap<(String, String, String), String> = BTreeMap::new();
    let mut faults = Vec::new();
    for line in lines().into_iter().filter(|l| l.key == "id") {
        // A cause and a step are named within their entry, all others in the whole catalogue.
        let kind = line.block.rsplit('.').next().unwrap_or_default().to_string();
        let within = if line.block.contains('.') && kind != "answer" { line.entry } else { String::new() };
        if let Some(before) = owners.insert((within, kind.clone(), line.value.clone()), line.place.clone()) {
            faults.push(format!("{}: {kind} {:?} stands at {before} already", line.place, line.value));
        }
    }
    assert!(faults.is_empty(), "{}\n  help: an id is never reused", faults.join("\n"));
}

#[test]
fn the_words_that_ship_are_the_words_of_the_catalogue() {
    for lang in Lang::ALL {
        let mut shipped: BTreeSet<&str> = catalog::words_file(lang).lines().collect();
        shipped.extend(catalog::page_words(lang).into_iter().map(|(_, text)| text));
        let ending = format!(".{}", lang.tag());
        for line in lines().iter().filter(|l| l.key.ends_with(&ending)) {
            assert!(
                shipped.contains(line.value.trim()),
                "{}: this text is in no file of words: {}",
                line.place,
                line.value
            );
        }
    }
}

/// Every step, with what is nested in it.
fn all_steps(steps: &[Step]) -> Vec<&Step> {
    steps.iter().flat_map(|step| std::iter::once(step).chain(all_steps(&step.steps))).collect()
}

#[test]
fn every_entry_says_first_what_the_sender_can_do_and_then_what_an_administrator_can() {
    for entry in guide(Lang::En).into_iter().flat_map(|family| family.entries) {
        let first = entry.steps[0].who.word();
        assert_eq!(first, "sender", "{}: the first step is for {first}", entry.id);
        let who: BTreeSet<_> = all_steps(&entry.steps).into_iter().map(|step| step.who.word()).collect();
        // Where the recipient's side has to act, its administrator is told how; elsewhere the sending one is told something.
        let needed = if entry.acts.word() == "recipient_admin" { "recipient_admin" } else { "admin" };
        assert!(who.contains(needed), "{}: no step for {needed}", entry.id);
    }
}

/// Fails with every fault beside its place in the catalogue.
fn check_texts(rule: &str, help: &str, faults: &[(&Line, String)]) {
    let list: String = faults.iter().map(|(l, fault)| format!("{}: {fault}\n    {}\n", l.place, l.value)).collect();
    assert!(faults.is_empty(), "{} texts: {rule}\n{list}  help: {help}", faults.len());
}

/// The sentences of a text; what stands in backticks parts none and counts as one word.
fn sentences(text: &str) -> Vec<String> {
    let mut joined = String::new();
    for (nth, piece) in text.split('`').enumerate() {
        match nth % 2 {
            0 => joined.push_str(piece),
            _ => joined.push_str(&format!("`{}`", piece.replace(' ', "\u{A0}"))),
        }
    }
    let mut sentences = vec![String::new()];
    for word in joined.split(' ').filter(|w| !w.is_empty()) {
        let last = sentences.last_mut().expect("it begins with one");
        *last += word;
        last.push(' ');
        let bare = word.trim_end_matches(['"', ')', '»', '”', '*', '’']);
        if bare.ends_with(['.', '!', '?']) && !["p.", "ej.", "e.g.", "i.e."].contains(&bare) {
            sentences.push(String::new());
        }
    }
    sentences.retain(|s| !s.trim().is_empty());
    sentences.iter().map(|s| s.trim().to_string()).collect()
}

fn word_count(sentence: &str) -> usize {
    sentence.split(' ').filter(|w| w.chars().any(char::is_alphanumeric)).count()
}

#[test]
fn no_sentence_is_longer_than_30_words() {
    let lines = lines();
    let mut faults = Vec::new();
    for (en, es) in pairs(&lines) {
        for line in [en, es] {
            let counts = sentences(&line.value).into_iter().map(|s| word_count(&s));
            faults.extend(counts.filter(|count| *count > 30).map(|count| (line, format!("{count} words"))));
        }
    }
    check_texts("a sentence over 30 words", "one idea a sentence", &faults);
}

#[test]
fn no_sentence_stands_in_two_entries() {
    let lines = lines();
    let mut owners: BTreeMap<String, &Line> = BTreeMap::new();
    let mut faults = Vec::new();
    for (en, es) in pairs(&lines).into_iter().filter(|(en, _)| !en.entry.is_empty()) {
        for line in [en, es] {
            for sentence in sentences(&line.value).into_iter().filter(|s| word_count(s) >= 6) {
                let owner = *owners.entry(sentence.to_lowercase()).or_insert(line);
                if owner.entry != line.entry {
                    faults.push((
                        line,
                        format!("{:?} says what {:?} says at {}: {sentence}", line.entry, owner.entry, owner.place),
                    ));
                }
            }
        }
    }
    check_texts("a sentence in two entries", "what several entries need is a shared step, note or question", &faults);
}

/// The pieces of a text that read the same in every language, sorted: literals in backticks, addresses, numbers and codes.
fn same_everywhere(text: &str) -> Vec<String> {
    let mut same: Vec<String> = Vec::new();
    let mut plain = String::new();
    for (nth, piece) in text.split('`').enumerate() {
        match nth % 2 {
            0 => plain.push_str(piece),
            _ => same.push(format!("`{piece}`")),
        }
    }
    for word in plain.split([' ', '\u{A0}', '(', ')', '“', '”', '«', '»', '–', '/', '-']) {
        if word.contains("://") {
            same.push(word.trim_end_matches(['.', ',', ';', ':']).to_string());
            continue;
        }
        let number = word.trim_matches(|c: char| !c.is_ascii_digit());
        if !number.is_empty() {
            let mut groups = number.split([',', '.']);
            let grouped = groups.next().is_some_and(|g| g.len() <= 3) && groups.all(|g| g.len() == 3);
            // Thousands are grouped by a comma in English, by a full stop or a blank in Spanish.
            same.push(if grouped { number.replace([',', '.'], "") } else { number.replace(',', ".") });
        }
    }
    same.sort();
    // "that port" may stand for a second "port 25".
    same.dedup();
    same
}

#[test]
fn literals_addresses_numbers_and_codes_are_the_same_in_both_languages() {
    let lines = lines();
    let mut faults = Vec::new();
    for (en, es) in pairs(&lines) {
        let (en_has, es_has) = (same_everywhere(&en.value), same_everywhere(&es.value));
        if en_has != es_has {
            let only = |a: &[String], b: &[String]| a.iter().filter(|x| !b.contains(x)).cloned().collect::<Vec<_>>();
            let (only_en, only_es) = (only(&en_has, &es_has), only(&es_has, &en_has));
            faults.push((en, format!("only in English {only_en:?}, only in Spanish {only_es:?}\n    {}", es.value)));
        }
    }
    check_texts("the languages differ in more than words", "write the same literal in both", &faults);
}

#[test]
fn spanish_says_usted() {
    // Forms of tú in any place of a sentence.
    let anywhere = "tu tus tú te ti contigo tuyo tuya tienes puedes debes quieres necesitas sabes eres estás has haz pon ten \
                    podrás tendrás deberás verás";
    // Commands to a tú; further on in a sentence they are the third person.
    let first = "abre añade busca comprueba copia crea desactiva elige elimina envía escribe espera guarda intenta lee mira pega \
                 pregunta prueba quita reenvía repite revisa selecciona sigue suelta usa ve verifica vuelve";
    let has = |list: &str, word: &str| list.split_whitespace().any(|w| w == word);
    let lines = lines();
    let mut faults = Vec::new();
    for (_, es) in pairs(&lines) {
        for sentence in sentences(&es.value) {
            let words: Vec<_> = sentence
                .split(' ')
                .filter(|w| !w.starts_with('`'))
                .map(|w| w.trim_matches(|c: char| !c.is_alphanumeric()))
                // TI is a department.
                .filter(|w| *w != "TI")
                .map(str::to_lowercase)
                .collect();
            let familiar = words.iter().find(|w| has(anywhere, w)).or(words.first().filter(|w| has(first, w)));
            faults.extend(familiar.map(|word| (es, format!("{word:?} is a form of tú"))));
        }
    }
    check_texts("tú instead of usted", "usted: abra, compruebe, su, puede", &faults);
}

#[test]
fn every_link_is_https() {
    for line in lines() {
        let is_link = line.key != "url" || line.value.starts_with("https://");
        assert!(is_link, "{}: {:?} is not an https link", line.place, line.value);
        let shown = line.key.ends_with(".en") || line.key.ends_with(".es");
        assert!(!(shown && line.value.contains("http://")), "{}: a text with http://", line.place);
    }
}
