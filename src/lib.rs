//! Reads what a mail system says about a message that did not arrive, and tells what failed, why, and what to do next.
//!
//! [`examine`] is the whole of it: bytes in, [`Report`] out. It is total: no `Result`, no clock, no locale, no I/O,
//! and no input makes it panic.
//!
//! ```
//! use ndr_doctor::{Form, HostCharsets, Options, examine};
//!
//! let paste = "450 4.4.316 Connection refused [Message=Socket error code 10061] \
//!              [LastAttemptedServerName=mail.contoso.example] [LastAttemptedIP=192.0.2.7:25]";
//! let report = examine(&[Form::text(paste)], &Options::default(), &HostCharsets);
//! assert_eq!(report.findings[0].section, "4.4.316");
//! assert_eq!(report.findings[0].remote.ip.as_deref(), Some("192.0.2.7"));
//! ```

#[cfg(not(any(feature = "whole", target_family = "wasm")))]
compile_error!("only the engine that the site loads first does without the feature `whole`");

pub mod catalog;
#[cfg(any(target_family = "wasm", test))]
mod crossing;
mod diagnosis;
mod evidence;
mod intake;
#[cfg(target_family = "wasm")]
mod memory;
mod order;
pub mod report;
mod search;
#[cfg(target_family = "wasm")]
mod web;

pub use intake::{Charsets, Form, FormKind};
pub use report::{Handover, Lang, Report, Wish};

/// What the reader chose.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub lang: Lang,
    /// Ids of the answers given to questions.
    pub answers: Vec<String>,
}

/// Examines one input, given in every form that is at hand (a file's bytes; a clipboard's HTML beside its text).
pub fn examine(forms: &[Form<'_>], options: &Options, charsets: &dyn Charsets) -> Report {
    report_on(&intake::read(forms, charsets), options)
}

pub(crate) fn report_on(document: &intake::Document, options: &Options) -> Report {
    let facts = evidence::extract(document);
    let diagnosis = diagnosis::diagnose(document, &facts, &options.answers);
    report::write(document, &facts, &diagnosis, options)
}

/// Examines one input and writes what its user wants to take along, personal data masked.
#[cfg(not(target_family = "wasm"))]
pub fn hand_over(forms: &[Form<'_>], options: &Options, charsets: &dyn Charsets, wish: &Wish) -> Handover {
    hand_over_as(forms, options, charsets, wish, &|report| {
        serde_json::to_string_pretty(report).expect("a report is plain data")
    })
}

/// [`hand_over`], with what makes JSON of a report.
#[cfg(feature = "whole")]
pub(crate) fn hand_over_as(
    forms: &[Form<'_>],
    options: &Options,
    charsets: &dyn Charsets,
    wish: &Wish,
    to_json: report::ToJson<'_>,
) -> Handover {
    let document = intake::read(forms, charsets);
    let facts = evidence::extract(&document);
    let diagnosis = diagnosis::diagnose(&document, &facts, &options.answers);
    let mut report = report::write(&document, &facts, &diagnosis, options);
    let masks = report::Masks::collect(&document, &facts, &mut report);
    report::write_handover(report, masks, wish, to_json)
}

#[cfg(not(target_family = "wasm"))]
pub use host_charsets::HostCharsets;

#[cfg(not(target_family = "wasm"))]
mod host_charsets {
    /// Charsets through `encoding_rs`, for programs outside the browser.
    pub struct HostCharsets;

    impl super::Charsets for HostCharsets {
        fn decode(&self, label: &str, bytes: &[u8]) -> Option<String> {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes())?;
            Some(encoding.decode_without_bom_handling(bytes).0.into_owned())
        }
    }
}
