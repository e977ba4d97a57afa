//! What documents declare for all of their campaigns: named rules and segments, the tree of categories, experiments.

use alloc::borrow::ToOwned;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value as Json;

use super::{check_id, named, rule};
use crate::campaign::{reading, CampaignDocument, Experiment};
use crate::error::Diagnostic;
use crate::pointer::Pointer;
use crate::vocabulary::{VocabularyBuilder, HELD_OUT};

/// Most variants of an experiment.
const MAX_VARIANTS: usize = 20;
/// The largest sum of an experiment's weights.
const MAX_WEIGHT: u32 = 1_000_000;

/// What names stand for.
#[derive(Debug, Default)]
pub(super) struct Declared<'a> {
    rules: BTreeMap<String, Declaration<'a>>,
    segments: BTreeMap<String, Declaration<'a>>,
    /// Each category by the one that it is in.
    within: BTreeMap<String, (String, &'a str)>,
    has_paths: bool,
    experiments: BTreeMap<String, Experiment>,
}

/// A rule that has a name, and where it stands.
#[derive(Debug)]
struct Declaration<'a> {
    rule: Json,
    source: &'a str,
    at: Pointer,
}

/// Which names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    Rules,
    Segments,
}

impl<'a> Declared<'a> {
    /// Takes over what a document declares.
    pub(super) fn gather(&mut self, document: &CampaignDocument, source: &'a str, faults: &mut Vec<Diagnostic>) {
        let root = Pointer::root();
        let lists = [(&document.rules, "rules", &mut self.rules), (&document.segments, "segments", &mut self.segments)];
        for (rules, member, known) in lists {
            for (name, rule) in rules {
                let at = root.key(member).key(name);
                let declaration = Declaration { rule: rule.clone(), source, at: at.clone() };
                let earlier = known.insert(name.clone(), declaration);
                if earlier.is_some_and(|earlier| earlier.rule != *rule) {
                    let message = format!("`{name}` is declared twice and differs");
                    faults.push(*reading::diagnostic("id_duplicated", message, "declare each name once", &at));
                }
            }
        }
        let at = root.key("categories");
        self.has_paths |= document.categories.paths;
        for (category, parent) in &document.categories.within {
            let earlier = self.within.insert(category.clone(), (parent.clone(), source));
            if earlier.is_some_and(|(earlier, _)| earlier != *parent) {
                let message = format!("the category `{category}` is in two others");
                let at = at.key("within").key(category);
                faults.push(*reading::diagnostic("id_duplicated", message, "name the one that it is in", &at));
            }
        }
        for (index, experiment) in document.experiments.iter().enumerate() {
            let at = root.key("experiments").index(index);
            if let Some(fault) = fault_of(experiment, &at) {
                faults.push(fault);
            }
            let earlier = self.experiments.insert(experiment.id.clone(), experiment.clone());
            if earlier.is_some_and(|earlier| earlier != *experiment) {
                let message = format!("the experiment `{}` is declared twice and differs", experiment.id);
                faults.push(*reading::diagnostic("id_duplicated", message, "declare each once", &at.key("id")));
            }
        }
    }

    /// Makes categories and experiments known to what is compiled next.
    pub(super) fn prepare(&self, vocabulary: &mut VocabularyBuilder) {
        if self.has_paths {
            vocabulary.split_categories();
        }
        for category in self.within.keys() {
            for above in self.above(category) {
                vocabulary.put_within(category, above);
            }
        }
        for (id, experiment) in &self.experiments {
            let given = experiment.variants.iter().map(|variant| (variant.id.as_str(), variant.weight));
            let variants: Vec<(&str, u32)> = given.chain([(HELD_OUT, experiment.hold_out)]).collect();
            vocabulary.experiment(id, &variants);
        }
    }

    /// The categories that one is in, the nearest first; each once, so that a circle ends.
    fn above<'s>(&'s self, category: &'s str) -> Vec<&'s str> {
        let mut found = Vec::new();
        let mut next = self.within.get(category);
        while let Some((parent, _)) = next.filter(|(parent, _)| !found.contains(&parent.as_str())) {
            found.push(parent.as_str());
            next = self.within.get(parent);
        }
        found
    }

    /// Checks what is declared, whether or not a campaign uses it.
    pub(super) fn check(&self, faults: &mut Vec<Diagnostic>) {
        let circular = |category: &&String| self.above(category).contains(&category.as_str());
        for (category, (_, source)) in self.within.iter().filter(|(category, _)| circular(category)) {
            let message = format!("the category `{category}` is within itself");
            let at = Pointer::root().key("categories").key("within").key(category);
            let fault = reading::diagnostic("reference_circular", message, "put it in another category", &at);
            faults.push(named(fault, source));
        }
        for (names, list) in [(Names::Rules, &self.rules), (Names::Segments, &self.segments)] {
            for (name, declaration) in list {
                let mut vocabulary = VocabularyBuilder::default();
                self.prepare(&mut vocabulary);
                let mut found = Vec::new();
                rule::check(names, name, &declaration.rule, &declaration.at, self, &mut vocabulary, &mut found);
                faults.extend(found.into_iter().map(|fault| named(fault, declaration.source)));
            }
        }
    }

    /// The rule that a name stands for.
    pub(super) fn rule(&self, names: Names, name: &str) -> Option<&Json> {
        let list = if names == Names::Rules { &self.rules } else { &self.segments };
        list.get(name).map(|declaration| &declaration.rule)
    }

    /// All names.
    pub(super) fn names(&self, names: Names) -> impl Iterator<Item = &String> {
        if names == Names::Rules { &self.rules } else { &self.segments }.keys()
    }
}

/// What is wrong with an experiment.
fn fault_of(experiment: &Experiment, at: &Pointer) -> Option<Diagnostic> {
    if let Err(fault) = check_id(&experiment.id, &at.key("id")) {
        return Some(*fault);
    }
    let variants = &experiment.variants;
    let at = at.key("variants");
    if variants.is_empty() || variants.len() > MAX_VARIANTS {
        let help = format!("name 1 to {MAX_VARIANTS} variants");
        return Some(*reading::invalid("an experiment needs variants", help, &at));
    }
    for (index, variant) in variants.iter().enumerate() {
        let at = at.index(index);
        let is_repeated = variants.iter().take(index).any(|earlier| earlier.id == variant.id);
        if let Err(fault) = check_id(&variant.id, &at.key("id")) {
            return Some(*fault);
        }
        if is_repeated || variant.id == HELD_OUT {
            let message = format!("the name `{}` is taken", variant.id);
            let help = format!("give each variant its own name; `{HELD_OUT}` is who sees none");
            return Some(*reading::diagnostic("id_duplicated", message, help, &at.key("id")));
        }
    }
    let total = variants.iter().fold(experiment.hold_out, |sum, variant| sum.saturating_add(variant.weight));
    let is_sound = variants.iter().all(|variant| variant.weight > 0) && total <= MAX_WEIGHT;
    let help = format!("write whole numbers from 1 on that sum to at most {MAX_WEIGHT}");
    (!is_sound).then(|| *reading::invalid("the weights are out of range", help, &at))
}

/// The names in a text, for help.
pub(super) fn listed<'a>(names: impl Iterator<Item = &'a String>) -> String {
    let names: Vec<String> = names.map(|name| format!("`{name}`")).collect();
    match names.is_empty() {
        true => "none is declared".to_owned(),
        false => format!("declared are {}", names.join(", ")),
    }
}
