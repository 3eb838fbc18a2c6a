//! Outlook's `.msg` files: written here with the crate `cfb`, which knows the format on its own, and read by ours.

mod fixtures;

use fixtures::project;
use ndr_doctor::report::{Finding, Verdict};
use ndr_doctor::{Lang, Report};
use std::io::{Cursor, Write};

type File = cfb::CompoundFile<Cursor<Vec<u8>>>;

/// A message, a recipient or an attachment, as a storage of the file.
struct Storage<'f> {
    file: &'f mut File,
    path: String,
    /// Rows of the property table that are numbers.
    numbers: Vec<(u16, u32)>,
    head: usize,
}

impl Storage<'_> {
    fn item(&mut self, property: u16, kind: u16, bytes: &[u8]) -> &mut Self {
        let path = format!("{}/__substg1.0_{property:04X}{kind:04X}", self.path);
        self.file.create_stream(path).expect("a new stream").write_all(bytes).expect("bytes are kept");
        self
    }

    fn text(&mut self, property: u16, text: &str) -> &mut Self {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        self.item(property, 0x001F, &bytes)
    }

    fn number(&mut self, property: u16, number: u32) -> &mut Self {
        self.numbers.push((property, number));
        self
    }

    fn inside(&mut self, name: &str, head: usize) -> Storage<'_> {
        let path = format!("{}/{name}", self.path);
        self.file.create_storage(&path).expect("a new storage");
        Storage { file: &mut *self.file, path, numbers: Vec::new(), head }
    }

    fn recipient(&mut self, nth: u32, make: impl FnOnce(&mut Storage<'_>)) -> &mut Self {
        self.with(&format!("__recip_version1.0_#{nth:08X}"), 8, make)
    }

    fn attachment(&mut self, nth: u32, make: impl FnOnce(&mut Storage<'_>)) -> &mut Self {
        self.with(&format!("__attach_version1.0_#{nth:08X}"), 8, make)
    }

    /// A message in an attachment's data.
    fn carried(&mut self, make: impl FnOnce(&mut Storage<'_>)) -> &mut Self {
        self.with("__substg1.0_3701000D", 24, make)
    }

    fn with(&mut self, name: &str, head: usize, make: impl FnOnce(&mut Storage<'_>)) -> &mut Self {
        let mut inner = self.inside(name, head);
        make(&mut inner);
        inner.close();
        self
    }

    fn close(&mut self) {
        let mut table = vec![0; self.head];
        for (property, number) in &self.numbers {
            table.extend([3, 0]);
            table.extend(property.to_le_bytes());
            table.extend([6, 0, 0, 0]);
            table.extend(number.to_le_bytes());
            table.extend([0; 4]);
        }
        let path = format!("{}/__properties_version1.0", self.path);
        self.file.create_stream(path).expect("a new stream").write_all(&table).expect("bytes are kept");
    }
}

/// The bytes of a message.
fn msg(version: cfb::Version, make: impl FnOnce(&mut Storage<'_>)) -> Vec<u8> {
    let mut file = File::create_with_version(version, Cursor::new(Vec::new())).expect("a file in memory");
    let mut root = Storage { file: &mut file, path: String::new(), numbers: Vec::new(), head: 32 };
    make(&mut root);
    root.close();
    file.flush().expect("a file in memory");
    file.into_inner().into_inner()
}

const SUBJECT: u16 = 0x0037;
const CLASS: u16 = 0x001A;
const HEADERS: u16 = 0x007D;
const SENDER_NAME: u16 = 0x0C1A;
const SENDER: u16 = 0x0C1F;
const BODY: u16 = 0x1000;
const RTF: u16 = 0x1009;
const HTML: u16 = 0x1013;
const NAME: u16 = 0x3001;
const ADDRESS: u16 = 0x3003;
const DATA: u16 = 0x3701;
const FILE_NAME: u16 = 0x3707;
const INFO: u16 = 0x0C1B;
const CODE_PAGE: u16 = 0x3FFD;
const HTML_CODE_PAGE: u16 = 0x3FDE;

const NOTICE: &str = "Delivery has failed to these recipients or groups:\r\n\r\nana@contoso.example<mailto:ana@contoso.example>\r\n\
    The recipient's mailbox is full.\r\n\r\nDiagnostic information for administrators:\r\n\r\n\
    Generating server: EX19.fabrikam.example\r\n\r\nana@contoso.example\r\nmx.contoso.example\r\n\
    Remote Server at mx.contoso.example (192.0.2.7) returned '552 5.2.2 <ana@contoso.example>: quota exceeded'\r\n\r\n\
    Original message headers:\r\n\r\nSubject: Plan 550 5.1.1\r\n";

fn notice(it: &mut Storage<'_>) {
    it.text(CLASS, "IPM.Note")
        .text(SUBJECT, "Undeliverable: Plan")
        .text(SENDER_NAME, "Microsoft Outlook")
        .text(SENDER, "postmaster@fabrikam.example");
}

fn read(bytes: &[u8]) -> Report {
    fixtures::report("notice.msg", bytes, Lang::En)
}

#[track_caller]
fn check(report: &Report, recipient: &str, status: &str, reply: u16) -> Finding {
    let found = report.findings.first().unwrap_or_else(|| panic!("nothing found: {:#?}", report.parts)).clone();
    assert_eq!(found.recipients.iter().map(|r| r.final_.as_str()).collect::<Vec<_>>(), [recipient]);
    assert_eq!((found.status.as_deref(), found.reply), (Some(status), Some(reply)));
    found
}

#[test]
fn a_body_of_plain_text_is_read_whatever_the_sector_size() {
    for version in [cfb::Version::V3, cfb::Version::V4] {
        // A long body stands in sectors of its own, a short one in the mini stream.
        for padding in [0, 20_000] {
            let body = NOTICE.to_string() + &"and so on\r\n".repeat(padding / 11);
            let report = read(&msg(version, |it| {
                notice(it);
                it.text(BODY, &body);
            }));
            let found = check(&report, "ana@contoso.example", "5.2.2", 552);
            assert_eq!(found.remote.host.as_deref(), Some("mx.contoso.example"), "{version:?} {padding}");
            assert_eq!(found.remote.ip.as_deref(), Some("192.0.2.7"));
            assert_eq!(report.verdict, Verdict::Failed);
        }
    }
}

#[test]
fn html_is_read_in_its_code_page() {
    let html = "<html><body><p>No se pudo entregar el mensaje a estos destinatarios o grupos:</p><p>ana@contoso.example</p>\
        <p>Informaci\u{F3}n de diagn\u{F3}stico para los administradores:</p><p>Servidor de generaci\u{F3}n: EX19.fabrikam.example</p>\
        <p>ana@contoso.example<br>Remote Server returned '550 5.1.1 RESOLVER.ADR.RecipNotFound; not found'</p></body></html>";
    let bytes: Vec<u8> = html.chars().map(|c| c as u8).collect();
    let report = read(&msg(cfb::Version::V3, |it| {
        notice(it);
        it.item(HTML, 0x0102, &bytes).number(HTML_CODE_PAGE, 1252);
    }));
    let found = check(&report, "ana@contoso.example", "5.1.1", 550);
    assert_eq!(found.generating_server.as_deref(), Some("EX19.fabrikam.example"));
}

/// Rich text in the container that means "not compressed".
fn stored(rtf: &[u8]) -> Vec<u8> {
    let mut bytes = (rtf.len() as u32 + 12).to_le_bytes().to_vec();
    bytes.extend((rtf.len() as u32).to_le_bytes());
    bytes.extend(b"MELA\0\0\0\0");
    bytes.extend(rtf);
    bytes
}

#[test]
fn compressed_rich_text_is_read() {
    // The example of MS-OXRTFCP §4.1.1: "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n".
    let packed: &[u8] =
        b"\x2d\x00\x00\x00\x2b\x00\x00\x00\x4c\x5a\x46\x75\xf1\xc5\xc7\xa7\x03\x00\x0a\x00\x72\x63\x70\x67\
        \x31\x32\x35\x42\x32\x0a\xf3\x20\x68\x65\x6c\x09\x00\x20\x62\x77\x05\xb0\x6c\x64\x7d\x0a\x80\x0f\xa0";
    let report = read(&msg(cfb::Version::V3, |it| {
        notice(it);
        it.item(RTF, 0x0102, packed);
    }));
    let shown: String = report.parts.iter().flat_map(|p| &p.runs).map(|r| r.text.as_str()).collect();
    assert!(shown.contains("hello world"), "{shown}");
}

#[test]
fn html_carried_in_rich_text_is_read_as_its_text() {
    let rtf = br"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}}
        {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Unzustellbar: ana@contoso.example {\*\htmltag72 </p>}\htmlrtf\par}\htmlrtf0
        {\*\htmltag64 <p>}Diagnoseinformationen f\'fcr Administratoren:\par Generierender Server: EX19.fabrikam.example\par\par
        ana@contoso.example\par Remote Server returned '550 5.1.10 RESOLVER.ADR.RecipientNotFound; \u8222?ana\u8220? not found'\par}";
    let report = read(&msg(cfb::Version::V3, |it| {
        notice(it);
        it.item(RTF, 0x0102, &stored(rtf));
    }));
    let found = check(&report, "ana@contoso.example", "5.1.10", 550);
    assert_eq!(found.generating_server.as_deref(), Some("EX19.fabrikam.example"));
}

/// A report as Outlook keeps it: the reasons stand in the table of recipients.
fn report_item(it: &mut Storage<'_>) {
    it.text(CLASS, "REPORT.IPM.Note.NDR")
        .text(SUBJECT, "Undeliverable: Plan")
        .text(SENDER_NAME, "System Administrator")
        .recipient(0, |to| {
            to.text(NAME, "Ana Robles")
                .text(ADDRESS, "ana@contoso.example")
                .text(INFO, "<mx.contoso.example #5.1.1 smtp;550 5.1.1 User unknown>");
        })
        .recipient(1, |to| {
            to.text(NAME, "Luis")
                .text(ADDRESS, "luis@adatum.example")
                .text(INFO, "<mx.adatum.example #5.2.2 smtp;552 5.2.2 Mailbox full>");
        })
        .attachment(0, |it| {
            it.carried(|original| {
                original
                    .text(CLASS, "IPM.Note")
                    .text(HEADERS, "From: b@fabrikam.example\r\nSubject: 554 5.7.1 Plan\r\n")
                    .text(BODY, "550 5.9.9 is what the original speaks of");
            });
        });
}

#[test]
fn a_report_s_table_of_recipients_is_read_and_its_original_is_not() {
    let report = read(&msg(cfb::Version::V3, report_item));
    let found: Vec<_> =
        report.findings.iter().map(|f| (f.recipients[0].final_.as_str(), f.status.as_deref().unwrap_or(""))).collect();
    assert_eq!(found, [("ana@contoso.example", "5.1.1"), ("luis@adatum.example", "5.2.2")]);
    let all = format!("{:?}", report.findings);
    assert!(!all.contains("5.9.9") && !all.contains("5.7.1\""), "{all}");
}

/// A colleague's message that carries the notice.
fn forwarded(it: &mut Storage<'_>) {
    it.text(CLASS, "IPM.Note")
        .text(SUBJECT, "FW: what is this?")
        .text(SENDER_NAME, "Berta")
        .text(SENDER, "berta@fabrikam.example")
        .text(BODY, "Can you tell me what this means?")
        .attachment(0, |it| {
            it.carried(|inner| {
                notice(inner);
                inner.text(BODY, NOTICE);
            });
        });
}

#[test]
fn a_message_that_is_carried_is_opened() {
    check(&read(&msg(cfb::Version::V3, forwarded)), "ana@contoso.example", "5.2.2", 552);
}

#[test]
fn an_attached_eml_file_is_read_and_any_other_file_is_named() {
    let eml = "From: MAILER-DAEMON@mx.fabrikam.example\r\nSubject: Undelivered Mail Returned to Sender\r\n\
        Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n\
        Reporting-MTA: dns; mx.fabrikam.example\r\n\r\nFinal-Recipient: rfc822; ana@contoso.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\
        Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n--b--\r\n";
    let report = read(&msg(cfb::Version::V3, |it| {
        it.text(CLASS, "IPM.Note").text(SUBJECT, "FW").text(BODY, "See the files.");
        it.attachment(0, |file| {
            file.text(FILE_NAME, "notice.eml").item(DATA, 0x0102, eml.as_bytes());
        });
        it.attachment(1, |file| {
            file.text(FILE_NAME, "picture.png").item(DATA, 0x0102, b"\x89PNG 550 5.7.1");
        });
    }));
    check(&report, "ana@contoso.example", "5.1.1", 550);
    let placeholder = report.parts.iter().find(|p| p.kind == "attachment").expect("the picture is named");
    assert_eq!(placeholder.runs[0].text, "[picture.png]");
}

#[test]
fn an_attached_msg_file_is_read_in_a_message_of_any_kind() {
    let inner = msg(cfb::Version::V3, report_item);
    let of_msg = msg(cfb::Version::V3, |it| {
        it.text(CLASS, "IPM.Note").text(BODY, "See the file.").attachment(0, |file| {
            file.text(FILE_NAME, "notice.msg").item(DATA, 0x0102, &inner);
        });
    });
    let report = read(&of_msg);
    assert_eq!(report.findings.len(), 2, "{:#?}", report.parts);
    assert_eq!(fixtures::report("mail.eml", carrying(&inner).as_bytes(), Lang::En).findings.len(), 2);
}

/// A mail that carries a file of Outlook's.
fn carrying(file: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let sextets = |c: &[u8]| {
        let n = c.iter().fold(0, |n, b| n << 8 | u32::from(*b));
        (0..4).map(move |i| LETTERS[(n >> (18 - 6 * i) & 63) as usize] as char).collect::<String>()
    };
    let whole = file.len() / 3 * 3;
    let lines = file[..whole].chunks(57).map(|l| l.chunks(3).map(sextets).collect::<String>() + "\n");
    let base64: String = lines.collect();
    format!(
        "From: berta@fabrikam.example\nTo: it@fabrikam.example\nSubject: FW\nMIME-Version: 1.0\n\
         Content-Type: application/vnd.ms-outlook; name=notice.msg\nContent-Transfer-Encoding: base64\n\n{base64}\n"
    )
}

#[test]
fn strings_of_a_code_page_are_read() {
    let report = read(&msg(cfb::Version::V3, |it| {
        it.item(CLASS, 0x001E, b"IPM.Note\0").number(CODE_PAGE, 932);
        it.text(SUBJECT, "Undeliverable: Plan");
        it.item(BODY, 0x001E, b"\x83\x81\x81[\x83\x8B <ana@contoso.example>: 550 5.1.1 User unknown\0");
    }));
    let shown: String = report.parts.iter().flat_map(|p| &p.runs).map(|r| r.text.as_str()).collect();
    assert!(shown.contains("\u{30E1}\u{30FC}\u{30EB} <ana"), "{shown}");
    check(&report, "ana@contoso.example", "5.1.1", 550);
}

#[test]
fn a_file_that_is_broken_anywhere_is_survived() {
    let whole = msg(cfb::Version::V3, |it| {
        report_item(it);
        it.item(RTF, 0x0102, &stored(b"{\\rtf1 {\\*\\x \\'f} \\u-3?\\'")).text(BODY, &NOTICE.repeat(4));
    });
    for length in (0..whole.len()).step_by(if cfg!(debug_assertions) { 61 } else { 7 }) {
        read(&whole[..length]);
    }
    // Every number of the header, of the table of sectors and of the directory set to something else.
    for at in (0..whole.len()).step_by(if cfg!(debug_assertions) { 20 } else { 4 }) {
        for value in [0u32, 1, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x7FFF_FFFF] {
            let mut broken = whole.clone();
            let end = (at + 4).min(broken.len());
            broken[at..end].copy_from_slice(&value.to_le_bytes()[..end - at]);
            read(&broken);
        }
    }
}

#[test]
fn a_circle_of_sectors_ends() {
    let whole = msg(cfb::Version::V3, |it| {
        notice(it);
        it.text(BODY, &NOTICE.repeat(20));
    });
    // The first table of sectors: every sector leads to itself, then all to the first.
    let table = 512 * (1 + u32::from_le_bytes([whole[0x4C], whole[0x4D], whole[0x4E], whole[0x4F]]) as usize);
    for to in [None, Some(0u32)] {
        let mut circle = whole.clone();
        for n in 0..128u32 {
            let at = table + n as usize * 4;
            circle[at..at + 4].copy_from_slice(&to.unwrap_or(n).to_le_bytes());
        }
        read(&circle);
    }
    // The chain of further tables leads back to itself and names none.
    let mut circle = whole;
    circle[0x44..0x48].copy_from_slice(&1u32.to_le_bytes());
    circle[1024..1536].fill(0xFF);
    circle[1532..1536].copy_from_slice(&1u32.to_le_bytes());
    read(&circle);
}

#[test]
fn a_compound_file_of_another_kind_is_an_office_document() {
    let mut file = File::create(Cursor::new(Vec::new())).expect("a file in memory");
    file.create_stream("/WordDocument").and_then(|mut s| s.write_all(b"550 5.1.1")).expect("bytes are kept");
    file.flush().expect("a file in memory");
    let report = fixtures::report("letter.doc", &file.into_inner().into_inner(), Lang::En);
    assert_eq!((report.verdict, report.answer.id), (Verdict::Unrecognised, "office"));
    assert!(report.findings.is_empty() && report.notes.is_empty());
}

/// What `msg/` holds of the corpus is made here: `NDR_WRITE=1 cargo test --test msg write`.
#[test]
fn write_the_files_of_the_corpus() {
    if std::env::var_os("NDR_WRITE").is_none() {
        return;
    }
    let folder = project("tests/corpus/msg");
    std::fs::create_dir_all(&folder).expect("a folder");
    let write = |name: &str, make: &dyn Fn(&mut Storage<'_>)| {
        std::fs::write(folder.join(name), msg(cfb::Version::V3, make)).expect("a file");
    };
    write("plain_body.msg", &|it| {
        notice(it);
        it.text(BODY, NOTICE);
    });
    write("report_item.msg", &report_item);
    write("forwarded.msg", &forwarded);
    let carried = carrying(&msg(cfb::Version::V3, report_item));
    std::fs::write(folder.join("attached.eml"), carried).expect("a file");
    write("rich_text.msg", &|it| {
        notice(it);
        it.item(
            RTF,
            0x0102,
            &stored(
                br"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}No se pudo entregar a estos destinatarios o grupos:\par
                luis@adatum.example\par\par Informaci\'f3n de diagn\'f3stico para los administradores:\par
                Servidor de generaci\'f3n: EX19.fabrikam.example\par\par luis@adatum.example\par
                Remote Server at mx.adatum.example (192.0.2.9) returned '550 5.7.1 Relay access denied'\par}",
            ),
        );
    });
    write("ordinary.msg", &|it| {
        it.text(CLASS, "IPM.Note").text(SUBJECT, "Lunch").text(SENDER_NAME, "Berta").text(SENDER, "b@fabrikam.example");
        it.text(BODY, "Shall we meet at one? The table is for 4.\r\n");
    });
}
