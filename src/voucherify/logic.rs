//! The logic of a set of rules: `(1 and 2) or 3`.

use alloc::string::String;
use alloc::vec::Vec;

/// Whether the rules hold together; without logic all must.
pub(super) fn holds(logic: &str, answers: &[(String, bool)]) -> bool {
    let spaced = logic.replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    if words.is_empty() {
        return answers.iter().all(|(_, holds)| *holds);
    }
    let mut reader = Reader { words: &words, at: 0, answers };
    reader.any()
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    answers: &'a [(String, bool)],
}

impl Reader<'_> {
    fn word(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at).is_some_and(|found| found.eq_ignore_ascii_case(word));
        self.at = self.at.saturating_add(usize::from(is));
        is
    }

    fn any(&mut self) -> bool {
        let mut holds = self.all();
        while self.word("or") {
            holds |= self.all();
        }
        holds
    }

    fn all(&mut self) -> bool {
        let mut holds = self.one();
        while self.word("and") {
            holds &= self.one();
        }
        holds
    }

    fn one(&mut self) -> bool {
        if self.word("not") {
            return !self.one();
        }
        if self.word("(") {
            let holds = self.any();
            self.word(")");
            return holds;
        }
        let number = self.words.get(self.at).copied().unwrap_or_default();
        self.at = self.at.saturating_add(1);
        self.answers.iter().find(|(answered, _)| answered == number).is_some_and(|(_, holds)| *holds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn and_binds_closer_than_or_in_any_case_of_letters() {
        let answers = |a, b, c| [("1".into(), a), ("2".into(), b), ("3".into(), c)];
        assert!(holds("1 AND 2 or 3", &answers(false, false, true)));
        assert!(!holds("1 and (2 OR 3)", &answers(false, true, true)));
        assert!(holds("1and2", &answers(true, true, true)) == holds("9", &answers(true, true, true)));
        assert!(!holds("", &answers(true, false, true)));
    }
}
