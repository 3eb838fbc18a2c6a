//! What an organisation adds to every output: whom to ask, steps of its own, and errors that it leaves out of the lists.
//!
//! `cargo xtask build --organisation org.toml`; the format is described in `docs/organisation.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ndr_doctor::report::guide;
use serde::Deserialize;
use serde_json::{Value, json};
use toml::Spanned;

use crate::words::Lang;

/// The file, checked. The default says nothing.
#[derive(Clone, Debug, Default)]
pub struct Organisation(Option<File>);

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    contact: Text,
    ticket: Option<Spanned<String>>,
    #[serde(default)]
    hidden: Vec<Spanned<String>>,
    #[serde(default)]
    step: Vec<Step>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Text {
    en: Spanned<String>,
    es: Spanned<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    sections: Vec<Spanned<String>>,
    who: Spanned<String>,
    text: Text,
    link: Option<Link>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Link {
    title: Spanned<String>,
    url: Spanned<String>,
}

impl Organisation {
    /// Reads and checks a file; a fault is told with the line it stands on.
    pub fn read(path: &Path) -> Result<Organisation> {
        let source = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        Organisation::parse(&path.display().to_string(), &source)
    }

    pub(crate) fn parse(name: &str, source: &str) -> Result<Organisation> {
        let line = |span: Range<usize>| source[..span.start.min(source.len())].matches('\n').count() + 1;
        let file: File = match toml::from_str(source) {
            Ok(file) => file,
            Err(error) => bail!("{name}:{}: {}", error.span().map_or(1, line), error.message()),
        };
        let sections: BTreeSet<&str> =
            guide(Lang::En).iter().flat_map(|family| &family.entries).map(|entry| entry.id).collect();
        let mut faults = Vec::new();
        let mut fault = |at: &Spanned<String>, what: String| faults.push((line(at.span()), what));
        let texts = file.step.iter().map(|step| &step.text).chain([&file.contact]);
        for text in texts.flat_map(|text| [&text.en, &text.es]) {
            if text.get_ref().trim().is_empty() {
                fault(text, "there is no text".into());
            }
        }
        for section in file.hidden.iter().chain(file.step.iter().flat_map(|step| &step.sections)) {
            let id = section.get_ref().as_str();
            let everywhere = id == "*" && !file.hidden.iter().any(|hidden| hidden.span() == section.span());
            if !sections.contains(id) && !["other", "unlisted"].contains(&id) && !everywhere {
                let like = sections.iter().filter(|known| known.starts_with(id.get(..3).unwrap_or(id))).take(5);
                let like: Vec<_> = like.copied().collect();
                let hint = if like.is_empty() { String::new() } else { format!("; there are {}", like.join(", ")) };
                fault(section, format!("no entry is called \"{id}\"{hint}"));
            }
        }
        for step in &file.step {
            if !["sender", "admin", "recipient_admin"].contains(&step.who.get_ref().as_str()) {
                fault(&step.who, "who is \"sender\", \"admin\" or \"recipient_admin\"".into());
            }
            if let Some(Link { url, .. }) = &step.link
                && !is_web(url.get_ref())
            {
                fault(url, "a link begins with https://".into());
            }
        }
        if let Some(ticket) = &file.ticket
            && !is_web(ticket.get_ref())
            && !ticket.get_ref().starts_with("mailto:")
        {
            fault(ticket, "a ticket's address begins with https:// or mailto:".into());
        }
        if !faults.is_empty() {
            faults.sort();
            let told: Vec<_> = faults.into_iter().map(|(line, what)| format!("{name}:{line}: {what}")).collect();
            bail!(told.join("\n"));
        }
        Ok(Organisation(Some(file)))
    }

    /// What the pages' scripts are given; null where there is no organisation.
    pub fn to_json(&self) -> Value {
        let Some(file) = &self.0 else { return Value::Null };
        let text = |text: &Text| json!({ "en": text.en.get_ref(), "es": text.es.get_ref() });
        let steps = file.step.iter().map(|step| {
            let sections: Vec<_> = step.sections.iter().map(Spanned::get_ref).collect();
            let link =
                step.link.as_ref().map(|link| json!({ "title": link.title.get_ref(), "url": link.url.get_ref() }));
            json!({ "sections": sections, "who": step.who.get_ref(), "text": text(&step.text), "link": link })
        });
        json!({ "ticket": file.ticket.as_ref().map(Spanned::get_ref), "steps": steps.collect::<Vec<_>>() })
    }

    /// Strings for the page, beside those of the catalogue.
    pub fn words(&self, lang: Lang) -> BTreeMap<&'static str, &str> {
        let Some(file) = &self.0 else { return BTreeMap::new() };
        let contact = match lang {
            Lang::En => &file.contact.en,
            Lang::Es => &file.contact.es,
        };
        BTreeMap::from([("organisation.contact", contact.get_ref().as_str())])
    }

    pub fn ticket(&self) -> Option<&str> {
        Some(self.0.as_ref()?.ticket.as_ref()?.get_ref())
    }

    pub fn is_given(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the lists of errors leave out this one. An answer that lands on it is still given.
    pub fn hides(&self, section: &str) -> bool {
        self.0.as_ref().is_some_and(|file| file.hidden.iter().any(|hidden| hidden.get_ref() == section))
    }
}

fn is_web(url: &str) -> bool {
    url.strip_prefix("https://").is_some_and(|rest| rest.split('/').next().is_some_and(|host| host.contains('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
ticket = "https://tickets.contoso.example/new"
hidden = ["4.4.312"]

[contact]
en = "Ask the help desk, extension 4444."
es = "Pregunte al centro de soporte, extensión 4444."

[[step]]
sections = ["4.4.316", "*"]
who = "admin"
text.en = "Look at the firewall's list of changes."
text.es = "Consulte la lista de cambios del cortafuegos."
link = { title = "Changes", url = "https://changes.contoso.example/" }
"#;

    #[test]
    fn a_good_file_is_taken() {
        let organisation = Organisation::parse("org.toml", GOOD).expect("it is good");
        assert!(organisation.hides("4.4.312") && !organisation.hides("4.4.316"));
        assert_eq!(
            organisation.words(Lang::Es)["organisation.contact"],
            "Pregunte al centro de soporte, extensión 4444."
        );
        assert_eq!(organisation.to_json()["steps"][0]["link"]["url"], "https://changes.contoso.example/");
        assert_eq!(Organisation::default().to_json(), Value::Null);
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let fault = |from: &str, to: &str| {
            assert!(GOOD.contains(from), "{from}");
            Organisation::parse("org.toml", &GOOD.replace(from, to)).expect_err(to).to_string()
        };
        assert_eq!(fault("\"4.4.312\"", "\"4.4.999\"").lines().count(), 1);
        assert!(
            fault("\"4.4.312\"", "\"4.4.999\"")
                .starts_with("org.toml:3: no entry is called \"4.4.999\"; there are 4.4.")
        );
        assert!(fault("https://tickets", "http://tickets").starts_with("org.toml:2: "));
        assert!(fault("who = \"admin\"", "who = \"boss\"").starts_with("org.toml:11: who is"));
        assert!(fault("https://changes", "javascript:").starts_with("org.toml:14: "));
        assert!(fault("es = \"Pregunte al centro de soporte, extensión 4444.\"", "").starts_with("org.toml:5: "));
        assert!(fault("hidden =", "hiden =").starts_with("org.toml:3: "));
        let two = GOOD.replace("\"4.4.312\"", "\"x\"").replace("\"admin\"", "\"boss\"");
        assert_eq!(Organisation::parse("org.toml", &two).expect_err("two").to_string().lines().count(), 2);
    }
}
