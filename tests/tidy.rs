//! The promises of the architecture, held over the source text itself.

mod fixtures;

use ndr_doctor::catalog::ENTRIES;
use ndr_doctor::report::{
    Actor, Confidence, ExpiresFrom, InputKind, MaskKind, Outcome, Reader, SmtpStage, Stage, Standing, Verdict, What,
    Written,
};
use ndr_doctor::{Form, HostCharsets, Lang, Options, Wish, hand_over};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// A file of the project that is text.
#[derive(Clone)]
struct Source {
    /// Its path from the root, with `/`.
    name: String,
    text: String,
}

impl Source {
    /// The lines without comments and without a file's own tests, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let is_comment = |line: &str| ["//", "/*", "* ", "*/", "<!--"].iter().any(|start| line.starts_with(start));
        let lines = self.text.lines().enumerate().map(|(n, l)| (n + 1, l));
        lines.take_while(|(_, l)| *l != "#[cfg(test)]").filter(move |(_, l)| !is_comment(l.trim_start()))
    }
}

/// Every text file under a path, without what is built, fetched or another's mail.
fn sources(under: &str) -> Vec<Source> {
    let left_out = |name: &str| {
        let folders = ["target/", "dist/", "node_modules/", ".git/", "tests/corpus/"];
        folders.iter().any(|folder| name.starts_with(folder) || name.contains(&format!("/{folder}")))
    };
    let mut sources = Vec::new();
    let root = fixtures::project(under);
    if root.is_file() {
        let text = fs::read_to_string(&root).unwrap_or_else(|error| panic!("{under}: {error}"));
        return vec![Source { name: under.to_string(), text }];
    }
    let mut waiting = vec![(under.trim_end_matches('.').to_string(), root)];
    while let Some((prefix, folder)) = waiting.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder can be listed").path();
            let file = path.file_name().expect("a listed file has a name").to_string_lossy().into_owned();
            let name = if prefix.is_empty() { file } else { format!("{prefix}/{file}") };
            if left_out(&format!("{name}/")) {
                continue;
            }
            match path.is_dir() {
                true => waiting.push((name, path)),
                false => sources.extend(fs::read_to_string(&path).ok().map(|text| Source { name, text })),
            }
        }
    }
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

fn ending<'s>(sources: &'s [Source], endings: &[&str]) -> Vec<&'s Source> {
    sources.iter().filter(|s| endings.iter().any(|e| s.name.ends_with(e))).collect()
}

/// The names and keywords of a line of code.
fn names(line: &str) -> Vec<&str> {
    line.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect()
}

/// The line without what stands in double quotes.
fn unquoted(line: &str) -> String {
    line.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
}

/// Fails with `file:line` of every line of code that breaks a rule.
fn check(files: &[&Source], rule: &str, help: &str, breaks: impl Fn(&Source, &str) -> bool) {
    assert!(!files.is_empty(), "no file to hold to the rule: {rule}");
    let faults: Vec<_> = files
        .iter()
        .flat_map(|s| {
            s.code().filter(|(_, line)| breaks(s, line)).map(|(n, line)| format!("{}:{n}: {}", s.name, line.trim()))
        })
        .collect();
    assert!(faults.is_empty(), "{rule}\n  {}\n  help: {help}", faults.join("\n  "));
}

/// The paths that a line names in this crate: `crate::report::SmtpStage`, with a group in braces taken apart.
fn crate_paths(text: &str) -> Vec<String> {
    let code: String = text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join(" ");
    let mut paths = Vec::new();
    for piece in code.split("crate::").skip(1) {
        let end = piece.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':').unwrap_or(piece.len());
        let path = &piece[..end];
        match (path.strip_suffix("::"), piece[end..].strip_prefix('{').and_then(|g| g.split_once('}'))) {
            (Some(path), Some((group, _))) => {
                paths.extend(group.split(',').map(|name| format!("{path}::{}", name.trim().replace("self", "*"))));
            }
            _ => paths.push(path.to_string()),
        }
    }
    paths
}

