//! The cart and its situation as a request.

use counterfoil::code::normalise;
use serde_json::{json, Value};

use super::gifts::{self, GIFT_PART};
use super::{object, promotions, stacking, taxes, Gaps, Shop, INFORMING};
use crate::form::{Case, Charge, Context, Line, Payment, Quantity, When};

/// The moment of a case that names none.
const SOME_DAY: &str = "2026-01-15T12:00:00Z";

/// The moment of the quote, UTC milliseconds.
pub fn now(context: &Context, gaps: &mut Gaps) -> i64 {
    let text = context.now.as_deref().unwrap_or(SOME_DAY);
    // one without an offset is UTC, a day its first moment
    let civil =
        || text.parse::<jiff::civil::DateTime>()?.to_zoned(jiff::tz::TimeZone::UTC).map(|zoned| zoned.timestamp());
    let moment = text.parse::<jiff::Timestamp>().or_else(|_| civil());
    gaps.add_if(moment.is_err(), "a moment of another form");
    moment.map_or(0, |moment| moment.as_millisecond())
}

/// Notes what is told of the situation and not known here, where anything in the case asks for the situation.
fn check_situation(case: &Case, gaps: &mut Gaps) {
    let asks = |when: &When| when.customer_group_in.is_some() || when.nth_order.is_some();
    let is_asked = case.promotions.iter().any(|one| one.valid.is_some() || one.when.iter().any(asks))
        || !case.loyalty.earn.is_empty()
        || !case.loyalty.tiers.is_empty();
    if is_asked {
        let (context, who) = (&case.context, ["id", "email", "is_guest"]);
        gaps.add_unknown("the context", &context.unknown, INFORMING);
        gaps.add_unknown("a customer", &context.customer.unknown, &[INFORMING, &who].concat());
    }
}

pub fn request(shop: &Shop<'_>, campaigns: &[String], gaps: &mut Gaps) -> Value {
    let case = shop.case;
    check_situation(case, gaps);
    gaps.add_unknown("a cart", &case.cart.unknown, INFORMING);
    let is_taxed = taxes::decide(shop);
    taxes::check(shop, gaps);
    let lines: Vec<Value> =
        case.cart.lines.iter().flat_map(|each| lines(shop, each, campaigns, is_taxed, gaps)).collect();
    let shipping: Vec<Value> = case.cart.shipping.iter().map(|each| charge(each, is_taxed, gaps)).collect();
    let payments: Vec<Value> = case.payments.iter().filter_map(|each| payment(each, gaps)).collect();
    object([
        ("currency", Some(json!(case.cart.currency))),
        ("exponent", case.cart.minor_exponent.map(|exponent| json!(exponent))),
        ("prices", is_taxed.then(|| json!(taxes::prices(shop)))),
        ("lines", Some(json!(lines))),
        ("shipping", Some(json!(shipping))),
        ("customer", Some(customer(shop))),
        ("codes", Some(json!(codes(shop)))),
        ("redemptions", Some(json!(promotions::redemptions(shop)))),
        ("payments", Some(json!(payments))),
        ("include", Some(json!(["hints", "units"]))),
    ])
}

/// A line of the case: what is bought of it, and a line for each whose gift some units are.
fn lines(shop: &Shop<'_>, each: &Line, campaigns: &[String], is_taxed: bool, gaps: &mut Gaps) -> Vec<Value> {
    let whole = line(each, is_taxed, gaps);
    let Some(quantity) = whole["quantity"].as_i64() else { return vec![whole] };
    let mut bought = quantity;
    let mut lines = Vec::new();
    for (campaign, units) in gifts::parts(shop, each, quantity, campaigns) {
        let mut part = whole.clone();
        part["id"] = json!(format!("{}{GIFT_PART}{campaign}", each.id));
        part["quantity"] = json!(units);
        part["giftOf"] = json!(campaign);
        bought = bought.saturating_sub(units);
        lines.push(part);
    }
    if bought > 0 {
        let mut rest = whole;
        rest["quantity"] = json!(bought);
        lines.insert(0, rest);
    }
    lines
}

