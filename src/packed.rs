//! What snapshots carry is written by [`postcard`] and read here, by a reader that costs a storefront a few bytes a type
//! where derived ones cost hundreds: it has one way to fail, at the end.
//!
//! The form is postcard's: numbers in groups of seven bits, signed ones zigzag, lists and texts after their length,
//! enums after the number of their variant. Unlike postcard's own, this reader takes a number only in the fewest
//! bytes it needs, so that every value has one spelling.

use alloc::string::String;
use alloc::vec::Vec;

/// A value that snapshots carry.
pub(crate) trait Packed: Sized {
    /// Reads the value. What is not there is zero, and the reader knows that it failed.
    fn unpack(reader: &mut Unpacker<'_>) -> Self;

    /// Reads as many of them as are said to follow.
    fn unpack_list(reader: &mut Unpacker<'_>) -> Vec<Self> {
        let count = reader.count();
        // most lists are short, and pushing makes room for four; a storefront would rather be small itself
        let mut list = Vec::with_capacity(if cfg!(feature = "workshop") { count.min(4) } else { 0 });
        for _ in 0..count {
            if reader.failed {
                break;
            }
            list.push(Self::unpack(reader));
        }
        list
    }
}

/// Reads a value that takes all of `bytes`; `None` when they are anything else.
pub(crate) fn unpack<T: Packed>(bytes: &[u8]) -> Option<T> {
    let mut reader = Unpacker { rest: bytes, failed: false };
    let value = T::unpack(&mut reader);
    (!reader.failed && reader.rest.is_empty()).then_some(value)
}

/// Bytes that are being read, and whether all of it made sense so far.
pub(crate) struct Unpacker<'a> {
    rest: &'a [u8],
    failed: bool,
}

impl<'a> Unpacker<'a> {
    /// What was read cannot be; nothing after it is read either.
    #[cold]
    pub(crate) fn fail(&mut self) {
        self.failed = true;
        self.rest = &[];
    }

    fn byte(&mut self) -> u8 {
        match self.rest.split_first() {
            Some((byte, rest)) => {
                self.rest = rest;
                *byte
            }
            None => {
                self.fail();
                0
            }
        }
    }

    fn bytes(&mut self, count: usize) -> &'a [u8] {
        match self.rest.split_at_checked(count) {
            Some((bytes, rest)) => {
                self.rest = rest;
                bytes
            }
            None => {
                self.fail();
                &[]
            }
        }
    }

    /// Most numbers are small and take one byte.
    #[inline(never)]
    fn number(&mut self) -> u64 {
        match self.rest.split_first() {
            Some((byte, rest)) if *byte < 0x80 => {
                self.rest = rest;
                u64::from(*byte)
            }
            _ => self.large_number(),
        }
    }

    #[cold]
    #[inline(never)]
    fn large_number(&mut self) -> u64 {
        let mut number = 0_u64;
        for shift in (0..64_u32).step_by(7) {
            let byte = self.byte();
            let bits = u64::from(byte & 0x7f);
            let placed = bits << shift;
            number |= placed;
            if byte & 0x80 == 0 {
                // a last group of nothing, or of more than is left of 64 bits, is no number's shortest form
                if placed >> shift != bits || (byte == 0 && shift > 0) {
                    break;
                }
                return number;
            }
        }
        self.fail();
        0
    }

    fn at_most(&mut self, most: u64) -> u64 {
        let number = self.number();
        if number <= most {
            return number;
        }
        self.fail();
        0
    }

    /// The number of an enum's variant.
    pub(crate) fn variant(&mut self) -> u64 {
        self.number()
    }

    /// How many follow. Each takes a byte at least, so that no list claims more than there is.
    fn count(&mut self) -> usize {
        let most = self.rest.len() as u64;
        usize::try_from(self.at_most(most)).unwrap_or(0)
    }
}

impl Packed for u8 {
    fn unpack(reader: &mut Unpacker<'_>) -> u8 {
        reader.byte()
    }

    fn unpack_list(reader: &mut Unpacker<'_>) -> Vec<u8> {
        let count = reader.count();
        reader.bytes(count).to_vec()
    }
}

