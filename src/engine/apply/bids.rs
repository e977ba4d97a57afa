//! Bids of campaigns that compete for lines: what each would take if it were alone, and the part of it that is won.

use super::{Amounts, Till};
use crate::balance::Share;
use crate::catalog::section::{Base, Record};
use crate::catalog::Promotion;
use crate::engine::answer::{Answer, Applied};
use crate::engine::contest::{Bid, Fate};
use crate::facts::Facts;
use crate::watch::Note;

impl Till {
    /// What a campaign would take if it were alone. The till is left as it was.
    pub(in crate::engine) fn bid(
        &mut self,
        index: u32,
        promotion: &Promotion,
        facts: &Facts<'_>,
        answer: &mut Answer,
    ) -> Bid {
        let mark = self.mark(answer, false);
        let mut promise = 0;
        let fate = match self.take(index, promotion, facts, answer) {
            Some(applied) => {
                promise = applied.promise;
                Fate::Competes
            }
            None => self.purse.refusal().map_or(Fate::NoEffect, Fate::OverBudget),
        };
        let lines = self.balances.taken_since(&mark.balances);
        let shipping = answer.shipping_shares.get(mark.shipping..).unwrap_or(&[]).to_vec();
        let gifts = answer.gifts.get(mark.gifts..).unwrap_or(&[]).to_vec();
        let claims = self.claims.get(mark.claims..).unwrap_or(&[]).iter().map(|(_, line)| *line).collect();
        self.rewind(mark, answer);
        Bid { index, fate, lines, shipping, claims, gifts, promise, fault: self.fault }
    }

    /// Takes the part of a bid that is won; `None` when that is nothing.
    pub(in crate::engine) fn take_won(
        &mut self,
        bid: &Bid,
        record: &Record,
        line: &dyn Fn(&Share) -> bool,
        charge: &dyn Fn(u32) -> bool,
        answer: &mut Answer,
    ) -> Option<Applied> {
        let journal_from = self.balances.journal().len();
        let shipping_from = answer.shipping_shares.len();
        let before = self.left();
        let has_limits = !record.limits.is_empty();
        // a rival may have drawn from the same budget in the meantime
        let mut most = i64::MAX;
        if has_limits {
            most = self.purse.most(record).unwrap_or(0);
            let refuses = self.purse.refuses(record, bid.amount_won(line, charge));
            if self.purse.refusal().is_some() || refuses {
                return None;
            }
        }
        self.watch.note(|| Note::Turn { promotion: bid.index });
        self.watch.note(|| Note::Asked { on_original: record.manners.base == Base::Original });
        let mut of_lines = most;
        self.balances.take_again(&bid.lines, &mut most, line);
        if let Some(bases) = &mut self.bases {
            bases.lines.take_again(&bid.lines, &mut of_lines, line);
        }
        for (index, share) in bid.shipping.iter().filter(|(index, _)| charge(*index)) {
            if let Some(left) = self.shipping.get_mut(*index as usize) {
                let share = (*share).min(most);
                if share == 0 {
                    continue;
                }
                most = most.saturating_sub(share);
                self.watch.note(|| Note::Charge { charge: *index, before: *left, taken: share });
                *left = left.saturating_sub(share);
                answer.shipping_shares.push((*index, share));
            }
        }
        let amount = before.saturating_sub(self.left());
        if has_limits {
            self.purse.draw(record, amount);
        }
        let won = self.balances.journal().get(journal_from..).unwrap_or(&[]);
        for (at, share) in won.iter().enumerate() {
            self.watch.note(|| {
                let (line, taken) = (share.line, share.amount);
                let since = won.iter().skip(at).filter(|later| later.line == line).map(|later| later.amount);
                let before = since.fold(self.balances.left(line as usize).minor(), i64::saturating_add);
                Note::Share { line, manner: self.balances.manner(share), before, offered: taken, taken }
            });
        }
        let claims = bid.claims.iter().filter(|line| won.iter().any(|share| share.line == **line));
        self.claims.extend(claims.map(|line| (bid.index, *line)));
        if amount == 0 && !bid.gives_only() {
            return None;
        }
        answer.gifts.extend(bid.gifts.iter().cloned());
        let taken = Amounts { amount, promise: bid.promise, several: true };
        Some(self.told(bid.index, taken, journal_from, shipping_from, answer))
    }
}
