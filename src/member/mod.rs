//! What a member gets: the loyalty rules of a snapshot at work. They are asked twice, and answer alike: before the order,
//! for a preview from what the host tells of the member's accounts; and when something has happened, for the commands that
//! the ledger is then sent. The ledger decides; nothing is kept here.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use serde_json::Value as Json;

mod account;
mod answered;
mod climb;
mod course;
mod earn;
mod happened;
mod hint;
mod offer;
mod order;
mod outlook;
mod preview;
mod purse;
mod segments;
mod stamps;
mod way;

pub use account::Account;
pub use earn::Earned;
pub use happened::{Follows, Happened};
pub use hint::Hint;
pub use offer::Offer;
pub use outlook::Later;
pub use preview::{Preview, View};
pub use segments::Known;
pub use way::Way;

use crate::balance::Balances;
use crate::cart::Cart;
use crate::catalog::Catalog;
use crate::engine::answer::Answer;
use crate::engine::{Desk, Disclosure};
use crate::error::{Diagnostic, Document, Error};
use crate::ledger::programme::Programme;
use crate::loyalty::{Earner, Loyalty, Order, Section};
use crate::packed;
use crate::request::{self, Moment, Names};
use order::Given;

/// The rules of a snapshot, opened.
#[derive(Debug, Default)]
pub struct Rules {
    said: Loyalty,
    earners: Vec<Earner>,
    asked: Option<Asked>,
    /// What changes of level bring the member who is previewed.
    gifts: Vec<climb::Gift>,
}

/// The conditions of the rules, and the space to ask them in.
#[derive(Debug)]
struct Asked {
    catalog: Catalog,
    cart: Cart,
    desk: Desk,
    /// The rules that hold, by the names of their records.
    hold: BTreeSet<String>,
    given: Vec<Given>,
    /// Whether it is an order that is asked about.
    is_order: bool,
}

/// A quote, as far as rules ask for it.
#[derive(Clone, Copy)]
pub struct Quoted<'a> {
    /// The campaigns.
    pub catalog: &'a Catalog,
    /// The cart.
    pub cart: &'a Cart,
    /// What they gave for it.
    pub answer: &'a Answer,
    /// What they left of it.
    pub balances: &'a Balances,
}

/// Where the cart was priced, and others can be, to see what they would bring.
pub struct Till<'a> {
    /// The campaigns.
    pub catalog: &'a Catalog,
    /// The last cart.
    pub cart: &'a mut Cart,
    /// Where it was evaluated.
    pub desk: &'a mut Desk,
    /// The moment of all of them.
    pub moment: Moment,
}

impl Till<'_> {
    /// The last quote.
    pub fn standing(&self) -> Quoted<'_> {
        Quoted { catalog: self.catalog, cart: self.cart, answer: self.desk.answer(), balances: self.desk.balances() }
    }

    /// Another one.
    fn quote(&mut self, request: &[u8]) -> Result<Quoted<'_>, Error> {
        request::read(request, self.moment, self.catalog, self.cart, &mut Names::default())?;
        self.desk.evaluate(self.catalog, self.cart, Disclosure::Full);
        Ok(self.standing())
    }
}

impl Rules {
    /// Opens what a snapshot carries.
    ///
    /// # Errors
    /// `snapshot_malformed` when it cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Rules, Error> {
        if bytes.is_empty() {
            return Ok(Rules::default());
        }
        let malformed = || {
            let help = "publish the snapshot again with a matching version of counterfoil";
            Diagnostic::new("snapshot_malformed", "the loyalty rules of the snapshot cannot be read", help)
                .at(Document::Snapshot, "/sections/campaigns/loyalty")
        };
        let section: Section = packed::unpack(bytes).ok_or_else(malformed)?;
        let said: Loyalty = serde_json::from_slice(&section.terms).map_err(|_| malformed())?;
        let asked = match section.rules.is_empty() {
            true => None,
            false => Some(Asked {
                catalog: Catalog::read(&section.rules)?,
                cart: Cart::default(),
                desk: Desk::default(),
                hold: BTreeSet::new(),
                given: Vec::new(),
                is_order: false,
            }),
        };
        Ok(Rules { said, earners: section.earners, asked, gifts: Vec::new() })
    }

    /// Writes into the ledger's programme what the loyalty document says: schemes, rewards, invitations.
    pub fn tell(&self, programme: &mut Programme) {
        self.said.tell(programme);
    }

    /// The accounts of a member with the levels that are everybody's: a level from 0 is there before the ledger has heard of
    /// who it is. Guests have none.
    pub(crate) fn enrol(&self, accounts: &mut Vec<Account>, customer: &Json) {
        if happened::id_of(customer).is_none() {
            return;
        }
        for programme in &self.said.programmes {
            let Some(levels) = &programme.levels else { continue };
            if let Some(own) = accounts.iter_mut().find(|account| account.scheme == programme.id) {
                own.enrol(levels);
                continue;
            }
            let mut own = Account { scheme: programme.id.clone(), ..Account::default() };
            own.enrol(levels);
            accounts.extend(own.progress.is_some().then_some(own));
        }
    }

    /// Asks every rule whether it holds of a request.
    fn ask(&mut self, request: &Json, moment: Moment, quoted: Option<Quoted<'_>>) -> Result<(), Error> {
        let Some(asked) = &mut self.asked else { return Ok(()) };
        let body = order::without_money_matters(request);
        let body = serde_json::to_vec(&body).unwrap_or_default();
        request::read(&body, moment, &asked.catalog, &mut asked.cart, &mut Names::default())?;
        asked.desk.evaluate(&asked.catalog, &asked.cart, Disclosure::Full);
        asked.hold.clear();
        let records = asked.desk.earners().iter().filter_map(|index| asked.catalog.promotion(*index));
        asked.hold.extend(records.map(|promotion| promotion.record.id.clone()));
        asked.is_order = quoted.is_some();
        asked.given = quoted.map(|quoted| order::given(quoted, &asked.cart, request)).unwrap_or_default();
        Ok(())
    }
}

impl Asked {
    /// What rules ask of the order, with what of each line earns.
    fn with_order<T>(&self, each: impl FnOnce(&Order<'_>) -> T) -> T {
        let left = order::balances(&self.cart, &self.given, |given| given.left);
        let before = order::balances(&self.cart, &self.given, |given| given.before);
        let sums = |what: fn(&Given) -> i64| order::sums(&self.cart, &self.given, what);
        each(&Order {
            facts: self.desk.facts(&self.catalog, &self.cart),
            is_order: self.is_order,
            left: &left,
            before: &before,
            units: &sums(|given| given.earning),
            paid: &sums(|given| given.paid),
            without: &sums(|given| given.without),
        })
    }
}
