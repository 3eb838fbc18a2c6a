//! Assembles `dist/site`: the page in each language, its modules and styles, the engine and the words.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, HtmlEscape, UndefinedBehavior, context};
use serde_json::{Value as Json, json};

use crate::bundle::{self, Job};
use crate::files::{self, Names, put};
use crate::organisation::Organisation;
use crate::setup::{self, Need};
use crate::wasm::{self, Engines};
use crate::words::{self, Lang};
use crate::{desk, paths, reference};

/// What the page may load and do: its own files, and the engine. `trusted-types` names the one policy that
/// passes script addresses; nothing may write HTML.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; require-trusted-types-for 'script'; trusted-types ndr-doctor";

/// Builds the site into `dist/site`. What was there stays until the new one is whole. Returns the engines.
pub fn build(organisation: &Organisation) -> Result<Engines> {
    setup::ensure(Need::Build)?;
    let engines = wasm::build()?;
    put(&paths::types().join("engine/ndr_doctor.d.ts"), fs::read(engines.whole.join("ndr_doctor.d.ts"))?)?;
    replace(&paths::site(), |new| {
        let names = assets(new, &engines, organisation)?;
        for lang in Lang::ALL {
            put(
                &new.join(folder(lang)).join("index.html"),
                render(lang, &names, organisation, POLICY, Value::UNDEFINED)?,
            )?;
            put(&new.join(folder(lang)).join("manifest.webmanifest"), manifest(lang)?)?;
        }
        reference::write(new, &names, organisation)?;
        put(&new.join("icon.svg"), fs::read(paths::root().join("www/icon.svg"))?)?;
        for (name, path) in files::list(&paths::root().join("www/icons"))? {
            put(&new.join("icons").join(name), fs::read(path)?)?;
        }
        put(&new.join("service-worker.js"), service_worker(new, &engines.lean)?)?;
        let remover = bundle::make(&engines.lean, &[Job::script("www/remove-service-worker.js")])?;
        put(&new.join("remove-service-worker.js"), remover.concat())?;
        // For the tests, which look for files by the names of their sources.
        put(&paths::names(), names.to_json()?)
    })?;
    Ok(engines)
}

/// Makes a folder anew by the side of the old one, then lets it take its place.
pub(crate) fn replace(place: &Path, make: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let dist = place.parent().context("what is built lies in dist/")?;
    let name = place.file_name().context("what is built has a name")?.to_string_lossy().into_owned();
    // Folders of this process: two builds at once never write into each other's.
    let [new, old] = ["new", "old"].map(|age| dist.join(format!(".{name}-{age}-{}", std::process::id())));
    for folder in [&new, &old] {
        let _ = fs::remove_dir_all(folder);
    }
    fs::create_dir_all(&new)?;
    make(&new)?;
    if place.exists() {
        fs::rename(place, &old)?;
    }
    fs::rename(new, place)?;
    let _ = fs::remove_dir_all(old);
    Ok(())
}

/// Writes what is known by its content: engine, words, scripts, styles.
fn assets(to: &Path, engines: &Engines, organisation: &Organisation) -> Result<Names> {
    let mut names = Names::default();
    let Engines { whole, lean } = engines;
    names.put(to, "ndr_doctor.wasm", fs::read(lean.join("ndr_doctor_bg.wasm"))?)?;
    names.put(to, "whole.wasm", fs::read(whole.join("ndr_doctor_bg.wasm"))?)?;
    for lang in Lang::ALL {
        names.put(to, &format!("words.{}.txt", lang.tag()), words::engine(lang))?;
        names.put(
            to,
            &format!("page.{}.json", lang.tag()),
            serde_json::to_string(&words::fetched(lang, organisation))?,
        )?;
    }
    let sheet = paths::target().join("styles.css");
    put(&sheet, styles(&STYLES)?)?;
    let own = |path: &Path| path.display().to_string();
    let jobs = [
        ("worker.js", Job::module("www/worker.js")),
        ("engine.js", Job::module(&own(&lean.join("ndr_doctor.js")))),
        ("early.js", Job::script("www/early.js")),
        ("later.js", Job::module("www/later.js")),
        ("search.js", Job::module("www/search.js")),
        ("styles.css", Job::styles(&own(&sheet))),
        ("reference.css", Job::styles("www/reference.css")),
    ];
    let (sources, jobs): (Vec<_>, Vec<_>) = jobs.into_iter().unzip();
    for (name, made) in sources.into_iter().zip(bundle::make(lean, &jobs)?) {
        names.put(to, name, made)?;
    }
    // The same worker round the whole engine, whose bindings are its own.
    let jobs = [Job::module("www/worker.js"), Job::module(&own(&whole.join("ndr_doctor.js")))];
    for (name, made) in ["whole_worker.js", "whole.js"].into_iter().zip(bundle::make(whole, &jobs)?) {
        names.put(to, name, made)?;
    }
    let app = Job::module("www/site.js").with("FILES", &names.beside()).with("ORGANISATION", &organisation.to_json());
    names.put(to, "app.js", bundle::make(lean, &[app])?.concat())?;
    Ok(names)
}

/// The script that keeps the site for use offline: all but the reference, which it keeps as one packed file.
fn service_worker(site: &Path, engine: &Path) -> Result<String> {
    let mut kept = Vec::new();
    let mut pages = BTreeMap::new();
    for (name, path) in files::list(site)? {
        if name.starts_with("icons/") {
            continue;
        }
        let bytes = fs::read(path)?;
        if name.split('/').any(|folder| folder == "codes") {
            pages.insert(name, String::from_utf8(bytes)?);
        } else {
            kept.push(json!({ "url": name, "integrity": files::sha256(bytes) }));
        }
    }
    let packed = files::gzip(&serde_json::to_vec(&pages)?)?;
    let mut names = Names::default();
    names.put(site, "codes.pack", &packed)?;
    kept.push(json!({ "url": names.get("codes.pack"), "integrity": files::sha256(packed), "pages": true }));
    let version = files::checksum(serde_json::to_vec(&kept)?);
    let job =
        Job::script("www/service-worker.js").with("FILES", &Json::Array(kept)).with("VERSION", &json!(&version[..16]));
    Ok(bundle::make(engine, &[job])?.concat())
}