impl Packed for bool {
    fn unpack(reader: &mut Unpacker<'_>) -> bool {
        let byte = reader.byte();
        if byte > 1 {
            reader.fail();
        }
        byte == 1
    }
}

impl Packed for u16 {
    fn unpack(reader: &mut Unpacker<'_>) -> u16 {
        u16::try_from(reader.at_most(u64::from(u16::MAX))).unwrap_or(0)
    }
}

impl Packed for u32 {
    fn unpack(reader: &mut Unpacker<'_>) -> u32 {
        u32::try_from(reader.at_most(u64::from(u32::MAX))).unwrap_or(0)
    }
}

impl Packed for u64 {
    fn unpack(reader: &mut Unpacker<'_>) -> u64 {
        reader.number()
    }
}

impl Packed for i64 {
    fn unpack(reader: &mut Unpacker<'_>) -> i64 {
        let number = reader.number();
        (number >> 1).cast_signed() ^ (number & 1).cast_signed().wrapping_neg()
    }
}

impl Packed for String {
    fn unpack(reader: &mut Unpacker<'_>) -> String {
        let count = reader.count();
        match core::str::from_utf8(reader.bytes(count)) {
            Ok(text) => String::from(text),
            Err(_) => {
                reader.fail();
                String::new()
            }
        }
    }
}

impl<const N: usize> Packed for [u8; N] {
    fn unpack(reader: &mut Unpacker<'_>) -> [u8; N] {
        reader.bytes(N).try_into().unwrap_or([0; N])
    }
}

impl<T: Packed> Packed for Option<T> {
    fn unpack(reader: &mut Unpacker<'_>) -> Option<T> {
        bool::unpack(reader).then(|| T::unpack(reader))
    }
}

impl<T: Packed> Packed for Vec<T> {
    fn unpack(reader: &mut Unpacker<'_>) -> Vec<T> {
        T::unpack_list(reader)
    }
}

impl<A: Packed, B: Packed> Packed for (A, B) {
    fn unpack(reader: &mut Unpacker<'_>) -> (A, B) {
        (A::unpack(reader), B::unpack(reader))
    }
}

