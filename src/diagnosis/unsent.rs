//! Mail that nobody here sent: a lure that plays a delivery report, and a true report on a message in a forged name.

use super::outcome::{REPORTERS, SUBJECTS, header_has, is_from_list};
use crate::evidence::{Facts, places};
use crate::intake::{Container, Document, PartKind, lower};
use crate::search::has;

/// Words that want something of the reader, lower case, and how much each weighs; a true report wants nothing.
const LURES: &[(&str, u8)] = &[
    ("release message", 2),
    ("release pending", 2),
    ("release your", 2),
    ("release all", 2),
    ("to inbox", 1),
    ("retrieve message", 2),
    ("retrieve your", 2),
    ("recover message", 2),
    ("pending message", 1),
    ("messages are held", 1),
    ("messages are being held", 1),
    ("validate your", 2),
    ("verify your", 2),
    ("confirm your", 2),
    ("same password", 2),
    ("current password", 2),
    ("password will expire", 2),
    ("password expire", 2),
    ("upgrade your", 1),
    ("increase your", 1),
    ("will be deactivated", 1),
    ("will be suspended", 1),
    ("will be deleted", 1),
    ("will be closed", 1),
    ("click here", 1),
    ("click below", 1),
    ("sign in to", 1),
    ("log in to", 1),
    ("allow message", 1),
    ("liberar mensajes", 2),
    ("liberar los mensajes", 2),
    ("recuperar mensajes", 2),
    ("recuperar los mensajes", 2),
    ("mensajes retenidos", 1),
    ("mensajes pendientes", 1),
    ("verifique su", 2),
    ("verificar su", 2),
    ("valide su", 2),
    ("validar su", 2),
    ("confirme su contraseña", 2),
    ("misma contraseña", 2),
    ("contraseña caduca", 2),
    ("contraseña expira", 2),
    ("será desactivad", 1),
    ("será suspendid", 1),
    ("se eliminarán", 1),
    ("haga clic", 1),
    ("cliquez ici", 1),
    ("vérifiez votre", 2),
    ("libérer les messages", 2),
    ("klicken sie hier", 1),
    ("nachrichten freigeben", 2),
    ("bestätigen sie ihr", 2),
    ("clicca qui", 1),
    ("verifica il tuo", 2),
    ("clique aqui", 1),
    ("verifique sua", 2),
    ("liberar mensagens", 2),
    ("klik hier", 1),
    ("berichten vrijgeven", 2),
];

/// Ends of file names that a true report does not bring.
const TRAPS: &[&str] =
    &[".zip", ".htm", ".html", ".shtml", ".exe", ".scr", ".js", ".pif", ".iso", ".img", ".lnk", ".vbs", ".bat", ".rar"];

/// Senders that play a mail system, beside those that are one.
const ACTORS: &[&str] =
    &["administrator", "mail server", "mailserver", "webmail", "helpdesk", "it support", "mail support"];

/// How far a notice is searched; a lure does not hide its wish.
const FAR: usize = 16 * 1024;

/// Whether a notice of failure brings a wish or a trap where a mail system would bring an error.
pub fn is_fake(document: &Document, facts: &Facts) -> bool {
    let marks = &facts.marks;
    let proven = marks.program.is_some()
        || facts.generating_server.is_some()
        || facts.header("X-Failed-Recipients").is_some()
        || document.parts.iter().any(|p| p.kind == PartKind::DeliveryStatus)
        || facts.notices.iter().any(|n| n.action.is_some());
    if proven {
        return false;
    }
    let subject = header_has(facts, "Subject", SUBJECTS);
    let claims = marks.failed.is_some() || marks.delayed.is_some() || subject;
    if !claims || is_from_list(facts) {
        return false;
    }
    let plays = header_has(facts, "From", REPORTERS) || header_has(facts, "From", ACTORS);
    if document.container == Container::Message && !plays && !subject {
        return false;
    }
    let (mut weight, mut trap) = (0, false);
    for part in &document.parts {
        let text = part.text.text();
        let text = lower(&text[..text.floor_char_boundary(FAR.min(text.len()))]);
        match part.kind {
            PartKind::Attachment => trap |= TRAPS.iter().any(|end| text.trim_end_matches(']').ends_with(end)),
            PartKind::Body | PartKind::Text => {
                weight += LURES.iter().filter(|(words, _)| has(&text, words)).map(|(_, weight)| weight).sum::<u8>();
            }
            _ => {}
        }
    }
    weight >= 3 || trap && plays
}

/// Whether a true report is about a message that somebody else sent in the reader's name: the reader says so, or the
/// returned message came from a server that the domain of its sender does not allow.
pub fn is_backscatter(document: &Document, facts: &Facts) -> bool {
    says_so(document) || document.parts.iter().any(|p| p.kind == PartKind::Original && is_forged(p.text.text(), facts))
}

/// The reader's own words above the report.
fn says_so(document: &Document) -> bool {
    let first = document.parts.iter().find(|p| matches!(p.kind, PartKind::Text | PartKind::Body));
    let text = first.map_or("", |p| p.text.text());
    let text = lower(&text[..text.floor_char_boundary(400.min(text.len()))]);
    ["i did not send", "i didn't send", "i never sent", "yo no envié", "yo no he enviado", "no he enviado este"]
        .iter()
        .any(|words| has(&text, words))
}

fn is_forged(header: &str, facts: &Facts) -> bool {
    let header = lower(&header[..header.floor_char_boundary(FAR.min(header.len()))]);
    let failed = has(&header, "spf=fail") || has(&header, "\nreceived-spf: fail");
    if !failed {
        return false;
    }
    // Whoever vouches for the message, it is no forgery; and what is refused for its sender's sake was often sent by him.
    let vouched = ["dkim=pass", "dmarc=pass", "spf=pass", "authas: internal"].iter().any(|words| has(&header, words));
    let refused = facts.notices.iter().flat_map(|n| &n.said).flat_map(|s| &s.errors);
    let mut codes =
        refused.filter_map(|e| e.status).chain(facts.notices.iter().filter_map(|n| n.status.as_ref().map(|s| s.value)));
    if vouched || codes.any(|code| code.1 == 7) {
        return false;
    }
    // The sender's own server does not send reports on forgeries to others.
    let from = header.lines().find(|line| line.starts_with("from:")).unwrap_or_default();
    let Some(domain) = places::addresses(from).first().and_then(|(start, end)| from[*start..*end].rsplit('@').next())
    else {
        return false;
    };
    let reporters = [&facts.generating_server, &facts.reporting_mta];
    !reporters.into_iter().flatten().any(|server| lower(&server.value).ends_with(domain))
}
