//! Assembles `dist/site`: the page in each language, its modules and styles, the engine and the words.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Value;
use minijinja::{Environment, Error, ErrorKind, HtmlEscape, UndefinedBehavior, context};
use walkdir::WalkDir;

use crate::setup::{self, Need};
use crate::words::{self, Lang};
use crate::{desk, paths, reference, wasm};

/// What the page may load and do: its own files, and the engine. `trusted-types` names the one policy that
/// passes script addresses; nothing may write HTML.
pub const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
    form-action 'none'; require-trusted-types-for 'script'; trusted-types ndr-doctor";

/// Builds the engine and the site. A site that was there stays until the new one is whole.
pub fn build() -> Result<()> {
    setup::ensure(Need::Build)?;
    let engine = wasm::build()?;
    // A folder of this process: two builds at once never write into each other's.
    let new = paths::root().join(format!("dist/.site-new-{}", std::process::id()));
    let _ = fs::remove_dir_all(&new);
    fs::create_dir_all(&new)?;

    copy_sources(&new)?;
    put(&new.join("engine/ndr_doctor.js"), fs::read(engine.join("ndr_doctor.js"))?)?;
    put(&new.join("engine/ndr_doctor_bg.wasm"), fs::read(engine.join("ndr_doctor_bg.wasm"))?)?;
    put(&paths::types().join("engine/ndr_doctor.d.ts"), fs::read(engine.join("ndr_doctor.d.ts"))?)?;
    for lang in Lang::ALL {
        let tag = lang.tag();
        put(&new.join(format!("words/{tag}.txt")), words::engine(lang))?;
        put(&new.join(format!("words/page.{tag}.json")), serde_json::to_string(&words::fetched(lang))?)?;
        let page = if lang == Lang::default() { "index.html".into() } else { format!("{tag}/index.html") };
        put(&new.join(page), render(lang)?)?;
    }
    reference::write(&new)?;
    // Lets Node load the modules of the site as the browser does.
    put(&paths::root().join("dist/package.json"), r#"{ "private": true, "type": "module" }"#)?;

    let old = paths::root().join(format!("dist/.site-old-{}", std::process::id()));
    let _ = fs::remove_dir_all(&old);
    let site = paths::site();
    if site.exists() {
        fs::rename(&site, &old)?;
    }
    fs::rename(new, site)?;
    let _ = fs::remove_dir_all(old);
    Ok(())
}

fn copy_sources(to: &Path) -> Result<()> {
    let www = paths::root().join("www");
    for entry in WalkDir::new(&www) {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy();
        let part = name.ends_with(".d.ts") || name.ends_with(".html") || STYLES.contains(&&*name);
        if entry.file_type().is_file() && !part && !name.starts_with('.') {
            put(&to.join(entry.path().strip_prefix(&www)?), fs::read(entry.path())?)?;
        }
    }
    put(&to.join("styles.css"), styles(&STYLES)?)
}

/// The parts of `styles.css`: what a desk looks like anywhere, and the site's pages around it.
pub const STYLES: [&str; 2] = ["desk.css", "page.css"];

/// Style sheets of `www/` as one.
pub fn styles(names: &[&str]) -> Result<String> {
    let read = |name: &&str| fs::read_to_string(paths::root().join("www").join(name)).context(format!("www/{name}"));
    Ok(names.iter().map(read).collect::<Result<Vec<_>>>()?.join("\n"))
}

pub(crate) fn put(path: &Path, bytes: impl AsRef<[u8]>) -> Result<()> {
    fs::create_dir_all(path.parent().context("a file lies in a folder")?)?;
    fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))
}

fn render(lang: Lang) -> Result<String> {
    let source = fs::read_to_string(paths::root().join("index.html")).context("cannot read index.html")?;
    let mut environment = environment(lang)?;
    environment.add_template_owned("desk.html", desk::source()?)?;
    environment.add_template("index.html", &source)?;
    environment
        .get_template("index.html")?
        .render(context! {
            lang => lang.tag(),
            root => if lang == Lang::default() { "." } else { ".." },
            version => env!("CARGO_PKG_VERSION"),
            csp => POLICY,
            guide => words::guide(lang),
            families => words::families(lang),
        })
        .map_err(|error| anyhow!("index.html ({}): {error:#}", lang.tag()))
}

/// Renders templates in one language: `t` gives a string of the page, `inline` the catalogue's light markup.
pub(crate) fn environment(lang: Lang) -> Result<Environment<'static>> {
    let strings = words::page(lang);
    let t = move |key: &str| {
        let unknown = || Error::new(ErrorKind::InvalidOperation, format!("catalog/page.toml has no string `{key}`"));
        strings.get(key).map(|text| text.to_string()).ok_or_else(unknown)
    };
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_function("t", t);
    environment.add_filter("slug", |id: &str| reference::slug(id));
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
