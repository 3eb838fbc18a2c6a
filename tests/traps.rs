//! The traps of this trade, one test each: what a quick reading of an error gets wrong.

mod fixtures;

use fixtures::paste;
use ndr_doctor::report::{Confidence, Finding, Outcome, Standing, Step, Verdict};
use ndr_doctor::{Lang, Report};

/// The only finding on a pasted text.
fn finding(text: &str) -> Finding {
    let mut findings = paste(text).findings;
    assert_eq!(findings.len(), 1, "findings on {text}\n{findings:#?}");
    findings.remove(0)
}

/// The last names of the causes that the text points to.
fn indicated(finding: &Finding) -> Vec<&str> {
    let causes = finding.causes.iter().filter(|c| c.standing == Standing::Indicated);
    causes.filter_map(|c| c.id.rsplit('/').next()).collect()
}

fn note_ids(report: &Report) -> Vec<&str> {
    report.notes.iter().map(|n| n.id).collect()
}

#[test]
fn an_expired_5_4_31x_is_the_fault_of_4_4_31x_with_the_message_gone() {
    for (x, gone, waiting) in [
        (312, "Message expired, DNS query failed", "DNS query failed"),
        (315, "Message expired, connection timed out", "Connection timed out"),
        (316, "Message expired, connection refused", "Connection refused"),
        (317, "Message expired, cannot connect to remote server", "Cannot connect to remote server"),
        (318, "Message expired, connection reset", "Connection was closed abruptly"),
    ] {
        let gone = finding(&format!("550 5.4.{x} {gone}"));
        let waiting = finding(&format!("450 4.4.{x} {waiting}"));
        let section = format!("4.4.{x}");
        assert_eq!((gone.section, gone.outcome), (&*section, Outcome::Returned), "5.4.{x}");
        assert_eq!((waiting.section, waiting.outcome), (&*section, Outcome::Retrying), "4.4.{x}");
        assert_eq!(gone.status.as_deref(), Some(format!("5.4.{x}").as_str()));
        let resend = |f: &Finding| f.steps.iter().any(|s| s.id == "send-again");
        assert!(resend(&gone), "5.4.{x}: nobody is told to send the message again");
    }
}

#[test]
fn the_older_attempt_line_of_an_expired_message_does_not_make_it_a_delay() {
    let report = paste(
        "ana@contoso.example\n\
         3/18/2026 3:41:08 PM - Server at AM6PR04MB1234.eurprd04.prod.outlook.com returned '550 5.4.316 Message expired, connection refused'\n\
         3/18/2026 3:30:52 PM - Server at mail.contoso.example (192.0.2.7) returned '450 4.4.316 Connection refused'",
    );
    assert_eq!((report.verdict, report.findings[0].outcome), (Verdict::Failed, Outcome::Returned));
    assert_eq!(report.findings[0].status.as_deref(), Some("5.4.316"));
    assert_eq!(report.findings[0].cause_status.as_deref(), Some("4.4.316"));
    assert_eq!(report.findings[0].remote.host.as_deref(), Some("mail.contoso.example"));
}

#[test]
fn a_message_that_came_back_is_never_said_to_be_waiting() {
    let says = |finding: &Finding, step: &str| finding.steps.iter().any(|s| s.id.ends_with(step) && !s.dropped);
    let gone = "<ana@fabrikam.example>: connect to mx.fabrikam.example[192.0.2.25]:25: Connection timed out

Final-Recipient: rfc822; ana@fabrikam.example
Action: failed
Status: 4.4.1
Diagnostic-Code: X-Postfix; connect to mx.fabrikam.example[192.0.2.25]:25: Connection timed out";
    let (waiting, gone) = (finding(&gone.replace("failed", "delayed")), finding(gone));
    assert_eq!((waiting.outcome, gone.outcome), (Outcome::Retrying, Outcome::Returned));
    assert!(says(&waiting, "wait-for-retry") && !says(&waiting, "send-again"));
    assert!(says(&gone, "send-again") && !says(&gone, "wait-for-retry"));
    let mut seen = 0;
    for mail in fixtures::all() {
        for finding in mail.report(Lang::En).findings.iter().filter(|f| f.outcome == Outcome::Returned) {
            assert!(!says(finding, "wait-for-retry"), "{}: {}", mail.name, finding.section);
            seen += 1;
        }
    }
    assert!(seen > 100, "{seen} errors of returned messages");
}

