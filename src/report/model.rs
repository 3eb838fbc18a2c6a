//! The one shape that the page, the command line, embedders and golden files share.
//!
//! Plain data: no maps, no byte offsets, `snake_case` names. Fields may be added; the ones here keep
//! their names and their meaning.

use serde::Serialize;
use std::borrow::Cow;

/// A text that mostly stands in the catalogue, word for word, and is only borrowed from there.
pub type Text = Cow<'static, str>;

/// A language that the catalogue is written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lang {
    #[default]
    En,
    Es,
}

impl Lang {
    /// Every language, in the order of the catalogue's columns.
    pub const ALL: [Lang; 2] = [Lang::En, Lang::Es];

    /// The BCP 47 tag: `en`, `es`.
    pub fn tag(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Es => "es",
        }
    }

    /// The language whose tag starts `tag`, as browsers and systems write it (`es-MX`, `en_GB.UTF-8`).
    pub fn from_tag(tag: &str) -> Option<Lang> {
        let primary = tag.split(['-', '_', '.']).next()?;
        Lang::ALL.into_iter().find(|lang| primary.eq_ignore_ascii_case(lang.tag()))
    }
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),+ }
        impl $name {
            /// The stable word that stands for this value in reports and in the catalogue.
            pub const fn word(self) -> &'static str { match self { $($name::$variant => $word),+ } }
            /// Every value, in declaration order.
            pub const ALL: &'static [$name] = &[$($name::$variant),+];
        }
    };
}

words! {
    /// What kind of thing was pasted.
    InputKind {
        Dsn = "dsn", Ndr = "ndr", Delay = "delay", Trace = "trace", Queue = "queue", Alert = "alert",
        Validation = "validation", Headers = "headers", SmtpReply = "smtp_reply", Code = "code",
        Arf = "arf", AutoReply = "auto_reply", Text = "text", Empty = "empty",
    }
}

words! {
    /// The answer in one word.
    Verdict {
        Failed = "failed", Delayed = "delayed", Delivered = "delivered",
        NotABounce = "not_a_bounce", Unrecognised = "unrecognised",
    }
}

words! {
    /// How sure the section is: the code itself says so, its words do, or it is a reading of the class.
    Confidence { Possible = "possible", Likely = "likely", Certain = "certain" }
}

words! {
    /// Where delivery stopped.
    Stage {
        Lookup = "lookup", Connection = "connection", Encryption = "encryption",
        Conversation = "conversation", Mailbox = "mailbox", None = "none",
    }
}

words! {
    /// The SMTP command that was answered with the error (RFC 5321 §4.1).
    SmtpStage {
        Connect = "connect", Ehlo = "ehlo", Starttls = "starttls", Auth = "auth",
        Mail = "mail", Rcpt = "rcpt", Data = "data",
    }
}

words! {
    /// What became of the message for this recipient.
    Outcome {
        Retrying = "retrying", Returned = "returned", Delivered = "delivered",
        Relayed = "relayed", Unknown = "unknown",
    }
}

words! {
    /// Who has to do something.
    Actor { Sender = "sender", Admin = "admin", RecipientAdmin = "recipient_admin", Nobody = "nobody" }
}

words! {
    /// How the pasted words bear on a cause.
    Standing { Indicated = "indicated", Possible = "possible", RuledOut = "ruled_out" }
}

words! {
    /// Whether an expiry time stands in the text or follows from the sender's known policy.
    ExpiresFrom { Stated = "stated", Policy = "policy" }
}

