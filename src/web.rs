//! What the browser calls: the only file that knows one exists.

#[cfg(feature = "whole")]
use crate::Wish;
use crate::crossing::Crossing;
#[cfg(feature = "whole")]
use crate::report::{Reader, What, Written};
use crate::{Charsets, Form, FormKind, Lang, Options, Report, intake, report};
use js_sys::{Array, Reflect, Uint8Array};
#[cfg(feature = "whole")]
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Form { kind: "text" | "html" | "file"; name?: string; text?: string; bytes?: Uint8Array; }
export interface ExamineOptions { lang: string; answers: string[]; }
export interface HandOverWish {
  what: string; form: string; reader: string; finding: number | null;
  shown: string[]; hidden: string[]; ticked: string[]; note: string;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Form[]")]
    pub type Forms;
    #[wasm_bindgen(typescript_type = "ExamineOptions")]
    pub type ExamineOptions;
    #[wasm_bindgen(typescript_type = "HandOverWish")]
    pub type HandOverWish;

    // Read by name: a key that crosses as a text takes longer than the value.
    #[wasm_bindgen(method, getter, catch)]
    fn lang(this: &ExamineOptions) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn answers(this: &ExamineOptions) -> Result<JsValue, JsValue>;

    type JsForm;
    #[wasm_bindgen(method, getter, catch)]
    fn kind(this: &JsForm) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn name(this: &JsForm) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn text(this: &JsForm) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, getter, catch)]
    fn bytes(this: &JsForm) -> Result<JsValue, JsValue>;
}

#[wasm_bindgen(module = "/src/crossing.js")]
extern "C" {
    fn build(signs: &[u32], text: &str, memory: &JsValue) -> JsValue;
}

/// Shows a panic's words in the console; they hold places in the code, never the input.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}

/// Takes the words of one language into use.
///
/// # Errors
/// When the language is unknown or the words were made for another version.
#[wasm_bindgen]
pub fn load_words(lang: &str, text: String) -> Result<(), JsError> {
    let lang = Lang::from_tag(lang).ok_or_else(|| JsError::new("unknown language"))?;
    report::load(lang, Box::leak(text.into_boxed_str())).map_err(JsError::new)
}

/// Examines one input in all the forms it is at hand; the answer is a `Report`, or `null` where only the whole engine
/// can read it.
///
/// # Errors
/// Never for what the input holds; only when the call's own arguments have the wrong shape.
#[wasm_bindgen(unchecked_return_type = "any")]
pub fn examine(forms: &Forms, options: &ExamineOptions) -> Result<JsValue, JsError> {
    let given = Given::of(forms);
    let document = intake::read(&given.forms(), &BrowserCharsets);
    #[cfg(not(feature = "whole"))]
    if document.notes.contains(&intake::LEFT) {
        return Ok(JsValue::NULL);
    }
    report_for_js(&crate::report_on(&document, &options_of(options)))
}

/// Examines one input and writes what its user takes along; the answer is a `Handover`.
///
/// # Errors
/// Never for what the input holds; only when the call's own arguments have the wrong shape.
#[cfg(feature = "whole")]
#[wasm_bindgen(unchecked_return_type = "any")]
pub fn hand_over(forms: &Forms, options: &ExamineOptions, wish: &HandOverWish) -> Result<JsValue, JsError> {
    let given = Given::of(forms);
    let word = |key: &str| get(wish, key).as_string().unwrap_or_default();
    let wish = Wish {
        what: named(&What::ALL, &word("what")),
        form: named(&Written::ALL, &word("form")),
        reader: named(&Reader::ALL, &word("reader")),
        finding: get(wish, "finding").as_f64().map(|n| n as usize),
        shown: strings(&get(wish, "shown")),
        hidden: strings(&get(wish, "hidden")),
        ticked: strings(&get(wish, "ticked")),
        note: word("note"),
    };
    let to_json = |report: &Report| {
        let text = report_for_js(report).ok().and_then(|report| {
            js_sys::JSON::stringify_with_replacer_and_space(&report, &JsValue::NULL, &2.into()).ok()
        });
        text.map(String::from).unwrap_or_default()
    };
    let handed_over = crate::hand_over_as(&given.forms(), &options_of(options), &BrowserCharsets, &wish, &to_json);
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    handed_over.serialize(&serializer).map_err(|error| JsError::new(&error.to_string()))
}

/// The value that a word stands for; the default where it stands for none.
#[cfg(feature = "whole")]
fn named<T: Copy + Default>(all: &[(&str, T)], word: &str) -> T {
    all.iter().find(|(name, _)| *name == word).map(|(_, value)| *value).unwrap_or_default()
}

#[cfg(feature = "whole")]
fn get(object: &JsValue, key: &str) -> JsValue {
    Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED)
}

fn strings(list: &JsValue) -> Vec<String> {
    Array::from(list).iter().filter_map(|item| item.as_string()).collect()
}

fn options_of(options: &ExamineOptions) -> Options {
    let lang = options.lang().unwrap_or_default().as_string().and_then(|tag| Lang::from_tag(&tag)).unwrap_or_default();
    Options { lang, answers: strings(&options.answers().unwrap_or_default()) }
}

/// A report crosses in one piece: it is some six hundred values, for each of which serde-wasm-bindgen makes a call.
fn report_for_js(report: &Report) -> Result<JsValue, JsError> {
    let crossing = Crossing::of(report, report::place_of_words(report.lang))?;
    Ok(build(&crossing.signs, &crossing.text, &wasm_bindgen::memory()))
}

/// The forms of an input, held on this side.
struct Given(Vec<(FormKind, Option<String>, Vec<u8>)>);

impl Given {
    fn of(forms: &JsValue) -> Given {
        let one = |form: JsValue| {
            let form: JsForm = form.unchecked_into();
            let kind = match form.kind().unwrap_or_default().as_string().as_deref() {
                Some("file") => FormKind::File,
                Some("html") => FormKind::Html,
                _ => FormKind::Text,
            };
            let bytes = match form.text().unwrap_or_default().as_string() {
                Some(text) => text.into_bytes(),
                None => {
                    let given = form.bytes().unwrap_or_default().dyn_into();
                    given.unwrap_or_else(|other| Uint8Array::new(&other)).to_vec()
                }
            };
            (kind, form.name().unwrap_or_default().as_string(), bytes)
        };
        Given(Array::from(forms).iter().map(one).collect())
    }

    fn forms(&self) -> Vec<Form<'_>> {
        self.0.iter().map(|(kind, name, bytes)| Form { kind: *kind, name: name.as_deref(), bytes }).collect()
    }
}

/// Charsets through the browser's `TextDecoder`.
struct BrowserCharsets;

impl Charsets for BrowserCharsets {
    fn decode(&self, label: &str, bytes: &[u8]) -> Option<String> {
        let options = web_sys::TextDecoderOptions::new();
        let _ = Reflect::set(&options, &"ignoreBOM".into(), &JsValue::TRUE);
        let decoder = web_sys::TextDecoder::new_with_label_and_options(label, &options).ok()?;
        decoder.decode_with_u8_array(bytes).ok()
    }
}
