import type { Customer } from 'counterfoil';

/** What the shop's desk tells a shopper of themselves. Amounts are minor units of EUR, points whole numbers. */

export interface Account {
  id: string;
  /** What quotes are told of the shopper; nothing of a guest. */
  customer?: Customer;
  /** Store credit, which pays first. */
  credit: number;
  orders: Order[];
  /** Nothing for guests. */
  club?: Club;
}

export interface Club {
  points: number;
  pending: number;
  level?: string;
  levelUntil?: number;
  /** The next level, the points that it asks for, and those that count so far. */
  next?: { level: string; required: number; actual: number };
  expiring?: { points: number; at: number };
  /** What a member of this level may have, the cheapest first. */
  rewards: { id: string; points: number }[];
  entries: Entry[];
  /** What was exchanged for points and comes with the next parcel, or needs no parcel. */
  treats: { key: string; reward: string; at: number }[];
  invitation: { link: string; friends: number };
  /** Whether somebody invited the shopper. */
  isInvited: boolean;
}

/** A line of the statement. */
export interface Entry {
  seq: number;
  at: number;
  type: 'earned' | 'spent' | 'expired' | 'taken_back' | 'credited';
  points: number;
  /** Which rule, reward or order it was. */
  rule?: string;
  reward?: string;
  order?: string;
}

export interface Order {
  id: string;
  at: number;
  currency: string;
  lines: OrderLine[];
  discountTotal: number;
  shippingTotal: number;
  total: number;
  /** What store credit paid, and what was left to pay. */
  credit: number;
  due: number;
  points: number;
  campaigns: string[];
  /** The half that the ledger keeps. */
  redemption: string;
  returns: Returned[];
}

export interface OrderLine {
  id: string;
  sku: string;
  quantity: number;
  returned: number;
  total: number;
}

export interface Returned {
  /** The shopper's own for this return, so that a repeat is no second one. */
  key: string;
  at: number;
  lines: { line: string; quantity: number }[];
  amount: number;
  /** What of it went back to the store credit. */
  credit: number;
  points: number;
}

/** What a shop or its worker refuses. */
export interface Refused {
  code: string;
  message: string;
  help: string;
}

/** The number by which people speak of an order. */
export const orderNumber = (id: string) => id.slice(0, 8).toUpperCase();
