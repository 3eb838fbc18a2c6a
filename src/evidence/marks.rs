//! Words that tell what kind of text this is, in which language, and which program wrote it; no diagnostic text.

use super::{Page, Span};
use crate::order::{self, Key};
use crate::search::Needles;
use std::sync::OnceLock;

/// The language of a report's labels and sentences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    En,
    Es,
    Fr,
    De,
    It,
    Pt,
    Nl,
}

/// What the words of the text say it is. Each holds the first place it was seen.
#[derive(Debug, Default)]
pub struct Marks {
    pub language: Option<Language>,
    /// "could not be delivered" and the like: a report about a failure.
    pub failed: Option<Span>,
    /// "delivery is delayed" and the like.
    pub delayed: Option<Span>,
    pub still_trying: bool,
    /// The program that wrote the report.
    pub program: Option<&'static str>,
    /// Signs of a connector or of Exchange Online's queue.
    pub connector: Option<Span>,
    pub trace: Option<Span>,
    pub queue: Option<Span>,
    pub alert: Option<Span>,
    /// Exchange's own words, which no other system writes.
    pub exchange: Option<Span>,
    pub auto_reply: Option<Span>,
    /// "delivered to the next system" and the like.
    pub delivered: Option<Span>,
}

#[derive(Clone, Copy)]
enum Mark {
    Failed(Option<Language>),
    Delayed(Option<Language>),
    Program(&'static str),
    Connector,
    Trace,
    Queue,
    Alert,
    Exchange(Option<Language>),
    AutoReply,
    Delivered,
    /// A delay, whatever is said of failing.
    StillTrying,
}

use Language::{De, En, Es, Fr, It, Nl, Pt};
use Mark::{Alert, AutoReply, Connector, Delayed, Delivered, Exchange, Failed, Program, Queue, StillTrying, Trace};

/// Lower case, ASCII letters only where case may differ (the text is lower-cased as ASCII).
const MARKS: &[(&str, Mark)] = &[
    // Exchange, failed
    ("delivery has failed to these recipients", Failed(Some(En))),
    ("message is being returned", Failed(Some(En))),
    ("impossible de contacter le(s) destinataire", Failed(Some(Fr))),
    ("this is a temporary error", StillTrying),
    ("message will be reattempted later", StillTrying),
    ("it will be retried until it is", StillTrying),
    ("will continue to try to deliver", StillTrying),
    ("was automatically rejected:", Failed(None)),
    ("your message did not reach some or all of the intended recipients", Failed(Some(En))),
    ("rejected your message to the following e", Failed(Some(En))),
    ("couldn't be delivered", Failed(Some(En))),
    ("could not be delivered", Failed(Some(En))),
    ("a permanent error; i've given up", Failed(Some(En))),
    ("wasn't delivered", Failed(Some(En))),
    ("was not delivered", Failed(Some(En))),
    ("undeliverable", Failed(Some(En))),
    ("undelivered mail", Failed(None)),
    ("not going to try again", Failed(None)),
    ("has been in the queue too long", Failed(None)),
    ("status=bounced", Failed(None)),
    (": failure: ", Failed(None)),
    ("\"notificationtype\":\"bounce\"", Failed(None)),
    ("\"bouncedrecipients\"", Program("amazon_ses")),
    ("status=deferred", Delayed(None)),
    (" defer (", Delayed(None)),
    ("-queue id-", Delayed(None)),
    ("--q-id--", Delayed(None)),
    ("*** frozen ***", Delayed(None)),
    ("led =", Trace),
    ("zustellung ist verz\u{F6}gert", Delayed(Some(De))),
    ("wird verz\u{F6}gert", Delayed(Some(De))),
    ("verz\u{F6}gert sich", Delayed(Some(De))),
    ("wurde noch nicht zugestellt", Delayed(Some(De))),
    ("n'a pas encore \u{E9}t\u{E9} remis", Delayed(Some(Fr))),
    ("non \u{E8} ancora stato recapitato", Delayed(Some(It))),
    ("ainda n\u{E3}o foi entregue", Delayed(Some(Pt))),
    ("nog niet bezorgd", Delayed(Some(Nl))),
    ("\"event\":\"failed\"", Failed(None)),
    ("\"email.bounced\"", Failed(None)),
    ("\"email.delivery_delayed\"", Delayed(None)),
    ("\"event\": \"failed\"", Failed(None)),
    ("\"severity\": \"temporary\"", StillTrying),
    ("failure sending mail", Failed(None)),
    ("\"severity\":\"temporary\"", StillTrying),
    ("se han retrasado", Alert),
    ("se ha desencadenado una alerta", Alert),
    ("recipient_status", Trace),
    ("failed addresses follow", Program("exim")),
    ("no valid recipients", Failed(None)),
    ("be delivered to one or more recipients", Failed(None)),
    ("not a valid user", Failed(None)),
    ("in your message have failed", Failed(None)),
    ("invalid user address", Failed(None)),
    ("address has been deactivated", Failed(None)),
    ("the group you tried to contact", Program("gmail")),
    ("marked as inactive", Failed(None)),
    ("invalid final delivery userid", Failed(None)),
    ("error message below", Failed(None)),
    ("did not reach the following recipient", Failed(None)),
    ("incorrectly constructed", Failed(None)),
    ("had delivery problems", Failed(None)),
    ("delivery status notification (failure)", Failed(None)),
    ("returned mail:", Failed(None)),
    ("failure notice", Failed(None)),
    ("a estos destinatarios o grupos", Exchange(Some(Es))),
    ("no se pudo entregar", Failed(Some(Es))),
    ("no se puede entregar", Failed(Some(Es))),
    ("no se ha podido entregar", Failed(Some(Es))),
    ("no se ha entregado", Failed(Some(Es))),
    ("error al entregar", Failed(Some(Es))),
    ("chec de la remise", Failed(Some(Fr))),
    ("n'a pas pu \u{EA}tre remis", Failed(Some(Fr))),
    ("non remis :", Failed(Some(Fr))),
    ("il recapito non \u{E8} riuscito", Failed(Some(It))),
    ("impossibile recapitare", Failed(Some(It))),
    ("non recapitabile", Failed(Some(It))),
    ("unzustellbar", Failed(Some(De))),
    ("fehler bei der nachrichtenzustellung", Failed(Some(De))),
    ("konnte nicht zugestellt", Failed(Some(De))),
    ("falha na entrega", Failed(Some(Pt))),
    ("n\u{E3}o foi entregue", Failed(Some(Pt))),
    ("n\u{E3}o entregue", Failed(Some(Pt))),
    ("kan niet worden bezorgd", Failed(Some(Nl))),
    ("onbestelbaar", Failed(Some(Nl))),
    // labels of Exchange's diagnostics
    ("diagnostic information for administrators", Exchange(Some(En))),
    ("informaci\u{F3}n de diagn\u{F3}stico para", Exchange(Some(Es))),
    ("informations de diagnostic pour les administrateurs", Exchange(Some(Fr))),
    ("diagnoseinformationen f\u{FC}r administratoren", Exchange(Some(De))),
    ("informazioni di diagnostica per gli amministratori", Exchange(Some(It))),
    ("informa\u{E7}\u{F5}es de diagn\u{F3}stico para administradores", Exchange(Some(Pt))),
    ("diagnostische gegevens voor beheerders", Exchange(Some(Nl))),
    ("more info for email admins", Exchange(Some(En))),
    ("dsn generated by:", Exchange(None)),
    ("dsn generiert von:", Exchange(Some(De))),
    ("dsn generado por:", Exchange(Some(Es))),
    ("sent by microsoft exchange server", Exchange(None)),
    ("microsoft exchange", Exchange(None)),
    ("resolver.adr", Exchange(None)),
    ("prod.outlook.com", Exchange(None)),
    // delayed
    ("delivery is delayed to these recipients", Delayed(Some(En))),
    ("message is delayed for more than", Delayed(Some(En))),
    ("hasn't been delivered yet", Delayed(Some(En))),
    ("has not yet been delivered", Delayed(None)),
    ("retras\u{F3} la entrega", Delayed(Some(Es))),
    ("a\u{FA}n no se entreg\u{F3}", Delayed(Some(Es))),
    ("retraso en la entrega", Delayed(Some(Es))),
    ("se seguir\u{E1} tratando", Delayed(Some(Es))),
    ("la remise est retard\u{E9}e", Delayed(Some(Fr))),
    ("zustellung verz\u{F6}gert", Delayed(Some(De))),
    ("warning message only", Delayed(None)),
    ("transient non-fatal", Delayed(None)),
    ("do not need to resend your message", Delayed(None)),
    ("will continue to be attempted", Delayed(Some(En))),
    ("delivery to the following recipients has been delayed", Delayed(None)),
    ("delivery to the following recipient has been delayed", Delayed(None)),
    ("this message was delayed", Delayed(None)),
    ("delivery delayed", Delayed(None)),
    ("delivery has been delayed", Delayed(None)),
    ("' delayed smtp module", Delayed(None)),
    ("' delayed\nsmtp module", Delayed(None)),
    ("delivery status notification (delay)", Delayed(None)),
    ("delivery incomplete", Delayed(None)),
    ("delivery attempts will continue", Delayed(None)),
    ("will be retried for", Delayed(None)),
    ("gmail will retry", Delayed(None)),
    ("will retry for", Delayed(None)),
    ("message is still undelivered", Delayed(None)),
    ("still in the queue", Delayed(None)),
    ("no action is required on your part", Delayed(None)),
    // delivered
    ("successfully delivered to", Delivered),
    ("has been successfully delivered", Delivered),
    ("was successfully delivered", Delivered),
    ("successfully relayed to", Delivered),
    ("delivery to these recipients or groups is complete", Delivered),
    ("your message has been delivered", Delivered),
    ("send external", Delivered),
    // programs
    ("this is the mail system at host", Program("postfix")),
    ("mail delivery software", Program("exim")),
    ("the original message was received at", Program("sendmail")),
    ("transcript of session follows", Program("sendmail")),
    ("qmail-send program", Program("qmail")),
    ("i wasn't able to deliver your m", Program("qmail")),
    ("the mail server responded", Program("other")),
    ("delivery to the following recipient failed permanently", Program("gmail")),
    ("google tried to deliver your message", Program("gmail")),
    ("an error occurred while trying to deliver the mail to the following recipients", Program("amazon_ses")),
    ("this report relates to a message you sent", Program("other")),
    ("pmdf e-mail", Program("other")),
    ("your mail message to the following address(es) could not be delivered", Program("other")),
    ("undelivered message", Program("other")),
    ("has been rejected by the remote server", Program("other")),
    ("sorry, we were unable to deliver your message", Program("yahoo")),
    ("unable to deliver message to the following address", Program("yahoo")),
    ("user's mailbox", Program("other")),
    ("delivery failed", Failed(None)),
    ("delivery failure", Failed(None)),
    ("unable to deliver", Failed(None)),
    ("following recipients failed", Failed(None)),
    ("was rejected by the server", Failed(None)),
    ("could not deliver", Failed(None)),
    ("permanent fatal errors", Failed(None)),
    ("permanent failure", Failed(None)),
    ("address not found", Failed(None)),
    ("message not delivered", Failed(None)),
    ("message blocked", Failed(None)),
    ("not deliverable", Failed(None)),
    ("mail could not be", Failed(None)),
    ("recipients of your message could not", Failed(None)),
    ("rejected recipient", Failed(None)),
    ("delivery has failed", Failed(None)),
    // queue, trace, alert
    ("messages have been delayed", Alert),
    ("alert has been triggered", Alert),
    ("number of queued messages", Queue),
    ("mensajes en cola", Queue),
    ("nexthopdomain", Queue),
    ("deliverytype", Queue),
    ("lasterror", Queue),
    ("led=", Trace),
    ("recipientstatus", Trace),
    ("outboundproxytarget", Trace),
    ("messagetrace", Trace),
    ("lastattemptedservername", Connector),
    ("lastattemptedip", Connector),
    ("connector name", Connector),
    ("nombre del conector", Connector),
    ("smtpsecurity=", Connector),
    // replies by a machine
    ("out of office", AutoReply),
    ("out of the office", AutoReply),
    ("fuera de la oficina", AutoReply),
    ("automatic reply", AutoReply),
    ("respuesta autom\u{E1}tica", AutoReply),
    ("automatische antwort", AutoReply),
    ("r\u{E9}ponse automatique", AutoReply),
    ("\u{81EA}\u{52A8}\u{56DE}\u{590D}", AutoReply),
    ("i am on vacation", AutoReply),
    ("abwesenheitsnotiz", AutoReply),
    ("on annual leave", AutoReply),
];

impl Marks {
    /// A notice about a delay: it speaks of the delay first, and of failing only as what may come.
    pub fn is_delay(&self) -> bool {
        self.delayed.is_some_and(|delayed| {
            self.still_trying
                || self.failed.is_none_or(|failed| (delayed.part, delayed.start) <= (failed.part, failed.start))
        })
    }
}

fn needles() -> &'static Needles {
    static NEEDLES: OnceLock<Needles> = OnceLock::new();
    NEEDLES.get_or_init(|| Needles::new(MARKS.iter().map(|(words, _)| *words)))
}

