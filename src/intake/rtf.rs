//! Rich text as Outlook keeps it: its compression (MS-OXRTFCP), and the words in it. Of HTML carried in rich text
//! (MS-OXRTFEX) the tags stand in groups of their own, so that what is left is the text.

use super::Charsets;

/// What the dictionary holds before the first byte (MS-OXRTFCP §2.1.2.1).
const BEFORE: &[u8] =
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \
\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \
\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";

/// Undoes the compression; what is broken ends there.
pub fn decompress(bytes: &[u8]) -> Vec<u8> {
    let Some((head, packed)) = bytes.split_at_checked(16) else { return Vec::new() };
    if &head[8..12] == b"MELA" {
        return packed.to_vec();
    }
    let mut ring = [b' '; 4096];
    ring[..BEFORE.len()].copy_from_slice(BEFORE);
    let mut write = BEFORE.len();
    let mut out = Vec::new();
    let mut put = |byte: u8, ring: &mut [u8; 4096], out: &mut Vec<u8>| {
        out.push(byte);
        ring[write] = byte;
        write = (write + 1) & 4095;
        write
    };
    let mut rest = packed.iter().copied();
    let mut end = BEFORE.len();
    'runs: while let Some(control) = rest.next() {
        for bit in 0..8 {
            let Some(first) = rest.next() else { break 'runs };
            if control >> bit & 1 == 0 {
                end = put(first, &mut ring, &mut out);
                continue;
            }
            let Some(second) = rest.next() else { break 'runs };
            let from = usize::from(first) << 4 | usize::from(second) >> 4;
            if from == end {
                break 'runs;
            }
            for n in 0..usize::from(second & 15) + 2 {
                end = put(ring[(from + n) & 4095], &mut ring, &mut out);
            }
        }
    }
    out
}

/// Groups that hold no text of the message.
const SILENT: &[&str] = &["fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer"];

/// The words of rich text.
pub fn text(rtf: &[u8], charsets: &dyn Charsets) -> String {
    let mut out = String::new();
    let mut page = "windows-1252".to_string();
    // Bytes of the code page wait until a character is whole.
    let mut waiting: Vec<u8> = Vec::new();
    // For each open group: whether it is silent, and how many characters stand in for one of Unicode.
    let mut groups: Vec<(bool, usize)> = Vec::new();
    let (mut silent, mut stand_ins, mut skip) = (false, 1, 0);
    let mut at = 0;
    while let Some(&byte) = rtf.get(at) {
        at += 1;
        let hex = || std::str::from_utf8(rtf.get(at + 1..at + 3)?).ok().and_then(|h| u8::from_str_radix(h, 16).ok());
        if byte == b'\\' && rtf.get(at) == Some(&b'\'') {
            if let Some(byte) = hex().filter(|_| !silent && skip == 0) {
                waiting.push(byte);
            }
            skip = usize::saturating_sub(skip, 1);
            at += 3;
            continue;
        }
        if !waiting.is_empty() {
            out += &charsets.decode(&page, &waiting).unwrap_or_default();
            waiting.clear();
        }
        match byte {
            b'{' if groups.len() < 1024 => groups.push((silent, stand_ins)),
            b'}' => (silent, stand_ins) = groups.pop().unwrap_or((silent, stand_ins)),
            b'\r' | b'\n' | b'{' => {}
            b'\\' => {
                let letters = rtf[at..].iter().take_while(|b| b.is_ascii_alphabetic()).count();
                let word = std::str::from_utf8(&rtf[at..at + letters]).unwrap_or_default();
                at += letters.max(1);
                let digits = rtf[at.min(rtf.len())..].iter().take(8).enumerate();
                let digits = digits.take_while(|(n, b)| b.is_ascii_digit() || *n == 0 && **b == b'-').count();
                let number = rtf.get(at..at + digits).filter(|_| letters > 0);
                let number = number.and_then(|n| std::str::from_utf8(n).ok()?.parse::<i32>().ok());
                if letters > 0 {
                    at += digits + usize::from(rtf.get(at + digits) == Some(&b' '));
                }
                match (word, number) {
                    ("ansicpg", Some(n)) => page = super::msg::code_page(n.unsigned_abs()),
                    ("uc", Some(n)) => stand_ins = n.unsigned_abs() as usize % 8,
                    ("par" | "line" | "row" | "cell" | "sect" | "page", _) if !silent => out.push('\n'),
                    ("tab", _) if !silent => out.push('\t'),
                    ("u", Some(n)) if !silent => {
                        out.push(char::from_u32(n as u32 & 0xFFFF).unwrap_or('\u{FFFD}'));
                        skip = stand_ins;
                    }
                    ("", _) if !silent => match rtf.get(at - 1) {
                        Some(b'*') => silent = true,
                        Some(b'~') => out.push(' '),
                        Some(b'_') => out.push('-'),
                        Some(b @ (b'\\' | b'{' | b'}')) => out.push(char::from(*b)),
                        _ => {}
                    },
                    (word, _) if SILENT.contains(&word) => silent = true,
                    _ => {}
                }
            }
            _ if skip > 0 => skip -= 1,
            byte if !silent => waiting.push(byte),
            _ => {}
        }
        // Plain characters go on to the end of their run at once.
        if !waiting.is_empty() {
            let run = rtf[at..].iter().take_while(|b| !matches!(b, b'\\' | b'{' | b'}' | b'\r' | b'\n')).count();
            waiting.extend_from_slice(&rtf[at..at + run]);
            at += run;
        }
    }
    out + &charsets.decode(&page, &waiting).unwrap_or_default()
}
