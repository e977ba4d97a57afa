//! With what campaigns combine, as documents say it.

use alloc::string::String;
use alloc::vec::Vec;
use serde::{Deserialize, Serialize};

/// With what a campaign combines.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Stacking {
    /// Lower numbers are applied first; default 100. Ties fall to the id.
    pub priority: Option<i32>,
    /// The group it competes in; none, or the document's, when absent.
    pub group: Option<String>,
    /// Further groups whose limit it counts for. Lane, base and the like are those of its own `group`.
    #[serde(default)]
    pub also_in: Vec<String>,
    /// Whether it applies only alone: not after another campaign, and none after it.
    #[serde(default)]
    pub exclusive: bool,
    /// Whether it is the last one: none applies after it, whatever applied before.
    #[serde(default)]
    pub last: bool,
    /// On what its discounts are measured; as its group or the document says when absent.
    pub base: Option<Base>,
    /// What becomes of it when it takes nothing; as its group or the document says when absent.
    pub no_effect: Option<NoEffect>,
}

/// How the campaigns of a document combine.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct StackingPolicy {
    /// A known way of combining: everything below that is not said is as this one says.
    pub preset: Option<Preset>,
    /// Which campaigns apply of those that do not combine; the first by priority when absent.
    pub pick: Option<Pick>,
    /// On what every discount is measured; on what earlier ones have left when absent.
    pub base: Option<Base>,
    /// The most campaigns that apply; any number when absent.
    pub at_most: Option<u16>,
    /// The most campaigns that apply by a code.
    pub codes_at_most: Option<u16>,
    /// The most campaigns of exclusive groups that apply.
    pub exclusive_at_most: Option<u16>,
    /// The most campaigns that apply of each group that does not say itself which of its campaigns apply.
    pub group_at_most: Option<u16>,
    /// When campaigns that are `exclusive` have their turn; in their own place when absent.
    pub exclusive: Option<ExclusiveOrder>,
    /// When the campaigns of joint groups have their turn; after all others when absent.
    pub joint: Option<JointOrder>,
    /// What becomes of a campaign that takes nothing; it is passed over when absent.
    pub no_effect: Option<NoEffect>,
    /// How many campaigns may take something of one line; any number when absent.
    pub per_line: Option<PerLine>,
    /// What becomes of the other codes when one that is entered does not apply; they apply when absent.
    pub codes: Option<CodesTogether>,
    /// Whether thresholds that name no base are measured again, on what earlier campaigns have left.
    pub recheck: Option<bool>,
    /// The group of campaigns that name none.
    pub group: Option<String>,
    /// The groups that limit how many of their campaigns apply, and in which order.
    #[serde(default)]
    pub groups: Vec<Group>,
}

/// Known ways of combining.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// commercetools: by sort order, on what is left; `last` is its "stop after this discount".
    Commercetools,
    /// commercetools, choosing the best deal.
    CommercetoolsBestDeal,
    /// Lunar: by priority, on what is left; `last` is its "stop".
    Lunar,
    /// Magento, Adobe Commerce: one code, by sort order, on what is left; `last` is its "discard subsequent rules".
    Magento,
    /// Medusa: groups `buy_get`, then all others, on what is left.
    Medusa,
    /// Odoo: of the group `global` the best, then all others, on what is left.
    Odoo,
    /// PrestaShop: by priority, on what is left.
    Prestashop,
    /// Saleor: of `catalogue` the best for each line, of `order` the best, one `voucher`; one code.
    Saleor,
    /// Shopify: of `product` the best for each line, then the best `order` and the best `shipping` discount; five codes.
    Shopify,
    /// Shopware: by priority, on what is left.
    Shopware,
    /// Solidus: lanes `pre`, `default`, `post`; in each the best for each line.
    Solidus,
    /// Spree: the best campaign.
    Spree,
    /// Sylius: the first exclusive campaign alone, else all by priority.
    Sylius,
    /// Vendure: `item`, then `order`, then `shipping` discounts; conditions look at what is left.
    Vendure,
    /// VirtoCommerce, best reward: for each line the best, an exclusive campaign before all others.
    VirtocommerceBestReward,
    /// VirtoCommerce, combining stackable ones: by priority, conditions look at what is left.
    VirtocommerceStackable,
    /// Voucherify: five campaigns, one of each category, one exclusive one; what takes nothing counts, discounts on lines are
    /// measured on what others on lines have left.
    Voucherify,
    /// Voucherify's defaults with the application mode `ALL`: one code that does not apply stops all.
    VoucherifyAll,
    /// WooCommerce: exclusive coupons alone, each discount on original prices.
    Woocommerce,
    /// WooCommerce, applying discounts sequentially.
    WoocommerceSequential,
}

