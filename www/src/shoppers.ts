import type { Customer } from 'counterfoil';

/** The people one can shop as, to see what the same offers do for each of them. */

export interface Shopper {
  id: 'guest' | 'mira' | 'leonie' | 'jonas' | 'aoife';
  country: string;
  timeZone: string;
  customer?: Customer;
}

const day = 86_400_000;

/** The civil day `days` from now in a time zone, as the request writes a birthday without its year. */
function birthdayIn(days: number, now: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone, month: '2-digit', day: '2-digit' }).formatToParts(now + days * day);
  const part = (type: string) => parts.find((found) => found.type === type)?.value ?? '01';
  return `--${part('month')}-${part('day')}`;
}

function monthsAgo(months: number, now: number): number {
  const date = new Date(now);
  // The first of the month is always there to go back to; the 31st is not.
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() - months);
  return date.getTime();
}

export function shoppersAt(now: number): Shopper[] {
  return [
    { id: 'guest', country: 'DE', timeZone: 'Europe/Berlin' },
    {
      id: 'mira',
      country: 'NL',
      timeZone: 'Europe/Amsterdam',
      customer: { segments: ['new'], signedUpAt: now - day, orders: { count: 0 } },
    },
    {
      id: 'leonie',
      country: 'FR',
      timeZone: 'Europe/Paris',
      customer: {
        segments: ['member', 'premium'],
        birthday: birthdayIn(2, now, 'Europe/Paris'),
        signedUpAt: now - 900 * day,
        orders: { count: 14, lastAt: now - 9 * day },
      },
    },
    {
      id: 'jonas',
      country: 'DE',
      timeZone: 'Europe/Berlin',
      customer: { signedUpAt: now - 600 * day, orders: { count: 3, lastAt: monthsAgo(5, now) } },
    },
    {
      id: 'aoife',
      country: 'IE',
      timeZone: 'Europe/Dublin',
      customer: { segments: ['member'], signedUpAt: now - 300 * day, orders: { count: 5, lastAt: now - 30 * day } },
    },
  ];
}

/** Minutes east of UTC that the clocks of a place show at a moment. */
export function utcOffset(timeZone: string, now: number): number {
  const name = new Intl.DateTimeFormat('en-GB', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(now)
    .find((part) => part.type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
  if (!sign) return 0;
  const east = Number(hours) * 60 + Number(minutes);
  return sign === '-' ? -east : east;
}
