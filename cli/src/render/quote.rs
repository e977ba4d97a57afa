//! A quote for people: what each line costs and who took what, what became of the codes, and what is within reach.

use counterfoil::money::{Amount, Currency};
use serde::Deserialize;
use serde_json::Value as Json;

use super::table::{table, Column};

/// The quote as every host gets it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Quote {
    currency: String,
    subtotal: i64,
    discount_total: i64,
    shipping_total: i64,
    total: i64,
    due: i64,
    points: i64,
    lines: Vec<Line>,
    shipping: Vec<Charge>,
    outcomes: Vec<Outcome>,
    earned: Vec<Earned>,
    #[serde(default)]
    gifts: Vec<Gift>,
    #[serde(default)]
    payments: Vec<Payment>,
    #[serde(default)]
    hints: Vec<Hint>,
}

#[derive(Deserialize)]
struct Line {
    id: String,
    subtotal: i64,
    discount: i64,
    total: i64,
}

#[derive(Deserialize)]
struct Charge {
    id: String,
    price: i64,
    discount: i64,
    total: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    redeemable: Option<String>,
    code: Option<String>,
    status: String,
    discount: i64,
    allocations: Vec<LineShare>,
    shipping_allocations: Vec<ShippingShare>,
    open_checks: Vec<String>,
    reasons: Vec<Reason>,
}

#[derive(Deserialize)]
struct LineShare {
    line: String,
    amount: i64,
}

#[derive(Deserialize)]
struct ShippingShare {
    shipping: String,
    amount: i64,
}

#[derive(Deserialize)]
struct Reason {
    code: String,
    message: String,
    help: String,
}

#[derive(Deserialize)]
struct Gift {
    redeemable: String,
    state: String,
    product: Product,
    quantity: i64,
    worth: i64,
}

#[derive(Deserialize)]
struct Product {
    id: String,
}

#[derive(Deserialize)]
struct Payment {
    index: usize,
    amount: i64,
    points: Option<i64>,
    left: Option<i64>,
    reasons: Vec<Reason>,
}

#[derive(Deserialize)]
struct Earned {
    redeemable: String,
    points: i64,
}

#[derive(Deserialize)]
struct Hint {
    redeemable: String,
    steps: Vec<Step>,
    worth: i64,
    points: i64,
}

#[derive(Deserialize)]
struct Step {
    code: String,
    help: String,
    params: StepParams,
}

#[derive(Deserialize)]
struct StepParams {
    line: Option<String>,
}

/// Writes the quote that answers a request. `None` when the bytes are no quote.
pub fn quote(quote: &[u8], request: &[u8]) -> Option<String> {
    let quote: Quote = serde_json::from_slice(quote).ok()?;
    let request: Json = serde_json::from_slice(request).ok()?;
    let page = Page { currency: Currency::parse(&quote.currency)?, request: &request, quote: &quote };
    let parts =
        [page.lines(), page.totals(), page.payments(), page.outcomes(), page.gifts(), page.earned(), page.hints()];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}

struct Page<'a> {
    currency: Currency,
    request: &'a Json,
    quote: &'a Quote,
}

