//! What has happened, and the commands that follow from it. The same id gives the same keys, so that the ledger does
//! nothing twice, however often the host asks.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};
use serde_json::{json, Map, Value as Json};

use super::account::{tell, Account};
use super::answered::Answered;
use super::earn::Earned;
use super::{Quoted, Rules};
use crate::error::{Diagnostic, Document, Error};
use crate::ledger::command::{Action, Command, Convert, Earn};
use crate::loyalty::{account_of, Gives, On, Programme, CONVERSION};
use crate::pointer::Pointer;
use crate::request::Moment;
use crate::time::Timestamp;
use crate::vocabulary::Subject;

/// What has happened.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Happened {
    /// An order is paid.
    Order(Paid),
    /// An event of the shop's own.
    Event(Event),
    /// The customer entered a segment.
    SegmentEntered(Entered),
    /// The ledger answered a command.
    Answered(Answered),
}

/// An order that is paid.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Paid {
    /// The order's id.
    pub id: String,
    /// The request that it was charged by, with its `now` and its customer.
    pub request: Json,
    /// The customer's accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
    /// Who invited the customer, as long as that is not rewarded.
    pub invited_by: Option<Inviter>,
}

/// An event.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Event {
    /// The event's id.
    pub id: String,
    /// When it happened, UTC milliseconds.
    pub now: Timestamp,
    /// Its name.
    pub event: String,
    /// What came with it: texts, whole numbers, flags, lists of them.
    #[serde(default)]
    pub payload: Map<String, Json>,
    /// Whose, as in a request.
    pub customer: Json,
    /// Minutes the customer's clocks are ahead of UTC.
    #[serde(default)]
    pub utc_offset: i64,
    /// The currency of what conditions say of money.
    pub currency: Option<String>,
    /// The customer's accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
    /// Who invited the customer, as long as that is not rewarded.
    pub invited_by: Option<Inviter>,
}

/// A segment that was entered.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entered {
    /// The caller's id of the occasion.
    pub id: String,
    /// When, UTC milliseconds.
    pub now: Timestamp,
    /// Which segment.
    pub segment: String,
    /// Who, as in a request.
    pub customer: Json,
    /// Minutes the customer's clocks are ahead of UTC.
    #[serde(default)]
    pub utc_offset: i64,
    /// The customer's accounts.
    #[serde(default)]
    pub accounts: Vec<Account>,
}

/// Who invited a friend.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Inviter {
    /// Who.
    pub customer: String,
    /// The segments that they are in.
    #[serde(default)]
    pub segments: Vec<String>,
}

/// What follows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Follows {
    /// What rules give; the ledger's limits may leave less.
    pub earned: Vec<Earned>,
    /// Commands for the ledger, in this order.
    pub commands: Vec<Command>,
    /// What the shop hands out.
    pub gives: Vec<Handed>,
}

/// What somebody is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Handed {
    /// To whom.
    pub customer: String,
    /// What.
    pub gives: Gives,
    /// How many of it.
    pub units: i64,
}

impl Happened {
    /// Reads what has happened.
    ///
    /// # Errors
    /// `json_malformed`.
    pub fn read(body: &[u8]) -> Result<Happened, Error> {
        serde_json::from_slice(body).map_err(|error| malformed(&error))
    }

    /// Puts its customer on the levels that are everybody's.
    pub fn enrol(&mut self, rules: &Rules) {
        match self {
            Happened::Order(Paid { request, accounts, .. }) => {
                rules.enrol(accounts, request.get("customer").unwrap_or(&Json::Null));
            }
            Happened::Event(Event { customer, accounts, .. })
            | Happened::SegmentEntered(Entered { customer, accounts, .. }) => rules.enrol(accounts, customer),
            // after the answer the ledger knows them
            Happened::Answered(_) => {}
        }
    }

    /// The request to be quoted first, of an order: what its accounts hold is told in it.
    pub fn order(&self, moment: Moment) -> Option<Vec<u8>> {
        match self {
            Happened::Order(Paid { request, accounts, .. }) => {
                Some(serde_json::to_vec(&tell(request, accounts, moment_of(request, moment))).unwrap_or_default())
            }
            _ => None,
        }
    }
}

pub(super) fn malformed(error: &serde_json::Error) -> Error {
    let help = "send UTF-8 JSON as docs/loyalty.md describes";
    Diagnostic::new("json_malformed", format!("{error}"), help).into()
}

/// The id of a customer.
pub(super) fn id_of(customer: &Json) -> Option<&str> {
    customer.get("id").and_then(Json::as_str)
}

/// An occasion without a cart, as a request.
pub(super) fn request(customer: &Json, payload: &Map<String, Json>, offset: i64, currency: Option<&str>) -> Json {
    let mut request = json!({ "currency": currency.unwrap_or("XXX"), "lines": [], "customer": customer,
        "attributes": payload, "utcOffset": offset });
    if let (None, Json::Object(members)) = (currency, &mut request) {
        members.insert("exponent".to_string(), json!(0));
    }
    request
}

/// To whom something happened, and what of it goes into commands.
pub(super) struct Occasion<'a> {
    pub id: &'a str,
    pub now: Timestamp,
    pub customer: Option<&'a str>,
    pub accounts: &'a [Account],
    pub is_order: bool,
}

