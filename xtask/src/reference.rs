//! Writes the reference: a page per entry and language that reads without a script, and an index to search in.
//!
//! `codes/4.4.316/` and `es/codes/4.4.316/` stay where they are, since links live on; ids are never reused.
//! `codes/unlisted/` is about codes that have no entry: the id that a report gives them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use ndr_doctor::report::{Floor, Guide, GuideAnswer, Reading, Step, answers, floor, guide};
use ndr_doctor::{Form, HostCharsets, Options, examine};
use serde::Serialize;

use crate::files::{Names, put};
use crate::organisation::Organisation;
use crate::site;
use crate::words::Lang;

const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("../templates/layout.html")),
    ("steps.html", include_str!("../templates/steps.html")),
    ("entry.html", include_str!("../templates/entry.html")),
    ("codes.html", include_str!("../templates/codes.html")),
    ("general.html", include_str!("../templates/general.html")),
];

/// The page about codes without an entry.
const GENERAL: &str = "unlisted";

/// Neighbours shown at most, of the same code and of the same family.
const MOST: usize = 12;

/// Writes every page under `to`.
pub fn write(to: &Path, names: &Names, organisation: &Organisation) -> Result<()> {
    // What an entry is called elsewhere is found by in the other language too.
    let titles: BTreeMap<Lang, BTreeMap<&str, String>> = Lang::ALL
        .into_iter()
        .map(|lang| (lang, guide(lang).into_iter().flat_map(|f| f.entries).map(|e| (e.id, e.title)).collect()))
        .collect();
    for lang in Lang::ALL {
        let site = Site::of(lang, &titles, names, organisation)?;
        put(&to.join(site.folder("index.html")), site.index()?)?;
        put(&to.join(site.folder(&format!("{GENERAL}/index.html"))), site.general()?)?;
        for family in &site.families {
            for entry in &family.entries {
                let page = site.entry(entry).with_context(|| format!("the page of {}", entry.id))?;
                put(&to.join(site.folder(&format!("{}/index.html", slug(entry.id)))), page)?;
            }
        }
    }
    Ok(())
}

/// The folder of an entry's page: its id, made safe for an address. `www/reference.js` has the same rule.
pub fn slug(id: &str) -> String {
    let mut slug = String::new();
    for c in id.to_lowercase().chars() {
        match c {
            'a'..='z' | '0'..='9' | '.' | '-' => slug.push(c),
            _ if slug.ends_with('-') => {}
            _ => slug.push('-'),
        }
    }
    slug
}

/// Everything of one language.
struct Site<'a> {
    lang: Lang,
    families: Vec<ndr_doctor::report::Family>,
    organisation: &'a Organisation,
    answers: BTreeMap<&'static str, GuideAnswer>,
    floor: Floor,
    titles: &'a BTreeMap<Lang, BTreeMap<&'static str, String>>,
    environment: Environment<'static>,
}

#[derive(Serialize)]
struct Language {
    tag: &'static str,
    name: &'static str,
    href: String,
}

/// Steps of one actor, in their order.
#[derive(Serialize)]
struct Role<'a> {
    who: &'static str,
    steps: Vec<&'a Step>,
}

/// An entry as a line of a list.
#[derive(Serialize)]
struct Line {
    slug: String,
    /// Its first code, where it has one.
    code: Option<String>,
    title: String,
}

#[derive(Serialize)]
struct Neighbours {
    id: &'static str,
    entries: Vec<Line>,
}

/// An entry in the list by symptom.
#[derive(Serialize)]
struct Item {
    slug: String,
    /// For the search: codes and ranges, apart by blanks.
    codes: String,
    /// For the search: words of an error that lead to the entry.
    says: String,
    /// For the search: what else the reader does not see.
    words: String,
    shown: String,
    title: String,
    meaning: String,
}

#[derive(Serialize)]
struct ItemFamily {
    id: &'static str,
    title: String,
    items: Vec<Item>,
}

/// Codes of one subject.
#[derive(Serialize)]
struct Subject {
    code: String,
    title: String,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    code: String,
    entries: Vec<Line>,
}

/// What one part of a code says, at its place in the page.
#[derive(Serialize)]
struct Anchored {
    anchor: String,
    code: String,
    codes: String,
    title: String,
    meaning: String,
}

