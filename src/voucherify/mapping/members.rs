//! Which members of Voucherify's objects the mapping reads. What it does not read is told, so that nothing is lost in silence.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde_json::Value;

use super::discount::TERMS;

/// Whether an object's members were made by the system alone: who wants the new one does without them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// A name, a count or a date that Voucherify gave the object; told once for all objects of a kind.
    Bookkeeping,
    /// Something that codes to come would have had; the codes that there are have it themselves.
    OfCodesToCome,
    /// Something that somebody wrote.
    Said,
}

/// What is known of members, so that each path is looked for once.
#[derive(Debug, Default)]
pub struct Members {
    known: BTreeMap<String, Place>,
}

/// What a path leads to.
#[derive(Clone, Copy, Debug)]
enum Place {
    Read,
    Within,
    Unread(Unread),
}

impl Members {
    /// The members of an object that say something and are not read, each with its path, lists passed over.
    pub fn unread(&mut self, object: &str, value: &Value) -> Vec<(String, Unread)> {
        let mut found = Vec::new();
        self.walk(object, value, object, &mut found);
        found.sort_by(|left, right| left.0.cmp(&right.0));
        found.dedup_by(|left, right| left.0 == right.0);
        found
    }

    /// The path begins with the object.
    fn walk(&mut self, object: &str, value: &Value, path: &str, found: &mut Vec<(String, Unread)>) {
        let within = |path: &str| path.get(object.len().saturating_add(1)..).unwrap_or_default().to_string();
        match value {
            Value::Object(members) => {
                for (member, value) in members.iter().filter(|(_, value)| !is_nothing(value)) {
                    let path = alloc::format!("{path}.{member}");
                    let place = match self.known.get(&path) {
                        Some(place) => *place,
                        None => {
                            let place = place(object, &within(&path));
                            self.known.insert(path.clone(), place);
                            place
                        }
                    };
                    match place {
                        Place::Read => {}
                        Place::Within => self.walk(object, value, &path, found),
                        Place::Unread(unread) => found.push((within(&path), unread)),
                    }
                }
            }
            Value::Array(elements) => elements.iter().for_each(|element| self.walk(object, element, path, found)),
            _ if is_of(READ, object, &alloc::format!("{}.~", within(path))) => {}
            _ => found.push((within(path), Unread::Said)),
        }
    }
}

fn place(object: &str, path: &str) -> Place {
    if is_of(READ, object, path) {
        Place::Read
    } else if is_of(BOOKKEEPING, object, path) {
        Place::Unread(Unread::Bookkeeping)
    } else if is_of(OF_CODES_TO_COME, object, path) {
        Place::Unread(Unread::OfCodesToCome)
    } else if begins(object, path) {
        Place::Within
    } else {
        Place::Unread(Unread::Said)
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Members by object; `@discount` stands for those of a discount, and so on, `~` for a bare value in place of an object.
type Table = &'static [(&'static str, &'static [&'static str])];

fn members(table: Table, object: &str) -> &'static [&'static str] {
    table.iter().find(|(name, _)| *name == object).map_or(&[], |(_, members)| members)
}

fn is_of(table: Table, object: &str, path: &str) -> bool {
    members(table, object).iter().any(|known| match known.split_once('@') {
        Some((prefix, shared)) => path.strip_prefix(prefix).is_some_and(|rest| is_of(table, shared, rest)),
        None => match known.strip_suffix(".**") {
            Some(stem) => path == stem || path.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.')),
            None => *known == path,
        },
    })
}

/// Whether something within the path is read.
fn begins(object: &str, path: &str) -> bool {
    [READ, BOOKKEEPING, OF_CODES_TO_COME].iter().any(|table| {
        members(table, object).iter().any(|known| match known.split_once('@') {
            Some((prefix, shared)) => {
                prefix
                    .strip_suffix('.')
                    .is_some_and(|stem| stem == path || stem.starts_with(&alloc::format!("{path}.")))
                    || path.strip_prefix(prefix).is_some_and(|rest| begins(shared, rest))
            }
            None => known.strip_prefix(path).is_some_and(|rest| rest.starts_with('.')),
        })
    })
}