#[test]
fn a_certificate_fault_comes_as_4_4_317_and_is_told_by_what_stands_after_message() {
    let causes = |message: &str| {
        let found = finding(&format!("450 4.4.317 Cannot establish session with remote server [Message={message}]"));
        assert_eq!(found.section, "4.4.317", "{message}");
        indicated(&found).into_iter().map(str::to_string).collect::<Vec<_>>()
    };
    let names = "Expected Subject: mail.contoso.example Presented Subject: CN=EX01 Thumbprint: 0A1B";
    let messages = [
        format!("CertificateExpired {names}"),
        format!("SubjectMismatch {names}"),
        "UntrustedRoot".to_string(),
        "451 5.7.3 STARTTLS is required to send mail".to_string(),
        "451 4.4.0 TLS negotiation failed with error SocketError".to_string(),
        "Failed to connect. Winsock error code: 995, Win32 error code: 995".to_string(),
        "421 4.3.2 Service not available".to_string(),
        "550-5.7.0 Mail rejected, Senderscore too low".to_string(),
    ];
    let mut all = Vec::new();
    for message in &messages {
        let causes = causes(message);
        assert!(!causes.is_empty(), "{message} points to no cause");
        assert!(!all.contains(&causes), "{message} points to what another message points to: {causes:?}");
        all.push(causes);
    }
}

#[test]
fn the_sentence_beside_4_4_317_changes_with_the_years_and_decides_nothing() {
    for sentence in ["Cannot connect to remote server", "Cannot establish session with remote server", "Something new"]
    {
        let found = finding(&format!("450 4.4.317 {sentence} [Message=UntrustedRoot]"));
        assert_eq!((found.section, found.confidence), ("4.4.317", Confidence::Certain), "{sentence}");
    }
}

#[test]
fn exchange_online_tries_for_24_hours_and_exchange_server_for_two_days() {
    let expires = |reporter: &str, error: &str| {
        let text = format!(
            "From: postmaster@fabrikam.example\nSubject: Delivery delayed: Plan\nMIME-Version: 1.0\n\
             Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\n\
             Delivery is delayed to these recipients or groups:\n\nana@contoso.example\n\n\
             Diagnostic information for administrators:\n\nGenerating server: {reporter}\n\nana@contoso.example\n\
             Remote Server returned '{error}'\n\n\
             --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;{reporter}\n\
             Arrival-Date: Tue, 17 Mar 2026 15:30:52 +0000\n\n\
             Final-Recipient: rfc822;ana@contoso.example\nAction: delayed\nStatus: 4.4.7\n\
             Diagnostic-Code: smtp;{error}\n\n--b--\n"
        );
        let found = fixtures::report("delay.eml", text.as_bytes(), Lang::En).findings.remove(0);
        (found.times.expires, found.times.expires_from.map(|from| from.word()))
    };
    let delayed = "400 4.4.7 Message delayed";
    let cloud = expires("AM6PR04MB1234.eurprd04.prod.outlook.com", delayed);
    assert_eq!(cloud, (Some("2026-03-18T15:30:52Z".into()), Some("policy")));
    assert_eq!(expires("EX19.fabrikam.example", delayed), (Some("2026-03-19T15:30:52Z".into()), Some("policy")));
    // An unknown system's patience is unknown.
    let unknown = paste(
        "Arrival-Date: Tue, 17 Mar 2026 15:30:52 +0000\n\nFinal-Recipient: rfc822;ana@contoso.example\nAction: delayed\nStatus: 4.0.0\n",
    );
    assert_eq!(unknown.findings[0].times.expires, None);
}

#[test]
fn a_stated_time_to_give_up_is_counted_from_the_report_or_from_the_arrival() {
    let expires = |text: &str| {
        let found = paste(text).findings.remove(0);
        (found.times.expires, found.times.expires_from.map(|from| from.word()))
    };
    let stated = |at: &str| (Some(at.to_string()), Some("stated"));
    let exchange = |sentence: &str| {
        expires(&format!(
            "Delivery is delayed to these recipients or groups:\n\nana@contoso.example\n\n{sentence}\n\n\
             Diagnostic information for administrators:\n\nGenerating server: EX19.fabrikam.example\n\nana@contoso.example\n\
             3/17/2026 3:30:52 PM - Server at mx.contoso.example (192.0.2.7) returned '441 4.4.1 Connection timed out'\n"
        ))
    };
    let english = "The server will keep trying to deliver this message for the next 1 days, 19 hours and 56 minutes.";
    assert_eq!(exchange(english), stated("2026-03-19T11:26:52"));
    let spanish =
        "El servidor seguirá intentando entregar este mensaje durante los próximos 0 días, 20 horas y 1 minutos.";
    assert_eq!(exchange(spanish), stated("2026-03-18T11:31:52"));
    assert_eq!(exchange("Please keep trying."), (None, None), "no time to count from, nothing stated");
    let postfix = "This is the mail system at host mail.fabrikam.example.\n\nYour message could not be delivered for more \
                   than 4 hour(s).\nIt will be retried until it is 5 days old.\n\n\
                   <ana@contoso.example>: connect to mx.contoso.example[192.0.2.7]:25: Connection timed out\n\n\
                   Reporting-MTA: dns; mail.fabrikam.example\nArrival-Date: Tue, 17 Mar 2026 15:30:52 +0000\n\n\
                   Final-Recipient: rfc822; ana@contoso.example\nAction: delayed\nStatus: 4.4.1\n";
    assert_eq!(expires(postfix), stated("2026-03-22T15:30:52Z"));
}

