import { Refusal } from '../problem';

export function redemptionUnknown(): Refusal {
  return new Refusal(404, {
    code: 'reservation_unknown',
    message: 'There is no such redemption.',
    help: 'Take the id from the answer to POST /redemptions. What was refused or released is kept for 35 days.',
    at: { document: 'path', pointer: '/id' },
    fixBy: 'developer',
  });
}

export function keyReused(key: string): Refusal {
  return new Refusal(409, {
    code: 'key_reused',
    message: 'The idempotency key stands for another request.',
    help: 'Repeat a request unchanged, or give it a new key.',
    at: { document: 'header', pointer: '/idempotency-key' },
    params: { key },
    fixBy: 'developer',
  });
}

export function notAsItStands(reservation: string, state: string): Refusal {
  return new Refusal(409, {
    code: state === 'held' ? 'reservation_not_confirmed' : 'reservation_not_held',
    message: `The redemption is ${state}.`,
    help: state === 'held' ? 'Release what is held; roll back what is confirmed.' : 'Reserve anew.',
    at: { document: 'path', pointer: '/id' },
    params: { reservation, state },
    fixBy: 'developer',
  });
}