impl Page<'_> {
    /// With its code: `12.50 EUR`.
    fn money(&self, minor: i64) -> String {
        let mut text = String::new();
        self.currency.write(Amount::new(minor), &mut text);
        text
    }

    /// Without: `12.50`.
    fn amount(&self, minor: i64) -> String {
        let text = self.money(minor);
        text.strip_suffix(self.currency.code()).map_or(text.clone(), |amount| amount.trim_end().to_owned())
    }

    fn saving(&self, minor: i64) -> String {
        match minor {
            0 => String::new(),
            _ => self.amount(minor.saturating_neg()),
        }
    }

    /// A line by the title it may carry.
    fn title(&self, index: usize, id: &str) -> String {
        let line = self.request.get("lines").and_then(|lines| lines.get(index));
        let title = line.and_then(|line| line.get("title")).and_then(Json::as_str);
        title.map_or_else(|| id.to_owned(), |title| format!("{title} ({id})"))
    }

    fn lines(&self) -> Option<String> {
        let columns = [
            Column::Text("line"),
            Column::Number("quantity"),
            Column::Number("unit price"),
            Column::Number("price"),
            Column::Number("saving"),
            Column::Number("to pay"),
            Column::Text("by"),
        ];
        let mut rows = Vec::new();
        for (index, line) in self.quote.lines.iter().enumerate() {
            let given = self.request.get("lines").and_then(|lines| lines.get(index));
            let number = |name| given.and_then(|given| given.get(name)).and_then(Json::as_i64);
            rows.push(vec![
                self.title(index, &line.id),
                number("quantity").map_or_else(String::new, |quantity| quantity.to_string()),
                number("unitPrice").map_or_else(String::new, |price| self.amount(price)),
                self.amount(line.subtotal),
                self.saving(line.discount),
                self.amount(line.total),
                self.by(|outcome| outcome.allocations.iter().filter(|s| s.line == line.id).map(|s| s.amount).sum()),
            ]);
        }
        for charge in &self.quote.shipping {
            let of_charge = |outcome: &Outcome| {
                outcome.shipping_allocations.iter().filter(|s| s.shipping == charge.id).map(|s| s.amount).sum()
            };
            rows.push(vec![
                format!("shipping: {}", charge.id),
                String::new(),
                String::new(),
                self.amount(charge.price),
                self.saving(charge.discount),
                self.amount(charge.total),
                self.by(of_charge),
            ]);
        }
        Some(table(&columns, rows)).filter(|_| !self.quote.lines.is_empty())
    }

    /// Who took something, and how much where several did.
    fn by(&self, share: impl Fn(&Outcome) -> i64) -> String {
        let takers = self.quote.outcomes.iter().map(|outcome| (outcome, share(outcome)));
        let takers: Vec<_> = takers.filter(|(_, amount)| *amount > 0).collect();
        let name = |outcome: &Outcome| outcome.redeemable.clone().unwrap_or_default();
        match takers.as_slice() {
            [(only, _)] => name(only),
            several => {
                let each =
                    several.iter().map(|(outcome, amount)| format!("{} {}", name(outcome), self.amount(*amount)));
                each.collect::<Vec<_>>().join(", ")
            }
        }
    }

    fn totals(&self) -> Option<String> {
        let quote = self.quote;
        let mut totals = vec![("subtotal", self.money(quote.subtotal))];
        if quote.shipping_total != 0 {
            totals.push(("shipping", self.money(quote.shipping_total)));
        }
        if quote.discount_total != 0 {
            totals.push(("discounts", self.money(quote.discount_total.saturating_neg())));
        }
        totals.push(("total", self.money(quote.total)));
        if quote.due != quote.total {
            totals.push(("due", self.money(quote.due)));
        }
        let width = totals.iter().map(|(_, amount)| amount.len()).max().unwrap_or(0);
        let aligned: Vec<_> = totals.iter().map(|(name, amount)| (*name, format!("{amount:>width$}"))).collect();
        Some(super::fields(&aligned))
    }

    /// What pays besides money, and what it has left.
    fn payments(&self) -> Option<String> {
        let columns = [Column::Text("paid with"), Column::Number("pays"), Column::Number("left"), Column::Text("why")];
        let mut rows = Vec::new();
        for payment in &self.quote.payments {
            let given = self.request.get("payments").and_then(|payments| payments.get(payment.index));
            let named = |name: &&str| given?.get(*name)?.as_str();
            let left = |left: i64| match payment.points {
                Some(_) => format!("{left} points"),
                None => self.amount(left),
            };
            let mut why = payment.reasons.iter().flat_map(Reason::told);
            rows.push(vec![
                ["method", "id", "type"].iter().find_map(named).unwrap_or_default().to_owned(),
                payment.points.map_or_else(
                    || self.amount(payment.amount),
                    |points| format!("{} ({points} points)", self.amount(payment.amount)),
                ),
                payment.left.map_or_else(String::new, left),
                why.next().unwrap_or_default(),
            ]);
            rows.extend(why.map(|more| vec![String::new(), String::new(), String::new(), more]));
        }
        Some(table(&columns, rows)).filter(|_| !self.quote.payments.is_empty())
    }

    fn gifts(&self) -> Option<String> {
        let columns = [
            Column::Text("gift"),
            Column::Number("units"),
            Column::Text("is"),
            Column::Number("worth"),
            Column::Text("by"),
        ];
        let row = |gift: &Gift| {
            vec![
                gift.product.id.clone(),
                gift.quantity.to_string(),
                gift.state.replace('_', " "),
                if gift.worth == 0 { String::new() } else { self.amount(gift.worth) },
                gift.redeemable.clone(),
            ]
        };
        Some(table(&columns, self.quote.gifts.iter().map(row).collect())).filter(|_| !self.quote.gifts.is_empty())
    }

    fn outcomes(&self) -> Option<String> {
        let columns = [
            Column::Text("campaign"),
            Column::Text("code"),
            Column::Text("outcome"),
            Column::Number("saving"),
            Column::Text("why"),
        ];
        let mut rows = Vec::new();
        for outcome in &self.quote.outcomes {
            let mut why = why(outcome).into_iter();
            rows.push(vec![
                outcome.redeemable.clone().unwrap_or_default(),
                outcome.code.clone().unwrap_or_default(),
                outcome.status.clone(),
                self.saving(outcome.discount),
                why.next().unwrap_or_default(),
            ]);
            rows.extend(why.map(|more| vec![String::new(), String::new(), String::new(), String::new(), more]));
        }
        Some(table(&columns, rows)).filter(|_| !self.quote.outcomes.is_empty())
    }

    fn earned(&self) -> Option<String> {
        if self.quote.points == 0 {
            return None;
        }
        let each = self.quote.earned.iter().map(|earned| format!("{} by {}", earned.points, earned.redeemable));
        Some(format!("{} points earned: {}", self.quote.points, each.collect::<Vec<_>>().join(", ")))
    }

    fn hints(&self) -> Option<String> {
        let hint = |hint: &Hint| {
            let step = |step: &Step| match &step.params.line {
                Some(line) => format!("{} of {line}", step.help),
                None => step.help.clone(),
            };
            let steps: Vec<String> = hint.steps.iter().map(step).collect();
            let is_end = hint.steps.iter().any(|step| step.code == "hurry");
            let brings = match (hint.worth, hint.points) {
                (0, 0) => String::from("comes nearer"),
                (0, points) => format!("earns {points} points more"),
                (worth, _) if is_end => format!("still saves {}", self.money(worth)),
                (worth, _) => format!("saves {} more", self.money(worth)),
            };
            format!("  {}: {brings}, by {}", steps.join(", and "), hint.redeemable)
        };
        let hints: Vec<_> = self.quote.hints.iter().map(hint).collect();
        Some(format!("within reach\n{}", hints.join("\n"))).filter(|_| !hints.is_empty())
    }
}

/// Why an outcome is what it is, line by line.
fn why(outcome: &Outcome) -> Vec<String> {
    let reasons = outcome.reasons.iter().flat_map(Reason::told);
    let open = outcome.open_checks.iter().map(|check| format!("{} is decided on redemption", check.replace('_', " ")));
    reasons.chain(open).collect()
}

impl Reason {
    /// What is so, and below it the remedy.
    fn told(&self) -> [String; 2] {
        [format!("{} [{}]", self.message, self.code), format!("  {}", self.help)]
    }
}