/// What is read, and carried or told as lost by whoever reads it.
const READ: Table = &[
    (
        "campaign",
        &[
            "id",
            "object",
            "name",
            "campaign_type",
            "active",
            "category_id",
            "category",
            "categories.id",
            "hierarchy",
            "activity_duration_after_publishing",
            "voucher.type",
            "voucher.gift.effect",
            "voucher.discount.@discount",
            "voucher.loyalty_card.points",
            "voucher.loyalty_card.expiration_rules.**",
            "loyalty_tiers_expiration.**",
            "@times",
            "@rules",
            "promotion.tiers.@promotion_tier",
        ],
    ),
    (
        "promotion_tier",
        &[
            "id",
            "object",
            "name",
            "hierarchy",
            "active",
            "category_id",
            "category",
            "campaign_id",
            "campaign.id",
            "campaign.active",
            "campaign.category_id",
            "campaign.@times",
            "categories.id",
            "action.discount.@discount",
            "@times",
            "@rules",
        ],
    ),
    (
        "voucher",
        &[
            "object",
            "code",
            "type",
            "active",
            "campaign",
            "campaign_id",
            "category_id",
            "category",
            "categories.id",
            "additional_info",
            "holder_id",
            "customer_id",
            "published_at",
            "activity_duration_after_publishing",
            "metadata.**",
            "redemption.quantity",
            "redemption.redeemed_quantity",
            "gift.amount",
            "gift.balance",
            "gift.effect",
            "loyalty_card.points",
            "loyalty_card.balance",
            "loyalty_card.next_expiration_date",
            "loyalty_card.next_expiration_points",
            "discount.@discount",
            "@times",
            "@rules",
        ],
    ),
    (
        "discount",
        &[
            "type",
            "effect",
            "amount_off",
            "amount_off_formula",
            "percent_off",
            "percent_off_formula",
            "amount_limit",
            "aggregated_amount_limit",
            "fixed_amount",
            "fixed_amount_formula",
            "unit_off",
            "unit_off_formula",
            "unit_type",
            "units.effect",
            "units.unit_off",
            "units.unit_off_formula",
            "units.unit_type",
        ],
    ),
    (
        "times",
        &[
            "start_date",
            "expiration_date",
            "validity_timeframe.interval",
            "validity_timeframe.duration",
            "validity_day_of_week",
            "validity_hours.daily.start_time",
            "validity_hours.daily.expiration_time",
            "validity_hours.daily.days_of_week",
        ],
    ),
    (
        "rules",
        &[
            "validation_rule.@validation_rules",
            "validation_rules.@validation_rules",
            "validation_rule.~",
            "validation_rules.~",
            "validation_rule_id",
            "validation_rules_assignments.@assignments",
            "validation_rule_assignments.@assignments",
            "applicable_to.@targets",
            "inapplicable_to.@targets",
        ],
    ),
    ("validation_rules", &["id", "object", "rules.**", "bundle_rules.**", "error.**", "applicable_to.@targets"]),
    ("validation_rules_assignment", &["object", "rule_id", "related_object_id"]),
    // assignments within what they are for
    ("assignments", &["object", "rule_id", "data.object", "data.rule_id"]),
    (
        "targets",
        &[
            "included_all",
            "included.@target",
            "excluded.@target",
            "data.@target",
            "object",
            "total",
            "data_ref",
            "@target",
        ],
    ),
    ("target", &["object", "type", "id", "source_id", "@terms"]),
    ("terms", TERMS),
    (
        "earning_rule",
        &[
            "id",
            "object",
            "campaign_id",
            "event",
            "active",
            "segment.id",
            "loyalty_tier.id",
            "validation_rule_id",
            "loyalty.**",
            "pending_points.**",
            "expiration_rules.**",
            "@times",
            "@rules",
        ],
    ),
    (
        "loyalty_tier",
        &["id", "object", "name", "campaign_id", "points.from", "points.to", "earning_rules.**", "rewards.**"],
    ),
    (
        "reward",
        &[
            "id",
            "object",
            "name",
            "type",
            "stock",
            "redeemed",
            "parameters.campaign.id",
            "parameters.campaign.type",
            "parameters.campaign.balance",
            "parameters.product.id",
            "parameters.product.sku_id",
            "parameters.coin.exchange_ratio",
            "parameters.coin.points_ratio",
        ],
    ),
    (
        "reward_assignment",
        &[
            "id",
            "object",
            "reward_id",
            "related_object_id",
            "related_object_type",
            "parameters.loyalty.points",
            "parameters.auto_redeem.**",
        ],
    ),
    ("category", &["id", "object", "hierarchy", "stacking_rules_type"]),
    ("segment", &["id", "object", "type", "filter.**"]),
    (
        "products_collection",
        &["id", "object", "filter.**", "products.id", "products.object", "skus.id", "skus.object", "skus.product_id"],
    ),
    ("settings", &["id", "object", "stacking_rules.@stacking_rules"]),
    (
        "stacking_rules",
        &[
            "object",
            "redeemables_limit",
            "applicable_redeemables_limit",
            "applicable_redeemables_per_category_limit",
            "applicable_redeemables_category_limits.**",
            "applicable_exclusive_redeemables_limit",
            "applicable_exclusive_redeemables_per_category_limit",
            "exclusive_categories",
            "joint_categories",
            "redeemables_application_mode",
            "redeemables_sorting_rule",
            "grouped_redeemables_sorting_rule",
            "redeemables_products_application_mode",
            "redeemables_no_effect_rule",
            "no_effect_skip_categories",
            "no_effect_redeem_anyway_categories",
            "redeemables_rollback_order_mode",
            "discount_calculation_mode",
            "initial_amount_mode_categories",
            "discounted_amount_mode_categories",
        ],
    ),
];

