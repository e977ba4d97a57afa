// A bundle that is stated without a request: a cart that holds it so many times, and what an answer shows of the discount.
import { differences } from './compare.mjs';
import { load } from './load.mjs';

/** What a product costs where the statement does not say: more than any discount of one. */
const PRICE = 100_000;

const productOf = (name) => `prod_${name.replaceAll(' ', '_')}`;

export async function bundle(project, given) {
  const { bundles_in_cart, discount, scaling = 'MULTIPLY', targets = [], limit = 100 } = given.bundle_case;
  const part = { product_id: 'prod_part', quantity: bundles_in_cart, price: PRICE };
  const { lines, defined, products } = isUpgrade(discount) ? upgrade(given.bundle_case) : { lines: targets.map(line), ...gift(discount) };
  const bundle_rules = {
    1: {
      name: 'order.items.any',
      conditions: { $is: [{ id: part.product_id, type: 'product_or_sku', object: 'product' }] },
      rules: { 1: { name: 'order.items.aggregated_quantity', conditions: { $is: [1] } } },
    },
    logic: '1',
    limit: scaling === 'MULTIPLY' ? limit : 1,
  };
  const items = [...lines, part];
  await load(project, {
    now: given.now,
    products: [...items.map(({ product_id, price }) => ({ id: product_id, price })), ...products],
    vouchers: [{ code: 'BUNDLE', type: 'DISCOUNT_VOUCHER', discount: defined, validation_rule: { bundle_rules }, ...meant(given.bundle_case, lines, part) }],
  });
  const amount = given.bundle_case.order_amount ?? given.order?.amount;
  const { body } = await project.call('POST', '/v1/validations', { redeemables: [{ object: 'voucher', id: 'BUNDLE' }], order: { amount, items } });
  if (!body?.valid) return [`it does not apply: ${JSON.stringify(body)}`];
  return differences(given.expect, shown(given.bundle_case, lines, body));
}

function line({ name, quantity = 1, amount, subtotal, price }) {
  const whole = amount ?? subtotal;
  return { product_id: productOf(name), quantity, price: price ?? (whole === undefined ? PRICE : undefined), amount: whole };
}

/** Units that are given are of a product with a price. */
function gift(discount) {
  if (discount.type !== 'UNIT') return { defined: discount, products: [] };
  const defined = discount.unit_type || discount.units ? discount : { ...discount, unit_type: 'prod_free' };
  const given = defined.units ?? [defined];
  return { defined, products: given.map(({ unit_type }) => ({ id: unit_type, price: PRICE })) };
}

const isUpgrade = ({ effect }) => effect === 'REPLACE_ITEMS';

/** What is given up is in the cart as often as any number of bundles can ask for. */
function upgrade({ bundles_in_cart, discount, source = discount.source, target = discount.target }) {
  const side = ({ name, product, unit_type, quantity = 1 }, other) => ({ unit_type: unit_type ?? productOf(name ?? product ?? other), quantity });
  const [from, to] = [side(source, 'source'), side(target, 'target')];
  const price = source.price ?? PRICE;
  const lines = [{ product_id: from.unit_type, quantity: from.quantity * bundles_in_cart, price }];
  const products = [{ id: to.unit_type, price: target.price ?? price }];
  return { lines, defined: { type: 'UNIT', ...discount, source: from, target: to }, products };
}

/** The products that the discount is for: those that are stated, or the part that makes the bundle. */
function meant({ discount, targets = [], quantity_limit, aggregated_quantity_limit }, lines, part) {
  if (!discount.effect?.startsWith('APPLY_TO_ITEMS')) return {};
  const entry = (product_id, own) => ({
    object: 'product', id: product_id, effect: 'APPLY_TO_EVERY', quantity_limit: own ?? quantity_limit, aggregated_quantity_limit,
  });
  const entries = lines.map(({ product_id }, index) => entry(product_id, targets[index].quantity_limit));
  return { applicable_to: { data: entries.length > 0 ? entries : [entry(part.product_id)] } };
}

/** What the answer shows, in the words that statements use. */
function shown({ discount }, lines, { order, redeemables }) {
  const [{ result }] = redeemables;
  const items = order.items ?? [];
  const total = order.total_discount_amount ?? 0;
  const discounted = items.filter(({ discount_amount = 0 }) => discount_amount > 0);
  const base = (discount.effect === 'APPLY_TO_ITEMS' ? discounted : items).reduce((sum, { amount }) => sum + amount, 0);
  const free = items.reduce((sum, { discount_quantity = 0 }) => sum + discount_quantity, 0);
  const units = unitsOf(discount, discounted, free);
  return {
    bundles: result.bundle?.quantity,
    quantity: result.bundle?.quantity,
    total_discount_amount: total,
    total_amount: order.total_amount,
    targets: lines.map((_, index) => items[index]?.discount_amount ?? 0),
    discounted_units: units,
    free_units: units,
    units,
    effective_percent_off: discount.type === 'PERCENT' ? (total * 100) / base : undefined,
    effective_amount_off: discount.effect === 'APPLY_TO_ITEMS' ? discounted[0]?.discount_amount : total,
    effective_unit_off: units,
    ...replaced(items),
  };
}

/** How many units are discounted: counted where the answer does, else told by what each of them saves. */
function unitsOf({ type, effect, amount_off, fixed_amount }, discounted, free) {
  const saved = (each) => discounted.reduce((sum, item) => sum + item.discount_amount / each(item), 0);
  if (effect === 'APPLY_TO_ITEMS_BY_QUANTITY') return saved(() => amount_off);
  if (type === 'FIXED') return saved(({ price }) => price - fixed_amount);
  return type === 'UNIT' ? free : undefined;
}

function replaced(items) {
  const [detail] = items.flatMap(({ application_details = [] }) => application_details);
  if (!detail) return {};
  return { source: { quantity: -detail.source_applied_quantity }, target: { quantity: detail.target_applied_quantity } };
}
