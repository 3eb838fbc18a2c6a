//! What message headers alone point to: a circle, a failed check of the sender, a filter's verdict, a long wait.

use crate::evidence::{Facts, HopSeen, dates};
use crate::order;
use crate::search::{Firsts, has, hash};

/// A shorter delay is nobody's fault, in seconds.
const NOTABLE: i64 = 60;

/// A delay that is worth an answer of its own, in seconds.
const LONG: i64 = 300;

/// How long a hop took, in seconds; `None` where a time is missing.
pub fn delays(hops: &[HopSeen]) -> Vec<Option<i64>> {
    let mut last: Option<i64> = None;
    let delay = |hop: &HopSeen| {
        let at = hop.at.as_deref().and_then(dates::timestamp);
        let delay = at.zip(last).map(|(at, last)| at - last);
        last = at.or(last);
        delay
    };
    hops.iter().map(delay).collect()
}

/// The hop that held the message longest, where that is worth a word, and for how long.
pub fn longest(hops: &[HopSeen]) -> Option<(usize, i64)> {
    let delays = delays(hops).into_iter().enumerate().filter_map(|(nth, delay)| Some((nth, delay?)));
    delays.filter(|(_, delay)| *delay >= NOTABLE).max_by_key(|(_, delay)| *delay)
}

/// Of each hop, whether its servers stand in the way three times or more.
pub fn go_round(hops: &[HopSeen]) -> Vec<bool> {
    let mut firsts = Firsts::default();
    let servers = |nth: usize| hops.get(nth).map(|hop| (&hop.from, &hop.by));
    let first_of = hops.iter().enumerate().map(|(nth, hop)| {
        let [from, by] = [&hop.from, &hop.by].map(|name| hash(name.as_deref().unwrap_or_default()));
        let hash = from ^ by.rotate_left(1);
        firsts.find(hash, |known| servers(known) == servers(nth)).unwrap_or_else(|| {
            firsts.put(hash, nth);
            nth
        })
    });
    let first_of: Vec<usize> = first_of.collect();
    let mut counts = vec![0; first_of.len()];
    first_of.iter().for_each(|first| counts[*first] += 1);
    first_of.iter().zip(hops).map(|(first, hop)| hop.by.is_some() && counts[*first] > 2).collect()
}

/// Values of fields that end with this name, lower case; those of the plain field first.
fn values(facts: &Facts, name: &str) -> Vec<String> {
    let mut found: Vec<_> = facts.headers.iter().filter(|h| h.name.to_ascii_lowercase().ends_with(name)).collect();
    order::sort(&mut found, |h| h.name.len() as u128);
    found.into_iter().map(|h| h.value.to_ascii_lowercase()).collect()
}

/// The answer that headers alone give, and notes beside it.
pub fn told(facts: &Facts) -> (&'static str, Vec<&'static str>) {
    if facts.header("X-MS-Exchange-Message-Is-Ndr").is_some() || facts.header("X-Failed-Recipients").is_some() {
        return ("headers_report", Vec::new());
    }
    if go_round(&facts.hops).contains(&true) {
        return ("headers_loop", Vec::new());
    }
    let results = values(facts, "authentication-results");
    let plain = facts.headers.iter().filter(|h| h.name.eq_ignore_ascii_case("Authentication-Results")).count();
    let (own, others) = results.split_at(if plain > 0 { plain } else { results.len() });
    let says = |results: &[String], words: &str| results.iter().any(|r| has(r, words));
    if says(own, "dmarc=fail") {
        // A server before had found it in order: it was changed on the way.
        let passed = says(others, "dmarc=pass") || says(own, "arc=pass");
        let notes = if passed { vec!["arc_passed"] } else { Vec::new() };
        let acted = ["action=oreject", "action=reject", "action=quarantine"].into_iter().any(|words| says(own, words));
        return (if acted { "headers_dmarc_acted" } else { "headers_dmarc" }, notes);
    }
    if says(own, "spf=fail") {
        return ("headers_spf", Vec::new());
    }
    let verdicts = values(facts, "x-forefront-antispam-report");
    let unwanted =
        ["sfv:spm", "sfv:skb", "sfv:sks", "cat:spm", "cat:hspm", "cat:phsh", "cat:hphsh", "cat:spoof", "cat:malw"];
    if unwanted.iter().any(|word| says(&verdicts, word)) {
        return ("headers_spam", Vec::new());
    }
    match longest(&facts.hops) {
        Some((_, delay)) if delay >= LONG => ("headers_delay", Vec::new()),
        _ => ("headers", Vec::new()),
    }
}

/// Who held the message longest, and for how many minutes.
pub fn held_by(facts: &Facts) -> Option<(String, i64)> {
    let (nth, delay) = longest(&facts.hops)?;
    let before = nth.checked_sub(1).and_then(|n| facts.hops[n].by.clone());
    Some((before.or_else(|| facts.hops[nth].from.clone())?, delay / 60))
}