#[test]
fn the_useful_error_is_often_the_inner_one() {
    for (text, inner) in [
        // outer -> inner, as modern reports write it
        ("550 5.0.350 Remote server returned an error -> 550 5.1.1 User unknown", "5.1.1"),
        (
            "550 5.1.351 Remote server returned unknown recipient or mailbox unavailable -> 550 5.1.1 Recipient address rejected",
            "5.1.1",
        ),
        // [Message=inner]
        (
            "450 4.4.317 Cannot connect to remote server [Message=451 5.7.3 STARTTLS is required to send mail]",
            "4.4.317",
        ),
        // returned 'outer(inner)'
        ("Remote Server returned '554 5.4.0 < #5.2.2 smtp;552 5.2.2 Mailbox full>'", "5.2.2"),
        (
            "4.7.0 Proxy session setup failed on Frontend with '451 4.4.0 Primary target IP address responded with: \"421 4.3.2 Service not active\"'",
            "4.3.2",
        ),
    ] {
        let report = paste(text);
        assert_eq!(report.findings[0].cause_status.as_deref(), Some(inner), "{text}\n{:#?}", report.findings[0].chain);
        assert!(report.findings[0].chain.len() > 1 || inner.starts_with("4.4.317"), "{text}: the chain is lost");
    }
}

#[test]
fn the_machine_made_half_of_an_expired_message_names_no_server_and_none_is_invented() {
    let report = paste(
        "Reporting-MTA: dns;AM6PR04MB1234.eurprd04.prod.outlook.com\n\nFinal-Recipient: rfc822;ana@contoso.example\nAction: failed\n\
         Status: 5.4.316\nDiagnostic-Code: smtp;550 5.4.316 Message expired, connection refused\n",
    );
    let found = &report.findings[0];
    assert_eq!(found.section, "4.4.316");
    assert_eq!((&found.remote.host, &found.remote.ip, found.remote.port), (&None, &None, None));
    assert!(indicated(found).is_empty(), "nothing here says why: {:?}", indicated(found));
    // The details stand in the text part only, so it is asked for.
    let notes: Vec<_> = note_ids(&report);
    assert!(notes.contains(&"text_part"), "no note asks for the text part; the notes are {notes:?}");
}

#[test]
fn ptr_infodomainnonexistent_in_a_healthy_header_is_no_dns_fault() {
    let header = "X-Forefront-Antispam-Report: CIP:192.0.2.7;CTRY:ES;LANG:es;SCL:1;SRV:;IPV:NLI;SFV:NSPM;H:mail.contoso.example;\
                  PTR:InfoDomainNonexistent;CAT:NONE;SFS:(13230040);DIR:INB;";
    let received = "Received: from mail.contoso.example (192.0.2.7) by AM6PR04MB1234.eurprd04.prod.outlook.com; Tue, 17 Mar 2026 15:30:52 +0000";
    let alone = paste(&format!("{received}\n{header}\nSubject: Hola\nFrom: ana@contoso.example\n"));
    assert_eq!(alone.verdict, Verdict::NotABounce, "{:#?}", alone.findings);
    let refused = "450 4.4.316 Connection refused [Message=Socket error code 10061] [LastAttemptedServerName=mx.fabrikam.example]";
    let beside = paste(&format!("{refused}\n\n{received}\n{header}\n"));
    assert_eq!(beside.findings[0].section, "4.4.316");
    assert_eq!(beside.findings.len(), 1);
}

