//! Loyalty: what rules ask is compiled as conditions of campaigns are, into a catalogue of its own; what they give beside
//! it; the rest stays as it is said.

use alloc::boxed::Box;
use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::{json, Value as Json};

use super::declared::{self, Declared};
use super::{check_id, encode, index, limits, policy, translate, Parts, Read};
use crate::campaign::{reading, Campaign, Schedule};
use crate::catalog::section::{Levels, Record, Section, FORMAT};
use crate::discount::Formula;
use crate::error::Diagnostic;
use crate::ledger::calendar::WeekStart;
use crate::ledger::programme as ledger;
use crate::loyalty::{
    self, Automatic, Base, ByLevel, Earner, Every, Gives, Grade, Loyalty, Of, On, OrderFormula, PerEvery, Programme,
    Rule, Worth,
};
use crate::pointer::Pointer;
use crate::selector::{self, Exclusion};
use crate::time::Interval;
use crate::vocabulary::VocabularyBuilder;

/// Most points of a rule or a reward.
const MAX_POINTS: i64 = 1_000_000_000;

/// What is said of loyalty, and where.
#[derive(Default)]
pub(super) struct Said<'a> {
    document: Option<(Loyalty, &'a str, Pointer)>,
}

impl<'a> Said<'a> {
    /// Takes over what a document says.
    pub(super) fn add(&mut self, document: Option<&Json>, source: &'a str, faults: &mut Vec<Diagnostic>) {
        let Some(document) = document else { return };
        let at = Pointer::root().key("loyalty");
        match reading::value::<Loyalty>(document, &at) {
            Ok(_) if self.document.is_some() => {
                let help = "say it in one document";
                faults.push(*reading::diagnostic("id_duplicated", "loyalty is said twice", help, &at));
            }
            Ok(loyalty) => self.document = Some((loyalty, source, at)),
            Err(fault) => faults.push(*fault),
        }
    }

    /// Refuses what the ledger's own `programme` says too: one of the two would silently count for nothing.
    pub(super) fn beside(&self, programme: Option<&ledger::Programme>, faults: &mut Vec<Diagnostic>) {
        let (Some((loyalty, source, at)), Some(programme)) = (&self.document, programme) else { return };
        let mut twice = |what: &str, at: &Pointer| {
            let message = format!("the `programme` says {what} too");
            let fault = reading::diagnostic("id_duplicated", message, "say it under `loyalty` alone", at);
            faults.push(super::named(fault, source));
        };
        for (place, one) in loyalty.programmes.iter().enumerate() {
            let at = at.key("programmes").index(place);
            if programme.schemes.contains_key(&one.id) {
                twice(&format!("the scheme `{}`", one.id), &at.key("id"));
            }
            for (place, reward) in one.rewards.iter().enumerate() {
                if programme.rewards.contains_key(&reward.id) {
                    twice(&format!("the reward `{}`", reward.id), &at.key("rewards").index(place).key("id"));
                }
            }
        }
        if loyalty.referrals.is_some() && programme.referrals != ledger::Referrals::default() {
            twice("what invitations bring", &at.key("referrals"));
        }
        if loyalty.time_zone.is_some() && programme.zone.is_some() && loyalty.time_zone != programme.zone {
            twice("another zone", &at.key("timeZone"));
        }
        let is_other = |first| programme.week_start != WeekStart::default() && programme.week_start != first;
        if loyalty.week_start.is_some_and(is_other) {
            twice("another first day of the week", &at.key("weekStart"));
        }
    }

    /// Which lines sell gift cards: what campaigns give for an order leaves them out too.
    pub(super) fn gift_cards(&self) -> Exclusion {
        self.document.as_ref().map_or_else(Exclusion::gift_cards, |(loyalty, ..)| gift_cards(loyalty))
    }

