type Level = 'info' | 'warn' | 'error';

/** One JSON object per line, so that log tools can filter by `event`. Never pass what a shopper typed. */
export function log(level: Level, event: string, fields: Record<string, string | number | undefined>): void {
  console[level](JSON.stringify({ event, ...fields }));
}
