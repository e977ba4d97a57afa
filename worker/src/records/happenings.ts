import type { Follows } from 'counterfoil/workshop';
import type { HAPPENINGS } from './events';

/** What became of a customer at a moment: a segment entered or left, an event, an order, what was given, a code that was published. */
export interface Happening {
  at: number;
  type: (typeof HAPPENINGS)[number];
  /** A keyed pseudonym. */
  customer: string;
  /** The segment, the event, the order, the campaign; what something is given by. */
  name: string;
  /** What rules gave for it. */
  earned?: Follows['earned'];
  /** What the shop hands out for it. */
  gives?: Follows['gives'];
}