    /// The bytes that the snapshot carries; none where nothing is said.
    pub(super) fn compile(
        self,
        campaigns: &[&Campaign],
        declared: &Declared<'_>,
        life: Interval,
        faults: &mut Vec<Diagnostic>,
    ) -> Vec<u8> {
        let (mut loyalty, source, at) = match self.document {
            Some(said) => said,
            // who keeps customers asks for their segments all the same
            None if declared.names(declared::Names::Segments).next().is_some() => {
                (Loyalty::default(), "", Pointer::root())
            }
            None => return Vec::new(),
        };
        let mut found = Vec::new();
        check(&loyalty, campaigns, &at, &mut found);
        let gift_cards = &gift_cards(&loyalty);
        let mut shelf = Shelf {
            vocabulary: VocabularyBuilder::default(),
            records: Vec::new(),
            declared,
            gift_cards,
            life,
            faults: &mut found,
        };
        declared.prepare(&mut shelf.vocabulary);
        let mut earners = Vec::new();
        for (place, programme) in loyalty.programmes.iter_mut().enumerate() {
            let at = at.key("programmes").index(place).key("earning");
            for (place, rule) in programme.earning.iter_mut().enumerate() {
                let key = rule.key(&programme.id);
                if rule.on == On::Order && !rule.on_gift_cards {
                    selector::leave_out(&mut rule.lines, gift_cards);
                }
                match shelf.rule(key, rule, &at.index(place)) {
                    Ok(earner) => earners.push(earner),
                    Err(fault) => shelf.faults.push(*fault),
                }
            }
        }
        if let Some(referrals) = &mut loyalty.referrals {
            let conversion = &mut referrals.conversion;
            let asked = (conversion.when.take(), conversion.schedule.take());
            shelf.record(loyalty::CONVERSION.into(), asked, &at.key("referrals").key("conversion"));
        }
        for name in declared.names(declared::Names::Segments) {
            shelf.segment(name);
        }
        let rules = shelf.finish();
        faults.extend(found.into_iter().map(|fault| super::named(fault, source)));
        // texts, numbers and lists always have a form
        let terms = serde_json::to_vec(&loyalty).unwrap_or_default();
        encode(&loyalty::Section { terms, rules, earners })
    }
}

/// Which lines sell gift cards.
fn gift_cards(loyalty: &Loyalty) -> Exclusion {
    loyalty.gift_cards.clone().unwrap_or_else(Exclusion::gift_cards)
}

/// Where rules are put as they are compiled.
struct Shelf<'s, 'd> {
    vocabulary: VocabularyBuilder,
    records: Vec<Record>,
    declared: &'s Declared<'d>,
    gift_cards: &'s Exclusion,
    life: Interval,
    faults: &'s mut Vec<Diagnostic>,
}

impl Shelf<'_, '_> {
    /// Compiles when something holds, as a campaign that takes nothing.
    fn record(&mut self, id: String, (when, schedule): (Option<Json>, Option<Schedule>), at: &Pointer) {
        let campaign = json!({ "id": id, "when": when, "schedule": schedule,
            "earning": [{ "type": "points_multiplier", "factor": "1" }] });
        let campaign = match reading::value::<Campaign>(&campaign, at) {
            Ok(campaign) => campaign,
            Err(fault) => return self.faults.push(*fault),
        };
        let (policy, mut budgets) = (policy::Policy::default(), limits::Budgets::default());
        let mut parts = Parts {
            policy: &policy,
            declared: self.declared,
            budgets: &mut budgets,
            gift_cards: self.gift_cards,
            life: self.life,
        };
        let read = Read { campaign, source: "", at: at.clone(), lane: 0 };
        self.records.push(translate(&read, &mut parts, &mut self.vocabulary, self.faults));
    }

    /// Compiles who is in a segment. What is wrong with it was told where it is declared.
    fn segment(&mut self, name: &str) {
        let when = json!({ "type": "segment", "anyOf": [name] });
        let told = self.faults.len();
        self.record(loyalty::of_segment(name), (Some(when), None), &Pointer::root());
        self.faults.truncate(told);
    }

