//! Stacking rules that a project is set to: their ranges and words, as the reference has them (§5.1).

use alloc::format;
use core::ops::RangeInclusive;

use serde_json::Value;

use super::offer::one_of;
use crate::voucherify::fault::Fault;
use crate::voucherify::fields::{row, text, whole};

/// Limits and what they may be.
const LIMITS: [(&str, RangeInclusive<i64>); 5] = [
    ("redeemables_limit", 1..=30),
    ("applicable_redeemables_limit", 1..=30),
    ("applicable_redeemables_per_category_limit", 1..=10),
    ("applicable_exclusive_redeemables_limit", 1..=5),
    ("applicable_exclusive_redeemables_per_category_limit", 1..=10),
];

/// Settings that are one word.
const WORDS: [(&str, [&str; 2]); 6] = [
    ("redeemables_application_mode", ["ALL", "PARTIAL"]),
    ("redeemables_sorting_rule", ["REQUESTED_ORDER", "CATEGORY_HIERARCHY"]),
    ("redeemables_products_application_mode", ["STACK", "ONCE"]),
    ("redeemables_no_effect_rule", ["REDEEM_ANYWAY", "SKIP"]),
    ("redeemables_rollback_order_mode", ["WITH_ORDER", "WITHOUT_ORDER"]),
    ("discount_calculation_mode", ["DISCOUNTED_AMOUNT", "INITIAL_AMOUNT"]),
];

/// Settings that list categories.
const CATEGORIES: [&str; 6] = [
    "exclusive_categories",
    "joint_categories",
    "no_effect_skip_categories",
    "no_effect_redeem_anyway_categories",
    "initial_amount_mode_categories",
    "discounted_amount_mode_categories",
];

/// Refuses rules that no project can have. `null` switches a limit off.
pub(super) fn check(rules: &Value) -> Result<(), Fault> {
    for (member, range) in &LIMITS {
        within(&rules[*member], member, range)?;
    }
    for (category, limit) in row(&rules["applicable_redeemables_category_limits"]) {
        within(&limit, &format!("applicable_redeemables_category_limits.{category}"), &(1..=10))?;
    }
    for (member, words) in &WORDS {
        one_of(&rules[*member], &format!(".{member}"), words)?;
    }
    for member in CATEGORIES {
        let value = &rules[member];
        let is_list = value.as_array().is_some_and(|list| list.iter().all(|one| text(one).is_some()));
        if !value.is_null() && !is_list {
            return Err(Fault::invalid(format!("Property .{member} should be an array of ids of categories")));
        }
    }
    Ok(())
}

fn within(limit: &Value, member: &str, range: &RangeInclusive<i64>) -> Result<(), Fault> {
    if limit.is_null() || whole(limit).is_some_and(|limit| range.contains(&limit)) {
        return Ok(());
    }
    Err(Fault::invalid(format!("Property .{member} should be from {} to {}", range.start(), range.end())))
}
