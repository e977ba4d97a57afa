//! The encoder of requests: straight code for each member, since a table of names to look up would make every read of
//! an object slow.

use super::joined;
use crate::cart::MAX_PRICE;
use crate::request::shape::{Kind, Member, Shape, REQUEST};
use crate::vocabulary::Subject;
use crate::wasm::layout::{LineSlot, RequestSlot, ShippingSlot, StockSlot};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const IMPORTS: &str = "import type { QuoteRequest } from './types.js';
import { list, MISFIT, object, objectIfAny, parts, slot, text } from './value.js';
import {
  push,
  pushAll,
  pushAttributes,
  pushFact,
  pushFlag,
  pushOnSale,
  pushPostcode,
  type Vocabulary,
} from './vocabulary.js';
";

const NAMES: &str = "
/** The names of a request that its quote gives back. */
export interface Names {
  currency: string;
  lines: string[];
  shipping: string[];
  codes: readonly string[];
  payments: readonly string[];
}

/** What only JSON carries. */
export const WIDE = 0;
";

pub fn write() -> String {
    let mut out = [IMPORTS, NAMES].concat();
    // what only some rules read is read by the vocabulary
    let is_read = |member: &&Member| member.name != "startedAt";
    let names: Vec<&str> = REQUEST.members.iter().filter(is_read).map(|member| member.name).collect();
    out.push_str(
        "
/**
 * Writes a request as numbers: only what some rule of the snapshot reads. Returns how many there are, which may be more
 * than there is room for, or `WIDE`. Fills `names`.
 */
export function encode(vocabulary: Vocabulary, w: Float64Array, request: QuoteRequest, names: Names): number {
",
    );
    out.push_str(&format!("  const {{ {} }} = request;\n", names.join(", ")));
    let wide: Vec<String> = REQUEST.members.iter().filter(|member| is_wide(member)).map(|m| given(m.name)).collect();
    out.push_str(&format!("  if ({}) return WIDE;\n", wide.join(" || ")));
    objects(&REQUEST, &mut out);
    numbers(&REQUEST, &mut out);
    out.push_str(&format!("  let p = {};\n", RequestSlot::COUNT));
    context(&REQUEST, &mut out);
    out.push_str(&format!("  w[{}] = p - {};\n", RequestSlot::ContextCount as usize, RequestSlot::COUNT));
    out.push_str(&format!("  w[{}] = vocabulary.numberCount;\n", RequestSlot::NumberCount as usize));
    out.push_str("  if (vocabulary.numberCount > 0) p = vocabulary.pushNumbers(w, p, request);\n");
    let mut lists: [String; 5] = Default::default();
    let [of_codes, of_charges, of_declined, of_stock, of_lines] = &mut lists;
    for member in REQUEST.members {
        match &member.kind {
            Kind::Codes(limit) => codes(member, limit.most, of_codes),
            Kind::List(limit, shape) if shape.name == "Shipping" => charges(member, limit.most, shape, of_charges),
            Kind::Campaigns(limit) => declined(member, limit.most, of_declined),
            Kind::List(limit, shape) if shape.name == "Stock" => stock(member, limit.most, shape, of_stock),
            Kind::List(limit, shape) if shape.name == "Line" => lines(member, limit.most, shape, of_lines),
            _ => {}
        }
    }
    out.push_str(&lists.concat());
    out.push_str("  return p;\n}\n");
    out
}

/// Checks objects, and names those that lie deeper.
fn objects(shape: &Shape, out: &mut String) {
    for member in shape.members {
        if let (Kind::Object(inner), false) = (&member.kind, is_wide(member)) {
            out.push_str(&format!("  object({});\n", member.name));
            for deeper in inner.members {
                if let Kind::ObjectIfAny(_) = &deeper.kind {
                    out.push_str(&format!("  const {0} = objectIfAny({1}?.{0});\n", deeper.name, member.name));
                }
            }
        }
    }
}

/// The slots of the head, which hold one number each.
fn numbers(shape: &Shape, out: &mut String) {
    let of = match shape.name {
        "QuoteRequest" => "",
        "Customer" => "customer?.",
        "OrderHistory" => "orders?.",
        other => panic!("{other} is no object of the head"),
    };
    for member in shape.members.iter().filter(|member| !is_wide(member)) {
        let value = format!("{of}{}", member.name);
        let at = head(shape.name, member.name);
        match &member.kind {
            Kind::Currency => {
                out.push_str(&format!("  w[{at}] = vocabulary.currency({value});\n  names.currency = {value};\n"))
            }
            // a request without its moment is of now
            Kind::Whole(_) if at == RequestSlot::Now as usize => {
                out.push_str(&format!("  w[{at}] = {value} == null ? Date.now() : slot({value});\n"));
            }
            // what only some rules read is among the numbers of the vocabulary
            Kind::Whole(_) if at == usize::MAX => {}
            Kind::Whole(_) => out.push_str(&format!("  w[{at}] = slot({value});\n")),
            Kind::Day => out.push_str(&format!("  w[{at}] = vocabulary.day({value});\n")),
            Kind::Object(inner) | Kind::ObjectIfAny(inner) => numbers(inner, out),
            Kind::Parts(list, all) => {
                out.push_str(&format!("  w[{at}] = parts({value}, [{}], {});\n", joined(all, ", "), list.most));
                let wide = all.iter().position(|part| *part == "taxes").map_or(0, |bit| 1 << bit);
                out.push_str(&format!("  if (w[{at}] & {wide}) return WIDE;\n"));
            }
            _ => {}
        }
    }
}

/// Lists of the head that few requests have.
const CROSSING_AS_JSON: &[&str] = &["Payment", "Redemptions", "BudgetSpent"];

/// Whether a member of the head has no slot: a request that has it crosses as JSON.
fn is_wide(member: &Member) -> bool {
    let is_rare = matches!(&member.kind, Kind::OneOf(..))
        || matches!(&member.kind, Kind::Object(shape) if shape.name == "CashRounding")
        || matches!(&member.kind, Kind::List(_, shape) if CROSSING_AS_JSON.contains(&shape.name));
    is_rare || member.name == "exponent"
}

fn given(name: &str) -> String {
    match name {
        "payments" => format!("({name} != null && list({name}, 20).length > 0)"),
        _ => format!("{name} != null"),
    }
}

/// The slot of a number of the head. A member that has none cannot be encoded.
fn head(shape: &str, member: &str) -> usize {
    let slot = match (shape, member) {
        ("QuoteRequest", "currency") => RequestSlot::Currency,
        ("QuoteRequest", "now") => RequestSlot::Now,
        ("QuoteRequest", "utcOffset") => RequestSlot::UtcOffset,
        ("QuoteRequest", "include") => RequestSlot::Include,
        ("Customer", "birthday") => RequestSlot::Birthday,
        ("Customer", "signedUpAt") => RequestSlot::SignedUpAt,
        ("Customer", "spent") => RequestSlot::CustomerSpent,
        ("OrderHistory", "count") => RequestSlot::OrderCount,
        ("OrderHistory", "lastAt") => RequestSlot::LastOrderAt,
        // what is not a number of its own
        ("QuoteRequest", _)
        | ("Customer", "id" | "signedIn" | "email" | "segments" | "attributes" | "orders" | "redemptions")
        | ("OrderHistory", "spent" | "bought") => return usize::MAX,
        other => panic!("{other:?} has no slot"),
    };
    slot as usize
}

/// The words of the customer and the situation.
fn context(shape: &Shape, out: &mut String) {
    for member in shape.members {
        match &member.kind {
            Kind::Object(inner) => {
                for deeper in inner.members {
                    words(deeper, &format!("{}?.{}", member.name, deeper.name), "  ", out);
                }
            }
            _ => words(member, member.name, "  ", out),
        }
    }
}

fn words(member: &Member, value: &str, indent: &str, out: &mut String) {
    match &member.kind {
        Kind::OwnWord(_, words) => {
            let table = table(*words);
            out.push_str(&format!("{indent}if ({value} != null) p = push(w, p, {table}, {value});\n"));
        }
        Kind::Word(words) => {
            let push = if *words == Subject::Postcode { "pushPostcode" } else { "pushFact" };
            let table = table(*words);
            out.push_str(&format!("{indent}if ({value} != null) p = {push}(w, p, {table}, {value});\n"));
        }
        Kind::Flag(words) => {
            let table = table(*words);
            out.push_str(&format!("{indent}if ({value} != null) p = pushFlag(w, p, {table}, {value});\n"));
        }
        Kind::Text(_) if value == "customer?.id" => {
            let push = format!("vocabulary.pushVariants(w, p, {value})");
            out.push_str(&format!("{indent}if (vocabulary.experimentCount > 0 && {value} != null) p = {push};\n"));
        }
        Kind::Words(Subject::Category) => {
            out.push_str(&format!("{indent}if ({value} != null) p = vocabulary.pushCategories(w, p, {value});\n"));
        }
        Kind::Words(words) => {
            let most = crate::request::shape::WORDS.most;
            let table = table(*words);
            out.push_str(&format!("{indent}if ({value} != null) p = pushAll(w, p, {table}, {value}, {most});\n"));
        }
        Kind::Attributes(words) => {
            let table = table(*words);
            out.push_str(&format!("{indent}if ({table}.length > 0) p = pushAttributes(w, p, {table}, {value});\n"));
        }
        _ => {}
    }
}

fn table(words: Subject) -> &'static str {
    match words {
        Subject::Sku => "skus",
        Subject::Product => "products",
        Subject::LineAttribute => "lineAttributes",
        Subject::Segment => "vocabulary.segment",
        Subject::CustomerAttribute => "vocabulary.customerAttributes",
        Subject::Country => "vocabulary.country",
        Subject::Channel => "vocabulary.channel",
        Subject::Region => "vocabulary.region",
        Subject::Postcode => "vocabulary.postcode",
        Subject::Device => "vocabulary.device",
        Subject::PaymentMethod => "vocabulary.paymentMethod",
        Subject::NeedsShipping => "vocabulary.needsShipping",
        Subject::Email => "vocabulary.email",
        Subject::SignedIn => "vocabulary.signedIn",
        Subject::OrderAttribute => "vocabulary.orderAttributes",
        Subject::Redemptions => "vocabulary.redemptions",
        other => panic!("{other:?} is not told by a member"),
    }
}

