//! The catalogue as it stands in the TOML files: its shape, and reading it.

use serde::Deserialize;
use std::fmt;
use std::path::Path;
use toml::Spanned;

/// A mistake in the catalogue, shown as `file:line: what` with a hint.
pub struct Mistake {
    pub file: String,
    pub line: usize,
    pub what: String,
    pub help: String,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.what)?;
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// A text in every language of the catalogue.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub en: String,
    pub es: String,
}

pub type Id = Spanned<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Family {
    pub id: Id,
    pub title: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub id: Id,
    #[serde(default)]
    pub codes: Vec<Id>,
    #[serde(default)]
    pub replies: Vec<u16>,
    #[serde(default)]
    pub dialects: Vec<Id>,
    #[serde(default)]
    pub says: Vec<Id>,
    #[serde(default)]
    pub wording: Vec<Id>,
    #[serde(default)]
    pub decides_over_inner: bool,
    #[serde(default)]
    pub wrapper: bool,
    pub category: Id,
    pub stage: Id,
    pub acts: Id,
    pub title: Text,
    pub meaning: Text,
    pub detail: Text,
    pub confirm: Text,
    #[serde(default)]
    pub questions: Vec<Id>,
    #[serde(default)]
    pub notes: Vec<Id>,
    #[serde(default)]
    pub sources: Vec<Id>,
    #[serde(default, rename = "cause")]
    pub causes: Vec<Cause>,
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
    #[serde(default, rename = "example")]
    pub examples: Vec<Example>,
    #[serde(default, rename = "counter_example")]
    pub counter_examples: Vec<Example>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    pub id: Id,
    pub text: Text,
    #[serde(default)]
    pub indicated_by: Vec<Id>,
    #[serde(default)]
    pub ruled_out_by: Vec<Id>,
    #[serde(default)]
    pub cannot_tell: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    pub id: Option<Id>,
    #[serde(rename = "use")]
    pub shared: Option<Id>,
    pub who: Option<Id>,
    #[serde(default)]
    pub only_if: Vec<Id>,
    pub text: Option<Text>,
    pub link: Option<Id>,
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
    #[serde(default, rename = "command")]
    pub commands: Vec<Command>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    pub shell: Id,
    pub text: Id,
    pub good: Text,
    pub bad: Text,
    #[serde(default)]
    pub changes_state: bool,
    pub undo: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub says: Id,
    #[serde(default)]
    #[allow(dead_code, reason = "the reason is for the reader of the file")]
    pub why: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    pub id: Id,
    pub text: Text,
    #[serde(rename = "answer")]
    pub answers: Vec<Answer>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub id: Id,
    pub text: Text,
    #[serde(default)]
    pub evident_from: Vec<Id>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub id: Id,
    pub text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub id: Id,
    pub url: Id,
    pub title: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub id: Id,
    pub url: Id,
    pub title: String,
    pub read: Id,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    pub code: Id,
    pub title: Text,
    pub meaning: Text,
    pub detail: Text,
    #[serde(default)]
    pub steps: Vec<Id>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    pub code: Id,
    pub category: Id,
    pub stage: Id,
    pub acts: Id,
    pub title: Text,
    pub meaning: Text,
    #[serde(default)]
    pub steps_4: Vec<Id>,
    #[serde(default)]
    pub steps_5: Vec<Id>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    pub code: Id,
    pub title: Text,
    pub meaning: Text,
    pub category: Option<Id>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    pub code: Spanned<u16>,
    pub title: Text,
    pub meaning: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    pub id: Id,
    #[serde(rename = "match")]
    pub matches: Vec<Id>,
    pub text: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    pub name: Id,
    pub text: Text,
}

/// An id that is gone and stays taken: links and stored checklists may still name it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Retired {
    /// An entry or an answer by its id, a cause or a step as `entry/step`.
    pub id: Id,
    /// The day it left the catalogue.
    pub on: Id,
    /// What answers in its place; empty where nothing does.
    #[allow(dead_code, reason = "for the reader of the file")]
    pub instead: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    family: Option<Family>,
    #[serde(rename = "entry")]
    entries: Vec<Entry>,
    #[serde(rename = "step")]
    steps: Vec<Step>,
    #[serde(rename = "question")]
    questions: Vec<Question>,
    #[serde(rename = "note")]
    notes: Vec<Note>,
    #[serde(rename = "link")]
    links: Vec<Link>,
    #[serde(rename = "source")]
    sources: Vec<Source>,
    #[serde(rename = "class")]
    classes: Vec<Class>,
    #[serde(rename = "subject")]
    subjects: Vec<Subject>,
    #[serde(rename = "registered")]
    registered: Vec<Registered>,
    #[serde(rename = "reply")]
    replies: Vec<Reply>,
    #[serde(rename = "term")]
    terms: Vec<Term>,
    #[serde(rename = "header")]
    headers: Vec<Header>,
    retired: Vec<Retired>,
}

