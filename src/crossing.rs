//! Plain data on its way to JavaScript: one list of numbers and one text, from which `crossing.js` builds it there.
//! A call for every key and every text takes longer than reading the report itself.

use serde::ser::{self, Impossible, Serialize, Serializer};
use std::fmt;
use std::ops::Range;

/// What `crossing.js` reads: first a sign, then what belongs to it.
#[derive(Default)]
pub struct Crossing {
    pub signs: Vec<u32>,
    /// Every text of the data that does not last, one behind the other.
    pub text: String,
    /// Where texts last: the words of the language. They cross by their place, and JavaScript makes each of them once.
    lasting: Range<usize>,
    /// What kinds of objects there were, by the place of the kind's name.
    kinds: Vec<*const u8>,
}

const NULL: u32 = 0;
const FALSE: u32 = 1;
const TRUE: u32 = 2;
/// The number itself, whole and from 0 to 4294967295.
const COUNT: u32 = 3;
/// Its length in the text.
const TEXT: u32 = 4;
/// How many there are, and each of them.
const LIST: u32 = 5;
/// The first object of its kind: how many fields there are, and of each the place of its name in memory, the name's
/// length, and the value.
const FIRST: u32 = 6;
/// The place of a text that lasts in memory, and its length there.
const LASTING: u32 = 7;
/// Its length in the text.
const NUMBER: u32 = 8;
/// Another object: which of the first ones, in the order of their ends, has its names; and the values.
const ANOTHER: u32 = 9;

impl Crossing {
    /// `lasting` are the places in memory whose texts never change.
    ///
    /// # Errors
    /// When the data is no plain data: maps, bytes, variants that hold something.
    pub fn of(data: &impl Serialize, lasting: Range<usize>) -> Result<Crossing, Unfit> {
        let mut crossing = Crossing { lasting, ..Crossing::default() };
        data.serialize(&mut crossing)?;
        Ok(crossing)
    }

    fn put(&mut self, sign: u32, more: usize) {
        self.signs.extend([sign, more as u32]);
    }

    /// A text that stays where it is. No two of them begin at one place.
    fn last(&mut self, text: &str) -> Result<(), Unfit> {
        self.signs.push(LASTING);
        self.place(text);
        Ok(())
    }

    fn place(&mut self, text: &str) {
        self.put(text.as_ptr() as u32, text.len());
    }

    fn number(&mut self, number: impl Copy + fmt::Display + TryInto<u32>) -> Result<(), Unfit> {
        if let Ok(count) = number.try_into() {
            self.signs.extend([COUNT, count]);
            return Ok(());
        }
        let number = number.to_string();
        self.put(NUMBER, number.len());
        self.text.push_str(&number);
        Ok(())
    }
}

/// The data is no plain data.
#[derive(Debug)]
pub struct Unfit;

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no plain data")
    }
}

impl std::error::Error for Unfit {}

impl ser::Error for Unfit {
    fn custom<T: fmt::Display>(_: T) -> Unfit {
        Unfit
    }
}

macro_rules! numbers {
    ($($name:ident: $number:ty),+) => { $(fn $name(self, number: $number) -> Result<(), Unfit> { self.number(number) })+ };
}

impl<'c> Serializer for &'c mut Crossing {
    type Ok = ();
    type Error = Unfit;
    type SerializeSeq = &'c mut Crossing;
    type SerializeTuple = Impossible<(), Unfit>;
    type SerializeTupleStruct = Impossible<(), Unfit>;
    type SerializeTupleVariant = Impossible<(), Unfit>;
    type SerializeMap = Impossible<(), Unfit>;
    type SerializeStruct = Object<'c>;
    type SerializeStructVariant = Impossible<(), Unfit>;