/// A line. Its id is its stock keeping unit: two lines of a case are never the same thing twice.
fn line(line: &Line, is_taxed: bool, gaps: &mut Gaps) -> Value {
    gaps.add_unknown("a line", &line.unknown, &[INFORMING, &["tax_rate", "sku", "variant", "collections"]].concat());
    let quantity = match &line.quantity {
        Quantity::Whole(quantity) => json!(quantity),
        Quantity::Decimal(text) => {
            let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
            gaps.add_if(decimals > 4, "quantities of more than four decimals");
            json!(text)
        }
    };
    let attributes = object([
        ("brand", line.brand.as_ref().map(|brand| json!(brand))),
        ("tags", (!line.tags.is_empty()).then(|| json!(line.tags))),
        ("discountable", line.discountable.map(|discountable| json!(discountable))),
    ]);
    object([
        ("id", Some(json!(line.id))),
        ("sku", Some(json!(line.id))),
        ("product", Some(json!(line.product()))),
        ("unitPrice", Some(json!(line.unit_price))),
        ("regularPrice", line.regular_price.map(|price| json!(price))),
        ("quantity", Some(quantity)),
        ("taxRate", line.tax_rate_bp.filter(|_| is_taxed).map(taxes::percent)),
        ("minPrice", line.min_price.map(|price| json!(price))),
        ("categories", Some(json!(line.categories))),
        ("attributes", Some(attributes)),
    ])
}

fn charge(charge: &Charge, is_taxed: bool, gaps: &mut Gaps) -> Value {
    gaps.add_unknown("a shipping charge", &charge.unknown, INFORMING);
    object([
        ("id", Some(json!(charge.id))),
        ("price", Some(json!(charge.price))),
        ("taxRate", charge.tax_rate_bp.filter(|_| is_taxed).map(taxes::percent)),
    ])
}

/// The codes of the case, and those by which a promotion is asked why it did not apply.
fn codes(shop: &Shop<'_>) -> Vec<String> {
    let asked =
        shop.case.promotions.iter().enumerate().filter_map(|(index, it)| promotions::asking_code(shop, it, index));
    let others = shop.case.promotions.iter().enumerate().filter_map(|(index, it)| {
        let code = promotions::code(shop, it, index)?;
        (stacking::is_entered(shop, it) && !shop.case.codes.iter().any(|typed| normalise(typed) == normalise(&code)))
            .then_some(code)
    });
    shop.case.codes.iter().cloned().chain(asked).chain(others).collect()
}

fn customer(shop: &Shop<'_>) -> Value {
    let context = &shop.case.context;
    let customer = &context.customer;
    let groups: Vec<&String> =
        customer.groups.iter().chain(customer.group.iter().flat_map(|groups| groups.all())).collect();
    object([
        ("segments", (!groups.is_empty()).then(|| json!(groups))),
        ("spent", shop.case.loyalty.past_spend.map(|spent| json!(spent))),
        ("orders", customer.order_count.map(|count| json!({ "count": count }))),
    ])
}

/// A payment by other means. Of a balance only what is due is used, which the engine sees to.
fn payment(payment: &Payment, gaps: &mut Gaps) -> Option<Value> {
    gaps.add_unknown("a payment", &payment.unknown, &[INFORMING, &["id", "code"]].concat());
    let kind = match payment.kind.as_str() {
        "wallet" | "store_credit" => "store_credit",
        "gift_card" => "gift_card",
        "points" => "points",
        "other" | "cash" | "card" | "bank_transfer" => "other",
        other => {
            gaps.add(format!("payment by `{other}`"));
            return None;
        }
    };
    gaps.add_if(payment.amount.is_none() && payment.balance.is_none(), "a payment without an amount");
    Some(object([
        ("type", Some(json!(kind))),
        ("amount", payment.amount.map(|amount| json!(amount))),
        ("balance", payment.balance.map(|balance| json!(balance))),
    ]))
}