fn codes(member: &Member, most: usize, out: &mut String) {
    let name = member.name;
    let at = RequestSlot::CodeCount as usize;
    out.push_str(&format!(
        "  names.{name} = {name} == null ? [] : list({name}, {most}).slice();
  w[{at}] = names.{name}.length;
  const first = p;
  for (const code of names.{name}) {{
    const campaign = vocabulary.code(code);
    // only the core can tell whether two codes of a campaign are one, and whose one of many is
    if (campaign < -1 || (campaign >= 0 && w.subarray(first, p).includes(campaign))) return WIDE;
    w[p++] = campaign;
  }}
"
    ));
}

fn charges(member: &Member, most: usize, shape: &Shape, out: &mut String) {
    let [id, price, tax] = shape.members else { panic!("a shipping charge has an id, a price and a tax rate") };
    assert_eq!([ShippingSlot::Method as usize, ShippingSlot::Price as usize], [0, 1]);
    let (name, at) = (member.name, RequestSlot::ShippingCount as usize);
    out.push_str(&format!(
        "  names.{name} = [];
  w[{at}] = {name} == null ? 0 : {name}.length;
  if ({name} != null) {{
    for (const charge of list({name}, {most})) {{
      const id = text(charge.{id});
      if (names.{name}.includes(id)) throw MISFIT;
      if (charge.{tax} != null) return WIDE;
      names.{name}.push(id);
      w[p++] = vocabulary.method.get(id) ?? 0;
      w[p++] = slot(charge.{price});
    }}
  }}
",
        id = id.name,
        price = price.name,
        tax = tax.name,
    ));
}