#[test]
fn a_delay_notice_is_not_a_failure() {
    for text in [
        "Delivery is delayed to these recipients or groups:\n\nana@contoso.example\n\nThis message hasn't been delivered yet. \
         Delivery will continue to be attempted.",
        "Se retrasó la entrega a estos destinatarios o grupos:\n\nana@contoso.example\n\nEste mensaje aún no se ha entregado. \
         Se seguirá intentando entregarlo.",
        "Final-Recipient: rfc822;ana@contoso.example\nAction: delayed\nStatus: 4.4.7\nDiagnostic-Code: smtp;400 4.4.7 Message delayed\n",
        "Server at mail.contoso.example returned '400 4.4.7 Message delayed'",
    ] {
        let report = paste(text);
        assert_eq!(report.verdict, Verdict::Delayed, "{text}");
        assert!(report.findings.iter().all(|f| f.outcome == Outcome::Retrying), "{text}");
        assert!(
            !report.findings.iter().any(|f| f.steps.iter().any(|s| s.id == "send-again")),
            "it is not lost: {text}"
        );
    }
}

#[test]
fn one_code_means_different_things_in_different_mouths() {
    for (text, section) in [
        (
            "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ana@contoso.example not found by SMTP address lookup",
            "5.1.10",
        ),
        ("550 5.1.10 Recipient address has null MX", "null-mx"),
        ("550 5.1.8 Access denied, bad outbound sender AS(42004)", "5.1.8"),
        ("550 5.1.8 <ana@contoso.example>: Sender address rejected: Domain not found", "sender-domain-unknown"),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "recipient-rejected-at-edge"),
    ] {
        assert_eq!(finding(text).section, section, "{text}");
    }
    // The registry's own meaning where nobody in particular speaks.
    let nobody = finding("451 5.4.1 no answer from host mail.contoso.example");
    assert!(!["recipient-rejected-at-edge", "other"].contains(&nobody.section), "{}", nobody.section);
}

/// A value as PowerShell folds it: at column 79, in the middle of words, and indented under itself.
fn folded(text: &str, indent: usize) -> String {
    let letters: Vec<char> = text.chars().collect();
    let (first, rest) = letters.split_at(79);
    let lines =
        rest.chunks(79 - indent).map(|line| format!("\n{}{}", " ".repeat(indent), line.iter().collect::<String>()));
    first.iter().collect::<String>() + &lines.collect::<String>()
}

#[test]
fn a_bundle_may_be_broken_in_any_place() {
    let texts = [
        "LED=450 4.4.316 Connection refused [Message=Socket error code 10061 [LastAttemptedServerName=mx.contoso.example [LastAttemptedIP=192.0.2.7:25",
        "{LED=450 4.4.316 Connection refused [Message = Socket error code 10061] [LastAttemptedServerName = mx.contoso.example] [LastAttemptedIP = 192.0.2.7:25]};{MSG=4.",
        "450 4.4.316 Connection refused [Message=3DSocket error code 10061] [LastAtte=\nmptedServerName=3Dmx.contoso.example] [LastAttemptedIP=3D192.0.2.7:25]",
    ];
    let detail = "Detail           : {LED=450 4.4.316 Connection refused [Message=Socket error code 10061] \
                  [LastAttemptedServerName=mx.contoso.example] [LastAttemptedIP=192.0.2.7:25] [SmtpSecurity=-2;-2]};{MSG=};\
                  {FQDN=mx.contoso.example};{IP=192.0.2.7};{LRT=3/17/2026 3:30:52 PM}";
    let table = format!("Event            : Defer\nAction           : Fail\n{}\n", folded(detail, 19));
    for text in texts.into_iter().chain([table.as_str()]) {
        let found = finding(text);
        assert_eq!((found.section, found.status.as_deref()), ("4.4.316", Some("4.4.316")), "{text}");
        assert_eq!(found.remote.host.as_deref(), Some("mx.contoso.example"), "{text}");
        assert_eq!(found.remote.ip.as_deref(), Some("192.0.2.7"), "{text}");
        assert!(indicated(&found).contains(&"nothing-listens"), "{text}: {:?}", indicated(&found));
    }
}

#[test]
fn labels_come_in_the_senders_language_and_the_smtp_part_in_english() {
    let line =
        "Remote Server at mx.contoso.example (192.0.2.7) returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'";
    for (opening, server, diagnostic) in [
        (
            "Delivery has failed to these recipients or groups:",
            "Generating server",
            "Diagnostic information for administrators:",
        ),
        (
            "No se pudo entregar el mensaje a estos destinatarios o grupos:",
            "Servidor de generación",
            "Información de diagnóstico para los administradores:",
        ),
        (
            "Échec de la remise à ces destinataires ou groupes :",
            "Serveur de génération",
            "Informations de diagnostic pour les administrateurs :",
        ),
        (
            "Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:",
            "Generierender Server",
            "Diagnoseinformationen für Administratoren:",
        ),
        (
            "Recapito non riuscito per i seguenti destinatari o gruppi:",
            "Server di generazione",
            "Informazioni di diagnostica per gli amministratori:",
        ),
    ] {
        let text = format!(
            "{opening}\n\nana@contoso.example\n\n{diagnostic}\n\n{server}: EX01.fabrikam.example\n\nana@contoso.example\n{line}"
        );
        let found = finding(&text);
        assert_eq!(found.recipients[0].final_, "ana@contoso.example", "{opening}");
        assert_eq!(found.status.as_deref(), Some("5.1.1"), "{opening}");
        assert_eq!(found.generating_server.as_deref(), Some("EX01.fabrikam.example"), "{opening}");
        assert_eq!(found.remote.host.as_deref(), Some("mx.contoso.example"), "{opening}");
    }
}

