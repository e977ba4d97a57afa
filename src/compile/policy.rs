//! How the campaigns of all documents combine: what they say, filled in from the preset, and made into what the engine
//! knows: an order of application, limits of sets of campaigns, and who excludes whom.

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::preset;
use crate::campaign::{
    reading, Base, Campaign, CodesTogether, Combines, ExclusiveOrder, Group, GroupPick, JointOrder, NoEffect, PerLine,
    Pick, StackingPolicy,
};
use crate::catalog::section::{self, Manners};
use crate::error::Diagnostic;
use crate::pointer::Pointer;

/// What the documents say, put together.
#[derive(Default)]
pub(super) struct Policy {
    said: StackingPolicy,
    groups: BTreeMap<String, Rule>,
}

/// What is said of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rule {
    /// How many of its campaigns may apply.
    limit: Option<u16>,
    /// Whether it says so itself.
    says_which: bool,
    best: bool,
    per_line: bool,
    lane: i32,
    combines: Combines,
    base: Option<Base>,
    no_effect: Option<NoEffect>,
}

/// The members of a set of campaigns.
#[derive(Clone, Copy)]
enum Members<'a> {
    /// Of a group.
    Of(&'a String),
    All,
    ByCode,
    Exclusive,
}

/// When a campaign has its turn: before all that are greater. Never the order of the documents.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Rank {
    turn: Turn,
    lane: i32,
    /// The priority; that of the first of those that compete for lines, who have their turn together.
    place: i32,
    contest: u16,
    priority: i32,
    id: String,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    First,
    InOrder,
    Last,
}

impl Rank {
    /// What campaigns of one lane have in common.
    pub(super) fn lane(&self) -> impl PartialEq + use<> {
        (self.turn, self.lane)
    }
}

/// Keeps what a document says once for all of them; two must not differ.
pub(super) fn agree<T: Clone + PartialEq>(
    known: &mut Option<T>,
    said: &Option<T>,
    name: &str,
    at: &Pointer,
    faults: &mut Vec<Diagnostic>,
) {
    if said.is_none() {
        return;
    }
    if known.is_some() && known != said {
        let help = "say it once, or the same in all documents";
        let message = format!("another document says a different `{name}`");
        faults.push(*reading::invalid(message, help, &at.key(name)));
    }
    known.clone_from(said);
}

impl Policy {
    /// Adds what one document says.
    pub(super) fn add(&mut self, said: &StackingPolicy, at: &Pointer, faults: &mut Vec<Diagnostic>) {
        let known = &mut self.said;
        agree(&mut known.preset, &said.preset, "preset", at, faults);
        agree(&mut known.pick, &said.pick, "pick", at, faults);
        agree(&mut known.base, &said.base, "base", at, faults);
        agree(&mut known.exclusive, &said.exclusive, "exclusive", at, faults);
        agree(&mut known.joint, &said.joint, "joint", at, faults);
        agree(&mut known.no_effect, &said.no_effect, "noEffect", at, faults);
        agree(&mut known.per_line, &said.per_line, "perLine", at, faults);
        agree(&mut known.codes, &said.codes, "codes", at, faults);
        agree(&mut known.recheck, &said.recheck, "recheck", at, faults);
        agree(&mut known.group, &said.group, "group", at, faults);
        for (known, said, name) in [
            (&mut known.at_most, &said.at_most, "atMost"),
            (&mut known.codes_at_most, &said.codes_at_most, "codesAtMost"),
            (&mut known.exclusive_at_most, &said.exclusive_at_most, "exclusiveAtMost"),
            (&mut known.group_at_most, &said.group_at_most, "groupAtMost"),
        ] {
            if *said == Some(0) {
                let help = "write a number from 1 on, or pause the campaigns";
                faults.push(*reading::invalid(format!("`{name}` of none lets nothing apply"), help, &at.key(name)));
            }
            agree(known, said, name, at, faults);
        }
        for (index, group) in said.groups.iter().enumerate() {
            let at = at.key("groups").index(index);
            match rule(group, &at) {
                Ok(rule) if self.groups.insert(group.id.clone(), rule).is_none_or(|known| known == rule) => {}
                Ok(_) => {
                    let message = format!("the group `{}` is declared twice with different rules", group.id);
                    let help = "declare each group once";
                    faults.push(*reading::diagnostic("id_duplicated", message, help, &at.key("id")));
                }
                Err(fault) => faults.push(*fault),
            }
        }
    }