/// Everything there is to say about one input, in one language.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Version of this shape: 1.
    pub schema: u32,
    pub lang: Lang,
    pub input: Input,
    pub verdict: Verdict,
    /// The verdict as sentences: what this is, and what to do with it.
    pub answer: Answer,
    /// One per problem, recipients grouped, most serious first.
    pub findings: Vec<Finding>,
    pub hops: Vec<Hop>,
    /// Header fields that matter here, explained.
    pub headers: Vec<Header>,
    /// Glossary entries for words that stand in the input.
    pub terms: Vec<Term>,
    /// What was guessed, skipped or cut.
    pub notes: Vec<Note>,
    /// The text that was read, already cut into runs.
    pub parts: Vec<Part>,
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Input {
    pub kind: InputKind,
    /// Whether less text is shown than was given.
    pub truncated: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Stable word for machines and styles: `failed`, `delayed`, `delivered`, `not_a_bounce`,
    /// `unrecognised`, `empty`, …
    pub id: &'static str,
    pub title: &'static str,
    pub text: Text,
    /// What the reader can do now, one line each; may be empty.
    pub advice: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    pub recipients: Vec<Recipient>,
    /// The catalogue entry, `other`, or `unlisted`.
    pub section: &'static str,
    /// What happened, in a few words.
    pub title: &'static str,
    /// What happened, in one sentence that a sender understands.
    pub meaning: Text,
    /// What it means for an administrator.
    pub detail: Text,
    pub confidence: Confidence,
    /// One stable word for machines: `user_unknown`, `mailbox_full`, `dns`, …
    pub category: &'static str,
    pub stage: Stage,
    pub smtp_stage: Option<SmtpStage>,
    pub outcome: Outcome,
    pub acts: Actor,
    /// The final outcome for the recipient: `5.4.316`.
    pub status: Option<String>,
    /// The final outcome's SMTP reply code: 550.
    pub reply: Option<u16>,
    /// The most specific error, which decides the section: `4.4.316`.
    pub cause_status: Option<String>,
    pub cause_reply: Option<u16>,
    /// Every error found, outermost first.
    pub chain: Vec<ChainLink>,
    pub attempts: Vec<Attempt>,
    pub remote: Remote,
    pub reporting_mta: Option<String>,
    pub generating_server: Option<String>,
    /// `exchange_online`, `exchange_server`, `gmail`, `postfix`, … or `unknown`.
    pub dialect: &'static str,
    pub times: Times,
    pub causes: Vec<Cause>,
    pub questions: Vec<Question>,
    pub steps: Vec<Step>,
    /// What else there is to know about this error: how long the queue tries, when a change takes effect.
    pub notes: Vec<Note>,
    /// How to see that it is fixed.
    pub confirm: &'static str,
    pub sources: Vec<Source>,
    /// Numbers of the evidence that this finding rests on.
    pub because: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Recipient {
    /// The address that the sender wrote, where it differs from the final one.
    pub original: Option<String>,
    #[serde(rename = "final")]
    pub final_: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChainLink {
    pub reply: Option<u16>,
    pub status: Option<String>,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Attempt {
    /// RFC 3339, UTC where the offset is known.
    pub at: Option<String>,
    pub host: Option<String>,
    pub ip: Option<String>,
    pub reply: Option<u16>,
    pub status: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Remote {
    pub host: Option<String>,
    pub ip: Option<String>,
    pub port: Option<u16>,
}

impl Remote {
    /// Its name and its address; one of them where they are the same.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let ip = self.ip.as_ref().filter(|ip| self.host.as_ref() != Some(ip));
        self.host.iter().chain(ip).map(String::as_str)
    }
}

/// RFC 3339 times; `None` where unknown.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Times {
    pub arrived: Option<String>,
    pub last_attempt: Option<String>,
    pub expires: Option<String>,
    pub expires_from: Option<ExpiresFrom>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Cause {
    /// `entry/cause`, never reused.
    pub id: String,
    pub text: &'static str,
    pub standing: Standing,
    pub because: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    pub id: &'static str,
    pub text: &'static str,
    pub answers: Vec<AnswerChoice>,
    /// Evidence that already answers it.
    pub answered_by: Vec<u32>,
    /// The answer in force: given by the reader, else evident; `None` while open.
    pub answer: Option<&'static str>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AnswerChoice {
    /// Unique in the whole catalogue.
    pub id: &'static str,
    pub text: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Step {
    /// `entry/step` or the shared step's id, never reused.
    pub id: &'static str,
    pub who: Actor,
    /// One or two sentences. `**name**` marks a name on screen, `` `code` `` literal text.
    pub text: &'static str,
    /// Holds when all of these answers were given.
    pub only_if: Vec<&'static str>,
    /// Whether the answers in force contradict `only_if`: the page folds such a step, it never hides it.
    pub dropped: bool,
    pub link: Option<Link>,
    pub steps: Vec<Step>,
    pub commands: Vec<Command>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Link {
    pub title: &'static str,
    pub url: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Command {
    /// `powershell`, `exchange_online`, `exchange_server`, `bash`.
    pub shell: &'static str,
    pub text: Text,
    /// What a good result looks like, and what it does not prove.
    pub good: &'static str,
    pub bad: &'static str,
    pub changes_state: bool,
    /// The command that takes a state-changing one back.
    pub undo: Option<Text>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Source {
    pub title: &'static str,
    pub url: &'static str,
    /// The day it was read: `2026-11-23`.
    pub read: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hop {
    pub from: Option<String>,
    pub by: Option<String>,
    pub with: Option<String>,
    pub at: Option<String>,
    pub delay_s: Option<i64>,
    /// Whether the message took longest to come here, of hops that took a minute or more: the one before held it.
    pub longest: bool,
    /// Whether the same two servers pass the message on three times or more.
    pub loops: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Header {
    pub name: String,
    pub value: String,
    pub text: &'static str,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Term {
    pub term: String,
    pub text: &'static str,
    pub cites: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Note {
    pub id: &'static str,
    pub text: Text,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Part {
    /// `text`, `message_headers`, `body`, `delivery_status`, `original_headers`, `attachment`.
    pub kind: &'static str,
    pub runs: Vec<Run>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Run {
    pub text: String,
    /// Numbers of the evidence that these words are.
    pub cites: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evidence {
    /// 1, 2, 3 … in the order of the text.
    pub n: u32,
    /// `reply`, `status`, `recipient`, `host`, `ip`, `time`, `cause`, `phrase`, `action`, …
    pub kind: &'static str,
    /// What these words prove, in the report's language.
    pub says: Text,
    /// The words themselves, control characters neutralised.
    pub witness: String,
}