impl<'a> Site<'a> {
    fn of(
        lang: Lang,
        titles: &'a BTreeMap<Lang, BTreeMap<&'static str, String>>,
        names: &Names,
        organisation: &'a Organisation,
    ) -> Result<Self> {
        let mut environment = site::environment(lang, names, organisation)?;
        environment.add_filter("plain", |text: &str| text.replace("**", "").replace('`', ""));
        for (name, source) in TEMPLATES {
            environment.add_template(name, source)?;
        }
        let families = guide(lang);
        let slugs: BTreeSet<_> = families.iter().flat_map(|f| &f.entries).map(|e| slug(e.id)).collect();
        let count: usize = families.iter().map(|f| f.entries.len()).sum();
        ensure!(slugs.len() == count && !slugs.contains(GENERAL), "two entries would share a page");
        let answers = answers(lang).into_iter().map(|a| (a.id, a)).collect();
        Ok(Self { lang, families, answers, floor: floor(lang), titles, environment, organisation })
    }

    /// A path under the folder of the reference, from the root of the site.
    fn folder(&self, path: &str) -> String {
        format!("{}codes/{path}", prefix(self.lang))
    }

    fn string(&self, key: &str) -> String {
        crate::words::page(self.lang).get(key).map(|text| (*text).to_string()).unwrap_or_default()
    }

    /// `page` is the folder under `codes/`, empty for the index.
    fn render(&self, template: &str, page: &str, title: &str, description: &str, values: Value) -> Result<String> {
        let depth = 1 + usize::from(!page.is_empty()) + usize::from(!prefix(self.lang).is_empty());
        let root = vec![".."; depth].join("/");
        let page = if page.is_empty() { String::new() } else { format!("{page}/") };
        let languages: Vec<_> = Lang::ALL
            .into_iter()
            .map(|lang| Language {
                tag: lang.tag(),
                name: match lang {
                    Lang::En => "English",
                    Lang::Es => "Español",
                },
                href: format!("{root}/{}codes/{page}", prefix(lang)),
            })
            .collect();
        let own = context! {
            lang => self.lang.tag(),
            home => format!("{root}/{}", prefix(self.lang)),
            root,
            languages => Value::from(Serde(languages)),
            answers => Value::from(Serde(&self.answers)),
            version => env!("CARGO_PKG_VERSION"),
            csp => site::POLICY,
            organisation => self.organisation.is_given(),
            ticket => self.organisation.ticket().unwrap_or_default(),
            title,
            head => short(title),
            description,
        };
        let html = self.environment.get_template(template)?.render(context! { ..values, ..own })?;
        // Where a condition of a template does not hold, its line is left empty.
        Ok(html.lines().filter(|line| !line.trim().is_empty()).fold(String::new(), |all, line| all + line + "\n"))
    }

    fn entry(&self, entry: &Guide) -> Result<String> {
        let family = self.families.iter().find(|f| f.entries.iter().any(|e| e.id == entry.id));
        let family = family.context("every entry has a family")?;
        let title = match entry.codes.first() {
            Some(code) => format!("{code} {}", entry.title),
            None => entry.title.clone(),
        };
        let roles: Vec<_> = ["sender", "admin", "recipient_admin"]
            .into_iter()
            .map(|who| Role { who, steps: entry.steps.iter().filter(|s| s.who.word() == who).collect() })
            .filter(|role| !role.steps.is_empty())
            .collect();
        let (any_system, systems) = systems(entry);
        let values = context! {
            entry => Value::from(Serde(entry)),
            family => context! { id => family.id, title => family.title.clone() },
            roles => Value::from(Serde(roles)),
            neighbours => Value::from(Serde(self.neighbours(entry, &family.entries))),
            any_system,
            systems,
        };
        self.render("entry.html", &slug(entry.id), &title, &entry.meaning, values)
    }

