//! Looking words up by their text, for the door that reads bytes.

use crate::vocabulary::{Dimension, Spelling, Vocabulary, Word};
use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

/// A hash table from (dimension, text) to word. Open addressing, at most half full.
#[derive(Debug, Default)]
pub struct WordTable {
    slots: Vec<Word>,
    mask: u32,
}

fn hash(dimension: u16, tag: u8, text: &[u8]) -> u32 {
    // FNV-1a; words are the snapshot's own, so nobody can choose them to collide
    let seed = 0x811c_9dc5_u32 ^ u32::from(dimension).wrapping_mul(0x9e37_79b1) ^ u32::from(tag);
    text.iter().fold(seed, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn parts(spelling: &Spelling) -> (u8, Cow<'_, [u8]>) {
    match spelling {
        Spelling::Text(text) => (0, text.as_bytes().into()),
        Spelling::Number(number) => (1, number.to_le_bytes().to_vec().into()),
        Spelling::Boolean(boolean) => (2, vec![u8::from(*boolean)].into()),
        Spelling::Present => (3, Vec::new().into()),
    }
}

impl WordTable {
    /// Builds the table of a vocabulary.
    pub fn build(vocabulary: &Vocabulary) -> WordTable {
        let size = vocabulary.words.len().saturating_mul(2).next_power_of_two().max(8);
        let mut table = WordTable { slots: vec![0; size], mask: u32::try_from(size.saturating_sub(1)).unwrap_or(0) };
        for (index, (dimension, spelling)) in vocabulary.words.iter().enumerate() {
            let (tag, text) = parts(spelling);
            let mut at = hash(*dimension, tag, &text) & table.mask;
            while table.slots.get(at as usize).is_some_and(|word| *word != 0) {
                at = at.wrapping_add(1) & table.mask;
            }
            if let (Some(slot), Ok(word)) = (table.slots.get_mut(at as usize), u32::try_from(index.saturating_add(1))) {
                *slot = word;
            }
        }
        table
    }

    /// The word for a text; zero when no rule names it.
    #[inline]
    pub fn text(&self, vocabulary: &Vocabulary, dimension: u16, text: &[u8]) -> Word {
        self.find(
            vocabulary,
            dimension,
            0,
            text,
            |spelling| matches!(spelling, Spelling::Text(t) if t.as_bytes() == text),
        )
    }

    /// The word for a whole number.
    pub fn number(&self, vocabulary: &Vocabulary, dimension: u16, number: i64) -> Word {
        self.find(vocabulary, dimension, 1, &number.to_le_bytes(), |spelling| *spelling == Spelling::Number(number))
    }

    /// The word for `true` or `false`.
    pub fn boolean(&self, vocabulary: &Vocabulary, dimension: u16, boolean: bool) -> Word {
        let text = [u8::from(boolean)];
        self.find(vocabulary, dimension, 2, &text, |spelling| *spelling == Spelling::Boolean(boolean))
    }

    /// The word for "there is a value".
    pub fn present(&self, vocabulary: &Vocabulary, dimension: u16) -> Word {
        self.find(vocabulary, dimension, 3, &[], |spelling| *spelling == Spelling::Present)
    }

    #[inline]
    fn find(
        &self,
        vocabulary: &Vocabulary,
        dimension: u16,
        tag: u8,
        text: &[u8],
        same: impl Fn(&Spelling) -> bool,
    ) -> Word {
        let mut at = hash(dimension, tag, text) & self.mask;
        loop {
            let word = self.slots.get(at as usize).copied().unwrap_or(0);
            match vocabulary.spelling(word) {
                None => return 0,
                Some((d, spelling)) if *d == dimension && same(spelling) => return word,
                Some(_) => at = at.wrapping_add(1) & self.mask,
            }
        }
    }
}

/// Where the doors look for words: the index of each dimension that some rule reads.
#[derive(Debug, Default)]
pub struct Dimensions {
    /// Lines' categories.
    pub category: Option<u16>,
    /// Lines' stock keeping units.
    pub sku: Option<u16>,
    /// Lines' products.
    pub product: Option<u16>,
    /// The customer's segments.
    pub segment: Option<u16>,
    /// The country of delivery.
    pub country: Option<u16>,
    /// The sales channel.
    pub channel: Option<u16>,
    /// Shipping methods.
    pub shipping_method: Option<u16>,
    /// Attributes of lines, by name.
    pub line_attributes: Vec<(String, u16)>,
    /// Attributes of the customer, by name.
    pub customer_attributes: Vec<(String, u16)>,
}

impl Dimensions {
    /// Sorts a vocabulary's dimensions.
    pub fn of(vocabulary: &Vocabulary) -> Dimensions {
        let mut dimensions = Dimensions::default();
        for (index, dimension) in vocabulary.dimensions.iter().enumerate() {
            let Ok(index) = u16::try_from(index) else { break };
            match dimension {
                Dimension::Category => dimensions.category = Some(index),
                Dimension::Sku => dimensions.sku = Some(index),
                Dimension::Product => dimensions.product = Some(index),
                Dimension::Segment => dimensions.segment = Some(index),
                Dimension::Country => dimensions.country = Some(index),
                Dimension::Channel => dimensions.channel = Some(index),
                Dimension::ShippingMethod => dimensions.shipping_method = Some(index),
                Dimension::LineAttribute(name) => dimensions.line_attributes.push((name.clone(), index)),
                Dimension::CustomerAttribute(name) => dimensions.customer_attributes.push((name.clone(), index)),
            }
        }
        dimensions
    }
}