/// Holds a layer to what it may know of the others.
fn check_layer(layer: &str, may_know: &[&str]) {
    for source in sources(&format!("src/{layer}")) {
        for path in crate_paths(&source.text) {
            let known =
                path.starts_with(layer) || may_know.iter().any(|p| path == *p || path.starts_with(&format!("{p}::")));
            assert!(known, "{}: {layer} names crate::{path}; it may know {may_know:?}", source.name);
        }
    }
}

#[test]
fn intake_knows_nothing_of_what_comes_after() {
    check_layer("intake", &["order", "search"]);
}

#[test]
fn evidence_knows_codes_and_documents_only() {
    check_layer("evidence", &["intake", "order", "search", "catalog::Code", "report::SmtpStage"]);
}

#[test]
fn intake_and_evidence_know_no_section() {
    let (intake, evidence) = (sources("src/intake"), sources("src/evidence"));
    let files: Vec<_> = intake.iter().chain(&evidence).collect();
    check(
        &files,
        "a section is named where none may be known",
        "facts only; sections are the diagnosis's business",
        |_, line| {
            let forbidden = ["ENTRIES", "Entry", "Section", "section", "diagnosis", "Diagnosis"];
            let literals: Vec<_> = line.split('"').skip(1).step_by(2).collect();
            names(&unquoted(line)).iter().any(|n| forbidden.contains(n))
                || ENTRIES.iter().any(|e| e.id.contains(['.', '-']) && literals.contains(&e.id))
        },
    );
}

#[test]
fn diagnosis_knows_no_language_and_no_words() {
    let report = "Actor Confidence ExpiresFrom InputKind Outcome SmtpStage Stage Standing Verdict";
    let report: Vec<_> = report.split(' ').map(|name| format!("report::{name}")).collect();
    let may_know =
        ["intake", "evidence", "order", "search", "catalog"].into_iter().chain(report.iter().map(String::as_str));
    check_layer("diagnosis", &may_know.collect::<Vec<_>>());
    let files = sources("src/diagnosis");
    let files: Vec<_> = files.iter().collect();
    check(&files, "diagnosis names a language or a text", "name the entry; the report finds the words", |_, line| {
        let forbidden = ["Lang", "Words", "say", "W", "Report", "readable"];
        let texts = [".title", ".meaning", ".detail", ".confirm"];
        names(&unquoted(line)).iter().any(|n| forbidden.contains(n)) || texts.iter().any(|text| line.contains(text))
    });
}

#[test]
fn the_catalogue_holds_no_logic() {
    // Types and constants only; what tests and the command line need is one line each.
    let files = sources("src/catalog");
    let files: Vec<_> = files.iter().collect();
    check(&files, "the catalogue decides something", "move it to diagnosis or report", |_, line| {
        names(&unquoted(line)).iter().any(|n| ["if", "while", "loop", "else"].contains(n))
    });
}

#[test]
fn only_web_rs_names_a_browser_crate() {
    let all = sources(".");
    let files: Vec<_> = ending(&all, &[".rs"]).into_iter().filter(|s| s.name != "src/web.rs").collect();
    check(&files, "a browser crate outside src/web.rs", "keep the browser behind src/web.rs", |source, line| {
        source.name != "tests/tidy.rs"
            && names(line).iter().any(|n| ["wasm_bindgen", "js_sys", "web_sys", "serde_wasm_bindgen"].contains(n))
    });
}

#[test]
fn host_builds_compile_no_browser_crate() {
    let manifest = fs::read_to_string(fixtures::project("Cargo.toml")).expect("the manifest");
    let mut table = "";
    for line in manifest.lines() {
        if line.starts_with('[') {
            table = line;
        }
        let name = line.split([' ', '=']).next().unwrap_or_default();
        if ["wasm-bindgen", "js-sys", "web-sys", "serde-wasm-bindgen", "console_error_panic_hook"].contains(&name) {
            assert_eq!(
                table, "[target.'cfg(target_family = \"wasm\")'.dependencies]",
                "{name} stands under another table"
            );
        }
    }
}

