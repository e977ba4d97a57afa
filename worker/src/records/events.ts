/** What may become of a redemption. */
export const OUTCOMES = ['held', 'confirmed', 'released', 'rolled_back', 'refunded', 'refused'] as const;

/** What may become of a customer. */
export const HAPPENINGS = ['segment_entered', 'segment_left', 'event', 'order', 'given', 'published'] as const;

/** What somebody may change. */
export const ACTIONS = [
  'published', 'edge_published', 'root_taken',
  'catalogue_replaced', 'campaign_changed', 'campaign_removed', 'codes_listed', 'codes_removed',
  'campaign_stop', 'campaign_resume', 'campaign_spread', 'codes_added',
  'account_adjusted', 'account_suspended', 'account_resumed', 'customer_forgotten',
  'webhook_changed', 'webhook_removed', 'dead_letter_retried', 'restored',
] as const;

export type Action = (typeof ACTIONS)[number];

const KINDS = { redemption: OUTCOMES, customer: HAPPENINGS, change: ACTIONS };

/** What a webhook may ask for: events by name, all of a kind, or all. */
export const EVENTS: readonly string[] = ['*', ...Object.entries(KINDS).flatMap(([kind, names]) => [`${kind}.*`, ...names.map((name) => `${kind}.${name}`)])];
