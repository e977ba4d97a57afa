import type { Follows } from 'counterfoil/workshop';

/** What became of a customer at a moment: a segment entered or left, an event, a code that was published. */
export interface Happening {
  at: number;
  type: 'segment_entered' | 'segment_left' | 'event' | 'given' | 'published';
  /** A keyed pseudonym. */
  customer: string;
  /** The segment, the event, the campaign. */
  name: string;
  /** What rules gave for it. */
  earned?: Follows['earned'];
  /** What the shop hands out for it. */
  gives?: Follows['gives'];
}
