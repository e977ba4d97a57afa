//! `counterfoil import`

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use counterfoil::voucherify::mapping::Shop;
use serde_json::json;

use crate::fault::Failure;
use crate::moving::{shopify, voucherify, woocommerce, Carrier, CODES, DOCUMENTS, REPORT};
use crate::render::{count, say};

/// Move in: campaigns and codes of another system become documents and a list of codes
///
/// Writes a folder: `campaigns.json` are campaign documents, whose `codeList`s lie in `codes/`, ready for `counterfoil publish`
/// with `--edge-to` and `--pepper`; `codes.csv` keeps all that is known of each code; `accounts.jsonl` are postings of what is on
/// loyalty cards; `report.jsonl` tells, item by item, what could not be carried over and why. An offer of which a rule is
/// lost is paused: nothing is given that the rule would have refused. Files are read entry by entry, however large they are.
#[derive(Debug, Args)]
#[command(after_long_help = r#"Example:

  counterfoil import voucherify campaigns.json vouchers.csv --currency EUR --out moved
  counterfoil import woocommerce coupons.csv --currency EUR --out moved
  counterfoil import shopify discounts_export.csv --currency EUR --out moved

Voucherify: campaigns, tiers, validation rules and their assignments, rewards,
earning rules, segments, categories, collections, products and SKUs as JSON (a
list, lists within an object, or one object a line), the project's
`stacking_rules` as an object of that name, vouchers as JSON or CSV. Amounts in
CSV are in major units: 12.50.
WooCommerce: tables of coupons, or what its REST interface lists as JSON.
Shopify: the table that the admin exports, price rules as JSON, or discounts
of the Admin GraphQL interface as JSON or, of a bulk operation, as JSONL."#)]
pub struct Arguments {
    /// Where from
    #[arg(value_enum)]
    source: Source,
    /// What was exported there
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The currency of its amounts
    #[arg(long, value_name = "CODE")]
    currency: String,
    /// The time zone of its days and hours
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = zone)]
    time_zone: String,
    /// A new folder
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

fn zone(name: &str) -> Result<String, String> {
    let found = jiff::tz::TimeZone::get(name).map(|_| name.to_owned());
    found.map_err(|_| "use a name of the IANA time zone database, such as Europe/Dublin".to_owned())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Source {
    Voucherify,
    Woocommerce,
    Shopify,
}

impl Arguments {
    /// Runs the command.
    pub fn run(mut self) -> Result<(), Failure> {
        // `export` writes its report beside the objects
        self.files.retain(|file| file.file_name().is_none_or(|name| name != REPORT));
        let shop = Shop { currency: &self.currency, time_zone: &self.time_zone };
        let mut carrier = Carrier::begin(&self.out)?;
        let stacking = match self.source {
            Source::Voucherify => voucherify::Import { files: &self.files, shop }.run(&mut carrier)?,
            Source::Woocommerce => {
                woocommerce::import(&self.files, &shop, &mut carrier)?;
                json!({ "preset": "woocommerce" })
            }
            Source::Shopify => {
                shopify::import(&self.files, &shop, &mut carrier)?;
                // of what does not combine, the best applies
                json!({ "preset": "shopify", "pick": "best" })
            }
        };
        let moved = carrier.finish(&stacking)?;
        let out = self.out.display();
        say(&format!(
            "{} in {out}/{DOCUMENTS}, {} in {out}/{CODES}",
            count(moved.documents, "campaign"),
            count(moved.codes, "code")
        ))?;
        let lost = match moved.lost {
            0 => "nothing is lost".to_string(),
            items => format!("{} could not be carried over: see {out}/{REPORT}", count(items, "item")),
        };
        Ok(say(&lost)?)
    }
}
