//! Which lines: the form's `where` as a selector, and as a question to a line of the cart.

use serde_json::{json, Value};

use super::{object, Gaps, Shop};
use crate::form::{Filter, Line};

impl Filter {
    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        let Filter { product_in, category_in, brand_in, brand_not_in, tag_in, method_in, unknown, .. } = self;
        let lists = [product_in, category_in, brand_in, brand_not_in, tag_in, method_in];
        lists.iter().all(|list| list.is_none())
            && self.not_on_sale.is_none()
            && !self.asks_price()
            && unknown.is_empty()
    }

    fn asks_price(&self) -> bool {
        self.unit_price_at_least.is_some() || self.unit_price_at_most.is_some() || self.unit_price_between.is_some()
    }

    /// Whether it selects a line, by what it shares with the engine's selectors.
    pub fn selects(&self, line: &Line) -> bool {
        let has = |wanted: &Option<Vec<String>>, values: &[String]| {
            wanted.as_ref().is_some_and(|wanted| wanted.iter().any(|value| values.contains(value)))
        };
        let any = |wanted: &Option<Vec<String>>, values: &[String]| wanted.is_none() || has(wanted, values);
        let brand: Vec<String> = line.brand.iter().cloned().collect();
        any(&self.product_in, &[line.product().to_owned()])
            && any(&self.category_in, &line.categories)
            && any(&self.brand_in, &brand)
            && any(&self.tag_in, &line.tags)
            && !has(&self.brand_not_in, &brand)
            && self.not_on_sale.is_none_or(|not| line.is_on_sale() != not)
            && self.unit_price_at_least.is_none_or(|least| line.unit_price >= least)
            && self.unit_price_at_most.is_none_or(|most| line.unit_price <= most)
            && self.unit_price_between.is_none_or(|[least, most]| (least..=most).contains(&line.unit_price))
    }
}

impl Line {
    /// A line that names no product is its own.
    pub fn product(&self) -> &str {
        self.product.as_deref().unwrap_or(&self.id)
    }

    /// Whether its price is below the regular one, or the catalogue takes something off it.
    pub fn is_on_sale(&self) -> bool {
        self.regular_price.is_some_and(|regular| regular > self.unit_price) || self.is_reduced()
    }

    /// Whether the catalogue takes something off it before any promotion.
    fn is_reduced(&self) -> bool {
        self.catalog_discount_per_unit.is_some_and(|off| off > 0)
    }
}

/// The selector of the lines that a discount is for.
/// The lines that have a discount already or, with `Some(false)`, those that have none.
pub fn discounted(shop: &Shop<'_>, filter: &Filter, before: Option<bool>, gaps: &mut Gaps) -> Option<Value> {
    let mut lines = selector(shop, filter, shop.has_undiscountable, gaps);
    if let Some(before) = before {
        lines.get_or_insert_with(|| json!({}))["discounted"] = json!(before);
    }
    lines
}

/// Selectors that together are the lines on sale: by their prices, and those that the catalogue reduces.
pub fn on_sale(shop: &Shop<'_>) -> Vec<Value> {
    let reduced = reduced(shop);
    let by_catalogue = (!reduced.is_empty()).then(|| json!({ "skus": reduced }));
    std::iter::once(json!({ "onSale": true })).chain(by_catalogue).collect()
}

/// The stock keeping units of the lines that the catalogue takes something off.
fn reduced<'a>(shop: &Shop<'a>) -> Vec<&'a String> {
    shop.case.cart.lines.iter().filter(|line| line.is_reduced()).map(|line| &line.id).collect()
}

/// The selector of the lines that a condition counts.
pub fn counted(shop: &Shop<'_>, filter: &Filter, gaps: &mut Gaps) -> Option<Value> {
    gaps.add_if(filter.method_in.is_some(), "shipping methods that select lines");
    selector(shop, filter, false, gaps)
}

fn selector(shop: &Shop<'_>, filter: &Filter, leaves_out_undiscountable: bool, gaps: &mut Gaps) -> Option<Value> {
    gaps.add_unknown("a filter", &filter.unknown, &[]);

    let some = |list: &Option<Vec<String>>| list.as_ref().map(|values| json!(values));
    let attributes = object([("brand", some(&filter.brand_in)), ("tags", some(&filter.tag_in))]);
    let left_out = object([
        ("brand", some(&filter.brand_not_in)),
        ("discountable", leaves_out_undiscountable.then(|| json!([false]))),
    ]);
    let reduced = Some(reduced(shop)).filter(|lines| !lines.is_empty());
    let only_on_sale = filter.not_on_sale == Some(false);
    gaps.add_if(only_on_sale && reduced.is_some(), "lines on sale by their prices or by the catalogue");
    let some = |attributes: Value| Some(attributes).filter(|attributes| *attributes != json!({}));
    let except = some(object([
        ("attributes", some(left_out)),
        ("skus", reduced.filter(|_| filter.not_on_sale == Some(true)).map(|lines| json!(lines))),
    ]));
    let (least, most) = match filter.unit_price_between {
        Some([least, most]) => (Some(least), Some(most)),
        None => (filter.unit_price_at_least, filter.unit_price_at_most),
    };
    let bound = |price: Option<i64>| price.map(|price| shop.amount(price));
    let unit_price = some(object([("atLeast", bound(least)), ("atMost", bound(most))]));
    let selector = object([
        ("unitPrice", unit_price),
        ("onSale", filter.not_on_sale.map(|not| json!(!not))),
        ("products", filter.product_in.as_ref().map(|values| json!(values))),
        ("categories", filter.category_in.as_ref().map(|values| json!(values))),
        ("attributes", some(attributes)),
        ("except", except),
    ]);
    some(selector)
}

/// The shipping methods that a discount is for; all when absent.
pub fn methods(shop: &Shop<'_>, filter: &Filter, gaps: &mut Gaps) -> Option<Value> {
    let asks_lines = [&filter.product_in, &filter.category_in, &filter.brand_in, &filter.brand_not_in, &filter.tag_in];
    let asks_lines = asks_lines.iter().any(|list| list.is_some()) || filter.not_on_sale.is_some();
    gaps.add_if(asks_lines || filter.asks_price(), "lines that select shipping methods");
    gaps.add_unknown("a filter", &filter.unknown, &[]);
    charges_of(shop, filter)
}

/// The charges of the cart that are of the methods of a filter.
pub fn charges_of(shop: &Shop<'_>, filter: &Filter) -> Option<Value> {
    // a charge is known by its id; one of a method that the cart has not is none of its charges
    let of_method = |method: &String| {
        let charges = shop.case.cart.shipping.iter();
        let ids: Vec<String> =
            charges.filter(|charge| charge.method.as_ref() == Some(method)).map(|charge| charge.id.clone()).collect();
        if ids.is_empty() {
            vec![method.clone()]
        } else {
            ids
        }
    };
    filter.method_in.as_ref().map(|methods| json!(methods.iter().flat_map(of_method).collect::<Vec<_>>()))
}
