//! Words of mail, one for each byte from 0x80 on.

/// Spells the high bytes out.
pub fn spell(data: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(data.len() * 4);
    for byte in data {
        match WORDS.get(usize::from(*byte).wrapping_sub(0x80)) {
            Some(word) => text.extend_from_slice(word.as_bytes()),
            None => text.push(*byte),
        }
    }
    text
}

const WORDS: [&str; 128] = [
    // Codes
    "550 ", "450 ", "421 ", "5.1.1", "4.4.316", "5.4.316", "4.4.317 ", "4.7.320", "5.7.26", "#", "550-5.1.1 ", "4.4.312",
    "554 5.0.0", "X.", "5.", "250 2.0.0",
    // Names and numbers
    "ana@contoso.example", "<bo@fabrikam.example>", "mail.contoso.example", "192.0.2.7", "[2001:db8::25]", ":25", "(192.0.2.7)",
    "smtp;", "rfc822; ", "dns; ", "utf-8; ", "@", "mailto:", "IMCEAEX-", "user@[192.0.2.1]", "0.0.0.0",
    // Fields of a report
    "Final-Recipient: ", "Original-Recipient: ", "Action: failed\n", "Action: delayed\n", "Status: ", "Remote-MTA: ",
    "Reporting-MTA: ", "Diagnostic-Code: ", "Last-Attempt-Date: ", "Will-Retry-Until: ", "Arrival-Date: ", "\n\n", "\r\n",
    "\n ", "\n\t", "\r",
    // Fields of a message
    "From: ", "To: ", "Subject: Undeliverable: ", "Received: from a by b; ", "Content-Type: ", "text/plain", "text/html",
    "multipart/report; report-type=delivery-status; boundary=b\n", "multipart/mixed; boundary=\"b\"", "message/rfc822",
    "message/delivery-status", "message/global-delivery-status", "text/rfc822-headers", "\n--b\n", "\n--b--\n",
    "Content-Transfer-Encoding: quoted-printable\n",
    // Encodings
    "Content-Transfer-Encoding: base64\n", "; charset=iso-2022-jp", "; charset=utf-16", "\u{1B}$B", "=?utf-8?Q?", "?=", "=\n",
    "=3D", "=C3=A9", "=E2=80=8B", "\\u0040", "\\n", "\\[", "&lt;", "&nbsp;", "NTUw",
    // Exchange
    "{LED=", "};{MSG=", "};{FQDN=", "};{IP=", "};{LRT=", "}", "[Message=", "[LastAttemptedServerName=", "[LastAttemptedIP=", "]",
    "Remote Server returned '", "Server at ", " returned '", "Generating server: ", "Diagnostic information for administrators:",
    "Reported error: ",
    // Sentences
    "could not be delivered", "delivery is delayed", "retras\u{F3} la entrega", "n'a pas pu \u{EA}tre remis", "konnte nicht zugestellt werden",
    "This is the mail system at host ", "said: ", "(in reply to RCPT TO command)", ">>> RCPT To:", "<<< ", "out of office", "in reply to ",
    "connection refused", "timed out", "Message expired", "certificate has expired",
    // Dates, marks of a paste, characters that are more than one byte
    "11/3/2026 10:02:03 AM", "2026-11-23T10:02:03Z", "Mon, 23 Nov 2026 10:02:03 +0100", "\n> ", "> ", "| ", "\t", "                    ",
    "\u{A0}", "\u{200B}", "\u{202E}", "\u{201C}", "\u{130}", "\u{1F4E7}", "<http://a.example|a.example>", "<td>",
];
