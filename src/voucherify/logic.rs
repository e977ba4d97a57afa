//! The logic of a set of rules: `(1 and 2) or 3`.

use alloc::boxed::Box;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// How rules hold together.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tree {
    /// The rule of a number.
    Rule(String),
    /// All of them.
    All(Vec<Tree>),
    /// Any of them.
    Any(Vec<Tree>),
    /// The opposite.
    Not(Box<Tree>),
}

impl Tree {
    /// Reads a text of logic; without one all rules of these numbers must hold.
    pub(super) fn read<'a>(logic: &str, numbers: impl Iterator<Item = &'a str>) -> Tree {
        let spaced = logic.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<&str> = spaced.split_whitespace().collect();
        if words.is_empty() {
            return Tree::All(numbers.map(|number| Tree::Rule(number.to_string())).collect());
        }
        Reader { words: &words, at: 0 }.any()
    }

    /// Whether a rule of this number is among them.
    pub(super) fn names(&self, number: &str) -> bool {
        self.numbers().contains(&number)
    }

    /// The numbers of the rules.
    pub(super) fn numbers(&self) -> Vec<&str> {
        match self {
            Tree::Rule(number) => alloc::vec![number.as_str()],
            Tree::All(trees) | Tree::Any(trees) => trees.iter().flat_map(Tree::numbers).collect(),
            Tree::Not(tree) => tree.numbers(),
        }
    }

    /// Whether each of the rules has to hold.
    pub(super) fn is_all(&self) -> bool {
        match self {
            Tree::Rule(_) => true,
            Tree::All(trees) => trees.iter().all(Tree::is_all),
            Tree::Any(_) | Tree::Not(_) => false,
        }
    }

    /// Whether it holds, where a rule of a number does.
    pub(super) fn holds(&self, holds: &dyn Fn(&str) -> bool) -> bool {
        match self {
            Tree::Rule(number) => holds(number),
            Tree::All(trees) => trees.iter().all(|tree| tree.holds(holds)),
            Tree::Any(trees) => trees.iter().any(|tree| tree.holds(holds)),
            Tree::Not(tree) => !tree.holds(holds),
        }
    }
}

/// Whether the rules hold together; a number that no rule has does not.
pub(super) fn holds(logic: &str, answers: &[(String, bool)]) -> bool {
    let tree = Tree::read(logic, answers.iter().map(|(number, _)| number.as_str()));
    tree.holds(&|number| answers.iter().any(|(answered, holds)| answered == number && *holds))
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
}

impl Reader<'_> {
    fn word(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at).is_some_and(|found| found.eq_ignore_ascii_case(word));
        self.at = self.at.saturating_add(usize::from(is));
        is
    }

    fn any(&mut self) -> Tree {
        let first = self.all();
        let mut trees = alloc::vec![first];
        while self.word("or") {
            trees.push(self.all());
        }
        one_or(trees, Tree::Any)
    }

    fn all(&mut self) -> Tree {
        let first = self.one();
        let mut trees = alloc::vec![first];
        while self.word("and") {
            trees.push(self.one());
        }
        one_or(trees, Tree::All)
    }

    fn one(&mut self) -> Tree {
        if self.word("not") {
            return Tree::Not(Box::new(self.one()));
        }
        if self.word("(") {
            let tree = self.any();
            self.word(")");
            return tree;
        }
        let number = self.words.get(self.at).copied().unwrap_or_default();
        self.at = self.at.saturating_add(1);
        Tree::Rule(number.to_string())
    }
}

fn one_or(mut trees: Vec<Tree>, of: fn(Vec<Tree>) -> Tree) -> Tree {
    match trees.pop() {
        Some(tree) if trees.is_empty() => tree,
        Some(tree) => {
            trees.push(tree);
            of(trees)
        }
        None => of(trees),
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
        assert!(holds("not 1 and 3", &answers(false, true, true)));
        assert!(!holds("9", &answers(true, true, true)));
        assert!(!holds("", &answers(true, false, true)));
    }
}
