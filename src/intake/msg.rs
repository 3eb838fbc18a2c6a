//! Outlook's `.msg` files (MS-OXMSG): the properties of a message, of its recipients and of what is attached to it.

use super::compound::{Compound, u32_at};
use super::mime::{DEEPEST, Reader};
use super::{Charsets, PartKind, ReportType, html, rtf};

/// A property's number (MS-OXPROPS).
type Property = u16;

const MESSAGE_CLASS: Property = 0x001A;
const SUBJECT: Property = 0x0037;
const TRANSPORT_HEADERS: Property = 0x007D;
const SENDER_NAME: Property = 0x0C1A;
const SUPPLEMENTARY_INFO: Property = 0x0C1B;
const SENDER_ADDRESS: Property = 0x0C1F;
const REMOTE_MTA: Property = 0x0C21;
const DISPLAY_TO: Property = 0x0E04;
const BODY: Property = 0x1000;
const REPORT_TEXT: Property = 0x1001;
const RTF: Property = 0x1009;
const HTML: Property = 0x1013;
const DISPLAY_NAME: Property = 0x3001;
const ADDRESS: Property = 0x3003;
const DATA: Property = 0x3701;
const SHORT_FILE_NAME: Property = 0x3704;
const FILE_NAME: Property = 0x3707;
const MEDIA_TYPE: Property = 0x370E;
const SMTP_ADDRESS: Property = 0x39FE;
const HTML_CODE_PAGE: Property = 0x3FDE;
const CODE_PAGE: Property = 0x3FFD;
const SENDER_SMTP_ADDRESS: Property = 0x5D01;

/// Adds the parts of a `.msg` file to a document; tells whether it was one.
pub fn add(bytes: &[u8], reader: &mut Reader<'_>, depth: usize) -> bool {
    let Some(file) = Compound::open(bytes) else { return false };
    let mut met = Vec::new();
    let root = Storage::new(&file, 0, &mut met, 1252);
    let is_message = root.items.iter().any(|(name, _)| name.starts_with("__properties_version1.0"));
    if is_message {
        message(&root, &mut met, reader, depth);
    }
    is_message
}

/// A message, a recipient or an attachment: a storage whose items are properties.
struct Storage<'a> {
    file: &'a Compound<'a>,
    items: Vec<(&'a str, u32)>,
    code_page: u32,
}

impl<'a> Storage<'a> {
    fn new(file: &'a Compound<'a>, entry: u32, met: &mut Vec<bool>, code_page: u32) -> Self {
        let mut storage = Storage { file, items: file.children(entry, met), code_page };
        storage.code_page = storage.number(CODE_PAGE).unwrap_or(code_page);
        storage
    }

    /// A property in a stream of its own, by its number and type.
    fn item(&self, property: Property, kind: u16) -> Option<u32> {
        let name = format!("__substg1.0_{property:04X}{kind:04X}");
        self.items.iter().find(|(item, _)| item.eq_ignore_ascii_case(&name)).map(|(_, entry)| *entry)
    }

    /// The storages whose name begins so: recipients, or attachments.
    fn all(&self, name: &str) -> impl Iterator<Item = u32> {
        self.items.iter().filter(move |(item, _)| item.starts_with(name)).map(|(_, entry)| *entry)
    }

    fn bytes(&self, property: Property) -> Option<Vec<u8>> {
        self.item(property, 0x0102).map(|entry| self.file.stream(entry))
    }

    /// A property of a fixed size: it stands in a table, 16 bytes for each.
    fn number(&self, property: Property) -> Option<u32> {
        let (_, table) = self.items.iter().find(|(name, _)| name.starts_with("__properties_version1.0"))?;
        let table = self.file.stream(*table);
        // The table's own head is 8, 24 or 32 bytes long.
        let row = table.chunks_exact(8).position(|row| row[2..4] == property.to_le_bytes() && row[..2] == [3, 0])?;
        Some(u32_at(&table, row * 8 + 8))
    }

    fn text(&self, property: Property, charsets: &dyn Charsets) -> String {
        let text = if let Some(entry) = self.item(property, 0x001F) {
            charsets.decode("utf-16le", &self.file.stream(entry))
        } else if let Some(entry) = self.item(property, 0x001E) {
            charsets.decode(&code_page(self.code_page), &self.file.stream(entry))
        } else {
            None
        };
        // Line ends as everywhere; some strings bring their final zero.
        text.unwrap_or_default().replace('\0', "")
    }
}