/// What codes to come would have had.
const OF_CODES_TO_COME: Table = &[(
    "campaign",
    &[
        "voucher.redemption.**",
        "voucher.gift.amount",
        "voucher.gift.balance",
        "voucher.code_config.**",
        "code_config.**",
    ],
)];

/// What Voucherify itself gave the object.
const BOOKKEEPING: Table = &[
    (
        "campaign",
        &[
            "created_at",
            "updated_at",
            "type",
            "vouchers_count",
            "creation_status",
            "vouchers_generation_status",
            "protected",
            "readonly",
            "categories.@categories",
            "use_voucher_metadata_schema",
            "promotion.tiers.@promotion_tier",
            "@rules",
            "voucher.discount.@discount",
        ],
    ),
    (
        "promotion_tier",
        &[
            "created_at",
            "updated_at",
            "campaign.**",
            "categories.@categories",
            "summary.**",
            "@rules",
            "action.discount.@discount",
        ],
    ),
    (
        "voucher",
        &[
            "id",
            "created_at",
            "updated_at",
            "assets.**",
            "publish.**",
            "is_referral_code",
            "referrer_id",
            "categories.@categories",
            "redemption.object",
            "redemption.url",
            "redemption.redemption_entries.**",
            "redemption.total",
            "redemption.data_ref",
            "redemption.redeemed_amount",
            "redemption.redeemed_points",
            "gift.subtracted_amount",
            "loyalty_card.pending_points",
            "loyalty_card.subtracted_points",
            "loyalty_card.expired_points",
            "discount.@discount",
            "@rules",
        ],
    ),
    ("categories", &["object", "name", "hierarchy", "created_at", "updated_at", "stacking_rules_type"]),
    ("discount", &["is_dynamic", "product.**", "sku.**", "units.product.**", "units.sku.**"]),
    (
        "rules",
        &[
            "validation_rule.@validation_rules",
            "validation_rules.@validation_rules",
            "validation_rules_assignments.@assignments",
            "validation_rule_assignments.@assignments",
            "applicable_to.@targets",
        ],
    ),
    (
        "assignments",
        &[
            "total",
            "data_ref",
            "related_object_id",
            "data.related_object_id",
            "data.@validation_rules_assignment",
            "@validation_rules_assignment",
        ],
    ),
    (
        "validation_rules",
        &["name", "type", "context_type", "created_at", "updated_at", "assignments_count", "applicable_to.@targets"],
    ),
    (
        "validation_rules_assignment",
        &["id", "related_object_type", "created_at", "updated_at", "validation_status", "validation_omitted_rules.**"],
    ),
    ("targets", &["included.@target", "excluded.@target", "data.@target", "@target"]),
    ("target", &["strict", "product_id", "product_source_id", "order_item_indices", "order_item_units.**"]),
    (
        "earning_rule",
        &["created_at", "updated_at", "automation_id", "source.object_id", "source.object_type", "@rules"],
    ),
    ("loyalty_tier", &["created_at", "updated_at"]),
    ("reward", &["created_at", "updated_at"]),
    ("reward_assignment", &["created_at", "updated_at"]),
    ("category", &["created_at", "updated_at"]),
    ("segment", &["created_at", "updated_at", "initial_sync_status"]),
    ("products_collection", &["type", "created_at", "updated_at"]),
    ("settings", &["created_at", "updated_at", "stacking_rules.@stacking_rules"]),
    ("stacking_rules", &["id", "created_at", "updated_at"]),
];
