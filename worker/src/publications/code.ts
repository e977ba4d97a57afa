import { normaliser as open } from 'counterfoil/workshop';

let opened: ReturnType<typeof open> | undefined;

/** What makes of a code the form in which the engine compares codes. */
export function normaliser(): ReturnType<typeof open> {
  return (opened ??= open());
}
