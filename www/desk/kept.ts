import type { Quote, QuoteRequest } from 'counterfoil';
import type { Order, Returned } from '../src/account';

/** What the desk keeps of a customer. */

export interface Person {
  /** As the ledger and invitations know them. */
  id: string;
  shopper: string;
  /** Whether what they had before this visit is booked. */
  isOpened?: boolean;
  /** The code by which friends come: nobody learns from a link who sent it. */
  code?: string;
  /** Who sent them; the desk's own to know. */
  invitedBy?: string;
  treats: { key: string; reward: string; at: number }[];
}

/** A quote that may still be ordered by. */
export interface Offered {
  token: string;
  request: QuoteRequest;
  quote: Quote;
  expiresAt: number;
}

/** An order with what it takes to return it. */
export interface Kept {
  order: Order;
  request: QuoteRequest;
  token: string;
  /** The snapshot that it was bought by. */
  snapshot: string;
  /** What the ledger holds of it. */
  parts: Part[];
  /** What is under way. It is written down before it is asked for, and gone on with whatever dies in between. */
  state: 'placing' | 'redeemed' | { returning: Returned } | 'settled';
}

export interface Part {
  part: number;
  type: 'use' | 'draw';
  uses?: number;
  account?: string;
}
