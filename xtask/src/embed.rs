//! `dist/embed`: the element with what it fetches, the page for frames, and what describes them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use serde_json::{Map, Value, json};

use crate::bundle::{self, Job};
use crate::files::{self, put};
use crate::organisation::Organisation;
use crate::words::{self, Lang};
use crate::{desk, paths, single, site};

/// Returns the values for `integrity` of the scripts that a page names.
pub fn build(engine: &Path, organisation: &Organisation) -> Result<BTreeMap<&'static str, String>> {
    let mut integrity = BTreeMap::new();
    site::replace(&folder(), |new| {
        integrity = write(new, engine, organisation)?;
        Ok(())
    })?;
    Ok(integrity)
}

/// As [`build`], into any folder.
pub fn write(new: &Path, engine: &Path, organisation: &Organisation) -> Result<BTreeMap<&'static str, String>> {
    let mut integrity = BTreeMap::new();
    let mut digests = Map::new();
    let mut fetched = vec![("ndr_doctor.wasm".to_string(), fs::read(engine.join("ndr_doctor_bg.wasm"))?)];
    let mut notes = Map::new();
    for lang in Lang::ALL {
        let page = words::fetched(lang, organisation);
        notes.insert(lang.tag().into(), json!({ "framed": page["page.framed"], "open": page["page.open_frame"] }));
        fetched.push((format!("words.{}.txt", lang.tag()), words::engine(lang).into()));
        fetched.push((format!("page.{}.json", lang.tag()), serde_json::to_vec(&page)?));
    }
    for (name, bytes) in fetched {
        digests.insert(name.clone(), Value::from(files::sha256(&bytes)));
        put(&new.join(name), bytes)?;
    }
    let sheet = paths::target().join("element.css");
    put(&sheet, site::styles(&["desk.css", "element.css"])?)?;
    let styles = bundle::make(engine, &[Job::styles(&sheet.display().to_string())])?.concat();
    let trees = desk::trees()?;
    let element = |entry: &str| {
        Job::module(entry)
            .with("FILES", &Value::Object(digests.clone()))
            .with("NOTES", &Value::Object(notes.clone()))
            .with("ORGANISATION", &organisation.to_json())
            .with("STYLES", &Value::from(styles.as_str()))
            .with("TREES", &trees)
    };
    let jobs = [element("www/ndr-doctor.js"), element("www/element.js"), Job::script("www/embed-parent.js")];
    for (name, made) in ["ndr-doctor.js", "element.js", "embed-parent.js"].into_iter().zip(bundle::make(engine, &jobs)?)
    {
        integrity.insert(name, files::sha384(&made));
        put(&new.join(name), made)?;
    }
    put(&new.join("embed.html"), single::embed(engine, organisation)?)?;
    for (name, path) in files::list(&paths::root().join("embed"))? {
        put(&new.join(name), fs::read(path)?)?;
    }
    put(&new.join("integrity.json"), serde_json::to_string_pretty(&integrity)?)?;
    Ok(integrity)
}

pub fn folder() -> PathBuf {
    paths::root().join("dist/embed")
}
