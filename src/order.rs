//! Sorting, once for the whole engine: std compiles its sorts anew for every type, about 4 KB of wasm each.

use std::collections::BinaryHeap;

/// A value that a sort can go by: its place in the order as one number.
pub trait Key {
    fn key(&self) -> u128;
}

macro_rules! whole {
    ($($number:ty),+) => { $(impl Key for $number { fn key(&self) -> u128 { *self as u128 } })+ };
}
whole!(u16, u32, usize);

impl Key for (usize, usize) {
    fn key(&self) -> u128 {
        (self.0 as u128) << 64 | self.1 as u128
    }
}

/// Sorts by the values themselves and keeps each once.
pub fn once<T: Key + PartialEq>(items: &mut Vec<T>) {
    sort(items, Key::key);
    items.dedup();
}

/// Sorts by a key; what has the same key keeps its order.
pub fn sort<T>(items: &mut [T], key: impl Fn(&T) -> u128) {
    if items.is_sorted_by_key(&key) {
        return;
    }
    // Every swap puts one in its place.
    let mut goes = goals(items.iter().map(key).zip(0..).collect());
    for at in 0..goes.len() {
        while goes[at] != at {
            let to = goes[at];
            items.swap(at, to);
            goes.swap(at, to);
        }
    }
}

/// Where each item has to go.
fn goals(keys: Vec<(u128, usize)>) -> Vec<usize> {
    let mut goes = vec![0; keys.len()];
    // A heap's sort is the smallest that std has.
    for (to, (_, from)) in BinaryHeap::from(keys).into_sorted_vec().into_iter().enumerate() {
        goes[from] = to;
    }
    goes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_keep_their_order() {
        let mut items = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        sort(&mut items, |(key, _)| *key);
        assert_eq!(items, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
    }

    #[test]
    fn a_sort_goes_by_every_number_of_a_pair() {
        let mut items: Vec<(usize, usize)> = (0..500).map(|n| (n * 7919 % 11, n * 104_729 % 97)).collect();
        let mut expected = items.clone();
        expected.sort_unstable();
        expected.dedup();
        once(&mut items);
        assert_eq!(items, expected);
    }
}
