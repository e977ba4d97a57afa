//! Texts become words that rules can ask for.

use super::super::refusal::{self, NO_FLAG};
use super::Door;
use crate::cart::MISSING;
use crate::json::path::Path;
use crate::json::read::Scalar;
use crate::json::text::Text;
use crate::vocabulary::{Figure, Subject, Word};
use crate::{code, experiment};
use alloc::vec::Vec;

impl<'a> Door<'a, '_> {
    /// The words that a rule may ask of the line, or of the customer and the situation.
    pub(super) fn words(&mut self, of: Subject) -> &mut Vec<Word> {
        match of {
            Subject::Sku
            | Subject::Product
            | Subject::Category
            | Subject::LineAttribute
            | Subject::OnSale
            | Subject::Favourite => &mut self.cart.words,
            _ => &mut self.cart.context,
        }
    }

    pub(super) fn word(&self, dimension: u16, text: Text<'_>) -> Word {
        let (words, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        match text.has_escapes {
            false => words.text(vocabulary, dimension, text.raw.as_bytes()),
            true => words.text(vocabulary, dimension, text.unescaped().as_bytes()),
        }
    }

    pub(super) fn push(&mut self, of: Subject, text: Text<'_>) {
        match of {
            Subject::Sku | Subject::Product | Subject::Category => {
                if !self.favourites.is_empty() {
                    self.favour(of, self.catalog.dimensions().only(of), text);
                }
                if of == Subject::Category && self.catalog.vocabulary().has_category_paths {
                    return self.push_paths(text);
                }
            }
            Subject::Segment => {}
            _ => return self.push_fact(of, text),
        }
        let dimension = self.catalog.dimensions().only(of);
        let word = dimension.map_or(0, |dimension| self.word(dimension, text));
        self.keep(of, word);
    }

    /// A category and those above it.
    #[inline(never)]
    pub(super) fn push_paths(&mut self, text: Text<'_>) {
        let mut words = Vec::new();
        self.words_of(Subject::Category, text, &mut |word| words.push(word));
        words.into_iter().for_each(|word| self.keep(Subject::Category, word));
    }

    /// A fact of the situation: its word, that it is known, and the patterns that it fits.
    #[inline(never)]
    pub(super) fn push_fact(&mut self, of: Subject, text: Text<'_>) {
        let Some(dimension) = self.catalog.dimensions().only(of) else { return };
        let text = text.unescape();
        let normalised = if of == Subject::Postcode { code::normalise(&text) } else { text.into_owned() };
        if normalised.is_empty() {
            return;
        }
        let (words, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        self.keep(of, words.text(vocabulary, dimension, normalised.as_bytes()));
        self.keep(of, words.present(vocabulary, dimension));
        self.push_patterns(of, dimension, normalised.as_bytes());
    }

    /// The patterns that a text fits.
    #[inline(never)]
    pub(super) fn push_patterns(&mut self, of: Subject, dimension: u16, text: &[u8]) {
        let catalog = self.catalog;
        let fits = |word: &Word| catalog.vocabulary().spelling(*word).is_some_and(|(_, spelling)| spelling.fits(text));
        for word in catalog.words().patterns(dimension).filter(fits) {
            self.keep(of, word);
        }
    }

    /// The words of a text, which is a path where categories are.
    #[inline(never)]
    pub(super) fn words_of(&self, of: Subject, text: Text<'_>, visit: &mut dyn FnMut(Word)) {
        let Some(dimension) = self.catalog.dimensions().only(of) else { return };
        let (table, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        let text = text.unescape();
        let text = text.as_bytes();
        for at in 0..=text.len() {
            let is_end = at == text.len();
            let is_path = of == Subject::Category && vocabulary.has_category_paths && text.get(at) == Some(&b'/');
            if let Some(path) = text.get(..at).filter(|_| is_end || is_path) {
                visit(table.text(vocabulary, dimension, path));
            }
        }
    }

    /// A line that has what the customer likes best.
    #[inline(never)]
    pub(super) fn favour(&mut self, of: Subject, dimension: Option<u16>, text: Text<'_>) {
        let catalog = self.catalog;
        let text = text.unescape();
        let text = text.as_bytes();
        let paths = of == Subject::Category && catalog.vocabulary().has_category_paths;
        for at in 0..self.favourites.len() {
            let Some((liked, value)) = self.favourites.get(at) else { return };
            let value = value.unescape();
            let rest = text.strip_prefix(value.as_bytes());
            if rest.is_some_and(|rest| rest.is_empty() || paths && rest.first() == Some(&b'/')) {
                let of = i64::from(dimension.unwrap_or(u16::MAX));
                let word = catalog.words().number(catalog.vocabulary(), *liked, of);
                self.keep(Subject::Favourite, word);
            }
        }
    }

    /// `true` or `false`.
    #[inline(never)]
    pub(super) fn flag(&mut self, of: Subject, path: &Path<'_>) {
        match self.scalar(path) {
            Scalar::Boolean(value) => self.push_boolean(of, value),
            _ => self.reader.fail(refusal::wrong(&NO_FLAG, "", path)),
        }
    }

    /// The word of a boolean, and that it is known.
    #[inline(never)]
    pub(super) fn push_boolean(&mut self, of: Subject, value: bool) {
        let Some(dimension) = self.catalog.dimensions().only(of) else { return };
        let (words, vocabulary) = (self.catalog.words(), self.catalog.vocabulary());
        self.keep(of, words.boolean(vocabulary, dimension, value));
        self.keep(of, words.present(vocabulary, dimension));
    }

    /// Keeps a number that some rule asks for: counts and sums add up, of moments the latest counts.
    #[inline(never)]
    pub(super) fn tell(&mut self, number: i64, figure: Figure) {
        let place = self.catalog.vocabulary().numbers.iter().position(|known| *known == figure);
        let Some(place) = place.and_then(|place| self.cart.numbers.get_mut(place)) else { return };
        *place = match (*place, number) {
            (_, MISSING) => return,
            (MISSING, _) => number,
            (known, _) if matches!(figure, Figure::LastBought(_)) => known.max(number),
            (known, _) => known.saturating_add(number),
        };
    }

    /// Gives the customer a variant of each experiment.
    #[inline(never)]
    pub(super) fn assign(&mut self, customer: Text<'_>) {
        let vocabulary = self.catalog.vocabulary();
        for experiment in &vocabulary.experiments {
            let word = experiment::assign(experiment, vocabulary, &customer.unescape());
            self.keep(Subject::Experiment, word);
            if word != 0 {
                self.keep(Subject::Experiment, self.catalog.words().present(vocabulary, experiment.dimension));
            }
        }
    }

    /// Keeps a word, unless no rule asks for it.
    #[inline]
    pub(super) fn keep(&mut self, of: Subject, word: Word) {
        if word != 0 {
            self.words(of).push(word);
        }
    }
}
