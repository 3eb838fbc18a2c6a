//! Files that hold no text: told apart by their first bytes, so that the answer can say how to get at the words.

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Foreign {
    Picture,
    Pdf,
    /// A packed folder of files.
    Archive,
    /// A document of an office program.
    Office,
    /// A mailbox of Outlook (`.pst`, `.ost`).
    Mailbox,
    Other,
}

/// What a compound file (MS-CFB) begins with.
pub const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

const MAGIC: &[(&[u8], Foreign)] = &[
    (b"\x89PNG", Foreign::Picture),
    (b"\xFF\xD8\xFF", Foreign::Picture),
    (b"GIF8", Foreign::Picture),
    (b"RIFF", Foreign::Picture),
    (b"BM", Foreign::Picture),
    (b"\0\0\x01\0", Foreign::Picture),
    (b"II*\0", Foreign::Picture),
    (b"MM\0*", Foreign::Picture),
    (b"%PDF", Foreign::Pdf),
    (b"PK\x03\x04", Foreign::Archive),
    (b"\x1F\x8B", Foreign::Archive),
    (b"7z\xBC\xAF", Foreign::Archive),
    (b"Rar!", Foreign::Archive),
    (b"!BDN", Foreign::Mailbox),
    (COMPOUND, Foreign::Office),
];

/// The kind of a file that holds no text; `None` where it may hold some.
pub fn kind(bytes: &[u8]) -> Option<Foreign> {
    let known = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)).map(|(_, kind)| *kind);
    match known {
        // Newer office documents are archives that begin with one of these.
        Some(Foreign::Archive) => {
            let first = bytes.get(30..).unwrap_or_default();
            let office = [&b"[Content_Types]"[..], b"_rels/", b"docProps/", b"mimetype", b"word/", b"xl/"];
            Some(if office.iter().any(|name| first.starts_with(name)) { Foreign::Office } else { Foreign::Archive })
        }
        Some(kind) => Some(kind),
        None if bytes.get(4..8) == Some(b"ftyp") => Some(Foreign::Picture),
        None => {
            let zeros = memchr::memchr_iter(0, &bytes[..bytes.len().min(4096)]);
            (zeros.take(9).count() > 8 && super::utf16_label(bytes).is_none()).then_some(Foreign::Other)
        }
    }
}