#[test]
fn a_dns_fault_has_no_remote_address_even_where_one_is_printed() {
    for printed in ["contoso.example (25.152.252.27)", "contoso.example (0.0.0.0)"] {
        let found = finding(&format!(
            "3/13/2026 1:02:03 AM - Server at {printed} returned '450 4.4.312 DNS query failed(ErrorRetry)'"
        ));
        assert_eq!((found.section, &found.remote.ip), ("4.4.312", &None), "{printed}");
        let of_attempts: Vec<_> = found.attempts.iter().filter_map(|a| a.ip.as_deref()).collect();
        assert!(of_attempts.is_empty(), "{printed}: nobody was connected to, yet the attempts name {of_attempts:?}");
        let filled = |steps: &[Step]| steps.iter().flat_map(|s| &s.commands).any(|c| c.text.contains("25.152.252.27"));
        assert!(!filled(&found.steps), "{printed}: it reaches a command");
    }
}

#[test]
fn a_date_of_two_readings_is_left_out_unless_another_date_decides() {
    let attempt = |date: &str| {
        format!(
            "{date} 1:02:03 AM - Server at mx.contoso.example (192.0.2.7) returned '450 4.4.315 Connection timed out'"
        )
    };
    let times = |report: &Report| report.findings[0].attempts.iter().map(|a| a.at.clone()).collect::<Vec<_>>();

    let open = paste(&attempt("3/09/2016"));
    assert_eq!(times(&open), [None]);
    assert_eq!(open.findings[0].times.last_attempt, None);
    assert!(note_ids(&open).contains(&"date_order"), "{:?}", note_ids(&open));

    let day_first = paste(&format!("{}\n{}", attempt("3/09/2016"), attempt("25/08/2016")));
    assert!(times(&day_first)[0].as_deref().is_some_and(|at| at.starts_with("2016-09-03")), "{:?}", times(&day_first));
    assert!(!note_ids(&day_first).contains(&"date_order"));

    let month_first = paste(&format!("{}\n{}", attempt("8/25/2016"), attempt("3/09/2016")));
    assert!(
        times(&month_first)[1].as_deref().is_some_and(|at| at.starts_with("2016-03-09")),
        "{:?}",
        times(&month_first)
    );
}

#[test]
fn replies_one_a_line_are_errors_each_of_its_own_and_no_page_about_codes() {
    let replies = [
        ("550 5.4.310 DNS domain contoso.example does not exist", "5.4.310"),
        ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled", "5.7.139"),
        ("550 5.7.60 SMTP; Client does not have permissions to send as this sender", "5.7.60"),
        ("552 5.3.4 Message size exceeds fixed limit", "5.3.4"),
        ("452 4.3.1 Insufficient system resources", "4.3.1"),
    ];
    type Before = fn(usize) -> String;
    let before: [Before; 4] = [
        |_| String::new(),
        |nth| format!("2026-03-02 08:14:0{nth} "),
        |nth| format!("device-{nth}: "),
        |nth| format!("{}. ", nth + 1),
    ];
    for before in before {
        for title in ["", "Seen this week:\n"] {
            let lines: String =
                replies.iter().enumerate().map(|(nth, (reply, _))| before(nth) + reply + "\n").collect();
            let report = paste(&format!("{title}{lines}"));
            let found: Vec<_> = report.findings.iter().filter_map(|f| f.status.as_deref()).collect();
            let wanted: Vec<_> = replies.iter().map(|(_, status)| *status).collect();
            assert_eq!(found, wanted, "{title}{lines}");
        }
    }
    // A title and an explanation under each make it a page.
    let page: String =
        replies.iter().map(|(reply, _)| format!("{}\nThis happens now and then.\n", &reply[4..])).collect();
    assert_eq!(paste(&page).verdict, Verdict::NotABounce, "{page}");
}