fn message(it: &Storage<'_>, met: &mut Vec<bool>, reader: &mut Reader<'_>, depth: usize) {
    let charsets = reader.charsets;
    let text = |property| it.text(property, charsets);
    let class = text(MESSAGE_CLASS).to_ascii_uppercase();
    let report = class.strip_prefix("REPORT.").map(|_| class.rsplit('.').next().unwrap_or_default());
    if depth == 0 || report.is_some() {
        reader.document.report_type = match report {
            Some("IPNRN" | "IPNNRN") => ReportType::Disposition,
            Some(_) => ReportType::DeliveryStatus,
            None => ReportType::None,
        };
    }
    let mut header = text(TRANSPORT_HEADERS);
    if header.trim().is_empty() {
        let address = Some(text(SENDER_SMTP_ADDRESS)).filter(|a| !a.is_empty()).unwrap_or_else(|| text(SENDER_ADDRESS));
        let fields = [
            ("From", format!("{} <{address}>", text(SENDER_NAME))),
            ("To", text(DISPLAY_TO)),
            ("Subject", text(SUBJECT)),
        ];
        let known = fields.iter().filter(|(_, value)| !value.trim_matches([' ', '<', '>']).is_empty());
        header = known.map(|(name, value)| format!("{name}: {value}\n")).collect();
    }
    reader.part(PartKind::MessageHeaders, header);
    let mut body = text(BODY);
    if body.trim().is_empty() {
        body = match it.bytes(HTML) {
            Some(bytes) => {
                let page = it.number(HTML_CODE_PAGE).unwrap_or(it.code_page);
                html::text(&charsets.decode(&code_page(page), &bytes).unwrap_or_default())
            }
            None => html::text(&text(HTML)),
        };
    }
    if body.trim().is_empty() {
        body = it.bytes(RTF).map(|bytes| rtf::text(&rtf::decompress(&bytes), charsets)).unwrap_or_default();
    }
    reader.part(PartKind::Body, body);
    reader.part(PartKind::Body, text(REPORT_TEXT));
    if let Some(kind) = report {
        let action = match kind {
            "NDR" => "failed",
            "DELAYED" => "delayed",
            _ => "delivered",
        };
        for entry in it.all("__recip_version1.0_#") {
            let recipient = Storage::new(it.file, entry, met, it.code_page);
            reader.part(PartKind::DeliveryStatus, status(&recipient, action, charsets));
        }
    }
    for entry in it.all("__attach_version1.0_#") {
        let attached = Storage::new(it.file, entry, met, it.code_page);
        if let Some(carried) = attached.item(DATA, 0x000D) {
            if depth >= DEEPEST {
                reader.document.notes.push("too_deep");
                continue;
            }
            let carried = Storage::new(it.file, carried, met, it.code_page);
            match report {
                // What a report carries is the message that it is about.
                Some(_) => reader.part(PartKind::Original, carried.text(TRANSPORT_HEADERS, charsets)),
                None => message(&carried, met, reader, depth + 1),
            }
            continue;
        }
        let text = |property| attached.text(property, charsets);
        let name = [FILE_NAME, SHORT_FILE_NAME, DISPLAY_NAME].map(text).into_iter().find(|name| !name.is_empty());
        let bytes = attached.bytes(DATA).unwrap_or_default();
        reader.attached(&bytes, &name.unwrap_or_default(), &text(MEDIA_TYPE), depth + 1);
    }
}

/// What a report's table tells of a recipient, in the words of RFC 3464; nothing where it gives no reason.
fn status(recipient: &Storage<'_>, action: &str, charsets: &dyn Charsets) -> String {
    let text = |property| recipient.text(property, charsets);
    let named = [SMTP_ADDRESS, ADDRESS, DISPLAY_NAME].map(text).into_iter().find(|name| name.contains('@'));
    let said = text(SUPPLEMENTARY_INFO).replace(['\r', '\n'], " ");
    let (Some(address), false) = (named, said.trim().is_empty()) else { return String::new() };
    let mut fields = format!("Final-Recipient: rfc822; {address}\nAction: {action}\nDiagnostic-Code: smtp; {said}\n");
    let remote = text(REMOTE_MTA);
    if !remote.is_empty() {
        fields += &format!("Remote-MTA: dns; {remote}\n");
    }
    fields
}

/// The label of a Windows code page, by its number.
pub fn code_page(number: u32) -> String {
    match number {
        932 => "shift_jis".into(),
        936 | 54936 => "gb18030".into(),
        949 => "euc-kr".into(),
        950 => "big5".into(),
        20866 => "koi8-r".into(),
        28591..=28605 => format!("iso-8859-{}", number - 28590),
        50220..=50222 => "iso-2022-jp".into(),
        65001 | 20127 => "utf-8".into(),
        number => format!("windows-{number}"),
    }
}
