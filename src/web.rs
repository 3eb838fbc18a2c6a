//! What the browser calls: the only file that knows one exists.

use crate::{Charsets, Form, FormKind, Lang, Options, report};
use js_sys::{Array, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Form { kind: "text" | "html" | "file"; name?: string; text?: string; bytes?: Uint8Array; }
export interface ExamineOptions { lang: string; answers: string[]; }
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "Form[]")]
    pub type Forms;
    #[wasm_bindgen(typescript_type = "ExamineOptions")]
    pub type ExamineOptions;
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

/// Examines one input in all the forms it is at hand; the answer is a `Report`.
///
/// # Errors
/// Never for what the input holds; only when the call's own arguments have the wrong shape.
#[wasm_bindgen(unchecked_return_type = "any")]
pub fn examine(forms: &Forms, options: &ExamineOptions) -> Result<JsValue, JsError> {
    let get = |object: &JsValue, key: &str| Reflect::get(object, &key.into()).unwrap_or(JsValue::UNDEFINED);
    let mut held: Vec<(FormKind, Option<String>, Vec<u8>)> = Vec::new();
    for form in Array::from(forms).iter() {
        let kind = match get(&form, "kind").as_string().as_deref() {
            Some("file") => FormKind::File,
            Some("html") => FormKind::Html,
            _ => FormKind::Text,
        };
        let bytes = match get(&form, "text").as_string() {
            Some(text) => text.into_bytes(),
            None => Uint8Array::new(&get(&form, "bytes")).to_vec(),
        };
        held.push((kind, get(&form, "name").as_string(), bytes));
    }
    let forms: Vec<Form<'_>> =
        held.iter().map(|(kind, name, bytes)| Form { kind: *kind, name: name.as_deref(), bytes }).collect();
    let lang = get(options, "lang").as_string().and_then(|tag| Lang::from_tag(&tag)).unwrap_or_default();
    let answers = Array::from(&get(options, "answers")).iter().filter_map(|a| a.as_string()).collect();
    let report = crate::examine(&forms, &Options { lang, answers }, &BrowserCharsets);
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_missing_as_null(true);
    report.serialize(&serializer).map_err(|error| JsError::new(&error.to_string()))
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