    numbers! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    }

    fn serialize_f32(self, _: f32) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_bool(self, truth: bool) -> Result<(), Unfit> {
        self.signs.push(if truth { TRUE } else { FALSE });
        Ok(())
    }

    fn serialize_char(self, sign: char) -> Result<(), Unfit> {
        self.serialize_str(sign.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Unfit> {
        if self.lasting.contains(&(text.as_ptr() as usize)) {
            return self.last(text);
        }
        // JavaScript counts in UTF-16.
        self.put(TEXT, if text.is_ascii() { text.len() } else { text.encode_utf16().count() });
        self.text.push_str(text);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_none(self) -> Result<(), Unfit> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unfit> {
        self.signs.push(NULL);
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Unfit> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unfit> {
        self.last(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unfit> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Unfit> {
        Err(Unfit)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Self::SerializeSeq, Unfit> {
        self.put(LIST, length.ok_or(Unfit)?);
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Unfit> {
        Err(Unfit)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Unfit> {
        Err(Unfit)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unfit> {
        Err(Unfit)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Unfit> {
        Err(Unfit)
    }

    fn serialize_struct(self, kind: &'static str, fields: usize) -> Result<Self::SerializeStruct, Unfit> {
        let known = self.kinds.iter().position(|known| *known == kind.as_ptr());
        match known {
            Some(nth) => self.put(ANOTHER, nth),
            None => self.put(FIRST, fields),
        }
        Ok(Object { crossing: self, kind: kind.as_ptr(), first: known.is_none() })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unfit> {
        Err(Unfit)
    }
}

impl ser::SerializeSeq for &mut Crossing {
    type Ok = ();
    type Error = Unfit;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unfit> {
        value.serialize(&mut **self)
    }

    fn end(self) -> Result<(), Unfit> {
        Ok(())
    }
}

/// An object on its way.
pub struct Object<'c> {
    crossing: &'c mut Crossing,
    kind: *const u8,
    first: bool,
}

impl ser::SerializeStruct for Object<'_> {
    type Ok = ();
    type Error = Unfit;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Unfit> {
        if self.first {
            self.crossing.place(name);
        }
        value.serialize(&mut *self.crossing)
    }

    fn end(self) -> Result<(), Unfit> {
        if self.first {
            self.crossing.kinds.push(self.kind);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_counted_as_javascript_counts_them() {
        let crossing = Crossing::of(&vec![Some("a"), None, Some("é😀")], 0..0).unwrap();
        assert_eq!(crossing.signs, [LIST, 3, TEXT, 1, NULL, TEXT, 3]);
        assert_eq!(crossing.text, "aé😀");
    }

    #[test]
    fn a_text_that_lasts_crosses_by_its_place() {
        let words = "first\nsecond";
        let start = words.as_ptr() as usize;
        let crossing = Crossing::of(&vec![&words[6..], "own"], start..start + words.len()).unwrap();
        assert_eq!(crossing.signs, [LIST, 2, LASTING, (start + 6) as u32, 6, TEXT, 3]);
        assert_eq!(crossing.text, "own");
    }

    #[test]
    fn the_names_of_fields_cross_with_the_first_object_of_a_kind() {
        #[derive(serde::Serialize)]
        struct Leaf {
            n: u8,
        }
        let signs = Crossing::of(&vec![Leaf { n: 1 }, Leaf { n: 2 }], 0..0).unwrap().signs;
        assert_eq!((&signs[..4], &signs[5..]), (&[LIST, 2, FIRST, 1][..], &[1, COUNT, 1, ANOTHER, 0, COUNT, 2][..]));
    }

    #[test]
    fn numbers_cross_whole_and_what_is_no_plain_data_does_not() {
        let crossing = Crossing::of(&vec![i64::MIN, 7], 0..0).unwrap();
        assert_eq!(
            (crossing.signs.as_slice(), crossing.text.as_str()),
            (&[LIST, 2, NUMBER, 20, COUNT, 7][..], "-9223372036854775808")
        );
        assert!(Crossing::of(&0.5, 0..0).is_err() && Crossing::of(&("a", "b"), 0..0).is_err());
    }
}
