//! Writes the catalogue as Rust tables (structure and rules) and as one file of words per language.

use crate::catalog::{Catalogue, Id, Step, Text};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

#[derive(Default)]
struct Words {
    index: BTreeMap<(String, String), usize>,
    list: Vec<(String, String)>,
}

impl Words {
    /// The number of a text as Rust.
    fn put(&mut self, text: &Text) -> String {
        format!("W({})", self.number(text))
    }

    /// The number of a text that is the same in every language: a command, an address.
    fn neutral(&mut self, text: &str) -> usize {
        self.number(&Text { en: text.into(), es: text.into() })
    }

    fn number(&mut self, text: &Text) -> usize {
        let one_line = |t: &str| t.split_whitespace().collect::<Vec<_>>().join(" ");
        let key = (one_line(&text.en), one_line(&text.es));
        let next = self.list.len();
        let at = *self.index.entry(key.clone()).or_insert(next);
        if at == next {
            self.list.push(key);
        }
        at
    }
}

/// A stable fingerprint (FNV-1a) that ties a file of words to the tables made with it.
fn fingerprint(words: &[(String, String)]) -> u32 {
    let bytes = words.iter().flat_map(|(en, es)| en.bytes().chain([0]).chain(es.bytes()).chain([1]));
    bytes.fold(0x811c_9dc5, |hash, b| (hash ^ u32::from(b)).wrapping_mul(0x0100_0193))
}

pub fn emit(c: &Catalogue, out: &Path) {
    let mut words = Words::default();
    let mut rust = String::new();
    tables(c, &mut words, &mut rust).expect("writing to a string succeeds");
    let print = fingerprint(&words.list);
    writeln!(rust, "pub static FINGERPRINT: &str = \"{print:08x}\";").expect("as above");
    writeln!(rust, "pub const WORD_COUNT: usize = {};", words.list.len()).expect("as above");
    write(out, "tables.rs", &rust);
    let file = |pick: fn(&(String, String)) -> &str| {
        let lines: Vec<_> = words.list.iter().map(pick).collect();
        format!("{print:08x}\n{}\n", lines.join("\n"))
    };
    write(out, "words.en.txt", &file(|w| &w.0));
    write(out, "words.es.txt", &file(|w| &w.1));
    let mut page = String::from("pub static PAGE: &[(&str, [&str; 2])] = &[\n");
    for p in &c.page {
        let (key, text) = &p.it;
        writeln!(page, "({:?}, [{:?}, {:?}]),", key.get_ref(), text.en.trim(), text.es.trim()).expect("as above");
    }
    page.push_str("];\n");
    page.push_str("pub static EXAMPLES: &[Examples] = &[\n");
    for (_, e) in &c.entries {
        let e = &e.it;
        let says = |list: &[crate::catalog::Example]| {
            list.iter().map(|x| format!("{:?}", x.says.get_ref())).collect::<Vec<_>>().join(", ")
        };
        writeln!(
            page,
            "Examples {{ entry: {:?}, examples: &[{}], counter_examples: &[{}] }},",
            e.id.get_ref(),
            says(&e.examples),
            says(&e.counter_examples)
        )
        .expect("as above");
    }
    page.push_str("];\n");
    write(out, "host.rs", &page);
}

fn write(out: &Path, name: &str, text: &str) {
    std::fs::write(out.join(name), text).expect("cargo's output folder is writable");
}

/// Phrases as one text with tabs between: thousands of little slices would weigh more than their words.
fn joined(ids: &[Id], fold: impl Fn(&Id) -> String) -> String {
    let text = ids.iter().map(fold).collect::<Vec<_>>().join("\t");
    assert!(!text.contains(['|', '\n']), "a phrase holds a sign that the tables are written with: {text:?}");
    text
}

/// Lower case, each white space as one.
fn phrases(ids: &[Id]) -> String {
    joined(ids, |id| id.get_ref().to_lowercase().split_whitespace().collect::<Vec<_>>().join(" "))
}

fn position(ids: impl Iterator<Item = String>, wanted: &Id) -> usize {
    ids.into_iter().position(|id| &id == wanted.get_ref()).expect("checked before")
}

fn variant(word: &str) -> String {
    word.split('_').map(|part| part[..1].to_uppercase() + &part[1..]).collect()
}

/// Writes a list of steps as lines of the words file and says where they stand. A line is one step or one command:
/// `depth|id|who|only_if,…|link|text` and `depth|>|shell|changes_state|text|undo|good|bad`, texts by their numbers.
fn steps(c: &Catalogue, words: &mut Words, list: &[Step], owner: &str) -> (usize, usize) {
    let mut lines = Vec::new();
    step_lines(c, words, list, owner, 0, &mut lines);
    let first = words.list.len();
    let count = lines.len();
    words.list.extend(lines.into_iter().map(|line| (line.clone(), line)));
    (first, count)
}

