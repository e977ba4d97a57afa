//! An order as Voucherify calculates it: what the caller sent, what the catalogue adds, and what each redeemable left.
//!
//! What a redeemable takes is the engine's figure (`till`). What is summed up here is how answers tell it: of the lines, of the
//! order, of a step and of all steps; the property `sums_of_answers_are_those_of_their_parts` holds them to one another.

use alloc::vec::Vec;

use serde_json::Value;

use super::call::Call;
use super::fault::Fault;
use super::fields::{count, list, row, set, set_if, text, whole, Row};
use super::line::{amount_of, item, item_sent, line, Line};

/// The most lines of an order.
const MAX_LINES: usize = 500;
/// What a stored order has calculated and a new calculation does anew.
const CALCULATED: &[&str] = &[
    "total_amount",
    "total_discount_amount",
    "items_discount_amount",
    "applied_discount_amount",
    "items_applied_discount_amount",
    "total_applied_discount_amount",
    "object",
];

/// An order and what discounts have made of it.
#[derive(Clone, Debug)]
pub(super) struct Order {
    /// As it was sent, or stored.
    pub(super) sent: Row,
    /// Its lines.
    pub(super) lines: Vec<Line>,
    /// Before discounts; grows by units that are added.
    pub(super) amount: i64,
    /// Before anything was added.
    pub(super) initial_amount: i64,
    /// Discounts of the order, those of before included.
    pub(super) discount: i64,
    /// What this step took off the order; nothing where it is none of the order's.
    pub(super) applied: Option<i64>,
    /// The same of all steps.
    pub(super) applied_in_all: Option<i64>,
    /// Whether this step is one of lines.
    pub(super) is_of_lines: bool,
    /// Whether any step was.
    pub(super) any_of_lines: bool,
    /// Whether units were added or taken away.
    pub(super) is_changed: bool,
    /// What was replaced by what.
    pub(super) replacements: Vec<Value>,
}

impl Order {
    /// Reads the order of a request, or an empty one.
    pub(super) fn read(call: &Call, sent: &Value) -> Result<Order, Fault> {
        if !sent.is_null() && !sent.is_object() {
            return Err(Fault::invalid("Property .order should be object"));
        }
        let mut order = stored(call, sent);
        for member in CALCULATED {
            order.remove(*member);
        }
        order.extend(row(sent));
        let items = order.get("items").map(list).unwrap_or_default();
        if items.len() > MAX_LINES {
            let details = alloc::format!("Property .order.items should NOT have more than {MAX_LINES} items");
            return Err(Fault::invalid(details));
        }
        let lines: Vec<Line> =
            items.into_iter().enumerate().map(|(index, item)| line(call, item, index)).collect::<Result<_, _>>()?;
        let summed = lines.iter().filter_map(|line| line.amount).fold(0_i64, i64::saturating_add);
        let amount = amount_of(order.get("amount"), ".order.amount")?.unwrap_or(summed);
        let initial_amount = order.get("initial_amount").and_then(whole).unwrap_or(amount);
        let discount = order.get("discount_amount").map_or(0, count).max(0);
        Ok(Order {
            sent: order,
            lines,
            amount,
            initial_amount,
            discount,
            applied: None,
            applied_in_all: None,
            is_of_lines: false,
            any_of_lines: false,
            is_changed: false,
            replacements: Vec::new(),
        })
    }

    /// What all discounts of lines come to.
    pub(super) fn lines_discount(&self) -> i64 {
        self.lines.iter().fold(0, |sum, line| line.discount.saturating_add(sum))
    }

    /// What all discounts come to.
    pub(super) fn total_discount(&self) -> i64 {
        self.discount.saturating_add(self.lines_discount())
    }

    /// What is left to pay.
    pub(super) fn left(&self) -> i64 {
        self.amount.saturating_sub(self.total_discount()).max(0)
    }

