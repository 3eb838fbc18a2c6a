//! Compound files (MS-CFB), read only: the storages and streams that an Outlook `.msg` file is made of. Every chain is
//! as long as the file at most, every entry is met once, and what is broken is empty.

use super::foreign::COMPOUND;
use crate::order;

/// Numbers from here on mark the end of a chain or no sector at all.
const LAST: u32 = 0xFFFF_FFFA;

/// Streams shorter than this stand in the mini stream.
const SMALL: usize = 4096;

/// A whole file, taken apart into its directory.
pub struct Compound<'a> {
    bytes: &'a [u8],
    /// Sectors of a file are 512 or 4,096 bytes long: the exponent.
    shift: u32,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini: Vec<u8>,
    nodes: Vec<Node>,
    /// How much may still be read: streams that share sectors cannot make a small file a large one.
    left: std::cell::Cell<usize>,
}

/// A storage or a stream.
struct Node {
    name: String,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: usize,
}

fn u16_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 2).map_or(0, |b| u32::from(u16::from_le_bytes([b[0], b[1]])))
}

pub fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    (0..bytes.len() / 4).map(|n| u32_at(bytes, n * 4))
}

impl<'a> Compound<'a> {
    /// Opens a file; `None` where it is no compound file or has no root.
    pub fn open(bytes: &'a [u8]) -> Option<Compound<'a>> {
        let shift = u16_at(bytes, 0x1E);
        if !bytes.starts_with(COMPOUND) || !matches!(shift, 9 | 12) {
            return None;
        }
        let mut file = Compound {
            bytes,
            shift,
            fat: Vec::new(),
            mini_fat: Vec::new(),
            mini: Vec::new(),
            nodes: Vec::new(),
            left: std::cell::Cell::new(bytes.len() * 2),
        };
        // The table of sectors is itself in sectors: 109 are named in the header, others in a chain of their own.
        let mut tables: Vec<u32> = numbers(bytes.get(0x4C..0x200)?).take_while(|n| *n < LAST).collect();
        let mut next = u32_at(bytes, 0x44);
        let per_sector = (1 << shift) / 4;
        // No file needs more of them than it has sectors.
        let most = (bytes.len() >> shift) / per_sector + 1;
        for _ in 0..most {
            let sector = if next < LAST { file.sector(next) } else { &[] };
            let Some((named, last)) = sector.split_last_chunk::<4>() else { break };
            tables.extend(numbers(named).take_while(|n| *n < LAST));
            next = u32::from_le_bytes(*last);
        }
        tables.truncate(most);
        for table in tables {
            let sector = file.sector(table);
            file.fat.extend(numbers(sector));
        }
        let directory = file.chain(u32_at(bytes, 0x30), usize::MAX);
        file.nodes = directory.chunks_exact(128).map(node).collect();
        let root = file.nodes.first()?;
        let (start, size) = (root.start, root.size);
        file.mini = file.chain(start, size);
        let mini_fat = file.chain(u32_at(bytes, 0x3C), usize::MAX);
        file.mini_fat = numbers(&mini_fat).collect();
        Some(file)
    }

    fn sector(&self, n: u32) -> &'a [u8] {
        let at = (n as usize + 1) << self.shift;
        let end = (at + (1 << self.shift)).min(self.bytes.len());
        self.bytes.get(at..end).unwrap_or_default()
    }

    /// The first `size` bytes of a chain of sectors.
    fn chain(&self, start: u32, size: usize) -> Vec<u8> {
        self.follow(start, size, &self.fat, |n| self.sector(n))
    }

    fn follow<'s>(&self, start: u32, size: usize, next: &[u32], sector: impl Fn(u32) -> &'s [u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut n = start;
        for _ in 0..=next.len() {
            let piece = if n < LAST { sector(n) } else { &[] };
            if piece.is_empty() || out.len() >= size || self.left.get() < piece.len() {
                break;
            }
            self.left.set(self.left.get() - piece.len());
            out.extend_from_slice(piece);
            n = next.get(n as usize).copied().unwrap_or(LAST);
        }
        out.truncate(size);
        out
    }

    /// A stream's bytes.
    pub fn stream(&self, node: u32) -> Vec<u8> {
        let Some(node) = self.nodes.get(node as usize) else { return Vec::new() };
        if node.size >= SMALL {
            return self.chain(node.start, node.size);
        }
        let mini = |n: u32| {
            let at = (n as usize) << 6;
            self.mini.get(at..(at + 64).min(self.mini.len())).unwrap_or_default()
        };
        self.follow(node.start, node.size, &self.mini_fat, mini)
    }

    /// What stands in a storage, by name; the root is 0. An entry is met in one storage only: `met` remembers.
    pub fn children(&self, storage: u32, met: &mut Vec<bool>) -> Vec<(&str, u32)> {
        met.resize(self.nodes.len(), false);
        let mut found = Vec::new();
        let mut open = vec![self.nodes.get(storage as usize).map_or(LAST, |e| e.child)];
        while let Some(n) = open.pop() {
            let Some(node) = self.nodes.get(n as usize).filter(|_| !met[n as usize]) else { continue };
            met[n as usize] = true;
            found.push((node.name.as_str(), n));
            open.extend([node.left, node.right]);
        }
        // The names that matter begin alike and end in a number.
        order::sort(&mut found, |(name, _)| {
            name.bytes().rev().take(16).enumerate().map(|(n, b)| u128::from(b) << (8 * n)).sum()
        });
        found
    }
}

fn node(bytes: &[u8]) -> Node {
    let length = (u16_at(bytes, 0x40) as usize).clamp(2, 64) - 2;
    // Names that matter are ASCII.
    let name = bytes[..length].chunks_exact(2).map(|c| if c[1] == 0 { char::from(c[0]) } else { '?' }).collect();
    Node {
        name,
        left: u32_at(bytes, 0x44),
        right: u32_at(bytes, 0x48),
        child: u32_at(bytes, 0x4C),
        start: u32_at(bytes, 0x74),
        size: u32_at(bytes, 0x78) as usize,
    }
}
