//! Pages that hold everything themselves: the single file, and the page for frames.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use minijinja::{Environment, Value, context};
use serde_json::json;

use crate::bundle::{self, Job};
use crate::files::{self, Names};
use crate::organisation::Organisation;
use crate::words::{self, Lang};
use crate::{desk, paths, site};

/// The page as one file.
pub fn page(engine: &Path, organisation: &Organisation) -> Result<String> {
    let [early, script, styles] = made(engine, organisation, &["www/early.js", "www/single.js"], &site::STYLES)?;
    let icon =
        format!("data:image/svg+xml;base64,{}", BASE64_STANDARD.encode(fs::read(paths::root().join("www/icon.svg"))?));
    let policy = policy(&[&early, &script], &styles);
    let single = context! {
        icon,
        styles => Value::from_safe_string(styles),
        early => Value::from_safe_string(early),
        script => Value::from_safe_string(script),
        inside => Value::from_safe_string(inside(engine, organisation)?),
    };
    site::render(Lang::default(), &Names::default(), organisation, &policy, single)
}

/// The desk alone, for frames.
pub fn embed(engine: &Path, organisation: &Organisation) -> Result<String> {
    let [_, script, styles] =
        made(engine, organisation, &["www/early.js", "www/embed.js"], &["desk.css", "embed.css"])?;
    let source = fs::read_to_string(paths::root().join("www/embed.html")).context("cannot read www/embed.html")?;
    let both: Vec<_> = Lang::ALL
        .into_iter()
        .map(|lang| {
            let words = words::page(lang);
            context! { lang => lang.tag(), no_script => words["page.no_script_here"], old => words["page.loading_here"] }
        })
        .collect();
    let mut environment = Environment::new();
    environment.add_template("embed.html", &source)?;
    let html = environment.get_template("embed.html")?.render(context! {
        csp => policy(&[&script], &styles),
        both,
        styles => Value::from_safe_string(styles),
        script => Value::from_safe_string(script),
        inside => Value::from_safe_string(inside(engine, organisation)?),
    })?;
    Ok(html + "\n")
}

/// Both scripts and the styles.
fn made(engine: &Path, organisation: &Organisation, scripts: &[&str; 2], sheets: &[&str]) -> Result<[String; 3]> {
    let sheet = paths::target().join(format!("{}.css", sheets.concat()));
    files::put(&sheet, site::styles(sheets)?)?;
    let [early, script] = scripts;
    let jobs = [
        Job::script(early),
        Job::script(script).with("ORGANISATION", &organisation.to_json()).with("TREES", &desk::trees()?),
        Job::styles(&sheet.display().to_string()),
    ];
    let made = bundle::make(engine, &jobs)?;
    for text in &made {
        let ends = ["</script", "<!--", "</style"].iter().any(|end| text.contains(end));
        ensure!(!ends, "a script or a style sheet holds what would end its own element");
    }
    <[String; 3]>::try_from(made).ok().context("the bundler makes as many as it is asked for")
}

/// Nothing may be fetched, and of scripts and styles only these run.
fn policy(scripts: &[&str], styles: &str) -> String {
    let scripts: Vec<_> = scripts.iter().map(|script| format!("'{}'", files::sha256(script))).collect();
    format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src '{}'; img-src data:; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        scripts.join(" "),
        files::sha256(styles)
    )
}

/// What `www/inside.js` reads: base64 of gzip of a line of JSON, names and lengths, and then the files.
fn inside(engine: &Path, organisation: &Organisation) -> Result<String> {
    let mut list = vec![("ndr_doctor.wasm".to_string(), fs::read(engine.join("ndr_doctor_bg.wasm"))?)];
    for lang in Lang::ALL {
        list.push((format!("words.{}.txt", lang.tag()), words::engine(lang).into()));
        list.push((format!("page.{}.json", lang.tag()), serde_json::to_vec(&words::fetched(lang, organisation))?));
    }
    let head: Vec<_> = list.iter().map(|(name, bytes)| json!([name, bytes.len()])).collect();
    let mut all = serde_json::to_vec(&head)?;
    all.push(b'\n');
    list.iter().for_each(|(_, bytes)| all.extend(bytes));
    Ok(BASE64_STANDARD.encode(files::gzip(&all)?))
}