    fn rule(&mut self, key: String, rule: &mut Rule, at: &Pointer) -> Result<Earner, Box<Diagnostic>> {
        self.record(key.clone(), (rule.when.take(), rule.schedule.take()), at);
        let mut boosts = Vec::with_capacity(rule.boosts.len());
        for (place, boost) in rule.boosts.iter_mut().enumerate() {
            let at = at.key("boosts").index(place);
            boosts.push(reading::factor(&boost.factor, &at.key("factor"))?);
            self.record(format!("{key}/{place}"), (boost.when.take(), boost.schedule.take()), &at);
        }
        if let Some(days) = rule.pending_days.filter(|days| *days > ledger::MAX_PENDING_DAYS) {
            let help = "write a whole number up to 3660, ten years";
            return Err(reading::invalid(format!("{days} days are too many to wait"), help, &at.key("pendingDays")));
        }
        let worth = worth(rule, self.gift_cards, &mut self.vocabulary, at)?;
        rule.formula = None;
        let grade = |(level, grade): (&String, &ByLevel)| {
            let at = at.key("byLevel").key(level);
            let grade = match grade {
                ByLevel::Factor(factor) => Grade::Factor(reading::factor(factor, &at.key("factor"))?),
                ByLevel::Points(_) if matches!(worth, Worth::Formula(_) | Worth::OrderFormula(_)) => {
                    let help = "give a `factor`, or ask for the level in the formula";
                    return Err(reading::invalid("a formula has no `points` to be replaced", help, &at));
                }
                ByLevel::Points(points) => Grade::Points(many(*points, &at.key("points"))?),
            };
            Ok((level.clone(), grade))
        };
        let by_level = rule.by_level.iter().map(grade).collect::<Result<_, _>>()?;
        Ok(Earner { key, worth, boosts, by_level })
    }

    fn finish(self) -> Vec<u8> {
        let vocabulary = self.vocabulary.finish();
        encode(&Section {
            format: FORMAT,
            index: index::build(&self.records, &[], &vocabulary),
            vocabulary,
            stacking: policy::Policy::default().stacking(),
            codes: Vec::new(),
            records: self.records.iter().map(encode).collect(),
            margin: None,
            payments: Vec::new(),
            budgets: Vec::new(),
            levels: Levels::default(),
            loyalty: Vec::new(),
        })
    }
}

/// What a rule gives.
fn worth(
    rule: &Rule,
    gift_cards: &Exclusion,
    vocabulary: &mut VocabularyBuilder,
    at: &Pointer,
) -> Result<Worth, Box<Diagnostic>> {
    let lines = selector::compile(&rule.lines, vocabulary);
    let (points, every) = match (&rule.formula, rule.points, &rule.every) {
        (Some(formula), None, None) => {
            let formula = Formula::alone(formula, vocabulary, &at.key("formula"))?;
            if rule.on != On::Order {
                return Ok(Worth::Formula((formula, lines)));
            }
            let mut all = None;
            if !rule.on_gift_cards {
                selector::leave_out(&mut all, gift_cards);
            }
            return Ok(Worth::OrderFormula(OrderFormula {
                formula,
                lines,
                order: selector::compile(&all, vocabulary),
            }));
        }
        (None, Some(points), None) if rule.of.is_none() => {
            let points = many(points, &at.key("points"))?;
            return Ok(if rule.on == On::Order { Worth::PerOrder((points, lines)) } else { Worth::Fixed(points) });
        }
        (None, Some(points), Some(every)) => (many(points, &at.key("points"))?, every),
        _ => return Err(reading::invalid("it is not plain what the rule gives", loyalty::NOTHING_BUT, at)),
    };
    let of_attribute = |vocabulary: &mut VocabularyBuilder, subject: crate::vocabulary::Subject, name: &str| {
        let dimension = vocabulary.dimension(subject.named(name));
        Base::Figure(vocabulary.number(crate::vocabulary::Figure::Attribute(dimension)))
    };
    let of = match &rule.of {
        None | Some(Of::Total) => Base::Left,
        Some(Of::Subtotal) => Base::Before,
        Some(Of::Units) => Base::Units,
        Some(Of::Attribute(name)) => of_attribute(vocabulary, crate::vocabulary::Subject::OrderAttribute, name),
        Some(Of::Customer(name)) => of_attribute(vocabulary, crate::vocabulary::Subject::CustomerAttribute, name),
    };
    let at = at.key("every");
    let is_money = matches!(of, Base::Left | Base::Before);
    let (money, number) = match every {
        Every::Money(amounts) if is_money => {
            if let Some((code, _)) = amounts.0.iter().find(|(_, minor)| **minor == 0) {
                let help = "write the amount that earns, such as { \"EUR\": 100 }";
                return Err(reading::invalid("points for nothing have no end", help, &at.key(code)));
            }
            (Some(reading::amounts(amounts, vocabulary, &at)?), 0)
        }
        Every::Number(number) if !is_money => (None, many(*number, &at)?),
        Every::Money(_) => return Err(reading::invalid("what is counted is no money", "write a whole number", &at)),
        Every::Number(_) => {
            let help = "write an amount per currency, or say `of` what";
            return Err(reading::invalid("money is in some currency", help, &at));
        }
    };
    Ok(Worth::PerEvery(PerEvery { points, money, number, of, lines, rounding: rule.rounding }))
}

