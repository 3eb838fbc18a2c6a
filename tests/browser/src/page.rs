//! The page as a reader meets it: opened, read, typed into, and waited for.

use std::fmt::Display;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::actions::{InputSource, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use http::Method;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::time::sleep;
use url::Url;

use crate::driver::Engine;
use crate::site::Served;
use crate::{PATIENCE, Site};

/// One window of one engine, at one served site.
#[derive(Clone)]
pub struct Page {
    pub engine: Engine,
    pub client: Client,
    pub site: Served,
}

impl Page {
    pub fn new(engine: Engine, client: Client, site: Site) -> Result<Page> {
        Ok(Page { engine, client, site: site.serve()? })
    }

    /// The same window, to show another site.
    pub fn at(&self, site: Served) -> Page {
        Page { site, ..self.clone() }
    }

    // ── Going ────────────────────────────────────────────────────────────────

    /// Opens an address of the site and waits until it takes input.
    pub async fn open(&self, path: &str) -> Result<()> {
        self.go(path).await?;
        self.ready().await
    }

    /// Opens an address of the site.
    pub async fn go(&self, path: &str) -> Result<()> {
        self.client.goto(&self.site.url(path)).await.with_context(|| format!("cannot open {path}"))
    }

    pub async fn ready(&self) -> Result<()> {
        self.until("the page takes input", "return document.documentElement.classList.contains('ready')", ()).await
    }

    /// Loads the page again, after a look at what went wrong so far.
    pub async fn reload(&self) -> Result<()> {
        self.no_faults().await?;
        self.run("window.gone = false; addEventListener('pagehide', () => { window.gone = true; })", ()).await?;
        self.client.refresh().await?;
        self.until("the page is loaded again", "return window.gone === undefined", ()).await?;
        self.ready().await
    }

    /// The address without the origin: `/es/#4.4.316`.
    pub async fn address(&self) -> Result<String> {
        self.ask("return location.pathname + location.search + location.hash", ()).await
    }

    // ── Asking ───────────────────────────────────────────────────────────────

    /// What a script returns. It finds `given` in `arguments`.
    pub async fn ask<T: DeserializeOwned>(&self, script: &str, given: impl Given) -> Result<T> {
        let answer = self.client.execute(script, given.list()).await.with_context(|| format!("script: {script}"))?;
        serde_json::from_value(answer.clone()).with_context(|| format!("`{script}` answered {answer}"))
    }

    /// As [`Page::ask`], for a script that calls its last argument with the answer, later.
    pub async fn ask_later<T: DeserializeOwned>(&self, script: &str, given: impl Given) -> Result<T> {
        let answer =
            self.client.execute_async(script, given.list()).await.with_context(|| format!("script: {script}"))?;
        serde_json::from_value(answer.clone()).with_context(|| format!("`{script}` answered {answer}"))
    }

    pub async fn run(&self, script: &str, given: impl Given) -> Result<()> {
        self.client.execute(script, given.list()).await.with_context(|| format!("script: {script}"))?;
        Ok(())
    }

    /// Waits until a script returns something true.
    pub async fn until(&self, what: impl Display, script: &str, given: impl Given) -> Result<()> {
        let given = given.list();
        let begin = Instant::now();
        loop {
            // While the page changes, there may be no window to ask.
            let answer = self.client.execute(script, given.clone()).await;
            if answer.as_ref().is_ok_and(is_true) {
                return Ok(());
            }
            if begin.elapsed() > PATIENCE {
                let state = match answer {
                    Ok(answer) => answer.to_string(),
                    Err(error) => said(&error),
                };
                let faults = self.faults().await.unwrap_or_default();
                bail!("waited for {} s, but not so: {what} (last: {state}; faults: {faults:?})", PATIENCE.as_secs());
            }
            sleep(Duration::from_millis(15)).await;
        }
    }

    /// Waits until the browser has asked the site for a file.
    pub async fn until_asked(&self, path: &str) -> Result<()> {
        let begin = Instant::now();
        while !self.site.requests().iter().any(|request| request.path == path) {
            ensure!(begin.elapsed() < PATIENCE, "waited for {} s, but {path} was not asked for", PATIENCE.as_secs());
            sleep(Duration::from_millis(15)).await;
        }
        Ok(())
    }

    /// The text of the first element, blanks folded; an error where there is none.
    pub async fn text(&self, css: &str) -> Result<String> {
        let found: Option<String> = self
            .ask("return document.querySelector(arguments[0])?.textContent.replace(/\\s+/g, ' ').trim() ?? null", [css])
            .await?;
        found.with_context(|| format!("there is no `{css}`"))
    }

    /// The texts of all such elements, blanks folded.
    pub async fn texts(&self, css: &str) -> Result<Vec<String>> {
        self.ask(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent.replace(/\\s+/g, ' ').trim())",
            [css],
        )
        .await
    }

    pub async fn count(&self, css: &str) -> Result<usize> {
        self.ask("return document.querySelectorAll(arguments[0]).length", [css]).await
    }

    /// Whether there is such an element and it takes up room.
    pub async fn shows(&self, css: &str) -> Result<bool> {
        self.ask(SHOWS, [css]).await
    }

    pub async fn until_shown(&self, css: &str) -> Result<()> {
        self.until(format!("`{css}` is shown"), SHOWS, [css]).await
    }

    pub async fn until_gone(&self, css: &str) -> Result<()> {
        self.until(format!("`{css}` is gone"), &format!("return !(() => {{ {SHOWS} }}).apply(null, arguments)"), [css])
            .await
    }

    /// Waits until the first such element says exactly this, blanks folded.
    pub async fn until_text(&self, css: &str, text: &str) -> Result<()> {
        let script = "const says = document.querySelector(arguments[0])?.textContent.replace(/\\s+/g, ' ').trim(); \
                      return says === arguments[1] || (document.body.dataset.says = says, false)";
        let waited = self.until(format!("`{css}` says “{text}”"), script, [css, text]).await;
        match waited {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("it says “{}”", self.text(css).await.unwrap_or_default()))),
        }
    }

    /// Waits until the focus is on such an element.
    pub async fn until_focus(&self, css: &str) -> Result<()> {
        let waited = self
            .until(format!("the focus is on `{css}`"), "return document.activeElement.matches(arguments[0])", [css])
            .await;
        match waited {
            Ok(()) => Ok(()),
            Err(error) => {
                let at: String = self.ask("return document.activeElement.outerHTML.slice(0, 90)", ()).await?;
                Err(error.context(format!("it is on {at}")))
            }
        }
    }

    /// Waits until a box is ticked, or no longer.
    pub async fn until_checked(&self, css: &str, checked: bool) -> Result<()> {
        let what = if checked { "ticked" } else { "not ticked" };
        let script = "return document.querySelector(arguments[0]).checked === arguments[1]";
        self.until(format!("`{css}` is {what}"), script, json!([css, checked])).await
    }

    pub async fn value(&self, css: &str) -> Result<String> {
        self.ask("return document.querySelector(arguments[0]).value", [css]).await
    }

    pub async fn checked(&self, css: &str) -> Result<bool> {
        self.ask("return document.querySelector(arguments[0]).checked", [css]).await
    }

    pub async fn attribute(&self, css: &str, name: &str) -> Result<Option<String>> {
        self.ask("return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null", [css, name]).await
    }

    pub async fn element(&self, css: &str) -> Result<Element> {
        self.client.find(Locator::Css(css)).await.with_context(|| format!("there is no `{css}`"))
    }

    // ── Doing ────────────────────────────────────────────────────────────────

    /// Clicks the first such element as a reader would: it has to be in sight, and nothing over it.
    pub async fn click(&self, css: &str) -> Result<()> {
        self.run(
            "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center', behavior: 'instant' })",
            [css],
        )
        .await?;
        let mut clicked = self.element(css).await?.click().await;
        // A reader's hand finds what was drawn anew in the same place; once, for a control has to come to rest.
        if clicked.as_ref().is_err_and(CmdError::is_stale_element_reference) {
            clicked = self.element(css).await?.click().await;
        }
        clicked.map_err(|error| complaint(format!("cannot click `{css}`: {}", said(&error))))
    }

    /// Clicks a button that copies, and waits until it has said so, which it does for a moment only.
    pub async fn click_copy(&self, css: &str, copied: &str) -> Result<()> {
        self.run(
            "window.said = [];
             const button = document.querySelector(arguments[0]);
             new MutationObserver(() => window.said.push(button.textContent)).observe(button, { childList: true });",
            [css],
        )
        .await?;
        self.click(css).await?;
        self.until(format!("`{css}` says “{copied}”"), "return window.said.includes(arguments[0])", [copied]).await
    }

    /// Holds the mouse's button down over the first such element.
    pub async fn press_on(&self, css: &str) -> Result<()> {
        let script = "const one = document.querySelector(arguments[0]);
            one.scrollIntoView({ block: 'center', behavior: 'instant' });
            const box = one.getBoundingClientRect();
            return [box.left + box.width / 2, box.top + box.height / 2]";
        let (x, y): (f64, f64) = self.ask(script, [css]).await?;
        let to = PointerAction::MoveTo { duration: None, x, y };
        let down = PointerAction::Down { button: MOUSE_BUTTON_LEFT };
        let actions = MouseActions::new("mouse".into()).then(to).then(down);
        self.client.perform_actions(actions).await.with_context(|| format!("cannot press on `{css}`"))
    }

    /// Lets go of the mouse's button.
    pub async fn let_go(&self) -> Result<()> {
        let actions = MouseActions::new("mouse".into()).then(PointerAction::Up { button: MOUSE_BUTTON_LEFT });
        self.client.perform_actions(actions).await.context("cannot let go")
    }

    /// Presses and lets go of each key, wherever the focus is.
    pub async fn press(&self, keys: &[Key]) -> Result<()> {
        let mut actions = KeyActions::new("keys".into());
        for key in keys {
            actions = actions.then(KeyAction::Down { value: code(*key) }).then(KeyAction::Up { value: code(*key) });
        }
        self.client.perform_actions(actions).await.with_context(|| format!("cannot press {keys:?}"))
    }

    /// Holds one key while another is pressed.
    pub async fn chord(&self, held: Key, key: char) -> Result<()> {
        let actions = KeyActions::new("keys".into())
            .then(KeyAction::Down { value: code(held) })
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key })
            .then(KeyAction::Up { value: code(held) });
        self.client.perform_actions(actions).await.with_context(|| format!("cannot press {held:?} and {key}"))
    }

    /// Types on the keyboard, wherever the focus is.
    pub async fn write(&self, text: &str) -> Result<()> {
        let mut actions = KeyActions::new("keys".into());
        for letter in text.chars() {
            let value = if letter == '\n' { code(Key::Enter) } else { letter };
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.context("cannot type")
    }

    /// Puts text on the clipboard, by the keys that a reader would use.
    pub async fn copy(&self, text: &str) -> Result<()> {
        self.run(
            "const place = document.createElement('textarea');
             place.id = 'elsewhere';
             place.value = arguments[0];
             window.before = document.activeElement;
             document.body.append(place);
             place.focus({ preventScroll: true });
             place.select();",
            [text],
        )
        .await?;
        self.copied().await
    }

    /// Puts HTML on the clipboard and no text, as some programs do.
    pub async fn copy_html(&self, html: &str) -> Result<()> {
        self.run(
            "window.before = document.activeElement;
             const place = document.createElement('textarea');
             place.id = 'elsewhere';
             place.value = 'a selection to copy';
             document.body.append(place);
             place.focus({ preventScroll: true });
             place.select();
             const html = arguments[0];
             addEventListener('copy', (event) => {
               event.clipboardData.setData('text/html', html);
               event.preventDefault();
             }, { once: true });",
            [html],
        )
        .await?;
        self.copied().await
    }

    /// Puts what a mail program shows on the clipboard: as text and as HTML.
    pub async fn copy_shown(&self, paragraphs: &[&str]) -> Result<()> {
        self.run(
            "const place = document.createElement('div');
             place.id = 'elsewhere';
             for (const text of arguments[0]) {
               const paragraph = document.createElement('p');
               paragraph.textContent = text;
               place.append(paragraph);
             }
             window.before = document.activeElement;
             document.body.append(place);
             getSelection().selectAllChildren(place);",
            json!([paragraphs]),
        )
        .await?;
        self.copied().await
    }

    async fn copied(&self) -> Result<()> {
        self.run(
            "window.copied = false; addEventListener('copy', () => { window.copied = true; }, { once: true })",
            (),
        )
        .await?;
        self.chord(COMMAND, 'c').await?;
        self.until("the text is copied", "return window.copied", ()).await?;
        self.run(
            "getSelection().removeAllRanges();
             document.getElementById('elsewhere').remove();
             window.before?.focus({ preventScroll: true });",
            (),
        )
        .await
    }

    /// Pastes into the field, over what it holds, by keys, and waits until it is read.
    pub async fn paste(&self, text: &str) -> Result<()> {
        self.copy(text).await?;
        self.paste_into_field().await
    }

    /// Pastes what the clipboard holds.
    pub async fn paste_into_field(&self) -> Result<()> {
        if !self.shows("#field").await? {
            self.click("#edit").await?;
        }
        self.run("document.getElementById('field').focus(); document.getElementById('field').select()", ()).await?;
        self.chord(COMMAND, 'v').await?;
        self.read().await
    }

    /// Drops a file on the page and waits until it is read.
    pub async fn drop_file(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.let_fall(name, bytes).await?;
        self.read().await
    }

    /// Drops a file on the page. No driver can drag one in from outside, so the event is made on the page.
    pub async fn let_fall(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.run(
            "const transfer = new DataTransfer();
             transfer.items.add(new File([new Uint8Array(arguments[1])], arguments[0]));
             document.activeElement.blur();
             for (const kind of ['dragenter', 'dragover', 'drop']) {
               const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true, composed: true });
               document.getElementById('main').dispatchEvent(event);
             }",
            json!([name, bytes]),
        )
        .await
    }

    /// Waits until what was given as a whole is read: then the answer has the focus, and had it not before.
    pub async fn read(&self) -> Result<()> {
        self.until(
            "it is read, and the answer has the focus",
            "return document.activeElement.id === 'answer-title'",
            (),
        )
        .await
    }

    /// Tells Chromium something in its own protocol.
    pub async fn chromium(&self, method: &'static str, params: Value) -> Result<()> {
        self.client.issue_cmd(OwnProtocol { method, params }).await.with_context(|| format!("cannot do {method}"))?;
        Ok(())
    }

    // ── What went wrong ──────────────────────────────────────────────────────

    /// Errors, refusals of the policy and complaints on the console since the page was loaded.
    pub async fn faults(&self) -> Result<Vec<String>> {
        Ok(self.ask::<Option<Vec<String>>>("return window.faults ?? null", ()).await?.unwrap_or_default())
    }

    pub async fn no_faults(&self) -> Result<()> {
        let faults = self.faults().await?;
        ensure!(faults.is_empty(), "the page complains:\n  {}", faults.join("\n  "));
        let foreign: Vec<String> = self
            .ask(
                "return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => !name.startsWith(location.origin + '/'))",
                (),
            )
            .await?;
        ensure!(foreign.is_empty(), "the page asked elsewhere: {foreign:?}");
        let queried: Vec<String> = self
            .site
            .requests()
            .into_iter()
            .filter_map(|request| request.query.map(|query| format!("{}?{query}", request.path)))
            .collect();
        ensure!(queried.is_empty(), "the page asked with a query: {queried:?}");
        Ok(())
    }

    /// Forgets the faults that a scenario provoked, after it saw one that holds `words`.
    pub async fn expect_fault(&self, words: &str) -> Result<()> {
        let faults = self.faults().await?;
        ensure!(faults.iter().any(|fault| fault.contains(words)), "no fault speaks of `{words}`: {faults:?}");
        self.run("window.faults = []", ()).await
    }
}