/// How far a page is searched; a report says what it is early on.
const FAR: usize = 256 * 1024;

pub fn read(page: &Page<'_>, marks: &mut Marks) {
    let far = page.lower.floor_char_boundary(FAR.min(page.lower.len()));
    let mut found = needles().find(&page.lower.as_bytes()[..far]);
    // In the order of the text: the first of a kind counts.
    order::sort(&mut found, |(at, mark)| (*at, usize::MAX - *mark).key());
    for (at, mark) in found {
        let (words, mark) = MARKS[mark];
        // "delivery failed to all alternate hosts" is Exchange's way of saying that it tries again.
        if page.lower[at + words.len()..].starts_with(" to all alternate") {
            continue;
        }
        let span = page.span(at, at + words.len());
        let mut language = None;
        let place = match mark {
            Failed(l) => {
                language = l;
                &mut marks.failed
            }
            Delayed(l) => {
                language = l;
                &mut marks.delayed
            }
            StillTrying => {
                marks.still_trying = true;
                &mut marks.delayed
            }
            Exchange(l) => {
                language = l;
                &mut marks.exchange
            }
            Program(program) => {
                marks.program = marks.program.or(Some(program));
                continue;
            }
            Connector => &mut marks.connector,
            Trace => &mut marks.trace,
            Queue => &mut marks.queue,
            Alert => &mut marks.alert,
            AutoReply => &mut marks.auto_reply,
            Delivered => &mut marks.delivered,
        };
        place.get_or_insert(span);
        // A translated label weighs more than English words, which stand in every language's reports.
        if let Some(language) = language
            && marks.language.is_none_or(|l| l == Language::En)
        {
            marks.language = Some(language);
        }
    }
}