fn many(points: i64, at: &Pointer) -> Result<i64, Box<Diagnostic>> {
    match points {
        1..=MAX_POINTS => Ok(points),
        _ => Err(reading::invalid(format!("{points} is out of range"), "write a whole number from 1 on", at)),
    }
}

/// Looks for what cannot be meant: names that are taken or stand for nothing, numbers out of range.
fn check(loyalty: &Loyalty, campaigns: &[&Campaign], at: &Pointer, faults: &mut Vec<Diagnostic>) {
    let mut names = Names { loyalty, campaigns, taken: BTreeSet::new(), faults };
    for (place, programme) in loyalty.programmes.iter().enumerate() {
        let at = at.key("programmes").index(place);
        names.take("programme", &programme.id, &at.key("id"));
        for (place, rule) in programme.earning.iter().enumerate() {
            let at = at.key("earning").index(place);
            names.take("rule", &rule.key(&programme.id), &at.key("id"));
            names.levels(programme, rule.by_level.keys(), &at.key("byLevel"));
        }
        for (place, reward) in programme.rewards.iter().enumerate() {
            let at = at.key("rewards").index(place);
            names.take("reward", &reward.id, &at.key("id"));
            names.levels(programme, reward.by_level.keys().chain(&reward.levels), &at.key("levels"));
            names.given(&reward.gives, &at.key("gives"));
            if reward.limits.iter().any(|limit| limit.budget.is_some()) {
                let help = "say `uses` or `apartMinutes`; what points may be spent is the programme's `spending`";
                names.faults.push(*reading::invalid("a reward has no budget", help, &at.key("limits")));
            }
            if let Some(Automatic::Campaign(campaign)) = &reward.automatic {
                names.given(&Gives::Coupon { campaign: campaign.clone() }, &at.key("automatic"));
            }
        }
        let earlier = loyalty.programmes.iter().take(place).any(|earlier| earlier.campaign_points);
        if programme.campaign_points && earlier {
            let help = "let one programme earn them";
            names.faults.push(*reading::invalid("campaigns' points go elsewhere", help, &at.key("campaignPoints")));
        }
    }
    if let Some(referrals) = &loyalty.referrals {
        let at = at.key("referrals");
        if !matches!(referrals.conversion.on, On::Order | On::Event(_)) {
            let help = "say `order`, or an event";
            names.faults.push(*reading::invalid("friends do not convert so", help, &at.key("conversion").key("on")));
        }
        if let Some(gives) = &referrals.friend {
            names.given(gives, &at.key("friend"));
        }
        for step in referrals.ladder.iter().chain(referrals.ladders.values().flatten()) {
            names.given(&step.gives, &at.key("ladder"));
        }
    }
    let mut programme = ledger::Programme::default();
    loyalty.tell(&mut programme);
    if let Err(refusal) = programme.check() {
        let at = place(loyalty, &refusal.at.pointer, at);
        names.faults.push(*reading::invalid(refusal.message, refusal.help, &at));
    }
}

