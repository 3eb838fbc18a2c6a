//! What the fuzz target has found (`cargo fuzz run examine`), each input as small as it gets.

mod fixtures;

use fixtures::{paste, report};
use ndr_doctor::Lang;

#[test]
fn a_letter_of_two_bytes_may_follow_a_bundle() {
    let report =
        paste("Reason: [{LED=451 4.7.500 Server busy};{MSG=};{FQDN=mail.contoso.example};{IP=192.0.2.7};{LRT=}]î");
    assert_eq!(report.findings[0].cause_status.as_deref(), Some("4.7.500"));
}

#[test]
fn evidence_has_the_same_numbers_in_every_language() {
    let text = "DNS query failed [Message=InfoNoRecords] [LastAttemptedServerName=smtp.contoso.example]";
    let because = |lang| {
        let report = report("lost.txt", text.as_bytes(), lang);
        report.findings[0].causes.iter().map(|c| (c.id.clone(), c.because.clone())).collect::<Vec<_>>()
    };
    assert_eq!(because(Lang::En), because(Lang::Es));
}

#[test]
fn a_code_with_a_leading_zero_is_no_other_code() {
    let report = paste("Reported error: 550 5.4.034 Message expired, DNS query failed");
    let statuses: Vec<_> = report.findings.iter().filter_map(|f| f.status.as_deref()).collect();
    assert_eq!(statuses, [""; 0]);
}

#[test]
fn a_hop_shows_control_characters_as_signs() {
    let mail = "Received: from mail\0.contoso.example by mx.fabrikam.example; Mon, 23 Nov 2026 10:02:03 +0000\n\
                From: a@contoso.example\nTo: b@fabrikam.example\nSubject: x\n\ntext\n";
    let report = report("x.eml", mail.as_bytes(), Lang::En);
    assert_eq!(report.hops[0].from.as_deref(), Some("mail\u{2400}.contoso.example"));
}

#[test]
fn a_quoted_local_part_ends_with_its_line() {
    let report = paste("550 5.1.1 refused\nsaid \"no such user\nhere\"@contoso.example 550 5.1.1 refused");
    assert_eq!(report.findings[0].recipients.len(), 0);
}

#[test]
fn a_failed_recipient_that_is_no_address_is_evidence_still() {
    let mail = "From: Mail Delivery Subsystem <mailer-daemon@contoso.example>\nTo: ana@contoso.example\n\
                Subject: Delivery Status Notification (Failure)\nX-Failed-Recipients: kolo\n\nTo: whom\n";
    let report = report("x.eml", mail.as_bytes(), Lang::En);
    assert!(!report.findings.is_empty() && report.findings.iter().all(|f| !f.because.is_empty()));
}

#[test]
fn a_link_s_words_are_no_part_of_the_word_before_it() {
    let text = "Delivery has failed to these recipients or groups:\n\n\
                10/3/2Ñ<mailto:ana.vidal@fabrikam.example|ana.vidal@fabrikam.example>\n\n550 5.1.1 no such user";
    let report = paste(text);
    assert_eq!(report.findings[0].recipients[0].final_, "ana.vidal@fabrikam.example");
}

#[test]
fn a_sign_of_a_connector_alone_is_evidence() {
    let mail = "From: MAILER-DAEMON@mx.proseware.example\nTo: app@proseware.example\nSubject: failure notice\n\n\
                Hi. This is the qmail-send program at mx.proseware.example.\nLastAttemptedServerName= 35\n";
    let report = report("x.eml", mail.as_bytes(), Lang::En);
    assert!(!report.findings.is_empty() && report.findings.iter().all(|f| !f.because.is_empty()));
}

#[test]
fn a_message_that_is_a_message_is_read_where_it_is_attached() {
    let mail = "From: postmaster@contoso.example\nTo: ana@contoso.example\nSubject: Delivery report\nMIME-Version: 1.0\n\
                Content-Type: multipart/mixed; boundary=b\n\n\
                --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.contoso.example\n\n\
                Final-Recipient: rfc822; nat@fabrikam.example\nAction: failed\nStatus: 5.6.0\n\n\
                --b\nContent-Type: message/rfc822\n\nFrom: ana@contoso.example\nContent-Type: message/rfc822\n\n\
                Received: from mx.contoso.example\n\n--b--\n";
    let report = report("x.eml", mail.as_bytes(), Lang::En);
    assert_eq!(report.findings[0].recipients[0].final_, "nat@fabrikam.example");
    assert_eq!(report.findings[0].status.as_deref(), Some("5.6.0"));
}

#[test]
fn a_label_that_tells_of_a_connector_is_evidence() {
    let mail = "From: postmaster@contoso.example\nSubject: Delivery report\n\n\
                Destination server: mx.woodgrove.example\nLast error: Connection refused\n";
    let report = report("x.eml", mail.as_bytes(), Lang::En);
    assert!(report.findings.iter().all(|f| !f.because.is_empty()), "{:?}", report.findings);
}

#[test]
fn an_address_in_quoted_printable_is_read_in_its_letters() {
    let report = paste(
        "Final-Recipient: rfc822; jos=C3=A9@fabrikam.example\nAction: failed\nStatus: 5.1.1\n\
         Diagnostic-Code: smtp; 550 5.1.1 a=3Db no=C3=A9 such user\n",
    );
    assert_eq!(report.findings[0].recipients[0].final_, "jos\u{e9}@fabrikam.example");
}

#[test]
fn a_hop_s_name_ends_with_its_line() {
    let mail = "Received: from mail.contoso.example by mx.fab\"\n rikam.example; Mon, 23 Nov 2026 10:02:03 +0000\n\
                From: a@contoso.example\nTo: b@fabrikam.example\nSubject: x\n\ntext\n";
    let report = report("x.eml", mail.as_bytes(), Lang::En);
    assert_eq!(report.hops[0].by.as_deref(), Some("mx.fab"));
}

#[test]
fn a_recipient_that_is_no_address_ends_with_a_control_character() {
    let mail = "From: postmaster@contoso.example\nTo: ana@contoso.example\nSubject: Delivery report\nMIME-Version: 1.0\n\
                Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n\
                --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.contoso.example\n\n\
                Final-Recipient: rfc822; the accounts\u{1d} of Contoso\nAction: failed\nStatus: 5.4.316\n\n--b--\n";
    let report = report("x.eml", mail.as_bytes(), Lang::En);
    assert_eq!(report.findings[0].recipients[0].final_, "the accounts");
}
