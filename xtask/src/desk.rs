//! The desk's markup, `www/desk.html`: as it stands in the site's pages, and as data for pages that make it by script.

use std::convert::Infallible;
use std::fs;

use anyhow::{Context, Result, anyhow, ensure};
use html5gum::{Token, Tokenizer};
use serde_json::{Value, json};

use crate::files::Names;
use crate::organisation::Organisation;
use crate::words::Lang;
use crate::{paths, site};

/// The template itself.
pub fn source() -> Result<String> {
    fs::read_to_string(paths::root().join("www/desk.html")).context("cannot read www/desk.html")
}

/// What `grow` of `www/dom.js` makes elements of: `[tag, { attributes }, ...children]`, texts as strings. Where the desk
/// writes a string itself (`data-t`), there is none.
pub fn tree(lang: Lang) -> Result<Value> {
    let mut environment = site::environment(lang, &Names::default(), &Organisation::default())?;
    environment.add_template_owned("desk.html", source()?)?;
    let html = environment.get_template("desk.html")?.render(()).map_err(|error| anyhow!("desk.html: {error:#}"))?;
    grown(&html)
}

/// The trees of all languages, by their tags.
pub fn trees() -> Result<Value> {
    Lang::ALL.into_iter().map(|lang| Ok((lang.tag().to_string(), tree(lang)?))).collect()
}

fn grown(html: &str) -> Result<Value> {
    let mut open = vec![vec![]];
    for token in Tokenizer::new(html) {
        let Ok::<_, Infallible>(token) = token;
        match token {
            Token::StartTag(tag) => {
                let attributes = tag.attributes.iter().map(|(name, value)| (text(name), json!(text(value))));
                let element = vec![json!(text(&tag.name)), Value::Object(attributes.collect())];
                open.push(element);
                if tag.self_closing || VOID.contains(&text(&tag.name).as_str()) {
                    close(&mut open, &text(&tag.name))?;
                }
            }
            Token::EndTag(tag) => close(&mut open, &text(&tag.name))?,
            Token::String(words) if !text(&words).trim().is_empty() => {
                let parent = open.last_mut().context("the outermost list stays")?;
                if parent.get(1).is_none_or(|attributes| attributes.get("data-t").is_none()) {
                    parent.push(json!(text(&words)));
                }
            }
            _ => {}
        }
    }
    let outermost = open.pop().unwrap_or_default();
    ensure!(open.is_empty() && outermost.len() == 1, "desk.html is one element, and each is closed");
    Ok(outermost.into_iter().next().unwrap_or_default())
}

/// Elements without an end tag.
const VOID: [&str; 4] = ["br", "hr", "img", "input"];

fn close(open: &mut Vec<Vec<Value>>, tag: &str) -> Result<()> {
    let element = open.pop().unwrap_or_default();
    ensure!(element.first().is_some_and(|name| name == tag), "desk.html closes <{tag}> where {element:?} is open");
    open.last_mut().context("desk.html closes more than it opens")?.push(Value::Array(element));
    Ok(())
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_becomes_a_tree() {
        assert_eq!(
            grown("<div id=a hidden>\n <p data-t=\"x.y\">Words</p> <input type=file> and &lt; </div>").unwrap(),
            json!(["div", { "id": "a", "hidden": "" }, ["p", { "data-t": "x.y" }], ["input", { "type": "file" }], " and < "])
        );
        assert!(grown("<div><p></div></p>").is_err());
        assert!(grown("<p></p><p></p>").is_err());
    }

    #[test]
    fn the_desk_has_a_tree() {
        let tree = tree(Lang::Es).unwrap();
        assert_eq!(tree[0], "div");
        assert!(tree.to_string().contains(r#""id":"field""#));
    }
}
