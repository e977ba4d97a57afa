import { normaliser as open } from 'counterfoil/workshop';
import { Kept } from '../kept';

const opened = new Kept<Awaited<ReturnType<typeof open>>>(1);

/** What makes of a code the form in which the engine compares codes. */
export function normaliser(): ReturnType<typeof open> {
  return opened.of('normaliser', open);
}