impl Rules {
    /// What follows from what has happened; of an order, from its quote.
    ///
    /// # Errors
    /// What is refused of a request.
    pub fn follow(&mut self, happened: &Happened, quoted: Option<Quoted<'_>>) -> Result<Follows, Error> {
        match happened {
            Happened::Order(paid) => {
                let Some(quoted) = quoted else { return Ok(Follows::default()) };
                let now = quoted.cart.now;
                self.ask(&tell(&paid.request, &paid.accounts, now), at(now), Some(quoted))?;
                let customer = paid.request.get("customer").and_then(id_of);
                let occasion = Occasion { id: &paid.id, now, customer, accounts: &paid.accounts, is_order: true };
                let earned = self.earned(&paid.accounts, Some(quoted), |_, on| *on == On::Order);
                let mut follows = self.commands(&occasion, earned);
                // what the points bought is paid before new ones come
                let bought = self.bought(quoted, &occasion);
                follows.commands.splice(0..0, bought);
                follows.commands.extend(self.conversion(&occasion, &On::Order, paid.invited_by.as_ref()));
                Ok(follows)
            }
            Happened::Event(event) => {
                let Event { id, now, customer, accounts, .. } = event;
                self.countable(&event.payload)?;
                let request = request(customer, &event.payload, event.utc_offset, event.currency.as_deref());
                self.ask(&tell(&request, accounts, *now), at(*now), None)?;
                let what = On::Event(event.event.clone());
                let occasion = Occasion { id, now: *now, customer: id_of(customer), accounts, is_order: false };
                let earned = self.earned(accounts, None, |_, on| *on == what);
                let mut follows = self.commands(&occasion, earned);
                follows.commands.extend(self.conversion(&occasion, &what, event.invited_by.as_ref()));
                Ok(follows)
            }
            Happened::SegmentEntered(entered) => {
                let Entered { id, now, customer, accounts, .. } = entered;
                let asked = request(customer, &Map::new(), entered.utc_offset, None);
                self.ask(&tell(&asked, accounts, *now), at(*now), None)?;
                let what = On::Segment(entered.segment.clone());
                let occasion = Occasion { id, now: *now, customer: id_of(customer), accounts, is_order: false };
                let earned = self.earned(accounts, None, |_, on| *on == what);
                Ok(self.commands(&occasion, earned))
            }
            Happened::Answered(answered) => self.follow_answer(answered),
        }
    }

    /// Refuses numbers that some rule asks for and that cannot be counted: they would be worth nothing, and nobody would know.
    fn countable(&self, payload: &Map<String, Json>) -> Result<(), Error> {
        let Some(asked) = &self.asked else { return Ok(()) };
        let known = asked.catalog.dimensions().named(Subject::OrderAttribute);
        let is_counted = |value: &Json| !value.is_number() || value.is_i64();
        for (name, value) in payload.iter().filter(|(name, _)| known.iter().any(|(known, _)| known == *name)) {
            let is_sound = value.as_array().map_or_else(|| is_counted(value), |all| all.iter().all(is_counted));
            if !is_sound {
                let help = "send whole numbers, in a unit small enough: metres, not kilometres";
                let told = Diagnostic::new("field_invalid", "this is no whole number", help);
                return Err(told.at(Document::Request, Pointer::root().key("payload").key(name)).into());
            }
        }
        Ok(())
    }

    /// The commands that earn. Nobody earns who has neither an account nor an id.
    pub(super) fn commands(&self, occasion: &Occasion<'_>, earned: Vec<Earned>) -> Follows {
        let mut follows = Follows::default();
        for one in earned {
            let Some(account) = account(occasion.accounts, &one.programme, occasion.customer) else { continue };
            let said = self.programme_of(&one.programme);
            let rule = said.and_then(|programme| programme.earning.iter().find(|rule| rule.id == one.rule));
            let action = Action::Earn(Earn {
                account,
                scheme: one.programme.clone(),
                lot: format!("{}/{}", occasion.id, one.rule),
                amount: one.points,
                order: occasion.is_order.then(|| occasion.id.into()),
                rule: Some(one.rule.clone()),
                lines: one.lines.clone(),
                pending_days: rule.and_then(|rule| rule.pending_days),
                expiry: rule.and_then(|rule| rule.expiry),
            });
            let key = format!("{}/{}/{}", occasion.id, one.programme, one.rule);
            follows.commands.push(Command { key, now: occasion.now, action });
            follows.earned.push(one);
        }
        follows
    }

    pub(super) fn programme_of(&self, id: &str) -> Option<&Programme> {
        self.said.programmes.iter().find(|programme| programme.id == id)
    }

    /// The friend's conversion, if this is one.
    fn conversion(&self, occasion: &Occasion<'_>, on: &On, inviter: Option<&Inviter>) -> Option<Command> {
        let referrals = self.said.referrals.as_ref().filter(|said| said.conversion.on == *on)?;
        let (inviter, friend) = (inviter?, occasion.customer?);
        let holds = self.asked.as_ref().is_some_and(|asked| asked.hold.contains(CONVERSION));
        let ladder = referrals.ladders.keys().find(|segment| inviter.segments.contains(segment)).cloned();
        let action = Action::Convert(Convert { friend: friend.into(), ladder });
        holds.then(|| Command { key: format!("{}/converts", occasion.id), now: occasion.now, action })
    }
}

/// The account of a customer in a programme: the one that is told, or the one of the usual name.
pub(super) fn account(accounts: &[Account], programme: &str, customer: Option<&str>) -> Option<String> {
    let told = accounts.iter().find(|account| account.scheme == programme).and_then(|told| told.account.clone());
    told.or_else(|| customer.map(|customer| account_of(programme, customer)))
}

/// The moment of a request that is not read yet.
pub(super) fn moment_of(request: &Json, moment: Moment) -> Timestamp {
    let own = || request.get("now").and_then(Json::as_i64);
    moment.given.or_else(own).or(moment.fallback).unwrap_or(0)
}

pub(super) fn at(now: Timestamp) -> Moment {
    Moment { given: Some(now), fallback: None }
}
