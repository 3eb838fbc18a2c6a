//! Reads steps and commands from the lines of the words file that `build/emit.rs` wrote.

use super::fill::Values;
use super::words::Words;
use super::{Actor, Command, Link, Step};
use crate::catalog::{LINKS, Steps, W};

/// The steps of a list. `answers` are in force; `against` are the answers that they exclude.
pub fn read(list: Steps, words: &Words, values: &Values, answers: &[&str], against: &[(&str, &str)]) -> Vec<Step> {
    let mut open: Vec<(usize, Step)> = Vec::new();
    let mut done = Vec::new();
    for line in words.lines(list.first, list.count) {
        let mut fields = fields(line);
        let depth: usize = fields.next().and_then(|f| f.parse().ok()).unwrap_or(0);
        let Some(id) = fields.next() else { continue };
        let mut field = || fields.next().unwrap_or_default();
        if id == ">" {
            let command = command(&mut field, words, values);
            if let Some((_, step)) = open.last_mut() {
                step.commands.push(command);
            }
            continue;
        }
        close(&mut open, &mut done, depth);
        let word = field();
        let who = Actor::ALL.iter().copied().find(|a| a.word() == word).unwrap_or(Actor::Admin);
        open.push((depth, step(id, who, &mut field, words, answers, against)));
    }
    close(&mut open, &mut done, 0);
    done
}

/// What stands between the bars of a line. Most is shorter than a search for the next bar would be worth.
fn fields(line: &'static str) -> impl Iterator<Item = &'static str> {
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let line = rest?;
        let end = line.bytes().position(|b| b == b'|');
        rest = end.map(|end| &line[end + 1..]);
        Some(&line[..end.unwrap_or(line.len())])
    })
}

/// The ids of a list's outer steps.
pub fn ids(list: Steps, words: &Words) -> Vec<&'static str> {
    words
        .lines(list.first, list.count)
        .iter()
        .filter_map(|line| line.strip_prefix("0|")?.split('|').next().filter(|id| *id != ">"))
        .collect()
}

/// Hands every step at `depth` or deeper to the one above it.
fn close(open: &mut Vec<(usize, Step)>, done: &mut Vec<Step>, depth: usize) {
    while open.last().is_some_and(|(d, _)| *d >= depth) {
        let Some((_, step)) = open.pop() else { return };
        match open.last_mut() {
            Some((_, above)) => above.steps.push(step),
            None => done.push(step),
        }
    }
}

fn number(field: &str) -> Option<usize> {
    field.parse().ok()
}

fn text(field: &str, words: &Words) -> &'static str {
    number(field).map(|n| words.get(W(n as u16))).unwrap_or_default()
}

fn step(
    id: &'static str,
    who: Actor,
    field: &mut impl FnMut() -> &'static str,
    words: &Words,
    answers: &[&str],
    against: &[(&str, &str)],
) -> Step {
    let only_if: Vec<&'static str> = field().split(',').filter(|a| !a.is_empty()).collect();
    let link =
        number(field()).and_then(|n| LINKS.get(n)).map(|l| Link { title: words.get(l.title), url: words.get(l.url) });
    Step {
        id,
        who,
        text: text(field(), words),
        dropped: only_if.iter().any(|a| !answers.contains(a) && against.iter().any(|(id, _)| id == a)),
        only_if,
        link,
        steps: Vec::new(),
        commands: Vec::new(),
    }
}

fn command(field: &mut impl FnMut() -> &'static str, words: &Words, values: &Values) -> Command {
    let shell = field();
    let changes_state = field() == "1";
    let command = values.fill(text(field(), words));
    let undo = Some(text(field(), words)).filter(|u| !u.is_empty()).map(|u| values.fill(u));
    Command { shell, text: command, changes_state, undo, good: text(field(), words), bad: text(field(), words) }
}
