//! What inviting friends brings: how many customers each customer brings, and what comes back of the rewards.

use alloc::string::{String, ToString};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::check::within;
use super::refusal::Refusal;
use crate::money::MAX_AMOUNT;

/// What a shop has counted. Amounts are minor units of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Figures {
    /// Customers who have ordered.
    pub customers: i64,
    /// What they have paid.
    pub paid: i64,
    /// Friends who came by an invitation.
    pub invitations: i64,
    /// Those of them who did what is rewarded.
    pub conversions: i64,
    /// What a customer is worth as long as they stay; what customers have paid on average, when it is absent.
    #[serde(default)]
    pub lifetime_value: Option<i64>,
    /// What the rewards for one converted friend cost, both sides together.
    #[serde(default)]
    pub reward: Option<i64>,
}

/// What follows from the figures. Rates are decimals of at most four places, rounded half away from zero; one that would be
/// divided by nothing is absent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Growth {
    /// What a customer is worth, minor units: as given, or what customers have paid on average, half up.
    pub lifetime_value: Option<i64>,
    /// Invitations per customer.
    pub invitations_per_customer: Option<String>,
    /// The part of the invitations that converted.
    pub conversion_rate: Option<String>,
    /// New customers that each customer brings: invitations per customer × conversion rate.
    pub k: Option<String>,
    /// What comes back of each unit that the rewards cost, beyond the reward itself: `(LTV × (1 + k) − reward) ÷ reward`,
    /// with the exact `k`.
    pub return_on_reward: Option<String>,
}

impl Figures {
    /// Works out what follows.
    ///
    /// ```
    /// use counterfoil::ledger::growth::Figures;
    /// let figures = Figures { customers: 200, paid: 1_600_000, invitations: 50, conversions: 20, reward: Some(2_000), ..Figures::default() };
    /// let growth = figures.growth().unwrap();
    /// assert_eq!(growth.lifetime_value, Some(8_000));
    /// assert_eq!(growth.k.as_deref(), Some("0.1"));
    /// // (80.00 × 1.1 − 20.00) ÷ 20.00
    /// assert_eq!(growth.return_on_reward.as_deref(), Some("3.4"));
    /// ```
    ///
    /// # Errors
    /// `command_invalid` for a figure that no shop can have counted.
    pub fn growth(&self) -> Result<Growth, Refusal> {
        within("/customers", self.customers, 0, MAX_AMOUNT)?;
        within("/paid", self.paid, 0, MAX_AMOUNT)?;
        within("/invitations", self.invitations, 0, MAX_AMOUNT)?;
        within("/conversions", self.conversions, 0, self.invitations)?;
        within("/lifetimeValue", self.lifetime_value.unwrap_or(0), 0, MAX_AMOUNT)?;
        within("/reward", self.reward.unwrap_or(0), 0, MAX_AMOUNT)?;
        let [customers, paid] = [self.customers, self.paid].map(i128::from);
        let [invitations, conversions] = [self.invitations, self.conversions].map(i128::from);
        let mean = || rounded(paid, customers).and_then(|mean| i64::try_from(mean).ok());
        let lifetime_value = self.lifetime_value.or_else(mean);
        let back = lifetime_value.zip(self.reward).and_then(|(value, reward)| {
            let (value, reward) = (i128::from(value), i128::from(reward));
            // both sides times the customers, so that k stays whole
            let spent = reward.checked_mul(customers)?;
            let worth = value.checked_mul(customers.checked_add(conversions)?)?;
            rate(worth.checked_sub(spent)?, spent)
        });
        Ok(Growth {
            lifetime_value,
            invitations_per_customer: rate(invitations, customers),
            conversion_rate: rate(conversions, invitations),
            k: rate(conversions, customers),
            return_on_reward: back,
        })
    }
}

const PLACES: u32 = 4;

/// A quotient with at most four places.
fn rate(above: i128, below: i128) -> Option<String> {
    let shifted = above.checked_mul(10_i128.checked_pow(PLACES)?)?;
    let quotient = Decimal::try_from_i128_with_scale(rounded(shifted, below)?, PLACES).ok()?;
    Some(quotient.normalize().to_string())
}

/// A quotient as a whole number, half away from zero; none by nothing. `below` is not negative.
fn rounded(above: i128, below: i128) -> Option<i128> {
    let (whole, rest) = (above.checked_div(below)?, above.checked_rem(below)?);
    let is_half = rest.unsigned_abs() >= below.unsigned_abs().checked_sub(rest.unsigned_abs())?;
    if is_half {
        whole.checked_add(above.signum())
    } else {
        Some(whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn growth(customers: i64, paid: i64, invitations: i64, conversions: i64, reward: i64) -> Growth {
        Figures { customers, paid, invitations, conversions, reward: Some(reward), lifetime_value: None }
            .growth()
            .unwrap()
    }

    #[test]
    fn rounds_once_and_half_away_from_zero() {
        // 100.01 / 2 is 50.005
        let told = growth(2, 10_001, 3, 1, 3_000);
        assert_eq!(told.lifetime_value, Some(5_001));
        assert_eq!(told.invitations_per_customer.as_deref(), Some("1.5"));
        assert_eq!(told.conversion_rate.as_deref(), Some("0.3333"));
        assert_eq!(told.k.as_deref(), Some("0.5"));
        // (50.01 × 1.5 − 30.00) ÷ 30.00 is 1.5005
        assert_eq!(told.return_on_reward.as_deref(), Some("1.5005"));
        // by the exact k: (10.00 × 4/3 − 7.00) ÷ 7.00 is 0.904761…
        assert_eq!(growth(3, 3_000, 1, 1, 700).return_on_reward.as_deref(), Some("0.9048"));
        // (50.00 − 80.00) ÷ 80.00, and what is exactly half a place: −0.99995
        assert_eq!(growth(1, 5_000, 0, 0, 8_000).return_on_reward.as_deref(), Some("-0.375"));
        assert_eq!(growth(1, 1, 0, 0, 20_000).return_on_reward.as_deref(), Some("-1"));
        assert_eq!(growth(1, 1, 0, 0, 20_001).return_on_reward.as_deref(), Some("-1"));
        assert_eq!(growth(1, 2, 0, 0, 20_000).return_on_reward.as_deref(), Some("-0.9999"));
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        let told = growth(0, 0, 0, 0, 500);
        let none = Growth {
            lifetime_value: None,
            invitations_per_customer: None,
            conversion_rate: None,
            k: None,
            return_on_reward: None,
        };
        assert_eq!(told, none);
        assert_eq!(growth(1, 500, 1, 1, 0).return_on_reward, None);
    }

    #[test]
    fn what_is_given_takes_the_place_of_the_mean() {
        let figures = Figures {
            customers: 4,
            paid: 4_000,
            invitations: 2,
            conversions: 1,
            lifetime_value: Some(10_000),
            reward: Some(2_500),
        };
        // (100.00 × 1.25 − 25.00) ÷ 25.00
        assert_eq!(figures.growth().unwrap().return_on_reward.as_deref(), Some("4"));
    }

    #[test]
    fn the_largest_figures_are_told_or_left_out_and_never_wrong() {
        let most = growth(MAX_AMOUNT, MAX_AMOUNT, MAX_AMOUNT, MAX_AMOUNT, MAX_AMOUNT);
        assert_eq!((most.lifetime_value, most.k.as_deref()), (Some(1), Some("1")));
        let wrong = Figures { conversions: 1, ..Figures::default() }.growth().unwrap_err();
        assert_eq!(wrong.at.pointer, "/conversions");
        assert!(Figures { paid: -1, ..Figures::default() }.growth().is_err());
    }
}