fn step_lines(c: &Catalogue, words: &mut Words, list: &[Step], owner: &str, depth: usize, lines: &mut Vec<String>) {
    for (nth, step) in list.iter().enumerate() {
        let (body, id) = match &step.shared {
            Some(shared) => {
                let body = c.steps.iter().find(|s| s.it.id.as_ref().map(Id::get_ref) == Some(shared.get_ref()));
                (&body.expect("checked before").it, shared.get_ref().clone())
            }
            None => {
                let own = step.id.as_ref().map_or_else(|| (nth + 1).to_string(), |id| id.get_ref().clone());
                (step, if owner.is_empty() { own } else { format!("{owner}/{own}") })
            }
        };
        let only_if = if step.only_if.is_empty() { &body.only_if } else { &step.only_if };
        let only_if: Vec<_> = only_if.iter().map(|a| a.get_ref().as_str()).collect();
        let link = body.link.as_ref().map(|l| position(c.links.iter().map(|l| l.it.id.get_ref().clone()), l));
        lines.push(format!(
            "{depth}|{id}|{}|{}|{}|{}",
            body.who.as_ref().expect("checked before").get_ref(),
            only_if.join(","),
            link.map_or(String::new(), |l| l.to_string()),
            words.number(body.text.as_ref().expect("checked before")),
        ));
        for k in &body.commands {
            let undo = k.undo.as_ref().map_or(String::new(), |u| words.neutral(u).to_string());
            lines.push(format!(
                "{depth}|>|{}|{}|{}|{undo}|{}|{}",
                k.shell.get_ref(),
                u8::from(k.changes_state),
                words.neutral(k.text.get_ref()),
                words.number(&k.good),
                words.number(&k.bad)
            ));
        }
        step_lines(c, words, &body.steps, &id, depth + 1, lines);
    }
}

fn shared_steps(c: &Catalogue, words: &mut Words, ids: &[Id]) -> String {
    let list: Vec<Step> = ids
        .iter()
        .map(|id| Step {
            id: None,
            shared: Some(id.clone()),
            who: None,
            only_if: vec![],
            text: None,
            link: None,
            steps: vec![],
            commands: vec![],
        })
        .collect();
    let (first, count) = steps(c, words, &list, "");
    format!("Steps {{ first: {first}, count: {count} }}")
}

/// The entries as lines, which `src/catalog/entries.rs` reads: the fields of an entry with `|` between, then its causes.
fn entries(c: &Catalogue, words: &mut Words) -> String {
    let mut lines = String::new();
    // Texts mostly follow one another: what is written is how far a number lies from the one before.
    let mut last = 0;
    let mut apart = |number: usize| {
        let step = number as isize - last;
        last = number as isize;
        if step == 1 { String::new() } else { step.to_string() }
    };
    let spaced = |list: Vec<String>| list.join(" ");
    let names = |ids: &[Id]| ids.iter().map(|id| id.get_ref().clone()).collect::<Vec<_>>();
    let index = |ids: &[Id], all: Vec<String>| {
        spaced(ids.iter().map(|id| position(all.iter().cloned(), id).to_string()).collect())
    };
    for (family, e) in &c.entries {
        let e = &e.it;
        let causes: Vec<_> = e.causes.iter().map(|cause| (cause, words.number(&cause.text))).collect();
        let texts = [&e.title, &e.meaning, &e.detail, &e.confirm].map(|text| words.number(text));
        let (first, count) = steps(c, words, &e.steps, e.id.get_ref());
        let texts: Vec<_> = texts.into_iter().map(&mut apart).collect();
        let first = apart(first);
        let flags = [(e.decides_over_inner, "i"), (e.wrapper, "w")].iter().filter(|f| f.0).map(|f| f.1).collect();
        let fields: [String; 16] = [
            e.id.get_ref().clone(),
            spaced(names(&e.codes)),
            spaced(e.replies.iter().map(|r| r.to_string()).collect()),
            spaced(names(&e.dialects)),
            phrases(&e.says),
            phrases(&e.wording),
            flags,
            e.category.get_ref().clone(),
            e.stage.get_ref().clone(),
            e.acts.get_ref().clone(),
            family.to_string(),
            texts.join(","),
            format!("{first},{count}"),
            index(&e.questions, c.questions.iter().map(|q| q.it.id.get_ref().clone()).collect()),
            index(&e.notes, c.notes.iter().map(|n| n.it.id.get_ref().clone()).collect()),
            index(&e.sources, c.sources.iter().map(|s| s.it.id.get_ref().clone()).collect()),
        ];
        lines += &(fields.join("|") + "\n");
        for (cause, text) in causes {
            let fields =
                [cause.id.get_ref().clone(), apart(text), phrases(&cause.indicated_by), phrases(&cause.ruled_out_by)];
            lines += &format!("-{}\n", fields.join("|"));
        }
    }
    lines
}

