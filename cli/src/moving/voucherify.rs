//! Voucherify's exports: campaigns, tiers, rules, rewards and earning rules as JSON, vouchers as JSON or CSV.

use std::path::{Path, PathBuf};

use counterfoil::voucherify::mapping::collections::Collections;
use counterfoil::voucherify::mapping::members::Members;
use counterfoil::voucherify::mapping::offers::{name_of, tell_unread};
use counterfoil::voucherify::mapping::Shop;
use serde_json::Value;

use super::{elements, rows, Carrier, Receiver};
use crate::fault::Fault;

mod export;
mod numbers;

mod table;
mod vouchers;

use counterfoil::voucherify::mapping::referred::{object_of, Referred};
pub use export::export;
use table::of_cells;
use vouchers::{is_voucher, Vouchers};

/// What is read, and of which shop.
pub struct Import<'a> {
    /// The files.
    pub files: &'a [PathBuf],
    /// The shop.
    pub shop: Shop<'a>,
}

impl Import<'_> {
    /// Reads everything twice: what vouchers refer to, then the vouchers; products once more where collections ask for them. Gives how
    /// the documents combine.
    ///
    /// # Errors
    /// `file_unavailable`, `file_malformed`, `too_many_campaigns`.
    pub fn run(&self, carrier: &mut Carrier) -> Result<Value, Fault> {
        let mut referred = Referred::default();
        let mut members = Members::default();
        for file in self.files.iter().filter(|file| !is_table(file)) {
            elements::read(file, &[], &mut |member, element| {
                if !element.is_object() {
                    return tell_bare(member, &element, carrier);
                }
                if let Some(object) = object_of(member, &element) {
                    tell_unread(&members.unread(object, &element), object, name_of(&element), carrier)?;
                    referred.add(object, element);
                } else if !is_voucher(member, &element) {
                    let id = element["id"].as_str().unwrap_or_default();
                    let object = element["object"].as_str().unwrap_or(member);
                    carrier.lost(object, id, "", "objects of this kind are not campaigns; the shop keeps them")?;
                }
                Ok(())
            })?;
        }
        let collections = self.collections(&referred, carrier)?;
        referred.each_offer(|offer| collections.resolve(offer));
        let stacking = referred.combining(&self.shop, carrier)?;
        let offers = referred.campaigns(&self.shop, carrier)?;
        let mut vouchers = Vouchers::new(self.shop, &referred, offers);
        for file in self.files {
            if is_table(file) {
                rows(file, |cells| {
                    let base = vouchers.base(&cells);
                    let (voucher, unread) = of_cells(&cells, base.as_deref());
                    let code = voucher["code"].as_str().unwrap_or_default();
                    tell_unread(&unread, "voucher", code, carrier)?;
                    vouchers.add(&voucher, carrier)
                })?;
            } else {
                elements::read(file, &[], &mut |member, mut element| {
                    if !element.is_object() || !is_voucher(member, &element) || object_of(member, &element).is_some() {
                        return Ok(());
                    }
                    tell_unread(&members.unread("voucher", &element), "voucher", name_of(&element), carrier)?;
                    collections.resolve(&mut element);
                    vouchers.add(&element, carrier)
                })?;
            }
        }
        for (object, id, member, why) in referred.astray(vouchers.met()) {
            carrier.lost(object, id, member, &why)?;
        }
        Ok(stacking)
    }

    /// The collections of the export, and which of its products they hold.
    fn collections(&self, referred: &Referred, carrier: &mut Carrier) -> Result<Collections, Fault> {
        let mut collections = Collections::default();
        referred.each("products_collection").for_each(|(_, row)| collections.add(row));
        if collections.asks_products() {
            for file in self.files.iter().filter(|file| !is_table(file)) {
                elements::read(file, &[], &mut |member, element| {
                    let kinds = [("product", "products"), ("sku", "skus")];
                    let is = |(object, list): &&(&str, &str)| {
                        element["object"].as_str().map_or(member == *list, |own| own == *object)
                    };
                    if let Some((object, _)) = kinds.iter().find(is) {
                        collections.consider(object, &element);
                    }
                    Ok(())
                })?;
            }
        }
        for (id, loss) in collections.losses() {
            carrier.lost("products_collection", &id, &loss.member, &loss.why)?;
        }
        Ok(collections)
    }
}

/// What a list of Voucherify's interface says of itself.
const OF_LISTS: [&str; 5] = ["object", "total", "data_ref", "has_more", "more_starting_after"];

/// What stands in place of an object.
fn tell_bare(member: &str, value: &Value, carrier: &mut Carrier) -> Result<(), Fault> {
    if OF_LISTS.contains(&member) {
        carrier.lost_everywhere("list", member, "Voucherify gave it; nothing here goes by it");
        return Ok(());
    }
    carrier.lost(member, "", "", &format!("a bare value is no object of an export: {value}"))
}

fn is_table(file: &Path) -> bool {
    file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"))
}
