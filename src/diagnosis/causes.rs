//! How the words and the situation bear on each cause, and which questions they already answer.

use super::{Asked, Texts};
use crate::catalog::{Cause, Entry, Phrases, QUESTIONS};
use crate::evidence::{ErrorSeen, Span, places};
use crate::order;
use crate::report::Standing;
use crate::search::has;
use std::net::IpAddr;

/// What the finding settles beyond its words: the facts that a cause may name.
pub struct Situation<'a> {
    pub ip: Option<(IpAddr, Span)>,
    pub host: Option<(&'a str, Span)>,
    /// The words that tell what became of the message.
    pub told_by: Option<Span>,
    pub returned: bool,
    pub retrying: bool,
    pub several_recipients: bool,
}

/// Whether the message was given up after waiting.
pub fn has_expired(chain: &[ErrorSeen]) -> bool {
    chain.iter().any(|e| {
        let text = e.text.to_ascii_lowercase();
        has(&text, "message expired")
            || has(&text, "queue.expired")
            || e.status == Some((5, 4, 300))
            || (e.status == Some((4, 4, 7)) && e.reply == Some(550))
    })
}

/// The words that prove a phrase or a fact; `Some(None)` where a fact has none of its own.
fn holds(phrase: &str, texts: &Texts<'_>, situation: &Situation<'_>) -> Option<Option<Span>> {
    let ip = |holds: fn(IpAddr) -> bool| situation.ip.filter(|(ip, _)| holds(*ip)).map(|(_, at)| Some(at));
    let outcome = |holds: bool| holds.then_some(situation.told_by);
    match phrase {
        "@private_address" => ip(places::is_private),
        "@ipv6" => ip(|ip| ip.is_ipv6()),
        "@no_host" => outcome(situation.host.is_none()),
        "@returned" => outcome(situation.returned),
        "@retrying" => outcome(situation.retrying),
        "@several_recipients" => outcome(situation.several_recipients),
        "@wildcard_subject" => texts.find("expected subject: *.").map(Some),
        "@microsoft_host" => situation.host.filter(|(host, _)| places::is_microsoft(host)).map(|(_, at)| Some(at)),
        _ => texts.find(phrase).map(Some),
    }
}

/// Every cause with its standing: indicated first, then possible, ruled out last.
pub fn judge(
    entry: &'static Entry,
    texts: &Texts<'_>,
    situation: &Situation<'_>,
) -> Vec<(&'static Cause, Standing, Vec<Span>)> {
    let mut causes: Vec<_> = entry
        .causes
        .iter()
        .map(|cause| {
            let hits = |phrases: Phrases| {
                let hits: Vec<_> = phrases.iter().filter_map(|p| holds(p, texts, situation)).collect();
                (!hits.is_empty()).then(|| {
                    let mut spans: Vec<Span> = hits.into_iter().flatten().collect();
                    order::once(&mut spans);
                    spans
                })
            };
            match (hits(cause.indicated_by), hits(cause.ruled_out_by)) {
                (Some(spans), None) => (cause, Standing::Indicated, spans),
                (_, Some(spans)) => (cause, Standing::RuledOut, spans),
                (None, None) => (cause, Standing::Possible, Vec::new()),
            }
        })
        .collect();
    order::sort(&mut causes, |(_, standing, _)| *standing as u128);
    causes
}

/// Every question of the entry: the reader's answer in force, else the one that the words give.
pub fn questions(
    entry: &'static Entry,
    texts: &Texts<'_>,
    situation: &Situation<'_>,
    answers: &[String],
) -> Vec<Asked> {
    let list = entry.questions.iter().filter_map(|n| QUESTIONS.get(*n as usize));
    list.map(|question| {
        let evident = question.answers.iter().find_map(|answer| {
            let hits: Vec<_> = answer.evident_from.iter().filter_map(|p| holds(p, texts, situation)).collect();
            (!hits.is_empty()).then(|| (answer.id, hits.into_iter().flatten().collect::<Vec<Span>>()))
        });
        let given = question.answers.iter().map(|a| a.id).find(|id| answers.iter().any(|a| a == id));
        let (evident, answered_by) = evident.map_or((None, Vec::new()), |(id, spans)| (Some(id), spans));
        Asked { question, answer: given.or(evident), answered_by }
    })
    .collect()
}