    /// Begins a step: what was applied before is not of it.
    pub(super) fn begin(&mut self) {
        self.applied = None;
        self.is_of_lines = false;
        self.replacements.clear();
        for line in &mut self.lines {
            (line.applied, line.freed, line.added, line.added_amount) = (0, 0, 0, 0);
        }
    }

    /// Takes so much off the order.
    pub(super) fn take(&mut self, amount: i64) {
        self.discount = self.discount.saturating_add(amount);
        self.applied = Some(self.applied.unwrap_or(0).saturating_add(amount));
        self.applied_in_all = Some(self.applied_in_all.unwrap_or(0).saturating_add(amount));
    }

    /// Says that this step is one of lines.
    pub(super) fn of_lines(&mut self) {
        self.is_of_lines = true;
        self.any_of_lines = true;
    }

    /// What this step took off in all.
    pub(super) fn step_amount(&self) -> i64 {
        self.lines.iter().fold(self.applied.unwrap_or(0), |sum, line| sum.saturating_add(line.applied))
    }

    /// The order after a step, with what the step applied.
    pub(super) fn after_step(&self) -> Row {
        self.written(self.applied, self.is_of_lines, |line| line.applied)
    }

    /// The order after all steps, with what all of them applied.
    pub(super) fn in_all(&self) -> Row {
        self.written(self.applied_in_all, self.any_of_lines, |line| line.applied_in_all)
    }

    /// The order as it was sent, without what is calculated.
    pub(super) fn echo(&self) -> Row {
        let mut order = self.sent.clone();
        let items: Vec<Value> = self.lines.iter().map(|line| Value::from(item_sent(line))).collect();
        if !items.is_empty() {
            set(&mut order, "items", items);
        }
        order
    }

    fn written(&self, applied: Option<i64>, of_lines: bool, share: fn(&Line) -> i64) -> Row {
        let mut order = self.sent.clone();
        set(&mut order, "object", "order");
        set(&mut order, "amount", self.amount);
        if self.is_changed {
            set(&mut order, "initial_amount", self.initial_amount);
        }
        order.remove("discount_amount");
        if self.discount > 0 || applied.is_some() {
            set(&mut order, "discount_amount", self.discount);
        }
        let of_all_lines = self.lines_discount();
        if of_all_lines > 0 {
            set(&mut order, "items_discount_amount", of_all_lines);
        }
        if self.total_discount() > 0 || applied.is_some() {
            set(&mut order, "total_discount_amount", self.total_discount());
        }
        set(&mut order, "total_amount", self.left());
        let of_lines_now = self.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(share(line)));
        set_if(&mut order, "applied_discount_amount", applied);
        if of_lines {
            set(&mut order, "items_applied_discount_amount", of_lines_now);
        }
        if of_lines || applied.is_some() {
            set(&mut order, "total_applied_discount_amount", applied.unwrap_or(0).saturating_add(of_lines_now));
        }
        if self.sent.get("items").is_some() || !self.lines.is_empty() {
            let mut items: Vec<Value> = Vec::with_capacity(self.lines.len());
            for (index, line) in self.lines.iter().enumerate() {
                let mut item = item(line, share(line));
                let details: Vec<Value> = self
                    .replacements
                    .iter()
                    .filter(|detail| whole(&detail["target_index"]) == i64::try_from(index).ok())
                    .cloned()
                    .collect();
                if !details.is_empty() {
                    set(&mut item, "application_details", details);
                }
                items.push(item.into());
            }
            set(&mut order, "items", items);
        }
        order
    }

    /// The place of the first line of a product or a variant.
    pub(super) fn line_of(&self, name: &str) -> Option<usize> {
        self.lines
            .iter()
            .position(|line| line.sku.is(name))
            .or_else(|| self.lines.iter().position(|line| line.product.is(name)))
    }
}

fn stored(call: &Call, sent: &Value) -> Row {
    let by_id = text(&sent["id"]).and_then(|id| call.project.row("order", id));
    let stored = by_id.or_else(|| call.project.one("order", "source_id", text(&sent["source_id"])?));
    stored.map(|stored| row(&stored)).unwrap_or_default()
}