/// A command of Chromium's own protocol, through its driver.
#[derive(Debug)]
struct OwnProtocol {
    method: &'static str,
    params: Value,
}

impl WebDriverCompatibleCommand for OwnProtocol {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "cmd": self.method, "params": self.params }).to_string()))
    }
}

/// The key that holds the commands of editing.
pub const COMMAND: Key = if cfg!(target_os = "macos") { Key::Meta } else { Key::Control };

const SHOWS: &str = "const one = document.querySelector(arguments[0]); \
    return one !== null && one.checkVisibility({ visibilityProperty: true })";

fn code(key: Key) -> char {
    key.chars().next().expect("a key is a character")
}

fn is_true(answer: &Value) -> bool {
    !matches!(answer, Value::Null | Value::Bool(false)) && answer != &json!(0) && answer != &json!("")
}

/// What a script is given.
pub trait Given {
    fn list(self) -> Vec<Value>;
}

impl Given for () {
    fn list(self) -> Vec<Value> {
        vec![]
    }
}

impl<const N: usize> Given for [&str; N] {
    fn list(self) -> Vec<Value> {
        self.into_iter().map(Value::from).collect()
    }
}

impl Given for Value {
    fn list(self) -> Vec<Value> {
        match self {
            Value::Array(list) => list,
            one => vec![one],
        }
    }
}

/// What a driver complains of; WebKit's gives no message, only the error's name.
fn said(error: &CmdError) -> String {
    match error {
        CmdError::Standard(error) => format!("{} {}", error.error, error.message),
        error => error.to_string(),
    }
}

/// A scenario's own complaint.
pub fn complaint(words: impl Display) -> anyhow::Error {
    anyhow!("{words}")
}
