//! What a shopper may preview who has shown codes of the edge: its campaigns without those whose codes were not shown.

use alloc::string::String;
use alloc::vec::Vec;

use super::section::{Budget, Limit, Limited, Record, FORMAT};
use super::{Catalog, Promotion};
use crate::code::normalise;
use crate::codes::{state, Found, Register};
use crate::money::{Currency, MAX_AMOUNT};
use crate::time::Interval;
use crate::vocabulary::{AmountRow, Vocabulary, NOT_COVERED};

/// A day in milliseconds.
const DAY: i64 = 86_400_000;

/// What codes open.
#[derive(Debug)]
pub struct Opened {
    /// The `campaigns` section for who has shown them.
    pub section: Vec<u8>,
    /// The campaign of each code; nothing of one that is not good for this customer now, whatever the reason.
    pub campaigns: Vec<Option<String>>,
}

/// A code that was shown, and is good.
struct Shown {
    code: String,
    campaign: u32,
    until: i64,
    balance: Option<(i64, Currency)>,
}

impl Catalog {
    /// The campaigns that stand open to a customer who has shown these codes, for the life of a grant. What a code says is
    /// part of them: until when it is good, and how much is on it; on a campaign with several such codes, on all of them.
    pub fn granting(&self, typed: &[&str], customer: Option<&str>, life: Interval) -> Opened {
        let shown: Vec<Option<Shown>> = typed.iter().map(|typed| self.shown(typed, customer, life.from)).collect();
        let campaigns = shown.iter().map(|shown| Some(self.promotion(shown.as_ref()?.campaign)?.record.id.clone()));
        let campaigns = campaigns.collect();
        let shown: Vec<Shown> = shown.into_iter().flatten().collect();
        let (mut vocabulary, mut budgets) = (self.vocabulary.clone(), self.budgets.clone());
        let listed = self.register().map(Register::campaigns).into_iter().flatten();
        let hidden: Vec<u32> = listed.chain(self.hidden.iter().copied()).collect();
        let records = (0_u32..).zip(&self.promotions).map(|(index, promotion)| {
            let own: Vec<&Shown> = shown.iter().filter(|shown| shown.campaign == index).collect();
            let record = match own.is_empty() && hidden.contains(&index) {
                true => Record::nothing(),
                false => granted(promotion, &own, life, &mut vocabulary, &mut budgets),
            };
            postcard::to_allocvec(&record).unwrap_or_default()
        });
        let records: Vec<Vec<u8>> = records.collect();
        let mut codes = self.codes.clone();
        codes.retain(|(_, campaign)| !hidden.contains(campaign));
        codes.extend(shown.into_iter().map(|shown| (shown.code, shown.campaign)));
        codes.sort();
        codes.dedup_by(|one, other| one.0 == other.0);
        // a tuple is written as the section that has its members
        let section = (
            (FORMAT, &vocabulary, &self.stacking, &codes, &records, &self.index),
            (&self.margin, &self.payments, &budgets, &self.levels, self.loyalty.as_slice()),
        );
        Opened { section: postcard::to_allocvec(&section).unwrap_or_default(), campaigns }
    }

    fn shown(&self, typed: &str, customer: Option<&str>, now: i64) -> Option<Shown> {
        if let Some(campaign) = self.campaign_of_code(typed).filter(|campaign| self.hidden.contains(campaign)) {
            let record = &self.promotion(campaign)?.record;
            let is_good = record.active && now < record.stretch.until;
            return is_good.then(|| Shown { code: normalise(typed), campaign, until: i64::MAX, balance: None });
        }
        let register = self.register()?;
        let Found { entry, campaign, currency, .. } = register.find(typed)?;
        let until = match entry.expires {
            0 => i64::MAX,
            day => i64::from(day).saturating_add(1).saturating_mul(DAY),
        };
        let record = &self.promotion(campaign)?.record;
        let is_good = entry.state == state::ACTIVE
            && now < until
            && record.active
            && now < record.stretch.until
            && register.is_for(entry.holder, customer);
        let balance = match currency {
            Some(letters) => Some((
                i64::try_from(entry.balance).unwrap_or(MAX_AMOUNT).min(MAX_AMOUNT),
                Currency::parse(core::str::from_utf8(&letters).ok()?)?,
            )),
            None => None,
        };
        // what is on a code in a currency that no campaign knows has no row to be told by
        let is_told = balance.is_none_or(|(left, currency)| left > 0 && self.vocabulary.currency(currency).is_some());
        (is_good && is_told).then(|| Shown { code: normalise(typed), campaign, until, balance })
    }
}

/// A campaign that its codes have opened: no longer than they are good, for no more than is on them.
fn granted(
    promotion: &Promotion,
    own: &[&Shown],
    life: Interval,
    vocabulary: &mut Vocabulary,
    budgets: &mut Vec<Budget>,
) -> Record {
    let mut record = promotion.record.clone();
    let Some(until) = own.iter().map(|shown| shown.until).min() else { return record };
    record.stretch.until = record.stretch.until.min(until).min(life.until);
    let Some(currency) = own.iter().find_map(|shown| shown.balance).map(|(_, currency)| currency) else {
        return record;
    };
    let left = own.iter().filter_map(|shown| shown.balance).fold(0_i64, |sum, (left, _)| sum.saturating_add(left));
    let columns = vocabulary.currencies.len();
    let row = vocabulary.amounts.len().checked_div(columns).and_then(|row| u32::try_from(row).ok());
    let Some(row) = row else { return record };
    let amounts = vocabulary.currencies.iter().map(|known| if *known == currency { left } else { NOT_COVERED });
    let amounts: Vec<i64> = amounts.collect();
    vocabulary.amounts.extend(amounts);
    record.limits.push(Limit { what: Limited::Budget, most: i64::try_from(budgets.len()).unwrap_or(i64::MAX) });
    budgets.push(Budget { id: String::new(), amount: AmountRow(row) });
    record
}