    /// Others with the same code, then others of the family, those about the same kind of fault first.
    fn neighbours(&self, entry: &Guide, family: &[Guide]) -> Vec<Neighbours> {
        let lines = |entries: &[&Guide]| -> Vec<Line> { entries.iter().take(MOST).map(|e| line(e)).collect() };
        let codes: BTreeSet<&String> = entry.codes.iter().collect();
        let mut same_code: Vec<&Guide> = self
            .families
            .iter()
            .flat_map(|f| &f.entries)
            .filter(|e| e.id != entry.id && e.codes.iter().any(|code| codes.contains(code)))
            .collect();
        let shared = |e: &Guide| e.codes.iter().filter(|code| codes.contains(code)).count();
        let near = |e: &Guide| usize::from(e.category == entry.category) + usize::from(e.dialects == entry.dialects);
        same_code.sort_by_key(|e| std::cmp::Reverse((near(e), shared(e))));
        let mut same_family: Vec<&Guide> =
            family.iter().filter(|e| e.id != entry.id && !same_code.iter().any(|other| other.id == e.id)).collect();
        same_family.sort_by_key(|e| std::cmp::Reverse(near(e)));
        let mut by_code = lines(&same_code);
        for (line, entry) in by_code.iter_mut().zip(&same_code) {
            line.code = entry.codes.iter().find(|code| codes.contains(code)).cloned();
        }
        vec![
            Neighbours { id: "same_code", entries: by_code },
            Neighbours { id: "same_family", entries: lines(&same_family) },
        ]
    }

    fn index(&self) -> Result<String> {
        let families: Vec<_> = self
            .families
            .iter()
            .map(|f| ItemFamily {
                id: f.id,
                title: f.title.clone(),
                items: f.entries.iter().filter(|e| self.lists(e)).map(|e| self.item(e)).collect(),
            })
            .filter(|f| !f.items.is_empty())
            .collect();
        let values = context! {
            families => Value::from(Serde(families)),
            codes => Value::from(Serde(self.by_code())),
            general => context! {
                slug => GENERAL,
                registered => Value::from(Serde(anchored(&self.floor.registered))),
                replies => Value::from(Serde(anchored(&self.floor.replies))),
            },
        };
        self.render("codes.html", "", &self.string("reference.title"), &self.string("reference.lead"), values)
    }

    /// Whether the index names it; its page is there all the same, for answers lead to it.
    fn lists(&self, entry: &Guide) -> bool {
        !self.organisation.hides(entry.id)
    }

    fn item(&self, entry: &Guide) -> Item {
        let titles = self.titles.iter().filter(|(lang, _)| **lang != self.lang);
        let other = titles.filter_map(|(_, titles)| titles.get(entry.id).cloned());
        let shown_by = entry.causes.iter().flat_map(|c| c.shown_by.iter().cloned());
        let texts = [&entry.detail].into_iter().chain(entry.causes.iter().map(|c| &c.text));
        let literals = texts.flat_map(|text| text.split('`').skip(1).step_by(2)).map(String::from);
        let examples = entry.examples.iter().take(2).map(|e| (*e).to_string());
        let systems = entry.dialects.iter().map(|d| self.string(&format!("dialect.{d}")));
        let mut seen = BTreeSet::new();
        let says = fresh(&mut seen, entry.phrases.iter().cloned());
        let words = fresh(&mut seen, shown_by.chain(literals).chain(systems).chain(other).chain(examples));
        let shown = match &entry.codes[..] {
            few if few.len() <= 4 => few.join(", "),
            many => format!("{}, …", many[..4].join(", ")),
        };
        Item {
            slug: slug(entry.id),
            codes: entry.codes.iter().map(|c| c.replace('–', "-")).collect::<Vec<_>>().join(" "),
            says,
            words,
            shown,
            title: entry.title.clone(),
            meaning: entry.meaning.clone(),
        }
    }

    /// Every code with its entries, under its subject, then the entries that have none.
    fn by_code(&self) -> Vec<Subject> {
        type Key = (u16, u16, u16);
        let key = |code: &str| -> Option<Key> {
            let mut numbers = code.split('–').next()?.split('.').map(|n| n.parse().ok());
            let (class, subject, detail) = (numbers.next()??, numbers.next()??, numbers.next()??);
            Some((subject, detail, class))
        };
        let mut rows: BTreeMap<(Key, &String), Vec<&Guide>> = BTreeMap::new();
        let mut without = Vec::new();
        for entry in self.families.iter().flat_map(|f| &f.entries).filter(|e| self.lists(e)) {
            for code in &entry.codes {
                rows.entry((key(code).unwrap_or_default(), code)).or_default().push(entry);
            }
            if entry.codes.is_empty() {
                without.push(line(entry));
            }
        }
        let mut subjects: Vec<Subject> = self
            .floor
            .subjects
            .iter()
            .map(|s| Subject { code: s.code.clone(), title: s.title.clone(), rows: Vec::new() })
            .collect();
        for (((subject, ..), code), mut entries) in rows {
            // The one that is called by its code comes first, then those that fewest codes lead to.
            entries.sort_by_key(|e| (e.id != code, e.codes.len()));
            if let Some(group) = subjects.iter_mut().find(|s| s.code == format!("X.{subject}.X")) {
                group.rows.push(Row { code: code.clone(), entries: entries.into_iter().map(line).collect() });
            }
        }
        subjects.retain(|s| !s.rows.is_empty());
        let rows = vec![Row { code: String::new(), entries: without }];
        subjects.push(Subject { code: String::new(), title: String::new(), rows });
        subjects
    }