/// Something from a file, with the file's place in `Catalogue::files`.
pub struct In<T> {
    pub file: usize,
    pub it: T,
}

/// The text of one file, for line numbers.
pub struct SourceText {
    pub name: String,
    pub text: String,
}

/// The whole catalogue, in the order of the file names.
#[derive(Default)]
pub struct Catalogue {
    pub files: Vec<SourceText>,
    pub families: Vec<In<Family>>,
    pub entries: Vec<(usize, In<Entry>)>,
    pub steps: Vec<In<Step>>,
    pub questions: Vec<In<Question>>,
    pub notes: Vec<In<Note>>,
    pub links: Vec<In<Link>>,
    pub sources: Vec<In<Source>>,
    pub classes: Vec<In<Class>>,
    pub subjects: Vec<In<Subject>>,
    pub registered: Vec<In<Registered>>,
    pub replies: Vec<In<Reply>>,
    pub terms: Vec<In<Term>>,
    pub headers: Vec<In<Header>>,
    pub retired: Vec<In<Retired>>,
    /// `page.toml`: key and text.
    pub page: Vec<In<(Id, Text)>>,
    /// `report.toml`: key and text.
    pub report: Vec<In<(Id, Text)>>,
}

impl Catalogue {
    /// A mistake at the place of `id`.
    pub fn mistake<T>(&self, file: usize, at: &Spanned<T>, what: String, help: &str) -> Mistake {
        let SourceText { name, text } = &self.files[file];
        let line = text[..at.span().start.min(text.len())].matches('\n').count() + 1;
        Mistake { file: name.clone(), line, what, help: help.into() }
    }
}

/// Reads every `*.toml` in `folder`.
pub fn read(folder: &Path) -> Result<Catalogue, Vec<Mistake>> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .expect("the catalogue's folder is there")
        .filter_map(|entry| entry.ok().map(|e| e.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    // Connectors first: the page's guide and every list start with them.
    names.sort_by_key(|p| (p.file_stem().is_none_or(|s| s != "connectors"), p.clone()));
    let mut c = Catalogue::default();
    let mut mistakes = Vec::new();
    for path in names {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(&path).expect("a catalogue file is readable UTF-8");
        let file = c.files.len();
        let stem = path.file_stem().and_then(|s| s.to_str()).unwrap_or_default().to_string();
        let result = if stem == "page" || stem == "report" {
            read_strings(&text).map(|strings| {
                let list = if stem == "page" { &mut c.page } else { &mut c.report };
                list.extend(strings.into_iter().map(|it| In { file, it }));
            })
        } else {
            toml::from_str::<File>(&text).map(|f| add(&mut c, file, f))
        };
        if let Err(error) = result {
            let start = error.span().map_or(0, |s| s.start);
            let line = text[..start.min(text.len())].matches('\n').count() + 1;
            mistakes.push(Mistake {
                file: name.clone(),
                line,
                what: error.message().to_string(),
                help: "catalog/README.md shows the shape; every text needs `.en` and `.es`".into(),
            });
        }
        c.files.push(SourceText { name, text });
    }
    if mistakes.is_empty() { Ok(c) } else { Err(mistakes) }
}

fn read_strings(text: &str) -> Result<Vec<(Id, Text)>, toml::de::Error> {
    let groups: std::collections::BTreeMap<Id, std::collections::BTreeMap<Id, Text>> = toml::from_str(text)?;
    let mut strings = Vec::new();
    for (group, texts) in groups {
        for (name, value) in texts {
            let key = format!("{}.{}", group.get_ref(), name.get_ref());
            strings.push((Spanned::new(name.span(), key), value));
        }
    }
    Ok(strings)
}

fn add(c: &mut Catalogue, file: usize, f: File) {
    fn put<T>(list: &mut Vec<In<T>>, file: usize, items: Vec<T>) {
        list.extend(items.into_iter().map(|it| In { file, it }));
    }
    if let Some(family) = f.family {
        c.families.push(In { file, it: family });
    }
    let family = c.families.len().saturating_sub(1);
    c.entries.extend(f.entries.into_iter().map(|it| (family, In { file, it })));
    put(&mut c.steps, file, f.steps);
    put(&mut c.questions, file, f.questions);
    put(&mut c.notes, file, f.notes);
    put(&mut c.links, file, f.links);
    put(&mut c.sources, file, f.sources);
    put(&mut c.classes, file, f.classes);
    put(&mut c.subjects, file, f.subjects);
    put(&mut c.registered, file, f.registered);
    put(&mut c.replies, file, f.replies);
    put(&mut c.terms, file, f.terms);
    put(&mut c.headers, file, f.headers);
    put(&mut c.retired, file, f.retired);
}