fn declined(member: &Member, most: usize, out: &mut String) {
    let (name, at) = (member.name, RequestSlot::DeclinedCount as usize);
    out.push_str(&format!(
        "  w[{at}] = {name} == null ? 0 : list({name}, {most}).length;
  if ({name} != null) for (const campaign of {name}) w[p++] = vocabulary.campaign(campaign);
"
    ));
}

fn stock(member: &Member, most: usize, shape: &Shape, out: &mut String) {
    let [sku, product, available] = shape.members else { panic!("a stock entry has a sku, a product and a number") };
    let places = [StockSlot::Sku as usize, StockSlot::Product as usize, StockSlot::Available as usize];
    assert_eq!(places, [0, 1, 2]);
    let (name, at) = (member.name, RequestSlot::StockCount as usize);
    out.push_str(&format!(
        "  w[{at}] = {name} == null ? 0 : {name}.length;
  if ({name} != null) {{
    for (const one of list({name}, {most})) {{
      w[p++] = one.{sku} == null ? 0 : (vocabulary.sku.get(text(one.{sku})) ?? 0);
      w[p++] = one.{product} == null ? 0 : (vocabulary.product.get(text(one.{product})) ?? 0);
      w[p++] = slot(one.{available});
    }}
  }}
",
        sku = sku.name,
        product = product.name,
        available = available.name,
    ));
}

