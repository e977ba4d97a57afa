//! How a quote came about, for people: what each campaign took of what, why others did not apply, and what every unit
//! came to.

use counterfoil::money::{Amount, Currency};
use counterfoil::trace::{CampaignTrace, DiscountTrace, ShareTrace, StepTrace, Trace};
use serde_json::Value as Json;

use super::table::{table, Column};

/// Writes the story of a quote.
pub fn trace(trace: &Trace) -> Option<String> {
    let page = Page { currency: Currency::parse(&trace.currency)?, trace };
    let parts = [page.takings(), page.losers(), page.units()];
    Some(parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n"))
}

struct Page<'a> {
    currency: Currency,
    trace: &'a Trace,
}

impl Page<'_> {
    fn amount(&self, minor: i64) -> String {
        let mut text = String::new();
        self.currency.write(Amount::new(minor), &mut text);
        text.strip_suffix(self.currency.code()).map_or(text.clone(), |amount| amount.trim_end().to_owned())
    }

    fn takings(&self) -> Option<String> {
        let columns = [
            Column::Text("in turn"),
            Column::Text("from"),
            Column::Number("before"),
            Column::Number("takes"),
            Column::Number("after"),
            Column::Text("how"),
        ];
        let mut rows = Vec::new();
        for campaign in self.trace.campaigns.iter().filter(|campaign| campaign.applied) {
            let mut name = match &campaign.code {
                Some(code) => format!("{} ({code})", campaign.redeemable),
                None => campaign.redeemable.clone(),
            };
            for discount in &campaign.discounts {
                let mut how = self.how(discount).into_iter();
                for share in &discount.shares {
                    let own = self.how_share(share);
                    let how = [how.next().unwrap_or_default(), own].into_iter().filter(|part| !part.is_empty());
                    let how = how.collect::<Vec<_>>().join("; ");
                    let amounts = [share.before, share.taken, share.after];
                    rows.push(self.row(std::mem::take(&mut name), share.lines.join(" + "), amounts, how));
                }
                for share in &discount.shipping {
                    let amounts = [share.before, share.taken, share.after];
                    let from = format!("shipping: {}", share.shipping);
                    rows.push(self.row(std::mem::take(&mut name), from, amounts, how.next().unwrap_or_default()));
                }
                // what is not beside a share stands below them
                let empty = || vec![String::new(); 5];
                rows.extend(how.map(|more| [empty(), vec![more]].concat()));
            }
            if campaign.points != 0 {
                let blank = || vec![String::new(); 4];
                rows.push(
                    [vec![std::mem::take(&mut name)], blank(), vec![format!("{} points", campaign.points)]].concat(),
                );
            }
        }
        Some(table(&columns, rows)).filter(|_| self.trace.campaigns.iter().any(|campaign| campaign.applied))
    }

    fn row(&self, name: String, from: String, [before, taken, after]: [i64; 3], how: String) -> Vec<String> {
        vec![name, from, self.amount(before), self.amount(taken.saturating_neg()), self.amount(after), how]
    }

    /// What a discount did before it took anything, step by step.
    fn how(&self, discount: &DiscountTrace) -> Vec<String> {
        let mut steps = Vec::new();
        for gone in &discount.gone {
            steps.push(format!("{} of {} used up before", gone.units, gone.lines.join(" + ")));
        }
        let basis = if discount.on_original { " at original prices" } else { "" };
        for rounded in &discount.rounded {
            let (percent, of, to) = (&rounded.percent, self.amount(rounded.of), self.amount(rounded.to));
            let rounding = match rounded.exact == rounded.to.to_string() {
                true => String::new(),
                false => format!(", {} from {} minor units", rounded.mode.replace('_', " "), rounded.exact),
            };
            steps.push(format!("{percent} % of {of}{basis} is {to}{rounding}"));
        }
        for cut in &discount.cuts {
            let of = if cut.lines.is_empty() { String::new() } else { format!(" of {}", cut.lines.join(" + ")) };
            steps.push(format!("{}{of} cuts {} to {}", cut.by, self.amount(cut.from), self.amount(cut.to)));
        }
        if let Some(spread) = &discount.spread {
            steps.push(format!("{} spread over {} shares", self.amount(spread.amount), spread.weights.len()));
        }
        for used in &discount.used_up {
            steps.push(format!("{} of {} used up", used.units, used.lines.join(" + ")));
        }
        steps
    }

    /// What is particular to one share.
    fn how_share(&self, share: &ShareTrace) -> String {
        let mut parts = Vec::new();
        if let Some(units) = share.units {
            parts.push(format!("{} {units}", share.from));
        }
        match (share.bearing.as_str(), share.each) {
            ("each", Some(each)) => parts.push(format!("{} each", self.amount(each))),
            ("down_to", Some(price)) => parts.push(format!("down to {}", self.amount(price))),
            _ => {}
        }
        if let Some(exact) = share.exact.as_ref().filter(|exact| **exact != share.offered.to_string()) {
            parts.push(format!("share {exact} minor units"));
        }
        if share.offered > share.taken {
            parts.push(format!("{} offered", self.amount(share.offered)));
        }
        parts.join(", ")
    }

    fn losers(&self) -> Option<String> {
        let columns = [Column::Text("did not apply"), Column::Text("why")];
        let mut rows = Vec::new();
        for campaign in self.trace.campaigns.iter().filter(|campaign| !campaign.applied) {
            let mut why = self.why(campaign).into_iter();
            rows.push(vec![campaign.redeemable.clone(), why.next().unwrap_or_default()]);
            rows.extend(why.map(|more| vec![String::new(), more]));
        }
        Some(table(&columns, rows.clone())).filter(|_| !rows.is_empty())
    }

    fn why(&self, campaign: &CampaignTrace) -> Vec<String> {
        let text = |reason: &Json, name: &str| reason.get(name).and_then(Json::as_str).unwrap_or_default().to_owned();
        let told = |reason: &Json| {
            [format!("{} [{}]", text(reason, "message"), text(reason, "code")), format!("  {}", text(reason, "help"))]
        };
        let mut why: Vec<String> = campaign.reasons.iter().flat_map(told).collect();
        if let Some(deal) = campaign.deal {
            let with_it = deal
                .saved_with_it
                .map_or("no combination has it".to_owned(), |saved| format!("the best with it {}", self.amount(saved)));
            why.push(format!("  the combination saves {}, {with_it}", self.amount(deal.saved)));
        }
        why
    }

    fn units(&self) -> Option<String> {
        let columns = [
            Column::Text("unit"),
            Column::Number("count"),
            Column::Number("price"),
            Column::Text("less"),
            Column::Number("costs"),
        ];
        let mut rows = Vec::new();
        for line in &self.trace.lines {
            let mut name = line.id.clone();
            for run in &line.units {
                let [price, total] = [self.amount(run.price), self.amount(run.total)];
                rows.push(vec![std::mem::take(&mut name), run.count.to_string(), price, self.less(&run.steps), total]);
            }
        }
        for charge in &self.trace.shipping {
            let [price, total] = [self.amount(charge.price), self.amount(charge.total)];
            rows.push(vec![format!("shipping: {}", charge.id), String::new(), price, self.less(&charge.steps), total]);
        }
        Some(table(&columns, rows)).filter(|_| !self.trace.lines.is_empty())
    }

    fn less(&self, steps: &[StepTrace]) -> String {
        let each = steps.iter().map(|step| format!("{} {}", self.amount(step.taken), step.redeemable));
        each.collect::<Vec<_>>().join(", ")
    }
}
