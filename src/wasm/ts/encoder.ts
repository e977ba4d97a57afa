// Written from the Rust types by `BLESS=1 cargo test --lib generated`; do not edit.
import type { QuoteRequest } from './types.js';
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

/**
 * Writes a request as numbers: only what some rule of the snapshot reads. Returns how many there are, which may be more
 * than there is room for, or `WIDE`. Fills `names`.
 */
export function encode(vocabulary: Vocabulary, w: Float64Array, request: QuoteRequest, names: Names): number {
  const { currency, exponent, now, utcOffset, lines, shipping, customer, codes, country, region, postcode, channel, prices, taxRounding, cashRounding, device, paymentMethod, needsShipping, attributes, payments, declinedGifts, stock, redemptions, budgets, include } = request;
  if (exponent != null || prices != null || taxRounding != null || cashRounding != null || (payments != null && list(payments, 20).length > 0) || redemptions != null || budgets != null) return WIDE;
  object(customer);
  const orders = objectIfAny(customer?.orders);
  w[0] = vocabulary.currency(currency);
  names.currency = currency;
  w[1] = now == null ? Date.now() : slot(now);
  w[2] = slot(utcOffset);
  w[3] = vocabulary.day(customer?.birthday);
  w[4] = slot(customer?.signedUpAt);
  w[7] = slot(customer?.spent);
  w[5] = slot(orders?.count);
  w[6] = slot(orders?.lastAt);
  w[8] = parts(include, ['hints', 'units', 'taxes'], 8);
  if (w[8] & 4) return WIDE;
  let p = 16;
  if (vocabulary.experimentCount > 0 && customer?.id != null) p = vocabulary.pushVariants(w, p, customer?.id);
  if (customer?.signedIn != null) p = pushFlag(w, p, vocabulary.signedIn, customer?.signedIn);
  if (customer?.email != null) p = pushFact(w, p, vocabulary.email, customer?.email);
  if (customer?.segments != null) p = pushAll(w, p, vocabulary.segment, customer?.segments, 1000);
  if (vocabulary.customerAttributes.length > 0) p = pushAttributes(w, p, vocabulary.customerAttributes, customer?.attributes);
  if (vocabulary.redemptions.length > 0) p = pushAttributes(w, p, vocabulary.redemptions, customer?.redemptions);
  if (country != null) p = pushFact(w, p, vocabulary.country, country);
  if (region != null) p = pushFact(w, p, vocabulary.region, region);
  if (postcode != null) p = pushPostcode(w, p, vocabulary.postcode, postcode);
  if (channel != null) p = pushFact(w, p, vocabulary.channel, channel);
  if (device != null) p = pushFact(w, p, vocabulary.device, device);
  if (paymentMethod != null) p = pushFact(w, p, vocabulary.paymentMethod, paymentMethod);
  if (needsShipping != null) p = pushFlag(w, p, vocabulary.needsShipping, needsShipping);
  if (vocabulary.orderAttributes.length > 0) p = pushAttributes(w, p, vocabulary.orderAttributes, attributes);
  w[9] = p - 16;
  w[10] = vocabulary.numberCount;
  if (vocabulary.numberCount > 0) p = vocabulary.pushNumbers(w, p, request);
  names.codes = codes == null ? [] : list(codes, 10).slice();
  w[11] = names.codes.length;
  const first = p;
  for (const code of names.codes) {
    const campaign = vocabulary.code(code);
    // only the core can tell whether two codes of a campaign are one, and whose one of many is
    if (campaign < -1 || (campaign >= 0 && w.subarray(first, p).includes(campaign))) return WIDE;
    w[p++] = campaign;
  }
  names.shipping = [];
  w[12] = shipping == null ? 0 : shipping.length;
  if (shipping != null) {
    for (const charge of list(shipping, 20)) {
      const id = text(charge.id);
      if (names.shipping.includes(id)) throw MISFIT;
      if (charge.taxRate != null) return WIDE;
      names.shipping.push(id);
      w[p++] = vocabulary.method.get(id) ?? 0;
      w[p++] = slot(charge.price);
    }
  }
  w[13] = declinedGifts == null ? 0 : list(declinedGifts, 500).length;
  if (declinedGifts != null) for (const campaign of declinedGifts) w[p++] = vocabulary.campaign(campaign);
  w[14] = stock == null ? 0 : stock.length;
  if (stock != null) {
    for (const one of list(stock, 500)) {
      w[p++] = one.sku == null ? 0 : (vocabulary.sku.get(text(one.sku)) ?? 0);
      w[p++] = one.product == null ? 0 : (vocabulary.product.get(text(one.product)) ?? 0);
      w[p++] = slot(one.available);
    }
  }
  const { sku: skus, product: products, lineAttributes } = vocabulary;
  w[15] = list(lines, 500).length;
  const ids = (names.lines = new Array<string>(lines.length));
  vocabulary.forgetLines();
  for (let i = 0; i < ids.length; i++) {
    const { id, sku, product, unitPrice, quantity, regularPrice, minPrice, cost, taxRate, giftOf, categories, attributes } = lines[i]!;
    if (cost != null || taxRate != null || typeof quantity === 'string') return WIDE;
    const at = p;
    p += 6;
    ids[i] = vocabulary.id(i, id);
    w[at + 0] = slot(unitPrice);
    w[at + 1] = slot(quantity);
    w[at + 2] = slot(minPrice ?? 0);
    w[at + 4] = giftOf == null ? -2 : vocabulary.campaign(giftOf);
    w[at + 3] = vocabulary.twin(i, unitPrice, sku ?? product);
    if (sku != null) p = push(w, p, skus, sku);
    if (product != null) p = push(w, p, products, product);
    if (categories != null) p = vocabulary.pushCategories(w, p, categories);
    if (lineAttributes.length > 0) p = pushAttributes(w, p, lineAttributes, attributes);
    if (regularPrice != null) p = pushOnSale(w, p, vocabulary.onSale, unitPrice, regularPrice, 1000000000000);
    if (vocabulary.favourites.length > 0) {
      p = vocabulary.pushFavourites(w, p, customer?.attributes, lines[i]!);
    }
    w[at + 5] = p - at - 6;
    if (vocabulary.lineNumberCount > 0) p = vocabulary.pushLineNumbers(w, p, attributes);
  }
  return p;
}