/// Where the document says what the ledger refuses of its own programme.
fn place(loyalty: &Loyalty, refused: &str, at: &Pointer) -> Pointer {
    let mut parts = refused.split('/').skip(1);
    match (parts.next(), parts.next(), parts.next()) {
        (Some("schemes"), Some(id), Some(member)) => {
            let place = loyalty.programmes.iter().position(|programme| programme.id == id);
            place.map_or_else(|| at.clone(), |place| at.key("programmes").index(place).key(member))
        }
        (Some("allowances"), Some(stock), Some(member)) => {
            let is_own = |reward: &crate::loyalty::Reward| crate::loyalty::stock_of(&reward.id) == stock;
            let found =
                loyalty.programmes.iter().enumerate().find_map(|(place, programme)| {
                    programme.rewards.iter().position(is_own).map(|reward| (place, reward))
                });
            found.map_or_else(
                || at.clone(),
                |(place, reward)| at.key("programmes").index(place).key("rewards").index(reward).key(member),
            )
        }
        (Some("referrals"), Some(member), None) => at.key("referrals").key(member),
        _ => at.clone(),
    }
}

/// Which names are there.
struct Names<'n> {
    loyalty: &'n Loyalty,
    campaigns: &'n [&'n Campaign],
    taken: BTreeSet<(&'static str, String)>,
    faults: &'n mut Vec<Diagnostic>,
}

impl Names<'_> {
    fn take(&mut self, kind: &'static str, id: &str, at: &Pointer) {
        let own = id.rsplit('/').next().unwrap_or(id);
        if let Err(fault) = check_id(own, at) {
            return self.faults.push(*fault);
        }
        if !self.taken.insert((kind, id.into())) {
            let message = format!("the {kind} `{own}` is there twice");
            let help = format!("give each {kind} its own id");
            self.faults.push(*reading::diagnostic("id_duplicated", message, help, at));
        }
    }

    fn levels<'s>(&mut self, programme: &Programme, named: impl Iterator<Item = &'s String>, at: &Pointer) {
        let list = programme.levels.as_ref().map_or(&[][..], |levels| &levels.list);
        for name in named.filter(|name| !list.iter().any(|level| level.id == **name)) {
            let message = format!("the programme has no level `{name}`");
            self.faults.push(*reading::diagnostic("reference_unknown", message, "name one of its `levels`", at));
        }
    }

    fn given(&mut self, gives: &Gives, at: &Pointer) {
        let unknown = match gives {
            Gives::Coupon { campaign } if !self.campaigns.iter().any(|known| known.id == *campaign) => {
                Some(("campaign", campaign))
            }
            Gives::Credit { programme, .. } | Gives::Entitlement { programme: Some(programme), .. }
                if !self.loyalty.programmes.iter().any(|known| known.id == *programme) =>
            {
                Some(("programme", programme))
            }
            Gives::Product { sku: None, .. } => {
                let help = "name the `sku`; where there are `variants`, the one for whoever none of them is for";
                self.faults.push(*reading::diagnostic(
                    "field_missing",
                    "a product needs its `sku`",
                    help,
                    &at.key("sku"),
                ));
                None
            }
            Gives::GiftCard { amount } | Gives::Donation { amount, .. } | Gives::Cash { amount } => {
                if let Err(fault) = reading::check_amounts(amount, &at.key("amount")) {
                    self.faults.push(*fault);
                }
                None
            }
            _ => None,
        };
        if let Some((kind, name)) = unknown {
            let message = format!("there is no {kind} `{name}`");
            let help = format!("declare it, or correct the name of the {kind}");
            self.faults.push(*reading::diagnostic("reference_unknown", message, help, &at.key(kind)));
        }
    }
}
