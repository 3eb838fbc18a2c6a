//! What is handed over keeps every secret of the corpus that its reader must not see; `tests/corpus/secrets.tsv` lists them by hand.

mod fixtures;

use fixtures::Fixture;
use ndr_doctor::report::{MaskKind, MaskedRun, Reader, What, Written};
use ndr_doctor::{Form, Handover, HostCharsets, Lang, Options, Wish, hand_over};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// One row of the table: a secret, and what it is.
struct Secret {
    file: String,
    kind: Option<MaskKind>,
    text: String,
}

const HOW: &str = "
  help: tests/corpus/secrets.tsv has one row for each person, address, subject, message id, host, domain and IP address of a mail:
        file <tab> kind <tab> secret, in the file's own spelling; a file without any has one row of kind `none`.
        Kinds: recipient, sender, address, name, subject, message_id, own_domain, remote_domain, own_host, remote_host, ip,
        and text for anything else that is personal.";

fn secrets() -> Vec<Secret> {
    let path = fixtures::project("tests/corpus/secrets.tsv");
    let table = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let rows = table.lines().enumerate().filter(|(_, line)| !line.starts_with('#'));
    rows.map(|(nth, line)| {
        let cells: Vec<_> = line.split('\t').collect();
        let [file, kind, text] = cells[..] else { panic!("secrets.tsv:{}: {line:?}{HOW}", nth + 1) };
        // An IP address is kept from whom the sender's own are: whose it is, the table leaves open.
        let word = if kind == "ip" { "remote_ip" } else { kind };
        let known = MaskKind::ALL.iter().copied().find(|k| k.word() == word);
        assert!(known.is_some() != (kind == "none"), "secrets.tsv:{}: no kind {kind:?}{HOW}", nth + 1);
        assert_eq!(text.is_empty(), kind == "none", "secrets.tsv:{}: {line:?}{HOW}", nth + 1);
        Secret { file: file.to_string(), kind: known, text: text.to_string() }
    })
    .collect()
}

/// White space folded, or taken out: a long value may be broken anywhere.
fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn closed(text: &str) -> String {
    text.split_whitespace().collect::<String>().to_lowercase()
}

/// Everything that a file says, as it is shown and with the encoded words of its header decoded.
fn said(fixture: &Fixture) -> String {
    let report = fixture.report(Lang::En);
    let mut text: String = report.parts.iter().flat_map(|p| &p.runs).map(|r| r.text.as_str()).collect();
    if let Some(message) = mail_parser::MessageParser::default().parse(&fixture.bytes) {
        text.push_str(message.subject().unwrap_or_default());
    }
    text
}

#[test]
fn every_mail_has_its_secrets_listed_and_every_secret_stands_in_its_mail() {
    let secrets = secrets();
    let mut of: BTreeMap<&str, Vec<&Secret>> = BTreeMap::new();
    for secret in &secrets {
        of.entry(&secret.file).or_default().push(secret);
    }
    let mut faults = Vec::new();
    let mut files = BTreeSet::new();
    for fixture in fixtures::all() {
        let Some(listed) = of.get(fixture.name.as_str()) else {
            faults.push(format!("{} has no row", fixture.name));
            continue;
        };
        let said = said(&fixture);
        let (folded_text, closed_text) = (folded(&said), closed(&said));
        let raw = folded(&String::from_utf8_lossy(&fixture.bytes));
        for secret in listed.iter().filter(|s| s.kind.is_some()) {
            let stands = folded_text.contains(&folded(&secret.text))
                || closed_text.contains(&closed(&secret.text))
                || raw.contains(&folded(&secret.text));
            if !stands {
                faults.push(format!("{}: {:?} does not stand in it", fixture.name, secret.text));
            }
        }
        if listed.len() > 1 && listed.iter().any(|s| s.kind.is_none()) {
            faults.push(format!("{}: `none` beside secrets", fixture.name));
        }
        files.insert(fixture.name);
    }
    faults.extend(of.keys().filter(|file| !files.contains(**file)).map(|file| format!("no mail {file}")));
    assert!(faults.is_empty(), "{} faults:\n  {}{HOW}", faults.len(), faults.join("\n  "));
    let listed = secrets.iter().filter(|s| s.kind.is_some()).count();
    assert!(listed > 2500, "the table lists {listed} secrets");
}

/// Whether a text holds a secret: as it is, broken, or escaped for an address or for HTML. A secret that is one
/// plain word must stand by itself: "Ana" is in "analysis", too.
fn holds(text: &str, secret: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let stands = |text: &str, secret: &str| {
        text.match_indices(secret).any(|(at, _)| {
            let bare = secret.chars().all(char::is_alphanumeric);
            !bare || !word(text[..at].chars().next_back()) && !word(text[at + secret.len()..].chars().next())
        })
    };
    let secret = folded(secret);
    let percent: String = secret
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { (b as char).to_string() } else { format!("%{b:02x}") })
        .collect();
    let html = secret.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\'', "&#39;");
    [secret.clone(), percent, html.replace('"', "&quot;"), secret.replace('"', "\\\"")].iter().any(|s| stands(text, s))
}