#[test]
fn the_page_writes_no_html() {
    let www = sources("www");
    let files = ending(&www, &[".js"]);
    let sinks = "innerHTML outerHTML insertAdjacentHTML setHTMLUnsafe setHTML parseHTMLUnsafe createContextualFragment DOMParser \
                 srcdoc eval XSLTProcessor";
    check(&files, "an HTML or code sink", "build elements with www/dom.js", |_, line| {
        names(line).iter().any(|n| sinks.split_whitespace().any(|s| s == *n))
            || ["document.write", "new Function", "javascript:", "setTimeout(\"", "setInterval(\""]
                .iter()
                .any(|s| line.contains(s))
    });
    let page = [sources("index.html"), sources("www/desk.html")].concat();
    check(&page.iter().collect::<Vec<_>>(), "code in an attribute", "listen for the event in www/app.js", |_, line| {
        let handler =
            |w: &str| w.starts_with("on") && w.contains("=\"") && w[2..].starts_with(|c: char| c.is_ascii_lowercase());
        line.split([' ', '<']).any(handler) || line.contains("javascript:")
    });
}

#[test]
fn the_page_asks_nobody_but_where_it_came_from() {
    let www = sources("www");
    let scripts = ending(&www, &[".js"]);
    check(&scripts, "a way to another origin", "the policy forbids it, and so does the promise", |source, line| {
        let ways = "XMLHttpRequest WebSocket EventSource sendBeacon RTCPeerConnection WebTransport importScripts";
        let other = line.replace("http://www.w3.org/", "");
        // What people paste, and so what the examples hold, may name any address.
        let address = source.name != "www/examples.js" && (other.contains("http://") || other.contains("https://"));
        names(line).iter().any(|n| ways.split_whitespace().any(|w| w == *n)) || address
    });
    check(&scripts, "a request by an address that is not fixed", "a constant name, without a query", |_, line| {
        line.contains("fetch(`") || line.contains("fetch(\"//") || (line.contains("fetch(") && line.contains('?'))
    });
    let styles = ending(&www, &[".css"]);
    check(&styles, "a style from elsewhere", "put it beside the others", |_, line| {
        ["@import", "url(http", "url(\"http", "url(//", "url(\"//"].iter().any(|way| line.contains(way))
    });
    let page = [sources("index.html"), sources("www/desk.html")].concat();
    check(&page.iter().collect::<Vec<_>>(), "a file from elsewhere", "put it into www/", |_, line| {
        let loads =
            ["src=\"http", "src=\"//", "action=", "srcset=", "ping=", "<iframe", "<object", "<embed", "preconnect"];
        loads.iter().any(|l| line.contains(l)) || (line.contains("<link") && line.contains("href=\"http"))
    });
}

#[test]
fn the_page_knows_no_section() {
    let www = sources("www");
    let files: Vec<_> = ending(&www, &[".js"]).into_iter().filter(|s| s.name != "www/examples.js").collect();
    check(&files, "the page branches on a section", "let the report say what the page needs", |_, line| {
        let literals: Vec<_> = line.split(['"', '\'', '`']).skip(1).step_by(2).collect();
        // Some ids are common words: those are told by what they are compared with.
        let is_code = |l: &&str| l.split('.').count() == 3 && l.split('.').all(|n| n.parse::<u16>().is_ok());
        let is_id = |l: &&str| l.contains('-') && ENTRIES.iter().any(|e| e.id == *l);
        let compared = |quote: char| {
            let line = line.replace("!==", "===");
            let with_literal = [format!("section === {quote}"), format!("{quote} === section")];
            !line.contains("typeof") && with_literal.iter().any(|l| line.contains(l.as_str()))
        };
        literals.iter().any(|l| is_code(l) || is_id(l)) || ['"', '\'', '`'].into_iter().any(compared)
    });
}

