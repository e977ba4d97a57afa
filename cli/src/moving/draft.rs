//! A document in the making: what a source asks, member by member, and what of it is lost.

use counterfoil::voucherify::mapping::times::to_schedule;
use counterfoil::voucherify::mapping::{Mapped, Shop};
use serde_json::{json, Map, Value};

use super::{Carrier, Receiver};
use crate::fault::Fault;

/// A document that is written member by member.
pub struct Draft {
    object: &'static str,
    id: String,
    document: Map<String, Value>,
    conditions: Vec<Value>,
    limits: Map<String, Value>,
    losses: Vec<(String, String)>,
    is_held_back: bool,
}

impl Draft {
    /// A document of a kind of thing over there, by its name there.
    pub fn of(object: &'static str, id: &str) -> Draft {
        let (document, limits) = (Map::new(), Map::new());
        let (conditions, losses) = (Vec::new(), Vec::new());
        Draft { object, id: id.into(), document, conditions, limits, losses, is_held_back: false }
    }

    /// Sets a member.
    pub fn set(&mut self, member: &str, value: impl Into<Value>) {
        self.document.insert(member.into(), value.into());
    }

    /// Sets a member of how the campaign combines.
    pub fn stack(&mut self, member: &str, value: impl Into<Value>) {
        let stacking = self.document.entry("stacking").or_insert_with(|| json!({}));
        stacking[member] = value.into();
    }

    /// Asks something more.
    pub fn ask(&mut self, condition: Value) {
        self.conditions.push(condition);
    }

    /// Limits something.
    pub fn limit(&mut self, member: &str, most: i64) {
        self.limits.insert(member.into(), most.into());
    }

    /// Writes down what is lost.
    pub fn lost(&mut self, member: &str, why: &str) {
        self.losses.push((member.into(), why.into()));
    }

    /// Writes down a rule that is lost: the document waits, so that nothing is given that the rule would have refused.
    pub fn rule_lost(&mut self, member: &str, why: &str) {
        self.is_held_back = true;
        self.lost(member, why);
    }

    /// Pauses it.
    pub fn pause(&mut self) {
        self.is_held_back = true;
    }

    /// From when and until when it is valid, each with the member that says so; dates without an offset are the shop's.
    pub fn valid(&mut self, from: (&str, Option<String>), until: (&str, Option<String>), shop: &Shop<'_>) {
        let said = json!({ "start_date": from.1, "expiration_date": until.1 });
        let Mapped { value, losses, is_held_back, .. } = to_schedule(&said, shop);
        for loss in losses {
            let member = if loss.member == "start_date" { from.0 } else { until.0 };
            self.lost(member, &loss.why);
        }
        self.is_held_back |= is_held_back;
        if !value.is_null() {
            self.set("schedule", value);
        }
    }

    /// The document; what is lost goes to the report.
    ///
    /// # Errors
    /// `file_unavailable`.
    pub fn finish(mut self, carrier: &mut Carrier) -> Result<Value, Fault> {
        for (member, why) in &self.losses {
            carrier.lost(self.object, &self.id, member, why)?;
        }
        match self.conditions.len() {
            0 => {}
            1 => self.set_when(|conditions| conditions.pop().unwrap_or_default()),
            _ => self.set_when(|conditions| json!({ "all": conditions })),
        }
        if !self.limits.is_empty() {
            self.document.insert("limits".into(), self.limits.into());
        }
        if self.is_held_back {
            self.document.insert("status".into(), "paused".into());
        }
        Ok(self.document.into())
    }

    fn set_when(&mut self, of: impl FnOnce(&mut Vec<Value>) -> Value) {
        let when = of(&mut self.conditions);
        self.set("when", when);
    }
}