/// What is handed over without what its reader may see: with the marks of HTML and Markdown taken off, and as it is.
fn text(handed_over: &Handover) -> [String; 2] {
    let kept = |run: &&MaskedRun| {
        let mask = handed_over.masks.iter().find(|mask| run.mask.as_deref() == Some(&mask.id));
        mask.is_none_or(|mask| mask.hidden)
    };
    let mut text: String = handed_over.runs.iter().filter(kept).map(|r| r.text.as_str()).collect();
    for other in [&handed_over.title, &handed_over.file_name] {
        text.push('\n');
        text.push_str(other);
    }
    let mut bare = String::new();
    for (nth, piece) in text.replace('>', "<>").split('<').enumerate() {
        match (handed_over.media_type == "text/html", piece.strip_prefix('>')) {
            (true, Some(text)) => bare.push_str(text),
            (true, None) if nth > 0 => {}
            (_, Some(text)) => bare.extend([">", text]),
            (_, None) => bare.extend([if nth > 0 { "<" } else { "" }, piece]),
        }
    }
    for (escaped, sign) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"), ("\\\"", "\"")]
    {
        bare = bare.replace(escaped, sign);
    }
    let bare = folded(&bare.replace("**", "").replace('`', ""));
    let whole = if handed_over.media_type == "application/json" { String::new() } else { folded(&text) };
    [bare, whole]
}

/// Whether a text holds a secret outside the project's own sentences, which may hold any word.
fn tells([bare, whole]: &[String; 2], secret: &str, own: &[String]) -> bool {
    if !holds(bare, secret) && !holds(whole, secret) {
        return false;
    }
    let is_own = |sentence: &&String| bare.contains(sentence.as_str()) && holds(sentence, secret);
    let rest = own.iter().filter(is_own).fold(bare.clone(), |rest, sentence| rest.replace(sentence.as_str(), " "));
    holds(&rest, secret)
}

/// The project's own sentences in one language, without their marks, longest first.
fn own_sentences(lang: Lang) -> Vec<String> {
    let bare = |line: &str| folded(&line.replace("**", "").replace('`', ""));
    let mut sentences: Vec<_> =
        ndr_doctor::catalog::words_file(lang).lines().map(bare).filter(|l| l.len() > 3).collect();
    sentences.sort_by_key(|sentence| std::cmp::Reverse(sentence.len()));
    sentences
}

/// Everything that can be wished for, for the public; for the others every document in one form and one language.
/// (JSON is the whole report, whatever it is for.)
fn wishes(reader: Reader) -> Vec<(What, Written, Lang)> {
    let public = reader == Reader::Public;
    let mut wishes = Vec::new();
    for &lang in if public { &Lang::ALL[..] } else { &Lang::ALL[..1] } {
        wishes.push((What::Report, Written::Json, lang));
        for (_, what) in What::ALL {
            for written in
                [Written::Plain, Written::Markdown, Written::Html].into_iter().take(if public { 3 } else { 1 })
            {
                wishes.push((what, written, lang));
            }
        }
    }
    wishes
}

#[test]
fn no_secret_is_in_what_is_handed_over() {
    let secrets = secrets();
    let fixtures = fixtures::all();
    let own = Lang::ALL.map(own_sentences);
    let (next, faults, checked) = (AtomicUsize::new(0), Mutex::new(BTreeSet::new()), AtomicUsize::new(0));
    let work = |fixture: &Fixture| {
        let form = [Form::file(&fixture.name, &fixture.bytes)];
        let listed: Vec<_> = secrets.iter().filter(|s| s.file == fixture.name).collect();
        for (reader_word, reader) in Reader::ALL {
            for (what, written, lang) in wishes(reader) {
                let wish = Wish { what, form: written, reader, ..Wish::default() };
                let options = Options { lang, ..Options::default() };
                let handed_over = text(&hand_over(&form, &options, &HostCharsets, &wish));
                let own = &own[lang as usize];
                for secret in listed.iter().filter(|s| s.kind.is_some_and(|k| k.is_hidden_from(reader))) {
                    checked.fetch_add(1, Ordering::Relaxed);
                    if tells(&handed_over, &secret.text, own) {
                        let fault = format!("{}: {reader_word} reads {:?}", fixture.name, secret.text);
                        faults.lock().expect("no worker panics").insert(fault);
                    }
                }
            }
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while let Some(fixture) = fixtures.get(next.fetch_add(1, Ordering::Relaxed)) {
                    work(fixture);
                }
            });
        }
    });
    let faults: Vec<_> = faults.into_inner().expect("no worker panics").into_iter().collect();
    assert!(faults.is_empty(), "{} secrets get out:\n  {}{HOW}", faults.len(), faults.join("\n  "));
    assert!(checked.into_inner() > 100_000, "few secrets were looked for");
}