/// Which campaigns apply of those that do not combine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// The first that have an effect, by priority.
    First,
    /// The combination that saves the shopper most; of equal ones the one that comes first by priority.
    Best,
}

/// On what discounts are measured. None takes more than is left, wherever it is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// What earlier campaigns have left.
    Running,
    /// Original prices, each discount for itself.
    Original,
    /// On lines, what earlier discounts on lines have left, whatever those of the whole order took; on the whole order, what
    /// all of them have left. What a line has no more of is borne by the others.
    LineLevel,
}

/// When exclusive campaigns have their turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ExclusiveOrder {
    /// In the place that their lane and priority give them: one that comes after another campaign does not apply.
    InOrder,
    /// Before all others: where one applies, the others do not.
    First,
}

/// When joint campaigns have their turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JointOrder {
    /// After all others.
    Last,
    /// In the place that their lane and priority give them, after the exclusive ones.
    InOrder,
    /// The same, and those of exclusive groups in theirs: one that qualifies keeps the common ones out, also those before it.
    WithExclusive,
}

/// What becomes of a campaign that takes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum NoEffect {
    /// It is passed over, with its reason, and keeps no other from applying.
    Skip,
    /// It applies with a discount of zero, and counts for limits and exclusions.
    Keep,
}

/// What becomes of entered codes when one of them does not apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodesTogether {
    /// The others apply.
    Each,
    /// None applies. A code that another campaign keeps from applying is passed over and stops none.
    AllOrNone,
}

/// How many campaigns may take something of one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PerLine {
    /// Any number.
    Any,
    /// One: what has a discount on lines takes none of another campaign. Discounts on the whole order are not meant.
    Once,
}

/// A group of campaigns that compete.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Group {
    /// The name that campaigns give as `stacking.group`.
    pub id: String,
    /// Which of them apply; all when absent, the first where there is an `atMost`.
    pub pick: Option<GroupPick>,
    /// With `first` and `best`: how many; default 1.
    pub at_most: Option<u16>,
    /// The lane in which its campaigns are applied, lower numbers first; default 0, as for campaigns without a group.
    /// Inside a lane the priority decides.
    pub lane: Option<i32>,
    /// With whom its campaigns combine; with common and joint ones when absent.
    pub combines: Option<Combines>,
    /// On what its discounts are measured; as the document says when absent.
    pub base: Option<Base>,
    /// What becomes of its campaigns that take nothing; as the document says when absent.
    pub no_effect: Option<NoEffect>,
}

/// Which campaigns of a group apply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum GroupPick {
    /// All that qualify.
    All,
    /// The first that have an effect, by priority.
    First,
    /// Those that save most.
    Best,
    /// Each line, and each shipping charge, takes the one that takes most of it, all measured before any of them applies.
    BestPerLine,
}

/// With whom the campaigns of a group combine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Combines {
    /// With common and joint ones.
    #[default]
    Common,
    /// With exclusive and joint ones. They have their turn first, and where one applies the common ones do not.
    Exclusive,
    /// With all.
    Joint,
}

impl GroupPick {
    /// The word used in documents.
    pub(crate) fn name(self) -> &'static str {
        match self {
            GroupPick::All => "all",
            GroupPick::First => "first",
            GroupPick::Best => "best",
            GroupPick::BestPerLine => "best_per_line",
        }
    }
}
