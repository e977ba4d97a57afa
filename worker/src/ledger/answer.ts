import { Refusal } from '../problem';
import type { Problem } from '../problem';

/** A refusal as the ledger writes it. */
export type LedgerRefusal = Required<Pick<Problem, 'code' | 'message' | 'help' | 'fixBy'>> & {
  at: { document: string; pointer: string };
  params?: Record<string, string | number>;
};

/** What the ledger answers to a command. */
export type Answer =
  | { status: 'accepted'; [member: string]: unknown }
  | { status: 'refused'; refusal: LedgerRefusal };

/** Whether what the ledger told is a refusal instead of the document that was asked for. */
export function refusalIn(told: object): LedgerRefusal | undefined {
  const answer = (told as { answer?: Answer }).answer;
  return answer?.status === 'refused' ? (answer.refusal as LedgerRefusal) : undefined;
}

/** What the ledger refused, with the HTTP status that fits. */
export function refused(refusal: LedgerRefusal, headers: Record<string, string> = {}): Refusal {
  return new Refusal(statusOf(refusal.code), { ...refusal, params: refusal.params ?? {} } as Problem, headers);
}

function statusOf(code: string): number {
  switch (code) {
    case 'account_unknown':
    case 'reservation_unknown':
    case 'referral_unknown':
    case 'invitation_unknown':
    case 'lease_unknown':
      return 404;
    case 'document_unreadable':
    case 'member_invalid':
    case 'number_too_large':
    case 'allowance_unknown':
    case 'scheme_unknown':
    case 'reward_unknown':
    case 'zone_unknown':
    case 'customer_zone_missing':
    case 'customer_missing':
    case 'amount_missing':
    case 'currency_mismatch':
    case 'part_unknown':
    case 'lot_unknown':
    case 'grant_unknown':
      return 422;
    case 'event_unfit':
    case 'version_unknown':
      return 500;
    default:
      return 409;
  }
}