fn lines(member: &Member, most: usize, shape: &Shape, out: &mut String) {
    let name = member.name;
    let members: Vec<&str> = shape.members.iter().map(|member| member.name).collect();
    out.push_str(&format!(
        "  const {{ sku: skus, product: products, lineAttributes }} = vocabulary;
  w[{count}] = list({name}, {most}).length;
  const ids = (names.{name} = new Array<string>({name}.length));
  vocabulary.forgetLines();
  for (let i = 0; i < ids.length; i++) {{
    const {{ {members} }} = {name}[i]!;
    if ({wide}) return WIDE;
    const at = p;
    p += {slots};
",
        count = RequestSlot::LineCount as usize,
        members = members.join(", "),
        slots = LineSlot::COUNT,
        wide = "cost != null || taxRate != null || typeof quantity === 'string'",
    ));
    for member in shape.members {
        match (&member.kind, member.name) {
            (Kind::Text(_), name) => out.push_str(&format!("    ids[i] = vocabulary.id(i, {name});\n")),
            (Kind::Whole(_), "unitPrice") => {
                out.push_str(&format!("    w[at + {}] = slot(unitPrice);\n", LineSlot::Price as usize))
            }
            (Kind::Quantity(..), "quantity") => {
                out.push_str(&format!("    w[at + {}] = slot(quantity);\n", LineSlot::Quantity as usize))
            }
            (Kind::Whole(_), "minPrice") => {
                out.push_str(&format!("    w[at + {}] = slot(minPrice ?? 0);\n", LineSlot::MinPrice as usize))
            }
            (Kind::Campaign(_), name) => out.push_str(&format!(
                "    w[at + {}] = {name} == null ? -2 : vocabulary.campaign({name});\n",
                LineSlot::GiftOf as usize
            )),
            // it is a word
            (Kind::Whole(_), "regularPrice") => {}
            // what only JSON carries
            (Kind::Whole(_) | Kind::Percent(_), "cost" | "taxRate") => {}
            (Kind::Whole(_) | Kind::Quantity(..) | Kind::Percent(_), name) => panic!("`{name}` of a line has no slot"),
            _ => {}
        }
    }
    out.push_str(&format!(
        "    w[at + {}] = vocabulary.twin(i, unitPrice, sku ?? product);\n",
        LineSlot::SameAs as usize
    ));
    for member in shape.members.iter().filter(|member| !matches!(member.kind, Kind::Text(_))) {
        words(member, member.name, "    ", out);
    }
    out.push_str(&format!(
        "    if (regularPrice != null) p = pushOnSale(w, p, vocabulary.onSale, unitPrice, regularPrice, {MAX_PRICE});
    if (vocabulary.favourites.length > 0) {{
      p = vocabulary.pushFavourites(w, p, customer?.attributes, {name}[i]!);
    }}
    w[at + {}] = p - at - {};
    if (vocabulary.lineNumberCount > 0) p = vocabulary.pushLineNumbers(w, p, attributes);
  }}
",
        LineSlot::WordCount as usize,
        LineSlot::COUNT,
    ));
}