    fn general(&self) -> Result<String> {
        let groups = [("registered", &self.floor.registered), ("replies", &self.floor.replies)];
        let groups: Vec<_> = groups
            .into_iter()
            .map(|(id, readings)| context! { id, readings => Value::from(Serde(anchored(readings))) })
            .collect();
        let values = context! { floor => Value::from(Serde(&self.floor)), groups };
        let (title, lead) = (self.string("reference.general"), self.string("reference.general_lead"));
        self.render("general.html", GENERAL, &title, &lead, values)
    }
}

/// The folder of a language, from the root of the site.
fn prefix(lang: Lang) -> String {
    if lang == Lang::default() { String::new() } else { format!("{}/", lang.tag()) }
}

/// The words of texts that were not seen yet.
fn fresh(seen: &mut BTreeSet<String>, texts: impl Iterator<Item = String>) -> String {
    let mut words = Vec::new();
    for text in texts {
        let new = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
        words.extend(new.filter(|word| seen.insert(word.to_lowercase())).map(String::from));
    }
    words.join(" ")
}

/// A page's title; browsers and search engines cut what is longer than 70 characters, so the least important goes first.
fn short(title: &str) -> String {
    let whole = title.replace("**", "").replace('`', "");
    // An apostrophe is six characters of HTML.
    let fits = |text: &str| text.chars().map(|c| if c == '\'' { 6 } else { 1 }).sum::<usize>() <= 70;
    let without_code = whole.split_once(' ').filter(|(code, _)| code.starts_with(['4', '5'])).map(|(_, rest)| rest);
    let candidates = [format!("{whole} · NDR Doctor"), whole.clone(), without_code.unwrap_or(&whole).to_string()];
    candidates.into_iter().find(|text| fits(text)).unwrap_or_else(|| {
        let mut cut = String::new();
        for word in whole.split(' ') {
            if !fits(&format!("{cut} {word}…")) {
                break;
            }
            cut = if cut.is_empty() { word.into() } else { format!("{cut} {word}") };
        }
        cut + "…"
    })
}

fn line(entry: &Guide) -> Line {
    Line { slug: slug(entry.id), code: entry.codes.first().cloned(), title: entry.title.clone() }
}

fn anchored(readings: &[Reading]) -> Vec<Anchored> {
    readings
        .iter()
        .map(|r| Anchored {
            anchor: format!("code-{}", r.code.to_lowercase().replace('.', "-")),
            codes: match r.code.strip_prefix('X') {
                Some(rest) => ["2", "4", "5"].map(|class| format!("{class}{rest}")).join(" "),
                None => r.code.clone(),
            },
            code: r.code.clone(),
            title: r.title.clone(),
            meaning: r.meaning.clone(),
        })
        .collect()
}

