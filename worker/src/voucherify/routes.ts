import { clientRoutes } from './client_side';
import { managementRoutes } from './management';
import { loyaltyRoutes } from './loyalties';
import type { Route } from './route';
import { serverRoutes } from './server_side';

/** Every covered endpoint, in the order in which addresses are tried. `docs/voucherify-endpoints.md` is this table. */
export const ROUTES: readonly Route[] = [...serverRoutes, ...loyaltyRoutes, ...clientRoutes, ...managementRoutes];

/** Voucherify's endpoints that are not covered, and whose last word a covered one would take for a name of a row. */
export const NOT_COVERED: readonly Pick<Route, 'method' | 'path'>[] = [
  '/vouchers/import',
  '/vouchers/importCSV',
  '/customers/import',
  '/customers/importCSV',
  '/orders/import',
  '/orders/importCSV',
  '/orders/export',
  '/products/import',
  '/products/importCSV',
  '/skus/import',
  '/skus/importCSV',
].map((path) => ({ method: 'POST', path: `/v1${path}` }));

const byName = new Map(ROUTES.map((route) => [route.name, route]));

export function routeNamed(name: string): Route {
  const route = byName.get(name);
  if (!route) throw new Error(`No route is called ${name}`);
  return route;
}