/// Declares types that snapshots carry. The order of fields and of variants is the format: postcard writes them in it,
/// and they are read in it.
macro_rules! packed {
    () => {};
    (
        $(#[$meta:meta])* $vis:vis struct $Name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $Type:ty),* $(,)?
        }
        $($more:tt)*
    ) => {
        $(#[$meta])* $vis struct $Name { $($(#[$field_meta])* $field_vis $field: $Type),* }

        impl $crate::packed::Packed for $Name {
            fn unpack(reader: &mut $crate::packed::Unpacker<'_>) -> $Name {
                $Name { $($field: $crate::packed::Packed::unpack(reader)),* }
            }
        }

        $crate::packed::packed! { $($more)* }
    };
    ($(#[$meta:meta])* $vis:vis struct $Name:ident($inner_vis:vis $Inner:ty); $($more:tt)*) => {
        $(#[$meta])* $vis struct $Name($inner_vis $Inner);

        impl $crate::packed::Packed for $Name {
            fn unpack(reader: &mut $crate::packed::Unpacker<'_>) -> $Name {
                $Name($crate::packed::Packed::unpack(reader))
            }
        }

        $crate::packed::packed! { $($more)* }
    };
    (
        $(#[$meta:meta])* $vis:vis enum $Name:ident {
            $($(#[$variant_meta:meta])* $Variant:ident $(($Type:ty))?),* $(,)?
        }
        $($more:tt)*
    ) => {
        $(#[$meta])* $vis enum $Name { $($(#[$variant_meta])* $Variant $(($Type))?),* }

        impl $crate::packed::Packed for $Name {
            fn unpack(reader: &mut $crate::packed::Unpacker<'_>) -> $Name {
                enum At { $($Variant),* }
                let number = reader.variant();
                $(
                    if number == At::$Variant as u64 {
                        return $Name::$Variant $((<$Type as $crate::packed::Packed>::unpack(reader)))?;
                    }
                )*
                reader.fail();
                $crate::packed::first! { $($Name::$Variant $((<$Type as $crate::packed::Packed>::unpack(reader)))?),* }
            }
        }

        $crate::packed::packed! { $($more)* }
    };
}

/// The first of several expressions: what stands for a variant that there is not.
macro_rules! first {
    ($first:expr $(, $more:expr)*) => {
        $first
    };
}

pub(crate) use {first, packed};

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use alloc::vec;

    use serde::Serialize;

    use super::*;

    packed! {
        #[derive(Debug, PartialEq, Serialize)]
        struct Everything {
            flag: bool,
            byte: u8,
            small: u16,
            medium: u32,
            large: u64,
            signed: Vec<i64>,
            text: String,
            bytes: [u8; 3],
            perhaps: Option<Variant>,
            pairs: Vec<(Variant, Wrapped)>,
        }

        #[derive(Debug, PartialEq, Serialize)]
        enum Variant {
            Bare,
            Full(u16),
        }

        #[derive(Debug, PartialEq, Serialize)]
        struct Wrapped(i64);
    }

    fn everything() -> Everything {
        Everything {
            flag: true,
            byte: 200,
            small: u16::MAX,
            medium: u32::MAX,
            large: u64::MAX,
            signed: vec![0, -1, 1, 63, 64, -64, -65, i64::MIN, i64::MAX],
            text: "über".to_string(),
            bytes: [1, 2, 3],
            perhaps: Some(Variant::Bare),
            pairs: vec![(Variant::Full(300), Wrapped(-5)), (Variant::Bare, Wrapped(0))],
        }
    }

    #[test]
    fn what_postcard_writes_is_read() {
        let bytes = postcard::to_allocvec(&everything()).unwrap();
        assert_eq!(unpack::<Everything>(&bytes), Some(everything()));
        for number in (0..64).flat_map(|shift| [(1_u64 << shift) - 1, 1 << shift, (1 << shift) + 1]) {
            assert_eq!(unpack(&postcard::to_allocvec(&number).unwrap()), Some(number));
            let signed = number.cast_signed();
            assert_eq!(unpack(&postcard::to_allocvec(&signed).unwrap()), Some(signed));
        }
    }

    #[test]
    fn neither_less_nor_more_is_read() {
        let bytes = postcard::to_allocvec(&everything()).unwrap();
        for end in 0..bytes.len() {
            assert_eq!(unpack::<Everything>(&bytes[..end]), None, "{end}");
        }
        assert_eq!(unpack::<Everything>(&[&bytes[..], &[0]].concat()), None);
    }

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(unpack::<u64>(&[0]), Some(0));
        assert_eq!(unpack::<u64>(&[0x80, 0]), None);
        assert_eq!(unpack::<u64>(&[0xff, 1]), Some(255));
        assert_eq!(unpack::<u64>(&[0xff, 0x81, 0]), None);
        let nine = [0xff_u8; 9];
        assert_eq!(unpack::<u64>(&[&nine[..], &[1]].concat()), Some(u64::MAX));
        assert_eq!(unpack::<u64>(&[&nine[..], &[2]].concat()), None, "a bit beyond the 64th");
        assert_eq!(unpack::<u64>(&[&nine[..], &[0x81, 0]].concat()), None, "an eleventh byte");
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        assert_eq!(unpack::<bool>(&[2]), None);
        assert_eq!(unpack::<Option<u8>>(&[2, 0]), None);
        assert_eq!(unpack::<u16>(&postcard::to_allocvec(&65_536_u32).unwrap()), None);
        assert_eq!(unpack::<u32>(&postcard::to_allocvec(&(1_u64 << 32)).unwrap()), None);
        assert_eq!(unpack::<String>(&[1, 0xff]), None, "not UTF-8");
        assert_eq!(unpack::<Variant>(&[2]), None, "no such variant");
        assert_eq!(unpack::<Vec<u8>>(&[3, 1, 2]), None, "a list longer than what is there");
        assert_eq!(unpack::<Vec<u64>>(&postcard::to_allocvec(&u64::MAX).unwrap()), None);
    }
}
