//! `ndr-doctor --ticket` and its like: what is handed over, with personal data masked.

use ndr_doctor::report::{Reader, What, Written};
use ndr_doctor::{Form, HostCharsets, Options, Wish, hand_over};

/// What is taken along.
#[derive(clap::Args)]
#[command(next_help_heading = "Hand over, with personal data masked")]
pub struct Taken {
    /// Write a ticket for your own IT; short for --hand-over ticket
    #[arg(long, conflicts_with = "json")]
    ticket: bool,
    /// What to write: ticket, partner (a message to the other administrator), to_it (the sender's message to their
    /// IT), report (everything) or wrong_answer (a report that the answer is wrong)
    #[arg(long, value_name = "WHAT", value_parser = word(&What::ALL), conflicts_with_all = ["json", "ticket"])]
    hand_over: Option<What>,
    /// Its form: markdown, plain, html or json
    #[arg(long, value_name = "FORM", value_parser = word(&Written::ALL), default_value = "markdown")]
    form: Written,
    /// Who reads it, which decides what is masked: own_it, partner or public; else the one it is for
    #[arg(long, value_name = "READER", value_parser = word(&Reader::ALL))]
    reader: Option<Reader>,
    /// The finding that it is about, counted from 1; else all
    #[arg(long, value_name = "N")]
    finding: Option<usize>,
    /// Show what this mask hides; --list-masks names them
    #[arg(long = "show", value_name = "MASK")]
    shown: Vec<String>,
    /// Hide what this mask shows
    #[arg(long = "hide", value_name = "MASK")]
    hidden: Vec<String>,
    /// List the masks on standard error
    #[arg(long)]
    list_masks: bool,
    /// A step that is done, by its id
    #[arg(long = "done", value_name = "STEP")]
    ticked: Vec<String>,
    /// A note to add
    #[arg(long, default_value = "", hide_default_value = true)]
    note: String,
}

/// Reads one of the words of a list.
fn word<T: Copy + Send + Sync + 'static>(
    all: &'static [(&'static str, T)],
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync {
    move |given: &str| {
        let found = all.iter().find(|(word, _)| *word == given);
        found.map(|(_, value)| *value).ok_or_else(|| all.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", "))
    }
}

impl Taken {
    /// What is wished for, and whether the masks are to be listed; nothing where nothing is handed over.
    pub fn wish(self) -> Option<(Wish, bool)> {
        let what = self.hand_over.or(self.ticket.then_some(What::Ticket))?;
        let reader = self.reader.unwrap_or(match what {
            What::Ticket | What::ToIt | What::Report => Reader::OwnIt,
            What::Partner => Reader::Partner,
            What::WrongAnswer => Reader::Public,
        });
        let wish = Wish {
            what,
            form: self.form,
            reader,
            finding: self.finding.and_then(|n| n.checked_sub(1)),
            shown: self.shown,
            hidden: self.hidden,
            ticked: self.ticked,
            note: self.note,
        };
        Some((wish, self.list_masks))
    }
}

/// The text to hand over.
pub fn text(forms: &[Form<'_>], options: &Options, (wish, list_masks): &(Wish, bool)) -> String {
    let handed_over = hand_over(forms, options, &HostCharsets, wish);
    if *list_masks {
        for mask in &handed_over.masks {
            let state = if mask.hidden { "hidden" } else { "shown" };
            eprintln!("{}\t{state}\t[{}]\t{}", mask.id, mask.label, mask.value);
        }
    }
    handed_over.runs.into_iter().map(|run| run.text).collect()
}