#[test]
fn every_source_file_opens_by_saying_what_lives_there() {
    let all = sources(".");
    let faults: Vec<_> = ending(&all, &[".rs", ".js", ".mjs", ".d.ts", ".toml"])
        .into_iter()
        .filter(|s| {
            !s.name.starts_with('.')
                && !["Cargo.toml", "rustfmt.toml", "clippy.toml"].contains(&s.name.rsplit('/').next().unwrap_or(""))
        })
        .filter(|s| {
            let first = s.text.lines().find(|l| !l.starts_with("#!")).unwrap_or_default();
            let opening = match &s.name {
                name if name.ends_with(".rs") => "//! ",
                name if name.ends_with(".toml") => "# ",
                _ => "// ",
            };
            !first.starts_with(opening) || names(first).len() < 3
        })
        .map(|s| format!("{}: {:?}", s.name, s.text.lines().next().unwrap_or_default()))
        .collect();
    assert!(faults.is_empty(), "files that do not say what lives there:\n  {}", faults.join("\n  "));
}

#[test]
fn lock_files_name_no_place_to_fetch_from() {
    const HOSTS: [&str; 7] = [
        "registry.npmjs.",
        "registry.yarnpkg.",
        "registry.npmmirror.",
        "index.crates.",
        "static.crates.",
        "pypi.",
        "files.pythonhosted.",
    ];
    let mut faults = Vec::new();
    for source in sources(".").iter().filter(|s| s.name != "tests/tidy.rs") {
        for (n, line) in source.text.lines().enumerate() {
            let named = HOSTS.iter().any(|host| line.contains(host));
            let resolved = source.name.ends_with("package-lock.json") && line.contains("\"resolved\"");
            // Cargo's own name for the registry that everyone means; a mirror stands in the user's settings.
            let usual = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
            let mirror = source.name.ends_with("Cargo.lock") && line.starts_with("source = ") && line != usual;
            let setting =
                source.name.starts_with(".cargo/") && (line.contains("[source") || line.contains("[registries"));
            if named || resolved || mirror || setting {
                faults.push(format!("{}:{}: {}", source.name, n + 1, line.trim()));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "a place to fetch packages from is named\n  {}\n  help: it is the user's setting",
        faults.join("\n  ")
    );
}

/// `www/report.d.ts`: each interface's fields, and each union's words.
struct Types {
    interfaces: BTreeMap<String, BTreeMap<String, String>>,
    unions: BTreeMap<String, BTreeSet<String>>,
}

impl Types {
    fn read() -> Types {
        let source = sources("www/report.d.ts").remove(0);
        let (mut interfaces, mut unions) = (BTreeMap::new(), BTreeMap::new());
        let text: String = source.code().map(|(_, line)| format!("{line}\n")).collect();
        for item in text.split("export ").skip(1) {
            if let Some((name, body)) = item.strip_prefix("interface ").and_then(|i| i.split_once('{')) {
                let body = body.split('}').next().unwrap_or_default();
                let fields = body
                    .split(';')
                    .filter_map(|f| f.split_once(':'))
                    .map(|(name, of)| (name.trim().into(), of.trim().into()));
                interfaces.insert(name.trim().to_string(), fields.collect());
            } else if let Some((name, words)) = item.strip_prefix("type ").and_then(|i| i.split_once('=')) {
                unions.insert(name.trim().to_string(), words.split('"').skip(1).step_by(2).map(String::from).collect());
            }
        }
        Types { interfaces, unions }
    }

    /// Says where a value is not of the type that the file gives it; notes the interfaces it has seen.
    fn check(&self, at: &str, value: &Value, of: &str, seen: &mut BTreeSet<String>, faults: &mut BTreeSet<String>) {
        let base = of.strip_suffix("| null").map_or(of, str::trim);
        let fits = match value {
            Value::Null => base != of,
            Value::Array(items) => match base.strip_suffix("[]") {
                Some(item) => {
                    items.iter().for_each(|v| self.check(&format!("{at}[]"), v, item, seen, faults));
                    true
                }
                None => false,
            },
            Value::Object(fields) => match self.interfaces.get(base) {
                Some(declared) => {
                    seen.insert(base.to_string());
                    let has: BTreeSet<_> = fields.keys().collect();
                    let wants: BTreeSet<_> = declared.keys().collect();
                    faults.extend(has.difference(&wants).map(|f| format!("{at}.{f} is in reports and not in {base}")));
                    faults.extend(wants.difference(&has).map(|f| format!("{at}.{f} is in {base} and not in reports")));
                    for (name, value) in fields {
                        let Some(of) = declared.get(name) else { continue };
                        self.check(&format!("{at}.{name}"), value, of, seen, faults);
                    }
                    true
                }
                None => false,
            },
            Value::String(word) => base == "string" || self.unions.get(base).is_some_and(|words| words.contains(word)),
            Value::Number(_) => base == "number",
            Value::Bool(_) => base == "boolean",
        };
        if !fits {
            faults.insert(format!("{at} is said to be {of}, and a report has {value}"));
        }
    }
}

#[test]
fn report_d_ts_names_exactly_the_fields_of_a_report() {
    let types = Types::read();
    let (mut seen, mut faults) = (BTreeSet::new(), BTreeSet::new());
    for fixture in fixtures::all() {
        let report = serde_json::to_value(fixture.report(Lang::En)).expect("a report is plain data");
        types.check("report", &report, "Report", &mut seen, &mut faults);
        let form = [Form::file(&fixture.name, &fixture.bytes)];
        let handed_over = hand_over(&form, &Options::default(), &HostCharsets, &Wish::default());
        let handed_over = serde_json::to_value(handed_over).expect("what is handed over is plain data");
        types.check("handover", &handed_over, "Handover", &mut seen, &mut faults);
    }
    assert!(
        faults.is_empty(),
        "www/report.d.ts and src/report/model.rs differ:\n  {}",
        faults.into_iter().collect::<Vec<_>>().join("\n  ")
    );
    // What goes in is no part of a report; everything else must have been met at least once.
    let met = |name: &&String| !seen.contains(*name) && !["Form", "Options", "Wish"].contains(&name.as_str());
    let never: Vec<_> = types.interfaces.keys().filter(met).collect();
    assert!(never.is_empty(), "no mail of the corpus brings a {never:?}, so nothing was compared");
}

#[test]
fn report_d_ts_names_exactly_the_words_of_a_report() {
    let types = Types::read();
    let words = |name: &str, words: Vec<&str>| {
        let declared: BTreeSet<&str> = types.unions.get(name).into_iter().flatten().map(String::as_str).collect();
        assert_eq!(declared, words.into_iter().collect(), "{name} in www/report.d.ts and in src/report/model.rs");
    };
    words("Lang", Lang::ALL.iter().map(|l| l.tag()).collect());
    words("InputKind", InputKind::ALL.iter().map(|w| w.word()).collect());
    words("Verdict", Verdict::ALL.iter().map(|w| w.word()).collect());
    words("Confidence", Confidence::ALL.iter().map(|w| w.word()).collect());
    words("Stage", Stage::ALL.iter().map(|w| w.word()).collect());
    words("SmtpStage", SmtpStage::ALL.iter().map(|w| w.word()).collect());
    words("Outcome", Outcome::ALL.iter().map(|w| w.word()).collect());
    words("Actor", Actor::ALL.iter().map(|w| w.word()).collect());
    words("Standing", Standing::ALL.iter().map(|w| w.word()).collect());
    words("ExpiresFrom", ExpiresFrom::ALL.iter().map(|w| w.word()).collect());
    words("What", What::ALL.iter().map(|(word, _)| *word).collect());
    words("Written", Written::ALL.iter().map(|(word, _)| *word).collect());
    words("Reader", Reader::ALL.iter().map(|(word, _)| *word).collect());
    words("MaskKind", MaskKind::ALL.iter().map(|w| w.word()).collect());
}