/// What a system shows of the page once it is installed.
fn manifest(lang: Lang) -> Result<String> {
    let words = words::page(lang);
    let root = root(lang);
    let icon = |file: &str, sizes: &str, purpose: &str| {
        let kind = if file.ends_with(".svg") { "image/svg+xml" } else { "image/png" };
        json!({ "src": format!("{root}/{file}"), "sizes": sizes, "type": kind, "purpose": purpose })
    };
    // `cargo run -p ndr-doctor-browser-tests --bin icons` makes them.
    let pictures = [("wide", "1280x800"), ("narrow", "390x844")].map(|(form, sizes)| {
        json!({
            "src": format!("{root}/icons/{form}.{}.png", lang.tag()),
            "sizes": sizes,
            "type": "image/png",
            "form_factor": form,
            "label": words["page.title"],
        })
    });
    Ok(serde_json::to_string_pretty(&json!({
        "name": "NDR Doctor",
        "short_name": "NDR Doctor",
        "description": words["page.description"],
        "lang": lang.tag(),
        "id": format!("{root}/"),
        "start_url": "./",
        "scope": format!("{root}/"),
        "display": "standalone",
        "background_color": "#f6f7f7",
        "theme_color": "#0b6470",
        "icons": [
            icon("icon.svg", "any", "any"),
            icon("icons/192.png", "192x192", "any"),
            icon("icons/512.png", "512x512", "any"),
            icon("icons/maskable.png", "512x512", "maskable"),
        ],
        "screenshots": pictures,
    }))?)
}

/// The folder of a language's page, from the root of the site.
fn folder(lang: Lang) -> &'static str {
    if lang == Lang::default() { "" } else { lang.tag() }
}

/// The root of the site, from a language's page.
fn root(lang: Lang) -> &'static str {
    if lang == Lang::default() { "." } else { ".." }
}

/// The parts of `styles.css`: what a desk looks like anywhere, and the site's pages around it.
pub const STYLES: [&str; 2] = ["desk.css", "page.css"];

/// Style sheets of `www/` as one.
pub fn styles(names: &[&str]) -> Result<String> {
    let read = |name: &&str| fs::read_to_string(paths::root().join("www").join(name)).context(format!("www/{name}"));
    Ok(names.iter().map(read).collect::<Result<Vec<_>>>()?.join("\n"))
}

/// `single` is what the single file brings along; undefined for the site.
pub(crate) fn render(
    lang: Lang,
    names: &Names,
    organisation: &Organisation,
    policy: &str,
    single: Value,
) -> Result<String> {
    let source = fs::read_to_string(paths::root().join("index.html")).context("cannot read index.html")?;
    let mut environment = environment(lang, names, organisation)?;
    environment.add_template_owned("desk.html", desk::source()?)?;
    environment.add_template("index.html", &source)?;
    environment
        .get_template("index.html")?
        .render(context! {
            lang => lang.tag(),
            root => root(lang),
            version => env!("CARGO_PKG_VERSION"),
            csp => policy,
            guide => words::guide(lang, organisation),
            single => if single.is_undefined() { Value::from(false) } else { single },
            organisation => organisation.is_given(),
            ticket => organisation.ticket().unwrap_or_default(),
            families => words::families(lang, organisation),
        })
        .map_err(|error| anyhow!("index.html ({}): {error:#}", lang.tag()))
}

/// Renders templates in one language: `t` gives a string of the page, `file` where a file lies from the root of the
/// site, `inline` the catalogue's light markup.
pub(crate) fn environment(lang: Lang, names: &Names, organisation: &Organisation) -> Result<Environment<'static>> {
    let strings = words::fetched(lang, organisation);
    let t = move |key: &str| {
        let unknown = || Error::new(ErrorKind::InvalidOperation, format!("catalog/page.toml has no string `{key}`"));
        strings.get(key).map(|text| text.to_string()).ok_or_else(unknown)
    };
    let names = names.clone();
    let file = move |name: &str| {
        let unknown = || Error::new(ErrorKind::InvalidOperation, format!("no file `{name}` is built"));
        names.get(name).map(str::to_string).ok_or_else(unknown)
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_function("t", t);
    environment.add_filter("slug", |id: &str| reference::slug(id));
    environment.add_function("file", file);
    environment.add_filter("inline", |text: &str| Value::from_safe_string(inline(text)));
    Ok(environment)
}

/// Turns the catalogue's light markup into HTML: `**name on screen**` and `` `literal text` ``.
fn inline(text: &str) -> String {
    let mut html = String::new();
    for (position, piece) in text.split('`').enumerate() {
        if position % 2 == 1 {
            html += &format!("<code>{}</code>", HtmlEscape(piece));
            continue;
        }
        for (position, piece) in piece.split("**").enumerate() {
            let escaped = HtmlEscape(piece);
            html += &if position % 2 == 1 { format!("<strong>{escaped}</strong>") } else { escaped.to_string() };
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_elements_and_everything_else_is_escaped() {
        assert_eq!(
            inline("Open **Mail flow** > `a < **b**`"),
            "Open <strong>Mail flow</strong> &gt; <code>a &lt; **b**</code>"
        );
        assert_eq!(inline("<img>"), "&lt;img&gt;");
    }
}