    /// Fills in what the preset says, and the groups that campaigns name without their being declared.
    pub(super) fn complete<'a>(&mut self, campaigns: impl Iterator<Item = &'a Campaign>) {
        if let Some(preset) = self.said.preset {
            let preset = preset::policy(preset);
            let said = &mut self.said;
            said.pick = said.pick.or(preset.pick);
            said.base = said.base.or(preset.base);
            said.at_most = said.at_most.or(preset.at_most);
            said.codes_at_most = said.codes_at_most.or(preset.codes_at_most);
            said.exclusive_at_most = said.exclusive_at_most.or(preset.exclusive_at_most);
            said.group_at_most = said.group_at_most.or(preset.group_at_most);
            said.exclusive = said.exclusive.or(preset.exclusive);
            said.joint = said.joint.or(preset.joint);
            said.no_effect = said.no_effect.or(preset.no_effect);
            said.per_line = said.per_line.or(preset.per_line);
            said.codes = said.codes.or(preset.codes);
            said.recheck = said.recheck.or(preset.recheck);
            said.group = said.group.take().or(preset.group);
            for group in &preset.groups {
                if let Ok(rule) = rule(group, &Pointer::root()) {
                    self.groups.entry(group.id.clone()).or_insert(rule);
                }
            }
        }
        for campaign in campaigns {
            if let Some(group) = campaign.stacking.group.as_ref().or(self.said.group.as_ref()) {
                self.groups.entry(group.clone()).or_default();
            }
            for group in &campaign.stacking.also_in {
                self.groups.entry(group.clone()).or_default();
            }
        }
        for rule in self.groups.values_mut().filter(|rule| !rule.says_which) {
            rule.limit = self.said.group_at_most;
        }
    }

    fn rule(&self, campaign: &Campaign) -> Rule {
        self.group(campaign).and_then(|group| self.groups.get(group)).copied().unwrap_or_default()
    }

    fn group<'a>(&'a self, campaign: &'a Campaign) -> Option<&'a String> {
        campaign.stacking.group.as_ref().or(self.said.group.as_ref())
    }

    /// The number of the group whose campaigns compete for lines, from 1 on; 0 for all others.
    fn contest(&self, campaign: &Campaign) -> u16 {
        let group = self.group(campaign);
        let contests = self.groups.iter().filter(|(_, rule)| rule.per_line).map(|(id, _)| id);
        (1..).zip(contests).find(|(_, id)| group == Some(*id)).map_or(0, |(number, _)| number)
    }

    /// When each campaign has its turn, in the order in which they come.
    pub(super) fn ranks(&self, campaigns: &[&Campaign]) -> Vec<Rank> {
        let priority = |campaign: &Campaign| campaign.stacking.priority.unwrap_or(100);
        let mut ranks: Vec<Rank> = Vec::with_capacity(campaigns.len());
        let mut first: BTreeMap<(Turn, u16), i32> = BTreeMap::new();
        for campaign in campaigns {
            let rule = self.rule(campaign);
            let turn = match rule.combines {
                Combines::Exclusive if !self.foresees() => Turn::First,
                Combines::Joint
                    if !matches!(self.said.joint, Some(JointOrder::InOrder | JointOrder::WithExclusive)) =>
                {
                    Turn::Last
                }
                _ if campaign.stacking.exclusive && self.said.exclusive == Some(ExclusiveOrder::First) => Turn::First,
                _ => Turn::InOrder,
            };
            let (contest, priority) = (self.contest(campaign), priority(campaign));
            let place = first.entry((turn, contest)).or_insert(priority);
            *place = priority.min(*place);
            ranks.push(Rank { turn, lane: rule.lane, place: priority, contest, priority, id: campaign.id.clone() });
        }
        for rank in ranks.iter_mut().filter(|rank| rank.contest != 0) {
            rank.place = first.get(&(rank.turn, rank.contest)).copied().unwrap_or(rank.place);
        }
        ranks
    }

    /// Whether a threshold that names no base is measured on what earlier campaigns have left.
    pub(super) fn rechecks(&self) -> bool {
        self.said.recheck == Some(true)
    }

    /// Whether exclusive campaigns keep others out before their turn.
    fn foresees(&self) -> bool {
        self.said.joint == Some(JointOrder::WithExclusive)
    }

    /// In which manner a campaign combines.
    pub(super) fn manners(&self, campaign: &Campaign) -> Manners {
        let (rule, own) = (self.rule(campaign), &campaign.stacking);
        let base = own.base.or(rule.base).or(self.said.base);
        let no_effect = own.no_effect.or(rule.no_effect).or(self.said.no_effect);
        Manners {
            combines: match rule.combines {
                Combines::Joint => section::Combines::Joint,
                _ if own.exclusive => section::Combines::Alone,
                Combines::Exclusive if self.foresees() => section::Combines::Foreseen,
                Combines::Exclusive => section::Combines::Exclusive,
                Combines::Common => section::Combines::Common,
            },
            last: own.last,
            base: match base {
                None | Some(Base::Running) => section::Base::Running,
                Some(Base::Original) => section::Base::Original,
                Some(Base::LineLevel) => section::Base::LineLevel,
            },
            keeps: no_effect == Some(NoEffect::Keep),
            once: self.said.per_line == Some(PerLine::Once),
            contest: self.contest(campaign),
        }
    }

    /// The sets of campaigns of which only so many apply: the groups, then those of the document itself.
    fn sets(&self) -> Vec<(Members<'_>, section::Group)> {
        let named = self.groups.iter().filter_map(|(id, rule)| {
            Some((Members::Of(id), section::Group { limit: rule.limit?, best: rule.best, of_all: false }))
        });
        let said = &self.said;
        let of_all = [
            (Members::All, said.at_most),
            (Members::ByCode, said.codes_at_most),
            (Members::Exclusive, said.exclusive_at_most),
        ];
        let of_all = of_all.into_iter().filter_map(|(members, limit)| {
            Some((members, section::Group { limit: limit?, best: false, of_all: true }))
        });
        named.chain(of_all).collect()
    }

    /// The numbers of the sets that a campaign is in.
    pub(super) fn groups_of(&self, campaign: &Campaign) -> Vec<u16> {
        let is_in = |members: Members<'_>| match members {
            Members::Of(id) => self.group(campaign) == Some(id) || campaign.stacking.also_in.contains(id),
            Members::All => true,
            Members::ByCode => campaign.is_by_code(),
            Members::Exclusive => self.rule(campaign).combines == Combines::Exclusive,
        };
        let numbered = (0..).zip(self.sets());
        numbered.filter(|(_, (members, _))| is_in(*members)).map(|(number, _)| number).collect()
    }

    /// The compiled policy.
    pub(super) fn stacking(&self) -> section::Stacking {
        section::Stacking {
            best: self.said.pick == Some(Pick::Best),
            all_codes: self.said.codes == Some(CodesTogether::AllOrNone),
            groups: self.sets().into_iter().map(|(_, group)| group).collect(),
        }
    }
}

fn rule(group: &Group, at: &Pointer) -> Result<Rule, Box<Diagnostic>> {
    let pick = match (group.pick, group.at_most) {
        (None, Some(_)) => GroupPick::First,
        (pick, _) => pick.unwrap_or(GroupPick::All),
    };
    let limit = match (pick, group.at_most) {
        (GroupPick::All | GroupPick::BestPerLine, None) => None,
        (GroupPick::First | GroupPick::Best, None) => Some(1),
        (GroupPick::First | GroupPick::Best, Some(most)) if most > 0 => Some(most),
        (pick, Some(_)) => {
            let help = "give `atMost` a number from 1 on, with `pick`: `first` or `best`";
            let message = format!("`atMost` has no meaning here, the group picks {}", pick.name());
            return Err(reading::invalid(message, help, &at.key("atMost")));
        }
    };
    Ok(Rule {
        limit,
        says_which: group.pick.is_some() || group.at_most.is_some(),
        best: pick == GroupPick::Best,
        per_line: pick == GroupPick::BestPerLine,
        lane: group.lane.unwrap_or(0),
        combines: group.combines.unwrap_or_default(),
        base: group.base,
        no_effect: group.no_effect,
    })
}