/// Who says this error: whether any system may, and the systems that are known to.
fn systems(entry: &Guide) -> (bool, Vec<String>) {
    if !entry.dialects.is_empty() {
        return (false, entry.dialects.iter().map(|d| (*d).to_string()).collect());
    }
    let mut seen = Vec::new();
    for example in entry.examples {
        for finding in examine(&[Form::text(example)], &Options::default(), &HostCharsets).findings {
            let dialect = finding.dialect.to_string();
            if dialect != "unknown" && !seen.contains(&dialect) {
                seen.push(dialect);
            }
        }
    }
    // Codes like these are one maker's own, whoever relays them.
    let is_microsofts = |code: &String| {
        let mut numbers = code.split(['.', '–']).skip(1).map(|n| n.parse::<u16>().unwrap_or_default());
        let (subject, detail) = (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default());
        detail >= 100 && (1..8).contains(&subject)
    };
    let only = !entry.codes.is_empty() && entry.codes.iter().all(is_microsofts) && !seen.is_empty();
    (!only, seen)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_safe_in_any_address() {
        assert_eq!(slug("4.4.316"), "4.4.316");
        assert_eq!(slug("5.7.606-649"), "5.7.606-649");
        assert_eq!(slug("Búzon  lleno/../x"), "b-zon-lleno-..-x");
    }

    #[test]
    fn every_entry_keeps_its_id_as_its_address() {
        for entry in guide(Lang::En).iter().flat_map(|f| &f.entries) {
            assert_eq!(slug(entry.id), entry.id);
        }
    }

    #[test]
    fn every_page_is_written_and_every_link_between_them_leads_somewhere() {
        let folder = tempdir("reference");
        write(&folder, &names(), &Organisation::default()).expect("the pages can be written");
        let mut links = 0;
        for page in pages(&folder) {
            let html = std::fs::read_to_string(&page).expect("a page can be read");
            let here = page.parent().expect("a page lies in a folder");
            for piece in html.split("href=\"").skip(1) {
                let link = piece.split('"').next().unwrap_or_default();
                let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
                if link.starts_with("https://") || !path.is_empty() && !path.ends_with('/') {
                    continue;
                }
                links += 1;
                let target = if path.is_empty() { page.clone() } else { here.join(path).join("index.html") };
                // The live page itself is not written here.
                if !path.contains("codes") && path.trim_end_matches("../").is_empty() && !target.exists()
                    || path.ends_with("es/")
                {
                    continue;
                }
                let there = std::fs::read_to_string(&target)
                    .unwrap_or_else(|_| panic!("{}: {link} leads nowhere", page.display()));
                let is_there = anchor.is_empty() || there.contains(&format!("id=\"{anchor}\""));
                assert!(is_there, "{}: nothing is called #{anchor}", page.display());
            }
            assert!(!html.contains("style=\"") && !html.contains("<style"), "{}: an inline style", page.display());
        }
        let entries: usize = guide(Lang::En).iter().map(|f| f.entries.len()).sum();
        assert_eq!(pages(&folder).len(), Lang::ALL.len() * (entries + 2));
        assert!(links > 1000, "only {links} links");
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn the_index_finds_codes_numbers_and_words_in_both_languages() {
        let folder = tempdir("search");
        write(&folder, &names(), &Organisation::default()).expect("the pages can be written");
        let script = crate::paths::tools().join("search.mjs");
        let module = crate::paths::root().join("www/search.js");
        let ran = duct::cmd!("node", script, module, &folder)
            .stdin_null()
            .stderr_to_stdout()
            .stdout_capture()
            .unchecked()
            .run();
        let ran = ran.expect("node runs: `cargo xtask setup build`");
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stdout));
        let _ = std::fs::remove_dir_all(folder);
    }

    #[test]
    fn an_organisation_is_named_and_what_it_hides_is_not_listed() {
        let source = "hidden = [\"4.4.312\"]\ncontact = { en = \"Ask extension 4444.\", es = \"Pregunte en la extensión 4444.\" }";
        let organisation = Organisation::parse("org.toml", source).expect("it is good");
        let folder = tempdir("organisation");
        write(&folder, &names(), &organisation).expect("the pages can be written");
        let read = |path: &str| std::fs::read_to_string(folder.join(path)).expect("it is written");
        let index = read("es/codes/index.html");
        assert!(index.contains("Pregunte en la extensión 4444."));
        assert!(index.contains("href=\"4.4.316/\"") && !index.contains("href=\"4.4.312/\""));
        assert!(read("codes/4.4.312/index.html").contains("Ask extension 4444."));
        let _ = std::fs::remove_dir_all(folder);
    }

    fn names() -> Names {
        ["early.js", "search.js", "styles.css", "reference.css"].into_iter().collect()
    }

    fn tempdir(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("ndr-doctor-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        folder
    }

    fn pages(folder: &Path) -> Vec<std::path::PathBuf> {
        let files = walkdir::WalkDir::new(folder).into_iter().flatten().filter(|e| e.file_type().is_file());
        files.map(walkdir::DirEntry::into_path).collect()
    }
}
