import { saidOf, say } from '.';

/** What the shop's desk, or the network before it, says no with; by the code of the refusal. */
export const refusalText = (code: string): string => saidOf(`refused_${code}`) ?? say('refused_otherwise', { code });