fn tables(c: &Catalogue, words: &mut Words, r: &mut String) -> std::fmt::Result {
    writeln!(r, "pub static FAMILIES: &[Family] = &[")?;
    for f in &c.families {
        writeln!(r, "Family {{ id: {:?}, title: {} }},", f.it.id.get_ref(), words.put(&f.it.title))?;
    }
    writeln!(r, "];\nstatic ENTRY_LINES: &str = {:?};", entries(c, words))?;
    writeln!(r, "pub static QUESTIONS: &[Question] = &[")?;
    for q in &c.questions {
        let mut answers = String::new();
        for a in &q.it.answers {
            write!(
                answers,
                "Answer {{ id: {:?}, text: {}, evident_from: Phrases({:?}) }}, ",
                a.id.get_ref(),
                words.put(&a.text),
                phrases(&a.evident_from)
            )?;
        }
        let (id, text) = (q.it.id.get_ref(), words.put(&q.it.text));
        writeln!(r, "Question {{ id: {id:?}, text: {text}, answers: &[{answers}] }},")?;
    }
    writeln!(r, "];\npub static NOTES: &[Note] = &[")?;
    for n in &c.notes {
        writeln!(r, "Note {{ id: {:?}, text: {} }},", n.it.id.get_ref(), words.put(&n.it.text))?;
    }
    writeln!(r, "];\npub static LINKS: &[Link] = &[")?;
    for l in &c.links {
        writeln!(r, "Link {{ url: W({}), title: {} }},", words.neutral(l.it.url.get_ref()), words.put(&l.it.title))?;
    }
    writeln!(r, "];\npub static SOURCES: &[Source] = &[")?;
    for s in &c.sources {
        let s = &s.it;
        let [title, url, read] = [&s.title, s.url.get_ref(), s.read.get_ref()].map(|t| words.neutral(t));
        writeln!(r, "Source {{ title: W({title}), url: W({url}), read: W({read}) }},")?;
    }
    writeln!(r, "];\npub static CLASSES: &[Class] = &[")?;
    for k in &c.classes {
        let k = &k.it;
        let list = shared_steps(c, words, &k.steps);
        let [title, meaning, detail] = [&k.title, &k.meaning, &k.detail].map(|t| words.put(t));
        let code = k.code.get_ref();
        writeln!(r, "Class {{ code: {code}, title: {title}, meaning: {meaning}, detail: {detail}, steps: {list} }},")?;
    }
    writeln!(r, "];\npub static SUBJECTS: &[Subject] = &[")?;
    for s in &c.subjects {
        let s = &s.it;
        writeln!(
            r,
            "Subject {{ code: {}, category: {:?}, stage: Stage::{}, acts: Actor::{}, title: {}, meaning: {}, steps_4: {}, steps_5: {} }},",
            s.code.get_ref(),
            s.category.get_ref(),
            variant(s.stage.get_ref()),
            variant(s.acts.get_ref()),
            words.put(&s.title),
            words.put(&s.meaning),
            shared_steps(c, words, &s.steps_4),
            shared_steps(c, words, &s.steps_5),
        )?;
    }
    writeln!(r, "];\npub static REGISTERED: &[Registered] = &[")?;
    for g in &c.registered {
        let (subject, detail) = g.it.code.get_ref().split_once('.').expect("a registered code is subject.detail");
        let category = g.it.category.as_ref().map_or("None".into(), |k| format!("Some({:?})", k.get_ref()));
        let (title, meaning) = (words.put(&g.it.title), words.put(&g.it.meaning));
        writeln!(
            r,
            "Registered {{ code: ({subject}, {detail}), title: {title}, meaning: {meaning}, category: {category} }},"
        )?;
    }
    writeln!(r, "];\npub static REPLIES: &[Reply] = &[")?;
    for p in &c.replies {
        let (title, meaning) = (words.put(&p.it.title), words.put(&p.it.meaning));
        writeln!(r, "Reply {{ code: {}, title: {title}, meaning: {meaning} }},", p.it.code.get_ref())?;
    }
    writeln!(r, "];\npub static TERMS: &[Term] = &[")?;
    for t in &c.terms {
        let matches = joined(&t.it.matches, |id| id.get_ref().clone());
        writeln!(r, "Term {{ matches: Phrases({matches:?}), text: {} }},", words.put(&t.it.text))?;
    }
    writeln!(r, "];\npub static HEADERS: &[Header] = &[")?;
    for h in &c.headers {
        writeln!(r, "Header {{ name: {:?}, text: {} }},", h.it.name.get_ref(), words.put(&h.it.text))?;
    }
    writeln!(r, "];\n/// The report's own sentences, by key.\npub mod say {{\nuse super::W;")?;
    for p in &c.report {
        let name = p.it.0.get_ref().to_uppercase().replace('.', "_");
        writeln!(r, "pub const {name}: W = {};", words.put(&p.it.1))?;
    }
    writeln!(r, "}}")
}
